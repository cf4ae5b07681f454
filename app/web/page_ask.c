/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ask page (问技术), its answer as a table, and the page of one patent. The question travels in the body of the
 * request, never in an address: addresses are kept in histories and logs, and a need may be confidential. */
#include "app/web/ask_results.h"
#include "app/web/chrome.h"
#include "app/web/export.h"
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
    g_autoptr(DjQuality) quality = dj_quality_judge(dj_serving_session(request->desk->serving)->criteria, record,
                                                    dj_serving_today(request->desk->serving));
    if (quality)
        dj_quality_text(text, audience, quality);
    dj_html_text(request->out, text->str);
    g_string_append(request->out, "</pre>\n</section>\n");
    dj_chrome_end(request);
    return TRUE;
}
