/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event_new.h"

#include "app/session.h"
#include "engine/model/ident.h"
#include "engine/report/event_draft.h"

#include <stdio.h>
#include <string.h>

/* Somebody may have edited the draft already: it is never written over. */
static gboolean write_new(const char *folder, const char *name, const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s exists; choose another --out", path);
        return FALSE;
    }
    return g_file_set_contents(path, text, -1, error);
}

static gboolean find_chains(const DjSession *session, const char *list, GPtrArray *ids, GError **error)
{
    g_auto(GStrv) names = g_strsplit(list ? list : "", ",", -1);
    for (char **name = names; *name; name++) {
        guint chain;
        g_strstrip(*name);
        if (!dj_taxonomy_find(session->taxonomy, *name, &chain))
            return dj_app_usage(session->app, error, "--chains: no chain \"%s\"; `duijie chains` lists them", *name);
        g_ptr_array_add(ids, (gpointer)dj_taxonomy_chain(session->taxonomy, chain).id);
    }
    g_ptr_array_add(ids, NULL);
    return TRUE;
}

int dj_app_event_new(DjApp *app, const DjEventNewOptions *options, GError **error)
{
    int day;
    if (options->date && (strlen(options->date) != 10 || !dj_day_parse(options->date, &day))) {
        dj_app_usage(app, error, "--date: not a date (YYYY-MM-DD): %s", options->date);
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    if (!session || !dj_session_load_corpus(session, error))
        return DJ_EXIT_FAILED;
    g_autoptr(GPtrArray) chains = g_ptr_array_new();
    if (!find_chains(session, options->chains, chains, error))
        return DJ_EXIT_USAGE;
    DjMatchOptions match;
    dj_session_match_options(session, 0, NULL, &match);
    match.chains = options->chains ? (const char *const *)chains->pdata : NULL;
    match.explain = TRUE;
    DjRecordSource records = dj_session_records(session);
    g_autoptr(DjResultSet) result = dj_match(session->corpus, &records, &match, error);
    if (!result)
        return DJ_EXIT_FAILED;
    dj_progress_end_phase(app->progress);
    g_autofree char *today = dj_day_format(app->today);
    DjEventDraftOptions draft_options = {.id = options->name,
                                         .name = options->name,
                                         .date = options->date ? options->date : today,
                                         .max_demand = options->max_demand,
                                         .max_supply = options->max_supply,
                                         .slots = options->slots,
                                         .tables = options->tables};
    g_autoptr(DjEventDraft) draft = dj_event_draft(result, &draft_options);
    if (g_mkdir_with_parents(options->out, 0777) != 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: cannot be made", options->out);
        return DJ_EXIT_FAILED;
    }
    if (!write_new(options->out, "EVENT.yaml", draft->yaml, error) ||
        !write_new(options->out, "pairs.csv", draft->pairs_csv, error))
        return DJ_EXIT_FAILED;
    printf("draft: %u enterprises, %u inventors, %u pairs; edit %s/EVENT.yaml, then `duijie event plan`\n",
           draft->n_demand, draft->n_supply, draft->n_pairs, options->out);
    return DJ_EXIT_DONE;
}
