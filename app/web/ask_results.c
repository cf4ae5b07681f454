/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/ask_results.h"

#include "app/web/chrome.h"
#include "app/web/hit.h"
#include "app/web/pair.h"
#include "engine/report/page.h"
#include "engine/report/pairing_text.h"
#include "engine/report/wording.h"
#include <string.h>

#define SHOWN_VALUES  8 /* of one facet */
#define MORE_RESULTS  40
#define RELATED_WORDS 6
#define READ_TITLES   10 /* for related words */

/* ---- form ---- */

static void put_choice(GString *out, const DjServing *serving, DjFacet facet)
{
    g_autoptr(GArray) counts = dj_facet_count(dj_serving_facets(serving), facet, NULL, G_MAXUINT);
    g_string_append_printf(out, "<label class=\"field\">%s <select name=\"%s\"><option value=\"\">不限</option>",
                           dj_facet_label(facet), dj_facet_name(facet));
    for (guint i = 0; i < counts->len; i++) {
        const DjFacetCount *count = &g_array_index(counts, DjFacetCount, i);
        if (strcmp(count->value, DJ_FACET_UNKNOWN) == 0)
            continue;
        g_string_append(out, "<option value=\"");
        dj_html_text(out, count->value);
        g_string_append(out, "\">");
        dj_html_text(out, count->label);
        g_string_append_printf(out, "（%u）</option>", count->count);
    }
    g_string_append(out, "</select></label>\n");
}

void dj_ask_put_form(DjRequest *request, const DjAsked *asked, gboolean first)
{
    GString *out = request->out;
    g_string_append(out, "<form method=\"post\" action=\"/\" class=\"stack-5\">\n");
    dj_chrome_csrf(request);
    g_string_append(out, "<section class=\"card\">\n<h1>问技术</h1>\n"
                         "<p class=\"dim s no-print\">用平常的话写一段：想解决什么、现在怎么做、指标要到多少。也可以写 "
                         "<code>持有人:某某大学</code>、<code>IPC:C04B</code>、<code>产业链:集成电路</code>、"
                         "<code>预算:10万</code>。</p>\n"
                         "<div class=\"stack query\">\n<label class=\"vh\" for=\"q\">您的技术难题</label>\n"
                         "<textarea id=\"q\" name=\"text\" required maxlength=\"8000\">\n");
    dj_html_text(out, asked->given);
    g_string_append(out, "</textarea>\n<ul class=\"suggest no-print\" id=\"suggest\" hidden></ul>\n"
                         "<div class=\"row no-print\"><button class=\"btn btn-1\" type=\"submit\">找专利</button>\n");
    if (first && request->desk) {
        put_choice(out, request->desk->serving, DJ_FACET_CHAIN);
        put_choice(out, request->desk->serving, DJ_FACET_MODE);
    }
    g_string_append(out, "<label class=\"field\">许可费不超过 <input class=\"short\" type=\"text\" name=\"budget\" "
                         "inputmode=\"decimal\" maxlength=\"20\" value=\"");
    if (asked->filter.budget >= 0)
        g_string_append_printf(out, "%g", (double)asked->filter.budget / 1e4);
    g_string_append(out, "\"> 万元</label>\n<span class=\"xs dim\">您写的文字只用来算这一次；点“保存”或“都不合适”才会"
                         "留下</span></div>\n</div>\n</section>\n");
}

/* ---- filters ---- */

static gboolean is_chosen(const GPtrArray *chosen, const char *value)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)chosen, value, g_str_equal, NULL);
}

static void put_check(GString *out, DjFacet facet, const char *value, const char *label, guint32 n, gboolean on)
{
    g_string_append_printf(out, "<label class=\"check\"><input type=\"checkbox\" name=\"%s\" value=\"",
                           dj_facet_name(facet));
    dj_html_text(out, value);
    g_string_append_printf(out, "\"%s><span>", on ? " checked" : "");
    dj_html_text(out, label);
    g_string_append_printf(out, "</span><span class=\"n\">%u</span></label>\n", n);
}

/* The most frequent values, and those that are chosen whatever their number. */
static void put_facet(GString *out, const DjFacetTable *table, DjFacet facet, const DjAsked *asked)
{
    const GPtrArray *chosen = asked->filter.values[facet];
    g_autoptr(GArray) counts = dj_facet_count(table, facet, asked->found, G_MAXUINT);
    g_autoptr(GHashTable) shown = g_hash_table_new(g_str_hash, g_str_equal);
    if (counts->len == 0 && chosen->len == 0)
        return;
    g_string_append_printf(out, "<fieldset>\n<legend>%s</legend>\n", dj_facet_label(facet));
    for (guint i = 0; i < counts->len; i++) {
        const DjFacetCount *count = &g_array_index(counts, DjFacetCount, i);
        gboolean on = is_chosen(chosen, count->value);
        if (i >= SHOWN_VALUES && !on)
            continue;
        put_check(out, facet, count->value, count->label, count->count, on);
        g_hash_table_add(shown, (gpointer)count->value);
    }
    for (guint i = 0; i < chosen->len; i++) {
        if (g_hash_table_contains(shown, chosen->pdata[i]))
            continue;
        g_autofree char *label = dj_facet_value_label(table, facet, chosen->pdata[i]);
        put_check(out, facet, chosen->pdata[i], label, 0, TRUE);
    }
    g_string_append(out, "</fieldset>\n");
}

static void put_filters(DjRequest *request, const DjAsked *asked)
{
    GString *out = request->out;
    g_string_append(out, "<aside class=\"filters card no-print\" id=\"filters\" aria-label=\"筛选\">\n"
                         "<p class=\"row between only-phone\"><b>筛选</b><a class=\"btn\" href=\"#rh\">关闭</a></p>\n");
    for (int f = 0; f < DJ_N_FACETS; f++)
        put_facet(out, dj_serving_facets(request->desk->serving), (DjFacet)f, asked);
    g_string_append(out, "<p class=\"apply\"><button class=\"btn\" type=\"submit\">应用筛选</button></p>\n</aside>\n");
}

static void put_chip(GString *out, const char *name, const char *value, const char *label)
{
    g_string_append_printf(out, "<button class=\"chip drop\" type=\"submit\" name=\"drop\" value=\"%s=", name);
    dj_html_text(out, value);
    g_string_append(out, "\" aria-label=\"去掉 ");
    dj_html_text(out, label);
    g_string_append(out, "\">");
    dj_html_text(out, label);
    g_string_append(out, " ×</button> ");
}

/* Returns how many choices there are. */
static guint put_chosen(DjRequest *request, const DjAsked *asked, GString *out)
{
    guint n = 0;
    for (int f = 0; f < DJ_N_FACETS; f++) {
        const GPtrArray *chosen = asked->filter.values[f];
        for (guint i = 0; i < chosen->len; i++, n++) {
            g_autofree char *label =
                dj_facet_value_label(dj_serving_facets(request->desk->serving), (DjFacet)f, chosen->pdata[i]);
            put_chip(out, dj_facet_name((DjFacet)f), chosen->pdata[i], label);
        }
    }
    if (asked->filter.budget >= 0) {
        g_autofree char *value = g_strdup_printf("%g", (double)asked->filter.budget / 1e4),
                        *label = g_strdup_printf("%s 万元以内或未写明", value);
        put_chip(out, "budget", value, label);
        n++;
    }
    return n;
}

/* ---- what was read, what could be added ---- */

static void put_indicators(GString *out, const DjPairingView *view)
{
    if (view->indicators->len == 0)
        return;
    g_string_append(out, "<p class=\"s dim read\">读出的指标：");
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        g_string_append(out, "<span class=\"chip chip-plain\">");
        dj_html_text(out, indicator->property);
        g_string_append_c(out, ' ');
        dj_html_text(out, indicator->wanted);
        g_string_append(out, "</span> ");
    }
    g_string_append(out, "<span class=\"no-print\">　读错了？<a href=\"#q\">改一下文字</a></span></p>\n");
}

static gboolean put_related(DjRequest *request, const DjAsked *asked, GError **error)
{
    DjAnalyzer *analyzer = dj_desk_analyzer(request->desk, error);
    if (!analyzer)
        return FALSE;
    g_autoptr(GPtrArray) titles = g_ptr_array_new();
    for (guint i = 0; i < MIN(asked->set->pairings->len, READ_TITLES); i++) {
        const DjPairing *pairing = asked->set->pairings->pdata[i];
        const DjRecord *patent = g_hash_table_lookup(asked->set->patents, pairing->patent);
        const char *title = dj_projection_field(DJ_AUDIENCE_PUBLIC, patent, DJ_PATENT_TITLE);
        if (title)
            g_ptr_array_add(titles, (gpointer)title);
    }
    g_autoptr(GPtrArray) words = dj_suggest_words_related(dj_serving_suggest_words(request->desk->serving), analyzer,
                                                          asked->text, titles, RELATED_WORDS, error);
    if (!words)
        return FALSE;
    GString *out = request->out;
    if (words->len > 0)
        g_string_append(out, "<p class=\"row s no-print\"><span class=\"dim\">也可以加上：</span>");
    for (guint i = 0; i < words->len; i++) {
        g_string_append(out, "<button class=\"chip drop\" type=\"submit\" name=\"add\" value=\"");
        dj_html_text(out, words->pdata[i]);
        g_string_append(out, "\">+ ");
        dj_html_text(out, words->pdata[i]);
        g_string_append(out, "</button> ");
    }
    if (words->len > 0)
        g_string_append(out, "</p>\n");
    return TRUE;
}

/* ---- results ---- */

GHashTable *dj_ask_new_patents(DjRequest *request, const DjAsked *asked, gint64 point, GError **error)
{
    g_autoptr(GHashTable) fresh = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(DjRecord) then = dj_record_new(DJ_TABLE_PATENT);
    for (guint i = 0; point != DJ_POINT_NOW && i < asked->set->pairings->len; i++) {
        const DjPairing *pairing = asked->set->pairings->pdata[i];
        gboolean found;
        if (!dj_store_get(request->desk->store, DJ_TABLE_PATENT, pairing->patent, point, then, &found, error))
            return NULL;
        if (!found && !pairing->low)
            g_hash_table_add(fresh, g_strdup(pairing->patent));
    }
    return g_steal_pointer(&fresh);
}

static void put_hits(DjRequest *request, const DjAsked *asked, DjPairingView *view, GHashTable *fresh)
{
    for (guint i = 0; i < asked->set->pairings->len; i++) {
        const DjPairing *pairing = asked->set->pairings->pdata[i];
        dj_pairing_view_set(view, pairing, NULL);
        g_autofree char *key = g_uri_escape_string(pairing->patent, NULL, FALSE);
        g_autofree char *href = g_strdup_printf("/patents/%s", key);
        DjHit hit = {.view = view,
                     .quality = g_hash_table_lookup(asked->set->quality, pairing->patent),
                     .question = asked->text,
                     .patent = g_hash_table_lookup(asked->set->patents, pairing->patent),
                     .chain_name = dj_pair_chain_name(request, pairing->chain),
                     .now = dj_serving_today(request->desk->serving),
                     .open = i == 0,
                     .is_new = g_hash_table_contains(fresh, pairing->patent)};
        dj_hit_card(request->out, &hit, href);
    }
}

static void put_head(DjRequest *request, const DjAsked *asked, guint n_new, const char *chips, guint n_chosen)
{
    GString *out = request->out;
    guint shown = asked->set->pairings->len;
    g_string_append(out, "<div class=\"row between\"><h2 id=\"rh\">");
    if (asked->set->n_found == 0)
        g_string_append(out, "没有找到够相配的专利");
    else
        g_string_append_printf(out, "找到 %u 件，显示最相配的 %u 件", asked->set->n_found, shown);
    if (n_new > 0)
        g_string_append_printf(out, "，其中 %u 件是上次以后新来的", n_new);
    g_string_append_printf(out, "</h2><p class=\"row s no-print\"><a class=\"to-filters btn\" href=\"#filters\">筛选");
    if (n_chosen > 0)
        g_string_append_printf(out, "（%u）", n_chosen);
    g_string_append(out, "</a>");
    if (shown > 0)
        g_string_append(out, "<button class=\"link\" type=\"submit\" formaction=\"/ask.xlsx\">导出表格</button>"
                             "<button class=\"link\" type=\"submit\" formaction=\"/ask.csv\">CSV</button>");
    if (request->signed_in)
        g_string_append(out, "<button class=\"link\" type=\"submit\" formaction=\"/saved\">保存这次提问，看以后有什么"
                             "新专利</button>");
    g_string_append(out, "</p></div>\n");
    if (n_chosen > 0)
        g_string_append_printf(out,
                               "<p class=\"row s\"><span class=\"dim\">已选：</span>%s<button class=\"link no-print\" "
                               "type=\"submit\" name=\"drop\" value=\"all\">全部清除</button></p>\n",
                               chips);
}

static void put_foot(GString *out, const DjAsked *asked)
{
    guint shown = asked->set->pairings->len;
    g_string_append(out, "<p class=\"row no-print\">");
    if (asked->set->n_found > shown && shown < MORE_RESULTS)
        g_string_append_printf(out, "<button class=\"btn\" type=\"submit\" name=\"top\" value=\"%d\">多看一些</button>",
                               MORE_RESULTS);
    g_string_append(out, "<button class=\"btn\" type=\"submit\" formaction=\"/unmet\">都不合适</button>"
                         "<span class=\"s dim\">告诉我们缺什么，转给能解决的人</span></p>\n"
                         "<p class=\"row no-print\"><label class=\"field\">想找的那件没有？写专利号 "
                         "<input type=\"text\" name=\"patent\" maxlength=\"100\"></label>"
                         "<button class=\"btn\" type=\"submit\" formaction=\"/ask/why\">为什么没有？</button></p>\n");
}

gboolean dj_ask_put_results(DjRequest *request, const DjAsked *asked, gint64 point, GError **error)
{
    GString *out = request->out;
    g_autoptr(GHashTable) fresh = dj_ask_new_patents(request, asked, point, error);
    if (!fresh)
        return FALSE;
    g_autoptr(GString) chips = g_string_new(NULL);
    guint n_chosen = put_chosen(request, asked, chips);
    g_string_append(out, "<div class=\"ask\">\n<section class=\"results\" aria-labelledby=\"rh\">\n");
    put_head(request, asked, g_hash_table_size(fresh), chips->str, n_chosen);
    g_autoptr(GString) unmet = g_string_new(NULL), barred = g_string_new(NULL);
    dj_wording_barred(barred, dj_request_audience(request), asked->set);
    if (barred->len > 0) {
        g_string_append(out, "<p class=\"note\">");
        dj_html_text(out, barred->str);
        g_string_append(out, "</p>\n");
    }
    if (asked->set->pairings->len == 0) {
        g_string_append_printf(out,
                               "<div class=\"card stack\"><p>没有一件与这段文字有关。可以试试：</p><ul>"
                               "<li>换一种说法，多写几句现有工艺和希望达到的指标</li>%s"
                               "<li>确实没有的，点“都不合适”，我们转给能解决的人</li></ul></div>\n",
                               n_chosen ? "<li>去掉几项筛选</li>" : "");
        if (!put_related(request, asked, error))
            return FALSE;
    } else {
        g_auto(DjPairingView) view;
        dj_pairing_view_init(&view, dj_request_audience(request));
        dj_pairing_view_set(&view, asked->set->pairings->pdata[0], NULL);
        dj_wording_unmet(unmet, asked->set);
        if (unmet->len > 0)
            g_string_append_printf(out, "<p class=\"note note-unk\">%s。点“都不合适”，可转订单式研发</p>\n",
                                   unmet->str);
        put_indicators(out, &view);
        if (!put_related(request, asked, error))
            return FALSE;
        g_string_append(out, "<p class=\"xs dim\">匹配度 0～100：相配程度与“需求和它自己完全相同”之比。各项相加正好是"
                             "合计。<mark>实线</mark>是同一个词，<mark class=\"near\">虚线</mark>是意思相近；号码相同"
                             "为同一处相配。</p>\n");
        put_hits(request, asked, &view, fresh);
    }
    put_foot(out, asked);
    g_string_append(out, "</section>\n");
    put_filters(request, asked);
    g_string_append(out, "</div>\n</form>\n");
    return TRUE;
}
