/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API that is open to everybody: a question, the chains, one patent. Public fields alone, whoever asks with what
 * token: for more there are the pages of needs. */
#include "app/answer.h"
#include "app/web/access.h"
#include "app/web/asked.h"
#include "app/web/chrome.h"
#include "app/web/pair.h"
#include "app/web/router.h"
#include "engine/report/wording.h"
#include <string.h>

#define MAX_VALUES 20 /* of one facet */

/* patent: may the question name one? */
static gboolean check_keys(json_t *body, gboolean patent, GError **error)
{
    const char *key;
    json_t *value;
    DjFacet facet;
    json_object_foreach(body, key, value)
    {
        (void)value;
        if (strcmp(key, "text") != 0 && strcmp(key, "top") != 0 && strcmp(key, "budget") != 0 &&
            !(patent && strcmp(key, "patent") == 0) && !dj_facet_parse(key, &facet))
            return dj_web_fail(error, 400, "不认识的项：%.40s", key);
    }
    return TRUE;
}

static json_t *facets_of(DjRequest *request, const DjAsked *asked)
{
    json_t *facets = json_object();
    for (int f = 0; f < DJ_N_FACETS; f++) {
        g_autoptr(GArray) counts =
            dj_facet_count(dj_serving_facets(request->desk->serving), (DjFacet)f, asked->found, MAX_VALUES);
        json_t *list = json_array();
        for (guint i = 0; i < counts->len; i++) {
            const DjFacetCount *count = &g_array_index(counts, DjFacetCount, i);
            json_array_append_new(list, json_pack("{s:s, s:s, s:i}", "value", count->value, "label", count->label,
                                                  "count", (int)count->count));
        }
        json_object_set_new(facets, dj_facet_name((DjFacet)f), list);
    }
    return facets;
}

static void add_terms(DjRequest *request, const DjAsked *asked, json_t *results)
{
    for (guint i = 0; i < asked->set->pairings->len; i++) {
        const DjPairing *pairing = asked->set->pairings->pdata[i];
        const DjRecord *patent = g_hash_table_lookup(asked->set->patents, pairing->patent);
        g_autoptr(GString) fee = g_string_new(NULL), left = g_string_new(NULL);
        dj_wording_fee(fee, DJ_AUDIENCE_PUBLIC, patent);
        dj_wording_term_left(left, DJ_AUDIENCE_PUBLIC, patent, dj_serving_today(request->desk->serving));
        json_t *result = json_array_get(results, i);
        json_object_set_new(result, "chain", json_string(pairing->chain ? pairing->chain : ""));
        json_object_set_new(result, "fee", json_string(fee->str));
        json_object_set_new(result, "term_left", json_string(left->str));
    }
}

/* Into asked, which is initialised. */
static gboolean read_question(DjAsked *asked, DjRequest *request, json_t *body, gboolean patent, GError **error)
{
    json_t *text = json_object_get(body, "text"), *top = json_object_get(body, "top");
    if (!json_is_string(text))
        return dj_web_fail(error, 400, "缺 text：用平常的话写一段");
    if (top && (!json_is_integer(top) || json_integer_value(top) < 1 || json_integer_value(top) > DJ_ASK_MAX_TOP))
        return dj_web_fail(error, 400, "top 应为 1 到 %d 的整数", DJ_ASK_MAX_TOP);
    if (!check_keys(body, patent, error) || !dj_request_needs_desk(request, error))
        return FALSE;
    if (strlen(json_string_value(text)) != json_string_length(text))
        return dj_web_fail(error, 400, "text 里有空字符");
    asked->top = top ? (guint)json_integer_value(top) : 10;
    asked->given = g_strdup(json_string_value(text));
    return dj_asked_read_json(asked, request, body, error);
}

static gboolean answer(DjRequest *request, json_t *body, GError **error)
{
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    if (!read_question(&asked, request, body, FALSE, error) || !dj_asked_run(&asked, request, error))
        return FALSE;
    json_t *object = dj_answer_object(asked.set, asked.text, DJ_AUDIENCE_PUBLIC);
    add_terms(request, &asked, json_object_get(object, "results"));
    json_object_set_new(object, "facets", facets_of(request, &asked));
    dj_web_json(request, object);
    return TRUE;
}

gboolean dj_web_api_query(DjRequest *request, GError **error)
{
    json_t *body = dj_web_read_json(request, error);
    gboolean ok = body && answer(request, body, error);
    json_decref(body);
    return ok;
}

static gboolean answer_why(DjRequest *request, json_t *body, GError **error)
{
    const char *given = json_string_value(json_object_get(body, "patent"));
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    if (!read_question(&asked, request, body, TRUE, error))
        return FALSE;
    if (!given || !*given)
        return dj_web_fail(error, 400, "要有 patent：专利号或编号");
    g_autofree char *key = dj_pair_key(request, DJ_TABLE_PATENT, given, error);
    DjWhy why;
    if (!key || !dj_asked_why(&asked, request, key, &why, error))
        return FALSE;
    json_t *object = json_pack("{s:s, s:s}", "query", asked.text, "patent", key);
    json_object_update_new(object, dj_web_why_json(request, &why, DJ_AUDIENCE_PUBLIC, NULL));
    dj_web_json(request, object);
    dj_why_clear(&why);
    return TRUE;
}

gboolean dj_web_api_query_why(DjRequest *request, GError **error)
{
    json_t *body = dj_web_read_json(request, error);
    gboolean ok = body && answer_why(request, body, error);
    json_decref(body);
    return ok;
}

gboolean dj_web_api_chains(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    const DjSession *session = dj_serving_session(request->desk->serving);
    json_t *chains = json_array();
    for (guint i = 0; i < dj_taxonomy_n_chains(session->taxonomy); i++) {
        DjChain chain = dj_taxonomy_chain(session->taxonomy, i);
        guint32 n;
        dj_matrix_segment_docs(&session->corpus->matrix, i, &n);
        json_array_append_new(chains, json_pack("{s:s, s:s, s:s, s:i}", "id", chain.id, "name", chain.name, "tier",
                                                chain.tier ? chain.tier : "", "patents", (int)n));
    }
    dj_web_json(request, json_pack("{s:s, s:I, s:o}", "taxonomy", session->corpus->taxonomy, "generation",
                                   (json_int_t)session->generation.number, "chains", chains));
    return TRUE;
}

gboolean dj_web_api_patent(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    g_autoptr(DjRecord) patent = dj_desk_record(request->desk, DJ_TABLE_PATENT, request->capture[0], error);
    if (!patent)
        return FALSE;
    dj_web_json(request, dj_access_record_json(patent, dj_request_audience(request)));
    return TRUE;
}

gboolean dj_web_api_me(DjRequest *request, GError **error)
{
    (void)error;
    dj_web_json(request,
                json_pack("{s:s, s:s, s:s, s:s}", "name", request->user.name, "role", dj_role_name(request->user.role),
                          "audience", dj_audience_name(dj_request_audience(request)), "enterprise",
                          request->user.enterprise));
    return TRUE;
}
