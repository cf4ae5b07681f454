/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/jobs.h"

#include <stdio.h>

static gboolean anything_to_learn(DjSession *session, GError **error)
{
    static const DjTable tables[] = {DJ_TABLE_PATENT, DJ_TABLE_NEED, DJ_TABLE_TEXT};
    gint64 sum = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        gint64 count = 0;
        if (!dj_store_count(session->workspace->store, tables[i], DJ_POINT_NOW, &count, error))
            return FALSE;
        sum += count;
    }
    if (sum > 0)
        return TRUE;
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                "there is nothing to learn from: no patent, need or text was imported yet (`duijie import`)");
    return FALSE;
}

gboolean dj_job_train(DjSession *session, int threads, char **model, GError **error)
{
    if (!anything_to_learn(session, error))
        return FALSE;
    DjTrainOptions options = {
        .scoring = session->settings->scoring,
        .word_vectors = session->settings->word_vectors,
        .semantic = session->settings->semantic,
        .now = session->app->now,
        .progress = dj_progress_tell,
        .progress_user = session->app->progress,
    };
    options.semantic.n_threads = dj_session_threads(session, threads);
    DjTrainResult result = {0};
    if (!dj_train(session->workspace->store, &options, &result, error))
        return FALSE;
    dj_progress_end_phase(session->app->progress);
    printf("learned from %" G_GINT64_FORMAT " patents and achievements, %" G_GINT64_FORMAT
           " needs and %" G_GINT64_FORMAT " texts",
           result.n_docs, result.n_needs, result.n_texts);
    if (options.word_vectors)
        printf(": %u words with vectors", result.words.n_words);
    printf("\n");
    if (result.words.n_texts_left_out > 0)
        printf("note: %u texts were left out of the word vectors (setting train.max_occurrences)\n",
               result.words.n_texts_left_out);
    if (result.words.n_halvings > 0)
        printf("note: the vocabulary was halved %u times (setting train.max_pairs)\n", result.words.n_halvings);
    printf("model %.12s%s\n", result.model, result.unchanged ? " (the same as before)" : "");
    *model = result.model;
    return TRUE;
}
