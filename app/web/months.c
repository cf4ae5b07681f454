/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/months.h"

#include "app/month_make.h"
#include "app/web/server.h"
#include "engine/report/month.h"
#include "indexer/reader.h"
#include <string.h>

void dj_month_folder_free(DjMonthFolder *month)
{
    if (!month)
        return;
    json_decref(month->manifest);
    g_free(month->name);
    g_free(month->folder);
    g_free(month);
}

static gboolean may_see(const DjRequest *request, const json_t *manifest)
{
    const char *audience = json_string_value(json_object_get(manifest, "audience"));
    DjAudience made;
    return audience && dj_audience_parse(audience, &made) &&
           (made != DJ_AUDIENCE_CENTRE || dj_request_audience(request) == DJ_AUDIENCE_CENTRE);
}

static DjMonthFolder *open_folder(const DjRequest *request, const char *name)
{
    if (*name == '.' || strchr(name, '/') || strchr(name, '\\'))
        return NULL;
    g_autoptr(DjMonthFolder) month = g_new0(DjMonthFolder, 1);
    month->name = g_strdup(name);
    month->folder = g_build_filename(dj_web_folder(request->web), DJ_MONTHS_FOLDER, name, NULL);
    month->manifest = dj_month_manifest_read(month->folder, NULL); /* a folder that is being made has none yet */
    return month->manifest && may_see(request, month->manifest) ? g_steal_pointer(&month) : NULL;
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const DjMonthFolder *const *)b)->name, (*(const DjMonthFolder *const *)a)->name);
}

GPtrArray *dj_months_list(const DjRequest *request)
{
    GPtrArray *months = g_ptr_array_new_with_free_func((GDestroyNotify)dj_month_folder_free);
    g_autofree char *path = g_build_filename(dj_web_folder(request->web), DJ_MONTHS_FOLDER, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL); /* absent before the first month */
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        DjMonthFolder *month = open_folder(request, name);
        if (month)
            g_ptr_array_add(months, month);
    }
    g_ptr_array_sort(months, newest_first);
    return months;
}

DjMonthFolder *dj_month_folder_open(const DjRequest *request, const char *name, GError **error)
{
    DjMonthFolder *month = open_folder(request, name);
    if (!month)
        dj_web_fail(error, 404, "没有这个月的清单");
    return month;
}

const char *dj_month_folder_audience(const DjMonthFolder *month)
{
    const char *name = json_string_value(json_object_get(month->manifest, "audience"));
    DjAudience audience;
    return name && dj_audience_parse(name, &audience) ? dj_audience_label(audience) : "";
}

guint dj_month_folder_n_files(const DjMonthFolder *month)
{
    return (guint)json_array_size(json_object_get(month->manifest, "files")) + 1;
}

/* ---- tables ---- */

static int column_of(DjReader *reader, const char *title)
{
    gsize n;
    const char *const *columns = dj_reader_columns(reader, &n);
    for (gsize i = 0; title && i < n; i++)
        if (strcmp(columns[i], title) == 0)
            return (int)i;
    return -1;
}

static const char *cell_at(const DjRow *row, int column)
{
    return column >= 0 && (gsize)column < row->n_cells && row->cells[column].text ? row->cells[column].text : "";
}

GHashTable *dj_month_folder_count(const DjMonthFolder *month, const char *file, const char *first, const char *second,
                                  GError **error)
{
    g_autofree char *path = g_build_filename(month->folder, file, NULL);
    DjReaderOptions options = {0};
    g_autoptr(DjReader) reader = dj_reader_open(path, &options, error);
    if (!reader)
        return NULL;
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int a = column_of(reader, first), b = column_of(reader, second);
    DjRow row;
    gboolean more = TRUE;
    while (dj_reader_next(reader, &row, &more, error) && more) {
        char *key = b < 0 ? g_strdup(cell_at(&row, a)) : g_strdup_printf("%s\t%s", cell_at(&row, a), cell_at(&row, b));
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
        g_hash_table_insert(counts, key, GUINT_TO_POINTER(n + 1));
    }
    return more ? NULL : g_steal_pointer(&counts);
}

/* ---- files ---- */

/* Its sum, NULL when the manifest does not name the file. */
static const char *sum_of(const DjMonthFolder *month, const char *file)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(month->manifest, "files"), i, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "path"));
        if (name && strcmp(name, file) == 0 && !strchr(name, '/'))
            return json_string_value(json_object_get(entry, "sha256"));
    }
    return NULL;
}

char *dj_month_folder_damaged(const DjMonthFolder *month, GError **error)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(month->manifest, "files"), i, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "path"));
        const char *wanted = name ? sum_of(month, name) : NULL;
        if (!wanted)
            return g_strdup(name ? name : DJ_MONTH_MANIFEST);
        g_autofree char *path = g_build_filename(month->folder, name, NULL);
        g_autoptr(GError) failed = NULL;
        g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, &failed);
        if (!map && g_error_matches(failed, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            return g_strdup(name);
        if (!map) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return NULL;
        }
        g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(map);
        g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
        if (strcmp(sum, wanted) != 0)
            return g_strdup(name);
    }
    return NULL;
}

GPtrArray *dj_month_folder_files(const DjMonthFolder *month)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(month->manifest, "files"), i, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "path"));
        if (name && sum_of(month, name))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_add(names, g_strdup(DJ_MONTH_MANIFEST));
    return names;
}

static void add_text(GMarkupParseContext *context, const char *text, gsize length, gpointer user, GError **error)
{
    (void)context;
    (void)error;
    g_string_append_len(user, text, (gssize)length);
}

/* Whose sheet it is: its heading as plain text; NULL when it has none. Free it. */
static char *heading_of(const DjMonthFolder *month, const char *file)
{
    static const GMarkupParser parser = {.text = add_text};
    g_autofree char *path = g_build_filename(month->folder, file, NULL), *html = NULL;
    const char *begin =
        g_file_get_contents(path, &html, NULL, NULL) && g_utf8_validate(html, -1, NULL) ? strstr(html, "<h1>") : NULL;
    const char *end = begin ? strstr(begin, "</h1>") : NULL;
    if (!end)
        return NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, text, NULL);
    gboolean ok = g_markup_parse_context_parse(context, begin, end - begin + (gssize)strlen("</h1>"), NULL) &&
                  g_markup_parse_context_end_parse(context, NULL) && text->len > 0;
    return ok ? g_strdup(text->str) : NULL;
}

GHashTable *dj_month_folder_labels(const DjMonthFolder *month, const GPtrArray *files)
{
    GHashTable *labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < files->len; i++) {
        const char *file = files->pdata[i];
        gboolean sheet = g_str_has_prefix(file, DJ_MONTH_ENTERPRISE) || g_str_has_prefix(file, DJ_MONTH_INSTITUTION);
        char *name = sheet ? heading_of(month, file) : NULL;
        if (name)
            g_hash_table_insert(labels, g_strdup(file), name);
    }
    return labels;
}

static const char *type_of(const char *file)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".csv", "text/csv; charset=utf-8"},
                 {".json", "application/json; charset=utf-8"},
                 {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(file, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}

gboolean dj_month_folder_send(DjRequest *request, const DjMonthFolder *month, const char *file, GError **error)
{
    if (!sum_of(month, file) && strcmp(file, DJ_MONTH_MANIFEST) != 0)
        return dj_web_fail(error, 404, "清单里没有这个文件");
    g_autofree char *path = g_build_filename(month->folder, file, NULL), *bytes = NULL;
    gsize length;
    if (!g_file_get_contents(path, &bytes, &length, error))
        return FALSE;
    g_string_append_len(request->out, bytes, (gssize)length);
    request->out_type = type_of(file);
    if (g_str_has_suffix(file, ".html")) { /* printed sheets carry their style in themselves, and no script */
        dj_response_header(request, "Content-Security-Policy",
                           "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'");
        return TRUE;
    }
    g_autofree char *name = g_uri_escape_string(file, NULL, FALSE);
    g_autofree char *how = g_strdup_printf("attachment; filename*=UTF-8''%s", name);
    dj_response_header(request, "Content-Disposition", how);
    return TRUE;
}
