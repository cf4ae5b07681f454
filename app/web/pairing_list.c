/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/pairing_list.h"

#include "app/web/server.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME   "pairings.jsonl"
#define LOOKED_BACK 200 /* jobs */

struct DjPairingCache {
    GMutex mutex;
    DjPairingTable *table;
};

static void table_unref(DjPairingTable *table)
{
    if (!table || !g_atomic_int_dec_and_test(&table->refs))
        return;
    g_array_unref(table->rows);
    g_string_chunk_free(table->texts);
    g_free(table->found_on);
    g_free(table);
}

DjPairingCache *dj_pairing_cache_new(void)
{
    DjPairingCache *cache = g_new0(DjPairingCache, 1);
    g_mutex_init(&cache->mutex);
    return cache;
}

void dj_pairing_cache_free(DjPairingCache *cache)
{
    if (!cache)
        return;
    table_unref(cache->table);
    g_mutex_clear(&cache->mutex);
    g_free(cache);
}

/* ---- reading ---- */

static int by_score(gconstpointer a, gconstpointer b)
{
    const DjListed *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->points != y->points)
        return x->points > y->points ? -1 : 1;
    int order = strcmp(x->need, y->need);
    return order ? order : strcmp(x->patent, y->patent);
}

static gboolean add_line(DjPairingTable *table, const char *line)
{
    json_t *object = json_loads(line, 0, NULL);
    const char *need = json_string_value(json_object_get(object, "need")),
               *patent = json_string_value(json_object_get(object, "patent")),
               *chain = json_string_value(json_object_get(object, "chain")),
               *direction = json_string_value(json_object_get(object, "direction"));
    gboolean ok = need && patent && chain && direction;
    if (ok && strcmp(direction, "need") == 0) {
        DjListed row = {.need = g_string_chunk_insert_const(table->texts, need),
                        .patent = g_string_chunk_insert_const(table->texts, patent),
                        .chain = g_string_chunk_insert_const(table->texts, chain),
                        .rank = (int)json_integer_value(json_object_get(object, "rank")),
                        .score = (int)json_integer_value(json_object_get(object, "score")),
                        .points = json_integer_value(json_object_get(object, "points"))};
        g_array_append_val(table->rows, row);
    }
    json_decref(object);
    return ok;
}

static DjPairingTable *read_table(const DjJob *job, GError **error)
{
    g_autofree char *path = g_build_filename(job->folder, "out", FILE_NAME, NULL);
    FILE *in = fopen(path, "r");
    if (!in) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s: cannot be read", path);
        return NULL;
    }
    DjPairingTable *table = g_new0(DjPairingTable, 1);
    *table = (DjPairingTable){.refs = 1,
                              .job = job->number,
                              .found_on = g_strdup(job->started),
                              .rows = g_array_new(FALSE, FALSE, sizeof(DjListed)),
                              .texts = g_string_chunk_new(1 << 16)};
    char *line = NULL;
    size_t room = 0;
    gboolean ok = TRUE;
    while (ok && getline(&line, &room, in) > 0)
        ok = add_line(table, line);
    free(line);
    ok = ok && !ferror(in);
    fclose(in);
    if (!ok) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not a list of pairings", path);
        table_unref(table);
        return NULL;
    }
    g_array_sort(table->rows, by_score);
    return table;
}

DjJob *dj_pairing_last_job(DjJobs *jobs)
{
    g_autoptr(GPtrArray) list = dj_jobs_list(jobs, LOOKED_BACK);
    for (guint i = 0; i < list->len; i++) {
        DjJob *job = list->pdata[i];
        if (strcmp(job->kind, "match") == 0 && job->state == DJ_JOB_DONE)
            return g_ptr_array_steal_index(list, i);
    }
    return NULL;
}

static gboolean take_table(DjRequest *request, const DjPairingTable **out, GError **error)
{
    DjPairingCache *cache = dj_web_pairings(request->web);
    g_autoptr(DjJob) job = dj_pairing_last_job(dj_web_jobs(request->web));
    if (!job)
        return TRUE;
    g_mutex_lock(&cache->mutex);
    if (!cache->table || cache->table->job != job->number) {
        DjPairingTable *fresh = read_table(job, error);
        if (fresh) {
            table_unref(cache->table);
            cache->table = fresh;
        }
    }
    if (cache->table && cache->table->job == job->number) {
        g_atomic_int_inc(&cache->table->refs);
        *out = cache->table;
    }
    g_mutex_unlock(&cache->mutex);
    return *out != NULL;
}

/* ---- choosing ---- */

static char *pair_key(const char *need, const char *patent)
{
    return g_strconcat(need, "\n", patent, NULL);
}

static gboolean note_decision(const DjDecision *decision, gpointer user)
{
    DjPairingChoice *choice = user;
    g_autofree char *key = pair_key(decision->need, decision->patent);
    if (decision->kind == DJ_DECISION_CLEAR)
        g_hash_table_remove(choice->decided, key);
    else if (decision->kind < DJ_DECISION_CLEAR)
        g_hash_table_insert(choice->decided, g_steal_pointer(&key), GINT_TO_POINTER(decision->kind + 1));
    return TRUE;
}

int dj_pairing_decision(const DjPairingChoice *choice, const DjListed *row)
{
    g_autofree char *key = pair_key(row->need, row->patent);
    return GPOINTER_TO_INT(g_hash_table_lookup(choice->decided, key)) - 1;
}

static gboolean read_query(DjRequest *request, DjPairingChoice *choice, GError **error)
{
    const DjSession *session = dj_serving_session(request->desk->serving);
    const char *decision = g_hash_table_lookup(request->query, "decision");
    for (int f = 0; f < DJ_N_FACETS; f++) {
        const char *value = g_hash_table_lookup(request->query, dj_facet_name((DjFacet)f));
        if (f == DJ_FACET_CHAIN && g_strcmp0(value, DJ_FACET_NO_CHAIN) == 0)
            g_ptr_array_add(choice->filter.values[f], g_strdup(value));
        else if (value && *value && !dj_filter_add(&choice->filter, session, (DjFacet)f, value, error))
            return FALSE;
    }
    DjDecisionKind kind;
    choice->decision = DJ_N_DECISIONS;
    if (decision && strcmp(decision, "none") == 0)
        choice->decision = DJ_LISTED_NO_DECISION;
    else if (decision && *decision && dj_decision_kind_parse(decision, &kind) && kind < DJ_DECISION_CLEAR)
        choice->decision = (int)kind;
    else if (decision && *decision)
        return dj_web_fail(error, 400, "decision 应为 none、accept、reject、pin 或 ban");
    return dj_request_number(request, "score", 0, 100, 0, &choice->least, error);
}

static gboolean has_bit(const guint64 *bits, guint32 doc)
{
    return doc != DJ_STRINGS_NONE && (bits[doc / 64] >> (doc % 64) & 1);
}

/* The chain that a row shows; the number of chains where it shows none. */
static guint chain_of(const DjTaxonomy *taxonomy, const DjListed *row)
{
    guint chain;
    return dj_taxonomy_find(taxonomy, row->chain, &chain) ? chain : dj_taxonomy_n_chains(taxonomy);
}

/* As a choice of the facet. */
static const char *chain_value(const DjTaxonomy *taxonomy, guint chain)
{
    return chain < dj_taxonomy_n_chains(taxonomy) ? dj_taxonomy_chain(taxonomy, chain).id : DJ_FACET_NO_CHAIN;
}

/* Documents that have what is chosen of each facet; NULL where nothing is. The chain is not among them: a patent stands
 * in chains that its pairing is not about. */
static gboolean admit(DjRequest *request, const DjPairingChoice *choice, guint64 *bits[DJ_N_FACETS], GError **error)
{
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    for (int f = 0; f < DJ_N_FACETS; f++) {
        if (f == DJ_FACET_CHAIN || choice->filter.values[f]->len == 0)
            continue;
        DjFilter one = {.budget = -1};
        for (int g = 0; g < DJ_N_FACETS; g++)
            one.values[g] = g == f ? choice->filter.values[f] : nothing;
        DjIndex *index = dj_desk_index(request->desk, error);
        bits[f] = index ? dj_filter_apply(&one, index, error) : NULL;
        if (!bits[f])
            return FALSE;
    }
    return TRUE;
}

/* As DjPairingChoice.missed. */
static guint missed(const DjTaxonomy *taxonomy, const DjPairingChoice *choice, guint64 *bits[DJ_N_FACETS], guint i)
{
    const DjListed *row = &g_array_index(choice->table->rows, DjListed, i);
    const GPtrArray *chains = choice->filter.values[DJ_FACET_CHAIN];
    guint only = DJ_N_FACETS, n = 0;
    if (row->score < choice->least ||
        (choice->decision != DJ_N_DECISIONS && dj_pairing_decision(choice, row) != choice->decision))
        return DJ_N_FACETS + 1;
    for (guint f = 0; f < DJ_N_FACETS; f++) {
        gboolean passes =
            f != DJ_FACET_CHAIN
                ? !bits[f] || has_bit(bits[f], choice->docs[i])
                : chains->len == 0 || strcmp(chains->pdata[0], chain_value(taxonomy, chain_of(taxonomy, row))) == 0;
        only = passes ? only : f;
        n += !passes;
    }
    return n > 1 ? DJ_N_FACETS + 1 : only;
}

static gboolean choose(DjRequest *request, DjPairingChoice *choice, GError **error)
{
    const DjSession *session = dj_serving_session(request->desk->serving);
    guint n = choice->table->rows->len;
    guint64 *bits[DJ_N_FACETS] = {NULL};
    gboolean ok = admit(request, choice, bits, error);
    choice->docs = g_new(guint32, MAX(n, 1));
    choice->missed = g_new(guint8, MAX(n, 1));
    for (guint i = 0; ok && i < n; i++) {
        choice->docs[i] = dj_corpus_find(session->corpus, g_array_index(choice->table->rows, DjListed, i).patent);
        choice->missed[i] = (guint8)missed(session->taxonomy, choice, bits, i);
        if (choice->missed[i] == DJ_N_FACETS)
            g_array_append_val(choice->chosen, i);
    }
    for (int f = 0; f < DJ_N_FACETS; f++)
        g_free(bits[f]);
    return ok;
}

/* ---- counting ---- */

static GArray *count_chains(const DjRequest *request, const DjPairingChoice *choice, const GArray *rows, guint most)
{
    const DjTaxonomy *taxonomy = dj_serving_session(request->desk->serving)->taxonomy;
    guint n_chains = dj_taxonomy_n_chains(taxonomy);
    g_autofree guint32 *counts = g_new0(guint32, n_chains + 1);
    g_autofree const char **values = g_new0(const char *, n_chains + 1);
    for (guint c = 0; c <= n_chains; c++)
        values[c] = chain_value(taxonomy, c);
    for (guint i = 0; i < rows->len; i++)
        counts[chain_of(taxonomy, &g_array_index(choice->table->rows, DjListed, g_array_index(rows, guint, i)))]++;
    return dj_facet_counts(dj_serving_facets(request->desk->serving), DJ_FACET_CHAIN, values, counts, n_chains + 1,
                           most);
}

GArray *dj_pairing_count(const DjRequest *request, const DjPairingChoice *choice, DjFacet facet, guint most)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(guint)),
                      docs = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < choice->table->rows->len; i++) {
        if (choice->missed[i] != DJ_N_FACETS && choice->missed[i] != facet)
            continue;
        g_array_append_val(rows, i);
        g_array_append_val(docs, choice->docs[i]);
    }
    return facet == DJ_FACET_CHAIN ? count_chains(request, choice, rows, most)
                                   : dj_facet_count_each(dj_serving_facets(request->desk->serving), facet,
                                                         (const guint32 *)(const void *)docs->data, docs->len, most);
}

gboolean dj_pairing_choose(DjRequest *request, DjPairingChoice *choice, GError **error)
{
    *choice = (DjPairingChoice){.chosen = g_array_new(FALSE, FALSE, sizeof(guint)),
                                .decided = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    dj_filter_init(&choice->filter);
    if (!dj_request_needs_desk(request, error) || !read_query(request, choice, error) ||
        !dj_store_each_decision(request->desk->store, NULL, note_decision, choice, error))
        return FALSE;
    g_autoptr(GError) failed = NULL;
    if (!take_table(request, &choice->table, &failed) && failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    return !choice->table || choose(request, choice, error);
}

void dj_pairing_choice_clear(DjPairingChoice *choice)
{
    table_unref((DjPairingTable *)choice->table);
    dj_filter_clear(&choice->filter);
    g_clear_pointer(&choice->chosen, g_array_unref);
    g_clear_pointer(&choice->decided, g_hash_table_unref);
    g_clear_pointer(&choice->docs, g_free);
    g_clear_pointer(&choice->missed, g_free);
}
