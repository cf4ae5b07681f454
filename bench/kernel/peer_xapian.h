/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xapian in process: an in-memory database of the same terms, one OR query per need, best 20. */
#ifndef DJ_BENCH_KERNEL_PEER_XAPIAN_H
#define DJ_BENCH_KERNEL_PEER_XAPIAN_H

#include "bench/kernel/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct PeerXapian PeerXapian;

/* NULL with a message on stderr when Xapian fails. The database lives in `folder` (removed on free). */
PeerXapian *peer_xapian_new(const Workload *w, const char *folder);
void peer_xapian_free(PeerXapian *peer);
/* Number of hits of one need. */
uint32_t peer_xapian_row(PeerXapian *peer, const Workload *w, uint32_t need);

#ifdef __cplusplus
}
#endif

#endif
