/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/backup.h"
#include "indexer/archive.h"
#include "indexer/durable.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define KIND     "duijie backup"
#define SETTINGS "settings.yaml"
#define CONFIG   "config/"

static gboolean tell_copy(guint64 done, guint64 total, gpointer bar)
{
    return dj_progress_tell("copy the store", done, total, bar);
}

static gboolean is_wanted(const char *name)
{
    return strcmp(name, DJ_WORKSPACE_STORE) == 0 || strcmp(name, SETTINGS) == 0 || g_str_has_prefix(name, CONFIG);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the regular files below WORKSPACE/name, with the folder in front. */
static gboolean list_files(const char *workspace, const char *name, GPtrArray *names, GError **error)
{
    g_autofree char *path = g_build_filename(workspace, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(names, g_strdup(name));
        return TRUE;
    }
    g_autoptr(GDir) dir = g_dir_open(path, 0, error);
    for (const char *entry; dir && (entry = g_dir_read_name(dir));) {
        g_autofree char *inside = g_build_filename(name, entry, NULL);
        if (!list_files(workspace, inside, names, error))
            return FALSE;
    }
    return dir != NULL;
}

static gboolean write_archive(const DjWorkspace *workspace, const DjApp *app, const char *snapshot, const char *path,
                              gsize *n, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(DjArchiveFile));
    gint64 version;
    if (!dj_store_version(workspace->store, &version, error) ||
        !list_files(workspace->folder, "config", names, error) ||
        !list_files(workspace->folder, SETTINGS, names, error))
        return FALSE;
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_insert(names, 0, g_strdup(DJ_WORKSPACE_STORE));
    for (guint i = 0; i < names->len; i++) {
        char *from = i == 0 ? g_strdup(snapshot) : g_build_filename(workspace->folder, names->pdata[i], NULL);
        g_ptr_array_add(paths, from);
        const DjArchiveFile file = {.name = names->pdata[i], .path = from};
        g_array_append_val(files, file);
    }
    g_autofree char *title = g_strdup_printf(KIND " of %s, %s, tables of version %" G_GINT64_FORMAT ", duijie %s",
                                             workspace->name, app->now, version, DUIJIE_VERSION);
    g_strdelimit(title, "\n\r", ' ');
    *n = files->len;
    return dj_archive_write(path, title, (const DjArchiveFile *)(void *)files->data, files->len, app->now,
                            dj_progress_tell, app->progress, error);
}

gboolean dj_backup_write(const DjWorkspace *workspace, const DjApp *app, const char *path, gsize *n, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
    g_autofree char *hidden = g_strdup_printf(".%s.store", name), *snapshot = g_build_filename(folder, hidden, NULL);
    g_unlink(snapshot); /* left over by a crash */
    gboolean ok = dj_store_snapshot(workspace->store, snapshot, tell_copy, app->progress, error) &&
                  write_archive(workspace, app, snapshot, path, n, error);
    g_unlink(snapshot);
    return ok;
}

/* ---- back again ---- */

static void keep_first(const char *text, gpointer user)
{
    char **first = user;
    if (!*first)
        *first = g_strdup(text);
}

static gboolean check_store(const char *folder, gint64 *version, GError **error)
{
    g_autofree char *path = g_build_filename(folder, DJ_WORKSPACE_STORE, NULL), *problem = NULL;
    g_autoptr(DjStore) store = dj_store_open(path, DJ_STORE_UPGRADE, error);
    if (!store || !dj_store_version(store, version, error))
        return FALSE;
    g_autoptr(GError) why = NULL;
    if (dj_store_check(store, keep_first, &problem, &why))
        return TRUE;
    /* An import that was under way when the copy was made is to be repeated, which is no damage. */
    if (!why && g_str_has_prefix(problem, "interrupted, repeat it"))
        return TRUE;
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "the facts in it are damaged: %s",
                why ? why->message : problem);
    return FALSE;
}

/* An empty folder makes way. */
static gboolean is_free(const char *folder, GError **error)
{
    if (!g_file_test(folder, G_FILE_TEST_EXISTS) || (g_rmdir(folder) == 0))
        return TRUE;
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: exists and is not an empty folder; nothing was changed",
                folder);
    return FALSE;
}

gboolean dj_backup_restore(const DjApp *app, const char *path, const char *folder, gint64 *version, GError **error)
{
    g_autofree char *full = g_canonicalize_filename(folder, NULL);
    g_autofree char *parent = g_path_get_dirname(full), *name = g_path_get_basename(full);
    g_autofree char *hidden = g_strdup_printf(".%s.restore", name), *part = g_build_filename(parent, hidden, NULL);
    if (g_mkdir_with_parents(parent, 0777) != 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", parent, g_strerror(errno));
        return FALSE;
    }
    dj_durable_remove_tree(part); /* left over by a crash */
    if (g_mkdir(part, 0777) != 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", part, g_strerror(errno));
        return FALSE;
    }
    gboolean ok = dj_archive_extract(path, KIND, is_wanted, part, dj_progress_tell, app->progress, error) &&
                  check_store(part, version, error) && is_free(full, error);
    if (ok && g_rename(part, full) != 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", full, g_strerror(errno));
        ok = FALSE;
    }
    if (!ok)
        dj_durable_remove_tree(part);
    return ok && dj_durable_sync_file(parent, error);
}
