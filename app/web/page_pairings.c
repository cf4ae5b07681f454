/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All pairings with filters, as a page and in the JSON API. */
#include "app/web/chrome.h"
#include "app/web/pair.h"
#include "app/web/pairing_list.h"
#include "app/web/router.h"
#include "engine/report/page.h"
#include "engine/report/projection.h"
#include "engine/report/wording.h"
#include <string.h>

#define PAGE_SIZE    50
#define MOST_OPTIONS 200

static const DjFacet shown[] = {DJ_FACET_CHAIN, DJ_FACET_IPC,      DJ_FACET_OWNER,
                                DJ_FACET_KIND,  DJ_FACET_MATURITY, DJ_FACET_REGION};

/* ---- filters ---- */

static void put_option(GString *out, const char *value, const char *label, guint count, gboolean chosen)
{
    g_string_append(out, "<option value=\"");
    dj_html_text(out, value);
    g_string_append(out, chosen ? "\" selected>" : "\">");
    dj_html_text(out, label);
    if (count > 0)
        g_string_append_printf(out, "（%u）", count);
    g_string_append(out, "</option>");
}

static void put_facet(DjRequest *request, const DjPairingChoice *choice, DjFacet facet)
{
    GString *out = request->out;
    const DjFacetTable *table = dj_serving_facets(request->desk->serving);
    const GPtrArray *values = choice->filter.values[facet];
    const char *chosen = values->len ? values->pdata[0] : NULL;
    g_autoptr(GArray) counts = dj_pairing_count(request, choice, facet, MOST_OPTIONS);
    if (counts->len == 0 && !chosen)
        return;
    g_string_append_printf(out, "<label class=\"field\">%s <select name=\"%s\">", dj_facet_label(facet),
                           dj_facet_name(facet));
    put_option(out, "", "全部", 0, !chosen);
    gboolean there = FALSE;
    for (guint i = 0; i < counts->len; i++) {
        const DjFacetCount *count = &g_array_index(counts, DjFacetCount, i);
        gboolean is = chosen && strcmp(chosen, count->value) == 0;
        put_option(out, count->value, count->label, count->count, is);
        there |= is;
    }
    if (chosen && !there) {
        g_autofree char *label = dj_facet_value_label(table, facet, chosen);
        put_option(out, chosen, label, 0, TRUE);
    }
    g_string_append(out, "</select></label>\n");
}

static void put_filters(DjRequest *request, const DjPairingChoice *choice)
{
    GString *out = request->out;
    g_string_append(out, "<form class=\"card row filter\" method=\"get\" action=\"/pairings\">\n");
    for (gsize i = 0; i < G_N_ELEMENTS(shown); i++)
        put_facet(request, choice, shown[i]);
    g_string_append(out, "<label class=\"field\">决定 <select name=\"decision\">");
    put_option(out, "", "全部", 0, choice->decision == DJ_N_DECISIONS);
    put_option(out, "none", "还没有", 0, choice->decision == DJ_LISTED_NO_DECISION);
    for (int kind = 0; kind < DJ_DECISION_CLEAR; kind++)
        put_option(out, dj_decision_kind_name((DjDecisionKind)kind), dj_decision_kind_label((DjDecisionKind)kind), 0,
                   choice->decision == kind);
    g_string_append_printf(out,
                           "</select></label>\n<label class=\"field\">匹配度至少 <input type=\"number\" name=\"score\" "
                           "value=\"%d\" min=\"0\" max=\"100\"></label>\n"
                           "<button class=\"btn btn-1\" type=\"submit\">筛选</button> "
                           "<a class=\"s\" href=\"/pairings\">清除</a></form>\n",
                           choice->least);
}

/* ---- rows ---- */

static gboolean put_row(DjRequest *request, const DjPairingChoice *choice, const DjListed *row, GError **error)
{
    GString *out = request->out;
    DjAudience audience = dj_request_audience(request);
    g_autoptr(GError) failed = NULL;
    g_autoptr(DjRecord) need = dj_desk_record(request->desk, DJ_TABLE_NEED, row->need, &failed);
    g_autoptr(DjRecord) patent = need ? dj_desk_record(request->desk, DJ_TABLE_PATENT, row->patent, &failed) : NULL;
    if (g_error_matches(failed, DJ_WEB_ERROR, 404)) /* gone since the list was made */
        return TRUE;
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    g_autofree char *path = dj_pair_path(row->need, row->patent);
    g_autoptr(GString) owners = g_string_new(NULL);
    dj_wording_list(owners, dj_projection_field(audience, patent, DJ_PATENT_OWNERS));
    int decision = dj_pairing_decision(choice, row);
    g_string_append_printf(out,
                           "<tr><td class=\"num\" data-l=\"匹配度\"><a href=\"%s\"><b>%d</b></a></td>"
                           "<td data-l=\"需求\" class=\"title\">",
                           path, row->score);
    dj_chrome_link(out, "needs", row->need, dj_projection_field(audience, need, DJ_NEED_TITLE));
    g_string_append(out, "<br><span class=\"s dim\">");
    dj_html_text(out, dj_projection_sees_enterprise(audience, need)
                          ? dj_projection_field(audience, need, DJ_NEED_ENTERPRISE)
                          : "企业不公开");
    g_string_append_printf(out, "</span></td><td data-l=\"专利\" class=\"title\"><a href=\"%s\">", path);
    dj_html_text(out, dj_projection_field(audience, patent, DJ_PATENT_TITLE));
    g_string_append(out, "</a><br><span class=\"s dim\">");
    dj_html_text(out, owners->str);
    g_string_append(out, "</span></td><td data-l=\"产业链\">");
    dj_html_text(out, dj_pair_chain_name(request, row->chain));
    g_string_append(out, "</td><td data-l=\"决定\">");
    g_string_append(out, decision >= 0 ? dj_decision_kind_label((DjDecisionKind)decision) : "");
    g_string_append(out, "</td></tr>\n");
    return TRUE;
}

/* The query as it is, with another page. */
static void put_turn(DjRequest *request, int page, const char *label)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(request->query), (GCompareFunc)strcmp);
    g_string_append_printf(request->out, "<a class=\"btn\" href=\"/pairings?page=%d", page);
    for (GList *at = names; at; at = at->next) {
        const char *name = at->data, *value = g_hash_table_lookup(request->query, name);
        if (strcmp(name, "page") == 0)
            continue;
        g_string_append(request->out, "&amp;");
        g_string_append_uri_escaped(request->out, name, NULL, FALSE);
        g_string_append_c(request->out, '=');
        g_string_append_uri_escaped(request->out, value, NULL, FALSE);
    }
    g_string_append_printf(request->out, "\">%s</a> ", label);
}

static gboolean put_list(DjRequest *request, const DjPairingChoice *choice, GError **error)
{
    GString *out = request->out;
    int page;
    guint n = choice->chosen->len;
    if (!dj_request_number(request, "page", 1, 100000, 1, &page, error))
        return FALSE;
    g_string_append_printf(out,
                           "<section class=\"card\">\n<p class=\"s dim\">%u 对；清单由第 <a href=\"/jobs/%u\">%u</a> "
                           "号任务于 %.10s 生成</p>\n",
                           n, choice->table->job, choice->table->job, choice->table->found_on);
    guint from = MIN((guint)(page - 1) * PAGE_SIZE, n), end = MIN(from + PAGE_SIZE, n);
    if (from < end)
        g_string_append(out,
                        "<table class=\"t rows\"><thead><tr><th class=\"num\">匹配度</th><th>需求</th><th>专利</th>"
                        "<th>产业链</th><th>决定</th></tr></thead><tbody>\n");
    for (guint i = from; i < end; i++) {
        guint row = g_array_index(choice->chosen, guint, i);
        if (!put_row(request, choice, &g_array_index(choice->table->rows, DjListed, row), error))
            return FALSE;
    }
    g_string_append(out,
                    from < end ? "</tbody></table>\n<p class=\"row\">" : "<p>没有这样的配对。</p>\n<p class=\"row\">");
    if (page > 1)
        put_turn(request, page - 1, "前面的");
    if (end < n)
        put_turn(request, page + 1, "后面的");
    g_string_append(out, "</p>\n</section>\n");
    return TRUE;
}

static void put_none(DjRequest *request)
{
    g_string_append(request->out, "<section class=\"card stack\"><p>还没有配对清单。</p>"
                                  "<form method=\"post\" action=\"/jobs\">");
    dj_chrome_csrf(request);
    g_string_append(request->out, "<button class=\"btn btn-1\" type=\"submit\" name=\"kind\" value=\"match\">"
                                  "生成配对清单</button></form></section>\n");
}

gboolean dj_web_pairings_page(DjRequest *request, GError **error)
{
    g_auto(DjPairingChoice) choice;
    if (!dj_pairing_choose(request, &choice, error))
        return FALSE;
    dj_chrome_begin(request, "配对清单");
    g_string_append(request->out, "<h1>配对清单</h1>\n");
    if (!choice.table) {
        put_none(request);
    } else {
        put_filters(request, &choice);
        if (!put_list(request, &choice, error))
            return FALSE;
    }
    dj_why_form(request, NULL);
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_api_pairings(DjRequest *request, GError **error)
{
    int page, limit;
    g_auto(DjPairingChoice) choice;
    if (!dj_pairing_choose(request, &choice, error) ||
        !dj_request_number(request, "page", 1, 100000, 1, &page, error) ||
        !dj_request_number(request, "limit", 1, 500, 100, &limit, error))
        return FALSE;
    if (!choice.table)
        return dj_web_fail(error, 404, "还没有配对清单：请先做任务 match");
    json_t *list = json_array();
    gsize from = (gsize)(page - 1) * (gsize)limit;
    for (gsize i = from; i < MIN(from + (gsize)limit, choice.chosen->len); i++) {
        const DjListed *row = &g_array_index(choice.table->rows, DjListed, g_array_index(choice.chosen, guint, i));
        int decision = dj_pairing_decision(&choice, row);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:i, s:i, s:I, s:s?}", "need", row->need, "patent",
                                              row->patent, "chain", row->chain, "rank", row->rank, "score", row->score,
                                              "points", (json_int_t)row->points, "decision",
                                              decision >= 0 ? dj_decision_kind_name((DjDecisionKind)decision) : NULL));
    }
    dj_web_json(request, json_pack("{s:i, s:i, s:i, s:o}", "job", (int)choice.table->job, "found",
                                   (int)choice.chosen->len, "page", page, "pairings", list));
    return TRUE;
}
