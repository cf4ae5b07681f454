/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a variant must implement, private to this folder. Every function computes exact integers, except the two
 * filters, which may let too many documents through but never too few.
 *
 * Arrays of a block hold DJ_BLOCK_DOCS elements; a count is rounded up to whole tiles by the callee where it says so.
 */
#ifndef DJ_KERNEL_VARIANT_H
#define DJ_KERNEL_VARIANT_H

#include "engine/kernel/kernel.h"
#include "engine/kernel/layout.h"

#include <string.h>

/* One pair of columns with the need's weights, twice side by side so that one 32-bit broadcast fills a register. */
typedef struct DjHeadEntry {
    uint32_t offset; /* of the pair in its tile, a multiple of DJ_PAIR_BYTES */
    int8_t weight[4];
} DjHeadEntry;

/*
 * One need against the head of one block. The entries fall into chunks whose 16-bit sums cannot overflow:
 * weight[0] * maximum[0] + weight[1] * maximum[1] <= 32,767 per entry and <= 65,535 per chunk.
 */
typedef struct DjHeadJob {
    const DjHeadEntry *entries;
    uint32_t n_entries;        /* entries to add now; may end inside a chunk */
    const uint32_t *chunk_end; /* ascending; the last one is at least n_entries */
    uint32_t *lex;             /* one sum per document, whole tiles */
} DjHeadJob;

/* The list of a mid term in one block. */
typedef struct DjPosting {
    const uint8_t *places; /* n u16, at any address */
    const uint8_t *impacts;
    uint32_t n;
    uint32_t weight;
} DjPosting;

static inline uint32_t dj_place(const uint8_t *places, uint32_t i)
{
    uint16_t place;
    memcpy(&place, places + (size_t)i * sizeof place, sizeof place);
    return place;
}

enum { DJ_GROUP = 32 }; /* needs that go over a block together */

struct DjKernelVariant {
    const char *name;
    bool (*available)(void);

    /* lex[place] += weight * impact over the lists of one need. Any place may occur (the bytes may be damaged). */
    void (*scatter)(uint32_t *lex, const DjPosting *lists, uint32_t n_lists);

    /* For every tile and job: lex += sum over entries. */
    void (*head)(const uint8_t *head, uint64_t tile_bytes, uint32_t n_tiles, const DjHeadJob *jobs, uint32_t n_jobs);

    /* Places i < n with lex[i] >= at_least, ascending; exact. lex and at_least below 2^31. n a multiple of 64. */
    uint32_t (*filter_lex)(const uint32_t *lex, uint32_t n, uint32_t at_least, uint16_t *places);

    /* maxima[8 t + j] = the largest of lex[64 t + 8 v + j], v < 8: one of eight sums each. n a multiple of 64. */
    void (*maxima)(const uint32_t *lex, uint32_t n, uint32_t *maxima);

    /* Places i < n with a * lex[i] + b * dot[i] + c >= threshold[i] in floats, ascending. dot may be NULL: 0. */
    uint32_t (*filter_total)(const uint32_t *lex, const int32_t *dot, uint32_t n, float a, float b, float c,
                             const float *threshold, uint16_t *places);

    /* Scalar product; dim a multiple of 64, no component is -128. */
    int32_t (*dot)(const int8_t *x, const int8_t *y, uint32_t dim);

    /* sums[i] = sum over dimensions of code times component, of the sketches (sketch.h) of documents docs[i], i < n.
     * dim a multiple of DJ_SKETCH_DIMS; sums has room for n rounded up to a multiple of 16. */
    void (*sketch_sums)(const uint8_t *sketches, const uint32_t *docs, uint32_t n, const int8_t *need, uint32_t dim,
                        int32_t *sums);

    /* Dense block: packed_bytes per document, 64-aligned; pack reads rows vectors[docs[i]] for i < n, pads to whole
     * tiles. */
    uint32_t packed_bytes_per_dim;
    void (*pack)(const int8_t *vectors, const uint32_t *docs, uint32_t n, uint32_t dim, void *packed);
    /* dots[q][i] for whole tiles; needs[q] are vectors of dim. */
    void (*dots)(const void *packed, uint32_t n_tiles, uint32_t dim, const int8_t *const *needs, uint32_t n_needs,
                 int32_t *const *dots);
};

extern const DjKernelVariant dj_kernel_scalar;

/* The scatter of every variant that has no better one. */
void dj_scalar_scatter(uint32_t *lex, const DjPosting *lists, uint32_t n_lists);

#ifdef DJ_KERNEL_X86
extern const DjKernelVariant dj_kernel_avx2;
extern const DjKernelVariant dj_kernel_avxvnni;
extern const DjKernelVariant dj_kernel_vnni;
extern const DjKernelVariant dj_kernel_amx;
#endif

#endif
