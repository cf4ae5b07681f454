/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SQLite cannot know: that versions still have their hashes and parse, that chains are whole and that derived
 * tables say what the facts say. */
#include "engine/store/internal.h"
#include "engine/store/seal.h"
#include <string.h>

typedef struct {
    DjStore *store;
    void (*problem)(const char *text, gpointer user);
    gpointer user;
    gint64 n_problems;
} Check;

static void G_GNUC_PRINTF(2, 3) report(Check *check, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    check->n_problems++;
    if (check->problem)
        check->problem(text, check->user);
}

/* Runs a query whose rows are findings: what, with the text of the first column. */
static gboolean report_rows(Check *check, const char *sql, const char *what, const char *fine, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(check->store, sql, error, "checking");
    if (!stmt)
        return FALSE;
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(stmt, 0);
        if (!fine || g_strcmp0(text, fine) != 0)
            report(check, "%s: %s", what, text ? text : "?");
    }
    return rc == SQLITE_DONE || dj_store_fail(check->store, error, "checking");
}

static gboolean check_versions(Check *check, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(check->store,
                                                    "SELECT v.id, v.hash, v.fields, r.tab, r.key FROM version v"
                                                    " JOIN record r ON r.id = v.record ORDER BY v.id",
                                                    error, "checking versions");
    if (!stmt)
        return FALSE;
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char *fields = (const char *)sqlite3_column_text(stmt, 2);
        gsize length = (gsize)sqlite3_column_bytes(stmt, 2);
        const char *key = (const char *)sqlite3_column_text(stmt, 4);
        gint64 id = sqlite3_column_int64(stmt, 0);
        int table = sqlite3_column_int(stmt, 3);
        guint8 hash[HASH_BYTES];
        dj_hash(fields ? fields : "", length, hash);
        if (sqlite3_column_bytes(stmt, 1) != HASH_BYTES || memcmp(hash, sqlite3_column_blob(stmt, 1), HASH_BYTES) != 0)
            report(check, "version %" G_GINT64_FORMAT " of %s does not have its hash", id, key);
        if (table < 0 || table >= DJ_N_TABLES) {
            report(check, "record %s is in no table: %d", key, table);
            continue;
        }
        g_autoptr(DjRecord) record = dj_record_new((DjTable)table);
        g_autoptr(GError) parse = NULL;
        if (!dj_record_from_json(record, fields ? fields : "", length, &parse))
            report(check, "version %" G_GINT64_FORMAT " of %s: %s", id, key, parse->message);
    }
    return rc == SQLITE_DONE || dj_store_fail(check->store, error, "checking versions");
}

static gboolean expect_alias(const char *text, const char *code, gpointer user, GError **error)
{
    const AliasOwner *owner = user;
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(
        owner->store, "SELECT 1 FROM alias WHERE text = ?1 AND record = ?2 AND code = ?3", error, "checking names");
    if (!stmt)
        return FALSE;
    sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, owner->record);
    sqlite3_bind_text(stmt, 3, code, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        return TRUE;
    if (rc != SQLITE_DONE)
        return dj_store_fail(owner->store, error, "checking names");
    g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_DAMAGED, "the enterprise index lacks %s", text);
    return FALSE;
}

static gboolean check_aliases(Check *check, GError **error)
{
    DjStore *store = check->store;
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store, "SELECT id, key, current FROM record WHERE tab = ?1", error, "checking names");
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int(stmt, 1, DJ_TABLE_ENTERPRISE);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        VersionRow version;
        gboolean found;
        g_autoptr(GError) problem = NULL;
        dj_record_clear(record);
        if (!dj_store_read_version(store, sqlite3_column_int64(stmt, 2), DJ_POINT_NOW, &version, record, &found,
                                   &problem) ||
            !dj_store_each_alias(record, expect_alias, &(AliasOwner){store, sqlite3_column_int64(stmt, 0)}, &problem))
            report(check, "enterprise %s: %s", sqlite3_column_text(stmt, 1), problem->message);
    }
    return rc == SQLITE_DONE || dj_store_fail(store, error, "checking names");
}

static gboolean check_blobs(Check *check, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(check->store, "SELECT kind, hash FROM blob", error, "checking blobs");
    if (!stmt)
        return FALSE;
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        g_autoptr(GError) problem = NULL;
        g_autoptr(GBytes) bytes = dj_store_get_blob(check->store, (const char *)sqlite3_column_text(stmt, 0),
                                                    (const char *)sqlite3_column_text(stmt, 1), &problem);
        if (!bytes)
            report(check, "%s", problem->message);
    }
    return rc == SQLITE_DONE || dj_store_fail(check->store, error, "checking blobs");
}

static gboolean check_seals(Check *check, GError **error)
{
    gboolean ok = TRUE;
    for (int i = 0; ok && i < dj_n_sealed; i++) {
        const DjSealed *sealed = &dj_sealed[i];
        g_autofree char *sql =
            g_strdup_printf("SELECT '%s ' || rowid FROM \"%s\" WHERE seal IS NOT seal(%s) ORDER BY rowid",
                            sealed->table, sealed->table, sealed->columns);
        ok = report_rows(check, sql, "row that does not have its hash", NULL, error);
    }
    return ok;
}

gboolean dj_store_check(DjStore *store, void (*problem)(const char *text, gpointer user), gpointer user, GError **error)
{
    Check check = {.store = store, .problem = problem, .user = user};
    gboolean ran =
        report_rows(&check, "PRAGMA integrity_check", "SQLite", "ok", error) &&
        report_rows(&check, "SELECT \"table\" || ' row ' || rowid FROM pragma_foreign_key_check",
                    "row that refers to nothing", NULL, error) &&
        report_rows(&check, "SELECT 'another text' WHERE (SELECT seal FROM tables) IS NOT " DJ_SEAL_OF_TABLES,
                    "tables that do not have their hash", NULL, error) &&
        report_rows(&check,
                    "SELECT key FROM record r WHERE NOT EXISTS (SELECT 1 FROM version v WHERE v.id = r.current"
                    " AND v.record = r.id AND v.hash = r.hash)",
                    "record whose current version is wrong", NULL, error) &&
        report_rows(&check,
                    "SELECT v.id FROM version v LEFT JOIN version p ON p.id = v.previous WHERE v.previous IS NOT NULL"
                    " AND (p.id IS NULL OR p.record <> v.record OR p.id >= v.id OR p.batch > v.batch)",
                    "version whose predecessor is wrong", NULL, error) &&
        report_rows(&check,
                    "SELECT v.id FROM version v WHERE v.id NOT IN (SELECT current FROM record)"
                    " AND v.id NOT IN (SELECT previous FROM version WHERE previous IS NOT NULL)",
                    "version that no record reaches", NULL, error) &&
        report_rows(&check, "SELECT command || ' ' || source || ', ' || recorded_at FROM batch WHERE NOT finished",
                    "interrupted, repeat it", NULL, error) &&
        check_versions(&check, error) && check_aliases(&check, error) && check_blobs(&check, error) &&
        check_seals(&check, error);
    return ran && check.n_problems == 0;
}
