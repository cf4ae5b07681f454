/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/web/site.h"

#include "engine/store/store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define N_QUESTIONS 400

/* ---- the workspace ---- */

static gboolean spawn(const Site *site, const char *const *argv, char **printed)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    gboolean ok =
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, printed, NULL, &status, &error) &&
        g_spawn_check_wait_status(status, &error);
    if (!ok) {
        g_autofree char *line = g_strjoinv(" ", (char **)argv);
        fprintf(stderr, "%s: %s: %s\n", site->bench, line, error->message);
    }
    return ok;
}

gboolean site_command(const Site *site, const char *const *words, char **printed)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    static const char *const start[] = {DUIJIE_PROGRAM, "-w"};
    g_ptr_array_add(argv, (gpointer)start[0]);
    g_ptr_array_add(argv, (gpointer)start[1]);
    g_ptr_array_add(argv, site->workspace);
    for (; *words; words++)
        g_ptr_array_add(argv, (gpointer)*words);
    g_ptr_array_add(argv, NULL);
    return spawn(site, (const char *const *)argv->pdata, printed);
}

static gboolean make(const Site *site, int patents)
{
    g_autofree char *database = g_build_filename(site->workspace, "duijie.db", NULL);
    if (g_file_test(database, G_FILE_TEST_EXISTS)) /* from an earlier run */
        return TRUE;
    g_autofree char *n = g_strdup_printf("%d", patents), *from = g_build_filename(site->out, "patents.csv", NULL),
                    *needs = g_build_filename(site->out, "needs.csv", NULL);
    const char *const synth[] = {SYNTH_PROGRAM, "--patents", n,         "--needs", "500",   "--enterprises", "200",
                                 "--seed",      "1",         "--shape", "hubei",   "--out", site->out,       NULL};
    const char *const steps[][4] = {
        {"init"}, {"import", "patents", from}, {"import", "needs", needs}, {"train"}, {"index"}};
    gboolean ok = g_mkdir_with_parents(site->out, 0755) == 0 && spawn(site, synth, NULL);
    for (gsize i = 0; ok && i < G_N_ELEMENTS(steps); i++)
        ok = site_command(site, steps[i], NULL);
    return ok;
}

static char *plain(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p++) /* fit for a JSON string as it stands */
        if ((guchar)*p >= 0x20 && *p != '"' && *p != '\\')
            g_string_append_c(out, *p);
    return g_string_free(out, FALSE);
}

static gboolean keep_need(const DjRecord *need, gpointer user)
{
    Site *site = user;
    const char *text = dj_record_get(need, DJ_NEED_DESCRIPTION);
    if (text) {
        g_ptr_array_add(site->texts, plain(text));
        g_ptr_array_add(site->needs, g_uri_escape_string(need->key, NULL, FALSE));
    }
    return site->texts->len < N_QUESTIONS;
}

static gboolean keep_patent(const DjRecord *patent, gpointer user)
{
    Site *site = user;
    g_ptr_array_add(site->patents, g_uri_escape_string(patent->key, NULL, FALSE));
    return site->patents->len < N_QUESTIONS;
}

gboolean site_prepare(Site *site, const char *bench, const char *out, int patents)
{
    *site = (Site){.bench = bench,
                   .out = g_strdup(out),
                   .workspace = g_build_filename(out, "ws", NULL),
                   .texts = g_ptr_array_new_with_free_func(g_free),
                   .patents = g_ptr_array_new_with_free_func(g_free),
                   .needs = g_ptr_array_new_with_free_func(g_free)};
    if (!make(site, patents))
        return FALSE;
    g_autofree char *path = g_build_filename(site->workspace, "duijie.db", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjStore) store = dj_store_open(path, DJ_STORE_READ, &error);
    if (store && dj_store_each(store, DJ_TABLE_NEED, DJ_POINT_NOW, keep_need, site, &error) &&
        dj_store_each(store, DJ_TABLE_PATENT, DJ_POINT_NOW, keep_patent, site, &error))
        return site->texts->len > 0 && site->patents->len > 0;
    fprintf(stderr, "%s: %s\n", bench, error->message);
    return FALSE;
}

/* ---- the server ---- */

gboolean site_serve(Site *site)
{
    g_autofree char *log = g_build_filename(site->out, "serve.log", NULL);
    const char *const argv[] = {"/bin/sh",
                                "-c",
                                "exec \"$0\" -w \"$1\" serve --listen 127.0.0.1:0 --rate 0 2>\"$2\"",
                                DUIJIE_PROGRAM,
                                site->workspace,
                                log,
                                NULL};
    int out;
    g_autoptr(GError) error = NULL;
    if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &site->server, NULL,
                                  &out, NULL, &error)) {
        fprintf(stderr, "%s: %s\n", site->bench, error->message);
        return FALSE;
    }
    FILE *lines = fdopen(out, "r"); /* the port stands in the first line; open for as long as the server may write */
    char line[200];
    const char *colon = lines && fgets(line, sizeof line, lines) ? strrchr(line, ':') : NULL;
    site->port = colon ? (guint16)atoi(colon + 1) : 0;
    if (site->port == 0)
        fprintf(stderr, "%s: the server did not start: %s\n", site->bench, log);
    return site->port != 0;
}

void site_stop(Site *site)
{
    kill(site->server, SIGINT);
    waitpid(site->server, NULL, 0);
}

void site_clear(Site *site)
{
    g_free(site->out);
    g_free(site->workspace);
    g_ptr_array_unref(site->texts);
    g_ptr_array_unref(site->patents);
    g_ptr_array_unref(site->needs);
}

gboolean site_is_gone(const Site *site)
{
    siginfo_t ended = {0};
    waitid(P_PID, (id_t)site->server, &ended, WEXITED | WNOHANG | WNOWAIT); /* site_stop waits for it */
    return ended.si_pid != 0;
}

double site_memory(const Site *site, const char *what)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)site->server), *text = NULL,
                    *start = g_strconcat("\n", what, ":", NULL);
    const char *at = g_file_get_contents(path, &text, NULL, NULL) ? strstr(text, start) : NULL;
    return at ? (double)atol(at + strlen(start)) / 1024 : 0;
}

int site_generation(Client *client)
{
    int status = client_ask(client, "GET", "/healthz", "", "");
    const char *at = status == 200 ? strstr(client->body->str, "\"generation\":") : NULL;
    return at ? atoi(at + strlen("\"generation\":")) : 0;
}

/* ---- questions ---- */

const char *const ask_names[N_ASKS] = {"query", "query with facets", "ask page", "patent page", "suggest"};

Ask ask_kind(guint round)
{
    static const Ask mix[] = {ASK_API, ASK_API,    ASK_API,  ASK_FACETS, ASK_PAGE,
                              ASK_API, ASK_PATENT, ASK_PAGE, ASK_API,    ASK_SUGGEST};
    return mix[round % G_N_ELEMENTS(mix)];
}

int ask_question(const Site *site, Client *client, Ask kind, guint pick)
{
    const char *text = site->texts->pdata[pick % site->texts->len];
    g_autofree char *body = NULL, *encoded = NULL;
    switch (kind) {
    case ASK_API:
        body = g_strdup_printf("{\"text\":\"%s\"}", text);
        return client_ask(client, "POST", "/api/v1/query", CLIENT_JSON, body);
    case ASK_FACETS:
        body = g_strdup_printf("{\"text\":\"%s\",\"kind\":\"invention\",\"budget\":100000}", text);
        return client_ask(client, "POST", "/api/v1/query", CLIENT_JSON, body);
    case ASK_PAGE:
        encoded = g_uri_escape_string(text, NULL, FALSE);
        body = g_strconcat("text=", encoded, NULL);
        return client_ask(client, "POST", "/", CLIENT_FORM, body);
    case ASK_PATENT:
        body = g_strconcat("/patents/", site->patents->pdata[pick % site->patents->len], NULL);
        return client_ask(client, "GET", body, "", "");
    default:
        body = g_strdup_printf("{\"text\":\"%.12s\"}", text); /* four Han characters */
        return client_ask(client, "POST", "/api/v1/suggest", CLIENT_JSON, body);
    }
}

gint compare_doubles(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
