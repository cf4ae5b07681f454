/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run: load both sides, rank, then read the records of the pairs that made a list and explain them. */
#include "engine/match/match.h"
#include "engine/match/explain.h"
#include "engine/match/rank.h"
#include <gio/gio.h>
#include <pthread.h>
#include <string.h>

/* ---- records of the pairs ---- */

#define FEW 200 /* so many records are fetched one by one; more cost less in one walk */

typedef struct {
    GHashTable *wanted; /* key set */
    GHashTable *into;   /* key -> DjRecord */
} Collect;

static gboolean collect(const DjRecord *record, gpointer user)
{
    Collect *want = user;
    if (g_hash_table_contains(want->wanted, record->key))
        g_hash_table_insert(want->into, g_strdup(record->key), dj_record_copy(record));
    return TRUE;
}

/* A record that is gone is found missing by who explains it. */
static gboolean collect_few(const DjRecordSource *records, DjTable table, Collect *want, GError **error)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, want->wanted);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_autoptr(GError) failed = NULL;
        DjRecord *record = records->get(records->user, table, key, &failed);
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return FALSE;
        }
        if (record)
            g_hash_table_insert(want->into, g_strdup(key), record);
    }
    return TRUE;
}

static gboolean collect_table(const DjRecordSource *records, DjTable table, Collect *want, GError **error)
{
    if (records->get && g_hash_table_size(want->wanted) <= FEW)
        return collect_few(records, table, want, error);
    return g_hash_table_size(want->wanted) == 0 || records->each(records->user, table, collect, want, error);
}

static gboolean collect_records(const DjSides *sides, const DjRecordSource *records, const GArray *ranked,
                                DjResultSet *set, GError **error)
{
    static const DjTable tables[] = {DJ_TABLE_PATENT, DJ_TABLE_NEED, DJ_TABLE_ENTERPRISE};
    GHashTable *into[] = {set->patents, set->needs, set->enterprises};
    for (gsize t = 0; t < G_N_ELEMENTS(tables); t++) {
        g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (guint i = 0; i < ranked->len; i++) {
            const DjRanked *pair = &g_array_index(ranked, DjRanked, i);
            const DjDemand *demand = &g_array_index(sides->needs, DjDemand, pair->need);
            if (tables[t] == DJ_TABLE_PATENT)
                g_hash_table_add(wanted, dj_corpus_key(sides->corpus, pair->doc));
            else if (tables[t] == DJ_TABLE_NEED)
                g_hash_table_add(wanted, g_strdup(demand->key));
            else if (demand->enterprise)
                g_hash_table_add(wanted, g_strdup(demand->enterprise));
        }
        if (!collect_table(records, tables[t], &(Collect){wanted, into[t]}, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- explaining, in threads over contiguous ranges ---- */

typedef struct {
    const DjSides *sides;
    const DjResultSet *set;
    const DjRanked *ranked;
    DjPairing **pairings;
    guint begin, end;
    const int *cancel;
    GError *error;
} Range;

void dj_match_explain_pair(const DjSides *sides, DjExplainer *explainer, DjQuantityParser *parser, const GArray *wanted,
                           const DjRanked *pair, const DjRecord *patent, DjPairing *pairing)
{
    const DjMatchOptions *options = sides->options;
    DjFeatures features;
    int home;
    dj_sides_features(sides, pair->need, pair->doc, TRUE, &features, &home);
    if (wanted && wanted->len > 0) {
        g_autoptr(GArray) stated = g_array_new(FALSE, FALSE, sizeof(DjStated));
        dj_indicators_stated(parser, patent, NULL, stated);
        dj_indicators_compare(wanted, stated, pairing);
    }
    dj_explainer_explain(explainer, patent, &features, pairing);
    dj_features_clear(&features);
    dj_gate_supply(options->rules, patent, options->now, pairing->gate);
    for (guint i = 0; i < pairing->gate->len; i++)
        pairing->n_unknown += ((const DjGateResult *)pairing->gate->pdata[i])->verdict == DJ_UNKNOWN;
}

static void *explain_range(void *data)
{
    Range *range = data;
    const DjMatchOptions *options = range->sides->options;
    g_autoptr(DjExplainer) explainer = dj_explainer_new(&options->tools, &range->error);
    DjQueryScratch scratch;
    if (!explainer || !dj_query_scratch_init(&scratch, &range->error))
        return NULL;
    g_autoptr(DjQuantityParser) parser = NULL;
    if (range->sides->parser && !(parser = dj_quantity_parser_new(options->units, &range->error))) {
        dj_query_scratch_clear(&scratch);
        return NULL;
    }
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(DjStated));
    dj_explainer_keep_patents(explainer); /* the set holds their records */
    DjQuery query;
    dj_query_init(&query);
    guint32 current = G_MAXUINT32;
    for (guint i = range->begin; i < range->end; i++) {
        const DjRanked *pair = &range->ranked[i];
        DjPairing *pairing = range->pairings[i];
        if (range->cancel && __atomic_load_n(range->cancel, __ATOMIC_RELAXED))
            break;
        const DjRecord *patent = g_hash_table_lookup(range->set->patents, pairing->patent);
        const DjRecord *need = g_hash_table_lookup(range->set->needs, pairing->need);
        if (!patent || !need) {
            g_set_error(&range->error, G_IO_ERROR, G_IO_ERROR_FAILED, "record of pairing %s x %s is gone",
                        pairing->need, pairing->patent);
            break;
        }
        if (pair->need != current) {
            DjNeedText texts[DJ_NEED_MAX_TEXTS];
            gsize n = dj_need_texts(need, texts);
            const DjDemand *demand = &g_array_index(range->sides->needs, DjDemand, pair->need);
            dj_query_fill(&query, &scratch, &options->tools, texts, n, demand->member, demand->n_member);
            dj_explainer_set_need(explainer, texts, n, demand->member, demand->n_member, &query);
            g_array_set_size(wanted, 0);
            if (parser)
                dj_indicators_wanted(parser, need, wanted);
            current = pair->need;
        }
        dj_match_explain_pair(range->sides, explainer, parser, wanted, pair, patent, pairing);
        if (pairing->points != pair->points) {
            g_set_error(&range->error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        "evidence of %s x %s adds up to %" G_GINT64_FORMAT " points, the kernel gave %" G_GINT64_FORMAT
                        ": run `duijie index --rebuild`",
                        pairing->need, pairing->patent, pairing->points, pair->points);
            break;
        }
    }
    dj_query_clear(&query);
    dj_query_scratch_clear(&scratch);
    return NULL;
}

static gboolean explain_all(const DjSides *sides, DjResultSet *set, const GArray *ranked, guint first, GError **error)
{
    guint n = ranked->len, threads = CLAMP(sides->options->threads, 1, 64);
    threads = MIN(threads, MAX(1, n / 16));
    g_autofree Range *range = g_new0(Range, threads);
    g_autofree pthread_t *thread = g_new0(pthread_t, threads);
    gboolean ok = TRUE;
    guint started = 0;
    for (guint t = 0; t < threads; t++) {
        range[t] = (Range){.sides = sides,
                           .set = set,
                           .ranked = (const DjRanked *)(gpointer)ranked->data,
                           .pairings = (DjPairing **)set->pairings->pdata + first,
                           .begin = (guint)((guint64)n * t / threads),
                           .end = (guint)((guint64)n * (t + 1) / threads),
                           .cancel = sides->options->cancel};
        if (t + 1 == threads) /* the last range runs here */
            explain_range(&range[t]);
        else if (pthread_create(&thread[started], NULL, explain_range, &range[t]) == 0)
            started++;
        else
            explain_range(&range[t]);
    }
    for (guint t = 0; t < started; t++)
        pthread_join(thread[t], NULL);
    for (guint t = 0; t < threads; t++) {
        if (range[t].error && ok)
            g_propagate_error(error, range[t].error);
        else
            g_clear_error(&range[t].error);
        ok = ok && range[t].error == NULL;
        range[t].error = NULL;
    }
    if (ok && sides->options->cancel && __atomic_load_n(sides->options->cancel, __ATOMIC_RELAXED)) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
        ok = FALSE;
    }
    return ok;
}

/* ---- result set ---- */

/* What the pairing stands for besides itself: members of the group that the same list could hold. */
static void note_similar(const DjSides *sides, const DjRanked *pair, DjPairing *pairing)
{
    gboolean by_need = pairing->direction == DJ_DIRECTION_NEED;
    const guint32 *circle = by_need ? sides->circle : sides->need_circle;
    guint32 self = by_need ? pair->doc : pair->need;
    if (!circle || circle[self] == self)
        return;
    guint32 first = by_need ? sides->group[self] : sides->need_group[self];
    pairing->group =
        by_need ? dj_corpus_key(sides->corpus, first) : g_strdup(g_array_index(sides->needs, DjDemand, first).key);
    const GArray *pinned = g_array_index(sides->needs, DjDemand, pair->need).pinned;
    g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
    guint32 at = first;
    do { /* from the first member on, so that keys ascend */
        guint32 need = by_need ? pair->need : at, doc = by_need ? at : pair->doc;
        if (at != self && dj_sides_allow(sides, need, doc) && !(by_need && dj_docs_contain(pinned, doc)) &&
            ++pairing->n_similar <= DJ_MAX_SIMILAR) {
            g_autofree char *key =
                by_need ? dj_corpus_key(sides->corpus, doc) : g_strdup(g_array_index(sides->needs, DjDemand, need).key);
            g_strv_builder_add(keys, key);
        }
        at = circle[at];
    } while (at != first);
    if (pairing->n_similar > 0)
        pairing->similar = g_strv_builder_end(keys);
}

DjPairing *dj_match_make_pairing(const DjSides *sides, const DjRanked *pair, DjDirection direction)
{
    const DjTaxonomy *taxonomy = sides->options->taxonomy;
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, pair->need);
    DjPairing *pairing = dj_pairing_new();
    pairing->need = g_strdup(demand->key);
    pairing->patent = dj_corpus_key(sides->corpus, pair->doc);
    pairing->chain = g_strdup(pair->home >= 0 ? dj_taxonomy_chain(taxonomy, (guint)pair->home).id : "");
    pairing->direction = direction;
    pairing->rank = pair->rank;
    pairing->score = pair->score;
    pairing->low = pair->low;
    pairing->points = pair->points;
    pairing->total = pair->order;
    if (sides->options->calibration)
        pairing->permille = dj_calibration_permille(sides->options->calibration, pair->points);
    pairing->self_points = dj_demand_self_points(demand, &sides->options->scoring,
                                                 g_array_index(sides->set.self_total, gint64, pair->need));
    g_autoptr(GStrvBuilder) others = g_strv_builder_new();
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n = dj_corpus_memberships(sides->corpus, pair->doc, member);
    for (guint i = 0; i < demand->n_member; i++)
        for (guint j = 0; j < n; j++)
            if (demand->member[i].chain == member[j].chain && member[j].chain != pair->home)
                g_strv_builder_add(others, dj_taxonomy_chain(taxonomy, member[j].chain).id);
    pairing->other_chains = g_strv_builder_end(others);
    note_similar(sides, pair, pairing);
    return pairing;
}

static void count_chains(const DjSides *sides, DjResultSet *set, const GArray *ranked)
{
    const DjTaxonomy *taxonomy = sides->options->taxonomy;
    guint n_chains = dj_taxonomy_n_chains(taxonomy);
    g_autoptr(GHashTable) covered = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < ranked->len; i++) {
        const DjRanked *pair = &g_array_index(ranked, DjRanked, i);
        const char *enterprise = g_array_index(sides->needs, DjDemand, pair->need).enterprise;
        if (enterprise)
            g_hash_table_add(covered, (gpointer)enterprise);
    }
    for (guint c = 0; c <= n_chains; c++) {
        if (!dj_rank_takes(sides, c))
            continue;
        DjChain info = c < n_chains ? dj_taxonomy_chain(taxonomy, c) : (DjChain){"", "未归链", ""};
        DjResultChain *chain = g_new0(DjResultChain, 1);
        chain->id = g_strdup(info.id);
        chain->name = g_strdup(info.name);
        chain->tier = g_strdup(info.tier);
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint i = 0; i < sides->needs->len; i++) {
            const DjDemand *demand = &g_array_index(sides->needs, DjDemand, i);
            gboolean in = c == n_chains && demand->n_member == 0;
            for (guint m = 0; m < demand->n_member && !in; m++)
                in = demand->member[m].chain == c;
            if (!in)
                continue;
            chain->n_needs++;
            if (demand->enterprise && g_hash_table_add(seen, demand->enterprise)) {
                chain->n_enterprises++;
                chain->n_covered += g_hash_table_contains(covered, demand->enterprise);
            }
        }
        guint32 n_docs;
        const guint32 *docs = dj_matrix_segment_docs(&sides->corpus->matrix, c, &n_docs);
        for (guint32 i = 0; i < n_docs; i++)
            chain->n_patents += dj_sides_admits(sides, docs[i]);
        g_ptr_array_add(set->chains, chain);
    }
}

static guint chain_order(const DjResultSet *set, const char *id)
{
    for (guint i = 0; i < set->chains->len; i++)
        if (strcmp(((const DjResultChain *)set->chains->pdata[i])->id, id) == 0)
            return i;
    return set->chains->len;
}

static gint compare_pairings(gconstpointer a, gconstpointer b, gpointer user)
{
    const DjPairing *x = *(DjPairing *const *)a, *y = *(DjPairing *const *)b;
    if (x->direction != y->direction)
        return x->direction < y->direction ? -1 : 1;
    guint cx = chain_order(user, x->chain), cy = chain_order(user, y->chain);
    if (cx != cy)
        return cx < cy ? -1 : 1;
    if (x->total != y->total)
        return x->total > y->total ? -1 : 1;
    int order = strcmp(x->need, y->need);
    return order ? order : strcmp(x->patent, y->patent);
}

static gboolean add_direction(const DjSides *sides, const DjRecordSource *records, DjDirection direction,
                              DjResultSet *set, GArray *all, GError **error)
{
    g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(DjRanked));
    if (!dj_rank(sides, direction == DJ_DIRECTION_PATENT, ranked, error))
        return FALSE;
    guint first = set->pairings->len;
    for (guint i = 0; i < ranked->len; i++)
        g_ptr_array_add(set->pairings, dj_match_make_pairing(sides, &g_array_index(ranked, DjRanked, i), direction));
    for (guint i = 0; i < ranked->len; i++) {
        const DjDemand *demand = &g_array_index(sides->needs, DjDemand, g_array_index(ranked, DjRanked, i).need);
        if (demand->enterprise && !g_hash_table_contains(set->enterprise_of, demand->key))
            g_hash_table_insert(set->enterprise_of, g_strdup(demand->key), g_strdup(demand->enterprise));
    }
    g_array_append_vals(all, ranked->data, ranked->len);
    if (!collect_records(sides, records, ranked, set, error))
        return FALSE;
    return !sides->options->explain || explain_all(sides, set, ranked, first, error);
}

/* ---- needs without an adequate patent ---- */

static gboolean takes_need(const DjSides *sides, const DjDemand *demand)
{
    for (guint i = 0; i < demand->n_member; i++)
        if (dj_rank_takes(sides, demand->member[i].chain))
            return TRUE;
    return demand->n_member == 0 && dj_rank_takes(sides, sides->corpus->n_chains);
}

/* The nearest patent of those of the needs that stand on no list of this run. */
static gboolean find_nearest(const DjSides *sides, const DjRecordSource *records, GHashTable *needs, DjResultSet *set,
                             GError **error)
{
    g_autoptr(GHashTable) listed = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if (pairing->direction == DJ_DIRECTION_NEED)
            g_hash_table_add(listed, pairing->need);
    }
    g_autofree guint8 *wanted = g_new0(guint8, MAX(sides->needs->len, 1));
    for (guint i = 0; i < sides->needs->len; i++) {
        const char *key = g_array_index(sides->needs, DjDemand, i).key;
        wanted[i] = g_hash_table_contains(needs, key) && !g_hash_table_contains(listed, key);
    }
    g_autoptr(GArray) nearest = g_array_new(FALSE, FALSE, sizeof(DjRanked));
    g_autoptr(GHashTable) patents = g_hash_table_new(g_str_hash, g_str_equal);
    if (!dj_rank_nearest(sides, wanted, nearest, error))
        return FALSE;
    for (guint i = 0; i < nearest->len; i++) {
        DjPairing *pairing = dj_match_make_pairing(sides, &g_array_index(nearest, DjRanked, i), DJ_DIRECTION_NEED);
        g_hash_table_insert(set->nearest, g_strdup(pairing->need), pairing);
        g_hash_table_add(patents, pairing->patent);
    }
    return collect_table(records, DJ_TABLE_PATENT, &(Collect){patents, set->nearest_patents}, error);
}

/* A nearest patent is not yet a fitting one: without a curve nobody can tell, so nothing is marked. */
static gboolean find_unmet(const DjSides *sides, const DjRecordSource *records, DjResultSet *set, GError **error)
{
    const DjMatchOptions *options = sides->options;
    if (!options->calibration || options->adequate <= 0)
        return TRUE;
    set->adequate = options->adequate;
    g_autoptr(GHashTable) met = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if (pairing->permille >= options->adequate)
            g_hash_table_add(met, pairing->need);
    }
    for (guint i = 0; i < sides->needs->len; i++) {
        const DjDemand *demand = &g_array_index(sides->needs, DjDemand, i);
        if (!g_hash_table_contains(met, demand->key) && takes_need(sides, demand)) {
            g_hash_table_add(wanted, demand->key);
            if (demand->enterprise && !g_hash_table_contains(set->enterprise_of, demand->key))
                g_hash_table_insert(set->enterprise_of, g_strdup(demand->key), g_strdup(demand->enterprise));
        }
    }
    return find_nearest(sides, records, wanted, set, error) &&
           collect_table(records, DJ_TABLE_NEED, &(Collect){wanted, set->unmet}, error);
}

void dj_match_judge_quality(const DjMatchOptions *options, DjResultSet *set)
{
    set->quality_points = options->scoring.quality_points;
    if (!options->criteria)
        return;
    set->provenance.criteria = g_strdup_printf("%s %s", options->criteria->id, options->criteria->version);
    GHashTableIter iter;
    gpointer key, patent;
    g_hash_table_iter_init(&iter, set->patents);
    while (g_hash_table_iter_next(&iter, &key, &patent))
        g_hash_table_insert(set->quality, g_strdup(key), dj_quality_judge(options->criteria, patent, options->now));
}

DjResultSet *dj_match_sides(const DjSides *sides, const DjRecordSource *records, GError **error)
{
    const DjMatchOptions *options = sides->options;
    g_autoptr(DjResultSet) set = dj_result_set_new();
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(DjRanked));
    dj_sides_note_limit(sides, set);
    set->top = options->top;
    if ((options->by_need && !add_direction(sides, records, DJ_DIRECTION_NEED, set, all, error)) ||
        (options->by_patent && !add_direction(sides, records, DJ_DIRECTION_PATENT, set, all, error)))
        return NULL;
    if (options->explain) {
        dj_match_judge_quality(options, set);
        if (options->by_need && !find_unmet(sides, records, set, error))
            return NULL;
    }
    count_chains(sides, set, all);
    g_ptr_array_sort_with_data(set->pairings, compare_pairings, set);
    return g_steal_pointer(&set);
}

DjResultSet *dj_match(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                      GError **error)
{
    DjSides sides;
    if (!dj_sides_load(&sides, corpus, records, options, NULL, error))
        return NULL;
    DjResultSet *set = dj_match_sides(&sides, records, error);
    dj_sides_clear(&sides);
    return set;
}
