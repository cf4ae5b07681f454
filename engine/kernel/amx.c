/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AMX: dot products by 16 x 16 x 64 tiles of signed bytes. Documents are the columns of the product, so that a need's
 * sums come out side by side: sum[need][document] = needs[need][64 dimensions] x documents[16 quads][16 documents x 4].
 *
 * Columns, lists and filters are those of AVX-512. A tile product over the columns of the head would multiply every
 * need of a group by every column; the thresholds leave fewer than a tenth of those products to do (README.md).
 */
#include "engine/kernel/tiles.h"
#include "engine/kernel/x86.h"

#include <string.h>

enum { STRIP = 16, TILE_ROWS = 16, TILE_BYTES = 64 };

/* Tiles 0 to 3 hold sums (two blocks of needs x two strips), 4 and 5 needs, 6 and 7 documents. */
static void configure(void)
{
    DjTileConfig config = {.palette = 1};
    for (int i = 0; i < 8; i++) {
        config.row_bytes[i] = TILE_BYTES;
        config.rows[i] = TILE_ROWS;
    }
    DJ_TILE_READS(&config);
    DJ_TILE_CONFIGURE(&config);
}

/* [strip of 16 documents][dim / 4][document][4] */
static void pack(const int8_t *vectors, const uint32_t *docs, uint32_t n, uint32_t dim, void *packed)
{
    const uint32_t padded = dj_n_tiles(n) * DJ_TILE_DOCS;
    for (uint32_t i = 0; i < padded; i++) {
        int8_t *at = (int8_t *)packed + (size_t)(i / STRIP) * STRIP * dim + i % STRIP * 4;
        for (uint32_t d = 0; d < dim; d += 4) {
            if (i < n)
                memcpy(at + (size_t)d * STRIP, vectors + (size_t)docs[i] * dim + d, 4);
            else
                memset(at + (size_t)d * STRIP, 0, 4);
        }
    }
}

/* Rows of 64 dimensions, [dim / 64][32 needs][64]: one tile load is then one run of memory. Missing needs are zero. */
static void pack_needs(int8_t *out, const int8_t *const *needs, uint32_t n_needs, uint32_t dim)
{
    memset(out, 0, (size_t)DJ_GROUP * dim);
    for (uint32_t q = 0; q < n_needs; q++)
        for (uint32_t d = 0; d < dim; d += TILE_BYTES)
            memcpy(out + (size_t)d * DJ_GROUP + (size_t)q * TILE_BYTES, needs[q] + d, TILE_BYTES);
}

/* Where the sums of one block of needs go: straight into place if its needs lie at one distance, else by a buffer. */
typedef struct Target {
    int32_t *const *out;
    uint32_t n_needs;
    long stride; /* bytes from need to need; 0: by the buffer */
} Target;

static Target find_target(int32_t *const *out, uint32_t n_needs, uint32_t first)
{
    Target target = {.out = out + first, .n_needs = n_needs > first ? n_needs - first : 0};
    if (target.n_needs < TILE_ROWS)
        return target;
    target.n_needs = TILE_ROWS;
    const intptr_t stride = (intptr_t)out[first + 1] - (intptr_t)out[first];
    for (uint32_t q = 1; q < TILE_ROWS; q++)
        if ((intptr_t)out[first + q] - (intptr_t)out[first + q - 1] != stride)
            return target;
    target.stride = (long)stride;
    return target;
}

static void put_sums(const Target *target, int32_t (*sums)[STRIP], uint32_t first_doc)
{
    for (uint32_t q = 0; q < target->n_needs; q++)
        memcpy(target->out[q] + first_doc, sums[q], sizeof sums[q]);
}

/* A macro, because the number of a tile is part of the instruction. */
#define STORE_SUMS(tile, target, first_doc)                                                                            \
    do {                                                                                                               \
        if ((target)->stride) {                                                                                        \
            DJ_TILE_STORE(tile, (target)->out[0] + (first_doc), (target)->stride);                                     \
        } else {                                                                                                       \
            DJ_TILE_STORE(tile, sums, sizeof sums[0]);                                                                 \
            put_sums(target, sums, first_doc);                                                                         \
        }                                                                                                              \
    } while (0)

/*
 * 32 needs x 32 documents at a time, per 64 dimensions four loads and four multiplies. A multiply takes 16 cycles and a
 * load 8 of another port, so with four sums per load of two and two the multiplier is what limits.
 */
static void dots(const void *packed, uint32_t n_tiles, uint32_t dim, const int8_t *const *needs, uint32_t n_needs,
                 int32_t *const *out)
{
    int8_t rows[DJ_GROUP * DJ_MAX_DIM] __attribute__((aligned(64)));
    int32_t sums[TILE_ROWS][STRIP] __attribute__((aligned(64)));
    const Target low = find_target(out, n_needs, 0), high = find_target(out, n_needs, TILE_ROWS);
    const int8_t *strips = packed;

    _Static_assert(DJ_GROUP == 2 * TILE_ROWS, "two tiles of needs");
    pack_needs(rows, needs, n_needs, dim);
    configure();
    DJ_TILE_READS(rows);
    for (uint32_t first = 0; first < n_tiles * DJ_TILE_DOCS; first += 2 * STRIP) {
        const int8_t *strip0 = strips + (size_t)first * dim, *strip1 = strip0 + (size_t)STRIP * dim;
        DJ_TILE_ZERO(0);
        DJ_TILE_ZERO(1);
        DJ_TILE_ZERO(2);
        DJ_TILE_ZERO(3);
        for (uint32_t d = 0; d < dim; d += TILE_BYTES) {
            DJ_TILE_LOAD(4, rows + (size_t)d * DJ_GROUP, TILE_BYTES);
            DJ_TILE_LOAD(5, rows + (size_t)d * DJ_GROUP + TILE_ROWS * TILE_BYTES, TILE_BYTES);
            DJ_TILE_LOAD(6, strip0 + (size_t)d * STRIP, TILE_BYTES);
            DJ_TILE_LOAD(7, strip1 + (size_t)d * STRIP, TILE_BYTES);
            DJ_TILE_MULTIPLY(0, 4, 6);
            DJ_TILE_MULTIPLY(1, 4, 7);
            DJ_TILE_MULTIPLY(2, 5, 6);
            DJ_TILE_MULTIPLY(3, 5, 7);
        }
        STORE_SUMS(0, &low, first);
        STORE_SUMS(1, &low, first + STRIP);
        STORE_SUMS(2, &high, first);
        STORE_SUMS(3, &high, first + STRIP);
    }
    DJ_TILE_RELEASE();
}

const DjKernelVariant dj_kernel_amx = {
    .name = "amx",
    .available = dj_x86_has_amx,
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
