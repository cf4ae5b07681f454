/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_SAMPLES 50

static const DjTable tables[] = {DJ_TABLE_PATENT, DJ_TABLE_NEED, DJ_TABLE_ENTERPRISE};

typedef struct {
    DjSession *session;
    DjNormaliser *normaliser;
    FILE *out;       /* NULL: only count */
    guint n_samples; /* titles kept per chain */
    guint n_chains;
    guint64 *count;      /* (n_chains + 1) x tables; the last row is 未归链 */
    GPtrArray **samples; /* n_chains + 1: titles, need by need and patent by patent as they come */
    guint table;
} Filing;

static void write_record(const Filing *filing, const DjRecord *record, const DjMembership *member, guint n)
{
    json_t *chains = json_array();
    for (guint i = 0; i < n; i++) {
        DjChain chain = dj_taxonomy_chain(filing->session->taxonomy, member[i].chain);
        json_array_append_new(
            chains, json_pack("{s:s, s:s, s:i}", "id", chain.id, "name", chain.name, "weight", member[i].weight));
    }
    json_t *row = json_pack("{s:s, s:s, s:s, s:o}", "id", record->key, "kind", dj_kind_name(dj_record_kind(record)),
                            "title", dj_record_title(record), "chains", chains);
    char *text = json_dumps(row, JSON_COMPACT);
    fprintf(filing->out, "%s\n", text);
    free(text);
    json_decref(row);
}

static void count_in(Filing *filing, guint chain, const DjRecord *record)
{
    filing->count[chain * G_N_ELEMENTS(tables) + filing->table]++;
    GPtrArray *samples = filing->samples[chain];
    if (samples->len < filing->n_samples)
        g_ptr_array_add(samples, g_strdup_printf("%s  %s", record->key, dj_record_title(record)));
}

static gboolean file_record(const DjRecord *record, gpointer user)
{
    Filing *filing = user;
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n = dj_taxonomy_classify(filing->session->taxonomy, filing->normaliser, record, member);
    for (guint i = 0; i < n; i++)
        count_in(filing, member[i].chain, record);
    if (n == 0)
        count_in(filing, filing->n_chains, record);
    if (filing->out)
        write_record(filing, record, member, n);
    return !dj_app_cancelled();
}

static void print_counts(const Filing *filing)
{
    printf("id\tpatents\tneeds\tenterprises\tname\n");
    for (guint c = 0; c <= filing->n_chains; c++) {
        DjChain chain =
            c < filing->n_chains ? dj_taxonomy_chain(filing->session->taxonomy, c) : (DjChain){"-", "未归链", ""};
        const guint64 *count = filing->count + c * G_N_ELEMENTS(tables);
        printf("%s\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%s\n", chain.id, count[0],
               count[1], count[2], chain.name);
        for (guint i = 0; i < filing->samples[c]->len; i++)
            printf("\t\t\t\t  %s\n", (const char *)filing->samples[c]->pdata[i]);
    }
}

static gboolean file_all(Filing *filing, GError **error)
{
    for (filing->table = 0; filing->table < G_N_ELEMENTS(tables); filing->table++)
        if (!dj_store_each(filing->session->workspace->store, tables[filing->table], DJ_POINT_NOW, file_record, filing,
                           error))
            return FALSE;
    if (dj_app_cancelled()) {
        g_set_error_literal(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "cancelled");
        return FALSE;
    }
    return TRUE;
}

static gboolean run(Filing *filing, const char *path, GError **error)
{
    filing->normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!filing->normaliser)
        return FALSE;
    if (path && !(filing->out = g_fopen(path, "w"))) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: %s", path, g_strerror(errno));
        return FALSE;
    }
    gboolean ok = file_all(filing, error);
    if (filing->out && fclose(filing->out) != 0 && ok) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: %s", path, g_strerror(errno));
        ok = FALSE;
    }
    return ok;
}

int dj_cmd_chains(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *path = NULL;
    int n_samples = 0;
    const GOptionEntry entries[] = {
        {"records", 0, 0, G_OPTION_ARG_FILENAME, &path, "write the chains of every record as JSON Lines", "FILE"},
        {"samples", 0, 0, G_OPTION_ARG_INT, &n_samples, "also print the first N records of every chain", "N"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(
            app, NULL,
            "Counts the records under each industry chain of the taxonomy in force, as they are now; the last\n"
            "row is 未归链, records in no chain. A record may be under several chains.",
            entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 1 || n_samples < 0 || n_samples > MAX_SAMPLES) {
        dj_app_usage(app, error, argc > 1 ? "takes no arguments" : "--samples: must lie between 0 and 50");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    if (!session)
        return DJ_EXIT_FAILED;
    Filing filing = {
        .session = session, .n_samples = (guint)n_samples, .n_chains = dj_taxonomy_n_chains(session->taxonomy)};
    filing.count = g_new0(guint64, (filing.n_chains + 1) * G_N_ELEMENTS(tables));
    filing.samples = g_new0(GPtrArray *, filing.n_chains + 1);
    for (guint c = 0; c <= filing.n_chains; c++)
        filing.samples[c] = g_ptr_array_new_with_free_func(g_free);
    gboolean ok = run(&filing, path, error);
    if (ok)
        print_counts(&filing);
    for (guint c = 0; c <= filing.n_chains; c++)
        g_ptr_array_unref(filing.samples[c]);
    g_free(filing.samples);
    g_free(filing.count);
    dj_normaliser_free(filing.normaliser);
    return ok ? DJ_EXIT_DONE : DJ_EXIT_FAILED;
}
