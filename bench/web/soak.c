/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_soak: what a day asks of the server, at a steady rate for long, and whether its memory stays flat. A few
 * clients ask questions as anybody and read, decide, sign in and out as an organiser; every few minutes a file is
 * uploaded, checked and imported, an index is built and the lists are made, all through the server. Traffic goes to
 * 127.0.0.1 alone.
 *
 * Memory is flat when the median of the last quarter of the run is at most 5 % above that of the second quarter, for
 * all resident memory and for what is the server's own (RssAnon); the first quarter warms up. Open files are judged
 * alike, with four more allowed. Fails when one is not flat, on any error, when a job fails, or when the server ends.
 */
#include "bench/web/site.h"

#include <stdio.h>
#include <string.h>

#define MOST_TOLD 20 /* errors */
#define FLAT      1.05
#define ROWS      50 /* of an upload */

typedef struct {
    Site site;
    char *bearer;    /* header line of an organiser */
    char *sign_in;   /* form of the same */
    double interval; /* seconds between two requests of one client */
    int stop;        /* read atomically */
    GMutex mutex;    /* of what follows */
    GArray *times;   /* double, ms, of this minute */
    guint n_errors;
} Soak;

/* ---- what a client asks ---- */

static const struct {
    const char *name, *path; /* %s: a need */
} staff_pages[] = {
    {"work page", "/work"},
    {"need page", "/needs/%s"},
    {"pairings page", "/pairings?score=10"},
    {"centre page", "/centre"},
    {"jobs page", "/jobs"},
    {"import page", "/import"},
    {"list of needs", "/api/v1/needs"},
    {"pairings of a need", "/api/v1/needs/%s/pairings"},
    {"list of pairings", "/api/v1/pairings"},
    {"list of decisions", "/api/v1/decisions"},
    {"funnel", "/api/v1/funnel"},
};
enum { DECIDE = G_N_ELEMENTS(staff_pages), SESSION, N_STAFF };

static int read_page(const Soak *soak, Client *client, guint which, guint pick)
{
    const char *need = soak->site.needs->pdata[pick % soak->site.needs->len];
    const char *at = strstr(staff_pages[which].path, "%s");
    g_autofree char *path = at ? g_strdup_printf("%.*s%s%s", (int)(at - staff_pages[which].path),
                                                 staff_pages[which].path, need, at + strlen("%s"))
                               : g_strdup(staff_pages[which].path);
    return client_ask(client, "GET", path, soak->bearer, "");
}

static int decide(const Soak *soak, Client *client, guint pick)
{
    static const char *const kinds[] = {"accept", "reject", "pin", "clear"};
    const Site *site = &soak->site;
    g_autofree char *need = g_uri_unescape_string(site->needs->pdata[pick % site->needs->len], NULL),
                    *patent = g_uri_unescape_string(site->patents->pdata[pick / 7 % site->patents->len], NULL);
    g_autofree char *body = g_strdup_printf("{\"kind\":\"%s\",\"need\":\"%s\",\"patent\":\"%s\",\"note\":\"试\"}",
                                            kinds[pick % G_N_ELEMENTS(kinds)], need, patent);
    g_autofree char *headers = g_strconcat(soak->bearer, CLIENT_JSON, NULL);
    return client_ask(client, "POST", "/api/v1/decisions", headers, body);
}

/* Between two words of the last answer, to be freed; "" when they are not there. */
static char *between(const char *text, const char *before, const char *after)
{
    const char *at = text ? strstr(text, before) : NULL, *end = at ? strstr(at + strlen(before), after) : NULL;
    return end ? g_strndup(at + strlen(before), (gsize)(end - at) - strlen(before)) : g_strdup("");
}

/* As a browser: in, one page, out. */
static int hold_session(const Soak *soak, Client *client)
{
    int status = client_ask(client, "POST", "/signin", CLIENT_FORM, soak->sign_in);
    if (status != 303)
        return status;
    g_autofree char *cookie = between(client->head, "Set-Cookie: ", ";"),
                    *headers = g_strdup_printf("Cookie: %s\r\n" CLIENT_FORM, cookie);
    status = client_ask(client, "GET", "/import", headers, "");
    if (status != 200)
        return status;
    g_autofree char *csrf = between(client->body->str, "name=\"csrf\" value=\"", "\""),
                    *body = g_strconcat("csrf=", csrf, NULL);
    return client_ask(client, "POST", "/signout", headers, body);
}

typedef struct {
    Soak *soak;
    guint number;
} Order;

static int ask(Soak *soak, Client *client, guint number, guint round, const char **name)
{
    guint pick = number * 131 + round, which = round / 2 % N_STAFF;
    if (round % 2 == 0) {
        Ask kind = ask_kind(number + round / 2);
        *name = ask_names[kind];
        return ask_question(&soak->site, client, kind, pick);
    }
    *name = which == DECIDE ? "decision" : which == SESSION ? "session" : staff_pages[which].name;
    return which == DECIDE    ? decide(soak, client, pick)
           : which == SESSION ? hold_session(soak, client)
                              : read_page(soak, client, which, pick);
}

static gpointer work(gpointer data)
{
    const Order *order = data;
    Soak *soak = order->soak;
    Client client;
    client_init(&client, soak->site.port);
    for (guint round = 0; !g_atomic_int_get(&soak->stop); round++) {
        const char *name;
        gint64 begun = g_get_monotonic_time();
        int status = ask(soak, &client, order->number, round, &name);
        double ms = (double)(g_get_monotonic_time() - begun) / 1000;
        gboolean good = status >= 200 && status < 400;
        g_mutex_lock(&soak->mutex);
        g_array_append_val(soak->times, ms);
        guint told = good ? MOST_TOLD : soak->n_errors++;
        g_mutex_unlock(&soak->mutex);
        if (told < MOST_TOLD)
            fprintf(stderr, "bench_soak: %s: status %d %s\n", name, status, client.body->str);
        double pause = soak->interval - ms / 1000;
        if (pause > 0)
            g_usleep((gulong)(pause * G_USEC_PER_SEC));
    }
    client_clear(&client);
    return NULL;
}

/* ---- a file comes, is imported, and lists are made ---- */

typedef enum { REST, CHECK, IMPORT, INDEX, MATCH } Step;
typedef struct {
    Client client;
    Step step;
    guint job; /* of the step */
    int rounds;
    gboolean failed;
} Tender;

/* The same needs with other words each time, so that the workspace changes and does not grow by much. */
static char *upload_of(int round)
{
    GString *body = g_string_new("--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nneeds\r\n--XX\r\n"
                                 "Content-Disposition: form-data; name=\"file\"; filename=\"needs.csv\"\r\n"
                                 "Content-Type: text/csv\r\n\r\n需求编号,需求名称,企业名称,需求描述\r\n");
    for (int i = 0; i < ROWS; i++)
        g_string_append_printf(body, "SOAK-%02d,第 %d 轮需求 %d,试用示例有限公司,要一种第 %d 轮的陶瓷基板\r\n", i,
                               round, i, round);
    g_string_append(body, "\r\n--XX--\r\n");
    return g_string_free(body, FALSE);
}

static guint number_after(const char *text, const char *word)
{
    const char *at = text ? strstr(text, word) : NULL;
    return at ? (guint)g_ascii_strtoull(at + strlen(word), NULL, 10) : 0;
}

static void begin(const Soak *soak, Tender *tender, Step step)
{
    g_autofree char *headers = NULL, *body = NULL, *path = NULL;
    int status, wanted = 303;
    if (step == CHECK) {
        headers = g_strconcat(soak->bearer, "Content-Type: multipart/form-data; boundary=XX\r\n", NULL);
        body = upload_of(++tender->rounds);
        path = g_strdup("/import");
    } else if (step == IMPORT) {
        headers = g_strconcat(soak->bearer, CLIENT_FORM, NULL);
        body = g_strdup("");
        path = g_strdup_printf("/jobs/%u/import", tender->job);
    } else {
        headers = g_strconcat(soak->bearer, CLIENT_JSON, NULL);
        body = g_strdup_printf("{\"kind\":\"%s\"}", step == INDEX ? "index" : "match");
        path = g_strdup("/api/v1/jobs");
        wanted = 202;
    }
    status = client_ask(&tender->client, "POST", path, headers, body);
    tender->job = wanted == 303 ? number_after(tender->client.head, "Location: /jobs/")
                                : number_after(tender->client.body->str, "\"number\":");
    tender->step = step;
    tender->failed = status != wanted || tender->job == 0;
    if (tender->failed)
        fprintf(stderr, "bench_soak: %s: status %d %s\n", path, status, tender->client.body->str);
}

/* Goes on to the next step when the job of this one is done. */
static void look_at_job(const Soak *soak, Tender *tender)
{
    g_autofree char *path = g_strdup_printf("/api/v1/jobs/%u", tender->job);
    int status = client_ask(&tender->client, "GET", path, soak->bearer, "");
    const char *answer = tender->client.body->str;
    if (status == 200 && strstr(answer, "\"state\":\"running\""))
        return;
    tender->failed = status != 200 || !strstr(answer, "\"state\":\"done\"");
    if (tender->failed)
        fprintf(stderr, "bench_soak: job: status %d %s\n", status, answer);
    else if (tender->step == MATCH)
        tender->step = REST;
    else
        begin(soak, tender, tender->step + 1);
}

/* ---- figures ---- */

typedef enum { RESIDENT, OWN, FILES, N_SERIES } Series;
static const char *const series_names[N_SERIES] = {"resident memory", "own memory", "open files"};

static double count_files(const Site *site)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fd", (int)site->server);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    double n = 0;
    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}

static void sample(const Site *site, GArray *series[N_SERIES])
{
    double values[N_SERIES] = {site_memory(site, "VmRSS"), site_memory(site, "RssAnon"), count_files(site)};
    for (int s = 0; s < N_SERIES; s++)
        g_array_append_val(series[s], values[s]);
}

/* The share-th of the values from one place up to another, by size. */
static double quantile(const GArray *values, guint from, guint to, double share)
{
    if (from >= to)
        return 0;
    g_autoptr(GArray) part = g_array_new(FALSE, FALSE, sizeof(double));
    g_array_append_vals(part, &g_array_index(values, double, from), to - from);
    g_array_sort(part, compare_doubles);
    return g_array_index(part, double, (guint)((part->len - 1) * share));
}

static void print_minute(Soak *soak, GArray *series[N_SERIES], guint from, int minute, int generation)
{
    guint to = series[RESIDENT]->len;
    g_mutex_lock(&soak->mutex);
    printf("| %d | %.1f | %.1f | %.0f | %u | %u | %.1f | %.1f | %d |\n", minute,
           quantile(series[RESIDENT], from, to, .5), quantile(series[OWN], from, to, .5),
           quantile(series[FILES], from, to, .5), soak->times->len, soak->n_errors,
           quantile(soak->times, 0, soak->times->len, .5), quantile(soak->times, 0, soak->times->len, .99), generation);
    g_array_set_size(soak->times, 0);
    g_mutex_unlock(&soak->mutex);
}

static gboolean is_flat(GArray *series[N_SERIES])
{
    gboolean flat = TRUE;
    for (int s = 0; s < N_SERIES; s++) {
        guint n = series[s]->len;
        double second = quantile(series[s], n / 4, n / 2, .5), last = quantile(series[s], n - n / 4, n, .5);
        gboolean good = last <= second * FLAT + (s == FILES ? 4 : 0);
        printf("%s: %.1f in the second quarter, %.1f in the last, %+.1f %%, most %.1f: %s\n", series_names[s], second,
               last, second > 0 ? (last / second - 1) * 100 : 0, quantile(series[s], 0, n, 1),
               good ? "flat" : "NOT FLAT");
        flat &= good;
    }
    return flat;
}

/* ---- the run ---- */

/* One round of file, index and lists, before the clients come: pages of pairings have something to show. */
static gboolean first_lists(Soak *soak, Tender *tender)
{
    begin(soak, tender, CHECK);
    while (!tender->failed && tender->step != REST) {
        g_usleep(G_USEC_PER_SEC / 10);
        look_at_job(soak, tender);
    }
    return !tender->failed;
}

static gboolean run(Soak *soak, int n_clients, int minutes, int every)
{
    GArray *series[N_SERIES];
    g_autofree GThread **threads = g_new0(GThread *, n_clients);
    g_autofree Order *orders = g_new0(Order, n_clients);
    Tender tender = {0};
    guint minute_began = 0;
    int minute = 0;
    gboolean gone = FALSE;
    client_init(&tender.client, soak->site.port);
    for (int s = 0; s < N_SERIES; s++)
        series[s] = g_array_new(FALSE, FALSE, sizeof(double));
    if (!first_lists(soak, &tender))
        return FALSE;
    for (int i = 0; i < n_clients; i++) {
        orders[i] = (Order){soak, (guint)i};
        threads[i] = g_thread_new("client", work, &orders[i]);
    }
    puts("| minute | resident MiB | own MiB | open files | requests | errors so far | p50 ms | p99 ms | generation |\n"
         "|---|---|---|---|---|---|---|---|---|");
    gint64 begun = g_get_monotonic_time();
    while (minute < minutes && !tender.failed && !gone) {
        g_usleep(G_USEC_PER_SEC);
        gone = site_is_gone(&soak->site);
        sample(&soak->site, series);
        if (tender.step != REST)
            look_at_job(soak, &tender);
        if (g_get_monotonic_time() - begun < (gint64)(minute + 1) * G_TIME_SPAN_MINUTE)
            continue;
        print_minute(soak, series, minute_began, ++minute, site_generation(&tender.client));
        minute_began = series[RESIDENT]->len;
        if (minute % every == 0 && tender.step == REST && minute < minutes)
            begin(soak, &tender, CHECK);
    }
    g_atomic_int_set(&soak->stop, 1);
    for (int i = 0; i < n_clients; i++)
        g_thread_join(threads[i]);
    if (gone)
        fputs("bench_soak: the server ended\n", stderr);
    gboolean flat = is_flat(series);
    printf("%d rounds of upload, import, index and lists; %u errors\n", tender.rounds, soak->n_errors);
    for (int s = 0; s < N_SERIES; s++)
        g_array_unref(series[s]);
    client_clear(&tender.client);
    return flat && !gone && !tender.failed && soak->n_errors == 0;
}

/* An organiser of this run. */
static gboolean add_user(Soak *soak)
{
    g_autofree char *name = g_strdup_printf("soak-%" G_GINT64_FORMAT, g_get_real_time()), *printed = NULL;
    const char *const words[] = {"user", "add", name, "--role", "organiser", NULL};
    if (!site_command(&soak->site, words, &printed))
        return FALSE;
    char **lines = g_strsplit(g_strstrip(printed), "\n", -1);
    const char *token = lines[g_strv_length(lines) - 1];
    soak->bearer = g_strdup_printf("Authorization: Bearer %s\r\n", token);
    soak->sign_in = g_strdup_printf("token=%s", token);
    g_strfreev(lines);
    return TRUE;
}

int main(int argc, char **argv)
{
    int patents = 5000, minutes = 60, connections = 4, rate = 8, every = 5;
    g_autofree char *out = NULL;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "folder of the workspace; one that is there is used again", "DIR"},
        {"patents", 0, 0, G_OPTION_ARG_INT, &patents, "records to generate (default 5000)", "N"},
        {"minutes", 0, 0, G_OPTION_ARG_INT, &minutes, "how long (default 60)", "N"},
        {"connections", 0, 0, G_OPTION_ARG_INT, &connections, "clients (default 4)", "N"},
        {"rate", 0, 0, G_OPTION_ARG_INT, &rate, "requests a second of all clients (default 8)", "N"},
        {"every", 0, 0, G_OPTION_ARG_INT, &every,
         "minutes between two uploads with import, index and lists (default 5)", "N"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !out || connections < 1 || connections > 256 ||
        minutes < 1 || rate < 1 || every < 1) {
        fprintf(stderr, "bench_soak: %s\n", error ? error->message : "--out DIR is needed; numbers in range");
        return 2;
    }
    Soak soak = {.interval = (double)connections / rate, .times = g_array_new(FALSE, FALSE, sizeof(double))};
    g_mutex_init(&soak.mutex);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!site_prepare(&soak.site, "bench_soak", out, patents) || !add_user(&soak) || !site_serve(&soak.site))
        return 1;
    gboolean ok = run(&soak, connections, minutes, every);
    site_stop(&soak.site);
    site_clear(&soak.site);
    g_free(soak.bearer);
    g_free(soak.sign_in);
    g_array_unref(soak.times);
    return ok ? 0 : 1;
}
