/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inverted index of one generation, on Xapian. C++ stays in search.cc; every entry is noexcept and maps exceptions
 * to GError (DJ_SEARCH_ERROR) in one guard.
 *
 * Index schema
 *   document id   document number + 1; numbers ascend with the key of the patent or achievement
 *   terms         one letter for the field, one for the unit, then the term:
 *                   fields  T title  A abstract  C claim  F application fields  P products  K keywords  V advantage
 *                           and indicators
 *                   units   b bigram  c character
 *                 wdf is the number of times that it stands in the field
 *   filters       X + name + ':' + value, wdf 0: XC:c20-18 chain, XI:C04B subclass, XG:C04B35 main group,
 *                 XO:… owner (folded name), XK:invention kind, XR:… region, XM:6 maturity, XW:… mode of transfer
 *                 ("?" = not written), XF:000000080000 licence fee in whole yuan ("?" = no fixed amount)
 *   value slots   0, 1: weighted length of the document in bigrams and in characters, hundredths, decimal
 *
 * Thread rule: a reader or writer belongs to one thread at a time; readers of one folder share nothing, so each thread
 * may have its own. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

#define DJ_SEARCH_ERROR (dj_search_error_quark())
GQuark dj_search_error_quark(void);
typedef enum {
    DJ_SEARCH_ERROR_MISSING, /* no such index */
    DJ_SEARCH_ERROR_DAMAGED, /* Xapian found it corrupt */
    DJ_SEARCH_ERROR_FAILED   /* any other failure, with Xapian's message */
} DjSearchError;

#define DJ_SEARCH_FEE_DIGITS 12
#define DJ_SEARCH_MAX_FEE    G_GUINT64_CONSTANT(999999999999)
#define DJ_SEARCH_MAX_TERM   240 /* bytes; longer terms are left out (Xapian keeps at most 245) */

typedef struct {
    const char *bytes;
    guint32 length;
    guint32 wdf; /* 0 for a filter */
} DjIndexTerm;

/* ---- writing one generation ---- */

typedef struct DjIndexWriter DjIndexWriter;

/* Creates an index in the (not yet existing) folder. flush: documents between flushes, bounds memory. */
DjIndexWriter *dj_index_writer_new(const char *folder, guint flush, GError **error);
void dj_index_writer_free(DjIndexWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjIndexWriter, dj_index_writer_free)

/* Adds document `number` (ascending, each once). length[unit]: weighted lengths in hundredths. */
gboolean dj_index_writer_add(DjIndexWriter *writer, guint32 number, const DjIndexTerm *terms, gsize n_terms,
                             const guint32 length[2], GError **error);
gboolean dj_index_writer_commit(DjIndexWriter *writer, GError **error);

/* ---- reading ---- */

typedef struct DjIndex DjIndex;

DjIndex *dj_index_open(const char *folder, GError **error);
void dj_index_free(DjIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjIndex, dj_index_free)

guint32 dj_index_n_docs(DjIndex *index);
/* Weighted lengths of all documents of a unit (0 bigram, 1 character) into out[n_docs]. */
gboolean dj_index_lengths(DjIndex *index, int unit, guint32 *out, GError **error);

/* Walks all terms that begin with any of the n prefixes, as one merged list ordered by what follows the prefix
 * (memcmp): for each distinct remainder calls begin(term), then posting(document, field, wdf) for every posting,
 * grouped by prefix and ascending by document within each group, then end(). FALSE from begin stops the walk. */
typedef struct {
    gboolean (*begin)(const char *bytes, gsize length, gpointer user);
    void (*posting)(guint32 number, int prefix, guint32 wdf, gpointer user);
    gboolean (*end)(gpointer user);
} DjIndexWalk;
gboolean dj_index_walk(DjIndex *index, const char *const *prefixes, int n_prefixes, const DjIndexWalk *walk,
                       gpointer user, GError **error);

/* ---- interactive search ---- */

/* Documents that carry all of the filters (AND between kinds given as separate groups, OR within a group) and, when
 * n_any > 0, at least one of the terms `any`. Sets bit n of bitmap (n_docs bits, word n/64, cleared first) for document
 * n. Counts into *count. Filters are whole terms such as "XC:c20-18". */
typedef struct {
    const char *const *terms;
    gsize n_terms;
} DjIndexGroup;
gboolean dj_index_match(DjIndex *index, const DjIndexGroup *groups, gsize n_groups, const DjIndexTerm *any, gsize n_any,
                        guint64 *bitmap, guint32 *count, GError **error);

/* Facet: for every filter term with this prefix ("XC:"), how many of the documents in bitmap (NULL: of all) carry it.
 */
typedef void (*DjFacetVisit)(const char *value, guint32 count, gpointer user);
gboolean dj_index_facet(DjIndex *index, const char *prefix, const guint64 *bitmap, DjFacetVisit visit, gpointer user,
                        GError **error);

/* Version of Xapian, for `duijie check`. */
const char *dj_search_library_version(void);

G_END_DECLS
