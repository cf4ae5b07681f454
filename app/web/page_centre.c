/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operations centre (运营中心) looks after: the months, fee statements, the funnel, and what nothing fitted. */
#include "app/month_publish.h"
#include "app/web/ask_results.h"
#include "app/web/chrome.h"
#include "app/web/fees.h"
#include "app/web/funnel.h"
#include "app/web/months.h"
#include "app/web/need_routes.h"
#include "app/web/router.h"
#include "app/web/unmet.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"
#include <string.h>

#define SHOWN_UNMET 50

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void put_cell(GString *out, const char *label, const char *text)
{
    g_string_append_printf(out, "<td data-l=\"%s\">", label);
    dj_html_text(out, text);
    g_string_append(out, "</td>");
}

static void put_number(GString *out, const char *label, guint n)
{
    g_string_append_printf(out, "<td class=\"num\" data-l=\"%s\">%u</td>", label, n);
}

/* ---- months ---- */

static gboolean put_months(DjRequest *request, GError **error)
{
    GString *out = request->out;
    g_autoptr(GPtrArray) months = dj_months_list(request);
    g_string_append(out, "<section class=\"card stack\"><h2>月度清单</h2>\n");
    if (months->len == 0) {
        g_string_append(out, "<p class=\"dim\">还没有。到<a href=\"/jobs\">任务</a>里生成，做好就列在这里。</p>"
                             "</section>\n");
        return TRUE;
    }
    g_autoptr(DjMonthPushes) pushes = dj_month_pushes_read(request->desk->store, error);
    if (!pushes)
        return FALSE;
    g_string_append(out, "<table class=\"t rows\"><thead><tr><th>清单</th><th>月份</th><th>事实截至</th><th>受众</th>"
                         "<th class=\"num\">文件</th><th class=\"num\">已推送</th></tr></thead><tbody>\n");
    for (guint i = 0; i < months->len; i++) {
        const DjMonthFolder *month = months->pdata[i];
        g_string_append(out, "<tr><td data-l=\"清单\">");
        dj_chrome_link(out, "months", month->name, month->name);
        g_string_append(out, "</td>");
        put_cell(out, "月份", text_of(month->manifest, "month"));
        put_cell(out, "事实截至", text_of(month->manifest, "as_of"));
        put_cell(out, "受众", dj_month_folder_audience(month));
        put_number(out, "文件", dj_month_folder_n_files(month));
        put_number(out, "已推送", dj_month_recorded(pushes, month->manifest).n);
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody></table></section>\n");
    return TRUE;
}

/* ---- fees ---- */

static void put_money(GString *out, const char *label, gboolean enough, gint64 yuan)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, yuan);
    if (enough)
        dj_wording_money(words, text);
    else
        g_string_append(words, "—");
    g_string_append_printf(out, "<td class=\"num\" data-l=\"%s\">%s</td>", label, words->str);
}

static void put_fee_row(GString *out, const DjFeeRow *row)
{
    g_string_append(out, "<tr>");
    put_cell(out, "支付方式", row->payment);
    put_number(out, "声明", row->n_all);
    put_number(out, "免费", row->n_free);
    put_number(out, "有定价", row->n);
    put_money(out, "四分之一位", row->enough, row->p25);
    put_money(out, "中位", row->enough, row->p50);
    put_money(out, "四分之三位", row->enough, row->p75);
    g_string_append(out, "<td class=\"num\" data-l=\"提成中位\">");
    if (row->rate_enough)
        g_string_append_printf(out, "%g%%", row->rate_p50);
    else
        g_string_append(out, "—");
    g_string_append(out, "</td><td data-l=\"说明\">");
    if (row->n_over > 0)
        g_string_append_printf(out, "<span class=\"v v-unk wrapok\">%u 件偏高，请核</span> ", row->n_over);
    if (!row->enough && row->n > 0)
        g_string_append(out, "<span class=\"dim\">样本不够，不作参考</span>");
    g_string_append(out, "</td></tr>\n");
}

static void put_chain_choice(DjRequest *request, const char *chosen)
{
    GString *out = request->out;
    const DjTaxonomy *taxonomy = dj_serving_session(request->desk->serving)->taxonomy;
    g_string_append(out, "<form class=\"row no-print\" method=\"get\" action=\"/centre\"><label class=\"field\">产业链 "
                         "<select name=\"chain\"><option value=\"*\">全部</option>");
    for (guint i = 0; i < dj_taxonomy_n_chains(taxonomy); i++) {
        DjChain chain = dj_taxonomy_chain(taxonomy, i);
        g_string_append_printf(out, "<option value=\"%s\"%s>", chain.id,
                               strcmp(chosen, chain.id) == 0 ? " selected" : "");
        dj_html_text(out, chain.name);
        g_string_append(out, "</option>");
    }
    g_string_append(out, "</select></label><button class=\"btn\" type=\"submit\">看</button></form>\n");
}

static gboolean put_fees(DjRequest *request, GError **error)
{
    GString *out = request->out;
    const char *chain = g_hash_table_lookup(request->query, "chain");
    const DjFeeGuidance *guidance = dj_serving_fee_guidance(request->desk->serving);
    const GArray *fees = dj_desk_fees(request->desk, error);
    if (!fees)
        return FALSE;
    chain = chain ? chain : DJ_FEES_ALL;
    g_string_append(out, "<section class=\"card stack\" id=\"fees\"><h2>许可费声明</h2>\n");
    put_chain_choice(request, chain);
    g_string_append(out, "<table class=\"t rows\"><thead><tr><th>支付方式</th><th class=\"num\">声明</th><th "
                         "class=\"num\">免费</th><th class=\"num\">有定价</th><th class=\"num\">四分之一位</th>"
                         "<th class=\"num\">中位</th><th class=\"num\">四分之三位</th><th class=\"num\">提成中位</th>"
                         "<th>说明</th></tr></thead><tbody>\n");
    guint n = 0;
    for (guint i = 0; i < fees->len; i++) {
        const DjFeeRow *row = &g_array_index(fees, DjFeeRow, i);
        if (strcmp(row->chain, chain) != 0)
            continue;
        put_fee_row(out, row);
        n++;
    }
    g_string_append_printf(out,
                           "</tbody></table>%s\n<p class=\"s dim\">有定价的声明不到 %" G_GINT64_FORMAT
                           " 件时不给参考数。数都是有人声明过的：不超过它的声明占四分之一、一半、四分之三。这是声明价，"
                           "不是成交价。</p></section>\n",
                           n ? "" : "<p class=\"dim\">这条链上没有写许可费的专利。</p>", guidance->min_sample);
    return TRUE;
}

/* ---- funnel and unmet questions ---- */

static gboolean put_funnel(DjRequest *request, GError **error)
{
    DjFunnel funnel;
    if (!dj_funnel_count(request->desk->store, &funnel, error))
        return FALSE;
    g_string_append(request->out, "<section class=\"card stack\"><h2>对接漏斗</h2>\n<div class=\"figs\">");
    for (int i = 0; i < DJ_N_FUNNEL; i++)
        g_string_append_printf(request->out, "<div><b>%u</b><span>%s</span></div>", funnel.n[i],
                               dj_funnel_label((DjFunnelStep)i));
    g_string_append_printf(request->out,
                           "<div><b>%u</b><span>拒绝</span></div><div><b>%u</b><span>禁配</span></div></div>\n"
                           "<p class=\"s dim\">按配对（一条需求与一件专利）计，每步只计一次。</p></section>\n",
                           funnel.n_rejected, funnel.n_banned);
    return TRUE;
}

typedef struct {
    DjRequest *request;
    GHashTable *routes; /* route -> number */
    GString *rows;
    guint n;
} UnmetRows;

static gboolean put_unmet(const DjUnmet *unmet, gpointer user)
{
    UnmetRows *rows = user;
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(rows->routes, unmet->route));
    g_hash_table_insert(rows->routes, g_strdup(unmet->route), GUINT_TO_POINTER(n + 1));
    if (rows->n++ >= SHOWN_UNMET)
        return TRUE;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, unmet->id),
                    *day = g_strndup(unmet->recorded_at, strlen("YYYY-MM-DD"));
    g_string_append(rows->rows, "<tr>");
    put_cell(rows->rows, "编号", number);
    put_cell(rows->rows, "日期", day);
    g_string_append(rows->rows, "<td data-l=\"题目\" class=\"title\">");
    dj_html_text(rows->rows, *unmet->title ? unmet->title : "（没有写题目）");
    if (dj_request_audience(rows->request) == DJ_AUDIENCE_CENTRE) {
        g_string_append(rows->rows, "<details><summary>提问</summary><p class=\"facts-text\">");
        dj_html_text(rows->rows, unmet->text);
        g_string_append(rows->rows, "</p><p class=\"facts-text\">");
        dj_html_text(rows->rows, unmet->detail);
        g_string_append(rows->rows, "</p></details>");
    }
    g_string_append(rows->rows, "</td>");
    put_cell(rows->rows, "原因", dj_web_unmet_reason(rows->request, unmet->reason));
    put_cell(rows->rows, "去向", unmet->route);
    put_cell(rows->rows, "谁", *unmet->who ? unmet->who : "公开页面");
    put_cell(rows->rows, "联系", unmet->contact);
    g_string_append(rows->rows, "</tr>\n");
    return TRUE;
}

static gboolean put_unmet_questions(DjRequest *request, GError **error)
{
    GString *out = request->out;
    g_autoptr(GHashTable) routes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) rows_text = g_string_new(NULL);
    UnmetRows rows = {request, routes, rows_text, 0};
    if (!dj_store_each_unmet(request->desk->store, 0, put_unmet, &rows, error))
        return FALSE;
    g_string_append(out, "<section class=\"card stack\" id=\"unmet\"><h2>都不合适的提问</h2>\n");
    g_autoptr(GPtrArray) names = dj_chrome_sorted_keys(routes);
    g_string_append(out, names->len ? "<div class=\"figs\">" : "<p class=\"dim\">还没有。</p>");
    for (guint i = 0; i < names->len; i++) {
        g_string_append_printf(out, "<div><b>%u</b><span>",
                               GPOINTER_TO_UINT(g_hash_table_lookup(routes, names->pdata[i])));
        dj_html_text(out, names->pdata[i]);
        g_string_append(out, "</span></div>");
    }
    if (names->len > 0)
        g_string_append_printf(out,
                               "</div>\n<table class=\"t rows\"><thead><tr><th>编号</th><th>日期</th><th>题目</th>"
                               "<th>原因</th><th>去向</th><th>谁</th><th>联系</th></tr></thead><tbody>\n%s</tbody>"
                               "</table>\n",
                               rows_text->str);
    if (rows.n > SHOWN_UNMET)
        g_string_append_printf(out, "<p class=\"s dim\">共 %u 条，这里是最近 %d 条。</p>\n", rows.n, SHOWN_UNMET);
    g_string_append(out, "</section>\n");
    return TRUE;
}

gboolean dj_web_centre_page(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    dj_chrome_begin(request, "运营中心");
    g_string_append(request->out, "<h1>运营中心</h1>\n");
    if (!put_months(request, error) || !put_funnel(request, error) || !dj_need_routes_put(request, error) ||
        !put_unmet_questions(request, error) || !put_fees(request, error))
        return FALSE;
    dj_chrome_end(request);
    return TRUE;
}
