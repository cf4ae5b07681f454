/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration folder of a test's own, with the files that it writes. */
#pragma once
#include "config/source.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>

static inline void fixture_write(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    cr_assert_eq(g_mkdir_with_parents(parent, 0700), 0);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
}

static inline char *fixture_folder(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("duijie-config-XXXXXX", &error);
    cr_assert_not_null(folder, "%s", error ? error->message : "");
    return folder;
}

/* The configuration that is shipped. */
static inline DjConfigSource *fixture_shipped(void)
{
    g_autoptr(GError) error = NULL;
    DjConfigSource *source = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    cr_assert_not_null(source, "%s", error ? error->message : "");
    return source;
}
