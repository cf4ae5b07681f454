/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answer first, evidence one step below: a row says who, what, how well and why in one line; the points and rules that
 * it rests on open underneath. An entry is a tbody, which never breaks over a page. */
#include "engine/report/list_html.h"
#include "engine/model/ident.h"
#include "engine/report/list_unmet.h"
#include "engine/report/out_file.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"

#define N_COLUMNS 6
#define BAR_WIDTH 200 /* units of the longest bar; the pattern of withheld parts is drawn in the same units */

static void put(GString *out, const char *before, const char *text, const char *after)
{
    g_string_append(out, before);
    dj_html_text(out, text);
    g_string_append(out, after);
}

static void put_figure(GString *out, guint64 n, guint64 of, const char *label)
{
    g_string_append(out, "<div><b>");
    dj_wording_count(out, n);
    if (of) {
        g_string_append(out, " / ");
        dj_wording_count(out, of);
    }
    put(out, "</b><span>", label, "</span></div>\n");
}

/* ---- evidence of one row ---- */

static void put_bar(GString *out, const DjShownPart *part, gint64 widest)
{
    const char *style = part->kind == DJ_PART_WITHHELD ? " class=\"sec\""
                        : part->kind == DJ_PART_CHAIN || part->kind == DJ_PART_IPC || part->kind == DJ_PART_QUALITY
                            ? " class=\"b2\""
                            : "";
    g_string_append_printf(out,
                           "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
                           "aria-hidden=\"true\"><rect%s width=\"%d\" height=\"10\"/></svg>",
                           BAR_WIDTH, style, (int)(MAX(part->points, 0) * BAR_WIDTH / widest));
}

static void put_parts(GString *out, const DjPairingView *view, GString *scratch)
{
    gint64 widest = 1;
    for (guint i = 0; i < view->parts->len; i++)
        widest = MAX(widest, g_array_index(view->parts, DjShownPart, i).points);
    g_string_append(out, "<table class=\"parts\" aria-label=\"得分构成\"><tbody>\n");
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        g_string_truncate(scratch, 0);
        dj_wording_part(scratch, part);
        put(out, "<tr><th scope=\"row\">", scratch->str, "");
        g_string_append(out, "</th><td>");
        put_bar(out, part, widest);
        g_string_append_printf(out, "</td><td>%" G_GINT64_FORMAT "</td></tr>\n", part->points);
    }
    const DjPairing *pairing = view->pairing;
    g_string_append_printf(out,
                           "</tbody><tfoot><tr><th scope=\"row\">合计</th><td></td><td>%" G_GINT64_FORMAT
                           " 点</td></tr></tfoot></table>\n<p class=\"xs dim\">本需求满点 %" G_GINT64_FORMAT
                           "，匹配度 %d",
                           pairing->points, pairing->self_points, pairing->score);
    if (pairing->permille >= 0)
        g_string_append_printf(out, "；按已有判断估计，约 %d%% 值得一谈", (pairing->permille + 5) / 10);
    g_string_append(out, "</p>\n");
}

static void put_verdict(GString *out, const char *style, const char *label)
{
    put(out, "<li><span class=\"v ", style, "\">");
    put(out, "", label, "</span><span>");
}

static void put_indicators(GString *out, const DjPairingView *view, GString *scratch)
{
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        DjVerdict verdict = indicator->verdict;
        put_verdict(out,
                    verdict == DJ_MET       ? "v-met"
                    : verdict == DJ_UNKNOWN ? "v-unk"
                                            : "v-no",
                    dj_verdict_label(verdict));
        g_string_truncate(scratch, 0);
        dj_wording_indicator(scratch, indicator);
        put(out, "", scratch->str, "</span></li>\n");
    }
}

static void put_gate(GString *out, const DjPairingView *view)
{
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        if (gate->withheld)
            put_verdict(out, "v-sec", "保密");
        else if (gate->verdict == DJ_NOT_MET)
            put_verdict(out, gate->hard ? "v-no v-stop" : "v-no", dj_verdict_label(gate->verdict));
        else
            put_verdict(out, gate->verdict == DJ_MET ? "v-met" : "v-unk", dj_verdict_label(gate->verdict));
        put(out, "", gate->name, "");
        if (gate->value && *gate->value)
            put(out, "<span class=\"dim\">　", gate->value, "</span>");
        if (!gate->withheld && gate->verdict == DJ_UNKNOWN && gate->ask)
            put(out, "<br><b>", gate->ask, "</b>");
        g_string_append(out, "</span></li>\n");
    }
}

static void put_quality(GString *out, const DjListRow *row, GString *scratch)
{
    if (!row->quality)
        return;
    g_string_truncate(scratch, 0);
    dj_wording_quality(scratch, row->run->audience, row->quality);
    put(out, "<p class=\"xs\"><b class=\"lead\">优质度：</b>", scratch->str, "　");
    g_string_truncate(scratch, 0);
    dj_wording_quality_parts(scratch, row->run->audience, row->quality);
    put(out, "<span class=\"dim\">", scratch->str, "</span></p>");
}

/* The line of reasons opens the evidence; without evidence it is a plain line. */
static void put_why(GString *out, const DjListRow *row, GString *scratch)
{
    const DjPairingView *view = &row->view;
    const DjPairing *pairing = view->pairing;
    gboolean evidence = view->parts->len || view->gate->len || view->indicators->len;
    g_string_append_printf(out, "<tr class=\"why\"><td></td><td colspan=\"%d\">%s", N_COLUMNS - 1,
                           evidence ? "<details><summary>" : "");
    g_string_truncate(scratch, 0);
    dj_wording_reasons(scratch, view);
    if (scratch->len)
        put(out, "<b class=\"lead\">理由：</b>", scratch->str, "。　");
    g_string_truncate(scratch, 0);
    dj_wording_licence(scratch, row->run->audience, row->patent, row->run->now);
    put(out, "<b class=\"lead\">许可：</b>", scratch->str, "。");
    g_string_truncate(scratch, 0);
    dj_wording_failures(scratch, view);
    if (scratch->len)
        put(out, " <span class=\"v v-no wrapok\">不满足 ", scratch->str, "</span>");
    if (dj_list_row_unmet(row))
        g_string_append(out, " <span class=\"v v-unk wrapok\">暂无合适专利，这里是最接近的；可转订单式研发</span>");
    if (view->n_unknown)
        g_string_append_printf(out, " <span class=\"v v-unk\">有 %u 项待核</span>", view->n_unknown);
    if (pairing->n_similar)
        g_string_append_printf(out, " <span class=\"chip chip-plain\">另有 %u 件相近</span>", pairing->n_similar);
    for (char **id = pairing->other_chains; id && *id; id++)
        put(out, " <span class=\"chip\">", dj_result_chain_name(row->run->set, *id), "</span>");
    if (evidence) {
        g_string_append(out, "</summary>\n<div class=\"half\"><div>\n");
        put_parts(out, view, scratch);
        g_string_append(out, "</div>\n<ul class=\"gate\">\n");
        put_indicators(out, view, scratch);
        put_gate(out, view);
        g_string_append(out, "</ul></div>\n");
        put_quality(out, row, scratch);
        g_string_append(out, "</details>");
    }
    g_string_append(out, "</td></tr>\n");
}

static void put_row(GString *out, const DjListRow *row, GString *scratch)
{
    const DjPairing *pairing = row->view.pairing;
    DjAudience audience = row->run->audience;
    g_string_append_printf(
        out, "<tbody class=\"one\">\n<tr class=\"main\"><th class=\"num\" scope=\"row\" data-l=\"名次\">%u</th>",
        row->number);
    put(out, "<td data-l=\"需求\"><span class=\"title\">", dj_list_row_need_title(row), "</span> ");
    put(out, "<span class=\"xs dim id\">", pairing->need, "");
    if (pairing->direction == DJ_DIRECTION_NEED)
        g_string_append_printf(out, "　第 %u 位", pairing->rank);
    g_string_append(out, "</span></td>");

    const char *enterprise = dj_list_row_enterprise(row), *region = dj_list_row_region(row);
    if (enterprise)
        put(out, "<td data-l=\"企业\">", *enterprise ? enterprise : "未写", "");
    else
        g_string_append(out, "<td class=\"dim\" data-l=\"企业\">不公开");
    if (region)
        put(out, " <span class=\"xs dim nw\">", region, "</span>");
    g_string_append(out, "</td>");

    put(out, "<td data-l=\"专利\"><span class=\"title\">", dj_list_row_patent_title(row), "</span> ");
    put(out, "<span class=\"xs dim id\">", dj_list_row_patent_number(row), "");
    put(out, "　", dj_patent_kind_label(dj_projection_field(audience, row->patent, DJ_PATENT_KIND)), "");
    if (pairing->direction == DJ_DIRECTION_PATENT)
        g_string_append_printf(out, "　第 %u 位", pairing->rank);
    g_string_append(out, "</span></td>");

    g_string_truncate(scratch, 0);
    dj_wording_list(scratch, dj_projection_field(audience, row->patent, DJ_PATENT_OWNERS));
    put(out, "<td data-l=\"机构\">", scratch->str, "</td>");
    g_string_append_printf(
        out, "<td class=\"num\" data-l=\"匹配度\"><b>%d</b> <span class=\"xs dim\">%" G_GINT64_FORMAT " 点</span>",
        pairing->score, pairing->points);
    int quality = row->quality ? dj_quality_score(row->quality, audience, NULL) : -1;
    if (quality >= 0)
        g_string_append_printf(out, " <span class=\"xs nw\">优质 %d</span>", quality);
    g_string_append(out, "</td></tr>\n");
    put_why(out, row, scratch);
    g_string_append(out, "</tbody>\n");
}

/* ---- pages ---- */

static void put_head(GString *out, const DjListRun *run, const DjListChain *list)
{
    const DjResultChain *chain = list->chain;
    put(out, "<p class=\"crumb\"><a href=\"index.html\">全部产业链</a> › ", chain->name, "</p>\n");
    put(out, "<div class=\"row between\"><div><h1>", chain->name, "：");
    put(out, "", run->title, "</h1>\n<p class=\"dim\">");
    if (chain->tier && *chain->tier)
        put(out, "", chain->tier, "　");
    put(out, "截止 ", run->set->provenance.now, "</p></div>\n");
    g_string_append(out, "<p class=\"row no-print\"><a class=\"btn\" href=\"");
    dj_html_href(out, list->file);
    g_string_append(out, ".csv\">表格（CSV）</a></p></div>\n<section class=\"figs\" aria-label=\"概览\">\n");
    put_figure(out, chain->n_needs, 0, "需求");
    put_figure(out, chain->n_patents, 0, "专利与成果");
    g_autoptr(GString) label = g_string_new("上榜配对（");
    dj_wording_limit(label, run->set);
    g_string_append(label, " 起）");
    put_figure(out, (guint64)list->pairings[DJ_DIRECTION_NEED]->len + list->pairings[DJ_DIRECTION_PATENT]->len, 0,
               label->str);
    put_figure(out, chain->n_covered, chain->n_enterprises, "企业至少有一个推荐");
    g_string_append(out, "</section>\n");
}

static void put_table_head(GString *out, const DjListRun *run, const DjListChain *list, DjDirection direction,
                           char *const *provenance)
{
    static const char *const titles[] = {"需求", "企业", "专利", "机构"};
    g_string_append(
        out, "<div class=\"scroll\"><table class=\"t rows list\">\n<colgroup><col class=\"w1\"><col class=\"w2\"><col "
             "class=\"w3\">"
             "<col class=\"w4\"><col class=\"w5\"><col class=\"w6\"></colgroup>\n<thead>\n<tr class=\"print-head\">");
    g_string_append_printf(out, "<td colspan=\"%d\">", N_COLUMNS);
    put(out, "", list->chain->name, "　");
    put(out, "", run->title, "　");
    put(out, "", dj_wording_direction(direction), "　");
    put(out, "", run->set->provenance.now, "</td></tr>\n<tr><th class=\"num\" scope=\"col\">名次</th>");
    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++)
        put(out, "<th scope=\"col\">", titles[i], "</th>");
    g_string_append(out, "<th class=\"num\" scope=\"col\">匹配度</th></tr>\n</thead>\n<tfoot><tr>");
    g_string_append_printf(out, "<td colspan=\"%d\">", N_COLUMNS);
    for (char *const *p = provenance; *p; p++)
        put(out, p > provenance ? "　" : "", *p, "");
    g_string_append(out, "</td></tr></tfoot>\n");
}

static gboolean put_list(DjOutFile *file, const DjListRun *run, const DjListChain *list, DjDirection direction,
                         guint max_rows, char *const *provenance, GError **error)
{
    guint n = list->pairings[direction]->len, shown = MIN(n, max_rows);
    g_autoptr(GString) scratch = g_string_new(NULL);
    g_auto(DjListRow) row;
    dj_list_row_init(&row, run);
    put(file->text, "<h2>", dj_wording_direction(direction), " <span class=\"s dim\">");
    put(file->text, "", direction == DJ_DIRECTION_NEED ? "每条需求最相配的专利" : "每件专利最相配的需求", "，");
    dj_wording_count(file->text, n);
    g_string_append(file->text, " 条</span></h2>\n");
    put_table_head(file->text, run, list, direction, provenance);
    for (guint i = 0; i < shown; i++) {
        dj_list_row_set(&row, list, direction, i);
        put_row(file->text, &row, scratch);
        if (!dj_out_file_drain(file, error))
            return FALSE;
    }
    g_string_append(file->text, "</table></div>\n");
    if (shown < n) {
        g_string_append_printf(file->text, "<p class=\"s\">本页列出前 %u 条，共 ", shown);
        dj_wording_count(file->text, n);
        g_string_append(file->text, " 条；全部见<a href=\"");
        dj_html_href(file->text, list->file);
        g_string_append(file->text, ".csv\">表格（CSV）</a>。</p>\n");
    }
    return TRUE;
}

gboolean dj_list_html_write_chain(const DjListRun *run, const DjListChain *list, guint max_rows, const char *path,
                                  char **sha256, GError **error)
{
    g_auto(DjOutFile) file = {0};
    if (!dj_out_file_open(&file, path, error))
        return FALSE;
    g_auto(GStrv) provenance = dj_list_run_provenance(run);
    g_autofree char *title = g_strdup_printf("%s %s %s", list->chain->name, run->title, run->set->provenance.now);
    dj_page_begin(file.text, &(DjPage){.title = title, .audience = run->audience, .home = "index.html"});
    put_head(file.text, run, list);
    guint n_lists = 0;
    for (int d = 0; d < DJ_N_DIRECTIONS; d++) {
        if (list->pairings[d]->len == 0)
            continue;
        n_lists++;
        if (!put_list(&file, run, list, (DjDirection)d, max_rows, provenance, error))
            return FALSE;
    }
    if (n_lists == 0) {
        g_string_append(file.text, "<p class=\"note\">没有够得上清单下限（");
        dj_wording_limit(file.text, run->set);
        g_string_append(file.text, "）的配对。可以补充需求的内容与指标，或降低下限后重新生成。</p>\n");
    }
    g_string_append(file.text, "<svg class=\"vh\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"4\" "
                               "height=\"10\" patternUnits=\"userSpaceOnUse\"><path d=\"M1 0V10\" stroke=\"#333\" "
                               "stroke-width=\"1.6\"/></pattern></defs></svg>\n");
    dj_page_end(file.text, provenance);
    return dj_out_file_close(&file, sha256, error);
}

static void put_index_row(GString *out, const DjListChain *list)
{
    const DjResultChain *chain = list->chain;
    g_string_append(out, "<tr><th scope=\"row\" data-l=\"产业链\"><a href=\"");
    dj_html_href(out, list->file);
    put(out, ".html\">", chain->name, "</a>");
    if (chain->tier && *chain->tier)
        put(out, " <span class=\"xs dim nw\">", chain->tier, "</span>");
    g_string_append(out, "</th>");
    const struct {
        const char *label;
        guint n;
    } figures[] = {{"需求", chain->n_needs},
                   {"专利与成果", chain->n_patents},
                   {"企业", chain->n_enterprises},
                   {"有推荐的企业", chain->n_covered},
                   {"配对", list->pairings[DJ_DIRECTION_NEED]->len + list->pairings[DJ_DIRECTION_PATENT]->len}};
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
        put(out, "<td class=\"num\" data-l=\"", figures[i].label, "\">");
        dj_wording_count(out, figures[i].n);
        g_string_append(out, "</td>");
    }
    g_string_append(out, "<td class=\"no-print\" data-l=\"表格\"><a href=\"");
    dj_html_href(out, list->file);
    g_string_append(out, ".csv\">CSV</a></td></tr>\n");
}

gboolean dj_list_html_write_index(const DjListRun *run, const GPtrArray *tables, const char *path, char **sha256,
                                  GError **error)
{
    const DjResultSet *set = run->set;
    g_auto(DjOutFile) file = {0};
    if (!dj_out_file_open(&file, path, error))
        return FALSE;
    GString *out = file.text;
    g_autofree char *title = g_strdup_printf("%s %s", run->title, set->provenance.now);
    dj_page_begin(out, &(DjPage){.title = title, .audience = run->audience});
    put(out, "<div class=\"row between\"><div><h1>", run->title, "</h1>\n<p class=\"dim\">截止 ");
    put(out, "", set->provenance.now, "");
    g_string_append_printf(out, "　每个对象最多 %u 条，", set->top);
    dj_wording_limit(out, set);
    g_string_append(out, " 起</p></div>\n<p class=\"row no-print\">");
    for (guint i = 0; i < tables->len; i++) {
        g_string_append(out, "<a class=\"btn\" href=\"");
        dj_html_href(out, tables->pdata[i]);
        put(out, "\">", tables->pdata[i], "</a> ");
    }
    g_string_append(out, "<a class=\"btn\" href=\"pairings.jsonl\">pairings.jsonl</a>");
    if (g_hash_table_size(set->unmet) > 0) {
        g_string_append(out, " <a class=\"btn\" href=\"");
        dj_html_href(out, DJ_UNMET_FILE);
        put(out, "\">", DJ_UNMET_FILE, "</a>");
    }
    g_string_append(out, "</p></div>\n"
                         "<section class=\"figs\" aria-label=\"概览\">\n");
    guint n_filled = 0;
    for (guint i = 0; i < run->chains->len; i++) {
        const DjListChain *list = run->chains->pdata[i];
        n_filled += list->pairings[DJ_DIRECTION_NEED]->len + list->pairings[DJ_DIRECTION_PATENT]->len > 0;
    }
    put_figure(out, n_filled, run->chains->len, "产业链有配对");
    put_figure(out, set->pairings->len, 0, "上榜配对");
    put_figure(out, g_hash_table_size(set->needs), 0, "上榜需求");
    put_figure(out, g_hash_table_size(set->patents), 0, "上榜专利与成果");
    if (set->adequate > 0)
        put_figure(out, g_hash_table_size(set->unmet), 0, "需求暂无合适专利");
    g_string_append(out, "</section>\n<div class=\"scroll\"><table class=\"t rows\">\n<thead><tr>"
                         "<th scope=\"col\">产业链</th><th class=\"num\" scope=\"col\">需求</th>"
                         "<th class=\"num\" scope=\"col\">专利与成果</th><th class=\"num\" scope=\"col\">企业</th>"
                         "<th class=\"num\" scope=\"col\">有推荐的企业</th><th class=\"num\" scope=\"col\">配对</th>"
                         "<th class=\"no-print\" scope=\"col\">表格</th></tr></thead>\n<tbody>\n");
    for (guint i = 0; i < run->chains->len; i++)
        put_index_row(out, run->chains->pdata[i]);
    g_string_append(
        out,
        "</tbody></table></div>\n"
        "<p class=\"s dim\">一条记录可以属于几条产业链，因此各行相加可能大于总数；一个配对只列在它的主链里。</p>\n");
    g_auto(GStrv) provenance = dj_list_run_provenance(run);
    dj_page_end(out, provenance);
    return dj_out_file_close(&file, sha256, error);
}
