/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_load: many clients ask the server at once while an index run gives it a new generation. Traffic goes to
 * 127.0.0.1 alone. Each client keeps its connection and asks again as soon as it has its answer. Fails when any request
 * failed, when the server ended, or when a generation that was built was not picked up. */
#include "bench/web/site.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define MOST_SECONDS 1800 /* bound of a run that waits for the index */
#define MOST_TOLD    20   /* errors */

typedef struct {
    Site site;
    int stop; /* read atomically */
    guint n_errors;
} Load;

typedef struct {
    Load *load;
    guint number;
    Client client;
    GArray *times[N_ASKS]; /* double, ms */
} Asker;

static gpointer work(gpointer data)
{
    Asker *asker = data;
    for (guint round = 0; !g_atomic_int_get(&asker->load->stop); round++) {
        Ask kind = ask_kind(round + asker->number);
        gint64 begun = g_get_monotonic_time();
        int status = ask_question(&asker->load->site, &asker->client, kind, asker->number * 131 + round);
        double ms = (double)(g_get_monotonic_time() - begun) / 1000;
        if (status == 200)
            g_array_append_val(asker->times[kind], ms);
        else if (g_atomic_int_add(&asker->load->n_errors, 1) < MOST_TOLD)
            fprintf(stderr, "bench_load: %s: status %d, %s\n", ask_names[kind], status, g_strerror(errno));
    }
    return NULL;
}

/* ---- figures ---- */

static void print_times(const char *name, GArray *times)
{
    g_array_sort(times, compare_doubles);
    if (times->len == 0)
        return;
    printf("%-18s %7u  p50 %7.1f ms  p99 %7.1f ms  most %7.1f ms\n", name, times->len,
           g_array_index(times, double, times->len / 2), g_array_index(times, double, (gsize)times->len * 99 / 100),
           g_array_index(times, double, times->len - 1));
}

static void print_figures(Asker *askers, int n, double seconds)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));
    for (int kind = 0; kind < N_ASKS; kind++) {
        g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
        for (int i = 0; i < n; i++)
            g_array_append_vals(times, askers[i].times[kind]->data, askers[i].times[kind]->len);
        g_array_append_vals(all, times->data, times->len);
        print_times(ask_names[kind], times);
    }
    print_times("all", all);
    printf("%.0f requests a second over %.0f s, %d connections\n", all->len / seconds, seconds, n);
}

/* One index run after the other. */
typedef struct {
    GPid pid; /* 0: none is at work */
    int runs;
    gboolean failed;
} Indexing;

static void start_index(Indexing *indexing, const char *workspace)
{
    char *argv[] = {(char *)DUIJIE_PROGRAM, (char *)"-q",        (char *)"-w", (char *)workspace,
                    (char *)"index",        (char *)"--rebuild", NULL};
    indexing->failed = !g_spawn_async(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                                      NULL, &indexing->pid, NULL);
    if (indexing->failed)
        indexing->pid = 0;
    else
        indexing->runs++;
}

static void look_at_index(Indexing *indexing)
{
    int status;
    if (indexing->pid && waitpid(indexing->pid, &status, WNOHANG) == indexing->pid) {
        indexing->pid = 0;
        indexing->failed = status != 0;
    }
}

/* What the server said of itself while it was asked. */
typedef struct {
    int generation, switches;
    double elapsed, first, most; /* seconds; MiB */
    gboolean gone;
} Watch;

static void look_at_server(Watch *watch, const Site *site, Client *client)
{
    double now = site_memory(site, "VmRSS");
    watch->gone = site_is_gone(site);
    watch->most = MAX(watch->most, now);
    int generation = watch->gone ? 0 : site_generation(client);
    if (generation == 0 || generation == watch->generation)
        return;
    watch->generation = generation;
    watch->switches++;
    printf("generation %d after %.0f s, server at %.0f MiB\n", generation, watch->elapsed, now);
}

/* Asks for at least so many seconds, indexing again and again, until the last index run has ended and its generation is
 * served. */
static gboolean run(Load *load, int n_clients, int seconds)
{
    const Site *site = &load->site;
    Asker *askers = g_new0(Asker, n_clients);
    GThread **threads = g_new0(GThread *, n_clients);
    Client watcher;
    client_init(&watcher, site->port);
    for (int i = 0; i < n_clients; i++) {
        askers[i] = (Asker){.load = load, .number = (guint)i};
        client_init(&askers[i].client, site->port);
        for (int kind = 0; kind < N_ASKS; kind++)
            askers[i].times[kind] = g_array_new(FALSE, FALSE, sizeof(double));
    }
    Watch watch = {.generation = site_generation(&watcher), .first = site_memory(site, "VmRSS")};
    Indexing indexing = {0};
    gint64 begun = g_get_monotonic_time();
    for (int i = 0; i < n_clients; i++)
        threads[i] = g_thread_new("client", work, &askers[i]);
    while (!watch.gone && !indexing.failed && watch.elapsed < MOST_SECONDS) {
        if (!indexing.pid && watch.switches == indexing.runs) {
            if (watch.elapsed >= seconds)
                break;
            start_index(&indexing, site->workspace);
        }
        g_usleep(G_USEC_PER_SEC / 2);
        watch.elapsed = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
        look_at_index(&indexing);
        look_at_server(&watch, site, &watcher);
    }
    g_atomic_int_set(&load->stop, 1);
    for (int i = 0; i < n_clients; i++)
        g_thread_join(threads[i]);
    print_figures(askers, n_clients, watch.elapsed);
    printf("server: %.0f MiB before, %.0f MiB at most, %.0f MiB after; %u errors\n", watch.first, watch.most,
           site_memory(site, "VmRSS"), load->n_errors);
    gboolean served = watch.generation > 0 && watch.switches > 0 && watch.switches == indexing.runs;
    if (watch.gone || indexing.failed || !served)
        fprintf(stderr, "bench_load: %s\n",
                watch.gone        ? "the server ended"
                : indexing.failed ? "an index run failed"
                                  : "a new generation was not served");
    return served && !watch.gone && load->n_errors == 0;
}

int main(int argc, char **argv)
{
    int patents = 45000, seconds = 60, connections = 64;
    g_autofree char *out = NULL;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "folder of the workspace; one that is there is used again", "DIR"},
        {"patents", 0, 0, G_OPTION_ARG_INT, &patents, "records to generate (default 45000)", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "at least (default 60)", "S"},
        {"connections", 0, 0, G_OPTION_ARG_INT, &connections, "clients (default 64)", "N"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !out || connections < 1 || connections > 256 ||
        seconds < 1 || seconds > MOST_SECONDS) {
        fprintf(stderr, "bench_load: %s\n", error ? error->message : "--out DIR is needed; numbers in range");
        return 2;
    }
    Load load = {0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!site_prepare(&load.site, "bench_load", out, patents) || !site_serve(&load.site))
        return 1;
    gboolean ok = run(&load, connections, seconds);
    site_stop(&load.site);
    site_clear(&load.site);
    return ok ? 0 : 1;
}
