/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"
#include "engine/report/pairing_text.h"

#include <stdio.h>
#include <string.h>

static DjRecord *fetch(DjSession *session, DjTable table, const char *key, gint64 point, GError **error)
{
    g_autoptr(DjRecord) record = dj_record_new(table);
    gboolean found = FALSE;
    if (!dj_store_get(session->workspace->store, table, key, point, record, &found, error))
        return NULL;
    if (!found)
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "%s is not in the index yet: it was imported after the last `duijie index`", key);
    return found ? g_steal_pointer(&record) : NULL;
}

static void print_why(const DjWhy *why, const DjMatchOptions *options)
{
    if (why->listed)
        printf("结论：在该需求的清单上，第 %u 位（每条需求至多列 %u 件）\n", why->rank, options->top);
    else
        printf("结论：不在该需求的清单上。%s\n", why->reason ? why->reason : "");
    if (!why->listed && why->points_missing > 0)
        printf("距清单末位差 %" G_GINT64_FORMAT " 点\n", why->points_missing);
    if (why->pairing->rank > 0)
        printf("不计许可条件时排第 %u 位\n", why->pairing->rank);
}

static const char *chain_name(const DjSession *session, const char *id)
{
    for (guint i = 0; i < dj_taxonomy_n_chains(session->taxonomy); i++) {
        DjChain chain = dj_taxonomy_chain(session->taxonomy, i);
        if (g_strcmp0(chain.id, id) == 0)
            return chain.name;
    }
    return "未归链";
}

int dj_cmd_why(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *audience_name = NULL, *kernel = NULL;
    int top = 0;
    const GOptionEntry entries[] = {
        {"audience", 'a', 0, G_OPTION_ARG_FILENAME, &audience_name,
         "public (default), participant, owner, organiser or centre", "AUDIENCE"},
        {"top", 'n', 0, G_OPTION_ARG_INT, &top, "length of the list that is spoken of (default: setting list.top)",
         "N"},
        {"kernel", 'k', 0, G_OPTION_ARG_FILENAME, &kernel, "instruction set (default: setting run.kernel)", "NAME"},
        G_OPTION_ENTRY_NULL};
    DjAudience audience = DJ_AUDIENCE_PUBLIC;
    if (!dj_app_parse(app, "PATENT NEED",
                      "Explains a pairing: its rank and points with the words that they come from, the conditions of\n"
                      "the gate, and what kept it off the list if it is not there.",
                      entries, &argc, &argv, error) ||
        !dj_session_check_kernel(app, kernel, error))
        return DJ_EXIT_USAGE;
    if (argc != 3 || top < 0 || (audience_name && !dj_audience_parse(audience_name, &audience))) {
        dj_app_usage(app, error,
                     argc != 3 ? "a patent and a need are wanted"
                     : top < 0 ? "--top: must not be negative"
                               : "--audience: unknown audience");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    g_autofree char *patent_key = NULL, *need_key = NULL;
    if (!session || !dj_session_load_corpus(session, error) ||
        !dj_session_find_pair(session, argv + 1, &patent_key, &need_key, error))
        return DJ_EXIT_FAILED;
    g_autoptr(DjRecord) patent = fetch(session, DJ_TABLE_PATENT, patent_key, session->corpus->point, error);
    g_autoptr(DjRecord) need = patent ? fetch(session, DJ_TABLE_NEED, need_key, session->point, error) : NULL;
    if (!need)
        return DJ_EXIT_FAILED;
    DjMatchOptions options;
    dj_session_match_options(session, 0, kernel, &options);
    options.top = top > 0 ? (guint)top : options.top;
    DjRecordSource records = dj_session_records(session);
    DjWhy why = {0};
    gboolean ok = dj_match_why(session->corpus, &records, &options, patent_key, need_key, &why, error);
    if (ok) {
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(DjQuality) quality = dj_quality_judge(session->criteria, patent, app->today);
        dj_pairing_text(out, audience, why.pairing, need, patent, NULL, quality,
                        chain_name(session, why.pairing->chain), app->today);
        dj_progress_end_phase(app->progress);
        fputs(out->str, stdout);
        print_why(&why, &options);
    }
    dj_why_clear(&why);
    return ok ? DJ_EXIT_DONE : DJ_EXIT_FAILED;
}
