/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reader for these three tab-separated files and JSON arrays only: the engine's own import must not be what decides
 * whether a figure of this bench changes.
 */
#include "bench/quality/data.h"

#include <gio/gio.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void record_free(gpointer data)
{
    Record *record = data;
    g_free(record->id);
    g_free(record->title);
    g_free(record->content);
    g_free(record);
}

static GPtrArray *new_records(void)
{
    return g_ptr_array_new_with_free_func(record_free);
}

static void add(GPtrArray *records, const char *id, const char *title, const char *content)
{
    Record *record = g_new(Record, 1);
    *record = (Record){g_strdup(id), g_strdup(title), g_strdup(content)};
    g_ptr_array_add(records, record);
}

static char *without_spaces(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++) {
        if (*text != ' ') {
            g_string_append_c(out, *text);
        }
    }
    return g_string_free(out, FALSE);
}

/* The lines of a file after its header, each split into exactly 3 columns. */
static GPtrArray *read_rows(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error)) {
        return NULL;
    }
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 1; lines[0] && lines[i]; i++) {
        if (g_str_has_suffix(lines[i], "\r")) {
            lines[i][strlen(lines[i]) - 1] = '\0';
        }
        if (lines[i][0] == '\0') {
            continue;
        }
        char **columns = g_strsplit(lines[i], "\t", -1);
        g_ptr_array_add(rows, columns);
        if (g_strv_length(columns) != 3) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: line %u: not 3 columns", path, i + 1);
            return NULL;
        }
    }
    return g_steal_pointer(&rows);
}

static GHashTable *index_by_id(const GPtrArray *records)
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < records->len; i++) {
        g_hash_table_insert(index, data_get(records, i)->id, GUINT_TO_POINTER(i + 1));
    }
    return index;
}

static int by_need_and_item(gconstpointer a, gconstpointer b)
{
    const Judgment *x = a, *y = b;
    return x->need != y->need ? (x->need > y->need) - (x->need < y->need) : (x->item > y->item) - (x->item < y->item);
}

static gboolean read_judgments(Data *data, const char *path, GError **error)
{
    g_autoptr(GPtrArray) rows = read_rows(path, error);
    if (!rows) {
        return FALSE;
    }
    g_autoptr(GHashTable) needs = index_by_id(data->needs), items = index_by_id(data->items);
    for (guint i = 0; i < rows->len; i++) {
        char **row = rows->pdata[i];
        const guint need = GPOINTER_TO_UINT(g_hash_table_lookup(needs, row[0]));
        const guint item = GPOINTER_TO_UINT(g_hash_table_lookup(items, row[1]));
        const int level = atoi(row[2]);
        if (!need || !item || level < 1 || level > 4) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: line %u: unknown id or bad level", path,
                        i + 2);
            return FALSE;
        }
        const Judgment judgment = {need - 1, item - 1, (guint8)level};
        g_array_append_val(data->judgments, judgment);
    }
    g_array_sort(data->judgments, by_need_and_item);
    return TRUE;
}

/* Appends the distinct (name, context) pairs of one file. */
static gboolean read_market(GPtrArray *records, GHashTable *seen, const char *path, GError **error)
{
    json_error_t problem;
    json_t *root = json_load_file(path, 0, &problem);
    if (!json_is_array(root)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: line %d: %s", path, problem.line,
                    root ? "not an array" : problem.text);
        json_decref(root);
        return FALSE;
    }
    gsize i;
    json_t *object;
    json_array_foreach(root, i, object)
    {
        const char *name = json_string_value(json_object_get(object, "name"));
        const char *context = json_string_value(json_object_get(object, "context"));
        char *key = g_strdup_printf("%s\t%s", name ? name : "", context ? context : "");
        if (g_hash_table_add(seen, key)) {
            add(records, "", name ? name : "", context ? context : "");
        }
    }
    json_decref(root);
    return TRUE;
}

static gboolean load(Data *data, const char *folder, const char *qrels, GError **error)
{
    g_autofree char *needs = g_build_filename(folder, "bdci2019", "needs.tsv", NULL);
    g_autofree char *items = g_build_filename(folder, "bdci2019", "achievements.tsv", NULL);
    g_autofree char *dev = g_build_filename(folder, "bdci2019", "qrels.dev.tsv", NULL);
    g_autoptr(GPtrArray) need_rows = read_rows(needs, error);
    g_autoptr(GPtrArray) item_rows = need_rows ? read_rows(items, error) : NULL;
    if (!item_rows) {
        return FALSE;
    }
    for (guint i = 0; i < need_rows->len; i++) {
        char **row = need_rows->pdata[i];
        add(data->needs, row[0], row[1], row[2]);
    }
    for (guint i = 0; i < item_rows->len; i++) {
        char **row = item_rows->pdata[i];
        g_autofree char *title = without_spaces(row[1]);
        add(data->items, row[0], title, "");
    }
    if (!read_judgments(data, qrels ? qrels : dev, error)) {
        return FALSE;
    }
    static const char *const files[] = {"needs.json", "achievements.1.json", "achievements.2.json"};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, "tech_market", files[i], NULL);
        if (i == 1) {
            g_hash_table_remove_all(seen);
        }
        if (!read_market(i == 0 ? data->market_needs : data->market_supply, seen, path, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

Data *data_load(const char *folder, const char *qrels, GError **error)
{
    Data *data = g_new0(Data, 1);
    data->needs = new_records();
    data->items = new_records();
    data->market_needs = new_records();
    data->market_supply = new_records();
    data->judgments = g_array_new(FALSE, FALSE, sizeof(Judgment));
    if (!load(data, folder, qrels, error)) {
        data_free(data);
        return NULL;
    }
    return data;
}

void data_free(Data *data)
{
    g_ptr_array_free(data->needs, TRUE);
    g_ptr_array_free(data->items, TRUE);
    g_ptr_array_free(data->market_needs, TRUE);
    g_ptr_array_free(data->market_supply, TRUE);
    g_array_free(data->judgments, TRUE);
    g_free(data);
}
