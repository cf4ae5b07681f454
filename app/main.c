/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: global options before the command, then the command itself. setlocale() is not called on purpose: no
 * number and no text that is read or written may depend on where the program runs. */
#include "app/command.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int usage_error(const char *text)
{
    fprintf(stderr, "duijie: %s\n", text);
    return DJ_EXIT_USAGE;
}

/* Takes "-w DIR" and its like in front of the command; *at is the place of the command. */
static gboolean parse_before(DjApp *app, int argc, char **argv, int *at, char **problem)
{
    static const struct {
        const char *name, *brief;
        gsize slot;
    } options[] = {{"--workspace", "-w", G_STRUCT_OFFSET(DjApp, workspace)},
                   {"--config", NULL, G_STRUCT_OFFSET(DjApp, config)},
                   {"--now", NULL, G_STRUCT_OFFSET(DjApp, now)}};
    int i = 1;
    while (i < argc && argv[i][0] == '-') {
        const char *arg = argv[i];
        if (strcmp(arg, "-q") == 0 || strcmp(arg, "--quiet") == 0) {
            app->quiet = TRUE;
            i++;
            continue;
        }
        if (strcmp(arg, "-h") == 0 || strcmp(arg, "--help") == 0) {
            argv[i] = (char *)"help";
            break;
        }
        if (strcmp(arg, "-V") == 0 || strcmp(arg, "--version") == 0) {
            argv[i] = (char *)"version";
            break;
        }
        const char *value = NULL;
        gsize slot = 0;
        gboolean known = FALSE;
        for (gsize o = 0; o < G_N_ELEMENTS(options) && !known; o++) {
            gsize length = strlen(options[o].name);
            slot = options[o].slot;
            if (g_strcmp0(arg, options[o].name) == 0 || g_strcmp0(arg, options[o].brief) == 0) {
                known = TRUE;
                value = i + 1 < argc ? argv[++i] : NULL;
            } else if (strncmp(arg, options[o].name, length) == 0 && arg[length] == '=') {
                known = TRUE;
                value = arg + length + 1;
            }
        }
        if (!known || !value) {
            *problem = known ? g_strdup_printf("%s needs a value", arg)
                             : g_strdup_printf("unknown option %s (see `duijie help`)", arg);
            return FALSE;
        }
        char **target = (char **)G_STRUCT_MEMBER_P(app, slot);
        g_free(*target);
        *target = g_strdup(value);
        i++;
    }
    *at = i;
    return TRUE;
}

static int report(const DjApp *app, const GError *error, int code)
{
    if (app->progress)
        dj_progress_end_phase(app->progress);
    if (!error)
        return code;
    if (dj_app_cancelled() && dj_app_exit_code(error) == DJ_EXIT_FAILED)
        fprintf(stderr, "duijie %s: interrupted; what was recorded before stays, nothing is half done\n", app->command);
    else
        fprintf(stderr, "duijie %s: %s\n", app->command, error->message);
    return dj_app_exit_code(error);
}

/* GLib would turn the Chinese words of a help text into question marks, as no locale is set. */
static void print_as_it_is(const char *text)
{
    fputs(text, stdout);
}

/* GLib ends the program when small pieces of memory run out, by way of its log; without this, as a crash. What the
 * store holds is whole whenever the process ends. */
static void end_without_memory(const char *domain, GLogLevelFlags level, const char *message, gpointer app)
{
    if (!strstr(message, "failed to allocate")) {
        g_log_default_handler(domain, level, message, NULL);
        return;
    }
    static const char words[] = ": out of memory; what was recorded before stays, nothing is half done\n";
    const char *const pieces[] = {"duijie ", ((const DjApp *)app)->command, words};
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++)
        if (write(STDERR_FILENO, pieces[i], strlen(pieces[i])) < 0)
            break;
    _exit(DJ_EXIT_FAILED);
}

int main(int argc, char **argv)
{
    DjApp app = {.command = "help"};
    g_set_prgname("duijie");
    g_set_print_handler(print_as_it_is);
    g_log_set_handler("GLib", G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION, end_without_memory, &app);
    json_set_alloc_funcs(g_malloc, g_free); /* a document that does not fit ends the program in the same way */
    dj_app_catch_signals();
    app.config = g_strdup(g_getenv("DUIJIE_CONFIG"));

    int at = 0;
    g_autofree char *problem = NULL;
    if (!parse_before(&app, argc, argv, &at, &problem))
        return usage_error(problem);
    if (at >= argc)
        return usage_error("what shall be done? `duijie help` lists the commands");
    const char *near = NULL;
    const DjCommand *command = dj_command_find(argv[at], &near);
    if (!command) {
        g_autofree char *text = g_strdup_printf("there is no command \"%s\"%s%s%s (`duijie help` lists them)", argv[at],
                                                near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        return usage_error(text);
    }
    app.command = command->name;
    g_autoptr(GError) error = NULL;
    int code = command->run(&app, argc - at, argv + at, &error);
    code = report(&app, error, code);
    dj_progress_free(app.progress);
    g_free(app.workspace);
    g_free(app.config);
    g_free(app.now);
    /* A list that did not reach the disk or the pipe is a failure, whatever the command thought. */
    if (fflush(stdout) != 0 && code == DJ_EXIT_DONE) {
        perror("duijie: standard output");
        code = DJ_EXIT_FAILED;
    }
    return code;
}
