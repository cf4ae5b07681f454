/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/facets.h"

#include "engine/model/ident.h"
#include <gio/gio.h>
#include <string.h>

static const struct {
    const char *name, *label, *prefix;
} facets[DJ_N_FACETS] = {
    [DJ_FACET_CHAIN] = {"chain", "产业链", "XC:"},
    [DJ_FACET_OWNER] = {"owner", "持有人", "XO:"},
    [DJ_FACET_KIND] = {"kind", "专利种类", "XK:"},
    [DJ_FACET_MODE] = {"mode", "转化方式", "XW:"},
    [DJ_FACET_MATURITY] = {"maturity", "成熟度", "XM:"},
    [DJ_FACET_REGION] = {"region", "地区", "XR:"},
    [DJ_FACET_IPC] = {"ipc", "IPC", "XI:"},
};

/* Further words that people write for a field. */
static const struct {
    const char *word;
    DjFacet facet;
} synonyms[] = {{"机构", DJ_FACET_OWNER},
                {"专利权人", DJ_FACET_OWNER},
                {"种类", DJ_FACET_KIND},
                {"类型", DJ_FACET_KIND},
                {"方式", DJ_FACET_MODE}};

/* Values of one facet, and which documents have them: those of document d are value[first[d] … first[d+1]). */
typedef struct {
    GPtrArray *values;
    guint32 *first, *value;
} Column;

struct DjFacetTable {
    guint32 n_docs;
    const DjSession *session;
    Column columns[DJ_N_FACETS];
};

const char *dj_facet_name(DjFacet facet)
{
    return facets[facet].name;
}

const char *dj_facet_label(DjFacet facet)
{
    return facets[facet].label;
}

const char *dj_facet_prefix(DjFacet facet)
{
    return facets[facet].prefix;
}

gboolean dj_facet_parse(const char *name, DjFacet *out)
{
    for (int i = 0; i < DJ_N_FACETS; i++) {
        if (g_ascii_strcasecmp(name, facets[i].name) == 0 || strcmp(name, facets[i].label) == 0) {
            *out = (DjFacet)i;
            return TRUE;
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(synonyms); i++) {
        if (strcmp(name, synonyms[i].word) == 0) {
            *out = synonyms[i].facet;
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- reading ---- */

typedef struct {
    guint32 doc, value;
} Entry;

typedef struct {
    GPtrArray *values;
    GArray *entries;
} Reading;

static gboolean begin_value(const char *bytes, gsize length, gpointer user)
{
    Reading *reading = user;
    g_ptr_array_add(reading->values, g_strndup(bytes, length));
    return TRUE;
}

static void add_posting(guint32 doc, int prefix, guint32 wdf, gpointer user)
{
    (void)prefix;
    (void)wdf;
    Reading *reading = user;
    Entry entry = {doc, reading->values->len - 1};
    g_array_append_val(reading->entries, entry);
}

static gboolean end_value(gpointer user)
{
    (void)user;
    return TRUE;
}

/* Entries come by value; they go into the order of documents by counting. */
static gboolean order(Column *column, const GArray *entries, guint32 n_docs)
{
    column->first = g_try_new0(guint32, (gsize)n_docs + 2);
    column->value = g_try_new(guint32, MAX(entries->len, 1));
    if (!column->first || !column->value)
        return FALSE;
    guint32 *next = column->first + 1; /* becomes first when all are placed */
    for (guint i = 0; i < entries->len; i++)
        next[g_array_index(entries, Entry, i).doc + 1]++;
    for (guint32 d = 0; d < n_docs; d++)
        next[d + 1] += next[d];
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = &g_array_index(entries, Entry, i);
        column->value[next[entry->doc]++] = entry->value;
    }
    return TRUE;
}

DjFacetTable *dj_facet_table_new(DjIndex *index, const DjSession *session, GError **error)
{
    static const DjIndexWalk walk = {begin_value, add_posting, end_value};
    DjFacetTable *table = g_new0(DjFacetTable, 1);
    table->n_docs = dj_index_n_docs(index);
    table->session = session;
    for (int f = 0; f < DJ_N_FACETS; f++) {
        Column *column = &table->columns[f];
        g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
        column->values = g_ptr_array_new_with_free_func(g_free);
        Reading reading = {column->values, entries};
        gboolean ok = dj_index_walk(index, &facets[f].prefix, 1, &walk, &reading, error);
        if (ok && !order(column, entries, table->n_docs)) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "out of memory reading facets");
            ok = FALSE;
        }
        if (!ok) {
            dj_facet_table_free(table);
            return NULL;
        }
    }
    return table;
}

void dj_facet_table_free(DjFacetTable *table)
{
    if (!table)
        return;
    for (int f = 0; f < DJ_N_FACETS; f++) {
        g_clear_pointer(&table->columns[f].values, g_ptr_array_unref);
        g_free(table->columns[f].first);
        g_free(table->columns[f].value);
    }
    g_free(table);
}

/* ---- counting ---- */

static void count_clear(gpointer data)
{
    g_free(((DjFacetCount *)data)->label);
}

static gint compare_counts(gconstpointer a, gconstpointer b)
{
    const DjFacetCount *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->value, y->value);
}

char *dj_facet_value_label(const DjFacetTable *table, DjFacet facet, const char *value)
{
    guint chain;
    if (strcmp(value, DJ_FACET_UNKNOWN) == 0)
        return g_strdup("未写");
    if (facet == DJ_FACET_CHAIN && strcmp(value, DJ_FACET_NO_CHAIN) == 0)
        return g_strdup("未归链");
    if (facet == DJ_FACET_CHAIN && dj_taxonomy_find(table->session->taxonomy, value, &chain))
        return g_strdup(dj_taxonomy_chain(table->session->taxonomy, chain).name);
    DjIpc ipc;
    if (facet == DJ_FACET_IPC && dj_ipc_parse(value, &ipc))
        return dj_ipc_titles_label(table->session->ipc_titles, &ipc);
    if (facet == DJ_FACET_KIND)
        return g_strdup(dj_patent_kind_label(value));
    return facet == DJ_FACET_MATURITY ? g_strdup_printf("%s 级", value) : g_strdup(value);
}

static void add_document(const Column *column, guint32 doc, guint32 *counts)
{
    for (guint32 at = column->first[doc]; at < column->first[doc + 1]; at++)
        counts[column->value[at]]++;
}

GArray *dj_facet_counts(const DjFacetTable *table, DjFacet facet, const char *const *value, const guint32 *counts,
                        guint n, guint most)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(DjFacetCount));
    g_array_set_clear_func(out, count_clear);
    for (guint i = 0; i < n; i++) {
        DjFacetCount count = {.value = value[i], .count = counts[i]};
        if (count.count > 0)
            g_array_append_val(out, count);
    }
    g_array_sort(out, compare_counts);
    if (out->len > most)
        g_array_set_size(out, most);
    for (guint i = 0; i < out->len; i++) {
        DjFacetCount *count = &g_array_index(out, DjFacetCount, i);
        count->label = dj_facet_value_label(table, facet, count->value);
    }
    return out;
}

GArray *dj_facet_count(const DjFacetTable *table, DjFacet facet, const guint64 *bits, guint most)
{
    const Column *column = &table->columns[facet];
    g_autofree guint32 *counts = g_new0(guint32, column->values->len + 1);
    for (guint32 word = 0; word <= table->n_docs / 64; word++) {
        guint64 rest = bits ? bits[word] : G_MAXUINT64;
        for (guint32 doc = word * 64; rest && doc < table->n_docs; doc++, rest >>= 1)
            if (rest & 1)
                add_document(column, doc, counts);
    }
    return dj_facet_counts(table, facet, (const char *const *)column->values->pdata, counts, column->values->len, most);
}

GArray *dj_facet_count_each(const DjFacetTable *table, DjFacet facet, const guint32 *docs, guint n, guint most)
{
    const Column *column = &table->columns[facet];
    g_autofree guint32 *counts = g_new0(guint32, column->values->len + 1);
    for (guint i = 0; i < n; i++)
        if (docs[i] < table->n_docs)
            add_document(column, docs[i], counts);
    return dj_facet_counts(table, facet, (const char *const *)column->values->pdata, counts, column->values->len, most);
}
