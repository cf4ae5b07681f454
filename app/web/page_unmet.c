/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 都不合适: why, and what becomes of it. */
#include "app/web/asked.h"
#include "app/web/chrome.h"
#include "app/web/router.h"
#include "app/web/unmet.h"
#include "engine/report/page.h"

static void put_reasons(GString *out, const DjRoutes *routes)
{
    g_string_append(out, "<fieldset>\n<legend>为什么不合适？</legend>\n");
    for (guint i = 0; i < routes->reasons->len; i++) {
        const DjRouteReason *reason = &g_array_index(routes->reasons, DjRouteReason, i);
        g_string_append(out, "<label class=\"check\"><input type=\"radio\" name=\"reason\" required value=\"");
        dj_html_text(out, reason->id);
        g_string_append(out, "\"><span>");
        dj_html_text(out, reason->label);
        g_string_append(out, "</span><span class=\"n\">转给：");
        dj_html_text(out, reason->route);
        g_string_append(out, "</span></label>\n");
    }
    g_string_append(out, "</fieldset>\n");
}

gboolean dj_web_unmet_page(DjRequest *request, GError **error)
{
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    if (!dj_asked_read_form(&asked, request, error))
        return FALSE;
    if (*asked.given == '\0')
        return dj_web_fail(error, 400, "没有提问的内容");
    GString *out = request->out;
    dj_chrome_begin(request, "都不合适");
    g_string_append(out,
                    "<form method=\"post\" action=\"/unmet/send\" class=\"card stack narrow\">\n<h1>都不合适</h1>\n"
                    "<p class=\"facts-text\">");
    dj_html_text(out, asked.given);
    g_string_append(out, "</p>\n");
    dj_chrome_csrf(request);
    dj_asked_put_hidden(&asked, out);
    put_reasons(out, dj_serving_routes(request->desk->serving));
    g_string_append(
        out, "<label for=\"detail\">再说一点（可不写）</label>"
             "<textarea id=\"detail\" name=\"detail\" maxlength=\"1000\" rows=\"3\"></textarea>\n"
             "<label for=\"title\">能让主办方看的题目（可不写）</label>"
             "<input id=\"title\" type=\"text\" name=\"title\" maxlength=\"60\">\n"
             "<label for=\"contact\">怎么找到您（可不写）</label>"
             "<input id=\"contact\" type=\"text\" name=\"contact\" maxlength=\"100\" autocomplete=\"tel\">\n"
             "<p class=\"s dim\">提问和补充按保密字段保存，只有运营中心能看；题目、原因、联系方式主办方也能看。</p>\n"
             "<p class=\"row\"><button class=\"btn btn-1\" type=\"submit\">交给运营中心</button>"
             "<button class=\"btn\" type=\"submit\" formaction=\"/\" formnovalidate>回到结果</button></p>\n</form>\n");
    dj_chrome_end(request);
    return TRUE;
}

static const char *field(const DjRequest *request, const char *name)
{
    const char *value = dj_request_field(request, name);
    return value ? value : "";
}

gboolean dj_web_unmet_send(DjRequest *request, GError **error)
{
    DjUnmet unmet = {.title = field(request, "title"),
                     .text = field(request, "text"),
                     .reason = field(request, "reason"),
                     .detail = field(request, "detail"),
                     .contact = field(request, "contact")};
    const char *route;
    gint64 id;
    if (!dj_web_add_unmet(request, &unmet, &route, &id, error))
        return FALSE;
    dj_chrome_begin(request, "已记下");
    g_string_append_printf(
        request->out, "<section class=\"card stack narrow\"><h1>已记下，编号 %" G_GINT64_FORMAT "</h1>\n<p>去向：<b>",
        id);
    dj_html_text(request->out, route);
    g_string_append(request->out, "</b>。运营中心会按这个去向处理");
    g_string_append(request->out, *unmet.contact ? "，并用您留的方式联系您。" : "。没有留联系方式，请记住编号。");
    g_string_append(request->out, "</p><p><a class=\"btn\" href=\"/\">再问一个</a></p></section>\n");
    dj_chrome_end(request);
    return TRUE;
}
