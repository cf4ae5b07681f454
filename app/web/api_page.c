/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/api_page.h"

#include "app/web/chrome.h"

#define MOST     500
#define ORDINARY 100

gboolean dj_api_page_init(DjApiPage *page, const DjRequest *request, GError **error)
{
    *page = (DjApiPage){.after = g_hash_table_lookup(request->query, "after"), .list = json_array()};
    return dj_request_number(request, "limit", 1, MOST, ORDINARY, &page->limit, error);
}

void dj_api_page_clear(DjApiPage *page)
{
    g_clear_pointer(&page->list, json_decref);
    g_clear_pointer(&page->last, g_free);
}

gint64 dj_api_page_after_number(const DjApiPage *page)
{
    return page->after ? g_ascii_strtoll(page->after, NULL, 10) : 0;
}

gboolean dj_api_page_has_room(DjApiPage *page)
{
    page->more = (int)json_array_size(page->list) >= page->limit;
    return !page->more;
}

void dj_api_page_add(DjApiPage *page, json_t *item, const char *key)
{
    json_array_append_new(page->list, item);
    g_free(page->last);
    page->last = g_strdup(key);
}

void dj_api_page_add_number(DjApiPage *page, json_t *item, gint64 number)
{
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, number);
    dj_api_page_add(page, item, key);
}

void dj_api_page_answer(DjApiPage *page, DjRequest *request, const char *name, json_t *more)
{
    json_t *answer = more ? more : json_object();
    json_object_set(answer, name, page->list);
    json_object_set_new(answer, "next", page->more ? json_string(page->last) : json_null());
    dj_web_json(request, answer);
}
