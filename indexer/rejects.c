/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/rejects.h"
#include "engine/report/table_xlsx.h"
#include "indexer/csv.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

const char *const dj_reject_columns[DJ_REJECT_COLUMNS] = {"文件", "行", "列", "值", "原因"};

struct DjRejects {
    char *folder;
    GPtrArray *parts; /* of char *: names under which the files are written */
    GPtrArray *names; /* of char *: names that they get in the end */
    char *header;     /* of the open file */
    FILE *out;
};

gboolean dj_rejects_are_titles(const char *const *titles, gsize n)
{
    if (n <= DJ_REJECT_COLUMNS)
        return FALSE;
    for (gsize i = 0; i < DJ_REJECT_COLUMNS; i++)
        if (strcmp(titles[i], dj_reject_columns[i]) != 0)
            return FALSE;
    return TRUE;
}

DjRejects *dj_rejects_new(const char *folder)
{
    DjRejects *rejects = g_new0(DjRejects, 1);
    rejects->folder = g_strdup(folder);
    rejects->parts = g_ptr_array_new_with_free_func(g_free);
    rejects->names = g_ptr_array_new_with_free_func(g_free);
    return rejects;
}

void dj_rejects_free(DjRejects *rejects)
{
    if (!rejects)
        return;
    if (rejects->out)
        fclose(rejects->out);
    for (guint i = 0; i < rejects->parts->len; i++)
        g_unlink(rejects->parts->pdata[i]);
    g_ptr_array_unref(rejects->parts);
    g_ptr_array_unref(rejects->names);
    g_free(rejects->header);
    g_free(rejects->folder);
    g_free(rejects);
}

static void append_cell(GString *line, const char *text, gboolean is_list)
{
    if (line->len)
        g_string_append_c(line, ',');
    g_autofree char *joined = NULL;
    if (is_list) {
        g_auto(GStrv) items = g_strsplit(text, "\n", -1);
        text = joined = g_strjoinv("；", items);
    }
    if (!strpbrk(text, ",\"\r\n")) {
        /* An empty first cell would look like no cell at all to append_cell. */
        g_string_append(line, line->len || *text ? text : "\"\"");
        return;
    }
    g_string_append_c(line, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *p);
    }
    g_string_append_c(line, '"');
}

static gboolean fail(GError **error, const char *name, int code)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot write %s: %s", name,
                g_strerror(code));
    return FALSE;
}

static gboolean close_file(DjRejects *rejects, GError **error)
{
    FILE *out = g_steal_pointer(&rejects->out);
    if (!out)
        return TRUE;
    gboolean bad = ferror(out) != 0;
    return (fclose(out) == 0 && !bad) || fail(error, rejects->parts->pdata[rejects->parts->len - 1], errno);
}

static gboolean begin_file(DjRejects *rejects, const char *header, GError **error)
{
    if (!close_file(rejects, error))
        return FALSE;
    if (g_mkdir_with_parents(rejects->folder, 0755) != 0)
        return fail(error, rejects->folder, errno);
    guint n = rejects->names->len + 1;
    g_autofree char *file = n == 1 ? g_strdup("rejects.csv") : g_strdup_printf("rejects-%u.csv", n);
    char *name = g_build_filename(rejects->folder, file, NULL), *part = g_strconcat(name, ".part", NULL);
    g_ptr_array_add(rejects->names, name);
    g_ptr_array_add(rejects->parts, part);
    rejects->out = g_fopen(part, "wbe");
    if (!rejects->out)
        return fail(error, part, errno);
    g_free(rejects->header);
    rejects->header = g_strdup(header);
    fputs("\xEF\xBB\xBF", rejects->out);
    fputs(header, rejects->out);
    return TRUE;
}

gboolean dj_rejects_add(DjRejects *rejects, const DjReject *reject, const char *const *titles, gsize n_titles,
                        const DjCell *cells, gsize n_cells, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (gsize i = 0; i < DJ_REJECT_COLUMNS; i++)
        append_cell(line, dj_reject_columns[i], FALSE);
    for (gsize i = 0; i < n_titles; i++)
        append_cell(line, titles[i], FALSE);
    g_string_append(line, "\r\n");
    /* A JSON file may bring further names as it goes: those rows belong to a table with more columns. */
    if (g_strcmp0(rejects->header, line->str) != 0 && !begin_file(rejects, line->str, error))
        return FALSE;
    g_string_truncate(line, 0);
    g_autofree char *row = g_strdup_printf("%" G_GINT64_FORMAT, reject->row);
    append_cell(line, reject->file, FALSE);
    append_cell(line, row, FALSE);
    append_cell(line, reject->column, FALSE);
    append_cell(line, reject->value, FALSE);
    append_cell(line, reject->reason, FALSE);
    for (gsize i = 0; i < MAX(n_titles, n_cells); i++) {
        const char *text = i < n_cells && cells[i].text ? cells[i].text : "";
        g_autofree char *valid = g_utf8_make_valid(text, -1);
        append_cell(line, valid, i < n_cells && cells[i].list);
    }
    g_string_append(line, "\r\n");
    if (fwrite(line->str, 1, line->len, rejects->out) != line->len)
        return fail(error, rejects->parts->pdata[rejects->parts->len - 1], errno);
    return TRUE;
}

/* Is there a cell that no workbook can hold? */
static gboolean too_long(const DjRow *row)
{
    for (gsize i = 0; i < row->n_cells; i++)
        if (row->cells[i].length > DJ_XLSX_CELL_MAX && g_utf8_strlen(row->cells[i].text, -1) > DJ_XLSX_CELL_MAX)
            return TRUE;
    return FALSE;
}

static DjTableXlsx *begin_workbook(const DjRow *header, const char *path, int day)
{
    g_autofree int *widths = g_new(int, header->n_cells);
    g_autofree const char **titles = g_new(const char *, header->n_cells);
    for (gsize i = 0; i < header->n_cells; i++) {
        titles[i] = header->cells[i].text;
        widths[i] = i == 4 ? 60 : i == 1 ? 8 : 18; /* the reason is what is read */
    }
    return dj_table_xlsx_new(path, "退回清单", titles, widths, header->n_cells, day);
}

/* The list that was just written, once more as a workbook. *written FALSE when it does not fit into one. */
static gboolean write_workbook(const char *csv_path, const char *path, int day, gboolean *written, GError **error)
{
    static const DjReaderOptions no_options = {.max_columns = 16384};
    g_autoptr(DjSource) raw = dj_source_open_file(csv_path, error);
    DjTableXlsx *table = NULL;
    gboolean ok = raw != NULL, more = TRUE, fits = TRUE;
    DjCsv *csv = ok ? dj_csv_open(dj_source_open_text(g_steal_pointer(&raw)), &no_options, error) : NULL;
    ok = csv != NULL;
    DjRow row;
    while (ok && fits && (ok = dj_csv_next(csv, &row, &more, error)) && more) {
        g_autofree const char **texts = g_new(const char *, row.n_cells);
        for (gsize i = 0; i < row.n_cells; i++)
            texts[i] = row.cells[i].text;
        fits = !too_long(&row);
        if (!table)
            table = begin_workbook(&row, path, day);
        else if (fits)
            ok = dj_table_xlsx_add(table, texts, error);
    }
    dj_csv_close(csv);
    if (table)
        ok = dj_table_xlsx_finish(table, ok ? error : NULL) && ok;
    *written = ok && fits;
    if (!*written)
        g_unlink(path);
    return ok;
}

gboolean dj_rejects_finish(DjRejects *rejects, int day, GPtrArray *paths, GError **error)
{
    if (!close_file(rejects, error))
        return FALSE;
    for (guint i = 0; i < rejects->parts->len; i++) {
        const char *name = rejects->names->pdata[i];
        g_autofree char *stem = g_strndup(name, strlen(name) - strlen(".csv"));
        g_autofree char *book = g_strconcat(stem, ".xlsx", NULL), *part = g_strconcat(book, ".part", NULL);
        gboolean written;
        if (!write_workbook(rejects->parts->pdata[i], part, day, &written, error))
            return FALSE;
        if (g_rename(rejects->parts->pdata[i], name) != 0)
            return fail(error, name, errno);
        if (paths)
            g_ptr_array_add(paths, g_strdup(name));
        if (!written)
            continue;
        if (g_rename(part, book) != 0)
            return fail(error, book, errno);
        if (paths)
            g_ptr_array_add(paths, g_steal_pointer(&book));
    }
    return TRUE;
}

void dj_rejects_forget(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_prefix(name, "rejects"))
            g_remove(path);
    }
    if (dir)
        g_rmdir(folder);
}
