/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/pipeline/bare_xapian.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>
#include <xapian.h>

/* Terms lie one after the other, so that reading them costs the timed loop as little as possible. */
struct BareDocuments {
    struct Term {
        size_t at;
        guint32 length, wdf;
    };
    struct Value {
        Xapian::valueno slot;
        std::string bytes;
    };
    struct Document {
        size_t first_term, n_terms;
        std::vector<Value> values;
    };
    std::string bytes;
    std::vector<Term> terms;
    std::vector<Document> documents;
};

extern "C" {

BareDocuments *bare_documents_load(const char *index_folder)
{
    try {
        Xapian::Database db(index_folder);
        auto all = new BareDocuments;
        for (Xapian::docid id = 1; id <= db.get_lastdocid(); id++) {
            Xapian::Document from = db.get_document(id);
            BareDocuments::Document to{all->terms.size(), 0, {}};
            for (auto term = from.termlist_begin(); term != from.termlist_end(); ++term) {
                const std::string text = *term;
                all->terms.push_back({all->bytes.size(), (guint32)text.size(), term.get_wdf()});
                all->bytes += text;
            }
            to.n_terms = all->terms.size() - to.first_term;
            for (auto value = from.values_begin(); value != from.values_end(); ++value)
                to.values.push_back({value.get_valueno(), *value});
            all->documents.push_back(to);
        }
        return all;
    } catch (const Xapian::Error &e) {
        fprintf(stderr, "bench_index: %s: %s\n", index_folder, e.get_description().c_str());
        return nullptr;
    }
}

void bare_documents_free(BareDocuments *documents)
{
    delete documents;
}

guint32 bare_documents_count(const BareDocuments *documents)
{
    return (guint32)documents->documents.size();
}

guint64 bare_documents_postings(const BareDocuments *documents)
{
    return documents->terms.size();
}

gboolean bare_documents_index(const BareDocuments *all, const char *folder, guint flush)
{
    try {
        if (flush) {
            const std::string threshold = std::to_string(flush);
            setenv("XAPIAN_FLUSH_THRESHOLD", threshold.c_str(), 1);
        }
        Xapian::WritableDatabase db(folder, Xapian::DB_CREATE);
        std::string text;
        for (const auto &from : all->documents) {
            Xapian::Document doc;
            for (size_t i = from.first_term; i < from.first_term + from.n_terms; i++) {
                text.assign(all->bytes, all->terms[i].at, all->terms[i].length);
                doc.add_term(text, all->terms[i].wdf);
            }
            for (const auto &value : from.values)
                doc.add_value(value.slot, value.bytes);
            db.add_document(doc);
        }
        db.commit();
        return TRUE;
    } catch (const Xapian::Error &e) {
        fprintf(stderr, "bench_index: %s: %s\n", folder, e.get_description().c_str());
        return FALSE;
    }
}
}
