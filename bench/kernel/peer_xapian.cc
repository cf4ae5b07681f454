/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of terms are not kept by the workload, so impacts stand for them; Xapian's work per posting is the same. */
#include "bench/kernel/peer_xapian.h"

#include <cstdio>
#include <string>
#include <xapian.h>

struct PeerXapian {
    Xapian::Database database;
};

static std::string name(uint32_t term)
{
    return "T" + std::to_string(term);
}

PeerXapian *peer_xapian_new(const Workload *w, const char *folder)
{
    try {
        Xapian::WritableDatabase out(folder, Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS |
                                                 Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS);
        for (uint32_t d = 0; d < w->docs.n; d++) {
            Xapian::Document document;
            for (uint64_t i = w->docs.ptr[d]; i < w->docs.ptr[d + 1]; i++)
                document.add_term(name(w->docs.term[i]), 1 + w->docs.value[i] / 128);
            out.add_document(document);
        }
        out.commit();
        out.close();
        return new PeerXapian{Xapian::Database(folder)};
    } catch (const Xapian::Error &error) {
        std::fprintf(stderr, "bench_kernel: xapian: %s\n", error.get_description().c_str());
        return nullptr;
    }
}

void peer_xapian_free(PeerXapian *peer)
{
    delete peer;
}

uint32_t peer_xapian_row(PeerXapian *peer, const Workload *w, uint32_t need)
{
    try {
        std::vector<std::string> terms;
        for (uint64_t i = w->needs.ptr[need]; i < w->needs.ptr[need + 1]; i++)
            terms.push_back(name(w->needs.term[i]));
        Xapian::Enquire enquire(peer->database);
        enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
        return enquire.get_mset(0, 20).size();
    } catch (const Xapian::Error &error) {
        std::fprintf(stderr, "bench_kernel: xapian: %s\n", error.get_description().c_str());
        return 0;
    }
}
