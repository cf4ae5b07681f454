/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Xapian in process: a compacted database of the same documents, one OR query per need, best 20. Terms that none of the
 * asked needs has are indexed as one filler: their lists would never be read, and document lengths stay what they are.
 */
#ifndef DJ_BENCH_KERNEL_PEER_XAPIAN_H
#define DJ_BENCH_KERNEL_PEER_XAPIAN_H

#include "bench/kernel/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct PeerXapian PeerXapian;

/* Ready for needs 0 .. n_needs - 1. NULL with a message on stderr when Xapian fails. The database lives in `folder`. */
PeerXapian *peer_xapian_new(const Workload *w, uint32_t n_needs, const char *folder);
void peer_xapian_free(PeerXapian *peer);
/* Number of hits of one need. */
uint32_t peer_xapian_row(PeerXapian *peer, const Workload *w, uint32_t need);

#ifdef __cplusplus
}
#endif

#endif
