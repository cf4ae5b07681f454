/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"
#include "engine/report/lists.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *out, *direction, *kernel, *audience;
    char **chains;
    int top, threads;
    gboolean published, ungrouped;
} Arguments;

static void arguments_clear(Arguments *args)
{
    g_free(args->out);
    g_free(args->direction);
    g_free(args->kernel);
    g_free(args->audience);
    g_strfreev(args->chains);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Arguments, arguments_clear)

static gboolean check_arguments(const DjApp *app, const Arguments *args, int argc, char **argv, DjAudience *audience,
                                GError **error)
{
    if (argc > 1)
        return dj_app_usage(app, error, "unexpected argument: %s", argv[1]);
    if (!args->out)
        return dj_app_usage(app, error, "--out FOLDER is missing: where shall the lists go?");
    if (args->top < 0 || args->top > 10000)
        return dj_app_usage(app, error, "--top: must lie between 1 and 10000");
    if (args->threads < 0)
        return dj_app_usage(app, error, "--threads: must not be negative");
    if (args->audience && !dj_audience_parse(args->audience, audience))
        return dj_app_usage(app, error, "--audience: must be public, participant, owner, organiser or centre: %s",
                            args->audience);
    return dj_session_check_kernel(app, args->kernel, error);
}

static gboolean set_direction(const DjApp *app, const char *direction, DjMatchOptions *options, GError **error)
{
    if (!direction)
        return TRUE;
    gboolean both = strcmp(direction, "both") == 0;
    options->by_need = both || strcmp(direction, "need") == 0;
    options->by_patent = both || strcmp(direction, "patent") == 0;
    return options->by_need || options->by_patent ||
           dj_app_usage(app, error, "--direction: must be need, patent or both: %s", direction);
}

/* Ids of the chains that a person named by id, name or alias. */
static gboolean find_chains(const DjSession *session, char **names, GPtrArray *ids, GError **error)
{
    for (char **name = names; name && *name; name++) {
        guint chain;
        if (!dj_taxonomy_find(session->taxonomy, *name, &chain)) {
            dj_app_usage(session->app, error, "--chain: %s has no chain \"%s\"; `duijie chains` lists them",
                         dj_taxonomy_id(session->taxonomy), *name);
            return FALSE;
        }
        g_ptr_array_add(ids, (gpointer)dj_taxonomy_chain(session->taxonomy, chain).id);
    }
    g_ptr_array_add(ids, NULL);
    return TRUE;
}

/* A folder that cannot be made is better told before the work than after it. */
static gboolean can_write(const char *out, GError **error)
{
    g_autofree char *folder = g_canonicalize_filename(out, NULL);
    g_autofree char *parent = g_path_get_dirname(folder);
    if (g_access(parent, W_OK) == 0)
        return TRUE;
    int why = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "--out %s: %s: %s", out, parent, g_strerror(why));
    return FALSE;
}

static void note_newer_facts(const DjSession *session)
{
    if (session->point > session->corpus->point)
        fprintf(stderr, "note: something was imported after the last `duijie index`; patents are matched as they were "
                        "indexed, needs and enterprises as they are now\n");
}

int dj_cmd_match(DjApp *app, int argc, char **argv, GError **error)
{
    g_auto(Arguments) args = {0};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &args.out, "folder for the lists (made, or replaced if it holds lists)",
         "FOLDER"},
        {"chain", 'c', 0, G_OPTION_ARG_FILENAME_ARRAY, &args.chains,
         "only this chain, by id or name; may be given more than once", "CHAIN"},
        {"top", 'n', 0, G_OPTION_ARG_INT, &args.top, "longest list (default: setting list.top)", "N"},
        {"direction", 'd', 0, G_OPTION_ARG_FILENAME, &args.direction,
         "need: patents for each need (default); patent: needs for each patent; both", "DIRECTION"},
        {"audience", 'a', 0, G_OPTION_ARG_FILENAME, &args.audience,
         "public (default), participant, owner, organiser or centre", "AUDIENCE"},
        {"ungrouped", 0, 0, G_OPTION_ARG_NONE, &args.ungrouped,
         "list every member of a patent family and every near-duplicate (setting list.group)", NULL},
        {"published", 0, 0, G_OPTION_ARG_NONE, &args.published,
         "leave out pairings with conditions that are still to be checked", NULL},
        {"threads", 't', 0, G_OPTION_ARG_INT, &args.threads, "workers (default: setting run.threads)", "N"},
        {"kernel", 'k', 0, G_OPTION_ARG_FILENAME, &args.kernel, "instruction set (default: setting run.kernel)",
         "NAME"},
        G_OPTION_ENTRY_NULL};
    DjAudience audience = DJ_AUDIENCE_PUBLIC;
    if (!dj_app_parse(app, NULL,
                      "Compares every need with every patent that passes the gate and writes the ranked pairings per\n"
                      "industry chain: XLSX, CSV, JSON Lines and printable pages, for one audience.",
                      entries, &argc, &argv, error) ||
        !check_arguments(app, &args, argc, argv, &audience, error))
        return DJ_EXIT_USAGE;

    if (!can_write(args.out, error))
        return DJ_EXIT_FAILED;
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_WRITE, error);
    if (!session || !dj_session_load_corpus(session, error))
        return DJ_EXIT_FAILED;
    DjMatchOptions options;
    dj_session_match_options(session, args.threads, args.kernel, &options);
    g_autoptr(GPtrArray) chains = g_ptr_array_new();
    if (!set_direction(app, args.direction, &options, error) || !find_chains(session, args.chains, chains, error))
        return DJ_EXIT_USAGE;
    options.chains = args.chains ? (const char *const *)chains->pdata : NULL;
    options.top = args.top > 0 ? (guint)args.top : options.top;
    options.published = args.published;
    options.group = options.group && !args.ungrouped;
    note_newer_facts(session);

    DjRecordSource records = dj_session_records(session);
    g_autoptr(DjResultSet) result = dj_match(session->corpus, &records, &options, error);
    if (!result || !dj_session_keep_settings(session, error))
        return DJ_EXIT_FAILED;
    dj_session_sign(session, result);
    DjListsOptions lists = {.xlsx_rows = session->settings->rows_per_file};
    if (!dj_lists_write(result, audience, args.out, &lists, error))
        return DJ_EXIT_FAILED;
    dj_progress_end_phase(app->progress);

    guint with_pairings = 0;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < result->pairings->len; i++)
        with_pairings += g_hash_table_add(seen, ((DjPairing *)result->pairings->pdata[i])->chain);
    g_autofree char *count = dj_progress_count(result->pairings->len);
    g_autofree char *absolute = g_canonicalize_filename(args.out, NULL);
    printf("%s pairings of %u needs and %u patents in %u chains, for audience %s\n", count,
           g_hash_table_size(result->needs), g_hash_table_size(result->patents), with_pairings,
           dj_audience_name(audience));
    if (result->pairings->len == 0)
        printf("note: no pairing reached what lists begin with (settings list.min_score %d and list.adequate %d); are "
               "there needs?\n",
               result->min_score, result->min_permille);
    printf("Lists: %s\n", absolute);
    return DJ_EXIT_DONE;
}
