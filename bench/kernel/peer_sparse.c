/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/kernel/peer_sparse.h"

#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = -1, END = -2 };

struct PeerSparse {
    uint32_t n_docs;
    int32_t *ptr; /* per term */
    int32_t *doc;
    float *value;
    float *sum;    /* per document, 0 between rows */
    int32_t *next; /* linked list of touched documents */
};

PeerSparse *peer_sparse_new(uint32_t n_terms, uint32_t n_docs, const uint32_t *docs, const uint64_t *ptr,
                            const uint32_t *term, const uint8_t *value)
{
    PeerSparse *peer = calloc(1, sizeof *peer);
    peer->n_docs = n_docs;
    peer->ptr = calloc(n_terms + 2ull, sizeof *peer->ptr);
    peer->sum = calloc(n_docs + 1ull, sizeof *peer->sum);
    peer->next = malloc((n_docs + 1ull) * sizeof *peer->next);
    for (uint32_t d = 0; d < n_docs; d++) {
        const uint32_t row = docs ? docs[d] : d;
        peer->next[d] = UNTOUCHED;
        for (uint64_t i = ptr[row]; i < ptr[row + 1]; i++)
            peer->ptr[term[i] + 2]++;
    }
    for (uint32_t t = 0; t < n_terms; t++)
        peer->ptr[t + 2] += peer->ptr[t + 1];
    peer->doc = malloc(((size_t)peer->ptr[n_terms + 1] + 1) * sizeof *peer->doc);
    peer->value = malloc(((size_t)peer->ptr[n_terms + 1] + 1) * sizeof *peer->value);
    for (uint32_t d = 0; d < n_docs; d++) {
        const uint32_t row = docs ? docs[d] : d;
        for (uint64_t i = ptr[row]; i < ptr[row + 1]; i++) {
            int32_t at = peer->ptr[term[i] + 1]++;
            peer->doc[at] = (int32_t)d;
            peer->value[at] = value[i];
        }
    }
    return peer;
}

void peer_sparse_free(PeerSparse *peer)
{
    free(peer->ptr);
    free(peer->doc);
    free(peer->value);
    free(peer->sum);
    free(peer->next);
    free(peer);
}

static void sift_down(uint32_t *ids, float *sums, uint32_t n, uint32_t id, float sum)
{
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= n)
            break;
        if (child + 1 < n && sums[child + 1] < sums[child])
            child++;
        if (sums[child] >= sum)
            break;
        ids[i] = ids[child];
        sums[i] = sums[child];
        i = child;
    }
    ids[i] = id;
    sums[i] = sum;
}

uint32_t peer_sparse_row(PeerSparse *peer, uint32_t n, const uint32_t *term, const float *weight, uint32_t top,
                         uint32_t *ids, float *sums)
{
    int32_t head = END;
    uint32_t found = 0;

    for (uint32_t i = 0; i < n; i++) {
        const float w = weight[i];
        for (int32_t p = peer->ptr[term[i]]; p < peer->ptr[term[i] + 1]; p++) {
            const int32_t d = peer->doc[p];
            peer->sum[d] += w * peer->value[p];
            if (peer->next[d] == UNTOUCHED) {
                peer->next[d] = head;
                head = d;
            }
        }
    }
    while (head != END) {
        const int32_t d = head;
        const float sum = peer->sum[d];
        if (found < top) {
            uint32_t j = found++;
            for (; j && sums[(j - 1) / 2] > sum; j = (j - 1) / 2) {
                ids[j] = ids[(j - 1) / 2];
                sums[j] = sums[(j - 1) / 2];
            }
            ids[j] = (uint32_t)d;
            sums[j] = sum;
        } else if (sum > sums[0]) {
            sift_down(ids, sums, found, (uint32_t)d, sum);
        }
        head = peer->next[d];
        peer->next[d] = UNTOUCHED;
        peer->sum[d] = 0;
    }
    for (uint32_t left = found; left > 1; left--) {
        const uint32_t id = ids[left - 1];
        const float sum = sums[left - 1];
        ids[left - 1] = ids[0];
        sums[left - 1] = sums[0];
        sift_down(ids, sums, left - 1, id, sum);
    }
    return found;
}
