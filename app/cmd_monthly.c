/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/build_identity.h"
#include "app/command.h"
#include "app/month_make.h"
#include "app/month_publish.h"
#include "app/session.h"
#include "engine/model/ident.h"
#include "engine/store/decision.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *out, *as_of, *since, *kernel, *audience;
    int threads;
    gboolean working, timings;
} Arguments;

static void arguments_clear(Arguments *args)
{
    g_free(args->out);
    g_free(args->as_of);
    g_free(args->since);
    g_free(args->kernel);
    g_free(args->audience);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arguments, arguments_clear)

/* First and last day of "YYYY-MM". */
static gboolean parse_month(const char *text, int *first, int *last)
{
    int year, month;
    char end;
    if (strlen(text) != 7 || sscanf(text, "%4d-%2d%c", &year, &month, &end) != 2 || month < 1 || month > 12)
        return FALSE;
    *first = dj_day_from_ymd(year, month, 1);
    *last = dj_day_from_ymd(year + (month == 12), month % 12 + 1, 1) - 1;
    return TRUE;
}

/* The day of the gates: as given, else the month's last day or today, whichever comes first. */
static gboolean choose_day(const DjApp *app, const char *month, const char *as_of, int *day, GError **error)
{
    int first, last;
    g_autofree char *moment = NULL;
    if (!parse_month(month, &first, &last))
        return dj_app_usage(app, error, "not a month (YYYY-MM): %s", month);
    *day = MIN(last, app->today);
    if (as_of && (!dj_app_parse_now(as_of, &moment, day) || strlen(as_of) != 10))
        return dj_app_usage(app, error, "--as-of: not a date (YYYY-MM-DD): %s", as_of);
    if (as_of && (*day < first || *day > last))
        return dj_app_usage(app, error, "--as-of %s does not lie in %s", as_of, month);
    if (*day < first)
        return dj_app_usage(app, error, "%s has not begun yet", month);
    return TRUE;
}

static gboolean note_last(const DjDecision *decision, gpointer user)
{
    gint64 *last = user;
    *last = MAX(*last, decision->id);
    return TRUE;
}

static DjMonthVersion *version_now(DjSession *session, const char *month, int day, gboolean working, GError **error)
{
    DjStore *store = session->workspace->store;
    g_autoptr(DjMonthVersion) version = g_new0(DjMonthVersion, 1);
    version->month = g_strdup(month);
    version->day = day;
    version->as_of = dj_day_format(day);
    version->working = working;
    version->build = dj_build_identity();
    g_autoptr(GError) why = NULL;
    version->model = dj_store_latest_blob(store, "model", &why);
    if (why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return NULL;
    }
    if (!version->model) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "there is no model yet: import patents, then run `duijie index`");
        return NULL;
    }
    if (!dj_store_point_at(store, version->as_of, &version->facts, error) ||
        !dj_store_each_decision(store, version->as_of, note_last, &version->decision, error))
        return NULL;
    if (version->facts == 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "nothing was recorded by %s", version->as_of);
        return NULL;
    }
    version->config = dj_month_config_new(session->bundle, error);
    return version->config ? g_steal_pointer(&version) : NULL;
}

static DjMonthVersion *version_before(DjSession *session, const Arguments *args, const char *month, GError **error)
{
    if (!args->since)
        return dj_month_published_before(session->workspace->store, month, error);
    json_t *manifest = dj_month_manifest_read(args->since, error);
    if (!manifest)
        return NULL;
    g_autofree char *bundle = g_build_filename(args->since, DJ_MONTH_SETTINGS, NULL);
    g_autoptr(DjMonthVersion) before = dj_month_version_read(manifest, bundle, session->workspace->store, error);
    json_decref(manifest);
    if (before && strcmp(before->month, month) >= 0) {
        dj_app_usage(session->app, error, "--since: %s is of %s, which is not before %s", args->since, before->month,
                     month);
        return NULL;
    }
    return g_steal_pointer(&before);
}

static void print_summary(const DjMonthSummary *s, const DjMonthVersion *now, const DjMonthVersion *before,
                          const char *folder)
{
    printf("%s, facts to %s: %u pairings of %u needs and %u patents\n", now->month, now->as_of, s->n_pairings,
           s->n_needs, s->n_patents);
    if (!now->working && s->n_pairings == 0)
        printf("note: patents with conditions still to be checked are left out of monthly lists; --working shows "
               "them\n");
    printf("since %s: %u new, %u kept, %u up, %u down, %u gone (%u runs of the matching)\n",
           before ? before->month : "(no month before)", s->n_changes[0], s->n_changes[1], s->n_changes[2],
           s->n_changes[3], s->n_changes[4], s->n_runs);
    printf("coverage: %u of %u enterprises; %u pages, %u of enterprises; %u recommendations to push\n", s->n_covered,
           s->n_owed, s->n_pages, s->n_enterprise_pages, s->n_pushes);
    printf("certificate: points of the pages %" G_GINT64_FORMAT ", bound by prices %" G_GINT64_FORMAT
           ", gap %" G_GINT64_FORMAT "; %u recommendations missing, lists deepened %u times\n",
           s->points, s->points + s->gap, s->gap, s->n_missing, s->n_rounds);
    for (guint i = 0; i < s->floors->len; i++) {
        g_autofree char *note = dj_floor_note(s->floors->pdata[i]);
        if (*note)
            printf("  %s\n", note);
    }
    g_autofree char *absolute = g_canonicalize_filename(folder, NULL);
    printf("Folder: %s\n", absolute);
}

static int make(DjApp *app, const Arguments *args, const char *month, DjAudience audience, GError **error)
{
    int day;
    if (!choose_day(app, month, args->as_of, &day, error))
        return DJ_EXIT_USAGE;
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    g_autoptr(DjMonthVersion) now = session ? version_now(session, month, day, args->working, error) : NULL;
    if (!now)
        return DJ_EXIT_FAILED;
    g_autoptr(GError) why = NULL;
    g_autoptr(DjMonthVersion) before = version_before(session, args, month, &why);
    if (why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return dj_app_exit_code(*error);
    }
    const char *kernel = args->kernel ? args->kernel : session->settings->kernel;
    g_autoptr(DjMonthRunner) runner =
        dj_month_runner_new(session->workspace, app, dj_session_threads(session, args->threads),
                            strcmp(kernel, "auto") == 0 ? NULL : kernel);
    g_autoptr(DjTimings) timings = args->timings ? dj_timings_new() : NULL;
    dj_month_runner_time(runner, timings);
    g_auto(DjMonthSummary) summary = {0};
    if (!dj_month_make(runner, session->workspace, now, before, audience, args->out, &summary, error))
        return DJ_EXIT_FAILED;
    dj_progress_end_phase(app->progress);
    print_summary(&summary, now, before, args->out);
    g_autofree char *spent = timings ? dj_timings_text(timings) : NULL;
    if (spent)
        fputs(spent, stderr);
    return DJ_EXIT_DONE;
}

static int publish(DjApp *app, const char *folder, GError **error)
{
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_WRITE, error);
    guint added = 0, known = 0;
    if (!workspace || !dj_month_publish(workspace->store, folder, app->now, &added, &known, error))
        return DJ_EXIT_FAILED;
    printf("%u recommendations recorded as pushed", added);
    if (known > 0)
        printf(", %u were recorded before", known);
    printf("\n");
    return DJ_EXIT_DONE;
}

int dj_cmd_monthly(DjApp *app, int argc, char **argv, GError **error)
{
    g_auto(Arguments) args = {0};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &args.out, "folder for the month (made, or replaced if it is one)",
         "FOLDER"},
        {"as-of", 0, 0, G_OPTION_ARG_FILENAME, &args.as_of,
         "facts recorded by the end of this day (default: end of the month, or today)", "DATE"},
        {"since", 0, 0, G_OPTION_ARG_FILENAME, &args.since,
         "folder of the month to compare with (default: the one published last before it)", "FOLDER"},
        {"working", 0, 0, G_OPTION_ARG_NONE, &args.working,
         "keep pairings with conditions that are still to be checked", NULL},
        {"audience", 'a', 0, G_OPTION_ARG_FILENAME, &args.audience, "organiser (default) or centre", "AUDIENCE"},
        {"threads", 't', 0, G_OPTION_ARG_INT, &args.threads, "workers (default: setting run.threads)", "N"},
        {"timings", 0, 0, G_OPTION_ARG_NONE, &args.timings, "print what each phase took to standard error", NULL},
        {"kernel", 'k', 0, G_OPTION_ARG_FILENAME, &args.kernel, "instruction set (default: setting run.kernel)",
         "NAME"},
        G_OPTION_ENTRY_NULL};
    DjAudience audience = DJ_AUDIENCE_ORGANISER;
    if (!dj_app_parse(app, "YYYY-MM | publish FOLDER",
                      "Writes the lists of a month, pages for each enterprise and institution, coverage, and what\n"
                      "changed since the month before and why; `duijie verify` makes it again. `publish` records its\n"
                      "recommendations as pushed. Public lists are made by `duijie match --published`.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc == 3 && strcmp(argv[1], "publish") == 0)
        return publish(app, argv[2], error);
    if (args.audience && (!dj_audience_parse(args.audience, &audience) ||
                          (audience != DJ_AUDIENCE_ORGANISER && audience != DJ_AUDIENCE_CENTRE)))
        dj_app_usage(app, error, "--audience: a month names enterprises, so it is for organiser or centre: %s",
                     args.audience);
    else if (argc != 2)
        dj_app_usage(app, error, "a month (YYYY-MM), or publish and a folder, is wanted");
    else if (!args.out)
        dj_app_usage(app, error, "--out FOLDER is missing: where shall the month go?");
    else if (args.threads < 0)
        dj_app_usage(app, error, "--threads: must not be negative");
    else if (dj_session_check_kernel(app, args.kernel, error))
        return make(app, &args, argv[1], audience, error);
    return DJ_EXIT_USAGE;
}
