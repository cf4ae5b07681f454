/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/import_view.h"

#include "app/web/chrome.h"
#include "app/web/record.h"
#include "engine/report/page.h"
#include "indexer/reader.h"
#include "indexer/rejects.h"
#include <jansson.h>
#include <string.h>

#define SHOWN_ROWS     100
#define SHOWN_COLUMNS  12
#define SHOWN_CELL     60 /* characters */
#define SHOWN_MESSAGES 30

gboolean dj_import_view_is(const DjJob *job)
{
    return strcmp(job->kind, DJ_JOB_CHECK) == 0 || strcmp(job->kind, DJ_JOB_IMPORT) == 0;
}

static json_int_t count_of(const json_t *report, const char *name)
{
    return json_integer_value(json_object_get(report, name));
}

static void put_counts(GString *out, const json_t *report, gboolean check)
{
    static const struct {
        const char *name, *done, *planned;
    } figures[] = {{"imported", "新增", "将新增"},
                   {"updated", "更新", "将更新"},
                   {"unchanged", "没有变化", "没有变化"},
                   {"rejected", "退回", "将退回"}};
    g_string_append(out, "<div class=\"figs\">");
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++)
        g_string_append_printf(out, "<div><b>%" JSON_INTEGER_FORMAT "</b><span>%s</span></div>",
                               count_of(report, figures[i].name), check ? figures[i].planned : figures[i].done);
    g_string_append(out, "</div>\n<p class=\"s\">文件格式和编码：");
    dj_html_text(out, json_string_value(json_object_get(report, "format")));
    g_string_append(out, "</p>\n");
}

static void put_list(GString *out, const json_t *report, const char *name, const char *heading, json_int_t count)
{
    json_t *list = json_object_get(report, name), *item;
    gsize i;
    if (count == 0)
        return;
    g_string_append_printf(out, "<details><summary>%s（%" JSON_INTEGER_FORMAT "）</summary><ul class=\"s\">", heading,
                           count);
    json_array_foreach(list, i, item)
    {
        if (i == SHOWN_MESSAGES)
            break;
        g_string_append(out, "<li>");
        dj_html_text(out, json_string_value(item));
        g_string_append(out, "</li>");
    }
    if (count > (json_int_t)i)
        g_string_append_printf(out, "<li class=\"dim\">还有 %" JSON_INTEGER_FORMAT " 条，见记录</li>",
                               count - (json_int_t)i);
    g_string_append(out, "</ul></details>\n");
}

/* Columns that fit another kind better, NULL where there are none. Reports of older checks say nothing of it. */
static const json_t *better_fit(const json_t *report)
{
    const json_t *fit = json_object_get(report, "fits_better");
    return json_is_object(fit) ? fit : NULL;
}

static const char *kind_of(const json_t *object)
{
    const char *name = json_string_value(json_object_get(object, "table"));
    DjTable table;
    return name && dj_table_parse(name, &table) ? dj_import_kind(table) : "";
}

/* Nothing undoes an import, so this stands open and above the figures. */
static void put_better_fit(GString *out, const json_t *report)
{
    const json_t *fit = better_fit(report);
    if (!fit)
        return;
    g_string_append_printf(out,
                           "<p class=\"note note-no\" role=\"alert\" id=\"fit\">这个文件 %" JSON_INTEGER_FORMAT
                           " 列里按%s只认得 %" JSON_INTEGER_FORMAT " 列，按%s认得 %" JSON_INTEGER_FORMAT
                           " 列：多半是选错了“文件里是什么”。请换一个，再传一次</p>\n",
                           count_of(fit, "columns"), kind_of(report), count_of(fit, "known"), kind_of(fit),
                           count_of(fit, "known_there"));
}

/* ---- accepted rows ---- */

/* The first records as they were understood, so that a person sees whether the columns were. */
static void put_first(DjRequest *request, const json_t *report)
{
    DjAudience audience = dj_request_audience(request);
    GString *out = request->out;
    const json_t *first = json_object_get(report, "first"), *object;
    const char *name = json_string_value(json_object_get(report, "table"));
    DjTable table;
    gsize i;
    if (json_array_size(first) == 0 || !name || !dj_table_parse(name, &table))
        return;
    g_string_append_printf(out,
                           "<section class=\"card stack\" id=\"first\">\n<h2>前 %zu 条读成了这样</h2>\n"
                           "<p class=\"s dim\">请看每一项是不是该有的样子；不对的话多半是列名没有认对。</p>\n",
                           json_array_size(first));
    json_array_foreach(first, i, object)
    {
        char *text = json_dumps(object, JSON_COMPACT);
        g_autoptr(DjRecord) record = dj_record_new(table);
        gboolean ok = text && dj_record_from_json(record, text, strlen(text), NULL) && dj_record_make_key(record);
        free(text);
        if (!ok)
            continue;
        g_string_append_printf(out, "<details%s><summary>", i == 0 ? " open" : "");
        dj_html_text(out, dj_record_title(record));
        g_string_append(out, "</summary>\n");
        dj_record_put(request, audience, record);
        g_string_append(out, "</details>\n");
    }
    g_string_append(out, "</section>\n");
}

/* ---- rejected rows ---- */

static void put_cell(GString *out, const char *tag, const char *label, const char *text)
{
    g_string_append_printf(out, "<td data-l=\"");
    dj_html_text(out, label);
    g_string_append_printf(out, "\"%s>", tag);
    if (g_utf8_strlen(text, -1) > SHOWN_CELL) {
        g_autofree char *begin = g_utf8_substring(text, 0, SHOWN_CELL);
        dj_html_text(out, begin);
        g_string_append(out, "…");
    } else {
        dj_html_text(out, text);
    }
    g_string_append(out, "</td>");
}

/* A row of the list: 文件, 行, 列, 值, 原因, then the cells as they were. */
static void put_reject(GString *out, const DjRow *row, const char *const *titles, gsize n_titles)
{
    const char *text[DJ_REJECT_COLUMNS];
    for (gsize i = 0; i < DJ_REJECT_COLUMNS; i++)
        text[i] = i < row->n_cells && row->cells[i].text ? row->cells[i].text : "";
    g_string_append(out, "<tr>");
    put_cell(out, " class=\"num\"", "行", text[1]);
    put_cell(out, " class=\"fault\"", "原因", text[4]);
    for (gsize i = DJ_REJECT_COLUMNS; i < MIN(n_titles, DJ_REJECT_COLUMNS + SHOWN_COLUMNS); i++) {
        const char *cell = i < row->n_cells && row->cells[i].text ? row->cells[i].text : "";
        put_cell(out, strcmp(titles[i], text[2]) == 0 ? " class=\"bad\"" : "", titles[i], cell);
    }
    g_string_append(out, "</tr>\n");
}

static void put_rejects(GString *out, const char *path)
{
    DjReaderOptions options = {0};
    g_autoptr(DjReader) reader = dj_reader_open(path, &options, NULL);
    gsize n = 0;
    const char *const *titles = reader ? dj_reader_columns(reader, &n) : NULL;
    DjRow row;
    gboolean more;
    if (!reader || !dj_rejects_are_titles(titles, n))
        return;
    g_string_append(out, "<div class=\"scroll\"><table class=\"t rows rejects\"><thead><tr><th class=\"num\">行</th>"
                         "<th>原因</th>");
    for (gsize i = DJ_REJECT_COLUMNS; i < MIN(n, DJ_REJECT_COLUMNS + SHOWN_COLUMNS); i++) {
        g_string_append(out, "<th>");
        dj_html_text(out, titles[i]);
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr></thead><tbody>\n");
    for (guint i = 0; i < SHOWN_ROWS && dj_reader_next(reader, &row, &more, NULL) && more; i++)
        put_reject(out, &row, titles, n);
    g_string_append(out, "</tbody></table></div>\n");
}

static void put_rejected(GString *out, const DjJob *job, const json_t *report)
{
    json_int_t n = count_of(report, "rejected");
    json_t *files = json_object_get(report, "reject_files"), *file;
    gsize i;
    if (n == 0)
        return;
    g_string_append_printf(out,
                           "<section class=\"card stack\" id=\"rejects\">\n<h2>退回的 %" JSON_INTEGER_FORMAT
                           " 行</h2>\n<p>改好以后，把这张表原样再上传一次就行。",
                           n);
    json_array_foreach(files, i, file)
    {
        g_autofree char *name = g_path_get_basename(json_string_value(file));
        g_string_append_printf(out, " <a class=\"btn\" href=\"/jobs/%u/files/", job->number);
        dj_html_href(out, name);
        g_string_append(out, "\">下载 ");
        dj_html_text(out, name);
        g_string_append(out, "</a>");
    }
    g_string_append(out, "</p>\n");
    json_array_foreach(files, i, file) if (g_str_has_suffix(json_string_value(file), ".csv"))
        put_rejects(out, json_string_value(file));
    if (n > SHOWN_ROWS)
        g_string_append_printf(out, "<p class=\"dim s\">这里只列出前 %d 行，全部在下载的表里。</p>\n", SHOWN_ROWS);
    g_string_append(out, "</section>\n");
}

/* ---- the page ---- */

static void put_next(DjRequest *request, const DjJob *job, const json_t *report)
{
    GString *out = request->out;
    json_int_t n = count_of(report, "imported") + count_of(report, "updated");
    if (strcmp(job->kind, DJ_JOB_IMPORT) == 0) {
        g_string_append(out, "<form method=\"post\" action=\"/jobs\" class=\"row\">");
        dj_chrome_csrf(request);
        g_string_append(out,
                        "<button class=\"btn btn-1\" type=\"submit\" name=\"kind\" value=\"index\">建立索引</button> "
                        "<span class=\"s dim\">新的专利建立索引以后才能被查到；需求和企业马上可用</span>"
                        "<a class=\"btn\" href=\"/import\">再导入一个文件</a></form>\n");
        return;
    }
    if (n == 0)
        g_string_append(out, "<p>没有可导入的行。<a class=\"btn\" href=\"/import\">换一个文件</a></p>\n");
    if (n == 0)
        return;
    g_string_append_printf(out, "<form method=\"post\" action=\"/jobs/%u/import\" class=\"row\">", job->number);
    dj_chrome_csrf(request);
    if (better_fit(report))
        g_string_append_printf(out,
                               "<a class=\"btn btn-1\" href=\"/import\">换一个文件</a> "
                               "<button class=\"btn\" type=\"submit\">仍然导入这 %" JSON_INTEGER_FORMAT " 条</button>",
                               n);
    else
        g_string_append_printf(out,
                               "<button class=\"btn btn-1\" type=\"submit\">导入这 %" JSON_INTEGER_FORMAT
                               " 条</button> <a class=\"btn\" href=\"/import\">换一个文件</a>",
                               n);
    g_string_append(out, " <span class=\"s dim\">刚才只是检查，什么都还没有存</span></form>\n");
}

void dj_import_view(DjRequest *request, const DjJob *job)
{
    g_autofree char *path = g_build_filename(job->folder, "report.json", NULL), *text = NULL;
    json_t *reports = g_file_get_contents(path, &text, NULL, NULL) ? json_loads(text, 0, NULL) : NULL;
    const json_t *report = json_array_get(reports, 0);
    GString *out = request->out;
    gboolean check = strcmp(job->kind, DJ_JOB_CHECK) == 0;
    if (!json_is_object(report)) {
        json_decref(reports);
        return;
    }
    g_string_append(out, "<section class=\"card stack\">\n");
    if (check)
        put_better_fit(out, report);
    put_counts(out, report, check);
    json_t *unknown = json_object_get(report, "unknown_columns");
    put_list(out, report, "unknown_columns", "没有认出的列，照原样保存", (json_int_t)json_array_size(unknown));
    put_list(out, report, "warnings", "提醒", count_of(report, "n_warnings"));
    put_list(out, report, "stubs", "只在需求里出现的企业，待补档案", count_of(report, "n_stubs"));
    put_next(request, job, report);
    g_string_append(out, "</section>\n");
    put_rejected(out, job, report);
    if (check)
        put_first(request, report);
    json_decref(reports);
}
