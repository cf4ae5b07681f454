/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_load: many clients ask the server at once while an index run gives it a new generation. Traffic goes to
 * 127.0.0.1 alone. Each client keeps its connection and asks again as soon as it has its answer. Fails when any request
 * failed, when the server ended, or when a generation that was built was not picked up. */
#include "engine/store/store.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_QUESTIONS  400
#define MOST_SECONDS 1800 /* bound of a run that waits for the index */
#define MOST_TOLD    20   /* errors */

typedef enum { ASK_API, ASK_FACETS, ASK_PAGE, ASK_PATENT, ASK_SUGGEST, N_KINDS } Kind;
static const char *const kind_names[N_KINDS] = {"query", "query with facets", "ask page", "patent page", "suggest"};
/* Of ten requests. */
static const Kind mix[10] = {ASK_API, ASK_API,    ASK_API,  ASK_FACETS, ASK_PAGE,
                             ASK_API, ASK_PATENT, ASK_PAGE, ASK_API,    ASK_SUGGEST};

typedef struct {
    GPtrArray *texts, *patents;
    guint16 port;
    int stop; /* read atomically */
    guint n_errors;
} Load;

typedef struct {
    Load *load;
    guint number;
    int socket;
    GArray *times[N_KINDS]; /* double, ms */
    GString *buffer;
} Client;

/* ---- HTTP ---- */

static gboolean dial(Client *client)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(client->load->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    client->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return connect(client->socket, (struct sockaddr *)&address, sizeof address) == 0;
}

static gboolean send_all(int socket, const char *bytes, gsize length)
{
    while (length > 0) {
        ssize_t n = send(socket, bytes, length, MSG_NOSIGNAL);
        if (n <= 0)
            return FALSE;
        bytes += n;
        length -= (gsize)n;
    }
    return TRUE;
}

static gboolean more(Client *client)
{
    char bytes[16384];
    ssize_t n = recv(client->socket, bytes, sizeof bytes, 0);
    if (n > 0)
        g_string_append_len(client->buffer, bytes, n);
    return n > 0;
}

/* Status of the answer, 0 when none came; the body is what remains in the buffer. */
static int receive(Client *client)
{
    g_string_truncate(client->buffer, 0);
    char *end;
    while (!(end = strstr(client->buffer->str, "\r\n\r\n")))
        if (!more(client))
            return 0;
    gsize head = (gsize)(end + 4 - client->buffer->str);
    const char *length = strstr(client->buffer->str, "Content-Length: ");
    int status = atoi(client->buffer->str + strlen("HTTP/1.1 "));
    gsize body = length ? g_ascii_strtoull(length + strlen("Content-Length: "), NULL, 10) : 0;
    while (client->buffer->len < head + body)
        if (!more(client))
            return 0;
    g_string_erase(client->buffer, 0, (gssize)head);
    return status;
}

static int ask(Client *client, const char *method, const char *path, const char *type, const char *body)
{
    g_autofree char *request = g_strdup_printf("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n"
                                               "Content-Length: %zu\r\n\r\n%s",
                                               method, path, type, strlen(body), body);
    return send_all(client->socket, request, strlen(request)) ? receive(client) : 0;
}

/* ---- clients ---- */

static int ask_kind(Client *client, Kind kind, guint round)
{
    const Load *load = client->load;
    guint pick = client->number * 131 + round;
    const char *text = load->texts->pdata[pick % load->texts->len];
    g_autofree char *body = NULL, *encoded = NULL;
    switch (kind) {
    case ASK_API:
        body = g_strdup_printf("{\"text\":\"%s\"}", text);
        return ask(client, "POST", "/api/v1/query", "application/json", body);
    case ASK_FACETS:
        body = g_strdup_printf("{\"text\":\"%s\",\"kind\":\"invention\",\"budget\":100000}", text);
        return ask(client, "POST", "/api/v1/query", "application/json", body);
    case ASK_PAGE:
        encoded = g_uri_escape_string(text, NULL, FALSE);
        body = g_strconcat("text=", encoded, NULL);
        return ask(client, "POST", "/", "application/x-www-form-urlencoded", body);
    case ASK_PATENT:
        body = g_strconcat("/patents/", load->patents->pdata[pick % load->patents->len], NULL);
        return ask(client, "GET", body, "text/plain", "");
    default:
        body = g_strdup_printf("{\"text\":\"%.12s\"}", text); /* four Han characters */
        return ask(client, "POST", "/api/v1/suggest", "application/json", body);
    }
}

static gpointer work(gpointer data)
{
    Client *client = data;
    for (guint round = 0; !g_atomic_int_get(&client->load->stop); round++) {
        Kind kind = mix[(round + client->number) % G_N_ELEMENTS(mix)];
        gint64 begun = g_get_monotonic_time();
        int status = client->socket >= 0 || dial(client) ? ask_kind(client, kind, round) : 0;
        double ms = (double)(g_get_monotonic_time() - begun) / 1000;
        if (status == 200) {
            g_array_append_val(client->times[kind], ms);
            continue;
        }
        if (g_atomic_int_add(&client->load->n_errors, 1) < MOST_TOLD)
            fprintf(stderr, "bench_load: %s: status %d, %s\n", kind_names[kind], status, g_strerror(errno));
        if (client->socket >= 0)
            close(client->socket);
        client->socket = -1;
    }
    return NULL;
}

/* ---- the workspace and the server ---- */

static gboolean spawn(char **argv)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    gboolean ok = g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error) &&
                  g_spawn_check_wait_status(status, &error);

    if (!ok)
        fprintf(stderr, "bench_load: %s %s: %s\n", argv[0], argv[3], error->message);
    return ok;
}

static gboolean duijie(const char *workspace, const char *command, const char *table, const char *file)
{
    char *argv[] = {(char *)DUIJIE_PROGRAM, (char *)"-w", (char *)workspace, (char *)command, (char *)table,
                    (char *)file,           NULL};
    return spawn(argv);
}

static gboolean prepare(const char *out, const char *workspace, int patents)
{
    g_autofree char *database = g_build_filename(workspace, "duijie.db", NULL);
    if (g_file_test(database, G_FILE_TEST_EXISTS)) /* from an earlier run */
        return TRUE;
    g_autofree char *n = g_strdup_printf("%d", patents), *from = g_build_filename(out, "patents.csv", NULL),
                    *needs = g_build_filename(out, "needs.csv", NULL);
    g_mkdir_with_parents(out, 0755);
    char *synth[] = {(char *)SYNTH_PROGRAM,
                     (char *)"--patents",
                     n,
                     (char *)"--needs",
                     (char *)"500",
                     (char *)"--enterprises",
                     (char *)"200",
                     (char *)"--seed",
                     (char *)"1",
                     (char *)"--shape",
                     (char *)"hubei",
                     (char *)"--out",
                     (char *)out,
                     NULL};
    return spawn(synth) && duijie(workspace, "init", NULL, NULL) && duijie(workspace, "import", "patents", from) &&
           duijie(workspace, "import", "needs", needs) && duijie(workspace, "train", NULL, NULL) &&
           duijie(workspace, "index", NULL, NULL);
}

static void keep_text(GPtrArray *texts, const char *text)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    for (const char *p = text; *p; p++) /* fit for a JSON string as it stands */
        if ((guchar)*p >= 0x20 && *p != '"' && *p != '\\')
            g_string_append_c(plain, *p);
    g_ptr_array_add(texts, g_strdup(plain->str));
}

static gboolean keep_need(const DjRecord *need, gpointer user)
{
    GPtrArray *texts = user;
    const char *text = dj_record_get(need, DJ_NEED_DESCRIPTION);
    if (text)
        keep_text(texts, text);
    return texts->len < N_QUESTIONS;
}

static gboolean keep_patent(const DjRecord *patent, gpointer user)
{
    GPtrArray *keys = user;
    g_ptr_array_add(keys, g_uri_escape_string(patent->key, NULL, FALSE));
    return keys->len < N_QUESTIONS;
}

static gboolean read_questions(Load *load, const char *workspace)
{
    g_autofree char *path = g_build_filename(workspace, "duijie.db", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjStore) store = dj_store_open(path, DJ_STORE_READ, &error);
    gboolean ok = store && dj_store_each(store, DJ_TABLE_NEED, DJ_POINT_NOW, keep_need, load->texts, &error) &&
                  dj_store_each(store, DJ_TABLE_PATENT, DJ_POINT_NOW, keep_patent, load->patents, &error);
    if (!ok)
        fprintf(stderr, "bench_load: %s\n", error->message);
    return ok && load->texts->len > 0;
}

/* The port from the server's first line. */
static gboolean serve(const char *workspace, const char *log, GPid *pid, guint16 *port)
{
    char *argv[] = {(char *)"/bin/sh",
                    (char *)"-c",
                    (char *)"exec \"$0\" -w \"$1\" serve --listen 127.0.0.1:0 --rate 0 2>\"$2\"",
                    (char *)DUIJIE_PROGRAM,
                    (char *)workspace,
                    (char *)log,
                    NULL};
    int out;
    g_autoptr(GError) error = NULL;
    if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, pid, NULL, &out, NULL,
                                  &error)) {
        fprintf(stderr, "bench_load: %s\n", error->message);
        return FALSE;
    }
    FILE *lines = fdopen(out, "r");
    char line[200];
    const char *colon = lines && fgets(line, sizeof line, lines) ? strrchr(line, ':') : NULL;
    *port = colon ? (guint16)atoi(colon + 1) : 0;
    return *port != 0;
}

static double memory_mib(GPid pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)pid), *text = NULL;
    const char *at = g_file_get_contents(path, &text, NULL, NULL) ? strstr(text, "VmRSS:") : NULL;
    return at ? (double)atol(at + strlen("VmRSS:")) / 1024 : 0;
}

static int generation_of(Client *client)
{
    int status = client->socket >= 0 || dial(client) ? ask(client, "GET", "/healthz", "text/plain", "") : 0;
    const char *at = status == 200 ? strstr(client->buffer->str, "\"generation\":") : NULL;
    return at ? atoi(at + strlen("\"generation\":")) : 0;
}

/* ---- figures ---- */

static gint compare(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *name, GArray *times)
{
    g_array_sort(times, compare);
    if (times->len == 0)
        return;
    printf("%-18s %7u  p50 %7.1f ms  p99 %7.1f ms  most %7.1f ms\n", name, times->len,
           g_array_index(times, double, times->len / 2), g_array_index(times, double, (gsize)times->len * 99 / 100),
           g_array_index(times, double, times->len - 1));
}

static void print_figures(Client *clients, int n, double seconds)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));
    for (int kind = 0; kind < N_KINDS; kind++) {
        g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
        for (int i = 0; i < n; i++)
            g_array_append_vals(times, clients[i].times[kind]->data, clients[i].times[kind]->len);
        g_array_append_vals(all, times->data, times->len);
        print_times(kind_names[kind], times);
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

static void look_at_server(Watch *watch, Client *client, GPid server)
{
    siginfo_t ended = {0};
    double now = memory_mib(server);
    waitid(P_PID, (id_t)server, &ended, WEXITED | WNOHANG | WNOWAIT); /* main waits for it */
    watch->gone = ended.si_pid != 0;
    watch->most = MAX(watch->most, now);
    int generation = watch->gone ? 0 : generation_of(client);
    if (generation == 0 || generation == watch->generation)
        return;
    watch->generation = generation;
    watch->switches++;
    printf("generation %d after %.0f s, server at %.0f MiB\n", generation, watch->elapsed, now);
}

/* Asks for at least so many seconds, indexing again and again, until the last index run has ended and its generation is
 * served. */
static gboolean run(Load *load, const char *workspace, GPid server, int n_clients, int seconds)
{
    Client *clients = g_new0(Client, n_clients + 1);
    GThread **threads = g_new0(GThread *, n_clients);
    for (int i = 0; i <= n_clients; i++) {
        clients[i] = (Client){.load = load, .number = (guint)i, .socket = -1, .buffer = g_string_new(NULL)};
        for (int kind = 0; kind < N_KINDS; kind++)
            clients[i].times[kind] = g_array_new(FALSE, FALSE, sizeof(double));
    }
    Watch watch = {.generation = generation_of(&clients[n_clients]), .first = memory_mib(server)};
    Indexing indexing = {0};
    gint64 begun = g_get_monotonic_time();
    for (int i = 0; i < n_clients; i++)
        threads[i] = g_thread_new("client", work, &clients[i]);
    while (!watch.gone && !indexing.failed && watch.elapsed < MOST_SECONDS) {
        if (!indexing.pid && watch.switches == indexing.runs) {
            if (watch.elapsed >= seconds)
                break;
            start_index(&indexing, workspace);
        }
        g_usleep(G_USEC_PER_SEC / 2);
        watch.elapsed = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
        look_at_index(&indexing);
        look_at_server(&watch, &clients[n_clients], server);
    }
    g_atomic_int_set(&load->stop, 1);
    for (int i = 0; i < n_clients; i++)
        g_thread_join(threads[i]);
    print_figures(clients, n_clients, watch.elapsed);
    printf("server: %.0f MiB before, %.0f MiB at most, %.0f MiB after; %u errors\n", watch.first, watch.most,
           memory_mib(server), load->n_errors);
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
    g_autofree char *workspace = g_build_filename(out, "ws", NULL), *log = g_build_filename(out, "serve.log", NULL);
    Load load = {.texts = g_ptr_array_new(), .patents = g_ptr_array_new()};
    GPid server;
    if (!prepare(out, workspace, patents) || !read_questions(&load, workspace) ||
        !serve(workspace, log, &server, &load.port))
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    gboolean ok = run(&load, workspace, server, connections, seconds);
    kill(server, SIGINT);
    waitpid(server, NULL, 0);
    return ok ? 0 : 1;
}
