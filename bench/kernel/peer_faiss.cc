/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/kernel/peer_faiss.h"

#include <faiss/IndexFlat.h>
#include <numeric>
#include <omp.h>
#include <vector>

extern "C" void openblas_set_num_threads(int) __attribute__((weak));
extern "C" char *openblas_get_corename(void) __attribute__((weak));

struct PeerFaiss {
    faiss::IndexFlatIP index;
    std::vector<float> queries, distances;
    std::vector<faiss::Index::idx_t> ids;
    uint32_t n;
};

PeerFaiss *peer_faiss_new(const Workload *w)
{
    std::vector<float> docs(w->docs.vec, w->docs.vec + (size_t)w->docs.n * w->dim);
    auto *peer = new PeerFaiss{faiss::IndexFlatIP(w->dim), {}, {}, {}, w->needs.n};
    peer->queries.assign(w->needs.vec, w->needs.vec + (size_t)w->needs.n * w->dim);
    peer->distances.resize((size_t)w->needs.n * 20);
    peer->ids.resize((size_t)w->needs.n * 20);
    peer->index.add(w->docs.n, docs.data());
    return peer;
}

void peer_faiss_free(PeerFaiss *peer)
{
    delete peer;
}

const char *peer_faiss_code(void)
{
    return openblas_get_corename ? openblas_get_corename() : "(not OpenBLAS)";
}

double peer_faiss_search(PeerFaiss *peer, int threads)
{
    omp_set_num_threads(threads);
    if (openblas_set_num_threads)
        openblas_set_num_threads(threads);
    peer->index.search(peer->n, peer->queries.data(), 20, peer->distances.data(), peer->ids.data());
    return std::accumulate(peer->distances.begin(), peer->distances.end(), 0.0);
}
