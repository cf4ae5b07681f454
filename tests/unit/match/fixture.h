/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small workspace in a temporary folder, filled with made-up records, trained and built: the ground that the tests of
 * match stand on. */
#pragma once
#include "engine/match/match.h"
#include "engine/store/store.h"
#include "indexer/build.h"
#include "indexer/train.h"

typedef struct {
    char *folder;
    DjStore *store;
    DjTaxonomy *taxonomy;
    DjLexicon *lexicon; /* NULL unless a test sets one before building */
    DjModel *model;
    DjCorpus *corpus;
    DjRecordSource records;
    DjMatchOptions options;
} Ground;

/* n_patents and n_needs of random Han text over `vocabulary` characters in n_chains chains. */
void ground_make(Ground *ground, guint n_patents, guint n_needs, guint n_chains, guint vocabulary, guint32 seed);
void ground_free(Ground *ground);
/* Stores one more record; key is made from it. */
void ground_put(Ground *ground, DjRecord *record);
/* Builds again (and trains when there is no model). */
void ground_build(Ground *ground, DjBuildResult *result);
