/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random inputs for the kernel, and its answer computed the slow and obvious way. */
#ifndef DJ_TEST_KERNEL_RANDOM_CASE_H
#define DJ_TEST_KERNEL_RANDOM_CASE_H

#include "engine/kernel/kernel.h"

typedef struct Shape {
    uint32_t n_docs, n_terms, n_needs, n_segments;
    uint32_t doc_terms;  /* about, per document */
    uint32_t need_terms; /* about, per need */
    uint32_t dim;
    int impact;  /* 0: 1..255, 1: always 1 (ties), 2: always 255 */
    int weight;  /* likewise, for 0 skewed to small ones */
    bool banned; /* give the needs bans */
    bool lexical_off;
} Shape;

typedef struct Case {
    DjMatrixInput in;
    DjKernelNeeds needs;
    DjMatrix matrix;
    void *bytes; /* of the compiled matrix, 64-aligned */
    size_t size;
    uint64_t *admit; /* about four fifths of the documents */
} Case;

uint32_t random_below(uint64_t *state, uint32_t n);

/* Aborts on failure: a test cannot go on without its case. */
void case_init(Case *c, const Shape *shape, uint64_t seed);
void case_clear(Case *c);

/* Compiles any input into 64-aligned bytes. */
DjMatrixStatus compile_to_memory(const DjMatrixInput *in, void **bytes, size_t *size);

DjKernelScore brute_score(const Case *c, uint32_t need, uint32_t doc);

/* The list of one need (or of one document when by_doc), by sorting everything. `hits` has room for capacity. */
uint32_t brute_list(const Case *c, uint32_t segment, uint32_t row, bool by_doc, const uint64_t *admit, uint32_t k,
                    uint32_t capacity, int64_t slack, int64_t floor, DjKernelHit *hits, uint8_t *overflow);

/* Lists of all needs of `rows` (NULL: of lists->n_rows needs) in one segment: a call of one part. */
static inline DjKernelStatus best_docs(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                                       const uint32_t *rows, const DjKernelOptions *options, const DjKernelLists *lists)
{
    DjKernelPart part = {.segment = segment, .rows = rows, .n_rows = lists->n_rows, .lists = *lists};
    return dj_kernel_best_docs(matrix, needs, &part, 1, options);
}

/* Lists of the segment's documents among the first n_needs needs. */
static inline DjKernelStatus best_needs(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                                        uint32_t n_needs, const DjKernelOptions *options, const DjKernelLists *lists)
{
    DjKernelPart part = {.segment = segment, .n_rows = n_needs, .lists = *lists};
    return dj_kernel_best_needs(matrix, needs, &part, 1, options);
}

#endif
