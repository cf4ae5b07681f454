/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pairing: all its evidence, whether and why it is on the list, and what people decided about it. */
#include "app/web/pair.h"

#include "app/answer.h"
#include "app/web/access.h"
#include "app/web/chrome.h"
#include "app/web/decide.h"
#include "app/web/hit.h"
#include "app/web/record.h"
#include "app/web/router.h"
#include "engine/model/ident.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"
#include <string.h>

const char *dj_pair_chain_name(const DjRequest *request, const char *id)
{
    const DjSession *session = dj_serving_session(request->desk->serving);
    guint chain;
    return id && *id && dj_taxonomy_find(session->taxonomy, id, &chain)
               ? dj_taxonomy_chain(session->taxonomy, chain).name
               : "未归链";
}

char *dj_pair_path(const char *need, const char *patent)
{
    g_autofree char *a = g_uri_escape_string(need, NULL, FALSE), *b = g_uri_escape_string(patent, NULL, FALSE);
    return g_strdup_printf("/needs/%s/patents/%s", a, b);
}

void dj_why_form(DjRequest *request, const char *need)
{
    GString *out = request->out;
    if (request->user.role < DJ_ROLE_ORGANISER)
        return;
    g_string_append(out, "<section class=\"card stack no-print\" id=\"why\">\n<h2>为什么没有？</h2>\n"
                         "<form class=\"row\" method=\"get\" action=\"/why\">");
    g_string_append(out, "<label class=\"field\">需求号 <input type=\"text\" name=\"need\" required maxlength=\"100\" "
                         "value=\"");
    dj_html_text(out, need);
    g_string_append(
        out, "\"></label><label class=\"field\">专利号或编号 <input type=\"text\" name=\"patent\" required "
             "maxlength=\"100\"></label><button class=\"btn\" type=\"submit\">看原因</button></form>\n</section>\n");
}

typedef struct {
    GString *out;
    const char *need, *patent;
    guint n;
} History;

static gboolean put_decision(const DjDecision *decision, gpointer user)
{
    History *history = user;
    if (strcmp(decision->need, history->need) != 0 || strcmp(decision->patent, history->patent) != 0)
        return TRUE;
    history->n++;
    g_string_append_printf(history->out, "<li><b>%s</b>　%.10s　", dj_decision_kind_label(decision->kind),
                           decision->recorded_at);
    dj_html_text(history->out, decision->who);
    g_string_append(history->out, "　");
    dj_html_text(history->out, decision->note);
    g_string_append(history->out, "</li>\n");
    return TRUE;
}

static gboolean put_decisions(DjRequest *request, const char *need, const char *patent, GError **error)
{
    static const DjDecisionKind kinds[] = {DJ_DECISION_ACCEPT, DJ_DECISION_REJECT, DJ_DECISION_PIN, DJ_DECISION_BAN,
                                           DJ_DECISION_CLEAR};
    GString *out = request->out;
    g_string_append(out, "<section class=\"card stack\">\n<h2>决定</h2>\n<ul>\n");
    History history = {out, need, patent, 0};
    if (!dj_store_each_decision(request->desk->store, NULL, put_decision, &history, error))
        return FALSE;
    g_string_append(out, history.n ? "</ul>\n" : "<li class=\"dim\">还没有决定</li></ul>\n");
    g_autofree char *path = dj_pair_path(need, patent);
    g_string_append_printf(out, "<form class=\"stack no-print\" method=\"post\" action=\"%s/decision\">", path);
    dj_chrome_csrf(request);
    g_string_append(out,
                    "<label for=\"note\">原因（拒绝和禁配必写）</label><input id=\"note\" type=\"text\" name=\"note\" "
                    "maxlength=\"1000\">\n<p class=\"row\">");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        g_string_append_printf(out, "<button class=\"btn%s\" type=\"submit\" name=\"kind\" value=\"%s\">%s</button>",
                               kinds[i] == DJ_DECISION_ACCEPT ? " btn-1" : "", dj_decision_kind_name(kinds[i]),
                               dj_decision_kind_label(kinds[i]));
    g_string_append(out, "</p></form>\n</section>\n");
    return TRUE;
}

void dj_why_standing(GString *out, const DjWhy *why, const char *where)
{
    g_string_append_printf(out, "<section class=\"note%s\"><p>", why->listed ? "" : " note-unk");
    g_string_append_printf(out, "%s%s", why->listed ? "在" : "不在", where);
    if (why->listed) {
        g_string_append_printf(out, "，第 %u 位。", why->rank);
    } else {
        g_string_append(out, "：");
        dj_html_text(out, why->reason);
        g_string_append(out, "。");
    }
    g_string_append(out, "</p></section>\n");
}

json_t *dj_web_why_json(const DjRequest *request, const DjWhy *why, DjAudience audience, const DjRecord *need)
{
    const DjServing *serving = request->desk->serving;
    g_autofree char *today = dj_day_format(dj_serving_today(serving));
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    dj_pairing_view_set(&view, why->pairing, need);
    return json_pack("{s:s, s:s, s:I, s:b, s:o, s:s?, s:I, s:o}", "audience", dj_audience_name(audience), "now", today,
                     "generation", (json_int_t)dj_serving_session(serving)->generation.number, "listed", why->listed,
                     "rank", why->rank > 0 ? json_integer(why->rank) : json_null(), "reason",
                     why->listed ? NULL : why->reason, "points_missing", (json_int_t)why->points_missing, "evidence",
                     dj_answer_evidence(&view));
}

static void put_side(GString *out, const char *label, const char *title, const char *who, const char *prefix,
                     const char *key)
{
    g_string_append_printf(out, "<div><p class=\"s dim\">%s</p>\n<h2>", label);
    dj_chrome_link(out, prefix, key, title);
    g_string_append(out, "</h2>\n<p class=\"s\"><b>");
    dj_html_text(out, who);
    g_string_append(out, "</b> <span class=\"dim\">");
    dj_html_text(out, key);
    g_string_append(out, "</span></p></div>\n");
}

/* Answer first: the score, whose need and whose patent, facts and verdicts. */
static void put_head(DjRequest *request, const DjHit *hit)
{
    GString *out = request->out;
    DjAudience audience = hit->view->audience;
    const DjPairing *pairing = hit->view->pairing;
    g_autoptr(GString) owners = g_string_new(NULL);
    dj_wording_list(owners, dj_projection_field(audience, hit->patent, DJ_PATENT_OWNERS));
    g_string_append_printf(out,
                           "<p class=\"crumb\"><a href=\"/work\">%s</a></p>\n<section class=\"card pair-h\">\n"
                           "<div class=\"score\"><b>%d</b><span>匹配度</span><span>%" G_GINT64_FORMAT
                           " 点</span></div>\n<div class=\"stack\">\n<div class=\"half\">\n",
                           dj_chrome_work(request), pairing->score, pairing->points);
    put_side(out, "需求", dj_projection_field(audience, hit->need, DJ_NEED_TITLE),
             dj_projection_sees_enterprise(audience, hit->need)
                 ? dj_projection_field(audience, hit->need, DJ_NEED_ENTERPRISE)
                 : "企业不公开",
             "needs", hit->need->key);
    put_side(out, "专利", dj_projection_field(audience, hit->patent, DJ_PATENT_TITLE), owners->str, "patents",
             hit->patent->key);
    g_string_append(out, "</div>\n<p class=\"row s\"><span class=\"chip\">");
    dj_html_text(out, hit->chain_name);
    g_string_append(out, "</span></p>\n");
    dj_hit_facts(out, hit);
    g_string_append(out, "</div>\n</section>\n");
}

static void put_record(DjRequest *request, const DjHit *hit, const DjRecord *record, const char *heading)
{
    g_string_append_printf(request->out, "<details><summary>%s</summary>", heading);
    dj_record_put(request, hit->view->audience, record);
    g_string_append(request->out, "</details>\n");
}

static void put_evidence(DjRequest *request, const DjHit *hit)
{
    GString *out = request->out;
    g_autoptr(GString) texts = g_string_new(NULL);
    dj_hit_texts(texts, hit);
    gboolean marked = strstr(texts->str, "<mark") != NULL;
    g_string_append_printf(out, "<section class=\"card stack\">\n<h2>两边的原文</h2>\n%s<p class=\"s dim\">%s</p>\n",
                           marked ? texts->str : "",
                           marked ? "实线：同一个词。虚线：意思相近。号码相同为同一处相配。"
                                  : "没有能逐词标出的地方，请看全文。");
    put_record(request, hit, hit->need, "需求全文");
    put_record(request, hit, hit->patent, "专利全文");
    g_string_append(out, "</section>\n<section class=\"card\">\n<h2>指标与许可条件</h2>\n");
    dj_hit_gate(out, hit);
    g_string_append(out, "</section>\n");
}

gboolean dj_web_pair_page(DjRequest *request, GError **error)
{
    DjAudience audience;
    g_autoptr(DjRecord) need = dj_access_need(request, request->capture[0], &audience, error);
    g_autoptr(DjRecord) patent =
        need ? dj_desk_record(request->desk, DJ_TABLE_PATENT, request->capture[1], error) : NULL;
    if (!patent)
        return FALSE;
    DjRecordSource records = dj_desk_records(request->desk);
    DjWhy why;
    if (!dj_asker_why(dj_serving_asker(request->desk->serving), &records, patent->key, need->key, &why, error))
        return FALSE;
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    dj_pairing_view_set(&view, why.pairing, need);
    g_autoptr(DjQuality) quality = dj_quality_judge(dj_serving_session(request->desk->serving)->criteria, patent,
                                                    dj_serving_today(request->desk->serving));
    DjHit hit = {.view = &view,
                 .need = need,
                 .patent = patent,
                 .quality = quality,
                 .chain_name = dj_pair_chain_name(request, why.pairing->chain),
                 .now = dj_serving_today(request->desk->serving)};
    if (why.rank > 0)
        why.pairing->rank = why.rank;
    dj_chrome_begin(request, "配对");
    put_head(request, &hit);
    dj_why_standing(request->out, &why, "这条需求的清单上");
    g_string_append(request->out, "<div class=\"cols\">\n<div>\n");
    put_evidence(request, &hit);
    g_string_append(request->out, "</div>\n<aside>\n");
    gboolean staff = request->user.role >= DJ_ROLE_ORGANISER;
    gboolean ok = !staff || put_decisions(request, need->key, patent->key, error);
    g_string_append(request->out, "<section class=\"card\">\n<h2>得分构成</h2>\n");
    dj_hit_parts(request->out, &hit);
    g_string_append(request->out, "</section>\n</aside>\n</div>\n");
    dj_why_form(request, need->key);
    dj_chrome_end(request);
    dj_why_clear(&why);
    return ok;
}

char *dj_pair_key(DjRequest *request, DjTable wanted, const char *text, GError **error)
{
    const char *what = wanted == DJ_TABLE_NEED ? "需求" : "专利";
    DjTable table;
    gboolean found = FALSE;
    g_autofree char *key = NULL, *clean = g_strstrip(g_strdup(text ? text : ""));
    g_autoptr(GError) failed = NULL;
    if (!dj_store_find_key(request->desk->store, clean, &table, &key, &found, &failed) &&
        !g_error_matches(failed, DJ_STORE_ERROR, DJ_STORE_ERROR_AMBIGUOUS)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    if (found && table == wanted)
        return g_steal_pointer(&key);
    dj_web_fail(error, 404, failed ? "有几件%s的编号这样开头，请写全" : "没有这个编号的%s", what);
    return NULL;
}

gboolean dj_web_why(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    g_autofree char *need = dj_pair_key(request, DJ_TABLE_NEED, g_hash_table_lookup(request->query, "need"), error);
    g_autofree char *patent =
        need ? dj_pair_key(request, DJ_TABLE_PATENT, g_hash_table_lookup(request->query, "patent"), error) : NULL;
    if (!patent)
        return FALSE;
    g_autofree char *path = dj_pair_path(need, patent);
    dj_response_redirect(request, path);
    return TRUE;
}

gboolean dj_web_decide_form(DjRequest *request, GError **error)
{
    gint64 id;
    if (!dj_web_decide(request, dj_request_field(request, "kind"), request->capture[0], request->capture[1],
                       dj_request_field(request, "note"), &id, error))
        return FALSE;
    g_autofree char *path = dj_pair_path(request->capture[0], request->capture[1]);
    dj_response_redirect(request, path);
    return TRUE;
}
