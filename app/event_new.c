/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event_new.h"

#include "app/event_conflicts.h"
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
    g_auto(GStrv) names = g_strsplit(list, ",", -1);
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

/* Who would come is found from the lists in both directions; then their needs are paired again, deeper than lists go,
 * because much of a list does not attend. Like patents are listed one by one: each has an inventor of its own. */
static DjResultSet *pair_guests(DjSession *session, const DjWishes *wishes, const char *const *chains,
                                const DjEventDraftOptions *draft, GError **error)
{
    enum { DEPTH = 10 }; /* candidates of a need per slot */
    DjMatchOptions match;
    dj_session_match_options(session, 0, NULL, &match);
    DjRecordSource records = dj_session_records(session);
    match.chains = chains;
    match.scoring.min_score = draft->min_score;
    dj_match_options_tie(&match, session->model, session->lexicon);
    match.wishes = wishes;
    match.group = FALSE;
    match.by_patent = TRUE;
    match.explain = FALSE;
    match.top = MAX(match.top, draft->slots);
    g_autoptr(DjResultSet) lists = dj_match(session->corpus, &records, &match, error);
    if (!lists)
        return NULL;
    g_autoptr(GHashTable) needs = dj_event_draft_needs(lists, draft);
    match.only = needs;
    match.by_patent = FALSE;
    match.explain = TRUE;
    match.top = MAX(match.top, draft->slots * DEPTH);
    return dj_match(session->corpus, &records, &match, error);
}

static void print_draft(const DjEventDraft *draft, const DjEventNewOptions *options, int min_score)
{
    static const char *const who[] = {"enterprises", "inventors"};
    printf("draft: %u enterprises, %u inventors, %u pairs; edit %s/EVENT.yaml, then `duijie event plan`\n", draft->n[0],
           draft->n[1], draft->n_pairs, options->out);
    for (guint role = 0; role < 2; role++) {
        guint n = dj_event_draft_short(draft, role, options->min[role]);
        if (n == 0)
            continue;
        printf("of %u %s, %u cannot have %u meeting%s at once:", draft->n[role], who[role], n, options->min[role],
               options->min[role] == 1 ? "" : "s");
        for (guint k = 0; k < options->min[role]; k++) {
            guint here = dj_event_draft_short(draft, role, k + 1) - dj_event_draft_short(draft, role, k);
            if (here > 0)
                printf(" %u can have %u;", here, k);
        }
        printf(" their lines ask for that many; --min-score below %d proposes more pairs\n", min_score);
    }
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
    if (options->chains && !find_chains(session, options->chains, chains, error))
        return DJ_EXIT_USAGE;
    g_autoptr(DjDecided) decided = dj_decided_read(session->workspace->store, G_MAXINT64, error);
    g_autoptr(DjParties) parties = decided ? dj_app_parties(session->workspace, decided, error) : NULL;
    if (!parties)
        return DJ_EXIT_FAILED;
    g_autofree char *today = dj_day_format(app->today);
    DjEventDraftOptions draft_options = {
        .id = options->name,
        .name = options->name,
        .date = options->date ? options->date : today,
        .most = {options->most[0], options->most[1]},
        .min = {options->min[0], options->min[1]},
        .slots = options->slots,
        .tables = options->tables,
        .min_score = options->min_score >= 0 ? options->min_score : session->settings->scoring.min_score,
        .parties = parties,
    };
    g_autoptr(DjResultSet) result = pair_guests(
        session, &decided->wishes, options->chains ? (const char *const *)chains->pdata : NULL, &draft_options, error);
    if (!result)
        return DJ_EXIT_FAILED;
    dj_progress_end_phase(app->progress);
    g_autoptr(DjEventDraft) draft = dj_event_draft(result, &draft_options, error);
    if (!draft)
        return DJ_EXIT_FAILED;
    if (draft->n_pairs == 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "no pairing is good enough for an event of %s: nothing was drafted",
                    options->chains ? options->chains : "all chains");
        return DJ_EXIT_FAILED;
    }
    if (g_mkdir_with_parents(options->out, 0777) != 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: cannot be made", options->out);
        return DJ_EXIT_FAILED;
    }
    if (!write_new(options->out, "EVENT.yaml", draft->yaml, error) ||
        !write_new(options->out, "pairs.csv", draft->pairs_csv, error))
        return DJ_EXIT_FAILED;
    print_draft(draft, options, draft_options.min_score);
    return DJ_EXIT_DONE;
}
