/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/rejects.h"
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

gboolean dj_rejects_finish(DjRejects *rejects, GPtrArray *paths, GError **error)
{
    if (!close_file(rejects, error))
        return FALSE;
    for (guint i = 0; i < rejects->parts->len; i++) {
        if (g_rename(rejects->parts->pdata[i], rejects->names->pdata[i]) != 0)
            return fail(error, rejects->names->pdata[i], errno);
        if (paths)
            g_ptr_array_add(paths, g_strdup(rejects->names->pdata[i]));
    }
    return TRUE;
}
