/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question and its answer, for the pages and for the API. */
#pragma once
#include "app/web/filter.h"
#include "app/web/request.h"
#include <jansson.h>

#define DJ_ASK_MAX_CHARS 8000
#define DJ_ASK_MAX_TOP   100

typedef struct {
    char *given; /* as it was written */
    char *text;  /* without the fields that were written into it */
    DjFilter filter;
    guint top;
    guint64 *found; /* bits of what was found: set->n_found */
    DjResultSet *set;
} DjAsked;

void dj_asked_init(DjAsked *asked);
void dj_asked_clear(DjAsked *asked);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjAsked, dj_asked_clear)

/* Text, ticked facets, budget and top of a form; a value named by the field "drop" is left out. */
gboolean dj_asked_read_form(DjAsked *asked, DjRequest *request, GError **error);
/* The same as hidden fields of a form. */
void dj_asked_put_hidden(const DjAsked *asked, GString *out);
/* Facets and budget of a JSON object. Unknown names are left to the caller. */
gboolean dj_asked_read_json(DjAsked *asked, DjRequest *request, json_t *object, GError **error);
/* The ticked facets and the budget as one canonical JSON object, to be freed. */
char *dj_asked_filter_json(const DjAsked *asked);

/* Answers asked->given with asked->filter and asked->top. 400 when there is nothing to ask or too much of it. */
gboolean dj_asked_run(DjAsked *asked, DjRequest *request, GError **error);
/* Why a patent is or is not in that answer; 404 when it is not in the index yet. */
gboolean dj_asked_why(DjAsked *asked, DjRequest *request, const char *patent, DjWhy *why, GError **error);
