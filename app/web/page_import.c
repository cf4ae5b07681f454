/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bringing a file: the form, the check of what was uploaded, and the import once a person has seen what it found. */
#include "app/web/chrome.h"
#include "app/web/import_view.h"
#include "app/web/router.h"
#include "app/web/server.h"
#include "app/web/start.h"
#include "app/web/upload.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static const struct {
    const char *value, *label, *title;
    DjTable table;
} kinds[] = {{"patents", "专利与成果", "专利与成果", DJ_TABLE_PATENT},
             {"needs", "技术需求", "技术需求", DJ_TABLE_NEED},
             {"form", "官方表：企业知识产权布局规划表", "官方表", DJ_TABLE_NEED},
             {"enterprises", "企业档案", "企业档案", DJ_TABLE_ENTERPRISE}};

const char *dj_import_kind(DjTable table)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].table == table)
            return kinds[i].title;
    return "文本";
}

gboolean dj_web_import_page(DjRequest *request, GError **error)
{
    (void)error;
    GString *out = request->out;
    dj_chrome_begin(request, "导入");
    g_string_append(out, "<h1>导入</h1>\n<section class=\"card stack narrow\">\n<form class=\"stack\" method=\"post\" "
                         "action=\"/import\" enctype=\"multipart/form-data\">\n");
    dj_chrome_csrf(request);
    g_string_append(out, "<fieldset><legend>文件里是什么</legend>\n");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        g_string_append_printf(out,
                               "<label class=\"check\"><input type=\"radio\" name=\"kind\" value=\"%s\" required>"
                               "<span>%s</span></label>\n",
                               kinds[i].value, kinds[i].label);
    g_string_append(out,
                    "</fieldset>\n<label for=\"file\">文件</label>\n"
                    "<input id=\"file\" type=\"file\" name=\"file\" required "
                    "accept=\".xlsx,.csv,.tsv,.txt,.json,.jsonl,.zip\">\n"
                    "<p class=\"s dim\">Excel（xlsx）、CSV、TSV、JSON 或 ZIP，最大 512 MB；编码自动识别。"
                    "列的顺序和多少不限，认得的列名都行；退回的清单改好后也从这里上传。</p>\n"
                    "<p><button class=\"btn btn-1\" type=\"submit\">上传并检查</button></p>\n"
                    "<p class=\"s dim\">先检查，告诉您哪一行有什么问题；您看过以后才存。</p>\n</form>\n</section>\n");
    dj_chrome_end(request);
    return TRUE;
}

/* The file as it lies in the folder of a job. */
static char *move_in(DjUpload *upload, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "in", upload->name, NULL);
    if (g_rename(upload->path, path) != 0) {
        int why = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: %s", path, g_strerror(why));
        return NULL;
    }
    g_clear_pointer(&upload->path, g_free);
    return g_steal_pointer(&path);
}

static gboolean start(DjRequest *request, const char *folder, guint number, DjTable table, const char *file,
                      gboolean check, GError **error)
{
    g_autofree char *out = g_build_filename(folder, "out", NULL),
                    *report = g_build_filename(folder, "report.json", NULL);
    g_autofree char *name = g_path_get_basename(file);
    const char *words[] = {"import", dj_table_name(table), "--rejects", out, "--report", report, "--", file, NULL,
                           NULL};
    if (check) {
        words[6] = "--dry-run";
        words[7] = "--";
        words[8] = file;
    }
    return dj_start_job(request, number, check ? DJ_JOB_CHECK : DJ_JOB_IMPORT, check ? "检查文件" : "导入", name, words,
                        error);
}

gboolean dj_web_import_check(DjRequest *request, GError **error)
{
    const char *kind = dj_request_field(request, "kind");
    gsize k = 0;
    guint number;
    while (k < G_N_ELEMENTS(kinds) && g_strcmp0(kinds[k].value, kind) != 0)
        k++;
    if (k == G_N_ELEMENTS(kinds))
        return dj_web_fail(error, 400, "请选文件里是什么");
    g_autofree char *folder = dj_jobs_prepare(dj_web_jobs(request->web), &number, error);
    g_autofree char *file = folder ? move_in(request->upload, folder, error) : NULL;
    if (!file) {
        if (folder)
            dj_jobs_discard(dj_web_jobs(request->web), number);
        return FALSE;
    }
    if (!start(request, folder, number, kinds[k].table, file, TRUE, error))
        return FALSE;
    dj_start_show(request, number);
    return TRUE;
}

/* The one file that a check was given. */
static char *file_of(const DjJob *job)
{
    g_autofree char *folder = g_build_filename(job->folder, "in", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = dir ? g_dir_read_name(dir) : NULL;
    return name ? g_build_filename(folder, name, NULL) : NULL;
}

static gboolean table_of(const DjJob *job, DjTable *table)
{
    g_autofree char *path = g_build_filename(job->folder, "report.json", NULL), *text = NULL;
    json_t *reports = g_file_get_contents(path, &text, NULL, NULL) ? json_loads(text, 0, NULL) : NULL;
    const char *name = json_string_value(json_object_get(json_array_get(reports, 0), "table"));
    gboolean ok = name && dj_table_parse(name, table);
    json_decref(reports);
    return ok;
}

gboolean dj_web_import_confirm(DjRequest *request, GError **error)
{
    guint checked, number;
    DjTable table;
    DjJobs *jobs = dj_web_jobs(request->web);
    if (!dj_start_number(request->capture[0], &checked, error))
        return FALSE;
    g_autoptr(DjJob) job = dj_jobs_get(jobs, checked);
    gboolean own = job && strcmp(job->audience, dj_audience_name(dj_request_audience(request))) == 0;
    g_autofree char *file = own && strcmp(job->kind, DJ_JOB_CHECK) == 0 ? file_of(job) : NULL;
    if (!file || !table_of(job, &table))
        return dj_web_fail(error, 404, "没有检查过的文件");
    if (!dj_jobs_are_free(jobs, error))
        return FALSE;
    g_autofree char *folder = dj_jobs_prepare(jobs, &number, error);
    if (!folder || !start(request, folder, number, table, file, FALSE, error))
        return FALSE;
    dj_start_show(request, number);
    return TRUE;
}
