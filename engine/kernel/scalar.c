/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The variant without special instructions: it defines what the others must return. Loops are written so that a
 * compiler can vectorise them for the baseline of its target.
 */
#include "engine/kernel/variant.h"

#include <string.h>

static bool always(void)
{
    return true;
}

void dj_scalar_scatter(uint32_t *lex, const DjPosting *lists, uint32_t n_lists)
{
    enum { AHEAD = 3 };
    for (uint32_t p = 0; p < n_lists; p++) {
        const uint8_t *restrict places = lists[p].places;
        const uint8_t *restrict impacts = lists[p].impacts;
        const uint32_t weight = lists[p].weight, n = lists[p].n;
        uint32_t i = 0;
        if (p + AHEAD < n_lists) {
            __builtin_prefetch(lists[p + AHEAD].places);
            __builtin_prefetch(lists[p + AHEAD].places + 64);
        }
        for (; i + 4 <= n; i += 4) {
            lex[dj_place(places, i)] += weight * impacts[i];
            lex[dj_place(places, i + 1)] += weight * impacts[i + 1];
            lex[dj_place(places, i + 2)] += weight * impacts[i + 2];
            lex[dj_place(places, i + 3)] += weight * impacts[i + 3];
        }
        for (; i < n; i++)
            lex[dj_place(places, i)] += weight * impacts[i];
    }
}

static void add_pair(uint32_t *restrict lex, const uint8_t *restrict pair, int32_t w0, int32_t w1)
{
    for (int d = 0; d < DJ_TILE_DOCS; d++)
        lex[d] += (uint32_t)(w0 * pair[2 * d] + w1 * pair[2 * d + 1]);
}

static void head(const uint8_t *head, uint64_t tile_bytes, uint32_t n_tiles, const DjHeadJob *jobs, uint32_t n_jobs)
{
    for (uint32_t t = 0; t < n_tiles; t++) {
        for (uint32_t j = 0; j < n_jobs; j++) {
            uint32_t *lex = jobs[j].lex + t * DJ_TILE_DOCS;
            for (uint32_t e = 0; e < jobs[j].n_entries; e++) {
                const DjHeadEntry *entry = &jobs[j].entries[e];
                add_pair(lex, head + t * tile_bytes + entry->offset, entry->weight[0], entry->weight[1]);
            }
        }
    }
}

static uint32_t filter_lex(const uint32_t *lex, uint32_t n, uint32_t at_least, uint16_t *places)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++) {
        places[found] = (uint16_t)i;
        found += lex[i] >= at_least;
    }
    return found;
}

static void maxima(const uint32_t *lex, uint32_t n, uint32_t *maxima)
{
    for (uint32_t t = 0; t < n; t += 64, lex += 64) {
        for (uint32_t j = 0; j < 8; j++) {
            uint32_t most = lex[j];
            for (uint32_t v = 1; v < 8; v++)
                most = lex[8 * v + j] > most ? lex[8 * v + j] : most;
            maxima[t / 8 + j] = most;
        }
    }
}

static uint32_t filter_total(const uint32_t *lex, const int32_t *dot, uint32_t n, float a, float b, float c,
                             const float *threshold, uint16_t *places)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++) {
        places[found] = (uint16_t)i;
        float total = (float)(int32_t)lex[i] * a + c;
        if (dot)
            total += (float)dot[i] * b;
        found += total >= threshold[i];
    }
    return found;
}

static int32_t dot(const int8_t *x, const int8_t *y, uint32_t dim)
{
    int32_t sum = 0;
    for (uint32_t i = 0; i < dim; i++)
        sum += x[i] * y[i];
    return sum;
}

static void sketch_sums(const uint8_t *sketches, const uint32_t *docs, uint32_t n, const int8_t *need, uint32_t dim,
                        int32_t *sums)
{
    enum { QUARTER = DJ_SKETCH_DIMS / 4 };
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *row = sketches + (size_t)docs[i] * (dim / 4);
        int32_t sum = 0;
        for (uint32_t d = 0; d < dim; d += DJ_SKETCH_DIMS, row += QUARTER) {
            const int8_t *y = need + d;
            for (int j = 0; j < QUARTER; j++)
                sum += (row[j] & 3) * y[j] + (row[j] >> 2 & 3) * y[QUARTER + j] +
                       (row[j] >> 4 & 3) * y[2 * QUARTER + j] + (row[j] >> 6) * y[3 * QUARTER + j];
        }
        sums[i] = sum;
    }
}

static void pack(const int8_t *vectors, const uint32_t *docs, uint32_t n, uint32_t dim, void *packed)
{
    for (uint32_t i = 0; i < n; i++)
        memcpy((int8_t *)packed + (size_t)i * dim, vectors + (size_t)docs[i] * dim, dim);
    memset((int8_t *)packed + (size_t)n * dim, 0, (dj_round_up(n, DJ_TILE_DOCS) - n) * dim);
}

static void dots(const void *packed, uint32_t n_tiles, uint32_t dim, const int8_t *const *needs, uint32_t n_needs,
                 int32_t *const *dots)
{
    for (uint32_t i = 0; i < n_tiles * DJ_TILE_DOCS; i++)
        for (uint32_t q = 0; q < n_needs; q++)
            dots[q][i] = dot((const int8_t *)packed + (size_t)i * dim, needs[q], dim);
}

const DjKernelVariant dj_kernel_scalar = {
    .name = "scalar",
    .available = always,
    .scatter = dj_scalar_scatter,
    .head = head,
    .filter_lex = filter_lex,
    .maxima = maxima,
    .filter_total = filter_total,
    .dot = dot,
    .sketch_sums = sketch_sums,
    .packed_bytes_per_dim = 1,
    .pack = pack,
    .dots = dots,
};
