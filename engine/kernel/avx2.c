/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AVX2. Columns: one multiply-add of unsigned impacts by signed weights gives 16 documents a 16-bit sum over the two
 * columns of a pair; a chunk's sums fit (variant.h), so widening to 32 bits happens once per chunk.
 */
#include "engine/kernel/x86.h"

#include <immintrin.h>
#include <string.h>

enum { FEW_JOBS = 8 }; /* fewer do not touch most of a tile: no prefetching */

static inline __m256i widen(__m256i x, int half)
{
    return _mm256_cvtepu16_epi32(half ? _mm256_extracti128_si256(x, 1) : _mm256_castsi256_si128(x));
}

static inline void head_tile(const uint8_t *tile, const DjHeadJob *job, uint32_t *lex)
{
    __m256i *at = (__m256i *)(void *)lex, wide[8];
    for (int i = 0; i < 8; i++)
        wide[i] = _mm256_load_si256(at + i);
    for (uint32_t e = 0, chunk = 0; e < job->n_entries; chunk++) {
        const uint32_t end = job->chunk_end[chunk] < job->n_entries ? job->chunk_end[chunk] : job->n_entries;
        __m256i sum[4];
        for (int i = 0; i < 4; i++)
            sum[i] = _mm256_setzero_si256();
        for (; e < end; e++) {
            const __m256i *pair = (const __m256i *)(const void *)(tile + job->entries[e].offset);
            int32_t weights;
            memcpy(&weights, job->entries[e].weight, sizeof weights);
            const __m256i w = _mm256_set1_epi32(weights);
            for (int i = 0; i < 4; i++)
                sum[i] = _mm256_add_epi16(sum[i], _mm256_maddubs_epi16(_mm256_load_si256(pair + i), w));
        }
        for (int i = 0; i < 8; i++)
            wide[i] = _mm256_add_epi32(wide[i], widen(sum[i / 2], i % 2));
    }
    for (int i = 0; i < 8; i++)
        _mm256_store_si256(at + i, wide[i]);
}

void dj_avx2_head(const uint8_t *head, uint64_t tile_bytes, uint32_t n_tiles, const DjHeadJob *jobs, uint32_t n_jobs)
{
    const uint64_t share = n_jobs > FEW_JOBS ? dj_round_up(tile_bytes / n_jobs, 64) : 0;
    for (uint32_t t = 0; t < n_tiles; t++) {
        for (uint32_t j = 0; j < n_jobs; j++) {
            /* each job asks for its share of the next tile */
            const uint64_t end = (j + 1) * share < tile_bytes ? (j + 1) * share : tile_bytes;
            for (uint64_t i = j * share; share && t + 1 < n_tiles && i < end; i += 64)
                _mm_prefetch((const char *)head + (t + 1) * tile_bytes + i, _MM_HINT_T0);
            head_tile(head + t * tile_bytes, &jobs[j], jobs[j].lex + t * DJ_TILE_DOCS);
        }
    }
}

static inline uint32_t put_places(uint64_t mask, uint32_t base, uint16_t *places)
{
    uint32_t n = 0;
    for (; mask; mask &= mask - 1)
        places[n++] = (uint16_t)(base + (uint32_t)__builtin_ctzll(mask));
    return n;
}

uint32_t dj_avx2_filter_lex(const uint32_t *lex, uint32_t n, uint32_t at_least, uint16_t *places)
{
    const __m256i below = _mm256_set1_epi32((int32_t)at_least - 1);
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i += 64) {
        uint64_t mask = 0;
        for (uint32_t j = 0; j < 8; j++) {
            __m256i x = _mm256_load_si256((const __m256i *)(const void *)(lex + i) + j);
            __m256i hit = _mm256_cmpgt_epi32(x, below);
            mask |= (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(hit)) << (8 * j);
        }
        found += put_places(mask, i, places + found);
    }
    return found;
}

void dj_avx2_maxima(const uint32_t *lex, uint32_t n, uint32_t *maxima)
{
    for (uint32_t t = 0; t < n; t += 64) {
        const __m256i *at = (const __m256i *)(const void *)(lex + t);
        __m256i most = _mm256_load_si256(at);
        for (int v = 1; v < 8; v++)
            most = _mm256_max_epu32(most, _mm256_load_si256(at + v));
        _mm256_store_si256((__m256i *)(void *)(maxima + t / 8), most);
    }
}

uint32_t dj_avx2_filter_total(const uint32_t *lex, const int32_t *dot, uint32_t n, float a, float b, float c,
                              const float *threshold, uint16_t *places)
{
    const __m256 va = _mm256_set1_ps(a), vb = _mm256_set1_ps(b), vc = _mm256_set1_ps(c);
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i += 64) {
        uint64_t mask = 0;
        for (uint32_t j = 0; j < 8; j++) {
            __m256i x = _mm256_load_si256((const __m256i *)(const void *)(lex + i) + j);
            __m256 total = _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(x), va), vc);
            if (dot) {
                __m256i y = _mm256_load_si256((const __m256i *)(const void *)(dot + i) + j);
                total = _mm256_add_ps(total, _mm256_mul_ps(_mm256_cvtepi32_ps(y), vb));
            }
            __m256 hit = _mm256_cmp_ps(total, _mm256_load_ps(threshold + i + 8 * j), _CMP_GE_OQ);
            mask |= (uint64_t)(uint32_t)_mm256_movemask_ps(hit) << (8 * j);
        }
        found += put_places(mask, i, places + found);
    }
    return found;
}

static int32_t sum_lanes(__m256i x)
{
    __m128i y = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    y = _mm_add_epi32(y, _mm_shuffle_epi32(y, 0x4e));
    y = _mm_add_epi32(y, _mm_shuffle_epi32(y, 0xb1));
    return _mm_cvtsi128_si32(y);
}

static int32_t dot(const int8_t *x, const int8_t *y, uint32_t dim)
{
    __m256i sum[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    for (uint32_t i = 0; i < dim; i += 32) {
        for (int j = 0; j < 2; j++) {
            __m256i a = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)(x + i) + j));
            __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)(y + i) + j));
            sum[j] = _mm256_add_epi32(sum[j], _mm256_madd_epi16(a, b));
        }
    }
    return sum_lanes(_mm256_add_epi32(sum[0], sum[1]));
}

/* The 16-bit sums of one line, two codes times components each: at most 8 * 2 * 3 * 127. */
static inline __m256i line_sums(const uint8_t *line, const int8_t *y)
{
    const __m256i low = _mm256_set1_epi8(3);
    __m256i sum = _mm256_setzero_si256();
    for (int half = 0; half < 2; half++) {
        const __m256i x = _mm256_load_si256((const __m256i *)(const void *)line + half);
        const __m256i codes[4] = {x, _mm256_srli_epi16(x, 2), _mm256_srli_epi16(x, 4), _mm256_srli_epi16(x, 6)};
        for (int k = 0; k < 4; k++) {
            const __m256i components = _mm256_loadu_si256((const __m256i *)(const void *)y + 2 * k + half);
            sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(_mm256_and_si256(codes[k], low), components));
        }
    }
    return sum;
}

void dj_avx2_sketch_sums(const uint8_t *sketches, const uint32_t *docs, uint32_t n, const int8_t *need, uint32_t dim,
                         int32_t *sums)
{
    enum { AHEAD = 24 };
    const __m256i ones = _mm256_set1_epi16(1);
    const uint32_t row = dim / 4;
    for (uint32_t i = 0; i < n; i += 4) {
        __m256i sum[4];
        for (uint32_t j = 0; j < 4; j++) {
            const uint8_t *at = sketches + (size_t)docs[i + j < n ? i + j : n - 1] * row;
            sum[j] = _mm256_setzero_si256();
            if (i + j + AHEAD < n)
                _mm_prefetch((const char *)sketches + (size_t)docs[i + j + AHEAD] * row, _MM_HINT_T0);
            for (uint32_t d = 0; d < dim; d += DJ_SKETCH_DIMS)
                sum[j] = _mm256_add_epi32(sum[j], _mm256_madd_epi16(line_sums(at + d / 4, need + d), ones));
        }
        const __m256i pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(sum[0], sum[1]), _mm256_hadd_epi32(sum[2], sum[3]));
        const __m128i all = _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256(pairs, 1));
        _mm_storeu_si128((__m128i *)(void *)(sums + i), all);
    }
}

/* ---- all dot products: 16-bit components, [strip of 8 documents][dim / 2][document][2] ---- */

enum { STRIP = 8, NEEDS = 6 };

static void pack(const int8_t *vectors, const uint32_t *docs, uint32_t n, uint32_t dim, void *packed)
{
    int16_t *out = packed;
    const uint32_t padded = dj_n_tiles(n) * DJ_TILE_DOCS;
    for (uint32_t i = 0; i < padded; i++) {
        int16_t *at = out + (size_t)(i / STRIP) * STRIP * dim + i % STRIP * 2;
        const int8_t *row = i < n ? vectors + (size_t)docs[i] * dim : NULL;
        for (uint32_t d = 0; d < dim; d += 2) {
            at[d * STRIP] = row ? row[d] : 0;
            at[d * STRIP + 1] = row ? row[d + 1] : 0;
        }
    }
}

/* Two strips against up to NEEDS needs, whose weights stand as dim 16-bit components each. */
static inline void dots_16(const int16_t *strip, uint32_t dim, const int16_t *weights, int n_needs, int32_t *const *out,
                           uint32_t first)
{
    __m256i sum[NEEDS][2];
    for (int q = 0; q < n_needs; q++)
        sum[q][0] = sum[q][1] = _mm256_setzero_si256();
    for (uint32_t d = 0; d < dim; d += 2) {
        const __m256i x0 = _mm256_load_si256((const __m256i *)(const void *)(strip + d * STRIP));
        const __m256i x1 = _mm256_load_si256((const __m256i *)(const void *)(strip + (dim + d) * STRIP));
        for (int q = 0; q < n_needs; q++) {
            int32_t w;
            memcpy(&w, weights + (size_t)q * dim + d, sizeof w);
            const __m256i y = _mm256_set1_epi32(w);
            sum[q][0] = _mm256_add_epi32(sum[q][0], _mm256_madd_epi16(x0, y));
            sum[q][1] = _mm256_add_epi32(sum[q][1], _mm256_madd_epi16(x1, y));
        }
    }
    for (int q = 0; q < n_needs; q++) {
        _mm256_store_si256((__m256i *)(void *)(out[q] + first), sum[q][0]);
        _mm256_store_si256((__m256i *)(void *)(out[q] + first + STRIP), sum[q][1]);
    }
}

static void dots(const void *packed, uint32_t n_tiles, uint32_t dim, const int8_t *const *needs, uint32_t n_needs,
                 int32_t *const *out)
{
    const int16_t *strips = packed;
    int16_t weights[NEEDS * DJ_MAX_DIM];
    for (uint32_t q = 0; q < n_needs; q += NEEDS) {
        const uint32_t n = n_needs - q < NEEDS ? n_needs - q : NEEDS;
        for (uint32_t i = 0; i < n * dim; i++)
            weights[i] = needs[q + i / dim][i % dim];
        for (uint32_t first = 0; first < n_tiles * DJ_TILE_DOCS; first += 2 * STRIP) {
            const int16_t *strip = strips + (size_t)first * dim;
            /* constant counts keep the sums in registers */
            if (n == NEEDS) {
                dots_16(strip, dim, weights, NEEDS, out + q, first);
            } else {
                for (uint32_t j = 0; j < n; j++)
                    dots_16(strip, dim, weights + (size_t)j * dim, 1, out + q + j, first);
            }
        }
    }
}

const DjKernelVariant dj_kernel_avx2 = {
    .name = "avx2",
    .available = dj_x86_has_avx2,
    .scatter = dj_scalar_scatter,
    .head = dj_avx2_head,
    .filter_lex = dj_avx2_filter_lex,
    .maxima = dj_avx2_maxima,
    .filter_total = dj_avx2_filter_total,
    .dot = dot,
    .sketch_sums = dj_avx2_sketch_sums,
    .packed_bytes_per_dim = 2,
    .pack = pack,
    .dots = dots,
};
