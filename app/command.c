/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include "config/suggest.h"
#include <string.h>

static const DjCommand commands[] = {
#define DJ_COMMAND(name, help) {#name, dj_cmd_##name, help},
#include "app/commands.def"
};

const DjCommand *dj_commands(gsize *n)
{
    *n = G_N_ELEMENTS(commands);
    return commands;
}

const DjCommand *dj_command_find(const char *name, const char **near)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
        names[i] = commands[i].name;
    }
    *near = dj_suggest(name, names);
    return NULL;
}
