/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The like-for-like peer: our own single-thread program of the published method of sparse_dot_topn, which cannot be
 * installed here. Row times matrix with a dense accumulator in float, a linked list of touched columns and a bounded
 * heap whose minimum is the running cut-off. It runs on the same quantised values, held as float.
 */
#ifndef DJ_BENCH_KERNEL_PEER_SPARSE_H
#define DJ_BENCH_KERNEL_PEER_SPARSE_H

#include <stdint.h>

typedef struct PeerSparse PeerSparse;

/* Copies `docs` of CSR rows into postings by term. docs NULL: rows 0 .. n_docs - 1. */
PeerSparse *peer_sparse_new(uint32_t n_terms, uint32_t n_docs, const uint32_t *docs, const uint64_t *ptr,
                            const uint32_t *term, const uint8_t *value);
void peer_sparse_free(PeerSparse *peer);

/* Best `top` columns of one row into ids and sums (best first, at most top); returns their number. */
uint32_t peer_sparse_row(PeerSparse *peer, uint32_t n, const uint32_t *term, const float *weight, uint32_t top,
                         uint32_t *ids, float *sums);

#endif
