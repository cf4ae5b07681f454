/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/start.h"

#include "app/web/months.h"
#include "app/web/server.h"
#include <string.h>

static const struct {
    const char *name, *title;
} kinds[] = {{"index", "建立索引"},           {"train", "学习词义"},
             {"match", "生成配对清单"},       {DJ_JOB_MONTHLY, "生成月度清单"},
             {DJ_JOB_VERIFY, "核对月度清单"}, {DJ_JOB_PUBLISH, "登记为已推送"}};

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

/* The folder that a month is made into: its lists are found by others who look after months. Free it. */
static char *month_folder(const DjRequest *request, const char *name)
{
    return g_build_filename(dj_web_folder(request->web), DJ_MONTHS_FOLDER, name, NULL);
}

static gboolean is_kind(const char *kind, const char *other)
{
    return strcmp(kind, other) == 0;
}

/* Name of the month's folder that a job is about; *name NULL for jobs about none. 400 or 404. */
static gboolean find_month(DjRequest *request, const char *kind, const char *month, char **name, GError **error)
{
    if (is_kind(kind, DJ_JOB_VERIFY) || is_kind(kind, DJ_JOB_PUBLISH)) {
        g_autoptr(DjMonthFolder) found = dj_month_folder_open(request, month ? month : "", error);
        *name = g_strdup(month);
        return found != NULL;
    }
    if (!is_kind(kind, DJ_JOB_MONTHLY))
        return TRUE;
    if (!is_month(month))
        return dj_web_fail(error, 400, "请填月份，例如 2026-11");
    gboolean centre = dj_request_audience(request) == DJ_AUDIENCE_CENTRE;
    *name = centre ? g_strconcat(month, "-", dj_audience_name(DJ_AUDIENCE_CENTRE), NULL) : g_strdup(month);
    return TRUE;
}

gboolean dj_start_work(DjRequest *request, const char *kind, const char *month, guint *number, GError **error)
{
    gsize k = 0;
    while (k < G_N_ELEMENTS(kinds) && g_strcmp0(kinds[k].name, kind) != 0)
        k++;
    if (k == G_N_ELEMENTS(kinds))
        return dj_web_fail(error, 400, "请选一种任务：建立索引、学习词义、生成配对清单、生成月度清单、核对、登记推送");
    DjJobs *jobs = dj_web_jobs(request->web);
    g_autofree char *name = NULL;
    if (!find_month(request, kind, month, &name, error) || !dj_jobs_are_free(jobs, error))
        return FALSE;
    g_autofree char *folder = dj_jobs_prepare(jobs, number, error);
    if (!folder)
        return FALSE;
    g_autofree char *out = g_build_filename(folder, "out", NULL), *lists = name ? month_folder(request, name) : NULL;
    const char *audience = dj_audience_name(dj_request_audience(request));
    const char *const plain[] = {kind, NULL}, *const match[] = {kind, "--out", out, "--audience", audience, NULL},
                      *const monthly[] = {kind, month, "--out", lists, "--audience", audience, NULL},
                      *const verify[] = {kind, lists, NULL}, *const publish[] = {"monthly", "publish", lists, NULL};
    const char *const *words = is_kind(kind, "match")          ? match
                               : is_kind(kind, DJ_JOB_MONTHLY) ? monthly
                               : is_kind(kind, DJ_JOB_VERIFY)  ? verify
                               : is_kind(kind, DJ_JOB_PUBLISH) ? publish
                                                               : plain;
    return dj_start_job(request, *number, kind, kinds[k].title, name ? name : "", words, error);
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
