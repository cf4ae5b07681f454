/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The AMX variant over an emulation of its tile instructions: the same source file, so its packing, its loops and its
 * padding are tested on machines without AMX. What the hardware itself does is not.
 */
#include "engine/kernel/tiles.h"
#include "random_case.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct {
    bool on;
    DjTileConfig config;
    uint8_t bytes[8][16][64];
} tiles;

void dj_tile_configure(const DjTileConfig *config)
{
    memset(&tiles, 0, sizeof tiles);
    tiles.config = *config;
    tiles.on = config->palette == 1;
}

void dj_tile_release(void)
{
    tiles.on = false;
}

void dj_tile_zero(int tile)
{
    cr_assert(tiles.on);
    memset(tiles.bytes[tile], 0, sizeof tiles.bytes[tile]);
}

void dj_tile_load(int tile, const void *base, long stride)
{
    cr_assert(tiles.on);
    for (int r = 0; r < tiles.config.rows[tile]; r++)
        memcpy(tiles.bytes[tile][r], (const uint8_t *)base + r * stride, tiles.config.row_bytes[tile]);
}

void dj_tile_store(int tile, void *base, long stride)
{
    cr_assert(tiles.on);
    for (int r = 0; r < tiles.config.rows[tile]; r++)
        memcpy((uint8_t *)base + r * stride, tiles.bytes[tile][r], tiles.config.row_bytes[tile]);
}

void dj_tile_multiply(int sum, int a, int b)
{
    cr_assert(tiles.on);
    for (int m = 0; m < tiles.config.rows[sum]; m++) {
        int32_t row[16];
        memcpy(row, tiles.bytes[sum][m], sizeof row);
        for (int n = 0; n < tiles.config.row_bytes[sum] / 4; n++)
            for (int k = 0; k < tiles.config.row_bytes[a]; k++)
                row[n] += (int8_t)tiles.bytes[a][m][k] * (int8_t)tiles.bytes[b][k / 4][4 * n + k % 4];
        memcpy(tiles.bytes[sum][m], row, sizeof row);
    }
}

#include "engine/kernel/amx.c"

Test(tiles, dot_products_of_all_sizes)
{
    uint64_t state = 1;
    for (uint32_t n_docs = 0; n_docs <= 130; n_docs += n_docs < 66 ? 1 : 16) {
        for (uint32_t n_needs = 1; n_needs <= DJ_GROUP; n_needs += n_needs < 31 ? 5 : 1) {
            const uint32_t dim = 64 * (1 + (n_docs + n_needs) % 5), padded = dj_n_tiles(n_docs) * DJ_TILE_DOCS;
            int8_t *vectors = malloc((n_docs + 1) * (size_t)dim), *vec = malloc((size_t)n_needs * dim);
            uint32_t *docs = malloc((n_docs + 1) * sizeof *docs);
            void *packed = aligned_alloc(64, (size_t)padded * dim + 64);
            const int8_t *needs[DJ_GROUP];
            int32_t *out[DJ_GROUP];
            for (size_t i = 0; i < (size_t)n_docs * dim; i++)
                vectors[i] = (int8_t)((int)random_below(&state, 255) - 127);
            for (size_t i = 0; i < (size_t)n_needs * dim; i++)
                vec[i] = (int8_t)((int)random_below(&state, 255) - 127);
            for (uint32_t i = 0; i < n_docs; i++)
                docs[i] = n_docs - 1 - i;
            for (uint32_t q = 0; q < n_needs; q++)
                needs[q] = vec + (size_t)q * dim;
            /* at one distance, as a whole group of the engine has them, or not */
            int32_t *sums = malloc(((size_t)n_needs * padded + 1) * sizeof *sums);
            for (uint32_t q = 0; q < n_needs; q++)
                out[q] = sums + (size_t)(n_docs % 2 && (q ^ 1) < n_needs ? q ^ 1 : q) * padded;
            dj_kernel_amx.pack(vectors, docs, n_docs, dim, packed);
            dj_kernel_amx.dots(packed, dj_n_tiles(n_docs), dim, needs, n_needs, out);
            for (uint32_t q = 0; q < n_needs; q++) {
                for (uint32_t i = 0; i < n_docs; i++) {
                    int32_t expected = 0;
                    for (uint32_t d = 0; d < dim; d++)
                        expected += needs[q][d] * vectors[(size_t)docs[i] * dim + d];
                    cr_assert_eq(out[q][i], expected, "%u documents, need %u, document %u", n_docs, q, i);
                }
            }
            free(sums);
            free(vectors);
            free(vec);
            free(docs);
            free(packed);
        }
    }
    cr_assert_not(tiles.on);
}
