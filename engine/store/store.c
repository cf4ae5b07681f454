/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, errors, transactions and batches. WAL lets readers go on while an import commits; imports commit without
 * waiting for the disk (a crash then loses whole batches of rows, never consistency) and the end of a batch waits. */
#include "engine/store/internal.h"
#include "engine/store/schema.h"
#include "engine/store/seal.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK(dj - store - error - quark, dj_store_error)

enum { BUSY_TIMEOUT_MS = 30000 };

static const char *const stmt_sql[N_STMTS] = {
    [STMT_BEGIN] = "BEGIN IMMEDIATE",
    [STMT_COMMIT] = "COMMIT",
    [STMT_ROLLBACK] = "ROLLBACK",
    [STMT_FIND_RECORD] = "SELECT id, current, hash, input, row_hash FROM main.record WHERE tab = ?1 AND key = ?2",
    [STMT_ANY_RECORD] = "SELECT 1 FROM main.record WHERE tab = ?1 LIMIT 1",
    [STMT_ROW_HASHES] = "SELECT id, tab, row_hash FROM main.record WHERE id > ?1 ORDER BY id LIMIT ?2",
    [STMT_ADD_RECORD] = "INSERT INTO main.record (tab, key, current, hash, input, row_hash, seal)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, seal(?1, ?2, ?3, ?4, ?5, ?6))",
    [STMT_SET_CURRENT] = "UPDATE main.record SET current = ?2, hash = ?3, input = ?4, row_hash = ?5,"
                         " seal = seal(tab, key, ?2, ?3, ?4, ?5) WHERE id = ?1",
    [STMT_SET_ROW_HASH] = "UPDATE main.record SET row_hash = ?3, seal = seal(tab, key, current, hash, input, ?3)"
                          " WHERE id = ?1 AND current = ?2",
    [STMT_NEXT_RECORD] = "SELECT coalesce(max(id), 0) + 1 FROM main.record",
    [STMT_NEXT_VERSION] = "SELECT coalesce(max(id), 0) + 1 FROM main.version",
    [STMT_ADD_VERSION] = "INSERT INTO main.version (record, previous, batch, row, hash, fields, seal)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, seal(?1, ?2, ?3, ?4, ?5))",
    [STMT_GET_VERSION] = "SELECT record, previous, batch, row, fields FROM main.version WHERE id = ?1",
    [STMT_ADD_ALIAS] = "INSERT OR IGNORE INTO main.alias (text, record, code) VALUES (?1, ?2, ?3)",
    [STMT_DROP_ALIASES] = "DELETE FROM main.alias WHERE record = ?1",
    [STMT_STAGE_FIND] = "SELECT place FROM temp.stage WHERE hash = ?1",
    [STMT_STAGE_ADD] = "INSERT INTO temp.stage (hash, place) VALUES (?1, ?2)",
    [STMT_STAGE_ADD_ALIAS] = "INSERT OR IGNORE INTO temp.stage_alias (text, key, code) VALUES (?1, ?2, ?3)",
    [STMT_ALIASES] = "SELECT r.key, a.code FROM main.alias a JOIN main.record r ON r.id = a.record WHERE a.text = ?1",
    [STMT_STAGE_ALIASES] =
        "SELECT r.key, a.code FROM main.alias a JOIN main.record r ON r.id = a.record WHERE a.text = ?1"
        " UNION SELECT key, code FROM temp.stage_alias WHERE text = ?1 ORDER BY 1, 2 DESC",
    [STMT_KEY_OF_RECORD] = "SELECT tab, key FROM main.record WHERE id = ?1",
};

/* What to do about it; "" where the words of SQLite say enough. */
static const char *advice(int code)
{
    switch (code & 0xff) {
    case SQLITE_READONLY:
        return ": may you write to it and to its folder? (if not, work on a copy)";
    case SQLITE_CANTOPEN:
        return ": is its folder still there, and may you write to it? (if not, work on a copy)";
    case SQLITE_FULL:
        return ": make room and repeat the command";
    default:
        return "";
    }
}

gboolean dj_store_fail(DjStore *store, GError **error, const char *doing)
{
    int code = sqlite3_errcode(store->db);
    DjStoreError kind = DJ_STORE_ERROR_IO;
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        kind = DJ_STORE_ERROR_BUSY;
    else if (code == SQLITE_NOTADB)
        kind = DJ_STORE_ERROR_OPEN;
    else if ((code & 0xff) == SQLITE_CORRUPT)
        kind = DJ_STORE_ERROR_DAMAGED;
    g_set_error(error, DJ_STORE_ERROR, kind, "store %s: %s: %s%s", store->path, doing, sqlite3_errmsg(store->db),
                advice(code));
    return FALSE;
}

gboolean dj_store_exec(DjStore *store, const char *sql, GError **error, const char *doing)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || dj_store_fail(store, error, doing);
}

sqlite3_stmt *dj_store_stmt(DjStore *store, StmtId id, GError **error)
{
    sqlite3_stmt **stmt = &store->stmts[id];
    if (!*stmt && sqlite3_prepare_v3(store->db, stmt_sql[id], -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL) != SQLITE_OK) {
        dj_store_fail(store, error, "preparing a statement");
        return NULL;
    }
    sqlite3_reset(*stmt);
    sqlite3_clear_bindings(*stmt);
    return *stmt;
}

sqlite3_stmt *dj_store_prepare(DjStore *store, const char *sql, GError **error, const char *doing)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        dj_store_fail(store, error, doing);
    return stmt;
}

/* ---- opening ---- */

gboolean dj_store_read_pragma(DjStore *store, const char *sql, gint64 *out, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(store, sql, error, "opening");
    if (!stmt)
        return FALSE;
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return dj_store_fail(store, error, "opening");
    *out = sqlite3_column_int64(stmt, 0);
    return TRUE;
}

static gboolean check_identity(DjStore *store, DjStoreMode mode, GError **error)
{
    gint64 application = 0, version = 0;
    if (!dj_store_read_pragma(store, "PRAGMA application_id", &application, error) ||
        !dj_store_version(store, &version, error))
        return FALSE;
    if (application != DJ_STORE_APPLICATION_ID || version < 1) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_OPEN, "store %s: not a duijie store", store->path);
        return FALSE;
    }
    if (version > DJ_STORE_SCHEMA_VERSION) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_NEWER,
                    "store %s: written by a newer duijie (tables of version %" G_GINT64_FORMAT
                    ", this program knows %d); nothing was"
                    " touched, use that duijie or a later one",
                    store->path, version, DJ_STORE_SCHEMA_VERSION);
        return FALSE;
    }
    if (version < DJ_STORE_SCHEMA_VERSION && mode != DJ_STORE_UPGRADE) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_OLDER,
                    "store %s: written by an older duijie (tables of version %" G_GINT64_FORMAT
                    ", now %d); `duijie upgrade` brings it"
                    " up to date and keeps a copy of what was there",
                    store->path, version, DJ_STORE_SCHEMA_VERSION);
        return FALSE;
    }
    return TRUE;
}

static gboolean create_schema(DjStore *store, GError **error)
{
    g_autofree char *stamp = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                             DJ_STORE_APPLICATION_ID, DJ_STORE_SCHEMA_VERSION);
    return dj_store_exec(store, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; BEGIN;", error, "creating") &&
           dj_store_exec(store, dj_store_schema, error, "creating the schema") &&
           dj_store_exec(store, dj_seal_tables, error, "creating the schema") &&
           dj_store_exec(store, stamp, error, "creating") && dj_store_exec(store, "COMMIT", error, "creating");
}

/* Creates the empty file; EEXIST is how "fails when it exists" holds even when two do it at once. */
static gboolean claim_file(const char *path, GError **error)
{
    int fd = g_open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
    if (fd < 0) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_OPEN, "store %s: cannot create: %s", path, g_strerror(errno));
        return FALSE;
    }
    close(fd);
    return TRUE;
}

DjStore *dj_store_open(const char *path, DjStoreMode mode, GError **error)
{
    if (mode == DJ_STORE_CREATE && !claim_file(path, error))
        return NULL;
    g_autoptr(DjStore) store = g_new0(DjStore, 1);
    store->path = g_strdup(path);
    int flags = (mode == DJ_STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_OPEN, "store %s: %s%s", path,
                    store->db ? sqlite3_errmsg(store->db) : "out of memory",
                    store->db ? advice(sqlite3_errcode(store->db)) : "");
        return NULL;
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    if (dj_seal_register(store->db) != SQLITE_OK) {
        dj_store_fail(store, error, "opening");
        return NULL;
    }
    if (mode == DJ_STORE_CREATE && !create_schema(store, error)) {
        g_unlink(path);
        return NULL;
    }
    if (!check_identity(store, mode, error))
        return NULL;
    if (!dj_store_exec(store,
                       "PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA synchronous = FULL;"
                       "PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864;",
                       error, "opening"))
        return NULL;
    return g_steal_pointer(&store);
}

void dj_store_close(DjStore *store)
{
    if (!store)
        return;
    for (int i = 0; i < N_STMTS; i++)
        sqlite3_finalize(store->stmts[i]);
    sqlite3_close_v2(store->db);
    g_free(store->path);
    g_free(store);
}

gboolean dj_store_limit_cache(DjStore *store, int kib, GError **error)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA cache_size = -%d", kib);
    return dj_store_exec(store, sql, error, "opening");
}

/* ---- transactions ---- */

static gboolean run_stmt(DjStore *store, StmtId id, const char *doing, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, id, error);
    if (!stmt)
        return FALSE;
    int rc = sqlite3_step(stmt);
    if (rc != SQLITE_DONE)
        return dj_store_fail(store, error, doing);
    sqlite3_reset(stmt);
    return TRUE;
}

gboolean dj_store_begin(DjStore *store, GError **error)
{
    store->next_version = 0;
    return dj_store_exec(store, "PRAGMA synchronous = NORMAL", error, "beginning a transaction") &&
           run_stmt(store, STMT_BEGIN, "beginning a transaction", error);
}

/* What is written to a file that has no name any more is lost with the process. */
static gboolean check_in_place(DjStore *store, GError **error)
{
    int moved = 0;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || !moved)
        return TRUE;
    g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO,
                "store %s: it was moved or removed meanwhile: put it back and repeat the command", store->path);
    return FALSE;
}

gboolean dj_store_commit(DjStore *store, GError **error)
{
    store->next_version = 0;
    if (!check_in_place(store, error)) {
        dj_store_rollback(store);
        return FALSE;
    }
    if (!run_stmt(store, STMT_COMMIT, "committing", error)) {
        dj_store_rollback(store);
        return FALSE;
    }
    return dj_store_exec(store, "PRAGMA synchronous = FULL", error, "committing");
}

void dj_store_rollback(DjStore *store)
{
    store->next_version = 0;
    if (!sqlite3_get_autocommit(store->db))
        run_stmt(store, STMT_ROLLBACK, "rolling back", NULL);
    dj_store_exec(store, "PRAGMA synchronous = FULL", NULL, "rolling back");
}

/* ---- batches ---- */

static gboolean find_unfinished(DjStore *store, const DjBatchInfo *info, gint64 *batch, GError **error)
{
    /* Only the newest batch is taken up again: behind a later one its numbers would no longer order the history. */
    g_autoptr(sqlite3_stmt) find = dj_store_prepare(store,
                                                    "SELECT id FROM batch WHERE id = (SELECT max(id) FROM batch)"
                                                    " AND NOT finished AND command = ?1 AND source_hash = ?2",
                                                    error, "looking for an unfinished batch");
    if (!find)
        return FALSE;
    sqlite3_bind_text(find, 1, info->command, -1, SQLITE_STATIC);
    sqlite3_bind_text(find, 2, info->source_hash, -1, SQLITE_STATIC);
    int rc = sqlite3_step(find);
    *batch = rc == SQLITE_ROW ? sqlite3_column_int64(find, 0) : 0;
    return rc == SQLITE_ROW || rc == SQLITE_DONE || dj_store_fail(store, error, "looking for an unfinished batch");
}

gboolean dj_store_find_unfinished_batch(DjStore *store, const DjBatchInfo *info, DjTable table, gint64 *batch,
                                        gint64 *added, gint64 *changed, GError **error)
{
    *added = *changed = 0;
    if (!find_unfinished(store, info, batch, error))
        return FALSE;
    if (*batch == 0)
        return TRUE;
    g_autoptr(sqlite3_stmt) counts = dj_store_prepare(
        store,
        "SELECT count(*) FILTER (WHERE v.previous IS NULL), count(*) FILTER (WHERE v.previous IS NOT NULL)"
        " FROM version v JOIN record r ON r.id = v.record WHERE v.batch = ?1 AND r.tab = ?2",
        error, "counting an unfinished batch");
    if (!counts)
        return FALSE;
    sqlite3_bind_int64(counts, 1, *batch);
    sqlite3_bind_int(counts, 2, (int)table);
    if (sqlite3_step(counts) != SQLITE_ROW)
        return dj_store_fail(store, error, "counting an unfinished batch");
    *added = sqlite3_column_int64(counts, 0);
    *changed = sqlite3_column_int64(counts, 1);
    return TRUE;
}

gboolean dj_store_has_unfinished_batch(DjStore *store, gboolean *found, GError **error)
{
    gint64 n = 0;
    gboolean ok = dj_store_read_pragma(
        store, "SELECT count(*) FROM batch WHERE id = (SELECT max(id) FROM batch) AND NOT finished", &n, error);
    *found = n > 0;
    return ok;
}

gboolean dj_store_begin_batch(DjStore *store, const DjBatchInfo *info, gint64 *batch, GError **error)
{
    if (!find_unfinished(store, info, batch, error))
        return FALSE;
    if (*batch > 0)
        return TRUE;
    g_autoptr(sqlite3_stmt) add =
        dj_store_prepare(store,
                         "INSERT INTO batch (command, source, source_hash, recorded_at, seal)"
                         " VALUES (?1, ?2, ?3, ?4, seal(?1, ?2, ?3, ?4, 0, NULL, NULL, NULL, NULL))",
                         error, "beginning a batch");
    if (!add)
        return FALSE;
    sqlite3_bind_text(add, 1, info->command, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 2, info->source, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 3, info->source_hash, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 4, info->recorded_at, -1, SQLITE_STATIC);
    if (sqlite3_step(add) != SQLITE_DONE)
        return dj_store_fail(store, error, "beginning a batch");
    *batch = sqlite3_last_insert_rowid(store->db);
    return TRUE;
}

gboolean dj_store_end_batch(DjStore *store, gint64 batch, gint64 imported, gint64 updated, gint64 unchanged,
                            gint64 rejected, GError **error)
{
    g_autoptr(sqlite3_stmt) drop = dj_store_prepare(
        store, "DELETE FROM batch WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM version WHERE batch = ?1)", error,
        "ending a batch");
    g_autoptr(sqlite3_stmt) finish =
        dj_store_prepare(store,
                         "UPDATE batch SET finished = 1, imported = ?2, updated = ?3, unchanged = ?4, rejected = ?5,"
                         " seal = seal(command, source, source_hash, recorded_at, 1, ?2, ?3, ?4, ?5) WHERE id = ?1",
                         error, "ending a batch");
    if (!drop || !finish)
        return FALSE;
    sqlite3_bind_int64(drop, 1, batch);
    if (sqlite3_step(drop) != SQLITE_DONE)
        return dj_store_fail(store, error, "ending a batch");
    if (sqlite3_changes(store->db) > 0)
        return TRUE;
    const gint64 values[] = {batch, imported, updated, unchanged, rejected};
    for (int i = 0; i < (int)G_N_ELEMENTS(values); i++)
        sqlite3_bind_int64(finish, i + 1, values[i]);
    return sqlite3_step(finish) == SQLITE_DONE || dj_store_fail(store, error, "ending a batch");
}

static gboolean read_point(DjStore *store, const char *sql, const char *text, gint64 *point, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(store, sql, error, "reading the history");
    if (!stmt)
        return FALSE;
    if (text)
        sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return dj_store_fail(store, error, "reading the history");
    *point = sqlite3_column_int64(stmt, 0);
    return TRUE;
}

gboolean dj_store_point_at(DjStore *store, const char *as_of, gint64 *point, GError **error)
{
    g_autofree char *end_of_day = strlen(as_of) == 10 ? g_strconcat(as_of, "T23:59:59", NULL) : g_strdup(as_of);
    return read_point(store,
                      "SELECT coalesce(max(id), 0) FROM batch WHERE finished AND id <"
                      " coalesce((SELECT min(id) FROM batch WHERE recorded_at > ?1), 9223372036854775807)",
                      end_of_day, point, error);
}

gboolean dj_store_point_now(DjStore *store, gint64 *point, GError **error)
{
    return read_point(store, "SELECT coalesce(max(id), 0) FROM batch WHERE finished", NULL, point, error);
}

const char *dj_store_library_version(void)
{
    return sqlite3_libversion();
}
