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
/* All needs at once. */
void peer_faiss_search(PeerFaiss *peer, int threads);

#ifdef __cplusplus
}
#endif

#endif
