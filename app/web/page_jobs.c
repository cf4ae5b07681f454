/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs on pages: starting, progress (the page asks for itself again while the job runs), cancelling, log, results. */
#include "app/web/chrome.h"
#include "app/web/file.h"
#include "app/web/file_list.h"
#include "app/web/import_view.h"
#include "app/web/job_complaint.h"
#include "app/web/job_verdict.h"
#include "app/web/router.h"
#include "app/web/server.h"
#include "app/web/start.h"
#include "engine/report/page.h"
#include <string.h>

#define SHOWN_JOBS    30
#define SHOWN_LOG     (16 * 1024) /* its end; all of it is a download */
#define AGAIN_SECONDS "2"

/* ---- the list ---- */

static void put_job_row(GString *out, const DjJob *job)
{
    g_string_append_printf(out,
                           "<tr><td data-l=\"号\" class=\"num\">%u</td><td data-l=\"任务\" class=\"title\">"
                           "<a href=\"/jobs/%u\">",
                           job->number, job->number);
    dj_html_text(out, job->title);
    g_string_append(out, "</a> ");
    dj_html_text(out, job->about);
    g_string_append_printf(out, "</td><td data-l=\"状态\">%s", dj_job_state_label(job->state));
    if (job->state == DJ_JOB_RUNNING && job->percent >= 0)
        g_string_append_printf(out, " %d%%", job->percent);
    g_string_append(out, "</td><td data-l=\"发起\">");
    dj_html_text(out, job->who);
    g_string_append_printf(out, "</td><td data-l=\"开始\">%.10s %.5s</td></tr>\n", job->started,
                           strlen(job->started) > 11 ? job->started + 11 : "");
}

static void put_start(DjRequest *request)
{
    static const struct {
        const char *kind, *label, *about;
    } buttons[] = {{"index", "建立索引", "导入以后做一次，新数据才能被查到、被配对。"},
                   {"match", "生成配对清单", "每条需求配最相合的专利，出表格和可打印的清单。"},
                   {"train", "学习词义", "资料大量增加以后做；做完再建立一次索引。"}};
    GString *out = request->out;
    g_autofree char *moment = dj_web_moment(request->web);
    g_string_append(out,
                    "<section class=\"card stack\">\n<h2>开始一项任务</h2>\n<form method=\"post\" action=\"/jobs\" "
                    "class=\"starts\">\n");
    dj_chrome_csrf(request);
    for (gsize i = 0; i < G_N_ELEMENTS(buttons); i++)
        g_string_append_printf(out,
                               "<p><button class=\"btn\" type=\"submit\" name=\"kind\" value=\"%s\">%s</button> "
                               "<span class=\"s dim\">%s</span></p>\n",
                               buttons[i].kind, buttons[i].label, buttons[i].about);
    g_string_append(out, "</form>\n<form method=\"post\" action=\"/jobs\" class=\"row\">");
    dj_chrome_csrf(request);
    g_string_append_printf(
        out,
        "<label class=\"field\">月份 <input type=\"text\" name=\"month\" value=\"%.7s\" "
        "pattern=\"[0-9]{4}-[0-9]{2}\" required size=\"8\"></label>"
        "<button class=\"btn\" type=\"submit\" name=\"kind\" value=\"monthly\">生成月度清单</button>"
        "<span class=\"s dim\">各产业链的清单、各企业和机构的单页、覆盖情况、与上月相比</span></form>\n</section>\n",
        moment);
}

gboolean dj_web_jobs_page(DjRequest *request, GError **error)
{
    (void)error;
    GString *out = request->out;
    g_autoptr(GPtrArray) jobs = dj_jobs_list(dj_web_jobs(request->web), SHOWN_JOBS);
    const DjJob *first = jobs->len ? jobs->pdata[0] : NULL;
    dj_chrome_begin(request, "任务");
    g_string_append(out, "<h1>任务</h1>\n");
    if (first && first->state == DJ_JOB_RUNNING)
        g_string_append_printf(
            out, "<p class=\"note\">正在做第 %u 号任务，一次只做一项。<a href=\"/jobs/%u\">看进度</a></p>\n",
            first->number, first->number);
    else
        put_start(request);
    g_string_append(out, "<section class=\"card\">\n<h2>做过的任务</h2>\n");
    if (jobs->len == 0)
        g_string_append(out, "<p>还没有任务。</p>\n");
    else
        g_string_append(out, "<table class=\"t rows\"><thead><tr><th class=\"num\">号</th><th>任务</th><th>状态</th>"
                             "<th>发起</th><th>开始</th></tr></thead><tbody>\n");
    for (guint i = 0; i < jobs->len; i++)
        put_job_row(out, jobs->pdata[i]);
    g_string_append(out, jobs->len ? "</tbody></table>\n</section>\n" : "</section>\n");
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_job_start(DjRequest *request, GError **error)
{
    guint number;
    if (!dj_start_work(request, dj_request_field(request, "kind"), dj_request_field(request, "month"), &number, error))
        return FALSE;
    dj_start_show(request, number);
    return TRUE;
}

/* ---- one job ---- */

static DjJob *job_of(DjRequest *request, GError **error)
{
    guint number;
    if (!dj_start_number(request->capture[0], &number, error))
        return NULL;
    g_autoptr(DjJob) job = dj_jobs_get(dj_web_jobs(request->web), number);
    gboolean own = job && strcmp(job->audience, dj_audience_name(dj_request_audience(request))) == 0;
    if (own || (job && request->user.role == DJ_ROLE_CENTRE))
        return g_steal_pointer(&job);
    dj_web_fail(error, job ? 403 : 404, job ? "这个任务的结果只有运营中心能看" : "没有这个任务");
    return NULL;
}

static const char *phase_label(const char *phase)
{
    static const char *const labels[][2] = {
        {"read", "读取文件"},   {"store", "存入"},           {"index", "编入倒排索引"},
        {"commit", "写入磁盘"}, {"compile", "编译词项矩阵"}, {"score", "逐链打分"},
        {"count", "统计词频"},  {"words", "学习词向量"},     {"plan", "排会"}};
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++)
        if (strcmp(labels[i][0], phase) == 0)
            return labels[i][1];
    return phase;
}

static void put_left(GString *out, gint64 seconds)
{
    if (seconds < 0)
        return;
    if (seconds < 100)
        g_string_append_printf(out, "，大约还要 %" G_GINT64_FORMAT " 秒", MAX(seconds, 1));
    else
        g_string_append_printf(out, "，大约还要 %" G_GINT64_FORMAT " 分钟", (seconds + 59) / 60);
}

static void put_progress(DjRequest *request, const DjJob *job)
{
    GString *out = request->out;
    g_string_append(out, "<section class=\"card stack\" id=\"progress\">\n<p role=\"status\"><b>");
    dj_html_text(out, job->phase ? phase_label(job->phase) : "正在开始");
    g_string_append(out, "</b>");
    if (job->percent >= 0)
        g_string_append_printf(out, "　%d%%", job->percent);
    put_left(out, job->seconds_left);
    g_string_append(out, "</p>\n");
    if (job->percent >= 0)
        g_string_append_printf(out, "<progress max=\"100\" value=\"%d\">%d%%</progress>\n", job->percent, job->percent);
    else
        g_string_append(out, "<progress>…</progress>\n");
    g_string_append_printf(out, "<form method=\"post\" action=\"/jobs/%u/cancel\">", job->number);
    dj_chrome_csrf(request);
    g_string_append(out, "<button class=\"btn btn-no\" type=\"submit\">取消</button> "
                         "<span class=\"s dim\">已经存好的不受影响，不会留下一半</span></form>\n"
                         "<p class=\"s dim\">页面自己刷新；关掉页面任务照常进行。</p>\n</section>\n");
}

static char *log_of(const DjJob *job)
{
    g_autofree char *path = g_build_filename(job->folder, "log", NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

/* FALSE when all there is to say is the log. */
static gboolean put_complaint(GString *out, const DjJob *job, const char *log)
{
    g_autofree char *why = log ? dj_job_complaint(log) : NULL;
    if (!why)
        return FALSE;
    g_string_append(out, "<section class=\"card stack\" id=\"why\">\n<p>");
    dj_html_text(out, why);
    g_string_append(out, dj_import_view_is(job)
                             ? "</p>\n<p><a class=\"btn btn-1\" href=\"/import\">再传一次</a></p>\n</section>\n"
                             : "</p>\n</section>\n");
    return TRUE;
}

/* log: NULL when there is none. open: nothing else tells what went wrong. */
static void put_log(GString *out, const DjJob *job, const char *log, gboolean open)
{
    if (!log || !*log)
        return;
    gsize length = strlen(log);
    g_autofree char *shown = g_utf8_make_valid(length > SHOWN_LOG ? log + length - SHOWN_LOG : log, -1);
    g_string_append_printf(out, "<section class=\"card\"><details%s><summary>记录</summary><pre class=\"log\">",
                           open ? " open" : "");
    dj_html_text(out, shown);
    g_string_append_printf(
        out, "</pre><p><a class=\"s\" href=\"/jobs/%u/log\">下载全部记录</a></p></details></section>\n", job->number);
}

static void put_results(GString *out, const DjJob *job)
{
    g_autofree char *folder = g_build_filename(job->folder, "out", NULL);
    g_autofree char *prefix = g_strdup_printf("/jobs/%u/files", job->number);
    g_autoptr(GPtrArray) names = dj_file_list_find(folder);
    if (names->len == 0)
        return;
    g_string_append_printf(out,
                           "<section class=\"card stack\">\n<h2>结果</h2>\n<p class=\"row\"><a class=\"btn btn-1\" "
                           "href=\"/jobs/%u/zip\">全部下载（ZIP）</a></p>\n",
                           job->number);
    dj_file_list_put(out, names, folder, prefix, NULL);
    g_string_append(out, "</section>\n");
}

static gboolean is_kind(const DjJob *job, const char *kind)
{
    return strcmp(job->kind, kind) == 0;
}

/* What a job about a month came to. */
static void put_verdict(GString *out, const DjJob *job, const char *log)
{
    gboolean verify = is_kind(job, DJ_JOB_VERIFY);
    if (!log || (!verify && !is_kind(job, DJ_JOB_PUBLISH)))
        return;
    g_autofree char *text = g_utf8_make_valid(log, -1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) list = g_string_new(NULL);
    for (char **line = lines; *line; line++) {
        g_autofree char *verdict = dj_job_verdict(*line);
        if (!verdict)
            continue;
        g_string_append(list, "<li>");
        dj_html_text(list, verdict);
        g_string_append(list, "</li>\n");
    }
    if (list->len > 0)
        g_string_append_printf(out, "<section class=\"card\">\n<h2>%s</h2>\n<ul>\n%s</ul></section>\n",
                               verify ? "核对结果" : "登记结果", list->str);
}

/* Where what the job was about can be seen. */
static void put_way(GString *out, const DjJob *job)
{
    gboolean event = g_str_has_prefix(job->kind, "event-");
    gboolean month = is_kind(job, DJ_JOB_MONTHLY) || is_kind(job, DJ_JOB_VERIFY) || is_kind(job, DJ_JOB_PUBLISH);
    if (!event && !month)
        return;
    g_string_append(out, "<p>");
    dj_chrome_link(out, event ? "events" : "months", job->about, event ? "回到这场对接会" : "看这个月的清单");
    g_string_append(out, "</p>\n");
}

static const char *note_class(DjJobState state)
{
    return state == DJ_JOB_DONE || state == DJ_JOB_RUNNING ? "note"
           : state == DJ_JOB_FAILED                        ? "note note-no"
                                                           : "note note-unk";
}

gboolean dj_web_job_page(DjRequest *request, GError **error)
{
    GString *out = request->out;
    g_autoptr(DjJob) job = job_of(request, error);
    if (!job)
        return FALSE;
    if (job->state == DJ_JOB_RUNNING)
        dj_response_header(request, "Refresh", AGAIN_SECONDS);
    dj_chrome_begin(request, job->title);
    g_string_append(out, "<p class=\"crumb\"><a href=\"/jobs\">任务</a></p>\n<h1>");
    dj_html_text(out, job->title);
    g_string_append(out, " ");
    dj_html_text(out, job->about);
    g_string_append_printf(out, "</h1>\n<p class=\"%s\"><b>%s</b>　第 %u 号，", note_class(job->state),
                           dj_job_state_label(job->state), job->number);
    dj_html_text(out, job->who);
    g_string_append_printf(out, " 于 %.10s %.8s 开始", job->started,
                           strlen(job->started) > 11 ? job->started + 11 : "");
    g_string_append(out, "</p>\n");
    g_autofree char *log = log_of(job);
    gboolean told = job->state == DJ_JOB_FAILED && put_complaint(out, job, log);
    if (job->state == DJ_JOB_RUNNING)
        put_progress(request, job);
    else if (dj_import_view_is(job))
        dj_import_view(request, job);
    else
        put_results(out, job);
    put_verdict(out, job, log);
    put_way(out, job);
    put_log(out, job, log, job->state == DJ_JOB_FAILED && !told);
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_job_cancel(DjRequest *request, GError **error)
{
    g_autoptr(DjJob) job = job_of(request, error);
    if (!job)
        return FALSE;
    dj_jobs_cancel(dj_web_jobs(request->web), job->number);
    dj_start_show(request, job->number);
    return TRUE;
}

gboolean dj_web_job_log(DjRequest *request, GError **error)
{
    g_autoptr(DjJob) job = job_of(request, error);
    if (!job || !dj_web_send_file(request, job->folder, "log", error))
        return FALSE;
    request->out_type = "text/plain; charset=utf-8";
    return TRUE;
}

gboolean dj_web_job_file(DjRequest *request, GError **error)
{
    g_autoptr(DjJob) job = job_of(request, error);
    if (!job)
        return FALSE;
    g_autofree char *folder = g_build_filename(job->folder, "out", NULL);
    return dj_web_send_file(request, folder, request->capture[1], error);
}

gboolean dj_web_job_zip(DjRequest *request, GError **error)
{
    g_autoptr(DjJob) job = job_of(request, error);
    if (!job)
        return FALSE;
    g_autofree char *folder = g_build_filename(job->folder, "out", NULL);
    g_autofree char *title = *job->about ? g_strdup_printf("%s %s", job->title, job->about) : g_strdup(job->title);
    g_autoptr(GPtrArray) names = dj_file_list_find(folder);
    return dj_file_list_send_zip(request, names, folder, title, error);
}
