/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Glue between the analyser's words and the semantic model, as a caller outside the library would write it. */
#include "bench/quality/semantic.h"

#include "engine/semantic/apply.h"

#include <math.h>

/* Terms live until the next split, so title and content are copied into one buffer; its bytes may still move. */
static void append_words(GArray *words, GString *buffer, DjAnalyzer *analyzer, const char *text)
{
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, text, -1, DJ_UNIT_WORD, &n);
    for (gsize i = 0; i < n; i++) {
        const DjSemanticWord word = {NULL, terms[i].length};
        g_string_append_len(buffer, terms[i].bytes, terms[i].length);
        g_array_append_val(words, word);
    }
}

static gboolean add_records(DjSemanticTrainer *trainer, DjSemanticRole role, const GPtrArray *records,
                            DjAnalyzer *analyzer, GError **error)
{
    for (guint i = 0; i < records->len; i++) {
        const Record *record = data_get(records, i);
        g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(DjSemanticWord));
        g_autoptr(GString) buffer = g_string_new(NULL);
        append_words(words, buffer, analyzer, record->title);
        append_words(words, buffer, analyzer, record->content);
        const char *at = buffer->str;
        for (guint w = 0; w < words->len; w++) {
            DjSemanticWord *word = &g_array_index(words, DjSemanticWord, w);
            word->bytes = at;
            at += word->length;
        }
        if (!dj_semantic_trainer_add(trainer, role, (const DjSemanticWord *)(const void *)words->data, words->len,
                                     error)) {
            return FALSE;
        }
    }
    return TRUE;
}

DjSemanticModel *semantic_train(const Data *data, DjAnalyzer *analyzer, guint32 composition,
                                DjSemanticStatistics *statistics, GError **error)
{
    DjSemanticOptions options;
    dj_semantic_options_init(&options);
    options.composition = composition;
    g_autoptr(DjSemanticTrainer) trainer = dj_semantic_trainer_new(&options);
    if (!add_records(trainer, DJ_SEMANTIC_NEED, data->needs, analyzer, error) ||
        !add_records(trainer, DJ_SEMANTIC_NEED, data->market_needs, analyzer, error) ||
        !add_records(trainer, DJ_SEMANTIC_SUPPLY, data->items, analyzer, error) ||
        !add_records(trainer, DJ_SEMANTIC_SUPPLY, data->market_supply, analyzer, error)) {
        return NULL;
    }
    g_autoptr(DjSemanticModel) trained = dj_semantic_trainer_finish(trainer, statistics, error);
    if (!trained) {
        return NULL;
    }
    g_autoptr(GBytes) bytes = dj_semantic_serialize(trained);
    return dj_semantic_parse(bytes, error);
}

/* Counts of the model's words in a text: word id -> count. */
static GHashTable *count_words(const char *text, DjAnalyzer *analyzer, const DjSemanticModel *model)
{
    GHashTable *counts = g_hash_table_new(NULL, NULL);
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, text, -1, DJ_UNIT_WORD, &n);
    for (gsize i = 0; i < n; i++) {
        guint32 ids[DJ_SEMANTIC_MAX_PARTS];
        const guint n_ids = dj_semantic_look_up(model, terms[i].bytes, terms[i].length, ids);
        for (guint p = 0; p < n_ids; p++) {
            const gpointer key = GUINT_TO_POINTER(ids[p]);
            const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
            g_hash_table_insert(counts, key, GUINT_TO_POINTER(count + 1));
        }
    }
    return counts;
}

gint8 *semantic_embed_items(const Data *data, DjAnalyzer *analyzer, const DjSemanticModel *model)
{
    gint8 *out = g_new(gint8, (gsize)data->items->len * DJ_SEMANTIC_DIM);
    for (guint i = 0; i < data->items->len; i++) {
        g_autoptr(GHashTable) counts = count_words(data_get(data->items, i)->title, analyzer, model);
        g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(DjSemanticWeight));
        GHashTableIter iter;
        gpointer word, count;
        g_hash_table_iter_init(&iter, counts); /* the order does not matter: the sum is exact */
        while (g_hash_table_iter_next(&iter, &word, &count)) {
            const DjSemanticWeight weight = {GPOINTER_TO_UINT(word),
                                             dj_semantic_get_log_tf(model, GPOINTER_TO_UINT(count))};
            g_array_append_val(weights, weight);
        }
        dj_semantic_embed(model, (const DjSemanticWeight *)(const void *)weights->data, weights->len,
                          out + (gsize)i * DJ_SEMANTIC_DIM);
    }
    return out;
}

static void append_weights(GArray *weights, GHashTable *counts, const DjSemanticModel *model, double k, double factor,
                           gboolean need_idf)
{
    GHashTableIter iter;
    gpointer word, count;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &word, &count)) {
        const double f = GPOINTER_TO_UINT(count);
        double weight = factor * f * (k + 1) / (f + k);
        if (need_idf) {
            weight *= dj_semantic_get_need_weight(model, GPOINTER_TO_UINT(word)) / 65535.0;
        }
        const DjSemanticWeight item = {GPOINTER_TO_UINT(word), (guint32)lround(DJ_SEMANTIC_ONE * weight)};
        g_array_append_val(weights, item);
    }
}

void semantic_embed_need(const Record *need, DjAnalyzer *analyzer, const DjSemanticModel *model, double content_weight,
                         gint8 out[])
{
    g_autoptr(GHashTable) title = count_words(need->title, analyzer, model);
    g_autoptr(GHashTable) content = count_words(need->content, analyzer, model);
    g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(DjSemanticWeight));
    append_weights(weights, title, model, 1, 1, FALSE);
    append_weights(weights, content, model, 3, content_weight, TRUE);
    dj_semantic_embed(model, (const DjSemanticWeight *)(const void *)weights->data, weights->len, out);
}
