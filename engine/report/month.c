/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/month.h"
#include "engine/report/csv.h"
#include <stdlib.h>
#include <string.h>

void dj_coverage_row_free(DjCoverageRow *row)
{
    g_free(row->key);
    g_free(row->name);
    g_free(row->city);
    g_free(row);
}

void dj_floor_row_free(DjFloorRow *row)
{
    g_free(row->of);
    g_free(row->name);
    g_free(row);
}

char *dj_floor_note(const DjFloorRow *row)
{
    if (row->missing == 0)
        return g_strdup("");
    return g_strdup_printf("%s %s：应有 %u 条，已推送且仍有效 %u 条，本月还能推荐 %u 条，缺 %u 条", row->label,
                           row->name, row->least, row->standing, row->least - row->standing - row->missing,
                           row->missing);
}

void dj_change_free(DjChange *change)
{
    g_free(change->detail);
    g_free(change->need);
    g_free(change->patent);
    g_free(change);
}

void dj_push_free(DjPush *push)
{
    g_free(push->need);
    g_free(push->patent);
    g_free(push->enterprise);
    g_free(push->digest);
    g_free(push);
}

static gboolean write_text(DjFolder *folder, const char *name, const char *text, gsize length, GError **error)
{
    g_autofree char *path = dj_folder_path(folder, name), *sum = NULL;
    g_auto(DjOutFile) file = {0};
    if (!dj_out_file_open(&file, path, error))
        return FALSE;
    g_string_append_len(file.text, text, (gssize)length);
    if (!dj_out_file_close(&file, &sum, error))
        return FALSE;
    dj_folder_note(folder, name, sum);
    return TRUE;
}

/* Letters, digits and Han stay; what a file system or a link could trip over becomes '_'. */
static char *sheet_name(const DjMonthSheet *sheet)
{
    g_autoptr(GString) name = g_string_new(sheet->institution ? DJ_MONTH_INSTITUTION : DJ_MONTH_ENTERPRISE);
    for (const char *p = sheet->key; *p && name->len < 120; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isalnum(c) || c == '-')
            g_string_append_unichar(name, c);
        else
            g_string_append_c(name, '_');
    }
    return g_strdup(name->str);
}

static gboolean write_sheets(const DjListRun *run, const DjMonthReport *report, DjFolder *folder, GError **error)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) page = g_string_new(NULL);
    for (guint i = 0; i < report->sheets->len; i++) {
        const DjMonthSheet *sheet = report->sheets->pdata[i];
        g_autofree char *base = sheet_name(sheet);
        char *unique = g_strdup(base);
        for (guint n = 2; !g_hash_table_add(taken, unique); n++) /* the table keeps the latest equal one */
            unique = g_strdup_printf("%s-%u", base, n);
        g_autofree char *file = g_strconcat(unique, ".html", NULL);
        g_string_truncate(page, 0);
        dj_month_sheet_html(page, run, report->month, sheet);
        if (!write_text(folder, file, page->str, page->len, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_coverage_page(const DjListRun *run, const DjMonthReport *report, DjFolder *folder, GError **error)
{
    g_autoptr(GString) page = g_string_new(NULL);
    dj_month_coverage_html(page, run, report);
    return write_text(folder, DJ_MONTH_COVERAGE_PAGE, page->str, page->len, error);
}

/* Coverage as a sheet for people; coverage.csv is the same for programs. Free the rows. */
static GPtrArray *coverage_rows(const DjMonthReport *report)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    for (guint i = 0; i < report->coverage->len; i++) {
        const DjCoverageRow *row = report->coverage->pdata[i];
        g_autofree char *n = g_strdup_printf("%u", row->n), *floor = g_strdup_printf("%u", report->floor),
                        *eligible = g_strdup_printf("%u", row->n_eligible);
        const char *const cells[] = {row->name ? row->name : row->key,
                                     row->city ? row->city : "",
                                     row->covered ? "达到"
                                     : row->n > 0 ? "不足"
                                                  : "没有",
                                     n,
                                     floor,
                                     eligible,
                                     row->basis,
                                     row->reason,
                                     row->ask,
                                     row->key,
                                     NULL};
        g_ptr_array_add(rows, g_strdupv((char **)cells));
    }
    return rows;
}

static gboolean write_lists(DjListRun *run, const DjMonthReport *report, DjFolder *folder, GError **error)
{
    static const DjListColumn columns[] = {
        {"企业", DJ_CELL_TEXT, 30},     {"市州", DJ_CELL_TEXT, 12},  {"情况", DJ_CELL_TEXT, 8},
        {"已推荐", DJ_CELL_NUMBER, 9},  {"应有", DJ_CELL_NUMBER, 9}, {"合格专利", DJ_CELL_NUMBER, 10},
        {"依据", DJ_CELL_TEXT, 10},     {"原因", DJ_CELL_TEXT, 40},  {"下一步", DJ_CELL_TEXT, 50},
        {"企业编号", DJ_CELL_TEXT, 22},
    };
    g_autofree char *title = g_strdup_printf("%.4s 年 %d 月供需配对清单", report->month, atoi(report->month + 5));
    g_autoptr(GPtrArray) rows = coverage_rows(report);
    DjListTable table = {"覆盖情况", columns, G_N_ELEMENTS(columns), rows};
    DjListsOptions lists = report->lists;
    lists.title = title;
    lists.table = &table;
    return dj_lists_write_into(run, &lists, folder, error);
}

static gboolean write_coverage(const DjMonthReport *report, DjFolder *folder, GError **error)
{
    static const char *const titles[] = {"enterprise",  "name", "city",   "basis",  "eligible",
                                         "recommended", "owed", "status", "reason", "ask"};
    g_autoptr(GString) out = g_string_new(DJ_CSV_BOM);
    dj_csv_row(out, titles, G_N_ELEMENTS(titles));
    for (guint i = 0; i < report->coverage->len; i++) {
        const DjCoverageRow *row = report->coverage->pdata[i];
        g_autofree char *n = g_strdup_printf("%u", row->n), *floor = g_strdup_printf("%u", report->floor),
                        *eligible = g_strdup_printf("%u", row->n_eligible);
        const char *const cells[] = {
            row->key,    row->name, row->city, row->basis,
            eligible,    n,         floor,     row->covered ? "covered" : row->n > 0 ? "short" : "uncovered",
            row->reason, row->ask};
        dj_csv_row(out, cells, G_N_ELEMENTS(cells));
    }
    return write_text(folder, "coverage.csv", out->str, out->len, error);
}

static gboolean write_floors(const DjMonthReport *report, DjFolder *folder, GError **error)
{
    static const char *const titles[] = {"by", "of", "name", "owed", "standing", "missing", "note"};
    g_autoptr(GString) out = g_string_new(DJ_CSV_BOM);
    dj_csv_row(out, titles, G_N_ELEMENTS(titles));
    for (guint i = 0; i < report->floors->len; i++) {
        const DjFloorRow *row = report->floors->pdata[i];
        g_autofree char *least = g_strdup_printf("%u", row->least), *standing = g_strdup_printf("%u", row->standing),
                        *missing = g_strdup_printf("%u", row->missing), *note = dj_floor_note(row);
        const char *const cells[] = {row->by, row->of, row->name, least, standing, missing, note};
        dj_csv_row(out, cells, G_N_ELEMENTS(cells));
    }
    return report->floors->len == 0 || write_text(folder, "floors.csv", out->str, out->len, error);
}

static char *number_or_empty(int value, gboolean given)
{
    return given ? g_strdup_printf("%d", value) : g_strdup("");
}

static gboolean write_diff(const DjMonthReport *report, DjFolder *folder, GError **error)
{
    static const char *const titles[] = {"need",     "patent",       "change",    "cause", "rank_before",
                                         "rank_now", "score_before", "score_now", "detail"};
    g_autoptr(GString) out = g_string_new(DJ_CSV_BOM);
    dj_csv_row(out, titles, G_N_ELEMENTS(titles));
    for (guint i = 0; i < report->changes->len; i++) {
        const DjChange *c = report->changes->pdata[i];
        g_autofree char *rank_before = number_or_empty((int)c->rank_before, c->rank_before > 0),
                        *rank_now = number_or_empty((int)c->rank_now, c->rank_now > 0),
                        *score_before = number_or_empty(c->score_before, c->score_before >= 0),
                        *score_now = number_or_empty(c->score_now, c->score_now >= 0);
        const char *const cells[] = {c->need,  c->patent,    c->change, c->cause, rank_before,
                                     rank_now, score_before, score_now, c->detail};
        dj_csv_row(out, cells, G_N_ELEMENTS(cells));
    }
    return write_text(folder, "diff.csv", out->str, out->len, error);
}

static gboolean write_pushes(const DjMonthReport *report, DjFolder *folder, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < report->pushes->len; i++) {
        const DjPush *push = report->pushes->pdata[i];
        json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "need", push->need, "patent", push->patent, "enterprise",
                                   push->enterprise, "digest", push->digest);
        char *line = json_dumps(object, JSON_COMPACT);
        g_string_append_printf(out, "%s\n", line);
        free(line);
        json_decref(object);
    }
    return write_text(folder, DJ_MONTH_PUSHES, out->str, out->len, error);
}

static gboolean write_bundle(DjFolder *folder, const char *name, GBytes *bundle, GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(bundle, &length);
    return write_text(folder, name, data, length, error);
}

/* The folder's own list of sums, which names every file written so far, as members of the manifest. */
static gboolean write_manifest(const DjMonthReport *report, DjFolder *folder, GError **error)
{
    json_t *manifest = json_copy((json_t *)report->manifest), *files = json_array();
    g_auto(GStrv) lines = g_strsplit(folder->manifest->str, "\n", -1);
    for (char **line = lines; *line && **line; line++) {
        (*line)[64] = '\0';
        json_array_append_new(files, json_pack("{s:s, s:s}", "path", *line + 66, "sha256", *line));
    }
    json_object_set_new(manifest, "files", files);
    char *text = json_dumps(manifest, JSON_INDENT(2));
    g_autofree char *ended = g_strconcat(text, "\n", NULL);
    gboolean ok = write_text(folder, DJ_MONTH_MANIFEST, ended, strlen(ended), error);
    free(text);
    json_decref(manifest);
    return ok;
}

gboolean dj_month_write(const DjResultSet *set, DjAudience audience, const DjMonthReport *report, const char *folder,
                        GError **error)
{
    g_autoptr(DjListRun) run = dj_list_run_new(set, audience, error);
    g_auto(DjFolder) out = {0};
    return run && dj_folder_begin(&out, folder, error) && write_lists(run, report, &out, error) &&
           write_sheets(run, report, &out, error) && write_coverage_page(run, report, &out, error) &&
           write_coverage(report, &out, error) && write_floors(report, &out, error) &&
           write_diff(report, &out, error) && write_pushes(report, &out, error) &&
           write_bundle(&out, DJ_MONTH_SETTINGS, report->settings, error) &&
           (!report->before || write_bundle(&out, DJ_MONTH_BEFORE, report->before, error)) &&
           write_manifest(report, &out, error) && dj_folder_publish(&out, error);
}
