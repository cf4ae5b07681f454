/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/ipc_titles.h"
#include "indexer/rejects.h"
#include <string.h>

enum { MAX_COMPLAINTS = 200, MAX_TITLE = 500 /* characters */ };

void dj_ipc_import_result_clear(DjIpcImportResult *result)
{
    g_clear_pointer(&result->complaints, g_ptr_array_unref);
    g_clear_pointer(&result->reject_files, g_ptr_array_unref);
    g_clear_pointer(&result->format, g_free);
}

static gboolean is_one_of(const char *text, const char *const *names)
{
    g_autofree char *plain = g_strstrip(g_strdup(text));
    for (; *names; names++)
        if (g_ascii_strcasecmp(plain, *names) == 0)
            return TRUE;
    return FALSE;
}

static gboolean is_title(const char *text, gpointer user)
{
    const DjIpcImport *import = user;
    return is_one_of(text, import->code_columns) || is_one_of(text, import->title_columns);
}

typedef struct {
    gsize code, title; /* columns */
    const char *const *names;
    gsize n_names;
} Columns;

static gboolean find_columns(const DjIpcImport *import, DjReader *reader, Columns *columns, GError **error)
{
    columns->names = dj_reader_columns(reader, &columns->n_names);
    columns->code = columns->title = G_MAXSIZE;
    for (gsize i = columns->n_names; i-- > 0;) { /* the first of several counts */
        if (is_one_of(columns->names[i], import->code_columns))
            columns->code = i;
        if (is_one_of(columns->names[i], import->title_columns))
            columns->title = i;
    }
    if (columns->code != G_MAXSIZE && columns->title != G_MAXSIZE)
        return TRUE;
    gboolean code = columns->code == G_MAXSIZE;
    g_autofree char *known = g_strjoinv(", ", (char **)(gpointer)(code ? import->code_columns : import->title_columns));
    g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "no column of %s; it may be called %s",
                code ? "codes" : "titles", known);
    return FALSE;
}

static char *clean_cell(const DjRow *row, gsize column)
{
    const char *text = column < row->n_cells ? row->cells[column].text : NULL;
    char *clean = g_utf8_make_valid(text ? text : "", -1);
    for (char *p = clean; *p; p++)
        if (g_ascii_iscntrl(*p))
            *p = ' ';
    return g_strstrip(clean);
}

/* Why the row cannot be used, in Chinese; NULL when it was taken. *column: the one at fault. */
static char *take_row(DjIpcTitles *titles, const DjRow *row, const Columns *columns, gsize *column, gint64 *n_repeated)
{
    DjIpc code;
    *column = columns->code;
    if (row->problem)
        return g_strdup(row->problem);
    g_autofree char *symbol = clean_cell(row, columns->code), *title = clean_cell(row, columns->title);
    if (!dj_ipc_parse(symbol, &code))
        return g_strdup("不是 IPC 分类号，应如 H01M、H01M10 或 H01M10/052");
    *column = columns->title;
    if (*title == '\0')
        return g_strdup("标题为空");
    if (g_utf8_strlen(title, -1) > MAX_TITLE)
        return g_strdup_printf("标题超过 %d 字", MAX_TITLE);
    if (dj_ipc_titles_add(titles, &code, title))
        return NULL;
    if (strcmp(dj_ipc_titles_get(titles, &code), title) != 0)
        return g_strdup_printf("前面已有此号，标题为“%s”", dj_ipc_titles_get(titles, &code));
    (*n_repeated)++;
    return NULL;
}

static gboolean reject(const DjIpcImport *import, const DjRow *row, const Columns *columns, gsize column,
                       const char *reason, DjRejects *rejects, DjIpcImportResult *result, GError **error)
{
    g_autofree char *base = g_path_get_basename(import->path), *value = clean_cell(row, column);
    const char *name = row->problem ? "" : columns->names[column];
    result->n_rejected++;
    if (result->complaints->len < MAX_COMPLAINTS)
        g_ptr_array_add(result->complaints, g_strdup_printf("%s 第 %" G_GINT64_FORMAT " 行 %s“%s”：%s", base,
                                                            row->number, name, value, reason));
    const DjReject entry = {base, row->number, name, row->problem ? "" : value, reason};
    return !rejects ||
           dj_rejects_add(rejects, &entry, columns->names, columns->n_names, row->cells, row->n_cells, error);
}

static gboolean read_rows(const DjIpcImport *import, DjReader *reader, DjRejects *rejects, DjIpcTitles *titles,
                          DjIpcImportResult *result, GError **error)
{
    Columns columns;
    guint part = 0;
    DjRow row;
    gboolean more = TRUE;
    while (dj_reader_next(reader, &row, &more, error) && more) {
        gsize column;
        gsize n_names;
        /* a JSON file may bring new names as it goes, a ZIP further tables */
        dj_reader_columns(reader, &n_names);
        if (part != dj_reader_part(reader) || n_names != columns.n_names) {
            if (!find_columns(import, reader, &columns, error))
                return FALSE;
            part = dj_reader_part(reader);
        }
        result->n_rows++;
        g_autofree char *reason = take_row(titles, &row, &columns, &column, &result->n_repeated);
        if (reason && !reject(import, &row, &columns, column, reason, rejects, result, error))
            return FALSE;
    }
    if (more)
        return FALSE; /* the reader has said why */
    if (dj_ipc_titles_count(titles) == 0) {
        g_set_error_literal(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "there is no usable row");
        return FALSE;
    }
    return TRUE;
}

DjIpcTitles *dj_ipc_titles_import(const DjIpcImport *import, DjIpcImportResult *result, GError **error)
{
    *result = (DjIpcImportResult){.complaints = g_ptr_array_new_with_free_func(g_free),
                                  .reject_files = g_ptr_array_new_with_free_func(g_free)};
    DjReaderOptions limits = import->limits;
    limits.is_title = is_title;
    limits.user = (gpointer)import;
    g_autoptr(DjReader) reader = dj_reader_open(import->path, &limits, error);
    g_autoptr(DjRejects) rejects = import->rejects_folder ? dj_rejects_new(import->rejects_folder) : NULL;
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_new();
    if (!reader || !read_rows(import, reader, rejects, titles, result, error) ||
        (rejects && !dj_rejects_finish(rejects, import->day, result->reject_files, error))) {
        g_prefix_error(error, "import %s: ", import->path);
        return NULL;
    }
    result->format = g_strdup(dj_reader_format(reader));
    return g_steal_pointer(&titles);
}
