/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workload of real Chinese text. Tokens are simple on purpose: the bench measures the kernel, not the analysis. */
#include "bench/kernel/workload.h"

#include <glib.h>
#include <jansson.h>
#include <string.h>

/* Rows being collected: counts per term. */
typedef struct Rows {
    GArray *ptr;   /* guint64 */
    GArray *term;  /* guint32 */
    GArray *count; /* guint8 */
} Rows;

static Rows rows_new(void)
{
    Rows rows = {g_array_new(FALSE, TRUE, sizeof(guint64)), g_array_new(FALSE, FALSE, sizeof(guint32)),
                 g_array_new(FALSE, FALSE, sizeof(guint8))};
    g_array_set_size(rows.ptr, 1);
    return rows;
}

static void rows_free(Rows *rows)
{
    g_array_unref(rows->ptr);
    g_array_unref(rows->term);
    g_array_unref(rows->count);
}

static int compare_terms(gconstpointer a, gconstpointer b)
{
    const guint32 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Appends sorted terms as one row, equal ones counted. */
static void add_row(Rows *rows, GArray *terms)
{
    g_array_sort(terms, compare_terms);
    for (guint i = 0; i < terms->len;) {
        const guint32 t = g_array_index(terms, guint32, i);
        guint count = 0;
        for (; i < terms->len && g_array_index(terms, guint32, i) == t; i++)
            count++;
        const guint8 capped = (guint8)MIN(count, 255);
        g_array_append_val(rows->term, t);
        g_array_append_val(rows->count, capped);
    }
    const guint64 end = rows->term->len;
    g_array_append_val(rows->ptr, end);
}

static void add_term(GHashTable *numbers, GArray *terms, const char *text, gsize size)
{
    g_autofree char *key = g_strndup(text, size);
    gpointer number;
    guint32 t;
    if (g_hash_table_lookup_extended(numbers, key, NULL, &number)) {
        t = GPOINTER_TO_UINT(number);
    } else {
        t = g_hash_table_size(numbers);
        g_hash_table_insert(numbers, g_steal_pointer(&key), GUINT_TO_POINTER(t));
    }
    g_array_append_val(terms, t);
}

/* Single characters and bigrams of Han text, whole words elsewhere. */
static void add_text(GHashTable *numbers, GArray *terms, const char *text)
{
    const char *before = NULL;
    for (const char *p = text; *p;) {
        const gunichar c = g_utf8_get_char(p);
        const char *next = g_utf8_next_char(p);
        if (c >= 0x2e80 && g_unichar_isalnum(c)) {
            add_term(numbers, terms, p, (gsize)(next - p));
            if (before)
                add_term(numbers, terms, before, (gsize)(next - before));
            before = p;
            p = next;
        } else {
            const char *end = p;
            while (*end && g_ascii_isalnum(*end))
                end++;
            if (end > p)
                add_term(numbers, terms, p, (gsize)(end - p));
            before = NULL;
            p = end > p ? end : next;
        }
    }
}

static void add_record(Rows *rows, GHashTable *numbers, const char *title, const char *body)
{
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(guint32));
    add_text(numbers, terms, title ? title : "");
    add_text(numbers, terms, body ? body : "");
    if (terms->len)
        add_row(rows, terms);
}

static gboolean add_json_array(Rows *rows, GHashTable *numbers, const char *data, const char *name)
{
    g_autofree char *path = g_build_filename(data, name, NULL);
    json_t *all = json_load_file(path, 0, NULL);
    gsize i;
    json_t *record;
    json_array_foreach(all, i, record) add_record(rows, numbers, json_string_value(json_object_get(record, "name")),
                                                  json_string_value(json_object_get(record, "context")));
    json_decref(all);
    return all != NULL;
}

static gboolean add_lines(Rows *rows, GHashTable *numbers, const char *data, const char *name, gboolean json)
{
    g_autofree char *path = g_build_filename(data, name, NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (json) {
            json_t *record = json_loads(*line, 0, NULL);
            add_record(rows, numbers, json_string_value(json_object_get(record, "title")),
                       json_string_value(json_object_get(record, "abstract")));
            json_decref(record);
        } else {
            g_auto(GStrv) fields = g_strsplit(*line, "\t", 3);
            if (line > lines && g_strv_length(fields) == 3)
                add_record(rows, numbers, fields[1], fields[2]);
        }
    }
    return TRUE;
}

static void keep_some(GArray *terms, const Rows *rows, guint64 r, guint tenths, guint64 *state)
{
    for (guint64 i = g_array_index(rows->ptr, guint64, r); i < g_array_index(rows->ptr, guint64, r + 1); i++) {
        const guint32 t = g_array_index(rows->term, guint32, i);
        if (workload_random(state) % 10 >= tenths)
            continue;
        for (guint n = g_array_index(rows->count, guint8, i); n; n--)
            g_array_append_val(terms, t);
    }
}

/* Brings a side to n rows and hands its arrays over. */
static void finish_side(Side *side, Rows *rows, guint32 n, guint64 *state)
{
    const guint64 real = rows->ptr->len - 1;
    while (rows->ptr->len - 1 < n) {
        g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(guint32));
        keep_some(terms, rows, workload_random(state) % real, 7, state);
        keep_some(terms, rows, workload_random(state) % real, 3, state);
        add_row(rows, terms);
    }
    side->n = n;
    side->label = calloc(n + 1u, sizeof *side->label);
    side->ptr = g_memdup2(rows->ptr->data, (n + 1ul) * sizeof(guint64));
    side->term = g_memdup2(rows->term->data, side->ptr[n] * sizeof(guint32));
    side->value = g_memdup2(rows->count->data, side->ptr[n]);
}

bool workload_init_text(Workload *w, const char *data, uint32_t n_docs, uint32_t n_needs, uint64_t seed, char **why)
{
    static const char *const doc_files[] = {"tech_market/achievements.1.json", "tech_market/achievements.2.json"};
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Rows docs = rows_new(), needs = rows_new();
    const char *missing = NULL;

    memset(w, 0, sizeof *w);
    if (!add_lines(&docs, numbers, data, "patents_zh/patents.jsonl", TRUE))
        missing = "patents_zh/patents.jsonl";
    for (gsize i = 0; i < G_N_ELEMENTS(doc_files); i++)
        if (!add_json_array(&docs, numbers, data, doc_files[i]))
            missing = doc_files[i];
    if (!add_json_array(&needs, numbers, data, "tech_market/needs.json"))
        missing = "tech_market/needs.json";
    if (!add_lines(&needs, numbers, data, "bdci2019/needs.tsv", FALSE))
        missing = "bdci2019/needs.tsv";
    if (!missing) {
        w->n_terms = g_hash_table_size(numbers);
        w->n_labels = 1;
        finish_side(&w->docs, &docs, n_docs, &seed);
        finish_side(&w->needs, &needs, n_needs, &seed);
        workload_quantise(w);
    } else {
        *why = g_strdup_printf("%s/%s is absent", data, missing);
    }
    rows_free(&docs);
    rows_free(&needs);
    return !missing;
}
