/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_index: the index phase (without training) against Xapian alone on the same terms, in one run, by turns. Ours
 * also reads the facts, analyses the text, files it under chains, embeds it and compiles the term matrix. */
#include "app/session.h"
#include "bench/pipeline/bare_xapian.h"
#include "indexer/build.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_ROUNDS 25

typedef struct {
    double wall, processor; /* seconds; processor time tells more on a busy machine */
} Cost;

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static Cost now(void)
{
    return (Cost){seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID)};
}

static Cost since(Cost start)
{
    Cost end = now();
    return (Cost){end.wall - start.wall, end.processor - start.processor};
}

static void remove_folder(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Builds a new generation of the workspace; its index folder goes to *index (free it). */
static gboolean build(DjSession *session, const DjModel *model, Cost *cost, char **index, GError **error)
{
    DjBuildOptions options = {
        .workspace = session->workspace->folder,
        .model = model,
        .taxonomy = session->taxonomy,
        .settings_hash = session->settings_hash,
        .now = session->app->now,
        .rebuild = TRUE,
        .threads = dj_session_threads(session, 0),
        .flush = session->settings->index_flush,
    };
    DjBuildResult result;
    Cost start = now();
    if (!dj_build(session->workspace->store, &options, &result, error))
        return FALSE;
    *cost = since(start);
    g_autofree char *folder = dj_generation_folder(session->workspace->folder, result.generation);
    *index = g_build_filename(folder, "index", NULL);
    return dj_build_clean(session->workspace->folder, session->workspace->store, error);
}

static gboolean run(DjSession *session, int rounds, guint flush, GError **error)
{
    g_autofree char *hash = dj_store_latest_blob(session->workspace->store, "model", error);
    g_autoptr(GBytes) bytes = hash ? dj_store_get_blob(session->workspace->store, "model", hash, error) : NULL;
    g_autoptr(DjModel) model = bytes ? dj_model_parse(bytes, error) : NULL;
    g_autofree char *scratch = g_build_filename(session->workspace->folder, "bare-index", NULL);
    if (!model)
        return FALSE;
    double wall[MAX_ROUNDS], processor[MAX_ROUNDS];
    BareDocuments *documents = NULL;
    gboolean good = TRUE;
    for (int round = -1; good && round < rounds; round++) { /* round -1 warms caches and gives the terms */
        g_autofree char *index = NULL;
        Cost ours = {0};
        good = build(session, model, &ours, &index, error);
        if (good && !documents)
            good = (documents = bare_documents_load(index)) != NULL;
        if (!good || round < 0)
            continue;
        Cost start = now();
        good = bare_documents_index(documents, scratch, flush);
        Cost bare = since(start);
        remove_folder(scratch);
        wall[round] = ours.wall / bare.wall;
        processor[round] = ours.processor / bare.processor;
        if (round == 0)
            printf("%u documents, %" G_GUINT64_FORMAT " terms of documents\n"
                   "| round | bare wall s | index wall s | ratio | bare cpu s | index cpu s | ratio |\n"
                   "|---|---|---|---|---|---|---|\n",
                   bare_documents_count(documents), bare_documents_postings(documents));
        printf("| %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n", round + 1, bare.wall, ours.wall, wall[round],
               bare.processor, ours.processor, processor[round]);
        fflush(stdout);
    }
    if (good)
        printf("| median | | | %.2f | | | %.2f |\n", median(wall, rounds), median(processor, rounds));
    if (documents)
        bare_documents_free(documents);
    return good;
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 3, flush = argc > 3 ? atoi(argv[3]) : 0;
    if (argc < 2 || argc > 4 || rounds < 1 || rounds > MAX_ROUNDS || flush < 0) {
        fprintf(stderr,
                "usage: bench_index WORKSPACE [ROUNDS [FLUSH]]   (a trained workspace; gets new generations)\n");
        return 2;
    }
    DjApp app = {.workspace = argv[1],
                 .config = (char *)DJ_SOURCE_DIR "/config",
                 .now = (char *)"2026-11-01T00:00:00",
                 .command = "bench_index"};
    g_autoptr(GError) error = NULL;
    g_autoptr(DjSession) session = dj_session_open(&app, DJ_WORKSPACE_JOB, &error);
    if (!session || !run(session, rounds, (guint)flush, &error)) {
        if (error)
            fprintf(stderr, "bench_index: %s\n", error->message);
        return 1;
    }
    return 0;
}
