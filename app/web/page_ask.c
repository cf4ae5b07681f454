/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ask page (问技术), its answer as a table, and the page of one patent. The question travels in the body of the
 * request, never in an address: addresses are kept in histories and logs, and a need may be confidential. */
#include "app/web/ask_results.h"
#include "app/web/chrome.h"
#include "app/web/export.h"
#include "app/web/hit.h"
#include "app/web/pair.h"
#include "app/web/record.h"
#include "app/web/router.h"
#include "engine/report/page.h"
#include "engine/report/pairing_text.h"

gboolean dj_web_ask_page(DjRequest *request, GError **error)
{
    (void)error;
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    dj_chrome_begin(request, "问技术");
    dj_ask_put_form(request, &asked, TRUE);
    g_string_append(request->out, "</form>\n<script src=\"/ask.js\" defer></script>\n");
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_ask_answer(DjRequest *request, GError **error)
{
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    if (!dj_asked_read_form(&asked, request, error) || !dj_asked_run(&asked, request, error))
        return FALSE;
    dj_chrome_begin(request, "问技术");
    dj_ask_put_form(request, &asked, FALSE);
    if (!dj_ask_put_results(request, &asked, DJ_POINT_NOW, error))
        return FALSE;
    g_string_append(request->out, "<script src=\"/ask.js\" defer></script>\n");
    dj_chrome_end(request);
    return TRUE;
}

static gboolean send_table(DjRequest *request, gboolean as_xlsx, GError **error)
{
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    if (!dj_asked_read_form(&asked, request, error))
        return FALSE;
    asked.top = DJ_ASK_MAX_TOP;
    return dj_asked_run(&asked, request, error) && dj_export_answer(request, &asked, as_xlsx, error);
}

gboolean dj_web_ask_csv(DjRequest *request, GError **error)
{
    return send_table(request, FALSE, error);
}

gboolean dj_web_ask_xlsx(DjRequest *request, GError **error)
{
    return send_table(request, TRUE, error);
}

/* Why a patent is or is not among the results, with its evidence. */
static void put_why(DjRequest *request, const DjAsked *asked, const DjRecord *patent, const DjWhy *why)
{
    const DjServing *serving = request->desk->serving;
    const DjSession *session = dj_serving_session(serving);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, dj_request_audience(request));
    dj_pairing_view_set(&view, why->pairing, NULL);
    g_autoptr(DjQuality) quality = dj_quality_judge(session->criteria, patent, dj_serving_today(serving));
    DjHit hit = {.view = &view,
                 .question = asked->text,
                 .patent = patent,
                 .quality = quality,
                 .chain_name = dj_pair_chain_name(request, why->pairing->chain),
                 .now = dj_serving_today(serving),
                 .open = TRUE};
    g_autofree char *key = g_uri_escape_string(patent->key, NULL, FALSE), *href = g_strconcat("/patents/", key, NULL);
    if (why->rank > 0)
        why->pairing->rank = why->rank;
    dj_why_standing(request->out, why, "这次的结果里");
    dj_hit_card(request->out, &hit, href);
}

gboolean dj_web_ask_why(DjRequest *request, GError **error)
{
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    DjWhy why = {0};
    if (!dj_asked_read_form(&asked, request, error))
        return FALSE;
    g_autofree char *key = dj_pair_key(request, DJ_TABLE_PATENT, dj_request_field(request, "patent"), error);
    g_autoptr(DjRecord) patent = key ? dj_desk_record(request->desk, DJ_TABLE_PATENT, key, error) : NULL;
    if (!patent || !dj_asked_why(&asked, request, key, &why, error))
        return FALSE;
    dj_chrome_begin(request, "为什么没有？");
    g_string_append(request->out, "<h1>为什么没有？</h1>\n");
    put_why(request, &asked, patent, &why);
    dj_why_clear(&why);
    g_string_append(request->out, "<form method=\"post\" action=\"/\">");
    dj_chrome_csrf(request);
    dj_asked_put_hidden(&asked, request->out);
    g_string_append(request->out, "<button class=\"btn\" type=\"submit\">回到结果</button></form>\n");
    dj_chrome_end(request);
    return TRUE;
}

static void put_quality(DjRequest *request, DjAudience audience, const DjRecord *patent)
{
    const DjServing *serving = request->desk->serving;
    g_autoptr(DjQuality) quality =
        dj_quality_judge(dj_serving_session(serving)->criteria, patent, dj_serving_today(serving));
    if (!quality)
        return;
    g_autoptr(GString) text = g_string_new(NULL);
    dj_quality_text(text, audience, quality);
    g_string_append(request->out, "<pre class=\"facts-text\">");
    dj_html_text(request->out, text->str);
    g_string_append(request->out, "</pre>\n");
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
    g_string_append(request->out, "</h1>\n");
    dj_record_put(request, audience, record);
    put_quality(request, audience, record);
    g_string_append(request->out, "</section>\n");
    dj_chrome_end(request);
    return TRUE;
}
