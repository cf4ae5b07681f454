/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question and its answer, for the page and for the API. */
#pragma once
#include "app/web/filter.h"
#include "app/web/request.h"

#define DJ_ASK_MAX_CHARS 8000

typedef struct {
    char *text; /* without the fields that were written into it */
    DjFilter filter;
    guint top;
    guint n_found;  /* that could be shown */
    guint64 *found; /* their bits */
    DjResultSet *set;
} DjAsked;

void dj_asked_init(DjAsked *asked);
void dj_asked_clear(DjAsked *asked);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjAsked, dj_asked_clear)
/* Answers text with asked->filter and asked->top. 400 when there is nothing to ask or too much of it. */
gboolean dj_asked_run(DjAsked *asked, DjRequest *request, const char *text, GError **error);
