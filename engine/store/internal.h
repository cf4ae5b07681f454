/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the .c files of engine/store; not for anybody else. */
#pragma once
#include "engine/store/hash.h"
#include "engine/store/store.h"
#include <sqlite3.h>

#define HASH_BYTES DJ_HASH_BYTES

/* Statements that are prepared once per handle; the texts are in store.c in the same order. */
typedef enum {
    STMT_BEGIN,
    STMT_COMMIT,
    STMT_ROLLBACK,
    STMT_FIND_RECORD,
    STMT_ANY_RECORD,
    STMT_ROW_HASHES,
    STMT_ADD_RECORD,
    STMT_SET_CURRENT,
    STMT_SET_ROW_HASH,
    STMT_NEXT_RECORD,
    STMT_NEXT_VERSION,
    STMT_ADD_VERSION,
    STMT_GET_VERSION,
    STMT_ADD_ALIAS,
    STMT_DROP_ALIASES,
    STMT_STAGE_FIND,
    STMT_STAGE_ADD,
    STMT_STAGE_ADD_ALIAS,
    STMT_ALIASES,
    STMT_STAGE_ALIASES,
    STMT_KEY_OF_RECORD,
    N_STMTS
} StmtId;

struct DjStore {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *stmts[N_STMTS];
    gint64 next_version; /* number of the next version while a write transaction is open, 0 = not known */
};

/* Always FALSE, so that callers can write `return dj_store_fail(...)`. doing: what was being done, in English. */
gboolean dj_store_fail(DjStore *store, GError **error, const char *doing);
gboolean dj_store_exec(DjStore *store, const char *sql, GError **error, const char *doing);
gboolean dj_store_read_pragma(DjStore *store, const char *sql, gint64 *out, GError **error);
/* A statement of the handle's own, reset and without bindings; NULL with error. Not to be finalised. */
sqlite3_stmt *dj_store_stmt(DjStore *store, StmtId id, GError **error);
/* A statement of the caller's; finalise it. */
sqlite3_stmt *dj_store_prepare(DjStore *store, const char *sql, GError **error, const char *doing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* The row of `record` for a key. */
typedef struct {
    gint64 id, current;       /* id 0 = there is none */
    guint8 hash[HASH_BYTES];  /* of the current version's fields */
    guint8 input[HASH_BYTES]; /* of the last values merged; equal to hash where they were the whole record */
    gboolean has_row_hash;
    guint8 row_hash[HASH_BYTES]; /* of the last row that was merged or brought nothing, as it stands in its file */
} RecordRow;
/* out is all zero where there is none. */
gboolean dj_store_find_record(DjStore *store, DjTable table, const char *key, RecordRow *out, GError **error);

/* Reads version `id`, or the newest one before it that point may see. *found FALSE when there is none. The fields are
 * parsed into record when it is not NULL. */
typedef struct {
    gint64 id, previous, batch, row;
} VersionRow;
gboolean dj_store_read_version(DjStore *store, gint64 id, gint64 point, VersionRow *out, DjRecord *record,
                               gboolean *found, GError **error);

/* Adds a version to the record of old (id 0: adds the record too) and makes it current. */
typedef struct {
    gint64 batch, row;
    const char *json;
    gsize length;
    const guint8 *hash, *input;
    const guint8 *row_hash; /* NULL: none */
} NewVersion;
gboolean dj_store_write_version(DjStore *store, const DjRecord *record, const RecordRow *old, const NewVersion *v,
                                DjPutResult *result, GError **error);

/* dj_store_merge that keeps the hash of the source row as well (NULL: none). */
gboolean dj_store_merge_row(DjStore *store, gint64 batch, const DjRecord *change, gint64 row, const guint8 *row_hash,
                            DjPutResult *result, GError **error);

/* Overlays change on record: what change has replaces, DJ_STORE_ERASE removes, what it lacks stays. */
void dj_store_overlay(DjRecord *record, const DjRecord *change);

/* Names and codes by which an enterprise is found, as kept in the alias table. */
typedef gboolean (*AliasVisit)(const char *text, const char *code, gpointer user, GError **error);
gboolean dj_store_each_alias(const DjRecord *enterprise, AliasVisit add, gpointer user, GError **error);
/* What most of those who are visited need to know. */
typedef struct {
    DjStore *store;
    gint64 record;
} AliasOwner;
