/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/file.h"

#include "engine/report/page.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *suffix, *type;
    gboolean shown; /* in the browser; else downloaded */
} types[] = {{".html", "text/html; charset=utf-8", TRUE},
             {".css", "text/css; charset=utf-8", TRUE},
             {".csv", "text/csv; charset=utf-8", FALSE},
             {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FALSE},
             {".json", "application/json; charset=utf-8", FALSE},
             {".jsonl", "application/x-ndjson; charset=utf-8", FALSE},
             {".ics", "text/calendar; charset=utf-8", FALSE},
             {".txt", "text/plain; charset=utf-8", FALSE},
             {".yaml", "application/yaml; charset=utf-8", FALSE}};

/* Goes down part by part and follows no link, so that no path leads out. */
static int open_inside(const char *folder, const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (char **part = parts; at >= 0 && *part; part++) {
        gboolean last = !part[1];
        int next = **part == '.' || **part == '\0'
                       ? -1
                       : openat(at, *part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (last ? 0 : O_DIRECTORY));
        close(at);
        at = next;
    }
    struct stat about;
    if (at >= 0 && (fstat(at, &about) != 0 || !S_ISREG(about.st_mode))) {
        close(at);
        return -1;
    }
    return at;
}

/* Pages that stand alone carry the stylesheet: its hash lets it in, and nothing else. */
static void set_policy(DjRequest *request)
{
    g_autofree char *style = g_strconcat("\n", dj_page_style(), NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;
    g_checksum_update(sum, (const guchar *)style, -1);
    g_checksum_get_digest(sum, digest, &length);
    g_autofree char *hash = g_base64_encode(digest, length);
    g_autofree char *policy = g_strdup_printf("default-src 'none'; style-src 'self' 'sha256-%s'; img-src 'self'; "
                                              "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                                              hash);
    dj_response_header(request, "Content-Security-Policy", policy);
}

gboolean dj_web_send_file(DjRequest *request, const char *folder, const char *path, GError **error)
{
    gsize i = 0;
    request->file = open_inside(folder, path);
    if (request->file < 0)
        return dj_web_fail(error, 404, "没有这个文件");
    while (i < G_N_ELEMENTS(types) && !g_str_has_suffix(path, types[i].suffix))
        i++;
    request->out_type = i < G_N_ELEMENTS(types) ? types[i].type : "application/octet-stream";
    set_policy(request);
    if (i < G_N_ELEMENTS(types) && types[i].shown)
        return TRUE;
    const char *slash = strrchr(path, '/');
    g_autofree char *name = g_uri_escape_string(slash ? slash + 1 : path, NULL, FALSE);
    g_autofree char *how = g_strdup_printf("attachment; filename*=UTF-8''%s", name);
    dj_response_header(request, "Content-Disposition", how);
    return TRUE;
}
