/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The seam between the AMX variant and the tile instructions, private to this folder. With DJ_KERNEL_TILE_EMULATION the
 * includer provides the same operations in plain C, so that the variant's bits can be tested on any machine.
 */
#ifndef DJ_KERNEL_TILES_H
#define DJ_KERNEL_TILES_H

#include <stdint.h>

/* The 64 bytes that configure the tiles: palette 1, rows and bytes per row of each. */
typedef struct DjTileConfig {
    uint8_t palette;
    uint8_t start_row;
    uint8_t reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} DjTileConfig;

_Static_assert(sizeof(DjTileConfig) == 64, "configuration of tiles");

#ifdef DJ_KERNEL_TILE_EMULATION
void dj_tile_configure(const DjTileConfig *config);
void dj_tile_release(void);
void dj_tile_zero(int tile);
void dj_tile_load(int tile, const void *base, long stride);
void dj_tile_store(int tile, void *base, long stride);
/* sum[m][n] += sum over k of a[m][k] * b[k / 4][4 n + k % 4], signed bytes */
void dj_tile_multiply(int sum, int a, int b);
#define DJ_TILE_READS(memory)             ((void)(memory))
#define DJ_TILE_CONFIGURE(config)         dj_tile_configure(config)
#define DJ_TILE_RELEASE()                 dj_tile_release()
#define DJ_TILE_ZERO(tile)                dj_tile_zero(tile)
#define DJ_TILE_LOAD(tile, base, stride)  dj_tile_load(tile, base, stride)
#define DJ_TILE_STORE(tile, base, stride) dj_tile_store(tile, base, stride)
#define DJ_TILE_MULTIPLY(sum, a, b)       dj_tile_multiply(sum, a, b)
#else
#include <immintrin.h>
/* GCC's functions do not say what memory they read (12.2: the first 8 bytes of a configuration, nothing of a tile), so
 * what was written before must be declared finished. */
#define DJ_TILE_READS(memory)             __asm__ volatile("" : : "r"(memory) : "memory")
#define DJ_TILE_CONFIGURE(config)         _tile_loadconfig(config)
#define DJ_TILE_RELEASE()                 _tile_release()
#define DJ_TILE_ZERO(tile)                _tile_zero(tile)
#define DJ_TILE_LOAD(tile, base, stride)  _tile_loadd(tile, base, stride)
#define DJ_TILE_STORE(tile, base, stride) _tile_stored(tile, base, stride)
#define DJ_TILE_MULTIPLY(sum, a, b)       _tile_dpbssd(sum, a, b)
#endif

#endif
