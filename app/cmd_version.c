/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <stdio.h>

int dj_cmd_version(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(app, NULL, "Shows the version; `duijie check` shows those of the libraries too.", NULL, &argc,
                      &argv, error))
        return DJ_EXIT_USAGE;
    printf("duijie %s\n", DUIJIE_VERSION);
    return DJ_EXIT_DONE;
}
