/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people work on after signing in: the chains with their counts and the needs (an enterprise: its own), and the
 * list of one need. */
#include "app/web/access.h"
#include "app/web/chrome.h"
#include "app/web/hit.h"
#include "app/web/pair.h"
#include "app/web/record.h"
#include "app/web/router.h"
#include "engine/match/demand.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"
#include <string.h>

#define PAGE_SIZE 100
#define LIST_TOP  20

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
    dj_html_text(o->rows, audience == DJ_AUDIENCE_OWNER
                              ? dj_projection_field(audience, o->request->own, DJ_ENTERPRISE_NAME)
                          : dj_projection_sees_enterprise(audience, need)
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
    o->request->shows_own |= audience == DJ_AUDIENCE_OWNER;
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

static void put_chain_row(GString *out, const char *id, const char *name, guint n_needs, guint32 n_patents, guint most,
                          guint most_needs)
{
    if (n_needs == 0 && n_patents == 0)
        return;
    g_string_append(out, "<tr><td data-l=\"产业链\"><a href=\"/work?chain=");
    g_string_append_uri_escaped(out, id, NULL, FALSE);
    g_string_append(out, "\">");
    dj_html_text(out, name);
    g_string_append_printf(out,
                           "</a></td><td><svg class=\"bar\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" "
                           "aria-hidden=\"true\"><rect width=\"%u\" height=\"9\"/>"
                           "<rect class=\"b2\" y=\"11\" width=\"%u\" height=\"9\"/></svg></td>"
                           "<td class=\"num\" data-l=\"专利\">%u</td><td class=\"num\" data-l=\"需求\">%u</td>"
                           "<td><a class=\"s\" href=\"/pairings?chain=",
                           n_patents * 100 / MAX(most, 1), n_needs * 100 / MAX(most_needs, 1), n_patents, n_needs);
    g_string_append_uri_escaped(out, id, NULL, FALSE);
    g_string_append(out, "\">看配对</a></td></tr>\n");
}

static void put_chains(const Overview *o)
{
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    GString *out = o->request->out;
    guint n_chains = dj_taxonomy_n_chains(session->taxonomy);
    guint32 n, most = 1, most_needs = 1;
    for (guint c = 0; c <= n_chains; c++) {
        dj_matrix_segment_docs(&session->corpus->matrix, c, &n);
        most = MAX(most, n);
        most_needs = MAX(most_needs, o->of_chain[c]);
    }
    g_string_append(out,
                    "<section class=\"card\">\n<details open><summary>各产业链</summary>\n<table class=\"t rows "
                    "chains\"><thead><tr>"
                    "<th>产业链</th><th><span class=\"dim\">上：专利　下：需求</span></th><th class=\"num\">专利</th>"
                    "<th class=\"num\">需求</th><th></th></tr></thead><tbody>\n");
    for (guint c = 0; c < n_chains; c++) {
        DjChain chain = dj_taxonomy_chain(session->taxonomy, c);
        dj_matrix_segment_docs(&session->corpus->matrix, c, &n);
        put_chain_row(out, chain.id, chain.name, o->of_chain[c], n, most, most_needs);
    }
    dj_matrix_segment_docs(&session->corpus->matrix, n_chains, &n);
    put_chain_row(out, "none", "未归链", o->of_chain[n_chains], n, most, most_needs);
    g_string_append(out, "</tbody></table></details></section>\n");
}

static void put_overview(const Overview *o)
{
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    GString *out = o->request->out;
    gboolean staff = o->request->user.role >= DJ_ROLE_ORGANISER;
    dj_chrome_begin(o->request, dj_chrome_work(o->request));
    g_string_append_printf(out,
                           "<h1>%s</h1>\n<div class=\"figs\"><div><b>%u</b><span>专利与成果</span></div><div><b>%u</b>"
                           "<span>%s</span></div><div><b>%u</b><span>征集中</span></div></div>\n",
                           dj_chrome_work(o->request), dj_corpus_n_docs(session->corpus), o->n_needs,
                           staff ? "需求" : "我的需求", o->n_open);
    if (staff)
        put_chains(o);
    g_string_append(out, "<section class=\"card\">\n<h2>需求");
    if (o->chain) {
        g_string_append(out, "：");
        dj_html_text(out, dj_pair_chain_name(o->request, o->chain));
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
    dj_why_form(o->request, NULL);
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

static void put_need_head(DjRequest *request, const DjRecord *need, DjAudience audience)
{
    GString *out = request->out;
    g_string_append_printf(out, "<p class=\"crumb\"><a href=\"/work\">%s</a></p>\n<section class=\"card stack\">\n<h1>",
                           dj_chrome_work(request));
    dj_html_text(out, dj_projection_field(audience, need, DJ_NEED_TITLE));
    g_string_append(out, "</h1>\n<details><summary>需求全文</summary>");
    dj_record_put(request, audience, need);
    g_string_append(out, "</details>\n</section>\n");
}

static void put_none(GString *out, const DjResultSet *set)
{
    g_string_append(out, "<p>没有够得上清单下限（");
    dj_wording_limit(out, set);
    g_string_append(out, "）的专利。</p>\n");
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
        put_none(request->out, set);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    for (guint rank = 1; rank <= set->pairings->len; rank++) {
        for (guint i = 0; i < set->pairings->len; i++) { /* the set is ordered by chain */
            const DjPairing *pairing = set->pairings->pdata[i];
            if (pairing->rank != rank)
                continue;
            dj_pairing_view_set(&view, pairing, need);
            g_autofree char *href = dj_pair_path(need->key, pairing->patent);
            DjHit hit = {.view = &view,
                         .need = need,
                         .patent = g_hash_table_lookup(set->patents, pairing->patent),
                         .quality = g_hash_table_lookup(set->quality, pairing->patent),
                         .chain_name = dj_pair_chain_name(request, pairing->chain),
                         .now = dj_serving_today(request->desk->serving)};
            dj_hit_card(request->out, &hit, href);
        }
    }
    dj_why_form(request, need->key);
    dj_chrome_end(request);
    return TRUE;
}
