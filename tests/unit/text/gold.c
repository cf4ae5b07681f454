/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/text/gold.h"

#include <gio/gio.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER,
    SOURCE,
    RECORD,
    FIELD,
    START,
    END,
    HASH,
    Q_START,
    Q_END,
    QUANTITY,
    RELATION,
    VALUE,
    UNIT,
    PROPERTY,
    N_COLUMNS
};

static void quantity_free(gpointer data)
{
    GoldQuantity *quantity = data;
    g_free(quantity->relation);
    g_free(quantity->value);
    g_free(quantity->unit);
    g_free(quantity->property);
    g_free(quantity);
}

static void sentence_free(gpointer data)
{
    GoldSentence *sentence = data;
    g_free(sentence->text);
    g_ptr_array_unref(sentence->quantities);
    g_free(sentence);
}

const char *gold_find_data(void)
{
    const char *folder = g_getenv("DUIJIE_EVAL_DATA");
    folder = folder ? folder : DJ_SOURCE_DIR "/../shared/data";
    return g_file_test(folder, G_FILE_TEST_IS_DIR) ? folder : NULL;
}

static void put(GHashTable *fields, const char *source, const char *record, const char *field, const char *text)
{
    g_hash_table_insert(fields, g_strdup_printf("%s\t%s\t%s", source, record, field), g_strdup(text ? text : ""));
}

/* Puts all fields of one source file that the annotation can name: "source \t record \t field" -> text. */
static gboolean read_source(GHashTable *fields, const char *data, const char *source, GError **error)
{
    g_autofree char *path = g_build_filename(data, source, NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error)) {
        return FALSE;
    }
    if (g_str_has_suffix(source, ".json")) {
        json_t *array = json_loads(text, 0, NULL), *object;
        gsize i;
        json_array_foreach(array, i, object)
        {
            g_autofree char *record = g_strdup_printf("%zu", i);
            put(fields, source, record, "context", json_string_value(json_object_get(object, "context")));
        }
        json_decref(array);
        return TRUE;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (g_str_has_suffix(source, ".jsonl")) {
            json_t *object = json_loads(lines[i], 0, NULL);
            if (object) {
                put(fields, source, json_string_value(json_object_get(object, "id")), "abstract",
                    json_string_value(json_object_get(object, "abstract")));
            }
            json_decref(object);
        } else {
            g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);
            if (g_strv_length(columns) == 3) {
                put(fields, source, columns[0], "content", columns[2]);
            }
        }
    }
    return TRUE;
}

static char *cut(const char *text, const char *start, const char *end)
{
    const long first = atol(start), stop = atol(end);
    return stop <= g_utf8_strlen(text, -1) ? g_utf8_substring(text, first, stop) : NULL;
}

static guint32 get_offset(const char *text, const char *chars)
{
    return (guint32)(g_utf8_offset_to_pointer(text, atol(chars)) - text);
}

static GoldSentence *new_sentence(GHashTable *fields, char **row, GError **error)
{
    g_autofree char *key = g_strdup_printf("%s\t%s\t%s", row[SOURCE], row[RECORD], row[FIELD]);
    const char *field = g_hash_table_lookup(fields, key);
    g_autofree char *text = field ? cut(field, row[START], row[END]) : NULL;
    g_autofree char *hash = text ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1) : NULL;
    if (!hash || !g_str_has_prefix(hash, row[HASH])) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "sentence %s: not in the data", row[NUMBER]);
        return NULL;
    }
    GoldSentence *sentence = g_new(GoldSentence, 1);
    *sentence =
        (GoldSentence){atoi(row[NUMBER]), g_steal_pointer(&text), g_ptr_array_new_with_free_func(quantity_free)};
    return sentence;
}

GPtrArray *gold_load(const char *tsv, const char *data, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GHashTable) fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) sources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func(sentence_free);
    if (!g_file_get_contents(tsv, &text, NULL, error)) {
        return NULL;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GoldSentence *sentence = NULL;
    for (guint i = 1; lines[i] && lines[i][0]; i++) {
        g_auto(GStrv) row = g_strsplit(lines[i], "\t", -1);
        if (g_strv_length(row) != N_COLUMNS) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: line %u: bad columns", tsv, i + 1);
            return NULL;
        }
        if (g_hash_table_add(sources, g_strdup(row[SOURCE])) && !read_source(fields, data, row[SOURCE], error)) {
            return NULL;
        }
        if (!sentence || sentence->number != atoi(row[NUMBER])) {
            sentence = new_sentence(fields, row, error);
            if (!sentence) {
                return NULL;
            }
            g_ptr_array_add(sentences, sentence);
        }
        if (strcmp(row[QUANTITY], "-") != 0) {
            GoldQuantity *quantity = g_new(GoldQuantity, 1);
            *quantity = (GoldQuantity){get_offset(sentence->text, row[Q_START]),
                                       get_offset(sentence->text, row[Q_END]),
                                       g_strdup(row[RELATION]),
                                       g_strdup(row[VALUE]),
                                       g_strdup(row[UNIT]),
                                       g_strdup(row[PROPERTY])};
            g_ptr_array_add(sentence->quantities, quantity);
        }
    }
    return g_steal_pointer(&sentences);
}
