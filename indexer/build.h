/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts + model -> generation: text -> Xapian -> compiled term matrix and vectors -> folder gen-N -> one row commit. */
#pragma once
#include "engine/match/corpus.h"
#include "engine/store/store.h"
#include "indexer/train.h"

typedef struct {
    const char *workspace; /* folder that gets gen-N */
    const DjModel *model;
    const DjTaxonomy *taxonomy;
    const char *settings_hash;
    const char *now;  /* recorded_at of the generation */
    gboolean rebuild; /* build even when nothing changed */
    guint threads;    /* analysis; 0 = 1 */
    guint flush;      /* documents between index flushes; bounds memory */
    DjProgress progress;
    gpointer progress_user;
} DjBuildOptions;

typedef struct {
    gboolean unchanged; /* facts, model and taxonomy are those of the generation in force: nothing was done */
    gint64 generation;
    guint32 n_docs, n_terms;
    guint64 n_postings;
} DjBuildResult;

gboolean dj_build(DjStore *store, const DjBuildOptions *options, DjBuildResult *result, GError **error);

/* Builds what a generation of the facts at `point` would hold into an existing empty folder, and publishes nothing: for
 * runs of a past month. The store is only read; workspace, settings_hash, now and rebuild of options are not used. The
 * folder is the caller's to remove. */
gboolean dj_build_private(DjStore *store, const DjBuildOptions *options, gint64 point, const char *folder,
                          DjBuildResult *result, GError **error);

/* Reads every file of a generation and compares it with its checksums. The error says what to do. */
gboolean dj_generation_verify(const char *folder, GError **error);

#define DJ_GENERATION_INDEX "index" /* folder of the inverted index inside a generation */

/* Folder of a generation inside the workspace; free it. */
char *dj_generation_folder(const char *workspace, gint64 number);
/* Removes folders of generations that are neither in force nor the one before, and left-overs of crashed builds.
 * Holds no generation that somebody has open (flock on its folder's `lock`). */
gboolean dj_build_clean(const char *workspace, DjStore *store, GError **error);
