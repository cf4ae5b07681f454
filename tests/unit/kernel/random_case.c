/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t random_below(uint64_t *state, uint32_t n)
{
    /* splitmix64 */
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return n ? (uint32_t)((z >> 32) * n >> 32) : 0;
}

static void *take(size_t size)
{
    void *p = calloc(size ? size : 1, 1);
    if (!p)
        abort();
    return p;
}

/* Low terms are frequent: the smaller of several draws. */
static uint32_t random_term(uint64_t *state, uint32_t n_terms)
{
    uint32_t t = random_below(state, n_terms);
    for (int i = (int)random_below(state, 4); i > 0; i--) {
        uint32_t other = random_below(state, t + 1);
        t = other;
    }
    return t;
}

static uint8_t random_value(uint64_t *state, int kind, bool skewed)
{
    if (kind == 1)
        return 1;
    if (kind == 2)
        return 255;
    if (skewed && random_below(state, 4))
        return (uint8_t)random_below(state, 40);
    return (uint8_t)(1 + random_below(state, 255));
}

static void random_rows(uint64_t *state, uint32_t n, uint32_t n_terms, uint32_t about, int kind, bool skewed,
                        uint64_t **ptr, uint32_t **terms, uint8_t **values)
{
    uint8_t *present = take(n_terms + 1);
    uint64_t used = 0, room = (uint64_t)n * (2 * about + 1) + 1;
    *ptr = take((n + 1) * sizeof **ptr);
    *terms = take(room * sizeof **terms);
    *values = take(room);
    for (uint32_t r = 0; r < n; r++) {
        uint32_t draws = random_below(state, 2 * about + 1);
        if (random_below(state, 16) == 0 || !n_terms)
            draws = 0;
        memset(present, 0, n_terms);
        for (uint32_t i = 0; i < draws; i++)
            present[random_term(state, n_terms)] = 1;
        for (uint32_t t = 0; t < n_terms; t++) {
            if (!present[t])
                continue;
            (*terms)[used] = t;
            (*values)[used++] = random_value(state, kind, skewed);
        }
        (*ptr)[r + 1] = used;
    }
    free(present);
}

static int8_t *random_vectors(uint64_t *state, uint32_t n, uint32_t dim)
{
    int8_t *v = take((size_t)n * dim);
    for (size_t i = 0; i < (size_t)n * dim; i++)
        v[i] = (int8_t)((int)random_below(state, 255) - 127);
    /* planted extremes: a row of -127 and one of 127 */
    if (n && dim) {
        memset(v, -127, dim);
        memset(v + (size_t)(n - 1) * dim, 127, dim);
    }
    return v;
}

typedef struct Buffer {
    uint8_t *bytes;
    size_t size, room;
} Buffer;

static bool append(void *user, const void *bytes, size_t size)
{
    Buffer *b = user;
    if (b->size + size > b->room) {
        size_t room = ((b->size + size) * 2 + 127) / 64 * 64;
        uint8_t *more = aligned_alloc(64, room);
        if (!more)
            return false;
        if (b->size)
            memcpy(more, b->bytes, b->size);
        free(b->bytes);
        b->bytes = more;
        b->room = room;
    }
    memcpy(b->bytes + b->size, bytes, size);
    b->size += size;
    return true;
}

DjMatrixStatus compile_to_memory(const DjMatrixInput *in, void **bytes, size_t *size)
{
    Buffer b = {0};
    DjMatrixStatus status = dj_matrix_compile(in, append, &b);
    *bytes = b.bytes;
    *size = b.size;
    return status;
}

static void random_segments(Case *c, uint64_t *state, uint32_t n_segments)
{
    const uint32_t n_docs = c->in.n_docs;
    uint64_t *ptr = take((n_segments + 1) * sizeof *ptr), used = 0;
    uint32_t *docs = take(((size_t)n_segments * n_docs + 1) * sizeof *docs);
    for (uint32_t s = 0; s < n_segments; s++) {
        /* the first one holds everything, the last one of several nothing */
        uint32_t one_in = s == 0 ? 1 : 1 + random_below(state, 5);
        for (uint32_t d = 0; d < n_docs && !(s && s == n_segments - 1); d++)
            if (random_below(state, one_in) == 0)
                docs[used++] = d;
        ptr[s + 1] = used;
    }
    c->in.n_segments = n_segments;
    c->in.seg_ptr = ptr;
    c->in.seg_doc = docs;
}

static void random_bans(Case *c, uint64_t *state)
{
    uint64_t *ptr = take((c->needs.n + 1) * sizeof *ptr), used = 0;
    uint32_t *docs = take(((size_t)c->needs.n * c->in.n_docs + 1) * sizeof *docs);
    for (uint32_t q = 0; q < c->needs.n; q++) {
        for (uint32_t d = 0; d < c->in.n_docs; d++)
            if (random_below(state, 6) == 0)
                docs[used++] = d;
        ptr[q + 1] = used;
    }
    c->needs.ban_ptr = ptr;
    c->needs.ban_doc = docs;
}

void case_init(Case *c, const Shape *shape, uint64_t seed)
{
    uint64_t *doc_ptr, *need_ptr, state = seed;
    uint32_t *doc_term, *need_term;
    uint8_t *doc_impact, *need_weight;
    int64_t *a = take((shape->n_needs + 1) * sizeof *a);

    memset(c, 0, sizeof *c);
    random_rows(&state, shape->n_docs, shape->n_terms, shape->doc_terms, shape->impact, false, &doc_ptr, &doc_term,
                &doc_impact);
    /* needs may hold terms that the matrix does not know */
    random_rows(&state, shape->n_needs, shape->n_terms + 3, shape->need_terms, shape->weight, true, &need_ptr,
                &need_term, &need_weight);
    c->in = (DjMatrixInput){.n_docs = shape->n_docs,
                            .n_terms = shape->n_terms,
                            .doc_ptr = doc_ptr,
                            .doc_term = doc_term,
                            .doc_impact = doc_impact,
                            .dim = shape->dim,
                            .doc_vec = shape->dim ? random_vectors(&state, shape->n_docs, shape->dim) : NULL};
    random_segments(c, &state, shape->n_segments);
    for (uint32_t q = 0; q < shape->n_needs; q++)
        a[q] = shape->lexical_off ? 0 : shape->impact == 1 ? 1 : random_below(&state, 3000);
    c->needs = (DjKernelNeeds){.n = shape->n_needs,
                               .ptr = need_ptr,
                               .term = need_term,
                               .weight = need_weight,
                               .vec = shape->dim ? random_vectors(&state, shape->n_needs, shape->dim) : NULL,
                               .a = a,
                               .b = shape->dim ? 1 + random_below(&state, 2000) : 0};
    if (shape->banned)
        random_bans(c, &state);
    c->admit = take((shape->n_docs / 64 + 1) * sizeof *c->admit);
    for (uint32_t d = 0; d < shape->n_docs; d++)
        if (random_below(&state, 5))
            c->admit[d / 64] |= (uint64_t)1 << (d % 64);
    DjMatrixStatus status = compile_to_memory(&c->in, &c->bytes, &c->size);
    if (status == DJ_MATRIX_OK)
        status = dj_matrix_open(c->bytes, c->size, &c->matrix);
    if (status != DJ_MATRIX_OK) {
        fprintf(stderr, "case of seed %llu: %s\n", (unsigned long long)seed, dj_matrix_status_text(status));
        abort();
    }
}

void case_clear(Case *c)
{
    free((void *)c->in.doc_ptr);
    free((void *)c->in.doc_term);
    free((void *)c->in.doc_impact);
    free((void *)c->in.doc_vec);
    free((void *)c->in.seg_ptr);
    free((void *)c->in.seg_doc);
    free((void *)c->needs.ptr);
    free((void *)c->needs.term);
    free((void *)c->needs.weight);
    free((void *)c->needs.vec);
    free((void *)c->needs.a);
    free((void *)c->needs.ban_ptr);
    free((void *)c->needs.ban_doc);
    free(c->admit);
    free(c->bytes);
}

DjKernelScore brute_score(const Case *c, uint32_t need, uint32_t doc)
{
    DjKernelScore score = {0};
    uint64_t i = c->needs.ptr[need], j = c->in.doc_ptr[doc];
    while (c->needs.a[need] && i < c->needs.ptr[need + 1] && j < c->in.doc_ptr[doc + 1]) {
        if (c->needs.term[i] < c->in.doc_term[j]) {
            i++;
        } else if (c->needs.term[i] > c->in.doc_term[j]) {
            j++;
        } else {
            score.lex += (uint32_t)c->needs.weight[i++] * c->in.doc_impact[j++];
        }
    }
    for (uint32_t d = 0; c->needs.vec && c->needs.b && d < c->in.dim; d++)
        score.dot += c->needs.vec[(size_t)need * c->in.dim + d] * c->in.doc_vec[(size_t)doc * c->in.dim + d];
    score.total = (int64_t)score.lex * c->needs.a[need] + (int64_t)score.dot * c->needs.b;
    return score;
}

static int compare_hits(const void *a, const void *b)
{
    const DjKernelHit *x = a, *y = b;
    if (x->total != y->total)
        return x->total < y->total ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

static bool banned(const Case *c, uint32_t need, uint32_t doc)
{
    for (uint64_t i = c->needs.ban_ptr ? c->needs.ban_ptr[need] : 0; c->needs.ban_ptr && i < c->needs.ban_ptr[need + 1];
         i++)
        if (c->needs.ban_doc[i] == doc)
            return true;
    return false;
}

uint32_t brute_list(const Case *c, uint32_t segment, uint32_t row, bool by_doc, const uint64_t *admit, uint32_t k,
                    uint32_t capacity, int64_t slack, int64_t floor, DjKernelHit *hits, uint8_t *overflow)
{
    const uint32_t *docs = c->in.seg_doc + c->in.seg_ptr[segment];
    const uint32_t n_docs = (uint32_t)(c->in.seg_ptr[segment + 1] - c->in.seg_ptr[segment]);
    const uint32_t n = by_doc ? c->needs.n : n_docs;
    DjKernelHit *all = take((n + 1) * sizeof *all);
    uint32_t n_all = 0, n_hits = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t need = by_doc ? i : row, doc = by_doc ? docs[row] : docs[i];
        if ((admit && !(admit[doc / 64] >> (doc % 64) & 1)) || banned(c, need, doc))
            continue;
        all[n_all++] = (DjKernelHit){.total = brute_score(c, need, doc).total, .id = by_doc ? need : doc};
    }
    qsort(all, n_all, sizeof *all, compare_hits);
    int64_t limit = floor;
    if (n_all >= k && all[k - 1].total - slack > limit)
        limit = all[k - 1].total - slack;
    while (n_hits < n_all && all[n_hits].total >= limit)
        n_hits++;
    *overflow = n_hits > capacity;
    if (n_hits > capacity)
        n_hits = capacity;
    memcpy(hits, all, n_hits * sizeof *hits);
    free(all);
    return n_hits;
}
