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
#include "engine/store/decision.h"
#include <string.h>

#define FIRST_OF_GROUP 10
#define PAGE_SIZE      50
#define LIST_TOP       20

/* ---- chains and needs ---- */

/* Needs by what is to be done about them. */
typedef enum { NEEDS_NEW, NEEDS_REACHED, NEEDS_CLOSED, N_GROUPS } Group;

static const struct {
    const char *name, *label, *own; /* own: for the enterprise itself */
} groups[N_GROUPS] = {[NEEDS_NEW] = {"new", "征集中，还没有推送，也没有接受过配对", "征集中"},
                      [NEEDS_REACHED] = {"reached", "征集中，推送过或接受过配对", ""},
                      [NEEDS_CLOSED] = {"closed", "已关闭", "已关闭"}};

typedef struct {
    char *key;
    char date[sizeof "2026-11-01"]; /* "" where it is unknown */
} Listed;

typedef struct {
    DjRequest *request;
    DjQueryScratch scratch;
    gboolean staff;    /* an enterprise sees its own needs alone, and not when they were noted */
    const char *chain; /* NULL = all */
    int group, page;   /* one group, by pages; -1 = the first needs of all */
    guint *of_chain;   /* needs per chain, 未归链 last */
    guint n_needs, n_open;
    GHashTable *reached;      /* keys of needs, staff only */
    GArray *listed[N_GROUPS]; /* Listed, of the chain */
} Overview;

static void listed_clear(gpointer data)
{
    g_free(((Listed *)data)->key);
}

/* Newest first. */
static int compare_listed(gconstpointer a, gconstpointer b)
{
    const Listed *x = a, *y = b;
    int order = strcmp(y->date, x->date);
    return order ? order : strcmp(x->key, y->key);
}

static gboolean note_reached(const DjDecision *decision, gpointer user)
{
    const Overview *o = user;
    if (decision->kind == DJ_DECISION_PUSH || decision->kind == DJ_DECISION_ACCEPT ||
        decision->kind == DJ_DECISION_PIN || decision->kind == DJ_DECISION_OUTCOME)
        g_hash_table_add(o->reached, g_strdup(decision->need));
    return TRUE;
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
    gboolean in = !o->chain || (n == 0 && strcmp(o->chain, "none") == 0);
    gboolean open = dj_need_is_open(need, dj_serving_today(o->request->desk->serving));
    o->n_needs++;
    o->n_open += open;
    if (n == 0)
        o->of_chain[dj_taxonomy_n_chains(session->taxonomy)]++;
    for (guint i = 0; i < n; i++) {
        o->of_chain[member[i].chain]++;
        in |= o->chain && strcmp(o->chain, dj_taxonomy_chain(session->taxonomy, member[i].chain).id) == 0;
    }
    if (!in)
        return TRUE;
    Group group = !open ? NEEDS_CLOSED : g_hash_table_contains(o->reached, need->key) ? NEEDS_REACHED : NEEDS_NEW;
    Listed listed = {.key = g_strdup(need->key)};
    g_strlcpy(listed.date, dj_record_get(need, DJ_NEED_DATE) ? dj_record_get(need, DJ_NEED_DATE) : "",
              sizeof listed.date);
    g_array_append_val(o->listed[group], listed);
    return TRUE;
}

static gboolean put_need(Overview *o, const char *key, GError **error)
{
    GString *out = o->request->out;
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    DjAudience audience;
    g_autoptr(DjRecord) need = dj_access_need(o->request, key, &audience, error);
    if (!need)
        return FALSE;
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n = dj_taxonomy_classify(session->taxonomy, o->scratch.normaliser, need, member);
    g_string_append(out, "<tr><td data-l=\"需求\" class=\"title\">");
    dj_chrome_link(out, "needs", need->key, dj_projection_field(audience, need, DJ_NEED_TITLE));
    g_string_append(out, "</td><td data-l=\"企业\">");
    dj_html_text(out, audience == DJ_AUDIENCE_OWNER ? dj_projection_field(audience, o->request->own, DJ_ENTERPRISE_NAME)
                      : dj_projection_sees_enterprise(audience, need)
                          ? dj_projection_field(audience, need, DJ_NEED_ENTERPRISE)
                          : "不公开");
    g_string_append(out, "</td><td data-l=\"产业链\">");
    for (guint i = 0; i < n; i++) {
        g_string_append(out, i ? "、" : "");
        dj_html_text(out, dj_taxonomy_chain(session->taxonomy, member[i].chain).name);
    }
    if (o->staff) {
        g_string_append(out, "</td><td class=\"nw\" data-l=\"登记\">");
        dj_html_text(out, dj_projection_field(audience, need, DJ_NEED_DATE));
    }
    g_string_append(out, "</td></tr>\n");
    return TRUE;
}

static void put_way(const Overview *o, int group, int page, const char *label)
{
    GString *out = o->request->out;
    g_string_append_printf(out, "<a class=\"btn\" href=\"/work?show=%s&amp;page=%d", groups[group].name, page);
    if (o->chain) {
        g_string_append(out, "&amp;chain=");
        g_string_append_uri_escaped(out, o->chain, NULL, FALSE);
    }
    g_string_append_printf(out, "\">%s</a> ", label);
}

static gboolean put_group(Overview *o, int group, GError **error)
{
    GString *out = o->request->out;
    gboolean one = o->group >= 0;
    GArray *listed = o->listed[group];
    guint begin = one ? (guint)(o->page - 1) * PAGE_SIZE : 0;
    guint end = MIN(begin + (one ? PAGE_SIZE : FIRST_OF_GROUP), listed->len);
    if (listed->len == 0 && !one)
        return TRUE;
    g_array_sort(listed, compare_listed);
    g_string_append_printf(out, "<h3>%s <span class=\"s dim\">%u 条，新的在前</span></h3>\n",
                           o->staff ? groups[group].label : groups[group].own, listed->len);
    if (begin < end) {
        g_string_append_printf(
            out,
            "<table class=\"t rows\"><thead><tr><th>需求</th><th>企业</th><th>产业链</th>%s</tr></thead>"
            "<tbody>\n",
            o->staff ? "<th>登记</th>" : "");
        for (guint i = begin; i < end; i++)
            if (!put_need(o, g_array_index(listed, Listed, i).key, error))
                return FALSE;
        g_string_append(out, "</tbody></table>\n");
    }
    if (!one && end < listed->len) {
        g_autofree char *all = g_strdup_printf("看全部 %u 条", listed->len);
        g_string_append(out, "<p>");
        put_way(o, group, 1, all);
        g_string_append(out, "</p>\n");
    }
    if (!one || (o->page == 1 && end >= listed->len))
        return TRUE;
    g_string_append(out, "<p class=\"row\">");
    if (o->page > 1)
        put_way(o, group, o->page - 1, "前面的");
    if (end < listed->len)
        put_way(o, group, o->page + 1, "后面的");
    if (begin < end)
        g_string_append_printf(out, "<span class=\"s dim\">第 %u～%u 条</span>", begin + 1, end);
    g_string_append(out, "</p>\n");
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

static gboolean put_overview(Overview *o, GError **error)
{
    const DjSession *session = dj_serving_session(o->request->desk->serving);
    GString *out = o->request->out;
    guint n = 0;
    dj_chrome_begin(o->request, dj_chrome_work(o->request));
    g_string_append_printf(out,
                           "<h1>%s</h1>\n<div class=\"figs\"><div><b>%u</b><span>专利与成果</span></div><div><b>%u</b>"
                           "<span>%s</span></div><div><b>%u</b><span>征集中</span></div></div>\n",
                           dj_chrome_work(o->request), dj_corpus_n_docs(session->corpus), o->n_needs,
                           o->staff ? "需求" : "我的需求", o->n_open);
    if (o->staff)
        put_chains(o);
    g_string_append(out, "<section class=\"card stack\">\n<h2>需求");
    if (o->chain) {
        g_string_append(out, "：");
        dj_html_text(out, dj_pair_chain_name(o->request, o->chain));
    }
    if (o->chain || o->group >= 0)
        g_string_append(out, " <a class=\"s\" href=\"/work\">全部</a>");
    g_string_append(out, "</h2>\n");
    for (int group = 0; group < N_GROUPS; group++) {
        n += o->listed[group]->len;
        if ((o->group < 0 || o->group == group) && !put_group(o, group, error))
            return FALSE;
    }
    g_string_append(out, n == 0 ? "<p>没有需求。</p>\n</section>\n" : "</section>\n");
    dj_why_form(o->request, NULL);
    dj_chrome_end(o->request);
    return TRUE;
}

static int group_of(const char *name)
{
    for (int group = 0; name && group < N_GROUPS; group++)
        if (strcmp(groups[group].name, name) == 0)
            return group;
    return -1;
}

gboolean dj_web_work_page(DjRequest *request, GError **error)
{
    int page;
    if (!dj_request_number(request, "page", 1, 1000000, 1, &page, error) || !dj_access_prepare(request, error))
        return FALSE;
    const DjSession *session = dj_serving_session(request->desk->serving);
    Overview o = {.request = request,
                  .staff = request->user.role >= DJ_ROLE_ORGANISER,
                  .chain = g_hash_table_lookup(request->query, "chain"),
                  .group = group_of(g_hash_table_lookup(request->query, "show")),
                  .page = page,
                  .of_chain = g_new0(guint, dj_taxonomy_n_chains(session->taxonomy) + 1),
                  .reached = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    for (int group = 0; group < N_GROUPS; group++) {
        o.listed[group] = g_array_new(FALSE, FALSE, sizeof(Listed));
        g_array_set_clear_func(o.listed[group], listed_clear);
    }
    gboolean ok = dj_query_scratch_init(&o.scratch, error) &&
                  (!o.staff || dj_store_each_decision(request->desk->store, NULL, note_reached, &o, error)) &&
                  dj_store_each(request->desk->store, DJ_TABLE_NEED, DJ_POINT_NOW, see_need, &o, error) &&
                  put_overview(&o, error);
    dj_query_scratch_clear(&o.scratch);
    for (int group = 0; group < N_GROUPS; group++)
        g_array_unref(o.listed[group]);
    g_hash_table_unref(o.reached);
    g_free(o.of_chain);
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
