/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of a list in the JSON API: ?limit= items (1 to 500, else 100) after the one that ?after= names; `next` in
 * the answer is what to ask for next, null at the end. */
#pragma once
#include "app/web/request.h"
#include <jansson.h>

typedef struct {
    const char *after; /* NULL: from the beginning */
    int limit;
    json_t *list;
    char *last; /* key of the last item on the page */
    gboolean more;
} DjApiPage;

/* 400 for a limit out of range. Clear it, whatever came of it. */
gboolean dj_api_page_init(DjApiPage *page, const DjRequest *request, GError **error);
void dj_api_page_clear(DjApiPage *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjApiPage, dj_api_page_clear)

/* `after` as the number of an item; 0 from the beginning or where it is no number. */
gint64 dj_api_page_after_number(const DjApiPage *page);
/* FALSE when the page is full; then there is more. */
gboolean dj_api_page_has_room(DjApiPage *page);
/* Takes item; key is copied. */
void dj_api_page_add(DjApiPage *page, json_t *item, const char *key);
void dj_api_page_add_number(DjApiPage *page, json_t *item, gint64 number);
/* Answers with {name: […], "next": …} and what is in more, which may be NULL and is taken. */
void dj_api_page_answer(DjApiPage *page, DjRequest *request, const char *name, json_t *more);
