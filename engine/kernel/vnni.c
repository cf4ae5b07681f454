/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AVX-512 with VNNI: the same methods as AVX2 and AVX-VNNI in registers twice as wide, with masks for the filters. */
#include "engine/kernel/x86.h"

#include <immintrin.h>
#include <string.h>

enum { FEW_JOBS = 8 }; /* fewer do not touch most of a tile: no prefetching */

static inline __m512i widen(__m512i x, int half)
{
    return _mm512_cvtepu16_epi32(half ? _mm512_extracti64x4_epi64(x, 1) : _mm512_castsi512_si256(x));
}

/* N neighbouring tiles at once: they share the loop and its weights. */
static inline __attribute__((always_inline)) void head_tiles(const uint8_t *tile, uint64_t tile_bytes, int n,
                                                             const DjHeadJob *job, uint32_t *lex)
{
    __m512i wide[8];
    for (int i = 0; i < 4 * n; i++)
        wide[i] = _mm512_load_si512(lex + 16 * i);
    for (uint32_t e = 0, chunk = 0; e < job->n_entries; chunk++) {
        const uint32_t end = job->chunk_end[chunk] < job->n_entries ? job->chunk_end[chunk] : job->n_entries;
        __m512i sum[4];
        for (int i = 0; i < 2 * n; i++)
            sum[i] = _mm512_setzero_si512();
        for (; e < end; e++) {
            const uint8_t *pair = tile + job->entries[e].offset;
            int32_t weights;
            memcpy(&weights, job->entries[e].weight, sizeof weights);
            const __m512i w = _mm512_set1_epi32(weights);
            for (int i = 0; i < 2 * n; i++) {
                const __m512i x = _mm512_load_si512(pair + (uint64_t)(i / 2) * tile_bytes + i % 2 * 64);
                sum[i] = _mm512_add_epi16(sum[i], _mm512_maddubs_epi16(x, w));
            }
        }
        for (int i = 0; i < 4 * n; i++)
            wide[i] = _mm512_add_epi32(wide[i], widen(sum[i / 2], i % 2));
    }
    for (int i = 0; i < 4 * n; i++)
        _mm512_store_si512(lex + 16 * i, wide[i]);
}

void dj_avx512_head(const uint8_t *head, uint64_t tile_bytes, uint32_t n_tiles, const DjHeadJob *jobs, uint32_t n_jobs)
{
    const uint64_t two = 2 * tile_bytes, share = n_jobs > FEW_JOBS ? dj_round_up(two / n_jobs, 64) : 0;
    uint32_t t = 0;
    for (; t + 2 <= n_tiles; t += 2) {
        const uint8_t *tile = head + t * tile_bytes;
        for (uint32_t j = 0; j < n_jobs; j++) {
            /* each job asks for its share of the next two tiles */
            const uint64_t end = (j + 1) * share < two ? (j + 1) * share : two;
            for (uint64_t i = j * share; share && t + 4 <= n_tiles && i < end; i += 64)
                _mm_prefetch((const char *)tile + two + i, _MM_HINT_T0);
            head_tiles(tile, tile_bytes, 2, &jobs[j], jobs[j].lex + t * DJ_TILE_DOCS);
        }
    }
    for (; t < n_tiles; t++)
        for (uint32_t j = 0; j < n_jobs; j++)
            head_tiles(head + t * tile_bytes, tile_bytes, 1, &jobs[j], jobs[j].lex + t * DJ_TILE_DOCS);
}

/* Sixteen postings at once: a list has no place twice, so gathering before scattering loses nothing. */
void dj_avx512_scatter(uint32_t *lex, const DjPosting *lists, uint32_t n_lists)
{
    enum { AHEAD = 4 };
    for (uint32_t p = 0; p < n_lists; p++) {
        const uint8_t *places = lists[p].places;
        const uint8_t *impacts = lists[p].impacts;
        const uint32_t n = lists[p].n;
        const __m512i weight = _mm512_set1_epi32((int32_t)lists[p].weight);
        if (p + AHEAD < n_lists) {
            _mm_prefetch((const char *)lists[p + AHEAD].places, _MM_HINT_T0);
            _mm_prefetch((const char *)lists[p + AHEAD].places + 64, _MM_HINT_T0);
            _mm_prefetch((const char *)lists[p + AHEAD].places + 128, _MM_HINT_T0);
        }
        for (uint32_t i = 0; i < n; i += 16) {
            const uint32_t left = n - i;
            const __mmask16 mask = left >= 16 ? 0xffff : (__mmask16)((1u << left) - 1);
            const __m512i place = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, places + i * sizeof(uint16_t)));
            const __m512i impact = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, impacts + i));
            const __m512i old = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), mask, place, lex, 4);
            /* both factors are below 256, so the 16-bit multiply is exact */
            const __m512i sum = _mm512_add_epi32(old, _mm512_madd_epi16(impact, weight));
            _mm512_mask_i32scatter_epi32(lex, mask, place, sum, 4);
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

uint32_t dj_avx512_filter_lex(const uint32_t *lex, uint32_t n, uint32_t at_least, uint16_t *places)
{
    const __m512i limit = _mm512_set1_epi32((int32_t)at_least);
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i += 64) {
        uint64_t mask = 0;
        for (uint32_t j = 0; j < 64; j += 16)
            mask |= (uint64_t)_mm512_cmpge_epi32_mask(_mm512_load_si512(lex + i + j), limit) << j;
        found += put_places(mask, i, places + found);
    }
    return found;
}

void dj_avx512_maxima(const uint32_t *lex, uint32_t n, uint32_t *maxima)
{
    for (uint32_t t = 0; t < n; t += 64) {
        const __m512i x = _mm512_max_epu32(_mm512_load_si512(lex + t), _mm512_load_si512(lex + t + 16));
        const __m512i y = _mm512_max_epu32(_mm512_load_si512(lex + t + 32), _mm512_load_si512(lex + t + 48));
        const __m512i most = _mm512_max_epu32(x, y);
        const __m256i half = _mm256_max_epu32(_mm512_castsi512_si256(most), _mm512_extracti64x4_epi64(most, 1));
        _mm256_store_si256((__m256i *)(void *)(maxima + t / 8), half);
    }
}

uint32_t dj_avx512_filter_total(const uint32_t *lex, const int32_t *dot, uint32_t n, float a, float b, float c,
                                const float *threshold, uint16_t *places)
{
    const __m512 va = _mm512_set1_ps(a), vb = _mm512_set1_ps(b), vc = _mm512_set1_ps(c);
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i += 64) {
        uint64_t mask = 0;
        for (uint32_t j = 0; j < 64; j += 16) {
            __m512 total = _mm512_cvtepi32_ps(_mm512_load_si512(lex + i + j));
            total = _mm512_add_ps(_mm512_mul_ps(total, va), vc);
            if (dot) {
                __m512 y = _mm512_cvtepi32_ps(_mm512_load_si512(dot + i + j));
                total = _mm512_add_ps(total, _mm512_mul_ps(y, vb));
            }
            mask |= (uint64_t)_mm512_cmp_ps_mask(total, _mm512_load_ps(threshold + i + j), _CMP_GE_OQ) << j;
        }
        found += put_places(mask, i, places + found);
    }
    return found;
}

int32_t dj_avx512_dot(const int8_t *x, const int8_t *y, uint32_t dim)
{
    const __m512i offset = _mm512_set1_epi8(-128);
    __m512i sum = _mm512_setzero_si512(), excess = _mm512_setzero_si512();
    for (uint32_t i = 0; i < dim; i += 64) {
        __m512i a = _mm512_loadu_si512(x + i), b = _mm512_loadu_si512(y + i);
        sum = _mm512_dpbusd_epi32(sum, _mm512_xor_si512(a, offset), b);
        excess = _mm512_dpbusd_epi32(excess, offset, b);
    }
    return _mm512_reduce_add_epi32(_mm512_sub_epi32(sum, excess));
}

void dj_avx512_sketch_sums(const uint8_t *sketches, const uint32_t *docs, uint32_t n, const int8_t *need, uint32_t dim,
                           int32_t *sums)
{
    enum { AHEAD = 24 };
    const __m512i low = _mm512_set1_epi8(3);
    const uint32_t row = dim / 4;
    for (uint32_t i = 0; i < n; i += 4) {
        __m512i sum[4];
        for (uint32_t j = 0; j < 4; j++) {
            const uint8_t *at = sketches + (size_t)docs[i + j < n ? i + j : n - 1] * row;
            sum[j] = _mm512_setzero_si512();
            if (i + j + AHEAD < n)
                _mm_prefetch((const char *)sketches + (size_t)docs[i + j + AHEAD] * row, _MM_HINT_T0);
            for (uint32_t d = 0; d < dim; d += DJ_SKETCH_DIMS) {
                const __m512i x = _mm512_load_si512(at + d / 4);
                const __m512i codes[4] = {x, _mm512_srli_epi16(x, 2), _mm512_srli_epi16(x, 4), _mm512_srli_epi16(x, 6)};
                for (uint32_t k = 0; k < 4; k++)
                    sum[j] = _mm512_dpbusd_epi32(sum[j], _mm512_and_si512(codes[k], low),
                                                 _mm512_loadu_si512(need + d + 64 * k));
            }
        }
        /* the four sums side by side in every quarter, then the quarters on top of each other */
        const __m512i s01 =
            _mm512_add_epi32(_mm512_unpacklo_epi32(sum[0], sum[1]), _mm512_unpackhi_epi32(sum[0], sum[1]));
        const __m512i s23 =
            _mm512_add_epi32(_mm512_unpacklo_epi32(sum[2], sum[3]), _mm512_unpackhi_epi32(sum[2], sum[3]));
        const __m512i s = _mm512_add_epi32(_mm512_unpacklo_epi64(s01, s23), _mm512_unpackhi_epi64(s01, s23));
        const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(s), _mm512_extracti64x4_epi64(s, 1));
        const __m128i all = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
        _mm_storeu_si128((__m128i *)(void *)(sums + i), all);
    }
}

/* ---- all dot products: [strip of 16 documents][dim / 4][document][4], each component plus 128 ---- */

enum { STRIP = 16, NEEDS = 8 };

static void pack(const int8_t *vectors, const uint32_t *docs, uint32_t n, uint32_t dim, void *packed)
{
    const uint32_t padded = dj_n_tiles(n) * DJ_TILE_DOCS;
    for (uint32_t i = 0; i < padded; i++) {
        uint8_t *at = (uint8_t *)packed + (size_t)(i / STRIP) * STRIP * dim + i % STRIP * 4;
        for (uint32_t d = 0; d < dim; d += 4) {
            uint32_t quad = 0;
            if (i < n)
                memcpy(&quad, vectors + (size_t)docs[i] * dim + d, sizeof quad);
            quad ^= 0x80808080u;
            memcpy(at + (size_t)d * STRIP, &quad, sizeof quad);
        }
    }
}

static inline void dots_32(const uint8_t *strip, uint32_t dim, const int8_t *const *needs, const int32_t *components,
                           int n_needs, int32_t *const *out, uint32_t first)
{
    __m512i sum[NEEDS][2];
    for (int q = 0; q < n_needs; q++)
        sum[q][0] = sum[q][1] = _mm512_set1_epi32(-128 * components[q]);
    for (uint32_t d = 0; d < dim; d += 4) {
        const __m512i x0 = _mm512_load_si512(strip + (size_t)d * STRIP);
        const __m512i x1 = _mm512_load_si512(strip + (size_t)(dim + d) * STRIP);
        for (int q = 0; q < n_needs; q++) {
            int32_t w;
            memcpy(&w, needs[q] + d, sizeof w);
            const __m512i y = _mm512_set1_epi32(w);
            sum[q][0] = _mm512_dpbusd_epi32(sum[q][0], x0, y);
            sum[q][1] = _mm512_dpbusd_epi32(sum[q][1], x1, y);
        }
    }
    for (int q = 0; q < n_needs; q++) {
        _mm512_store_si512(out[q] + first, sum[q][0]);
        _mm512_store_si512(out[q] + first + STRIP, sum[q][1]);
    }
}

static void dots(const void *packed, uint32_t n_tiles, uint32_t dim, const int8_t *const *needs, uint32_t n_needs,
                 int32_t *const *out)
{
    int32_t components[DJ_GROUP] = {0};
    for (uint32_t q = 0; q < n_needs; q++)
        for (uint32_t d = 0; d < dim; d++)
            components[q] += needs[q][d];
    for (uint32_t first = 0; first < n_tiles * DJ_TILE_DOCS; first += 2 * STRIP) {
        const uint8_t *strip = (const uint8_t *)packed + (size_t)first * dim;
        uint32_t q = 0;
        for (; q + NEEDS <= n_needs; q += NEEDS)
            dots_32(strip, dim, needs + q, components + q, NEEDS, out + q, first);
        for (; q < n_needs; q++)
            dots_32(strip, dim, needs + q, components + q, 1, out + q, first);
    }
}

const DjKernelVariant dj_kernel_vnni = {
    .name = "vnni",
    .available = dj_x86_has_vnni,
    .scatter = dj_avx512_scatter,
    .head = dj_avx512_head,
    .filter_lex = dj_avx512_filter_lex,
    .maxima = dj_avx512_maxima,
    .filter_total = dj_avx512_filter_total,
    .dot = dj_avx512_dot,
    .sketch_sums = dj_avx512_sketch_sums,
    .packed_bytes_per_dim = 1,
    .pack = pack,
    .dots = dots,
};
