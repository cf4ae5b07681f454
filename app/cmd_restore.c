/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/backup.h"
#include "app/command.h"
#include "engine/store/schema.h"

#include <stdio.h>

int dj_cmd_restore(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(
            app, "FILE [DIR]",
            "Makes a workspace from a file that `duijie backup` wrote. DIR defaults to -w; it must not exist\n"
            "or be empty. Every file and every fact is checked before the folder appears.",
            NULL, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    const char *folder = argc == 3 ? argv[2] : app->workspace;
    if (argc < 2 || argc > 3 || !folder) {
        dj_app_usage(app, error, argc > 3 ? "one backup and one folder at a time" : "name the backup and a new folder");
        return DJ_EXIT_USAGE;
    }
    gint64 version = 0;
    if (!dj_backup_restore(app, argv[1], folder, &version, error))
        return DJ_EXIT_FAILED;
    dj_progress_end_phase(app->progress);
    g_autofree char *absolute = g_canonicalize_filename(folder, NULL);
    printf("Workspace: %s\n", absolute);
    if (version < DJ_STORE_SCHEMA_VERSION)
        printf("Next: duijie -w %s upgrade, then index.\n", folder);
    else
        printf("Next: duijie -w %s index.\n", folder);
    return DJ_EXIT_DONE;
}
