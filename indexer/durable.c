/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

gboolean dj_durable_sync_file(const char *path, GError **error)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    gboolean ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "sync %s: %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

gboolean dj_durable_sync_tree(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    const char *name;
    if (!dir)
        return FALSE;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        gboolean ok = g_file_test(path, G_FILE_TEST_IS_DIR) ? dj_durable_sync_tree(path, error)
                                                            : dj_durable_sync_file(path, error);
        if (!ok)
            return FALSE;
    }
    return dj_durable_sync_file(folder, error);
}

void dj_durable_remove_tree(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            dj_durable_remove_tree(path);
        else
            g_unlink(path);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(folder);
}
