/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/folder.h"
#include "engine/report/list_run.h"
#include "engine/report/out_file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean fail(const char *path, const char *what, GError **error)
{
    int saved = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(saved), "%s: %s: %s", path, what, g_strerror(saved));
    return FALSE;
}

/* Names in a manifest; an empty table when there is none. */
static GHashTable *read_manifest(const char *folder)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *path = g_build_filename(folder, DJ_FOLDER_MANIFEST, NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return names;
    g_hash_table_add(names, g_strdup(DJ_FOLDER_MANIFEST));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (strlen(*line) > 66 && !strchr(*line, '/')) /* 64 digits, two spaces, the name; never another folder's */
            g_hash_table_add(names, g_strdup(*line + 66));
    return names;
}

/* NULL when nothing, an empty folder or our own folder stands there; else the name of something that is not ours. */
static char *find_foreign(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return NULL;
    if (!S_ISDIR(info.st_mode))
        return g_path_get_basename(path);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    if (!dir)
        return g_path_get_basename(path);
    g_autoptr(GHashTable) ours = read_manifest(path);
    char *foreign = NULL;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_hash_table_contains(ours, name) && (!foreign || strcmp(name, foreign) < 0)) {
            g_free(foreign);
            foreign = g_strdup(name);
        }
    }
    return foreign;
}

gboolean dj_folder_begin(DjFolder *folder, const char *path, GError **error)
{
    *folder = (DjFolder){0};
    char *resolved = realpath(path, NULL); /* a link stays a link, its folder is replaced */
    g_autofree char *full = g_canonicalize_filename(resolved ? resolved : path, NULL);
    free(resolved);
    if (g_file_test(full, G_FILE_TEST_EXISTS) && !g_file_test(full, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_FOLDER, "%s: is not a folder", full);
        return FALSE;
    }
    g_autofree char *foreign = find_foreign(full);
    if (foreign) {
        g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_FOLDER,
                    "%s: holds \"%s\", which was not written by duijie; choose another folder", full, foreign);
        return FALSE;
    }
    g_autofree char *parent = g_path_get_dirname(full), *name = g_path_get_basename(full);
    if (g_mkdir_with_parents(parent, 0777) != 0)
        return fail(parent, "create folder", error);
    g_autofree char *hidden = g_strdup_printf(".%s.XXXXXX", name);
    char *temporary = g_build_filename(parent, hidden, NULL);
    if (!g_mkdtemp_full(temporary, 0777)) {
        g_free(temporary);
        return fail(parent, "create temporary folder", error);
    }
    folder->path = g_steal_pointer(&full);
    folder->temporary = temporary;
    folder->manifest = g_string_new(NULL);
    return TRUE;
}

char *dj_folder_path(const DjFolder *folder, const char *name)
{
    return g_build_filename(folder->temporary, name, NULL);
}

void dj_folder_note(DjFolder *folder, const char *name, const char *sha256)
{
    g_string_append_printf(folder->manifest, "%s  %s\n", sha256, name);
}

gboolean dj_folder_note_file(DjFolder *folder, const char *name, GError **error)
{
    g_autofree char *path = dj_folder_path(folder, name);
    g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, error);
    if (!map)
        return FALSE;
    g_autofree char *sum = g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, (const guchar *)g_mapped_file_get_contents(map), g_mapped_file_get_length(map));
    dj_folder_note(folder, name, sum);
    return TRUE;
}

static gboolean sync_folder(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(path, "open", error);
    gboolean ok = fsync(fd) == 0 || fail(path, "sync", error);
    close(fd);
    return ok;
}

/* Removes a folder of ours: what its manifest names, and the folder when that was all. */
static void remove_ours(const char *path)
{
    g_autoptr(GHashTable) ours = read_manifest(path);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, ours);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

/* Removes the files of a folder that we made and nobody else can know, but those of keep (NULL: none). */
static gboolean empty_temporary(const char *path, GHashTable *keep, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, error);
    gboolean ok = dir != NULL;
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        if ((!keep || !g_hash_table_contains(keep, name)) && g_unlink(file) != 0 && ok)
            ok = fail(file, "remove", error);
    }
    return ok;
}

/* Working files that a library could not remove would be taken for somebody else's the next time. */
static gboolean remove_unlisted(const char *path, GError **error)
{
    g_autoptr(GHashTable) ours = read_manifest(path);
    return empty_temporary(path, ours, error);
}

/* Exchanges where the file system can; elsewhere the old folder steps aside first, which leaves a moment without one.
 */
static gboolean swap(const DjFolder *folder, gboolean exists, GError **error)
{
    if (!exists)
        return g_rename(folder->temporary, folder->path) == 0 || fail(folder->path, "rename", error);
    if (renameat2(AT_FDCWD, folder->temporary, AT_FDCWD, folder->path, RENAME_EXCHANGE) == 0)
        return TRUE;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
        return fail(folder->path, "exchange", error);
    g_autofree char *aside = g_strconcat(folder->temporary, ".old", NULL);
    if (g_rename(folder->path, aside) != 0)
        return fail(folder->path, "rename", error);
    if (g_rename(folder->temporary, folder->path) != 0) {
        fail(folder->path, "rename", error);
        g_rename(aside, folder->path);
        return FALSE;
    }
    return g_rename(aside, folder->temporary) == 0 || fail(aside, "rename", error);
}

gboolean dj_folder_publish(DjFolder *folder, GError **error)
{
    g_autofree char *manifest = dj_folder_path(folder, DJ_FOLDER_MANIFEST);
    g_auto(DjOutFile) file = {0};
    if (!dj_out_file_open(&file, manifest, error))
        return FALSE;
    g_string_append_len(file.text, folder->manifest->str, (gssize)folder->manifest->len);
    if (!dj_out_file_close(&file, NULL, error) || !remove_unlisted(folder->temporary, error) ||
        !sync_folder(folder->temporary, error))
        return FALSE;

    g_autofree char *foreign = find_foreign(folder->path); /* somebody may have put a file there meanwhile */
    if (foreign) {
        g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_FOLDER,
                    "%s: \"%s\" appeared there meanwhile; the new lists are not published", folder->path, foreign);
        return FALSE;
    }
    gboolean exists = g_file_test(folder->path, G_FILE_TEST_IS_DIR);
    if (!swap(folder, exists, error))
        return FALSE;
    if (exists)
        remove_ours(folder->temporary);
    g_clear_pointer(&folder->temporary, g_free);
    g_autofree char *parent = g_path_get_dirname(folder->path);
    return sync_folder(parent, error);
}

void dj_folder_clear(DjFolder *folder)
{
    if (folder->temporary) {
        empty_temporary(folder->temporary, NULL, NULL);
        g_rmdir(folder->temporary);
    }
    g_clear_pointer(&folder->temporary, g_free);
    g_clear_pointer(&folder->path, g_free);
    if (folder->manifest)
        g_string_free(folder->manifest, TRUE);
    folder->manifest = NULL;
}
