/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/web/or_query.h"

#include <cstdio>
#include <string>
#include <vector>
#include <xapian.h>

struct OrIndex {
    Xapian::Database db;
    explicit OrIndex(const char *folder) : db(folder)
    {
    }
};

extern "C" {

OrIndex *or_index_open(const char *folder)
{
    try {
        return new OrIndex(folder);
    } catch (const Xapian::Error &e) {
        fprintf(stderr, "bench_query: %s: %s\n", folder, e.get_description().c_str());
        return nullptr;
    }
}

void or_index_free(OrIndex *index)
{
    delete index;
}

int or_index_ask(OrIndex *index, const char *const *terms, gsize n_terms, guint top)
{
    static const char fields[] = "TACFPKV";
    try {
        std::vector<std::string> all;
        for (gsize i = 0; i < n_terms; i++)
            for (const char *field = fields; *field; field++)
                all.push_back(std::string(1, *field) + terms[i]);
        Xapian::Enquire enquire(index->db);
        enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, all.begin(), all.end()));
        const Xapian::MSet set = enquire.get_mset(0, top);
        int n = 0;
        for (auto at = set.begin(); at != set.end(); ++at)
            n += *at > 0;
        return n;
    } catch (const Xapian::Error &e) {
        fprintf(stderr, "bench_query: %s\n", e.get_description().c_str());
        return -1;
    }
}

} // extern "C"
