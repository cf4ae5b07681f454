/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stage (暂存): the rows of one import, collected in temporary tables on disk until the whole file was read.
 *
 * Nothing of a file that turns out to be broken half-way reaches the facts; a later row of a file wins over an earlier
 * one with the same key, in the first import and in every repetition; a dry run is an import that stops before apply.
 * Memory does not grow with the number of rows. A stage is used by one thread at a time, as its store is; one per
 * store. The store may be open for reading only, as long as dj_stage_apply is not called. */
#pragma once
#include "engine/store/store.h"

typedef struct DjStage DjStage;

DjStage *dj_stage_new(DjStore *store, GError **error);
void dj_stage_free(DjStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjStage, dj_stage_free)

typedef enum {
    DJ_STAGE_UNCHANGED, /* brings nothing that the store does not have */
    DJ_STAGE_NEW,       /* first row of an unknown key */
    DJ_STAGE_CHANGE,    /* first row that changes a stored record */
    DJ_STAGE_AGAIN      /* an earlier row of this stage has the key: merged over it */
} DjStageResult;

/* Takes a row: values to merge over the stored record (see dj_store_merge), change->key is set. row_hash
 * (DJ_HASH_BYTES) is of the row as it stands in its file and of all else that change and its key follow from; NULL:
 * more decides than that, the row is not to be recognised later. earlier (may be NULL) receives the row number of the
 * earlier row where the result is DJ_STAGE_AGAIN. */
gboolean dj_stage_add(DjStage *stage, const DjRecord *change, gint64 row, const guint8 *row_hash, DjStageResult *result,
                      gint64 *earlier, GError **error);

/* The record with a key as it would be stored by now. Replaces the fields of record. */
gboolean dj_stage_get(DjStage *stage, DjTable table, const char *key, DjRecord *record, gboolean *found,
                      GError **error);

/* From now on rows of this table are recognised by their hash, those of one table at a time. */
gboolean dj_stage_recall(DjStage *stage, DjTable table, GError **error);
/* The stored record that a row with this hash was the last to be merged into, 0 = none that is known of. From any
 * thread between dj_stage_recall and dj_stage_seal. */
gint64 dj_stage_find_row(DjStage *stage, const guint8 *row_hash);
/* Takes a row that was found so, in its place among the others: it brings nothing that its record does not have. *taken
 * FALSE: an earlier row of this stage has another say, so it must be added. */
gboolean dj_stage_pass_row(DjStage *stage, gint64 record, gboolean *taken, GError **error);

/* After dj_stage_seal. Rows that brought nothing and were not known by their hash are, the next time. Writes no fact
 * and needs no batch. */
gboolean dj_stage_write_rows(DjStage *stage, GError **error);

/* Enterprises, stored or staged, that a credit code or name stands for (either may be NULL). A code decides where it
 * is known; else the name does, among the enterprises whose code is unknown or the same. *n_found: 0 none, 1 with *key
 * set (free it), more: the name is ambiguous. */
gboolean dj_stage_find_enterprise(DjStage *stage, const char *code, const char *name, char **key, guint *n_found,
                                  GError **error);

/* Ends the reading of the store, to be called before anything is written with its handle: until then the handle sees
 * the store as it was at the first row, and SQLite would refuse to write after somebody else did. */
gboolean dj_stage_seal(DjStage *stage, GError **error);

/* How many records of a table would be added and changed. */
void dj_stage_count(const DjStage *stage, DjTable table, gint64 *added, gint64 *changed);

typedef void (*DjStageProgress)(gint64 done, gint64 total, gpointer user);
/* After dj_stage_seal. Merges everything into the facts, in the order of the rows, in transactions of a few thousand
 * rows. After a crash in between, the same import repeated completes it. */
gboolean dj_stage_apply(DjStage *stage, gint64 batch, DjStageProgress progress, gpointer user, GError **error);
