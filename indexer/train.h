/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts -> model: learns the statistics of both sides and the word vectors, and stores them by hash. */
#pragma once
#include "engine/match/need.h"
#include "engine/semantic/train.h"
#include "engine/store/store.h"

/* Called with a phase in plain English, done and total (0 = unknown); FALSE cancels. One thread at a time. */
typedef gboolean (*DjProgress)(const char *phase, guint64 done, guint64 total, gpointer user);

typedef struct {
    DjScoring scoring;
    gboolean word_vectors;      /* FALSE: lexical channel only */
    DjSemanticOptions semantic; /* limits; its progress is set by dj_train */
    const char *now;            /* recorded_at of the model */
    DjProgress progress;
    gpointer progress_user;
} DjTrainOptions;

typedef struct {
    gint64 n_docs, n_needs, n_texts;
    DjSemanticStatistics words;
    char *model;        /* hash of the stored model; free it */
    gboolean unchanged; /* the same bytes were stored already */
} DjTrainResult;

/* Trains on everything recorded so far. An error of domain G_IO_ERROR_CANCELLED when progress said so. */
gboolean dj_train(DjStore *store, const DjTrainOptions *options, DjTrainResult *result, GError **error);
