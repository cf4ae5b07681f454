/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facets of patents: what a search may be narrowed by. The values of every document are read from the index once per
 * generation, so that counting costs the documents found and not the postings of every value. Read-only when made;
 * shared by threads. */
#pragma once
#include "app/session.h"
#include "engine/search/search.h"

typedef enum {
    DJ_FACET_CHAIN,
    DJ_FACET_OWNER,
    DJ_FACET_KIND,
    DJ_FACET_MODE,
    DJ_FACET_MATURITY,
    DJ_FACET_REGION,
    DJ_FACET_IPC,
    DJ_N_FACETS
} DjFacet;

#define DJ_FACET_UNKNOWN  "?"    /* value of a facet that a record does not tell, where the index notes it */
#define DJ_FACET_NO_CHAIN "none" /* 未归链: of pairings, never in the index */

const char *dj_facet_name(DjFacet facet);   /* "chain" …, also of form fields and of the API */
const char *dj_facet_label(DjFacet facet);  /* 产业链 … */
const char *dj_facet_prefix(DjFacet facet); /* of its terms in the index */
gboolean dj_facet_parse(const char *name_or_label, DjFacet *out);

typedef struct DjFacetTable DjFacetTable;
/* All facets of all documents. session, for the names of values, is borrowed. */
DjFacetTable *dj_facet_table_new(DjIndex *index, const DjSession *session, GError **error);
void dj_facet_table_free(DjFacetTable *table);

typedef struct {
    const char *value; /* as it stands in the index; the table's */
    char *label;       /* for people */
    guint32 count;
} DjFacetCount;
/* Counts of a facet over the documents of bits (NULL = all), most frequent first, at most `most` of them. */
GArray *dj_facet_count(const DjFacetTable *table, DjFacet facet, const guint64 *bits, guint most);
/* The same over a list of documents, each counted as often as it stands there. */
GArray *dj_facet_count_each(const DjFacetTable *table, DjFacet facet, const guint32 *docs, guint n, guint most);
/* A facet whose values were counted elsewhere: those that occur, in the same order. value: as long as the result. */
GArray *dj_facet_counts(const DjFacetTable *table, DjFacet facet, const char *const *value, const guint32 *counts,
                        guint n, guint most);
/* A value as people write it, to be freed. */
char *dj_facet_value_label(const DjFacetTable *table, DjFacet facet, const char *value);
