/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/record.h"

#include "engine/report/page.h"
#include "engine/report/pairing_text.h"

static void put_fact(const char *label, const char *value, gpointer user)
{
    GString *out = user;
    g_string_append(out, "<div><dt>");
    dj_html_text(out, label);
    g_string_append(out, "</dt><dd>");
    dj_html_text(out, value);
    g_string_append(out, "</dd></div>\n");
}

void dj_record_put(DjRequest *request, DjAudience audience, const DjRecord *record)
{
    GString *out = request->out;
    /* a first import is looked at before there is an index */
    const DjIpcTitles *titles = request->desk ? dj_serving_session(request->desk->serving)->ipc_titles : NULL;
    g_string_append(out, "<dl class=\"record\">\n");
    guint n_withheld = dj_record_each_fact(audience, record, titles, put_fact, out);
    g_string_append(out, "</dl>\n");
    if (n_withheld > 0)
        g_string_append_printf(out, "<p class=\"s dim\">另有 %u 项，“%s”受众看不到。</p>\n", n_withheld,
                               dj_audience_label(audience));
}
