/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands. Each lives in a file of its own, cmd_NAME.c, and is one row of the table in commands.def. */
#pragma once
#include "app/app.h"

/* argv[0] is the command's name. Returns an exit code; an error is set unless it is DJ_EXIT_DONE or DJ_EXIT_REJECTED.
 */
typedef int (*DjCommandRun)(DjApp *app, int argc, char **argv, GError **error);

typedef struct {
    const char *name;
    DjCommandRun run;
    const char *help;
} DjCommand;

/* The commands in the order of `duijie help`, n of them. */
const DjCommand *dj_commands(gsize *n);
/* By name; NULL, and *near (may stay NULL) a name that was perhaps meant. */
const DjCommand *dj_command_find(const char *name, const char **near);

#define DJ_COMMAND(name, help) int dj_cmd_##name(DjApp *app, int argc, char **argv, GError **error);
#include "app/commands.def"
