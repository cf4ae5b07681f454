/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page for one reader, from the same rows as the lists. The enterprise sees its own need; the page of an
 * institution names an enterprise only where it consented, because it leaves the centre. */
#include "engine/report/month.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"

void dj_month_sheet_free(DjMonthSheet *sheet)
{
    g_free(sheet->key);
    g_free(sheet->name);
    g_ptr_array_unref(sheet->pairings);
    g_free(sheet);
}

static void set_row(DjListRow *row, const DjMonthSheet *sheet, const DjPairing *pairing, guint number)
{
    const DjResultSet *set = row->run->set;
    row->number = number;
    row->need = g_hash_table_lookup(set->needs, pairing->need);
    const DjResultSet *from =
        sheet->further && !g_hash_table_contains(set->patents, pairing->patent) ? sheet->further : set;
    row->patent = g_hash_table_lookup(from->patents, pairing->patent);
    row->quality = g_hash_table_lookup(from->quality, pairing->patent);
    const char *enterprise = g_hash_table_lookup(set->enterprise_of, pairing->need);
    row->enterprise = enterprise ? dj_projection_enterprise(row->run->audience, row->need,
                                                            g_hash_table_lookup(set->enterprises, enterprise))
                                 : NULL;
    dj_pairing_view_set(&row->view, pairing, row->need);
}

static void put_patent(GString *out, const DjListRow *row)
{
    g_string_append(out, "<span class=\"title\">");
    dj_html_text(out, dj_list_row_patent_title(row));
    g_string_append(out, "</span> <span class=\"id\">");
    dj_html_text(out, dj_list_row_patent_number(row));
    g_string_append(out, "</span><br><span class=\"dim\">");
    g_autoptr(GString) owners = g_string_new(NULL);
    dj_wording_list(owners, dj_projection_field(row->run->audience, row->patent, DJ_PATENT_OWNERS));
    dj_html_text(out, owners->str);
    g_string_append(out, "</span>");
}

static void put_need(GString *out, const DjListRow *row)
{
    const char *enterprise = dj_list_row_enterprise(row);
    g_string_append(out, "<span class=\"title\">");
    dj_html_text(out, dj_list_row_need_title(row));
    g_string_append(out, "</span> <span class=\"id\">");
    dj_html_text(out, row->view.pairing->need);
    g_string_append(out, "</span>");
    if (enterprise && *enterprise) {
        g_string_append(out, "<br><span class=\"dim\">");
        dj_html_text(out, enterprise);
        g_string_append(out, "</span>");
    }
}

static void put_entry(GString *out, const DjListRow *row)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(out, "<tr class=\"main\"><td class=\"num\">%u</td><td class=\"num\"><b>%d</b>", row->number,
                           row->view.pairing->score);
    int quality = row->quality ? dj_quality_score(row->quality, row->run->audience, NULL) : -1;
    if (quality >= 0)
        g_string_append_printf(out, "<br><span class=\"xs nw\">优质 %d</span>", quality);
    g_string_append(out, "</td><td>");
    put_need(out, row);
    g_string_append(out, "</td><td>");
    put_patent(out, row);
    g_string_append(out, "</td><td>");
    dj_wording_licence(text, row->run->audience, row->patent, row->run->now);
    dj_html_text(out, text->str);
    g_string_append(out, "</td></tr>\n<tr class=\"why\"><td></td><td></td><td colspan=\"3\">");
    g_string_truncate(text, 0);
    dj_wording_reasons(text, &row->view);
    dj_html_text(out, text->str);
    if (row->view.n_unknown > 0) {
        g_string_truncate(text, 0);
        dj_wording_questions(text, &row->view);
        g_string_append(out, "<br><span class=\"v v-unk wrapok\">待核：");
        dj_html_text(out, text->str);
        g_string_append(out, "</span>");
    }
    g_string_append(out, "</td></tr>\n");
}

void dj_month_sheet_html(GString *out, const DjListRun *run, const char *month, const DjMonthSheet *sheet)
{
    /* a page leaves the centre, the lists beside it do not */
    DjListRun own = *run;
    own.audience = DJ_AUDIENCE_PARTICIPANT;
    g_autofree char *title = g_strdup_printf("%s　%s", sheet->name, month);
    DjPage page = {.title = title, .audience = own.audience};
    dj_page_begin(out, &page);
    g_string_append(out, "<h1>");
    dj_html_text(out, sheet->name);
    g_string_append_printf(out, "</h1>\n<p class=\"s dim\">%s 专利开放许可%s，%u 条，截止 %s</p>\n", month,
                           sheet->institution ? "：求购贵单位专利的需求" : "：为贵企业推荐", sheet->pairings->len,
                           run->set->provenance.now);
    if (sheet->profile)
        g_string_append(out, "<p class=\"note\">贵企业未填技术需求，以主导产品代替；填写一条需求，推荐会更准。</p>\n");
    g_string_append(out, "<table class=\"t\">\n<thead><tr><th class=\"num\">序</th><th class=\"num\">匹配度</th>"
                         "<th>需求</th><th>专利</th><th>许可</th></tr></thead>\n<tbody>\n");
    g_auto(DjListRow) row;
    dj_list_row_init(&row, &own);
    for (guint i = 0; i < sheet->pairings->len; i++) {
        set_row(&row, sheet, sheet->pairings->pdata[i], i + 1);
        put_entry(out, &row);
    }
    g_string_append(out, "</tbody></table>\n");
    g_auto(GStrv) provenance = dj_list_run_provenance(&own);
    dj_page_end(out, provenance);
}
