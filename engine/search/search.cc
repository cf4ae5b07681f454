/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All of Xapian that duijie uses, behind the C header. Exceptions end in guard(). */
#include "engine/search/search.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>
#include <xapian.h>

struct DjIndexWriter {
    Xapian::WritableDatabase db;
    guint flush;
    guint pending;
};

struct DjIndex {
    Xapian::Database db;
    guint32 n_docs;
};

namespace
{

const Xapian::valueno length_slot[2] = {0, 1};

void set_error(GError **error, DjSearchError code, const char *what, const char *message)
{
    g_set_error(error, DJ_SEARCH_ERROR, code, "%s: %s", what, message);
}

/* Runs body; every exception becomes a GError whose message begins with what was being done. */
template <typename Body> gboolean guard(GError **error, const char *what, Body body) noexcept
{
    try {
        return body() ? TRUE : FALSE;
    } catch (const Xapian::DatabaseNotFoundError &e) {
        set_error(error, DJ_SEARCH_ERROR_MISSING, what, e.get_msg().c_str());
    } catch (const Xapian::DatabaseCorruptError &e) {
        set_error(error, DJ_SEARCH_ERROR_DAMAGED, what, e.get_msg().c_str());
    } catch (const Xapian::Error &e) {
        const std::string text = e.get_description();
        set_error(error, DJ_SEARCH_ERROR_FAILED, what, text.c_str());
    } catch (const std::exception &e) {
        set_error(error, DJ_SEARCH_ERROR_FAILED, what, e.what());
    } catch (...) {
        set_error(error, DJ_SEARCH_ERROR_FAILED, what, "unknown exception");
    }
    return FALSE;
}

/* One prefix's position in the merged walk of all terms. */
struct Cursor {
    Xapian::TermIterator at, end;
    int prefix;
    std::string rest; /* the current term without its prefix */
};

void load(Cursor &cursor, gsize prefix_length)
{
    if (cursor.at != cursor.end)
        cursor.rest = (*cursor.at).substr(prefix_length);
}

bool bit(const guint64 *bitmap, guint32 number)
{
    return (bitmap[number / 64] >> (number % 64)) & 1;
}

} // namespace

extern "C" {

GQuark dj_search_error_quark(void)
{
    return g_quark_from_static_string("dj-search-error-quark");
}

DjIndexWriter *dj_index_writer_new(const char *folder, guint flush, GError **error)
{
    DjIndexWriter *writer = nullptr;
    guard(error, "create index", [&] {
        auto made = std::make_unique<DjIndexWriter>();
        made->db = Xapian::WritableDatabase(folder, Xapian::DB_CREATE | Xapian::DB_NO_SYNC);
        made->flush = flush > 0 ? flush : 10000;
        made->pending = 0;
        writer = made.release();
        return true;
    });
    return writer;
}

void dj_index_writer_free(DjIndexWriter *writer)
{
    if (writer)
        guard(nullptr, "close index", [&] {
            delete writer;
            return true;
        });
}

gboolean dj_index_writer_add(DjIndexWriter *writer, guint32 number, const DjIndexTerm *terms, gsize n_terms,
                             const guint32 length[2], GError **error)
{
    return guard(error, "index document", [&] {
        Xapian::Document doc;
        std::string term;
        for (gsize i = 0; i < n_terms; i++) {
            if (terms[i].length > DJ_SEARCH_MAX_TERM)
                continue;
            term.assign(terms[i].bytes, terms[i].length);
            doc.add_term(term, terms[i].wdf);
        }
        for (int unit = 0; unit < 2; unit++)
            doc.add_value(length_slot[unit], std::to_string(length[unit]));
        writer->db.replace_document(number + 1, doc);
        if (++writer->pending >= writer->flush) {
            writer->db.commit();
            writer->pending = 0;
        }
        return true;
    });
}

gboolean dj_index_writer_commit(DjIndexWriter *writer, GError **error)
{
    return guard(error, "finish index", [&] {
        writer->db.commit();
        return true;
    });
}

DjIndex *dj_index_open(const char *folder, GError **error)
{
    DjIndex *index = nullptr;
    guard(error, "open index", [&] {
        auto made = std::make_unique<DjIndex>();
        made->db = Xapian::Database(folder);
        made->n_docs = made->db.get_lastdocid();
        index = made.release();
        return true;
    });
    return index;
}

void dj_index_free(DjIndex *index)
{
    if (index)
        guard(nullptr, "close index", [&] {
            delete index;
            return true;
        });
}

guint32 dj_index_n_docs(DjIndex *index)
{
    return index->n_docs;
}

gboolean dj_index_lengths(DjIndex *index, int unit, guint32 *out, GError **error)
{
    return guard(error, "read lengths", [&] {
        std::fill(out, out + index->n_docs, 0);
        const Xapian::ValueIterator end = index->db.valuestream_end(length_slot[unit]);
        for (auto at = index->db.valuestream_begin(length_slot[unit]); at != end; ++at)
            out[at.get_docid() - 1] = static_cast<guint32>(std::stoul(*at));
        return true;
    });
}

gboolean dj_index_walk(DjIndex *index, const char *const *prefixes, int n_prefixes, const DjIndexWalk *walk,
                       gpointer user, GError **error)
{
    return guard(error, "walk index", [&] {
        std::vector<Cursor> cursors;
        for (int i = 0; i < n_prefixes; i++) {
            Cursor cursor{index->db.allterms_begin(prefixes[i]), index->db.allterms_end(prefixes[i]), i, {}};
            load(cursor, std::strlen(prefixes[i]));
            cursors.push_back(std::move(cursor));
        }
        for (;;) {
            const std::string *least = nullptr;
            for (const Cursor &cursor : cursors)
                if (cursor.at != cursor.end && (!least || cursor.rest < *least))
                    least = &cursor.rest;
            if (!least)
                return true;
            const std::string term = *least;
            if (!walk->begin(term.data(), term.size(), user))
                return false;
            for (Cursor &cursor : cursors) {
                if (cursor.at == cursor.end || cursor.rest != term)
                    continue;
                const std::string full = *cursor.at;
                const Xapian::PostingIterator end = index->db.postlist_end(full);
                for (auto at = index->db.postlist_begin(full); at != end; ++at)
                    walk->posting(*at - 1, cursor.prefix, at.get_wdf(), user);
                ++cursor.at;
                load(cursor, std::strlen(prefixes[cursor.prefix]));
            }
            if (!walk->end(user))
                return false;
        }
    });
}

gboolean dj_index_match(DjIndex *index, const DjIndexGroup *groups, gsize n_groups, const DjIndexTerm *any, gsize n_any,
                        guint64 *bitmap, guint32 *count, GError **error)
{
    return guard(error, "search index", [&] {
        const gsize words = (index->n_docs + 63) / 64;
        std::fill(bitmap, bitmap + words, 0);
        *count = 0;
        /* not Query::MatchAll: one object for all threads, whose count of references is not atomic */
        Xapian::Query query{std::string()};
        for (gsize g = 0; g < n_groups; g++) {
            std::vector<std::string> terms(groups[g].terms, groups[g].terms + groups[g].n_terms);
            query = Xapian::Query(Xapian::Query::OP_FILTER, query,
                                  Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
        }
        if (n_any > 0) {
            std::vector<std::string> terms;
            for (gsize i = 0; i < n_any; i++)
                terms.emplace_back(any[i].bytes, any[i].length);
            query = Xapian::Query(Xapian::Query::OP_FILTER, query,
                                  Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
        }
        Xapian::Enquire enquire(index->db);
        enquire.set_query(query);
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.set_docid_order(Xapian::Enquire::ASCENDING);
        const Xapian::MSet set = enquire.get_mset(0, index->n_docs);
        for (auto at = set.begin(); at != set.end(); ++at) {
            const guint32 number = *at - 1;
            bitmap[number / 64] |= G_GUINT64_CONSTANT(1) << (number % 64);
            ++*count;
        }
        return true;
    });
}

gboolean dj_index_facet(DjIndex *index, const char *prefix, const guint64 *bitmap, DjFacetVisit visit, gpointer user,
                        GError **error)
{
    return guard(error, "count facet", [&] {
        const gsize skip = std::strlen(prefix);
        const Xapian::TermIterator end = index->db.allterms_end(prefix);
        for (auto term = index->db.allterms_begin(prefix); term != end; ++term) {
            guint32 count = 0;
            if (!bitmap) {
                visit((*term).c_str() + skip, term.get_termfreq(), user);
                continue;
            }
            const Xapian::PostingIterator last = index->db.postlist_end(*term);
            for (auto at = index->db.postlist_begin(*term); at != last; ++at)
                count += bit(bitmap, *at - 1);
            if (count > 0)
                visit((*term).c_str() + skip, count, user);
        }
        return true;
    });
}

const char *dj_search_library_version(void)
{
    return Xapian::version_string();
}

} // extern "C"
