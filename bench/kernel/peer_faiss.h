/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FAISS flat inner product on the same vectors as float, single thread, best 20 per need. */
#ifndef DJ_BENCH_KERNEL_PEER_FAISS_H
#define DJ_BENCH_KERNEL_PEER_FAISS_H

#include "bench/kernel/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct PeerFaiss PeerFaiss;

PeerFaiss *peer_faiss_new(const Workload *w);
void peer_faiss_free(PeerFaiss *peer);
/* Which processor's code OpenBLAS runs; static. */
const char *peer_faiss_code(void);
/*
 * All needs at once. Returns the sum of the best 20 products of all needs: products of bytes are exact in float as long
 * as they stay below 2^24, which 256 dimensions do.
 */
double peer_faiss_search(PeerFaiss *peer, int threads);

#ifdef __cplusplus
}
#endif

#endif
