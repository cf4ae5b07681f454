/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/model.h"
#include <jansson.h>
#include <string.h>

#define ONE 65536.0

static gboolean is_within(json_int_t value, json_int_t least, json_int_t most)
{
    return value >= least && value <= most;
}

static gboolean read_params(DjModel *model, GError **error)
{
    gsize length;
    const char *text = dj_pack_section(&model->pack, "params", 1, &length, error);
    if (!text)
        return FALSE;
    json_error_t problem;
    json_t *root = json_loadb(text, length, 0, &problem);
    json_int_t n_docs, n_needs, average[2], largest, idf, need, variance, k1, b;
    json_t *weights = NULL;
    gboolean ok = json_unpack_ex(root, &problem, 0, "{s:I, s:I, s:[I,I], s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "docs",
                                 &n_docs, "needs", &n_needs, "average_length", &average[0], &average[1], "largest",
                                 &largest, "unseen_idf", &idf, "unseen_need", &need, "unseen_variance", &variance, "k1",
                                 &k1, "b", &b, "doc_weight", &weights) == 0 &&
                  json_array_size(weights) == DJ_N_DOC_FIELDS && is_within(n_docs, 0, G_MAXINT32) &&
                  is_within(n_needs, 0, G_MAXINT32) && is_within(average[0], 1, G_MAXUINT32) &&
                  is_within(average[1], 1, G_MAXUINT32) && is_within(largest, 1, G_MAXUINT32) &&
                  is_within(idf, 0, G_MAXUINT32) && is_within(need, 0, G_MAXUINT32) &&
                  is_within(variance, 0, G_MAXUINT32) && is_within(k1, 0, G_MAXINT32) && is_within(b, 0, G_MAXINT32);
    for (gsize f = 0; ok && f < DJ_N_DOC_FIELDS; f++)
        ok = is_within(json_integer_value(json_array_get(weights, f)), 0, G_MAXINT32);
    if (ok) {
        model->n_docs = n_docs;
        model->n_needs = n_needs;
        model->average_length[0] = (guint32)average[0];
        model->average_length[1] = (guint32)average[1];
        model->largest = (guint32)largest;
        model->unseen = (DjTermStat){(guint32)idf, (guint32)need, (guint32)variance};
        model->scoring = dj_scoring_default();
        model->scoring.k1 = (int)k1;
        model->scoring.b = (int)b;
        for (int f = 0; f < DJ_N_DOC_FIELDS; f++)
            model->scoring.doc_weight[f] = (int)json_integer_value(json_array_get(weights, (gsize)f));
    } else {
        g_set_error(error, DJ_PACK_ERROR, DJ_PACK_ERROR_DAMAGED, "model has wrong parameters: %s",
                    *problem.text ? problem.text : "a number is out of range");
    }
    json_decref(root);
    return ok;
}

DjModel *dj_model_parse(GBytes *bytes, GError **error)
{
    g_autoptr(DjModel) model = g_new0(DjModel, 1);
    gsize n_stats, size;
    if (!dj_pack_open(&model->pack, bytes, "model", error) || !dj_pack_verify(&model->pack, error) ||
        !dj_pack_strings(&model->pack, "terms", &model->terms, error))
        return NULL;
    model->stats = dj_pack_section(&model->pack, "stats", sizeof *model->stats, &n_stats, error);
    if (!model->stats)
        return NULL;
    if (n_stats != model->terms.n) {
        g_set_error(error, DJ_PACK_ERROR, DJ_PACK_ERROR_DAMAGED, "model has %zu statistics for %u terms", n_stats,
                    model->terms.n);
        return NULL;
    }
    if (!read_params(model, error))
        return NULL;
    const guint8 *semantic = dj_pack_section(&model->pack, "semantic", 1, &size, error);
    if (!semantic)
        return NULL;
    if (size > 0) {
        g_autoptr(GBytes) part = g_bytes_new_static(semantic, size); /* lives as long as the pack */
        model->semantic = dj_semantic_parse(part, error);
        if (!model->semantic)
            return NULL;
    }
    model->hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    return g_steal_pointer(&model);
}

void dj_model_free(DjModel *model)
{
    if (!model)
        return;
    dj_semantic_unref(model->semantic);
    dj_pack_close(&model->pack);
    g_free(model->hash);
    g_free(model);
}

const DjTermStat *dj_model_find(const DjModel *model, const char *key, gsize length)
{
    guint32 i = dj_strings_find(&model->terms, key, length);
    return i == DJ_STRINGS_NONE ? &model->unseen : &model->stats[i];
}

/* Only + - * / on doubles that integers gave, so the bits are the same everywhere. */
double dj_model_raw_impact(const DjModel *model, const DjTermStat *stat, guint32 tf, guint32 length, DjLexUnit unit)
{
    double k1 = model->scoring.k1 / 100.0, b = model->scoring.b / 100.0, f = tf / 100.0;
    double relative = (double)length / model->average_length[unit];
    return stat->idf / ONE * (f * (k1 + 1.0)) / (f + k1 * (1.0 - b + b * relative));
}

guint8 dj_model_impact(const DjModel *model, const DjTermStat *stat, guint32 tf, guint32 length, DjLexUnit unit)
{
    double scaled = 255.0 * dj_model_raw_impact(model, stat, tf, length, unit) / (model->largest / ONE) + 0.5;
    return scaled >= 255.0 ? 255 : scaled < 1.0 ? 1 : (guint8)scaled;
}

void dj_model_embed_words(const DjModel *model, const DjTerm *words, gsize n, guint32 *learned,
                          gint8 out[DJ_SEMANTIC_DIM])
{
    memset(out, 0, DJ_SEMANTIC_DIM);
    for (gsize i = 0; learned && i < n; i++)
        learned[i] = DJ_SEMANTIC_NO_WORD;
    if (!model->semantic || n == 0)
        return;
    n = MIN(n, DJ_SEMANTIC_MAX_WORDS);
    g_autofree guint32 *ids = g_new(guint32, n * DJ_SEMANTIC_MAX_PARTS);
    gsize known = 0;
    for (gsize i = 0; i < n; i++) {
        guint n_ids = dj_semantic_look_up(model->semantic, words[i].bytes, words[i].length, ids + known);
        if (learned && n_ids == 1 && ids[known] < dj_semantic_get_n_words(model->semantic))
            learned[i] = ids[known];
        known += n_ids;
    }
    g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(DjSemanticWeight));
    for (gsize i = 0; i < known; i++) {
        gpointer at;
        if (g_hash_table_lookup_extended(counts, GUINT_TO_POINTER(ids[i]), NULL, &at)) {
            g_array_index(weights, DjSemanticWeight, GPOINTER_TO_UINT(at)).weight++;
        } else {
            DjSemanticWeight weight = {ids[i], 1};
            g_hash_table_insert(counts, GUINT_TO_POINTER(ids[i]), GUINT_TO_POINTER(weights->len));
            g_array_append_val(weights, weight);
        }
    }
    for (guint i = 0; i < weights->len; i++) { /* count -> 1 + ln(count) */
        DjSemanticWeight *weight = &g_array_index(weights, DjSemanticWeight, i);
        weight->weight = dj_semantic_get_log_tf(model->semantic, weight->weight);
    }
    dj_semantic_embed(model->semantic, (const DjSemanticWeight *)(gpointer)weights->data, weights->len, out);
}
