/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of the store as it is at one moment, while others go on reading and writing: the pages are copied inside one
 * read transaction, so a writer neither waits nor shows in the copy. */
#include "engine/store/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { PAGES_AT_ONCE = 1024 }; /* 8 MiB; progress is told and cancelling looked at in between */

static gboolean copy_pages(DjStore *store, sqlite3 *to, DjStoreProgress progress, gpointer user, GError **error)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", store->db, "main");
    int rc = copy ? SQLITE_OK : sqlite3_errcode(to);
    gboolean wanted = TRUE;
    while (rc == SQLITE_OK && wanted) {
        rc = sqlite3_backup_step(copy, PAGES_AT_ONCE);
        const int total = sqlite3_backup_pagecount(copy), left = sqlite3_backup_remaining(copy);
        wanted = !progress || progress((guint64)(total - left), (guint64)total, user);
    }
    sqlite3_backup_finish(copy);
    if (!wanted) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
        return FALSE;
    }
    if (rc != SQLITE_DONE) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO, "store %s: copying: %s", store->path, sqlite3_errstr(rc));
        return FALSE;
    }
    return TRUE;
}

static gboolean sync_file(const char *path, GError **error)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    gboolean ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO, "store %s: %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

gboolean dj_store_snapshot(DjStore *store, const char *path, DjStoreProgress progress, gpointer user, GError **error)
{
    sqlite3 *to = NULL;
    int fd = g_open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO, "store %s: cannot create: %s", path, g_strerror(errno));
        return FALSE;
    }
    close(fd);
    gboolean ok = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
    if (!ok)
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO, "store %s: %s", path,
                    to ? sqlite3_errmsg(to) : "out of memory");
    /* The copy is thrown away when it fails, so it needs no journal; it is synced once, at the end. */
    if (ok)
        sqlite3_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL, NULL);
    if (ok && (ok = dj_store_exec(store, "BEGIN; SELECT count(*) FROM sqlite_schema", error, "copying"))) {
        ok = copy_pages(store, to, progress, user, error);
        dj_store_exec(store, "COMMIT", NULL, "copying");
    }
    if (sqlite3_close(to) != SQLITE_OK && ok) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO, "store %s: cannot be closed", path);
        ok = FALSE;
    }
    ok = ok && sync_file(path, error);
    if (!ok)
        g_unlink(path);
    return ok;
}
