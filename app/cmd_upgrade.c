/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/workspace.h"
#include "engine/store/schema.h"

#include <glib/gstdio.h>
#include <stdio.h>

static gboolean tell_copy(guint64 done, guint64 total, gpointer bar)
{
    return dj_progress_tell("copy the store", done, total, bar);
}

int dj_cmd_upgrade(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(
            app, NULL,
            "Brings a workspace that an older duijie wrote up to date. The store as it was stays beside it as\n"
            "before-upgrade-N.db, N being the version of its tables. Nothing to do is fine.",
            NULL, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 1) {
        dj_app_usage(app, error, "takes no arguments");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_UPGRADE, error);
    gint64 version;
    if (!workspace || !dj_store_version(workspace->store, &version, error))
        return DJ_EXIT_FAILED;
    if (version == DJ_STORE_SCHEMA_VERSION) {
        printf("nothing to do: tables of version %d\n", DJ_STORE_SCHEMA_VERSION);
        return DJ_EXIT_DONE;
    }
    g_autofree char *name = g_strdup_printf("before-upgrade-%" G_GINT64_FORMAT ".db", version);
    g_autofree char *copy = g_build_filename(workspace->folder, name, NULL);
    g_autofree char *part = g_strconcat(copy, ".part", NULL);
    g_unlink(part); /* left over by a crash; the whole copy has another name and stays */
    if (!g_file_test(copy, G_FILE_TEST_EXISTS)) {
        if (!dj_store_snapshot(workspace->store, part, tell_copy, app->progress, error))
            return DJ_EXIT_FAILED;
        if (g_rename(part, copy) != 0) {
            g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: cannot be written", copy);
            return DJ_EXIT_FAILED;
        }
    }
    if (!dj_store_upgrade(workspace->store, error))
        return DJ_EXIT_FAILED;
    dj_progress_end_phase(app->progress);
    printf("tables of version %" G_GINT64_FORMAT " became %d; the store as it was: %s\n", version,
           DJ_STORE_SCHEMA_VERSION, copy);
    return DJ_EXIT_DONE;
}
