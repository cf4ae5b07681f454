/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restrictions of a question: facets that were ticked, and fields written into the text (持有人:某大学 IPC:H01M).
 * Within one facet any value will do; between facets all must hold. */
#pragma once
#include "app/web/facets.h"
#include "app/web/serving.h"

typedef struct {
    GPtrArray *values[DJ_N_FACETS]; /* as they stand in the index, without their prefix */
    gint64 budget;                  /* most yuan of a licence fee, -1 = any; a fee that is not fixed passes */
} DjFilter;

void dj_filter_init(DjFilter *filter);
void dj_filter_clear(DjFilter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjFilter, dj_filter_clear)
gboolean dj_filter_is_empty(const DjFilter *filter);
/* Adds a value as a person or a facet gives it: a chain by id, name or alias, an owner in any spelling. A value that
 * cannot be (no such chain, no IPC symbol) is DJ_WEB_ERROR 400. */
gboolean dj_filter_add(DjFilter *filter, const DjSession *session, DjFacet facet, const char *value, GError **error);
/* "10", "10万", "80000元": without a unit 万元 are meant. Nothing for "". */
gboolean dj_filter_set_budget(DjFilter *filter, const char *text, GError **error);
/* Takes `label:value` words (and 预算:10万) out of text. Returns the rest, to be freed. */
char *dj_filter_take_fields(DjFilter *filter, const DjSession *session, const char *text, GError **error);
/* Bits of the documents that pass, to be freed. */
guint64 *dj_filter_apply(const DjFilter *filter, DjIndex *index, GError **error);
