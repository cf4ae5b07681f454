/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/asked.h"

#include "engine/report/page.h"
#include <string.h>

void dj_asked_init(DjAsked *asked)
{
    *asked = (DjAsked){.top = 10};
    dj_filter_init(&asked->filter);
}

void dj_asked_clear(DjAsked *asked)
{
    g_clear_pointer(&asked->given, g_free);
    g_clear_pointer(&asked->text, g_free);
    g_clear_pointer(&asked->found, g_free);
    g_clear_pointer(&asked->set, dj_result_set_free);
    dj_filter_clear(&asked->filter);
}

/* ---- forms ---- */

/* "chain=c20-18" of a button that takes one choice back. */
static gboolean is_dropped(const char *drop, const char *name, const char *value)
{
    gsize length = strlen(name);
    return drop && strncmp(drop, name, length) == 0 && drop[length] == '=' && strcmp(drop + length + 1, value) == 0;
}

gboolean dj_asked_read_form(DjAsked *asked, DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    const char *text = dj_request_field(request, "text"), *top = dj_request_field(request, "top"),
               *drop = dj_request_field(request, "drop"), *budget = dj_request_field(request, "budget"),
               *add = dj_request_field(request, "add");
    const DjSession *session = dj_serving_session(request->desk->serving);
    g_free(asked->given);
    asked->given = add ? g_strconcat(text ? text : "", " ", add, NULL) : g_strdup(text ? text : "");
    for (int f = 0; f < DJ_N_FACETS; f++) {
        const char *name = dj_facet_name((DjFacet)f);
        const GPtrArray *chosen = dj_request_fields(request, name);
        for (guint v = 0; v < chosen->len; v++)
            if (!is_dropped(drop, name, chosen->pdata[v]) &&
                !dj_filter_add(&asked->filter, session, (DjFacet)f, chosen->pdata[v], error))
                return FALSE;
    }
    if (budget && !is_dropped(drop, "budget", budget) && !dj_filter_set_budget(&asked->filter, budget, error))
        return FALSE;
    if (g_strcmp0(drop, "all") == 0) {
        dj_filter_clear(&asked->filter);
        dj_filter_init(&asked->filter);
    }
    gint64 wanted = 10;
    if (top && !g_ascii_string_to_signed(top, 10, 1, DJ_ASK_MAX_TOP, &wanted, NULL))
        return dj_web_fail(error, 400, "top 应为 1 到 %d 的整数", DJ_ASK_MAX_TOP);
    asked->top = (guint)wanted;
    return TRUE;
}

static void put_hidden(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    dj_html_text(out, value);
    g_string_append(out, "\">\n");
}

void dj_asked_put_hidden(const DjAsked *asked, GString *out)
{
    put_hidden(out, "text", asked->given);
    for (int f = 0; f < DJ_N_FACETS; f++)
        for (guint i = 0; i < asked->filter.values[f]->len; i++)
            put_hidden(out, dj_facet_name((DjFacet)f), asked->filter.values[f]->pdata[i]);
    if (asked->filter.budget >= 0) {
        g_autofree char *yuan = g_strdup_printf("%" G_GINT64_FORMAT "元", asked->filter.budget);
        put_hidden(out, "budget", yuan);
    }
}

/* ---- JSON ---- */

/* "chain": "c20-18" or ["c20-18", …]; "budget": yuan. */
gboolean dj_asked_read_json(DjAsked *asked, DjRequest *request, json_t *object, GError **error)
{
    const DjSession *session = dj_serving_session(request->desk->serving);
    for (int f = 0; f < DJ_N_FACETS; f++) {
        json_t *given = json_object_get(object, dj_facet_name((DjFacet)f));
        gsize n = !given ? 0 : json_is_array(given) ? json_array_size(given) : 1;
        for (gsize i = 0; i < n; i++) {
            const char *value = json_string_value(json_is_array(given) ? json_array_get(given, i) : given);
            if (!value)
                return dj_web_fail(error, 400, "%s 应是文字，或文字的数组", dj_facet_name((DjFacet)f));
            if (!dj_filter_add(&asked->filter, session, (DjFacet)f, value, error))
                return FALSE;
        }
    }
    json_t *budget = json_object_get(object, "budget");
    if (budget && (!json_is_integer(budget) || json_integer_value(budget) < 0))
        return dj_web_fail(error, 400, "budget 应是元数，不小于 0 的整数");
    if (budget)
        asked->filter.budget = json_integer_value(budget);
    return TRUE;
}

char *dj_asked_filter_json(const DjAsked *asked)
{
    json_t *object = json_object();
    for (int f = 0; f < DJ_N_FACETS; f++) {
        const GPtrArray *values = asked->filter.values[f];
        json_t *list = json_array();
        for (guint i = 0; i < values->len; i++)
            json_array_append_new(list, json_string(values->pdata[i]));
        if (values->len > 0)
            json_object_set(object, dj_facet_name((DjFacet)f), list);
        json_decref(list);
    }
    if (asked->filter.budget >= 0)
        json_object_set_new(object, "budget", json_integer(asked->filter.budget));
    char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS), *out = g_strdup(text);
    free(text);
    json_decref(object);
    return out;
}

/* ---- answering ---- */

/* Takes the fields out of what was given. *admit: what the choices leave, NULL for everything, to be freed. */
static gboolean prepare(DjAsked *asked, DjRequest *request, guint64 **admit, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    if (g_utf8_strlen(asked->given, -1) > DJ_ASK_MAX_CHARS)
        return dj_web_fail(error, 400, "最多 %d 字，请写要点", DJ_ASK_MAX_CHARS);
    asked->text =
        dj_filter_take_fields(&asked->filter, dj_serving_session(request->desk->serving), asked->given, error);
    if (!asked->text)
        return FALSE;
    if (*asked->text == '\0')
        return dj_web_fail(error, 400, "请写一段：想解决什么、现在怎么做、指标要到多少");
    if (dj_filter_is_empty(&asked->filter))
        return TRUE;
    DjIndex *index = dj_desk_index(request->desk, error);
    *admit = index ? dj_filter_apply(&asked->filter, index, error) : NULL;
    return *admit != NULL;
}

gboolean dj_asked_run(DjAsked *asked, DjRequest *request, GError **error)
{
    g_autofree guint64 *admit = NULL;
    if (!prepare(asked, request, &admit, error))
        return FALSE;
    const DjSession *session = dj_serving_session(request->desk->serving);
    asked->found = g_new0(guint64, dj_corpus_n_docs(session->corpus) / 64 + 1);
    DjQuestion question = {.text = asked->text, .top = asked->top, .admit = admit, .found = asked->found};
    DjRecordSource records = dj_desk_records(request->desk);
    asked->set = dj_asker_question(dj_serving_asker(request->desk->serving), &records, &question, error);
    if (asked->set)
        dj_session_sign(session, asked->set);
    return asked->set != NULL;
}

gboolean dj_asked_why(DjAsked *asked, DjRequest *request, const char *patent, DjWhy *why, GError **error)
{
    g_autofree guint64 *admit = NULL;
    if (!prepare(asked, request, &admit, error))
        return FALSE;
    DjQuestion question = {.text = asked->text, .top = asked->top, .admit = admit};
    DjRecordSource records = dj_desk_records(request->desk);
    return dj_asker_why_question(dj_serving_asker(request->desk->serving), &records, patent, &question, why, error);
}
