/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/start.h"

#include "app/web/server.h"
#include <string.h>

static const struct {
    const char *name, *title;
} kinds[] = {{"index", "建立索引"}, {"train", "学习词义"}, {"match", "生成配对清单"}, {"monthly", "生成月度清单"}};

gboolean dj_start_job(DjRequest *request, guint number, const char *kind, const char *title, const char *about,
                      const char *const *words, GError **error)
{
    g_autofree char *moment = dj_web_moment(request->web);
    DjJobOrder order = {.kind = kind,
                        .title = title,
                        .about = about,
                        .who = request->user.name,
                        .audience = dj_audience_name(dj_request_audience(request)),
                        .moment = moment,
                        .words = words};
    return dj_jobs_start(dj_web_jobs(request->web), number, &order, error);
}

static gboolean is_month(const char *text)
{
    static const char digits[] = "0123456789";
    return text && strspn(text, digits) == 4 && text[4] == '-' && strspn(text + 5, digits) == 2 && !text[7];
}

gboolean dj_start_work(DjRequest *request, const char *kind, const char *month, guint *number, GError **error)
{
    gsize k = 0;
    while (k < G_N_ELEMENTS(kinds) && g_strcmp0(kinds[k].name, kind) != 0)
        k++;
    if (k == G_N_ELEMENTS(kinds))
        return dj_web_fail(error, 400, "请选一种任务：建立索引、学习词义、生成配对清单、生成月度清单");
    gboolean monthly = strcmp(kind, "monthly") == 0, lists = monthly || strcmp(kind, "match") == 0;
    if (monthly && !is_month(month))
        return dj_web_fail(error, 400, "请填月份，例如 2026-11");
    DjJobs *jobs = dj_web_jobs(request->web);
    if (!dj_jobs_are_free(jobs, error))
        return FALSE;
    g_autofree char *folder = dj_jobs_prepare(jobs, number, error);
    if (!folder)
        return FALSE;
    g_autofree char *out = g_build_filename(folder, "out", NULL);
    const char *words[8] = {kind};
    gsize n = 1;
    if (monthly)
        words[n++] = month;
    if (lists) {
        words[n++] = "--out";
        words[n++] = out;
        words[n++] = "--audience";
        words[n++] = dj_audience_name(dj_request_audience(request));
    }
    return dj_start_job(request, *number, kind, kinds[k].title, monthly ? month : "", words, error);
}

gboolean dj_start_number(const char *text, guint *number, GError **error)
{
    guint64 value;
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &value, NULL))
        return dj_web_fail(error, 404, "没有这个任务");
    *number = (guint)value;
    return TRUE;
}

void dj_start_show(DjRequest *request, guint number)
{
    g_autofree char *path = g_strdup_printf("/jobs/%u", number);
    dj_response_redirect(request, path);
}
