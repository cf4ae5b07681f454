/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/page.h"
#include "engine/report/style.h"

void dj_html_text(GString *out, const char *text)
{
    if (!text)
        return;
    const char *plain = text, *p = text;
    for (; *p; p++) {
        const char *entity;
        switch (*p) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            continue;
        }
        g_string_append_len(out, plain, p - plain);
        g_string_append(out, entity);
        plain = p + 1;
    }
    g_string_append_len(out, plain, p - plain);
}

void dj_html_href(GString *out, const char *path)
{
    g_string_append_uri_escaped(out, path, "/", FALSE);
}

const char *dj_page_style(void)
{
    return (const char *)dj_report_style;
}

void dj_page_begin(GString *out, const DjPage *page)
{
    g_string_append(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    dj_html_text(out, page->title);
    g_string_append(out, " · 对接</title>\n");
    if (page->style)
        g_string_append_printf(out, "<link rel=\"stylesheet\" href=\"%s\">\n", page->style);
    else
        g_string_append_printf(out, "<style>\n%s</style>\n", dj_page_style());
    g_string_append(out, "</head>\n<body>\n<header class=\"top\"><div class=\"in\">\n");
    if (page->home)
        g_string_append_printf(out, "<a class=\"brand\" href=\"%s\">", page->home);
    else
        g_string_append(out, "<span class=\"brand\">");
    g_string_append(out, "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M1 4h9v5h3v6h-3v5H1z\"/>"
                         "<path d=\"M23 4h-9v3h1.5v10H14v3h9z\" opacity=\".72\"/></svg>对接");
    g_string_append(out, page->home ? "</a>\n" : "</span>\n");
    g_string_append_printf(out, "<span class=\"aud\">受众：%s</span>\n</div></header>\n<main>\n",
                           dj_audience_label(page->audience));
}

void dj_page_end(GString *out, char *const *provenance)
{
    g_string_append(out, "</main>\n");
    if (!provenance) {
        g_string_append(out, "</body>\n</html>\n");
        return;
    }
    g_string_append(out, "<footer class=\"foot\"><p class=\"prov\">");
    for (char *const *p = provenance; *p; p++) {
        g_string_append(out, "<span>");
        dj_html_text(out, *p);
        g_string_append(out, "</span>");
    }
    g_string_append(out, "</p></footer>\n</body>\n</html>\n");
}
