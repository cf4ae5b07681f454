/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AVX-VNNI: processors without AVX-512. Columns and filters are those of AVX2 (16-bit sums beat the quad multiply
 * there); dot products use the quad multiply, unsigned by signed: documents are stored plus 128, and 128 times the sum
 * of the need's components is taken off again.
 */
#include "engine/kernel/x86.h"

#include <immintrin.h>
#include <string.h>

enum { STRIP = 8, NEEDS = 6 };

static int32_t sum_lanes(__m256i x)
{
    __m128i y = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    y = _mm_add_epi32(y, _mm_shuffle_epi32(y, 0x4e));
    y = _mm_add_epi32(y, _mm_shuffle_epi32(y, 0xb1));
    return _mm_cvtsi128_si32(y);
}

static int32_t dot(const int8_t *x, const int8_t *y, uint32_t dim)
{
    const __m256i offset = _mm256_set1_epi8(-128);
    __m256i sum = _mm256_setzero_si256(), excess = _mm256_setzero_si256();
    for (uint32_t i = 0; i < dim; i += 32) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(x + i));
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(y + i));
        sum = _mm256_dpbusd_avx_epi32(sum, _mm256_xor_si256(a, offset), b);
        excess = _mm256_dpbusd_avx_epi32(excess, offset, b);
    }
    return sum_lanes(_mm256_sub_epi32(sum, excess));
}

/* [strip of 8 documents][dim / 4][document][4], each component plus 128 */
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

static inline void dots_16(const uint8_t *strip, uint32_t dim, const int8_t *const *needs, const int32_t *components,
                           int n_needs, int32_t *const *out, uint32_t first)
{
    __m256i sum[NEEDS][2];
    for (int q = 0; q < n_needs; q++)
        sum[q][0] = sum[q][1] = _mm256_set1_epi32(-128 * components[q]);
    for (uint32_t d = 0; d < dim; d += 4) {
        const __m256i x0 = _mm256_load_si256((const __m256i *)(const void *)(strip + (size_t)d * STRIP));
        const __m256i x1 = _mm256_load_si256((const __m256i *)(const void *)(strip + (size_t)(dim + d) * STRIP));
        for (int q = 0; q < n_needs; q++) {
            int32_t w;
            memcpy(&w, needs[q] + d, sizeof w);
            const __m256i y = _mm256_set1_epi32(w);
            sum[q][0] = _mm256_dpbusd_avx_epi32(sum[q][0], x0, y);
            sum[q][1] = _mm256_dpbusd_avx_epi32(sum[q][1], x1, y);
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
    int32_t components[DJ_GROUP] = {0};
    for (uint32_t q = 0; q < n_needs; q++)
        for (uint32_t d = 0; d < dim; d++)
            components[q] += needs[q][d];
    for (uint32_t first = 0; first < n_tiles * DJ_TILE_DOCS; first += 2 * STRIP) {
        const uint8_t *strip = (const uint8_t *)packed + (size_t)first * dim;
        uint32_t q = 0;
        for (; q + NEEDS <= n_needs; q += NEEDS)
            dots_16(strip, dim, needs + q, components + q, NEEDS, out + q, first);
        for (; q < n_needs; q++)
            dots_16(strip, dim, needs + q, components + q, 1, out + q, first);
    }
}

const DjKernelVariant dj_kernel_avxvnni = {
    .name = "avxvnni",
    .available = dj_x86_has_avxvnni,
    .scatter = dj_scalar_scatter,
    .head = dj_avx2_head,
    .filter_lex = dj_avx2_filter_lex,
    .maxima = dj_avx2_maxima,
    .filter_total = dj_avx2_filter_total,
    .dot = dot,
    .sketch_sums = dj_avx2_sketch_sums,
    .packed_bytes_per_dim = 1,
    .pack = pack,
    .dots = dots,
};
