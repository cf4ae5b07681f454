/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every command shares: global options, the date of the run, errors and exit codes, cancelling.
 *
 * A command is a function that parses its own options with dj_app_parse, works through the library, prints its result
 * to stdout and returns an exit code. On failure it sets error; main prints it as "duijie COMMAND: message" to stderr
 * and turns it into the exit code. Output is UTF-8 whatever the locale, so commands print with printf and fputs, never
 * with g_print. */
#pragma once
#include "app/progress.h"

#include <glib.h>

/* Exit codes. */
enum {
    DJ_EXIT_DONE = 0,
    DJ_EXIT_FAILED = 1,
    DJ_EXIT_USAGE = 2,    /* the command line is wrong */
    DJ_EXIT_REJECTED = 3, /* done, but rows were rejected */
    DJ_EXIT_CANNOT = 4,   /* verify: cannot be run again here */
    DJ_EXIT_BUSY = 75     /* another job holds the workspace */
};

#define DJ_APP_ERROR (dj_app_error_quark())
GQuark dj_app_error_quark(void);
typedef enum {
    DJ_APP_ERROR_USAGE,  /* exit code 2 */
    DJ_APP_ERROR_BUSY,   /* exit code 75 */
    DJ_APP_ERROR_FAILED, /* exit code 1 */
} DjAppError;

typedef struct {
    char *workspace; /* as given with -w; NULL: look upward from the current folder */
    char *config;    /* as given with --config or DUIJIE_CONFIG; NULL: beside the program */
    char *now;       /* as given with --now; "YYYY-MM-DDTHH:MM:SS" Asia/Shanghai once the command has parsed */
    int today;       /* day of now, days since 1970-01-01 */
    gboolean quiet;  /* no progress */
    const char *command;
    DjProgressBar *progress;
} DjApp;

/* Parses the options of a command (and the global ones) and fixes the date of the run. params and summary stand in
 * --help, which prints and exits. argv[0] is the name of the command; afterwards argv[1 ..] are the remaining
 * arguments. entries may be NULL. Errors are of DJ_APP_ERROR_USAGE. */
gboolean dj_app_parse(DjApp *app, const char *params, const char *summary, const GOptionEntry *entries, int *argc,
                      char ***argv, GError **error);

/* Sets a usage error that ends with a hint at --help; always FALSE. */
gboolean dj_app_usage(const DjApp *app, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The exit code that an error stands for. */
int dj_app_exit_code(const GError *error);

/* Ctrl-C and SIGTERM ask for an orderly end; a second one ends the process at once (the store is safe either way). */
void dj_app_catch_signals(void);
/* Set when the end was asked for; read it atomically. */
extern const int *const dj_app_cancel;
gboolean dj_app_cancelled(void);

/* Folder of the shipped configuration: as given, else `config` beside the program (build tree), else
 * ../share/duijie/config seen from the program (installed). Free it. */
char *dj_app_config_folder(const DjApp *app, GError **error);

/* Reads a date option "YYYY-MM-DD" or "YYYY-MM-DDTHH:MM:SS" into the long form and its day. */
gboolean dj_app_parse_now(const char *text, char **now, int *today);
