/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: one SQLite file, the only truth of a workspace. Facts are dated and never overwritten: an update adds a
 * version, so that a past month can be run again. What can be rebuilt from facts (generations) is only named here.
 *
 * A handle belongs to one thread; open one per thread. Write calls take SQLite's write lock only for one short
 * transaction. Strings returned in structs live until the struct is cleared or the callback returns, as said below. */
#pragma once
#include "engine/model/record.h"

typedef struct DjStore DjStore;

#define DJ_STORE_ERROR (dj_store_error_quark())
GQuark dj_store_error_quark(void);
typedef enum {
    DJ_STORE_ERROR_OPEN,      /* no such file, or it is not a duijie store */
    DJ_STORE_ERROR_NEWER,     /* written by a newer duijie */
    DJ_STORE_ERROR_OLDER,     /* written by an older duijie: dj_store_upgrade */
    DJ_STORE_ERROR_BUSY,      /* locked by another process longer than the busy timeout */
    DJ_STORE_ERROR_DAMAGED,   /* integrity check failed */
    DJ_STORE_ERROR_AMBIGUOUS, /* a key prefix that several records have */
    DJ_STORE_ERROR_EXISTS,    /* a name that is taken */
    DJ_STORE_ERROR_IO         /* any other SQLite error, with its message */
} DjStoreError;

typedef enum { DJ_STORE_READ, DJ_STORE_WRITE, DJ_STORE_CREATE, DJ_STORE_UPGRADE } DjStoreMode;

/* Opens duijie.db at path. CREATE makes the file and the schema and fails when it exists. UPGRADE is WRITE that takes
 * stores of older versions too, for dj_store_upgrade and dj_store_snapshot alone. */
DjStore *dj_store_open(const char *path, DjStoreMode mode, GError **error);
void dj_store_close(DjStore *store);
/* Pages that are kept in memory at most: 16 MiB unless told, much for a server that holds many stores open for long. */
gboolean dj_store_limit_cache(DjStore *store, int kib, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjStore, dj_store_close)

/* Full integrity check of SQLite and of our own rules (every version parses, hashes agree, current pointers hold).
 * Calls problem(text) for each finding; TRUE when there was none. */
gboolean dj_store_check(DjStore *store, void (*problem)(const char *text, gpointer user), gpointer user,
                        GError **error);

/* Version of the tables in the file, 1, 2, 3 … */
gboolean dj_store_version(DjStore *store, gint64 *version, GError **error);
/* Brings the tables of an older store up to date, in one transaction; nothing to do is fine. */
gboolean dj_store_upgrade(DjStore *store, GError **error);

/* Copies the store as it is now into a new file at path, synced; others may write meanwhile. The file must not exist;
 * a failed or cancelled copy is removed. progress may be NULL; FALSE from it ends with G_IO_ERROR_CANCELLED. */
typedef gboolean (*DjStoreProgress)(guint64 done, guint64 total, gpointer user);
gboolean dj_store_snapshot(DjStore *store, const char *path, DjStoreProgress progress, gpointer user, GError **error);

/* ---- batches: one import, one correction ---- */

typedef struct {
    const char *command;     /* "import needs" */
    const char *source;      /* file name as given, without folders */
    const char *source_hash; /* hash of the file and of what else decides the outcome (mapping, table) */
    const char *recorded_at; /* "YYYY-MM-DDTHH:MM:SS" Asia/Shanghai */
} DjBatchInfo;

/* Begins a batch, or takes up the unfinished one with the same command and source_hash (after a crash), so that a
 * repeated command leaves the same facts as an undisturbed one. Only the newest batch is taken up: numbers order the
 * history. */
gboolean dj_store_begin_batch(DjStore *store, const DjBatchInfo *info, gint64 *batch, GError **error);
/* The unfinished batch that dj_store_begin_batch would take up, *batch 0 = none, and how many records of a table it has
 * added and changed so far: its command ended early, maybe with nothing left to do but to end it. */
gboolean dj_store_find_unfinished_batch(DjStore *store, const DjBatchInfo *info, DjTable table, gint64 *batch,
                                        gint64 *added, gint64 *changed, GError **error);
/* Is there an unfinished batch that could be taken up at all? */
gboolean dj_store_has_unfinished_batch(DjStore *store, gboolean *found, GError **error);
/* Marks it finished and stores its counts. A batch that changed nothing is removed. */
gboolean dj_store_end_batch(DjStore *store, gint64 batch, gint64 imported, gint64 updated, gint64 unchanged,
                            gint64 rejected, GError **error);

/* Short transactions inside a batch: begin, put a few thousand records, commit. */
gboolean dj_store_begin(DjStore *store, GError **error);
gboolean dj_store_commit(DjStore *store, GError **error);
void dj_store_rollback(DjStore *store);

typedef enum { DJ_PUT_NEW, DJ_PUT_UPDATED, DJ_PUT_UNCHANGED } DjPutResult;

/* Stores a version of the record (record->key is set) unless its values equal those of the current version. What the
 * record lacks is gone from the new version. row: line or row number in the source, for history; 0 = none. */
gboolean dj_store_put(DjStore *store, gint64 batch, const DjRecord *record, gint64 row, DjPutResult *result,
                      GError **error);

/* A value that removes the stored one when it is merged; no text has it. */
#define DJ_STORE_ERASE "\030"

/* As dj_store_put, but over the current version: what change lacks stays as it is, DJ_STORE_ERASE removes. Merging the
 * same values again is recognised without reading the record. */
gboolean dj_store_merge(DjStore *store, gint64 batch, const DjRecord *change, gint64 row, DjPutResult *result,
                        GError **error);

/* ---- reading ---- */

/* Point in the history: everything recorded by batches up to and including this one. */
#define DJ_POINT_NOW G_MAXINT64
/* Last finished batch before the first one that was recorded later than the given time ("YYYY-MM-DD" means the end of
 * that day), 0 = none. So a point is always a prefix of the history, even where somebody's clock went back. */
gboolean dj_store_point_at(DjStore *store, const char *as_of, gint64 *point, GError **error);
/* Last finished batch, 0 = none. */
gboolean dj_store_point_now(DjStore *store, gint64 *point, GError **error);

/* Fills record (cleared first) with the version in force at point. *found FALSE when there was none yet. */
gboolean dj_store_get(DjStore *store, DjTable table, const char *key, gint64 point, DjRecord *record, gboolean *found,
                      GError **error);

/* Is there such a record now? */
gboolean dj_store_has(DjStore *store, DjTable table, const char *key, gboolean *found, GError **error);

/* Calls visit for each record of a table as it was at point, ascending by key (memcmp order). The record is reused
 * between calls. visit returns FALSE to stop (not an error). */
typedef gboolean (*DjStoreVisit)(const DjRecord *record, gpointer user);
gboolean dj_store_each(DjStore *store, DjTable table, gint64 point, DjStoreVisit visit, gpointer user, GError **error);

gboolean dj_store_count(DjStore *store, DjTable table, gint64 point, gint64 *count, GError **error);

/* Versions of one record, oldest first; the record holds that version's values. */
typedef struct {
    gint64 batch, row;
    const char *recorded_at, *command, *source;
} DjVersionInfo;
typedef gboolean (*DjHistoryVisit)(const DjVersionInfo *info, const DjRecord *record, gpointer user);
gboolean dj_store_history(DjStore *store, DjTable table, const char *key, DjHistoryVisit visit, gpointer user,
                          GError **error);

/* Table and exact key of the record with this key, this patent number in any spelling, or this unique beginning of a
 * key (as with commit ids); *found FALSE when none, DJ_STORE_ERROR_AMBIGUOUS that lists some when several. Free *key.
 */
gboolean dj_store_find_key(DjStore *store, const char *text, DjTable *table, char **key, gboolean *found,
                           GError **error);

/* ---- blobs by hash: models, settings bundles ---- */

/* kind: "model", "settings". Returns the sha256 as hex (free it). Storing the same bytes twice is one row. */
gboolean dj_store_put_blob(DjStore *store, const char *kind, GBytes *bytes, const char *recorded_at, char **hash,
                           GError **error);
/* NULL with error when there is none or its bytes do not have the hash. */
GBytes *dj_store_get_blob(DjStore *store, const char *kind, const char *hash, GError **error);
/* Hash of the newest blob of a kind, or NULL without error when there is none. Free it. */
char *dj_store_latest_blob(DjStore *store, const char *kind, GError **error);

/* ---- generations: published by one row ---- */

typedef struct {
    gint64 number;          /* 1, 2, 3 … */
    gint64 point;           /* facts that it holds */
    char *model, *settings; /* blob hashes */
    char *content_hash;     /* sha256 over the files that carry results (term matrix, terms) */
    char *recorded_at;
} DjGeneration;
void dj_generation_clear(DjGeneration *generation);

/* The generation in force; *found FALSE when there is none yet. */
gboolean dj_store_current_generation(DjStore *store, DjGeneration *out, gboolean *found, GError **error);
/* One transaction: adds the row and makes it current. number must be free. */
gboolean dj_store_publish_generation(DjStore *store, const DjGeneration *generation, GError **error);
/* A number that no published generation has; the folder of an unpublished one may be removed. */
gboolean dj_store_next_generation(DjStore *store, gint64 *number, GError **error);

/* Version of SQLite, for `duijie check`. */
const char *dj_store_library_version(void);
