/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <stdio.h>

static void print_commands(void)
{
    printf("duijie pairs open-licence patents with the technical needs of enterprises, per industry chain.\n\n"
           "Usage: duijie [-w DIR] [--now DATE] COMMAND [OPTIONS] [ARGUMENTS]\n\n");
    gsize n;
    const DjCommand *commands = dj_commands(&n);
    for (gsize i = 0; i < n; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].help);
    printf("\nThe usual way:\n"
           "  duijie init DIR\n"
           "  duijie -w DIR import patents patents.csv          (then enterprises, then needs)\n"
           "  duijie -w DIR index\n"
           "  duijie -w DIR match --out LISTS --audience organiser\n\n"
           "Without -w the nearest workspace upward from the current folder is used.\n"
           "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 done but rows were rejected, 75 workspace busy.\n");
}

int dj_cmd_help(DjApp *app, int argc, char **argv, GError **error)
{
    if (argc < 2 || argv[1][0] == '-') {
        print_commands();
        return DJ_EXIT_DONE;
    }
    const char *near = NULL;
    const DjCommand *command = dj_command_find(argv[1], &near);
    if (!command) {
        dj_app_usage(app, error, "there is no command \"%s\"%s%s%s", argv[1], near ? "; did you mean \"" : "",
                     near ? near : "", near ? "\"?" : "");
        return DJ_EXIT_USAGE;
    }
    app->command = command->name;
    char *ask[] = {(char *)command->name, (char *)"--help", NULL};
    return command->run(app, 2, ask, error);
}
