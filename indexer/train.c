/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the records feeds both parts of the model: the lexical statistics and the word vectors. */
#include "indexer/train.h"
#include <gio/gio.h>

#define REPORT_EVERY 512 /* records between progress calls */

typedef struct {
    const DjTrainOptions *options;
    DjTrainResult *result;
    DjDocument *document;
    DjAnalyzer *analyzer;
    DjModelBuilder *builder;
    DjSemanticTrainer *trainer; /* NULL: lexical only */
    GArray *words;              /* DjSemanticWord of one need or text */
    GString *arena;             /* their bytes */
    guint64 done, total;
    GError *error;
} Pass;

static gboolean cancelled(GError **error)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    return FALSE;
}

static gboolean report(Pass *pass, const char *phase)
{
    pass->done++;
    if (pass->options->progress && pass->done % REPORT_EVERY == 0 &&
        !pass->options->progress(phase, pass->done, pass->total, pass->options->progress_user))
        return cancelled(&pass->error);
    return TRUE;
}

static gboolean learn_supply(const DjRecord *record, gpointer user)
{
    Pass *pass = user;
    dj_document_fill(pass->document, record, &pass->options->scoring);
    dj_model_builder_add_doc(pass->builder, pass->document);
    pass->result->n_docs++;
    if (pass->trainer) {
        gsize n;
        const DjTerm *words = dj_document_words(pass->document, &n);
        g_array_set_size(pass->words, 0);
        for (gsize i = 0; i < n; i++) {
            DjSemanticWord word = {words[i].bytes, words[i].length};
            g_array_append_val(pass->words, word);
        }
        if (!dj_semantic_trainer_add(pass->trainer, DJ_SEMANTIC_SUPPLY,
                                     (const DjSemanticWord *)(gpointer)pass->words->data, pass->words->len,
                                     &pass->error))
            return FALSE;
    }
    return report(pass, "read patents");
}

/* Words of several texts, one after the other. */
static gboolean learn_words(Pass *pass, DjSemanticRole role, const char *const *texts, gsize n_texts)
{
    if (!pass->trainer)
        return TRUE;
    g_array_set_size(pass->words, 0);
    g_string_truncate(pass->arena, 0);
    for (gsize t = 0; t < n_texts; t++) {
        gsize n;
        const DjTerm *terms = dj_analyzer_split(pass->analyzer, texts[t], -1, DJ_UNIT_WORD, &n);
        for (gsize i = 0; i < n; i++) {
            DjSemanticWord word = {GSIZE_TO_POINTER(pass->arena->len), terms[i].length};
            g_string_append_len(pass->arena, terms[i].bytes, terms[i].length);
            g_array_append_val(pass->words, word);
        }
    }
    for (guint i = 0; i < pass->words->len; i++) { /* the arena has stopped moving */
        DjSemanticWord *word = &g_array_index(pass->words, DjSemanticWord, i);
        word->bytes = pass->arena->str + GPOINTER_TO_SIZE(word->bytes);
    }
    return dj_semantic_trainer_add(pass->trainer, role, (const DjSemanticWord *)(gpointer)pass->words->data,
                                   pass->words->len, &pass->error);
}

static gboolean learn_need(const DjRecord *record, gpointer user)
{
    Pass *pass = user;
    DjNeedText need[DJ_NEED_MAX_TEXTS];
    const char *texts[DJ_NEED_MAX_TEXTS];
    gsize n = dj_need_texts(record, need);
    for (gsize i = 0; i < n; i++)
        texts[i] = need[i].text;
    dj_model_builder_add_need(pass->builder, pass->analyzer, texts, n);
    pass->result->n_needs++;
    return learn_words(pass, DJ_SEMANTIC_NEED, texts, n) && report(pass, "read needs");
}

static gboolean learn_text(const DjRecord *record, gpointer user)
{
    Pass *pass = user;
    const char *texts[2];
    gsize n = 0;
    if (dj_record_get(record, DJ_TEXT_TITLE))
        texts[n++] = dj_record_get(record, DJ_TEXT_TITLE);
    if (dj_record_get(record, DJ_TEXT_BODY))
        texts[n++] = dj_record_get(record, DJ_TEXT_BODY);
    gboolean need = g_strcmp0(dj_record_get(record, DJ_TEXT_ROLE), "need") == 0;
    if (need)
        dj_model_builder_add_need(pass->builder, pass->analyzer, texts, n);
    pass->result->n_texts++;
    return learn_words(pass, need ? DJ_SEMANTIC_NEED : DJ_SEMANTIC_OTHER, texts, n) && report(pass, "read texts");
}

/* Stage progress of the word vectors, in thousandths. */
static gboolean report_semantic(gpointer user, const char *stage, double done)
{
    const Pass *pass = user;
    return !pass->options->progress ||
           pass->options->progress(stage, (guint64)(done * 1000.0), 1000, pass->options->progress_user);
}

static gboolean read_all(Pass *pass, DjStore *store, GError **error)
{
    static const struct {
        DjTable table;
        DjStoreVisit visit;
    } steps[] = {{DJ_TABLE_PATENT, learn_supply}, {DJ_TABLE_NEED, learn_need}, {DJ_TABLE_TEXT, learn_text}};
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        gint64 count;
        if (!dj_store_count(store, steps[i].table, DJ_POINT_NOW, &count, error))
            return FALSE;
        pass->done = 0;
        pass->total = (guint64)count;
        if (!dj_store_each(store, steps[i].table, DJ_POINT_NOW, steps[i].visit, pass, error))
            return FALSE;
        if (pass->error) {
            g_propagate_error(error, g_steal_pointer(&pass->error));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean finish(Pass *pass, DjStore *store, DjTrainResult *result, GError **error)
{
    g_autoptr(DjSemanticModel) semantic = NULL;
    if (pass->trainer) {
        semantic = dj_semantic_trainer_finish(pass->trainer, &result->words, error);
        if (!semantic)
            return FALSE;
    }
    g_autoptr(GBytes) bytes = dj_model_builder_finish(pass->builder, semantic, error);
    if (!bytes)
        return FALSE;
    g_autoptr(GError) ignored = NULL;
    g_autofree char *before = dj_store_latest_blob(store, "model", &ignored);
    if (!dj_store_put_blob(store, "model", bytes, pass->options->now, &result->model, error))
        return FALSE;
    result->unchanged = g_strcmp0(before, result->model) == 0;
    return TRUE;
}

gboolean dj_train(DjStore *store, const DjTrainOptions *options, DjTrainResult *result, GError **error)
{
    *result = (DjTrainResult){0};
    Pass pass = {.options = options, .result = result};
    pass.document = dj_document_new(error);
    pass.analyzer = pass.document ? dj_analyzer_new(error) : NULL;
    gboolean ok = pass.analyzer != NULL;
    if (ok) {
        pass.builder = dj_model_builder_new(&options->scoring);
        pass.words = g_array_new(FALSE, FALSE, sizeof(DjSemanticWord));
        pass.arena = g_string_new(NULL);
        if (options->word_vectors) {
            DjSemanticOptions semantic = options->semantic;
            semantic.progress = report_semantic;
            semantic.progress_data = &pass;
            pass.trainer = dj_semantic_trainer_new(&semantic);
        }
        ok = read_all(&pass, store, error) && finish(&pass, store, result, error);
        g_array_unref(pass.words);
        g_string_free(pass.arena, TRUE);
    }
    dj_semantic_trainer_free(pass.trainer);
    dj_model_builder_free(pass.builder);
    dj_analyzer_free(pass.analyzer);
    dj_document_free(pass.document);
    return ok;
}
