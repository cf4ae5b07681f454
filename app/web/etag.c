/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/etag.h"

#include <string.h>

/* stable: by what the answer depends on; else by its content. */
static char *tag_of(const DjRequest *request, gboolean stable)
{
    gint64 generation = request->desk ? dj_serving_session(request->desk->serving)->generation.number : 0;
    if (stable)
        return g_strdup_printf("\"g%" G_GINT64_FORMAT "-%d-%s\"", generation,
                               request->desk ? dj_serving_today(request->desk->serving) : 0,
                               dj_audience_name(dj_request_audience(request)));
    g_autofree char *sum =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)request->out->str, request->out->len);
    return g_strdup_printf("\"g%" G_GINT64_FORMAT "-%.16s\"", generation, sum);
}

/* A list of tags with commas between them; W/ says that it is weak, which does not matter here (RFC 9110, 13.1.2). */
static gboolean names(const char *header, const char *tag)
{
    g_auto(GStrv) given = g_strsplit(header ? header : "", ",", 100);
    for (char **one = given; *one; one++) {
        const char *clean = g_strstrip(*one);
        if (g_str_has_prefix(clean, "W/"))
            clean += 2;
        if (strcmp(clean, tag) == 0 || strcmp(clean, "*") == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_known(DjRequest *request, const char *known, const char *tag)
{
    if (!names(known, tag))
        return FALSE;
    dj_response_header(request, "ETag", tag);
    g_string_truncate(request->out, 0);
    request->status = 304;
    return TRUE;
}

gboolean dj_etag_answer(DjRequest *request, const DjRoute *route, const char *known, GError **error)
{
    if (!request->api || strcmp(route->method, "GET") != 0)
        return route->handle(request, error);
    g_autofree char *tag = (route->flags & DJ_ROUTE_STABLE) ? tag_of(request, TRUE) : NULL;
    if (tag && is_known(request, known, tag))
        return TRUE;
    if (!route->handle(request, error))
        return FALSE;
    if (!tag)
        tag = tag_of(request, FALSE);
    if (!is_known(request, known, tag))
        dj_response_header(request, "ETag", tag);
    return TRUE;
}
