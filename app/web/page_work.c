/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people work on after signing in: the chains with their counts and the needs (an enterprise: its own), the list
 * of one need, all evidence of one pairing with the decisions about it, and why a pairing is not on the list. */
#include "app/web/access.h"
#include "app/web/chrome.h"
#include "app/web/decide.h"
#include "app/web/hit.h"
#include "app/web/router.h"
#include "engine/match/demand.h"
#include "engine/report/page.h"
#include "engine/report/pairing_text.h"
#include "engine/report/wording.h"
#include <string.h>

#define PAGE_SIZE 100
#define LIST_TOP  20

static const char *chain_name(const DjRequest *request, const char *id)
{
    const DjSession *session = dj_serving_session(request->desk->serving);
    guint chain;
    return id && *id && dj_taxonomy_find(session->taxonomy, id, &chain)
               ? dj_taxonomy_chain(session->taxonomy, chain).name
               : "未归链";
}

/* ---- chains and needs ---- */

typedef struct {
    DjRequest *request;
    DjQueryScratch scratch;
    const char *chain, *after; /* NULL = all, from the start */
    guint *of_chain;           /* needs per chain, 未归链 last */
    guint n_needs, n_open, n_shown;
    GString *rows;
    char *last;
    gboolean more;
} Overview;

static void put_need(Overview *o, const DjRecord *need, DjAudience audience, const DjMembership *member, guint n_member)
{
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    g_string_append(o->rows, "<tr><td data-l=\"需求\" class=\"title\">");
    dj_chrome_link(o->rows, "needs", need->key, dj_projection_field(audience, need, DJ_NEED_TITLE));
    g_string_append(o->rows, "</td><td data-l=\"企业\">");
    dj_html_text(o->rows, dj_projection_sees_enterprise(audience, need)
                              ? dj_projection_field(audience, need, DJ_NEED_ENTERPRISE)
                              : "不公开");
    g_string_append(o->rows, "</td><td data-l=\"产业链\">");
    for (guint i = 0; i < n_member; i++) {
        g_string_append(o->rows, i ? "、" : "");
        dj_html_text(o->rows, dj_taxonomy_chain(session->taxonomy, member[i].chain).name);
    }
    g_string_append(o->rows, "</td><td data-l=\"状态\">");
    g_string_append(o->rows, dj_need_is_open(need, dj_serving_today(o->request->desk->serving)) ? "征集中" : "已关闭");
    g_string_append(o->rows, "</td></tr>\n");
}

static gboolean see_need(const DjRecord *need, gpointer user)
{
    Overview *o = user;
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    DjAudience audience;
    if (!dj_access_record(o->request, need, &audience))
        return TRUE;
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n = dj_taxonomy_classify(session->taxonomy, o->scratch.normaliser, need, member);
    guint n_chains = dj_taxonomy_n_chains(session->taxonomy);
    gboolean in = !o->chain || (n == 0 && strcmp(o->chain, "none") == 0);
    o->n_needs++;
    o->n_open += dj_need_is_open(need, dj_serving_today(o->request->desk->serving));
    if (n == 0)
        o->of_chain[n_chains]++;
    for (guint i = 0; i < n; i++) {
        o->of_chain[member[i].chain]++;
        in |= o->chain && strcmp(o->chain, dj_taxonomy_chain(session->taxonomy, member[i].chain).id) == 0;
    }
    if (!in || (o->after && strcmp(need->key, o->after) <= 0))
        return TRUE;
    if (o->n_shown == PAGE_SIZE) {
        o->more = TRUE;
        return TRUE;
    }
    o->n_shown++;
    g_free(o->last);
    o->last = g_strdup(need->key);
    put_need(o, need, audience, member, n);
    return TRUE;
}

static void put_chain_row(GString *out, const char *id, const char *name, guint n_needs, guint32 n_patents, guint most)
{
    if (n_needs == 0 && n_patents == 0)
        return;
    g_string_append(out, "<tr><td data-l=\"产业链\"><a href=\"/work?chain=");
    g_string_append_uri_escaped(out, id, NULL, FALSE);
    g_string_append(out, "\">");
    dj_html_text(out, name);
    g_string_append_printf(out,
                           "</a></td><td><svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
                           "aria-hidden=\"true\"><rect width=\"%u\" height=\"10\"/></svg></td>"
                           "<td class=\"num\" data-l=\"专利\">%u</td><td class=\"num\" data-l=\"需求\">%u</td></tr>\n",
                           n_patents * 100 / MAX(most, 1), n_patents, n_needs);
}

static void put_chains(const Overview *o)
{
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    GString *out = o->request->out;
    guint n_chains = dj_taxonomy_n_chains(session->taxonomy);
    guint32 n, most = 1;
    for (guint c = 0; c <= n_chains; c++) {
        dj_matrix_segment_docs(&session->corpus->matrix, c, &n);
        most = MAX(most, n);
    }
    g_string_append(
        out, "<section class=\"card\">\n<details open><summary>各产业链</summary>\n<table class=\"t rows "
             "chains\"><thead><tr>"
             "<th>产业链</th><th></th><th class=\"num\">专利</th><th class=\"num\">需求</th></tr></thead><tbody>\n");
    for (guint c = 0; c < n_chains; c++) {
        DjChain chain = dj_taxonomy_chain(session->taxonomy, c);
        dj_matrix_segment_docs(&session->corpus->matrix, c, &n);
        put_chain_row(out, chain.id, chain.name, o->of_chain[c], n, most);
    }
    dj_matrix_segment_docs(&session->corpus->matrix, n_chains, &n);
    put_chain_row(out, "none", "未归链", o->of_chain[n_chains], n, most);
    g_string_append(out, "</tbody></table></details></section>\n");
}

static void put_overview(const Overview *o)
{
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    GString *out = o->request->out;
    gboolean staff = o->request->user.role >= DJ_ROLE_ORGANISER;
    dj_chrome_begin(o->request, staff ? "需求与配对" : "我的需求");
    g_string_append_printf(out,
                           "<h1>%s</h1>\n<div class=\"figs\"><div><b>%u</b><span>专利与成果</span></div><div><b>%u</b>"
                           "<span>%s</span></div><div><b>%u</b><span>征集中</span></div></div>\n",
                           staff ? "需求与配对" : "我的需求", dj_corpus_n_docs(session->corpus), o->n_needs,
                           staff ? "需求" : "我的需求", o->n_open);
    if (staff)
        put_chains(o);
    g_string_append(out, "<section class=\"card\">\n<h2>需求");
    if (o->chain) {
        g_string_append(out, "：");
        dj_html_text(out, chain_name(o->request, o->chain));
        g_string_append(out, " <a class=\"s\" href=\"/work\">全部</a>");
    }
    g_string_append(out, "</h2>\n");
    if (o->n_shown == 0)
        g_string_append(out, "<p>没有需求。</p>\n");
    else
        g_string_append_printf(
            out,
            "<table class=\"t rows\"><thead><tr><th>需求</th><th>企业</th><th>产业链</th><th>状态</th></tr>"
            "</thead><tbody>\n%s</tbody></table>\n",
            o->rows->str);
    if (o->more) {
        g_string_append(out, "<p><a class=\"btn\" href=\"/work?after=");
        g_string_append_uri_escaped(out, o->last, NULL, FALSE);
        if (o->chain) {
            g_string_append(out, "&amp;chain=");
            g_string_append_uri_escaped(out, o->chain, NULL, FALSE);
        }
        g_string_append(out, "\">后面的</a></p>\n");
    }
    g_string_append(out, "</section>\n");
    dj_chrome_end(o->request);
}

gboolean dj_web_work_page(DjRequest *request, GError **error)
{
    if (!dj_access_prepare(request, error))
        return FALSE;
    const DjSession *session = dj_serving_session(request->desk->serving);
    Overview o = {.request = request,
                  .chain = g_hash_table_lookup(request->query, "chain"),
                  .after = g_hash_table_lookup(request->query, "after"),
                  .of_chain = g_new0(guint, dj_taxonomy_n_chains(session->taxonomy) + 1),
                  .rows = g_string_new(NULL)};
    gboolean ok = dj_query_scratch_init(&o.scratch, error) &&
                  dj_store_each(request->desk->store, DJ_TABLE_NEED, DJ_POINT_NOW, see_need, &o, error);
    if (ok)
        put_overview(&o);
    dj_query_scratch_clear(&o.scratch);
    g_string_free(o.rows, TRUE);
    g_free(o.of_chain);
    g_free(o.last);
    return ok;
}

/* ---- one need ---- */

static char *pair_path(const char *need, const char *patent)
{
    g_autofree char *a = g_uri_escape_string(need, NULL, FALSE), *b = g_uri_escape_string(patent, NULL, FALSE);
    return g_strdup_printf("/needs/%s/patents/%s", a, b);
}

static void put_need_head(DjRequest *request, const DjRecord *need, DjAudience audience)
{
    GString *out = request->out;
    g_string_append(out,
                    "<p class=\"crumb\"><a href=\"/work\">需求与配对</a></p>\n<section class=\"card stack\">\n<h1>");
    dj_html_text(out, dj_projection_field(audience, need, DJ_NEED_TITLE));
    g_string_append(out, "</h1>\n<details><summary>需求全文</summary><pre class=\"facts-text\">");
    g_autoptr(GString) text = g_string_new(NULL);
    dj_record_text(text, audience, need, dj_serving_session(request->desk->serving)->ipc_titles);
    dj_html_text(out, text->str);
    g_string_append(out, "</pre></details>\n</section>\n");
}

static void put_why_form(DjRequest *request, const DjRecord *need)
{
    GString *out = request->out;
    if (request->user.role < DJ_ROLE_ORGANISER)
        return;
    g_string_append(out, "<section class=\"card stack no-print\">\n<h2>为什么没有？</h2>\n<form class=\"row\" "
                         "method=\"post\" action=\"/needs/");
    g_string_append_uri_escaped(out, need->key, NULL, FALSE);
    g_string_append(out, "/why\">");
    dj_chrome_csrf(request);
    g_string_append(
        out,
        "<label class=\"field\">专利号或编号 <input type=\"text\" name=\"patent\" required maxlength=\"100\"></label>"
        "<button class=\"btn\" type=\"submit\">看原因</button></form>\n</section>\n");
}

gboolean dj_web_need_page(DjRequest *request, GError **error)
{
    DjAudience audience;
    g_autoptr(DjRecord) need = dj_access_need(request, request->capture[0], &audience, error);
    if (!need)
        return FALSE;
    DjRecordSource records = dj_desk_records(request->desk);
    g_autoptr(DjResultSet) set =
        dj_asker_need(dj_serving_asker(request->desk->serving), &records, need->key, LIST_TOP, error);
    if (!set)
        return FALSE;
    dj_chrome_begin(request, dj_projection_field(audience, need, DJ_NEED_TITLE));
    put_need_head(request, need, audience);
    g_string_append_printf(request->out, "<h2>最相配的 %u 件</h2>\n", set->pairings->len);
    if (set->pairings->len == 0)
        g_string_append_printf(request->out, "<p>没有匹配度到 %d 的专利。</p>\n", set->min_score);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    for (guint rank = 1; rank <= set->pairings->len; rank++) {
        for (guint i = 0; i < set->pairings->len; i++) { /* the set is ordered by chain */
            const DjPairing *pairing = set->pairings->pdata[i];
            if (pairing->rank != rank)
                continue;
            dj_pairing_view_set(&view, pairing, need);
            g_autofree char *href = pair_path(need->key, pairing->patent);
            DjHit hit = {.view = &view,
                         .need = need,
                         .patent = g_hash_table_lookup(set->patents, pairing->patent),
                         .quality = g_hash_table_lookup(set->quality, pairing->patent),
                         .chain_name = chain_name(request, pairing->chain),
                         .now = dj_serving_today(request->desk->serving)};
            dj_hit_card(request->out, &hit, href);
        }
    }
    put_why_form(request, need);
    dj_chrome_end(request);
    return TRUE;
}

/* ---- one pairing ---- */

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
    g_autofree char *path = pair_path(need, patent);
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

static void put_standing(GString *out, const DjWhy *why)
{
    g_string_append_printf(out, "<section class=\"note%s\"><p>", why->listed ? "" : " note-unk");
    if (why->listed) {
        g_string_append_printf(out, "在这条需求的清单上，第 %u 位。", why->rank);
    } else {
        g_string_append(out, "不在这条需求的清单上：");
        dj_html_text(out, why->reason);
        g_string_append(out, "。");
        if (why->points_missing > 0)
            g_string_append_printf(out, "离清单末位差 %" G_GINT64_FORMAT " 点。", why->points_missing);
    }
    g_string_append(out, "</p></section>\n");
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
                 .chain_name = chain_name(request, why.pairing->chain),
                 .now = dj_serving_today(request->desk->serving),
                 .open = TRUE};
    dj_chrome_begin(request, "配对");
    put_need_head(request, need, audience);
    g_autofree char *key = g_uri_escape_string(patent->key, NULL, FALSE);
    g_autofree char *href = g_strdup_printf("/patents/%s", key);
    put_standing(request->out, &why);
    if (why.rank > 0)
        why.pairing->rank = why.rank;
    dj_hit_card(request->out, &hit, href);
    gboolean ok = request->user.role < DJ_ROLE_ORGANISER || put_decisions(request, need->key, patent->key, error);
    dj_chrome_end(request);
    dj_why_clear(&why);
    return ok;
}

gboolean dj_web_why_form(DjRequest *request, GError **error)
{
    const char *text = dj_request_field(request, "patent");
    DjTable table;
    gboolean found = FALSE;
    g_autofree char *key = NULL;
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    g_autofree char *clean = g_strstrip(g_strdup(text ? text : ""));
    g_autoptr(GError) failed = NULL;
    if (!dj_store_find_key(request->desk->store, clean, &table, &key, &found, &failed) &&
        !g_error_matches(failed, DJ_STORE_ERROR, DJ_STORE_ERROR_AMBIGUOUS)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    if (!found || table != DJ_TABLE_PATENT)
        return dj_web_fail(error, 404, failed ? "有几件专利的编号这样开头，请写全" : "没有这个编号的专利");
    g_autofree char *path = pair_path(request->capture[0], key);
    dj_response_redirect(request, path);
    return TRUE;
}

gboolean dj_web_decide_form(DjRequest *request, GError **error)
{
    gint64 id;
    if (!dj_web_decide(request, dj_request_field(request, "kind"), request->capture[0], request->capture[1],
                       dj_request_field(request, "note"), &id, error))
        return FALSE;
    g_autofree char *path = pair_path(request->capture[0], request->capture[1]);
    dj_response_redirect(request, path);
    return TRUE;
}
