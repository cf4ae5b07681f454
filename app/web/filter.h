/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restrictions of a question: facets that were ticked, and fields written into the text (持有人:某大学 IPC:H01M).
 * Within one facet any value will do; between facets all must hold. */
#pragma once
#include "app/web/serving.h"

typedef enum {
    DJ_FACET_CHAIN,
    DJ_FACET_OWNER,
    DJ_FACET_KIND,
    DJ_FACET_REGION,
    DJ_FACET_MATURITY,
    DJ_FACET_IPC,
    DJ_N_FACETS
} DjFacet;

const char *dj_facet_name(DjFacet facet);  /* "chain" …, also of form fields and of the API */
const char *dj_facet_label(DjFacet facet); /* 产业链 … */
gboolean dj_facet_parse(const char *name_or_label, DjFacet *out);

typedef struct {
    GPtrArray *values[DJ_N_FACETS]; /* as they stand in the index, without their prefix */
} DjFilter;

void dj_filter_init(DjFilter *filter);
void dj_filter_clear(DjFilter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjFilter, dj_filter_clear)
gboolean dj_filter_is_empty(const DjFilter *filter);
/* Adds a value as a person or a facet gives it: a chain by id, name or alias, an owner in any spelling. A value that
 * cannot be (no such chain, no IPC symbol) is DJ_WEB_ERROR 400. */
gboolean dj_filter_add(DjFilter *filter, const DjSession *session, DjFacet facet, const char *value, GError **error);
/* Takes `label:value` words out of text. Returns the rest, to be freed. */
char *dj_filter_take_fields(DjFilter *filter, const DjSession *session, const char *text, GError **error);
/* Bits of the documents that pass, to be freed. */
guint64 *dj_filter_apply(const DjFilter *filter, DjIndex *index, GError **error);

typedef struct {
    char *value, *label; /* label is for people */
    guint32 count;
} DjFacetCount;
/* Counts of a facet over the documents of bits, most frequent first, at most `most` of them: DjFacetCount items that
 * own their strings. */
GArray *dj_facet_count(DjFacet facet, const DjSession *session, DjIndex *index, const guint64 *bits, guint most,
                       GError **error);
