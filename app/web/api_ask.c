/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API around a question: suggestions, questions that nothing fitted, saved questions. */
#include "app/web/api_page.h"
#include "app/web/ask_results.h"
#include "app/web/chrome.h"
#include "app/web/router.h"
#include "app/web/saved.h"
#include "app/web/unmet.h"
#include <string.h>

#define MAX_WORDS 8

static json_t *read_text_body(const DjRequest *request, const char **text, GError **error)
{
    json_t *body = dj_web_read_json(request, error);
    json_t *given = json_object_get(body, "text");
    *text = json_string_value(given);
    if (!body || (*text && strlen(*text) == json_string_length(given)))
        return body;
    json_decref(body);
    dj_web_fail(error, 400, "缺 text，或其中有空字符");
    return NULL;
}

gboolean dj_web_api_suggest(DjRequest *request, GError **error)
{
    const char *text;
    json_t *body = dj_request_needs_desk(request, error) ? read_text_body(request, &text, error) : NULL;
    if (!body)
        return FALSE;
    gsize replaced;
    g_autoptr(GPtrArray) words =
        dj_suggest_words_complete(dj_serving_suggest_words(request->desk->serving), text, MAX_WORDS, &replaced);
    json_t *list = json_array();
    for (guint i = 0; i < words->len; i++)
        json_array_append_new(list, json_string(words->pdata[i]));
    glong chars = words->len > 0 ? g_utf8_strlen(text + strlen(text) - replaced, -1) : 0;
    dj_web_json(request, json_pack("{s:i, s:o}", "replaced", (int)chars, "words", list));
    json_decref(body);
    return TRUE;
}

/* ---- 都不合适 ---- */

gboolean dj_web_api_unmet_add(DjRequest *request, GError **error)
{
    json_t *body = dj_web_read_json(request, error);
    DjUnmet unmet = {.title = "", .detail = "", .contact = ""};
    const char *route = NULL;
    gint64 id = 0;
    if (!body)
        return FALSE;
    gboolean ok =
        json_unpack_ex(body, NULL, JSON_STRICT, "{s:s, s:s, s?s, s?s, s?s}", "text", &unmet.text, "reason",
                       &unmet.reason, "title", &unmet.title, "detail", &unmet.detail, "contact", &unmet.contact) == 0 ||
        dj_web_fail(error, 400, "要有 text、reason，可以有 title、detail、contact，都是文字");
    ok = ok && dj_web_add_unmet(request, &unmet, &route, &id, error);
    json_decref(body);
    if (ok) {
        dj_web_json(request, json_pack("{s:I, s:s}", "id", (json_int_t)id, "route", route));
        request->status = 201;
    }
    return ok;
}

typedef struct {
    DjRequest *request;
    DjApiPage *page;
    GError *error;
} Listing;

static gboolean add_unmet(const DjUnmet *unmet, gpointer user)
{
    Listing *listing = user;
    if (!dj_api_page_has_room(listing->page))
        return FALSE;
    dj_api_page_add_number(listing->page, dj_web_unmet_json(listing->request, unmet), unmet->id);
    return TRUE;
}

gboolean dj_web_api_unmet(DjRequest *request, GError **error)
{
    g_auto(DjApiPage) page;
    Listing listing = {.request = request, .page = &page};
    if (!dj_api_page_init(&page, request, error) || !dj_request_needs_desk(request, error) ||
        !dj_store_each_unmet(request->desk->store, dj_api_page_after_number(&page), add_unmet, &listing, error))
        return FALSE;
    dj_api_page_answer(&page, request, "unmet", NULL);
    return TRUE;
}

/* ---- saved questions ---- */

static gboolean add_saved(const DjSavedQuestion *saved, gpointer user)
{
    Listing *listing = user;
    if (saved->id <= dj_api_page_after_number(listing->page))
        return TRUE;
    if (!dj_api_page_has_room(listing->page))
        return FALSE;
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    g_autoptr(GHashTable) fresh = dj_saved_run(listing->request, saved, &asked, &listing->error)
                                      ? dj_ask_new_patents(listing->request, &asked, saved->point, &listing->error)
                                      : NULL;
    if (!fresh)
        return FALSE;
    json_t *keys = json_array();
    for (guint i = 0; i < asked.set->pairings->len; i++) {
        const DjPairing *pairing = asked.set->pairings->pdata[i];
        if (g_hash_table_contains(fresh, pairing->patent))
            json_array_append_new(keys, json_string(pairing->patent));
    }
    json_t *object = json_pack("{s:I, s:s, s:o, s:s, s:s, s:i, s:o}", "id", (json_int_t)saved->id, "text", saved->text,
                               "filter", json_loads(saved->filter, 0, NULL), "recorded_at", saved->recorded_at,
                               "seen_at", saved->seen_at, "found", (int)asked.set->n_found, "new", keys);
    dj_api_page_add_number(listing->page, object, saved->id);
    return TRUE;
}

gboolean dj_web_api_saved(DjRequest *request, GError **error)
{
    g_auto(DjApiPage) page;
    Listing listing = {.request = request, .page = &page};
    if (!dj_api_page_init(&page, request, error) || !dj_request_needs_desk(request, error) ||
        !dj_store_each_saved(request->desk->store, request->user.id, add_saved, &listing, error))
        return FALSE;
    if (listing.error) {
        g_propagate_error(error, listing.error);
        return FALSE;
    }
    dj_api_page_answer(&page, request, "saved", NULL);
    return TRUE;
}

gboolean dj_web_api_saved_add(DjRequest *request, GError **error)
{
    const char *text;
    json_t *body = dj_request_needs_desk(request, error) ? read_text_body(request, &text, error) : NULL;
    g_auto(DjAsked) asked;
    gint64 id = 0;
    dj_asked_init(&asked);
    if (!body)
        return FALSE;
    asked.given = g_strdup(text);
    gboolean ok = dj_asked_read_json(&asked, request, body, error) && dj_asked_run(&asked, request, error) &&
                  dj_saved_add(request, &asked, &id, error);
    json_decref(body);
    if (ok) {
        dj_web_json(request, json_pack("{s:I}", "id", (json_int_t)id));
        request->status = 201;
    }
    return ok;
}

gboolean dj_web_api_saved_seen(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error) || !dj_saved_seen(request, request->capture[0], error))
        return FALSE;
    dj_web_json(request, json_pack("{s:s}", "id", request->capture[0]));
    return TRUE;
}

gboolean dj_web_api_saved_forget(DjRequest *request, GError **error)
{
    if (!dj_saved_forget(request, request->capture[0], error))
        return FALSE;
    dj_web_json(request, json_pack("{s:s}", "id", request->capture[0]));
    return TRUE;
}
