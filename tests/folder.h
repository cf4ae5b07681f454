/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of a test's own. A test that passes must leave none (see tidy.c). */
#pragma once
#include <glib.h>
#include <glib/gstdio.h>

/* Removes a file, or a folder and what is in it, without following links; what is not there is no matter. */
static inline void folder_remove(const char *path)
{
    g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        folder_remove(inner);
    }
    g_remove(path);
}
