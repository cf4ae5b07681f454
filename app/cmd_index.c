/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/jobs.h"
#include "indexer/build.h"

#include <stdio.h>

static gboolean build(DjSession *session, gboolean rebuild, int threads, GError **error)
{
    DjBuildOptions options = {
        .workspace = session->workspace->folder,
        .model = session->model,
        .taxonomy = session->taxonomy,
        .settings_hash = session->settings_hash,
        .now = session->app->now,
        .rebuild = rebuild,
        .threads = dj_session_threads(session, threads),
        .flush = session->settings->index_flush,
        .progress = dj_progress_tell,
        .progress_user = session->app->progress,
    };
    DjBuildResult result = {0};
    if (!dj_build(session->workspace->store, &options, &result, error))
        return FALSE;
    dj_progress_end_phase(session->app->progress);
    if (result.unchanged) {
        printf("nothing to do: generation %" G_GINT64_FORMAT " holds everything\n", result.generation);
        return TRUE;
    }
    g_autofree char *docs = dj_progress_count(result.n_docs);
    g_autofree char *terms = dj_progress_count(result.n_terms);
    g_autofree char *postings = dj_progress_count(result.n_postings);
    printf("generation %" G_GINT64_FORMAT ": %s patents and achievements, %s terms, %s postings\n", result.generation,
           docs, terms, postings);
    return dj_build_clean(session->workspace->folder, session->workspace->store, error);
}

int dj_cmd_index(DjApp *app, int argc, char **argv, GError **error)
{
    gboolean rebuild = FALSE;
    int threads = 0;
    const GOptionEntry entries[] = {
        {"rebuild", 0, 0, G_OPTION_ARG_NONE, &rebuild, "build although nothing changed", NULL},
        {"threads", 't', 0, G_OPTION_ARG_INT, &threads, "workers (default: setting run.threads)", "N"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(
            app, NULL,
            "Builds a generation: the inverted index and the term matrix of all patents and achievements.\n"
            "The generation in force stays until the new one is complete. Trains a model where there is none.",
            entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 1 || threads < 0) {
        dj_app_usage(app, error, argc > 1 ? "takes no arguments" : "--threads: must not be negative");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_JOB, error);
    gint64 n_patents = 0;
    if (!session || !dj_store_count(session->workspace->store, DJ_TABLE_PATENT, DJ_POINT_NOW, &n_patents, error))
        return DJ_EXIT_FAILED;
    if (n_patents == 0) {
        g_set_error(
            error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
            "there is nothing to index: no patent or achievement was imported yet (`duijie import patents FILE`)");
        return DJ_EXIT_FAILED;
    }
    g_autoptr(GError) why = NULL;
    g_autofree char *model = dj_store_latest_blob(session->workspace->store, "model", &why);
    if (why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return DJ_EXIT_FAILED;
    }
    if (!dj_session_keep_settings(session, error) || (!model && !dj_job_train(session, threads, &model, error)) ||
        !dj_session_load_model(session, model, error) || !build(session, rebuild, threads, error))
        return DJ_EXIT_FAILED;
    return DJ_EXIT_DONE;
}
