/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/backup.h"
#include "app/command.h"

#include <glib/gstdio.h>
#include <stdio.h>

int dj_cmd_backup(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(
            app, "FILE",
            "Copies the facts (records with their history, decisions, users, models) and the settings of the\n"
            "workspace into one ZIP file, as they are at this moment; work goes on meanwhile. The file is\n"
            "read back before it takes its name. An older backup of that name is replaced. Keep it as safe\n"
            "as the workspace: it holds what enterprises told in confidence. What `index`, `match` and\n"
            "`monthly` make again is not in it.",
            NULL, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc != 2) {
        dj_app_usage(app, error, "which file shall it be? for example %s", "duijie-2026-11-27.zip");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    gsize n = 0;
    if (!workspace || !dj_backup_write(workspace, app, argv[1], &n, error))
        return DJ_EXIT_FAILED;
    dj_progress_end_phase(app->progress);
    GStatBuf info;
    g_autofree char *size = g_stat(argv[1], &info) == 0 ? g_format_size((guint64)info.st_size) : NULL;
    printf("%s: %" G_GSIZE_FORMAT " file%s, %s, read back and whole\n", argv[1], n, n == 1 ? "" : "s", size);
    return DJ_EXIT_DONE;
}
