/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/app.h"

#include "engine/model/ident.h"
#include "engine/store/store.h"
#include <gio/gio.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define SHANGHAI_SECONDS (8 * 3600) /* China has one time zone and no summer time */

G_DEFINE_QUARK(dj - app - error - quark, dj_app_error)

/* ---- cancelling ---- */

static int cancel_flag;
const int *const dj_app_cancel = &cancel_flag;

static void on_signal(int number)
{
    (void)number;
    __atomic_store_n(&cancel_flag, 1, __ATOMIC_RELAXED);
}

void dj_app_catch_signals(void)
{
    /* SA_RESETHAND: the second signal has its usual effect. No SA_RESTART: waiting calls return. */
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is reported by the write that fails */
}

gboolean dj_app_cancelled(void)
{
    return __atomic_load_n(&cancel_flag, __ATOMIC_RELAXED) != 0;
}

/* ---- errors ---- */

gboolean dj_app_usage(const DjApp *app, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_USAGE, "%s (see `duijie %s --help`)", message, app->command);
    return FALSE;
}

int dj_app_exit_code(const GError *error)
{
    if (g_error_matches(error, DJ_APP_ERROR, DJ_APP_ERROR_USAGE))
        return DJ_EXIT_USAGE;
    if (g_error_matches(error, DJ_APP_ERROR, DJ_APP_ERROR_BUSY) ||
        g_error_matches(error, DJ_STORE_ERROR, DJ_STORE_ERROR_BUSY))
        return DJ_EXIT_BUSY;
    return DJ_EXIT_FAILED;
}

/* ---- options ---- */

gboolean dj_app_parse_now(const char *text, char **now, int *today)
{
    gsize length = strlen(text);
    g_autofree char *date = g_strndup(text, 10);
    int hour = 0, minute = 0, second = 0, end = 0;
    if (length != 10 &&
        (length != 19 || sscanf(text + 10, "T%2d:%2d:%2d%n", &hour, &minute, &second, &end) != 3 || end != 9))
        return FALSE;
    if (strlen(date) != 10 || !dj_day_parse(date, today) || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59)
        return FALSE;
    *now = g_strdup_printf("%sT%02d:%02d:%02d", date, hour, minute, second);
    return TRUE;
}

static gboolean fix_date(DjApp *app, GError **error)
{
    char *now = NULL;
    if (app->now) {
        if (!dj_app_parse_now(app->now, &now, &app->today))
            return dj_app_usage(app, error, "--now: not a date (YYYY-MM-DD): %s", app->now);
    } else {
        g_autoptr(GTimeZone) zone = g_time_zone_new_offset(SHANGHAI_SECONDS);
        g_autoptr(GDateTime) time = g_date_time_new_now(zone);
        now = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
        app->today = dj_day_from_ymd(g_date_time_get_year(time), g_date_time_get_month(time),
                                     g_date_time_get_day_of_month(time));
    }
    g_free(app->now);
    app->now = now;
    return TRUE;
}

gboolean dj_app_parse(DjApp *app, const char *params, const char *summary, const GOptionEntry *entries, int *argc,
                      char ***argv, GError **error)
{
    int progress_fd = -1; /* for `serve`, which shows the progress of jobs on a page */
    /* Texts are taken as file names, which GLib leaves alone: the locale has no say in what a need says. */
    const GOptionEntry global[] = {
        {"workspace", 'w', 0, G_OPTION_ARG_FILENAME, &app->workspace, "workspace (default: nearest one upward)", "DIR"},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &app->config, "configuration folder", "DIR"},
        {"now", 0, 0, G_OPTION_ARG_FILENAME, &app->now, "day of the run (default: today in Shanghai)", "DATE"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &app->quiet, "no progress", NULL},
        {"progress-fd", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &progress_fd, NULL, NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new(params);
    g_option_context_set_summary(context, summary);
    g_option_context_add_main_entries(context, entries ? entries : global, NULL);
    if (entries) {
        GOptionGroup *group = g_option_group_new("global", "Global Options:", "Show global options", NULL, NULL);
        g_option_group_add_entries(group, global);
        g_option_context_add_group(context, group);
    }
    g_autofree char *program = g_strdup_printf("duijie %s", app->command);
    g_set_prgname(program);
    g_autoptr(GError) why = NULL;
    gboolean ok = g_option_context_parse(context, argc, argv, &why) || dj_app_usage(app, error, "%s", why->message);
    g_set_prgname("duijie");
    /* "--" only separates; GLib leaves it in place */
    if (ok && *argc > 1 && strcmp((*argv)[1], "--") == 0) {
        memmove(*argv + 1, *argv + 2, sizeof(char *) * (gsize)(*argc - 1));
        --*argc;
    }
    if (!ok || !fix_date(app, error))
        return FALSE;
    FILE *lines = progress_fd >= 0 ? fdopen(progress_fd, "w") : NULL;
    app->progress = lines ? dj_progress_new_lines(lines) : dj_progress_new(stderr, app->quiet);
    return TRUE;
}

/* ---- where the configuration is ---- */

static char *folder_of_program(void)
{
    g_autofree char *path = g_file_read_link("/proc/self/exe", NULL);
    return path ? g_path_get_dirname(path) : NULL;
}

char *dj_app_config_folder(const DjApp *app, GError **error)
{
    if (app->config)
        return g_strdup(app->config);
    static const char *const places[] = {"config", "../share/duijie/config"};
    g_autofree char *folder = folder_of_program();
    for (gsize i = 0; folder && i < G_N_ELEMENTS(places); i++) {
        g_autofree char *place = g_build_filename(folder, places[i], NULL);
        g_autofree char *probe = g_build_filename(place, "default.yaml", NULL);
        if (g_file_test(probe, G_FILE_TEST_IS_REGULAR))
            return g_steal_pointer(&place);
    }
    g_set_error_literal(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                        "no configuration found beside the program; name its folder with --config or DUIJIE_CONFIG");
    return NULL;
}
