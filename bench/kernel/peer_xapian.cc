/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of terms are not kept by the workload, so impacts stand for them; Xapian's work per posting is the same. */
#include "bench/kernel/peer_xapian.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <xapian.h>

struct PeerXapian {
    Xapian::Database database;
};

static std::string name(uint32_t term)
{
    return "T" + std::to_string(term);
}

PeerXapian *peer_xapian_new(const Workload *w, uint32_t n_needs, const char *folder)
{
    try {
        const std::string dir(folder);
        std::vector<std::string> names(w->n_terms);
        for (uint64_t i = 0; i < w->needs.ptr[n_needs]; i++)
            names[w->needs.term[i]] = name(w->needs.term[i]);
        Xapian::WritableDatabase out(dir + "/parts", Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS |
                                                         Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS |
                                                         Xapian::DB_NO_TERMLIST);
        for (uint32_t d = 0; d < w->docs.n; d++) {
            Xapian::Document document;
            Xapian::termcount rest = 0;
            for (uint64_t i = w->docs.ptr[d]; i < w->docs.ptr[d + 1]; i++) {
                const std::string &term = names[w->docs.term[i]];
                const Xapian::termcount count = 1 + w->docs.value[i] / 128;
                if (term.empty())
                    rest += count;
                else
                    document.add_term(term, count);
            }
            if (rest)
                document.add_term("filler", rest);
            out.add_document(document);
        }
        out.commit();
        out.close();
        Xapian::Database(dir + "/parts").compact(dir + "/all", Xapian::DBCOMPACT_SINGLE_FILE);
        std::filesystem::remove_all(dir + "/parts");
        return new PeerXapian{Xapian::Database(dir + "/all")};
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
