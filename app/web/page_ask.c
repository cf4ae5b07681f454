/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ask page (问技术) and the page of one patent. The question travels in the body of the request, never in an
 * address: addresses are kept in histories and logs, and a need may be confidential. */
#include "app/web/asked.h"
#include "app/web/chrome.h"
#include "app/web/hit.h"
#include "app/web/router.h"
#include "engine/report/page.h"
#include "engine/report/pairing_text.h"
#include <string.h>

#define SHOWN_VALUES 8 /* of one facet */
#define MORE_RESULTS 40

static const DjFacet shown_facets[] = {DJ_FACET_CHAIN,    DJ_FACET_OWNER,  DJ_FACET_KIND,
                                       DJ_FACET_MATURITY, DJ_FACET_REGION, DJ_FACET_IPC};

static void put_form(DjRequest *request, const char *text)
{
    GString *out = request->out;
    g_string_append(out,
                    "<form method=\"post\" action=\"/\" class=\"stack-5\">\n<section class=\"card\">\n<h1>问技术</h1>\n"
                    "<p class=\"dim s no-print\">用平常的话写一段：想解决什么、现在怎么做、指标要到多少。也可以写 "
                    "<code>持有人:某某大学</code>、<code>IPC:C04B</code>、<code>产业链:集成电路</code>。</p>\n"
                    "<div class=\"stack query\">\n<label class=\"vh\" for=\"q\">您的技术难题</label>\n"
                    "<textarea id=\"q\" name=\"text\" required maxlength=\"8000\">\n");
    dj_html_text(out, text);
    g_string_append(out, "</textarea>\n<p class=\"row\"><button class=\"btn btn-1\" type=\"submit\">找专利</button>"
                         "<span class=\"xs dim\">您写的文字不保存，只用来算这一次</span></p>\n</div>\n</section>\n");
}

static void put_facet(GString *out, DjFacet facet, const GArray *counts, const GPtrArray *chosen)
{
    if (counts->len == 0)
        return;
    g_string_append_printf(out, "<fieldset>\n<legend>%s</legend>\n", dj_facet_label(facet));
    for (guint i = 0; i < counts->len; i++) {
        const DjFacetCount *count = &g_array_index(counts, DjFacetCount, i);
        gboolean on = g_ptr_array_find_with_equal_func((GPtrArray *)chosen, count->value, g_str_equal, NULL);
        g_string_append_printf(out, "<label class=\"check\"><input type=\"checkbox\" name=\"%s\" value=\"",
                               dj_facet_name(facet));
        dj_html_text(out, count->value);
        g_string_append_printf(out, "\"%s>", on ? " checked" : "");
        dj_html_text(out, count->label);
        g_string_append_printf(out, "<span class=\"n\">%u</span></label>\n", count->count);
    }
    g_string_append(out, "</fieldset>\n");
}

static gboolean put_filters(DjRequest *request, const DjAsked *asked, GError **error)
{
    GString *out = request->out;
    DjIndex *index = dj_desk_index(request->desk, error);
    if (!index)
        return FALSE;
    g_string_append(out, "<aside class=\"filters card\" id=\"filters\" aria-label=\"筛选\">\n");
    for (gsize i = 0; i < G_N_ELEMENTS(shown_facets); i++) {
        g_autoptr(GArray) counts = dj_facet_count(shown_facets[i], dj_serving_session(request->desk->serving), index,
                                                  asked->found, SHOWN_VALUES, error);
        if (!counts)
            return FALSE;
        put_facet(out, shown_facets[i], counts, asked->filter.values[shown_facets[i]]);
    }
    g_string_append(out, "<p><button class=\"btn\" type=\"submit\">应用筛选</button></p>\n</aside>\n");
    return TRUE;
}

static const char *chain_name(const DjSession *session, const char *id)
{
    guint chain;
    return *id && dj_taxonomy_find(session->taxonomy, id, &chain) ? dj_taxonomy_chain(session->taxonomy, chain).name
                                                                  : "未归链";
}

static void put_hits(DjRequest *request, const DjAsked *asked)
{
    const DjSession *session = dj_serving_session(request->desk->serving);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, dj_request_audience(request));
    for (guint i = 0; i < asked->set->pairings->len; i++) {
        const DjPairing *pairing = asked->set->pairings->pdata[i];
        dj_pairing_view_set(&view, pairing, NULL);
        g_autofree char *key = g_uri_escape_string(pairing->patent, NULL, FALSE);
        g_autofree char *href = g_strdup_printf("/patents/%s", key);
        DjHit hit = {.view = &view,
                     .question = asked->text,
                     .patent = g_hash_table_lookup(asked->set->patents, pairing->patent),
                     .quality = g_hash_table_lookup(asked->set->quality, pairing->patent),
                     .chain_name = chain_name(session, pairing->chain),
                     .now = dj_serving_today(request->desk->serving),
                     .open = i == 0};
        dj_hit_card(request->out, &hit, href);
    }
}

static gboolean put_results(DjRequest *request, const DjAsked *asked, GError **error)
{
    GString *out = request->out;
    guint shown = asked->set->pairings->len;
    g_string_append(out, "<div class=\"ask\">\n<section class=\"results\" aria-labelledby=\"rh\">\n");
    if (shown == 0) {
        g_string_append_printf(
            out,
            "<div class=\"card stack\"><h2 id=\"rh\">没有找到够相配的专利</h2>\n"
            "<p>匹配度低于 %d 的不列出。可以试试：换一种说法，多写几句现有工艺和希望达到的指标%s。</p></div>\n",
            asked->set->min_score, dj_filter_is_empty(&asked->filter) ? "" : "，或者去掉几项筛选");
    } else {
        g_string_append_printf(
            out,
            "<div class=\"row between\"><h2 id=\"rh\">找到 %u 件，显示最相配的 %u 件</h2>"
            "<a class=\"to-filters btn no-print\" href=\"#filters\">筛选</a></div>\n"
            "<p class=\"xs dim\">匹配度 0～100：相配程度与“需求和它自己完全相同”之比。各项相加正好是合计。"
            "<mark>实线</mark>是同一个词，<mark class=\"near\">虚线</mark>是意思相近；号码相同为同一处相配。</p>\n",
            asked->n_found, shown);
        put_hits(request, asked);
        if (asked->n_found > shown)
            g_string_append_printf(
                out,
                "<p class=\"no-print\"><button class=\"btn\" type=\"submit\" name=\"top\" value=\"%d\">"
                "多看一些</button></p>\n",
                MORE_RESULTS);
    }
    g_string_append(out, "</section>\n");
    if (!put_filters(request, asked, error))
        return FALSE;
    g_string_append(out, "</div>\n");
    return TRUE;
}

gboolean dj_web_ask_page(DjRequest *request, GError **error)
{
    (void)error;
    dj_chrome_begin(request, "问技术");
    put_form(request, "");
    g_string_append(request->out, "</form>\n");
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_ask_answer(DjRequest *request, GError **error)
{
    const char *text = dj_request_field(request, "text"), *top = dj_request_field(request, "top");
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(shown_facets); i++) {
        const GPtrArray *chosen = dj_request_fields(request, dj_facet_name(shown_facets[i]));
        for (guint v = 0; v < chosen->len; v++)
            if (!dj_filter_add(&asked.filter, dj_serving_session(request->desk->serving), shown_facets[i],
                               chosen->pdata[v], error))
                return FALSE;
    }
    gint64 wanted = 10;
    if (top && !g_ascii_string_to_signed(top, 10, 1, MORE_RESULTS, &wanted, NULL))
        return dj_web_fail(error, 400, "top 应为 1 到 %d 的整数", MORE_RESULTS);
    asked.top = (guint)wanted;
    if (!dj_asked_run(&asked, request, text ? text : "", error))
        return FALSE;
    dj_chrome_begin(request, "问技术");
    put_form(request, text);
    if (!put_results(request, &asked, error))
        return FALSE;
    g_string_append(request->out, "</form>\n");
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_patent_page(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    g_autoptr(DjRecord) record = dj_desk_record(request->desk, DJ_TABLE_PATENT, request->capture[0], error);
    if (!record)
        return FALSE;
    DjAudience audience = dj_request_audience(request);
    dj_chrome_begin(request, dj_record_title(record));
    g_string_append(request->out, "<section class=\"card stack\">\n<h1>");
    dj_html_text(request->out, dj_projection_field(audience, record, DJ_PATENT_TITLE));
    g_string_append(request->out, "</h1>\n<pre class=\"facts-text\">");
    g_autoptr(GString) text = g_string_new(NULL);
    dj_record_text(text, audience, record, dj_serving_session(request->desk->serving)->ipc_titles);
    g_autoptr(DjQuality) quality =
        dj_quality_judge(dj_serving_session(request->desk->serving)->criteria, record,
                         dj_serving_today(request->desk->serving));
    if (quality)
        dj_quality_text(text, audience, quality);
    dj_html_text(request->out, text->str);
    g_string_append(request->out, "</pre>\n</section>\n");
    dj_chrome_end(request);
    return TRUE;
}
