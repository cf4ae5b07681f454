/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blobs by content, and the list of published generations. */
#include "engine/store/internal.h"
#include <string.h>

gboolean dj_store_put_blob(DjStore *store, const char *kind, GBytes *bytes, const char *recorded_at, char **hash,
                           GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(store,
                                                    "INSERT OR IGNORE INTO blob (kind, hash, recorded_at, bytes, seal)"
                                                    " VALUES (?1, ?2, ?3, ?4, seal(?1, ?2, ?3))",
                                                    error, "storing a blob");
    if (!stmt)
        return FALSE;
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, sum, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, recorded_at, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(stmt, 4, data ? data : "", size, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return dj_store_fail(store, error, "storing a blob");
    *hash = g_steal_pointer(&sum);
    return TRUE;
}

GBytes *dj_store_get_blob(DjStore *store, const char *kind, const char *hash, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store, "SELECT bytes FROM blob WHERE kind = ?1 AND hash = ?2", error, "reading a blob");
    if (!stmt)
        return NULL;
    sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, hash, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO, "store %s: no %s %s", store->path, kind, hash);
        return NULL;
    }
    if (rc != SQLITE_ROW) {
        dj_store_fail(store, error, "reading a blob");
        return NULL;
    }
    g_autoptr(GBytes) bytes = g_bytes_new(sqlite3_column_blob(stmt, 0), (gsize)sqlite3_column_bytes(stmt, 0));
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    if (strcmp(sum, hash) != 0) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_DAMAGED, "store %s: the bytes of %s %s have hash %s",
                    store->path, kind, hash, sum);
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

char *dj_store_latest_blob(DjStore *store, const char *kind, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(
        store, "SELECT hash FROM blob WHERE kind = ?1 ORDER BY id DESC LIMIT 1", error, "looking for a blob");
    if (!stmt)
        return NULL;
    sqlite3_bind_text(stmt, 1, kind, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        dj_store_fail(store, error, "looking for a blob");
    return rc == SQLITE_ROW ? g_strdup((const char *)sqlite3_column_text(stmt, 0)) : NULL;
}

/* ---- generations ---- */

void dj_generation_clear(DjGeneration *generation)
{
    g_clear_pointer(&generation->model, g_free);
    g_clear_pointer(&generation->settings, g_free);
    g_clear_pointer(&generation->content_hash, g_free);
    g_clear_pointer(&generation->recorded_at, g_free);
    generation->number = generation->point = 0;
}

gboolean dj_store_current_generation(DjStore *store, DjGeneration *out, gboolean *found, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "SELECT number, point, model, settings, content_hash, recorded_at FROM generation"
                         " ORDER BY number DESC LIMIT 1",
                         error, "reading the generation");
    memset(out, 0, sizeof *out);
    *found = FALSE;
    if (!stmt)
        return FALSE;
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return TRUE;
    if (rc != SQLITE_ROW)
        return dj_store_fail(store, error, "reading the generation");
    *found = TRUE;
    out->number = sqlite3_column_int64(stmt, 0);
    out->point = sqlite3_column_int64(stmt, 1);
    out->model = g_strdup((const char *)sqlite3_column_text(stmt, 2));
    out->settings = g_strdup((const char *)sqlite3_column_text(stmt, 3));
    out->content_hash = g_strdup((const char *)sqlite3_column_text(stmt, 4));
    out->recorded_at = g_strdup((const char *)sqlite3_column_text(stmt, 5));
    return TRUE;
}

gboolean dj_store_publish_generation(DjStore *store, const DjGeneration *generation, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "INSERT INTO generation (number, point, model, settings, content_hash, recorded_at, seal)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, seal(?1, ?2, ?3, ?4, ?5, ?6))",
                         error, "publishing a generation");
    if (!stmt)
        return FALSE;
    const char *const texts[] = {generation->model, generation->settings, generation->content_hash,
                                 generation->recorded_at};
    sqlite3_bind_int64(stmt, 1, generation->number);
    sqlite3_bind_int64(stmt, 2, generation->point);
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        sqlite3_bind_text(stmt, 3 + i, texts[i] ? texts[i] : "", -1, SQLITE_STATIC);
    return sqlite3_step(stmt) == SQLITE_DONE || dj_store_fail(store, error, "publishing a generation");
}

gboolean dj_store_next_generation(DjStore *store, gint64 *number, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store, "SELECT coalesce(max(number), 0) + 1 FROM generation", error, "numbering a generation");
    if (!stmt)
        return FALSE;
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return dj_store_fail(store, error, "numbering a generation");
    *number = sqlite3_column_int64(stmt, 0);
    return TRUE;
}
