/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/build_identity.h"
#include "app/command.h"
#include "app/session.h"
#include "engine/search/search.h"
#include "indexer/build.h"

#include <stdio.h>

#define SHOWN_PROBLEMS 50 /* all of them are counted */

static void print_problem(const char *text, gpointer user)
{
    guint *n = user;
    if (++*n <= SHOWN_PROBLEMS)
        printf("PROBLEM  %s\n", text);
}

static void print_libraries(void)
{
    g_autofree char *build = dj_build_identity();
    printf("duijie   %s, build %s\n", DUIJIE_VERSION, build);
    printf("sqlite   %s\n", dj_store_library_version());
    printf("xapian   %s\n", dj_search_library_version());
    printf("icu      %s\n", dj_text_library_version());
    printf("glib     %u.%u.%u\n", glib_major_version, glib_minor_version, glib_micro_version);
}

static void print_kernels(const DjSession *session)
{
    const char *set = session->settings->kernel;
    const DjKernelVariant *variant = NULL;
    DjKernelStatus status = dj_kernel_find(set, &variant);
    printf("kernel   %s", status == DJ_KERNEL_OK ? dj_kernel_name(variant) : dj_kernel_status_text(status));
    printf(" (setting run.kernel: %s; here:", set);
    for (const char *const *name = dj_kernel_names(); *name; name++) {
        const DjKernelVariant *other = NULL;
        if (dj_kernel_find(*name, &other) == DJ_KERNEL_OK)
            printf(" %s", *name);
    }
    printf(")\n");
}

static gboolean print_facts(const DjSession *session, GError **error)
{
    printf("facts   ");
    for (int t = 0; t < DJ_N_TABLES; t++) {
        gint64 count = 0;
        if (!dj_store_count(session->workspace->store, (DjTable)t, DJ_POINT_NOW, &count, error))
            return FALSE;
        g_autofree char *number = dj_progress_count((guint64)count);
        printf("%s %s %s", t > 0 ? "," : "", number, dj_table_name((DjTable)t));
    }
    printf("\n");
    return TRUE;
}

/* The generation in force: its files, its model, and whether anything is newer. */
static void check_generation(DjSession *session, guint *n_problems)
{
    g_autoptr(GError) error = NULL;
    DjGeneration generation = {0};
    gboolean found = FALSE;
    if (!dj_store_current_generation(session->workspace->store, &generation, &found, &error)) {
        print_problem(error->message, n_problems);
        return;
    }
    dj_generation_clear(&generation);
    if (!found) {
        printf("index    none yet (`duijie index`)\n");
        return;
    }
    if (!dj_session_load_corpus(session, &error) || !dj_generation_verify(session->corpus->folder, &error)) {
        print_problem(error->message, n_problems);
        return;
    }
    const DjGeneration *g = &session->generation;
    g_autofree char *docs = dj_progress_count(dj_corpus_n_docs(session->corpus));
    printf("index    generation %" G_GINT64_FORMAT ", %s patents and achievements, %.12s, of %s%s\n", g->number, docs,
           g->content_hash, g->recorded_at,
           session->point > session->corpus->point ? "; something was imported since" : "");
    printf("model    %.12s\n", g->model);
}

int dj_cmd_check(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(app, NULL,
                      "Verifies the store (every version of every record) and the generation in force (every\n"
                      "checksum), and shows the versions of everything that results depend on.",
                      NULL, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 1) {
        dj_app_usage(app, error, "takes no arguments");
        return DJ_EXIT_USAGE;
    }
    print_libraries();
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    if (!session)
        return DJ_EXIT_FAILED;
    print_kernels(session);
    printf("taxonomy %s %s, %u chains\n", dj_taxonomy_id(session->taxonomy), dj_taxonomy_version(session->taxonomy),
           dj_taxonomy_n_chains(session->taxonomy));
    printf("gate     %s %s, %u rules\n", session->rules->id, session->rules->version, session->rules->rules->len);
    printf("settings %.12s\n", session->settings_hash);
    guint n_problems = 0;
    g_autoptr(GError) why = NULL;
    if (!dj_store_check(session->workspace->store, print_problem, &n_problems, &why) && why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return DJ_EXIT_FAILED;
    }
    if (!print_facts(session, error))
        return DJ_EXIT_FAILED;
    check_generation(session, &n_problems);
    if (n_problems > 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%u problem%s found", n_problems,
                    n_problems == 1 ? "" : "s");
        return DJ_EXIT_FAILED;
    }
    printf("all is well\n");
    return DJ_EXIT_DONE;
}
