/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/workspace.h"

#include <stdio.h>

int dj_cmd_init(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(app, "[DIR]",
                      "Makes a workspace: a folder with an empty duijie.db. DIR defaults to -w, else to here.", NULL,
                      &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 2) {
        dj_app_usage(app, error, "one folder at a time, not %d", argc - 1);
        return DJ_EXIT_USAGE;
    }
    const char *folder = argc == 2 ? argv[1] : app->workspace ? app->workspace : ".";
    if (!dj_workspace_create(folder, error))
        return DJ_EXIT_FAILED;
    g_autofree char *absolute = g_canonicalize_filename(folder, NULL);
    printf("Workspace: %s\n", absolute);
    printf("Next: duijie -w %s import patents FILE, then enterprises and needs, then index and match.\n", folder);
    return DJ_EXIT_DONE;
}
