/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API for those who signed in: enterprises, needs, the pairings of a need, decisions. */
#include "app/web/access.h"
#include "app/web/api_page.h"
#include "app/web/chrome.h"
#include "app/web/decide.h"
#include "app/web/pair.h"
#include "app/web/router.h"
#include "app/web/server.h"
#include "engine/model/ident.h"
#include "engine/report/list_jsonl.h"
#include <string.h>

typedef struct {
    const DjRequest *request;
    DjApiPage *page;
} Listing;

static gboolean add_record(const DjRecord *record, gpointer user)
{
    const Listing *listing = user;
    DjApiPage *page = listing->page;
    DjAudience audience;
    if ((page->after && strcmp(record->key, page->after) <= 0) ||
        !dj_access_record(listing->request, record, &audience))
        return TRUE;
    if (!dj_api_page_has_room(page))
        return FALSE;
    dj_api_page_add(page, dj_access_record_json(record, audience), record->key);
    return TRUE;
}

static gboolean list_table(DjRequest *request, DjTable table, GError **error)
{
    g_auto(DjApiPage) page;
    if (!dj_api_page_init(&page, request, error) || !dj_access_prepare(request, error))
        return FALSE;
    Listing listing = {request, &page};
    if (!dj_store_each(request->desk->store, table, DJ_POINT_NOW, add_record, &listing, error))
        return FALSE;
    dj_api_page_answer(&page, request, dj_table_name(table), NULL);
    return TRUE;
}

gboolean dj_web_api_enterprises(DjRequest *request, GError **error)
{
    return list_table(request, DJ_TABLE_ENTERPRISE, error);
}

gboolean dj_web_api_needs(DjRequest *request, GError **error)
{
    return list_table(request, DJ_TABLE_NEED, error);
}

/* The objects of pairings.jsonl, so that a program reads both in one way. */
static void append_pairings(GString *out, const DjListRun *run)
{
    gboolean first = TRUE;
    g_auto(DjListRow) row;
    dj_list_row_init(&row, run);
    for (guint c = 0; c < run->chains->len; c++) {
        const DjListChain *chain = run->chains->pdata[c];
        for (guint i = 0; i < chain->pairings[DJ_DIRECTION_NEED]->len; i++) {
            if (!first)
                g_string_append_c(out, ',');
            first = FALSE;
            dj_list_row_set(&row, chain, DJ_DIRECTION_NEED, i);
            dj_list_jsonl_append(out, &row);
        }
    }
}

gboolean dj_web_api_need_pairings(DjRequest *request, GError **error)
{
    DjAudience audience;
    int top;
    g_autoptr(DjRecord) need = dj_access_need(request, request->capture[0], &audience, error);
    if (!need || !dj_request_number(request, "top", 1, 100, 20, &top, error))
        return FALSE;
    DjRecordSource records = dj_desk_records(request->desk);
    g_autoptr(DjResultSet) set =
        dj_asker_need(dj_serving_asker(request->desk->serving), &records, need->key, (guint)top, error);
    if (!set)
        return FALSE;
    dj_session_sign(dj_serving_session(request->desk->serving), set);
    g_autoptr(DjListRun) run = dj_list_run_new(set, audience, error);
    if (!run)
        return FALSE;
    json_t *head = json_pack("{s:s, s:s, s:s, s:I}", "need", need->key, "audience", dj_audience_name(audience), "now",
                             set->provenance.now, "generation", (json_int_t)set->provenance.generation);
    dj_web_json(request, head);
    g_string_truncate(request->out, request->out->len - 2); /* "}\n" */
    g_string_append(request->out, ",\"pairings\":[");
    append_pairings(request->out, run);
    g_string_append(request->out, "]}\n");
    return TRUE;
}

gboolean dj_web_api_need_why(DjRequest *request, GError **error)
{
    DjAudience audience;
    const char *key = g_hash_table_lookup(request->query, "patent");
    g_autoptr(DjRecord) need = dj_access_need(request, request->capture[0], &audience, error);
    if (!need)
        return FALSE;
    if (!key)
        return dj_web_fail(error, 400, "要有 patent：专利号或编号");
    g_autoptr(DjRecord) patent = dj_desk_record(request->desk, DJ_TABLE_PATENT, key, error);
    DjRecordSource records = dj_desk_records(request->desk);
    DjWhy why;
    if (!patent ||
        !dj_asker_why(dj_serving_asker(request->desk->serving), &records, patent->key, need->key, &why, error))
        return FALSE;
    json_t *object = json_pack("{s:s, s:s}", "need", need->key, "patent", patent->key);
    json_object_update_new(object, dj_web_why_json(request, &why, audience, need));
    dj_web_json(request, object);
    dj_why_clear(&why);
    return TRUE;
}

/* ---- decisions ---- */

static gboolean add_decision(const DjDecision *decision, gpointer user)
{
    DjApiPage *page = user;
    if (decision->id <= dj_api_page_after_number(page))
        return TRUE;
    if (!dj_api_page_has_room(page))
        return FALSE;
    json_t *object =
        json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "id", (json_int_t)decision->id, "kind",
                  dj_decision_kind_name(decision->kind), "need", decision->need, "patent", decision->patent, "who",
                  decision->who, "recorded_at", decision->recorded_at, "note", decision->note);
    dj_api_page_add_number(page, object, decision->id);
    return TRUE;
}

gboolean dj_web_api_decisions(DjRequest *request, GError **error)
{
    g_auto(DjApiPage) page;
    if (!dj_api_page_init(&page, request, error) || !dj_request_needs_desk(request, error) ||
        !dj_store_each_decision(request->desk->store, NULL, add_decision, &page, error))
        return FALSE;
    dj_api_page_answer(&page, request, "decisions", NULL);
    return TRUE;
}

gboolean dj_web_api_decide(DjRequest *request, GError **error)
{
    json_t *body = dj_web_read_json(request, error);
    if (!body)
        return FALSE;
    const char *kind = NULL, *need = NULL, *patent = NULL, *note = "";
    gboolean ok = json_unpack_ex(body, NULL, JSON_STRICT, "{s:s, s:s, s:s, s?s}", "kind", &kind, "need", &need,
                                 "patent", &patent, "note", &note) == 0;
    if (!ok)
        dj_web_fail(error, 400, "要有 kind、need、patent，可以有 note，都是文字");
    gint64 id = 0;
    ok = ok && dj_web_decide(request, kind, need, patent, note, &id, error);
    json_decref(body);
    if (ok) {
        dj_web_json(request, json_pack("{s:I}", "id", (json_int_t)id));
        request->status = 201;
    }
    return ok;
}
