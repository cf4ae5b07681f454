/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coverage as a page: what a centre reads at the evaluation, and whom it rings up this week. */
#include "engine/report/month.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"
#include <string.h>

static void put_figure(GString *out, guint n, guint of, const char *label)
{
    g_string_append_printf(out, of ? "<div><b>%u / %u</b><span>" : "<div><b>%u</b><span>", n, of);
    dj_html_text(out, label);
    g_string_append(out, "</span></div>\n");
}

static void put_cell(GString *out, const char *tag, const char *text)
{
    g_string_append(out, tag);
    dj_html_text(out, text ? text : "");
    g_string_append(out, "</td>");
}

static void put_figures(GString *out, const DjMonthReport *report)
{
    guint n_covered = 0, n_profile = 0, n_none = 0;
    for (guint i = 0; i < report->coverage->len; i++) {
        const DjCoverageRow *row = report->coverage->pdata[i];
        n_covered += row->covered;
        n_profile += strcmp(row->basis, DJ_BASIS_PRODUCT) == 0;
        n_none += strcmp(row->basis, DJ_BASIS_NONE) == 0;
    }
    g_autofree char *label = g_strdup_printf("专精特新企业达到每家 %u 条", report->floor);
    g_string_append(out, "<section class=\"figs\" aria-label=\"概览\">\n");
    put_figure(out, n_covered, report->coverage->len, label);
    put_figure(out, report->coverage->len - n_covered, 0, "未达到，原因见下表");
    put_figure(out, n_profile, 0, "以主导产品代替需求");
    put_figure(out, n_none, 0, "既无需求也无主导产品");
    g_string_append(out, "</section>\n");
}

static void put_uncovered(GString *out, const DjMonthReport *report)
{
    g_string_append(out,
                    "<h2>未达到的企业：缺什么，请谁做什么</h2>\n<div class=\"scroll\"><table class=\"t rows\">\n<thead>"
                    "<tr><th>企业</th><th>市州</th><th>依据</th><th>已推荐 / 应有</th><th>原因</th><th>下一步</th>"
                    "</tr></thead>\n<tbody>\n");
    for (guint i = 0; i < report->coverage->len; i++) {
        const DjCoverageRow *row = report->coverage->pdata[i];
        if (row->covered)
            continue;
        g_autofree char *n = g_strdup_printf("%u / %u", row->n, report->floor);
        g_string_append(out, "<tr>");
        put_cell(out, "<td>", row->name);
        put_cell(out, "<td class=\"nw\">", row->city);
        put_cell(out, "<td class=\"nw\">", row->basis);
        put_cell(out, "<td class=\"nw\">", n);
        put_cell(out, "<td>", row->reason);
        put_cell(out, "<td>", row->ask);
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody></table></div>\n");
}

static void put_floors(GString *out, const DjMonthReport *report)
{
    g_string_append(out, "<h2>更多下限</h2>\n<ul>\n");
    for (guint i = 0; i < report->floors->len; i++) {
        const DjFloorRow *row = report->floors->pdata[i];
        g_autofree char *note = dj_floor_note(row);
        g_string_append(out, "<li>");
        if (*note)
            dj_html_text(out, note);
        else {
            dj_html_text(out, row->label);
            g_string_append(out, " ");
            dj_html_text(out, row->name);
            g_string_append_printf(out, "：应有 %u 条，已达到", row->least);
        }
        g_string_append(out, "</li>\n");
    }
    g_string_append(out, "</ul>\n");
}

static gint64 number_of(const json_t *certificate, const char *name)
{
    return json_integer_value(json_object_get(certificate, name));
}

static void put_certificate(GString *out, const DjMonthReport *report)
{
    const json_t *certificate = json_object_get(report->manifest, "certificate");
    gint64 missing = number_of(certificate, "missing"), gap = number_of(certificate, "gap");
    g_string_append(out, "<h2>证明</h2>\n<p>");
    if (missing > 0 && gap == 0)
        g_string_append_printf(out, "全部下限合计缺 %" G_GINT64_FORMAT " 条。按现有合格专利，任何选法都不会缺得更少。",
                               missing);
    else if (missing > 0)
        g_string_append_printf(out, "全部下限合计缺 %" G_GINT64_FORMAT " 条。", missing);
    else
        g_string_append(out, "全部下限都已达到。");
    g_string_append_printf(out, "所选推荐合计 %" G_GINT64_FORMAT " 点", number_of(certificate, "points"));
    if (gap == 0)
        g_string_append(out, "，缺额相同的选法没有点数更高的（已由上界证明）。</p>\n");
    else
        g_string_append_printf(out, "，由价格证明的上界比它高 %" G_GINT64_FORMAT " 点。</p>\n", gap);
}

void dj_month_coverage_html(GString *out, const DjListRun *run, const DjMonthReport *report)
{
    g_autofree char *title = g_strdup_printf("专精特新企业覆盖情况　%s", report->month);
    dj_page_begin(out, &(DjPage){.title = title, .audience = run->audience});
    g_string_append_printf(out,
                           "<div class=\"row between\"><div><h1>专精特新企业覆盖情况　%s</h1>\n<p class=\"dim\">截止 "
                           "%s</p></div>\n<p class=\"row no-print\"><a class=\"btn\" href=\"index.html\">清单</a> "
                           "<a class=\"btn\" href=\"coverage.csv\">coverage.csv</a></p></div>\n",
                           report->month, run->set->provenance.now);
    put_figures(out, report);
    put_uncovered(out, report);
    if (report->floors->len > 0)
        put_floors(out, report);
    put_certificate(out, report);
    g_auto(GStrv) provenance = dj_list_run_provenance(run);
    dj_page_end(out, provenance);
}
