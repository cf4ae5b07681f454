/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers about single texts and single pairs: the best patents for a question, and why a pair is or is not listed. */
#include "engine/match/explain.h"
#include "engine/match/match.h"
#include "engine/match/rank.h"
#include <gio/gio.h>
#include <string.h>

static gint compare_order(gconstpointer a, gconstpointer b)
{
    const DjRanked *x = a, *y = b;
    if (x->order != y->order)
        return x->order > y->order ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

/* All documents with their exact order for the one need of sides, best first. */
static GArray *score_everything(const DjSides *sides, GError **error)
{
    guint32 n, segment = DJ_CORPUS_SEGMENT_ALL(sides->corpus);
    const guint32 *docs = dj_matrix_segment_docs(&sides->corpus->matrix, segment, &n);
    DjKernelNeeds needs = dj_need_set_view(&sides->set);
    DjKernelOptions kernel = {.threads = 1, .memory_limit = sides->options->memory_limit};
    g_autofree gint64 *totals = g_try_new(gint64, MAX(n, 1));
    DjKernelStatus status = dj_kernel_find(sides->options->kernel, &kernel.variant);
    if (!totals)
        status = DJ_KERNEL_NO_MEMORY;
    if (status == DJ_KERNEL_OK && n > 0)
        status = dj_kernel_score_all(&sides->corpus->matrix, segment, &needs, 0, &kernel, totals);
    if (status != DJ_KERNEL_OK) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "scoring kernel: %s", dj_kernel_status_text(status));
        return NULL;
    }
    GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(DjRanked), n);
    for (guint32 i = 0; i < n; i++) {
        DjRanked pair = {.doc = docs[i], .base = totals[i]};
        dj_rank_pair(sides, &pair);
        g_array_append_val(all, pair);
    }
    g_array_sort(all, compare_order);
    return all;
}

/* ---- question ---- */

typedef struct {
    GHashTable *patents;
} Keep;

static gboolean keep_record(const DjRecord *record, gpointer user)
{
    Keep *keep = user;
    gpointer key;
    if (g_hash_table_lookup_extended(keep->patents, record->key, &key, NULL))
        g_hash_table_insert(keep->patents, g_strdup(record->key), dj_record_copy(record));
    return TRUE;
}

/* The question as the only need of the run. */
static void ask_need(DjSides *sides, DjQueryScratch *scratch, DjQuery *query, DjNeedText *texts, gsize n_texts,
                     GArray *wanted)
{
    const DjMatchOptions *options = sides->options;
    DjDemand demand = {.key = g_strdup("")};
    for (gsize i = 0; sides->parser && i < n_texts; i++)
        dj_indicators_asked(sides->parser, texts[i].text, wanted);
    dj_sides_keep_wanted(sides, &demand, wanted);
    const char *title = n_texts > 0 && texts[0].side == DJ_NEED_SIDE_TITLE ? texts[0].text : NULL;
    const char *body = n_texts > 1 || !title ? texts[n_texts - 1].text : NULL;
    demand.n_member = dj_taxonomy_classify_text(options->taxonomy, scratch->normaliser, title, body, demand.member);
    dj_query_fill(query, scratch, &options->tools, texts, n_texts, demand.member, demand.n_member);
    dj_need_set_add(&sides->set, sides->corpus, query, NULL, 0);
    g_array_append_val(sides->needs, demand);
}

static gboolean answer(DjSides *sides, const DjRecordSource *records, const DjQuestion *question,
                       DjExplainer *explainer, const GArray *wanted, DjResultSet *set, GError **error)
{
    g_autoptr(GArray) all = score_everything(sides, error);
    if (!all)
        return FALSE;
    g_autoptr(GPtrArray) picked = g_ptr_array_new();
    for (guint i = 0; i < all->len && picked->len < question->top; i++) {
        DjRanked *pair = &g_array_index(all, DjRanked, i);
        gboolean facet = !question->admit || ((question->admit[pair->doc / 64] >> (pair->doc % 64)) & 1);
        if (!facet || !dj_sides_admits(sides, pair->doc) || pair->points <= 0 ||
            pair->score < sides->options->scoring.min_score)
            continue;
        pair->rank = picked->len + 1;
        g_ptr_array_add(picked, pair);
        g_hash_table_insert(set->patents, dj_corpus_key(sides->corpus, pair->doc), NULL);
    }
    Keep keep = {set->patents};
    if (picked->len > 0 && !records->each(records->user, DJ_TABLE_PATENT, keep_record, &keep, error))
        return FALSE;
    for (guint i = 0; i < picked->len; i++) {
        const DjRanked *pair = picked->pdata[i];
        DjPairing *pairing = dj_match_make_pairing(sides, pair, DJ_DIRECTION_NEED);
        g_ptr_array_add(set->pairings, pairing);
        const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
        if (!patent) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "record of patent %s is gone", pairing->patent);
            return FALSE;
        }
        dj_match_explain_pair(sides, explainer, sides->parser, wanted, pair, patent, pairing);
    }
    return TRUE;
}

DjResultSet *dj_match_question(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                               const DjQuestion *question, GError **error)
{
    DjSides sides;
    if (!dj_sides_load(&sides, corpus, records, options, "", error))
        return NULL;
    g_autoptr(DjResultSet) set = dj_result_set_new();
    g_autoptr(DjExplainer) explainer = dj_explainer_new(&options->tools, error);
    DjQueryScratch scratch;
    gboolean ok = explainer && dj_query_scratch_init(&scratch, error);
    if (ok) {
        g_autofree char *title = NULL;
        DjNeedText texts[DJ_NEED_MAX_TEXTS];
        gsize n = dj_question_texts(question->text, &title, texts);
        DjQuery query;
        dj_query_init(&query);
        g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(DjStated));
        ask_need(&sides, &scratch, &query, texts, n, wanted);
        const DjDemand *demand = &g_array_index(sides.needs, DjDemand, 0);
        dj_explainer_set_need(explainer, texts, n, demand->member, demand->n_member, &query);
        set->min_score = options->scoring.min_score;
        set->top = question->top;
        ok = dj_sides_load_stated(&sides, records, error) &&
             answer(&sides, records, question, explainer, wanted, set, error);
        dj_query_clear(&query);
        dj_query_scratch_clear(&scratch);
    }
    dj_sides_clear(&sides);
    return ok ? g_steal_pointer(&set) : NULL;
}

/* ---- why ---- */

void dj_why_clear(DjWhy *why)
{
    g_clear_pointer(&why->pairing, dj_pairing_free);
    g_clear_pointer(&why->reason, g_free);
}

typedef struct {
    const char *key;
    DjRecord *record;
} One;

static gboolean keep_one(const DjRecord *record, gpointer user)
{
    One *one = user;
    if (strcmp(record->key, one->key) != 0)
        return TRUE;
    one->record = dj_record_copy(record);
    return FALSE;
}

static DjRecord *fetch(const DjRecordSource *records, DjTable table, const char *key, GError **error)
{
    One one = {key, NULL};
    if (!records->each(records->user, table, keep_one, &one, error))
        return NULL;
    if (!one.record)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no record %s", key);
    return one.record;
}

/* Whether the need meets the document at all: a shared chain, or one of them in none. */
static gboolean meets(const DjSides *sides, guint32 doc)
{
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, 0);
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n = dj_corpus_memberships(sides->corpus, doc, member);
    if (n == 0 || demand->n_member == 0)
        return TRUE;
    for (guint i = 0; i < n; i++)
        for (guint j = 0; j < demand->n_member; j++)
            if (member[i].chain == demand->member[j].chain)
                return TRUE;
    return FALSE;
}

static gboolean is_own(const DjSides *sides, guint32 doc)
{
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, 0);
    for (guint i = 0; demand->own && i < demand->own->len; i++)
        if (g_array_index(demand->own, guint32, i) == doc)
            return TRUE;
    return FALSE;
}

/* The first rule that keeps the patent off the list, in plain words. */
static char *stopping_rule(const DjMatchOptions *options, const DjPairing *pairing)
{
    for (guint i = 0; i < pairing->gate->len; i++) {
        const DjGateResult *gate = pairing->gate->pdata[i];
        if (!gate->hard || gate->verdict == DJ_MET || (gate->verdict == DJ_UNKNOWN && !options->published))
            continue;
        return g_strdup_printf("规则 %s（%s）%s：%s", gate->rule, gate->name, dj_verdict_label(gate->verdict),
                               gate->value ? gate->value : "未写");
    }
    return NULL;
}

static void judge(const DjSides *sides, const GArray *all, guint32 doc, DjWhy *why)
{
    const DjMatchOptions *options = sides->options;
    guint place = 0, admitted = 0;
    const DjRanked *here = NULL, *last = NULL;
    for (guint i = 0; i < all->len; i++) {
        const DjRanked *pair = &g_array_index(all, DjRanked, i);
        gboolean stands = dj_sides_admits(sides, pair->doc) && meets(sides, pair->doc) && !is_own(sides, pair->doc) &&
                          pair->score >= options->scoring.min_score;
        admitted += stands;
        if (stands && admitted == options->top)
            last = pair;
        if (pair->doc == doc) {
            here = pair;
            why->rank = stands ? admitted : 0;
            place = i + 1;
        }
    }
    why->pairing->rank = place;
    why->listed = why->rank > 0 && why->rank <= options->top;
    if (why->listed)
        return;
    if (is_own(sides, doc))
        why->reason = g_strdup("是本企业、同集团、竞争对手或声明回避方的专利");
    else if (!dj_sides_admits(sides, doc))
        why->reason = stopping_rule(options, why->pairing);
    else if (!meets(sides, doc))
        why->reason = g_strdup("两边没有共同的产业链");
    else if (here->score < options->scoring.min_score)
        why->reason = g_strdup_printf("匹配度 %d，低于清单下限 %d", here->score, options->scoring.min_score);
    else if (last)
        why->points_missing = MAX(1, last->points - here->points);
    if (why->points_missing > 0)
        why->reason = g_strdup_printf("排在第 %u 名，离第 %u 名差 %" G_GINT64_FORMAT " 点", why->rank, options->top,
                                      why->points_missing);
}

gboolean dj_match_why(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                      const char *patent_key, const char *need_key, DjWhy *why, GError **error)
{
    *why = (DjWhy){0};
    guint32 doc = dj_corpus_find(corpus, patent_key);
    if (doc == DJ_STRINGS_NONE) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "patent %s is not in the index: run `duijie index`",
                    patent_key);
        return FALSE;
    }
    g_autoptr(DjRecord) patent = fetch(records, DJ_TABLE_PATENT, patent_key, error);
    g_autoptr(DjRecord) need = patent ? fetch(records, DJ_TABLE_NEED, need_key, error) : NULL;
    DjSides sides;
    if (!need || !dj_sides_load(&sides, corpus, records, options, need_key, error))
        return FALSE;
    g_autoptr(GArray) all = score_everything(&sides, error);
    g_autoptr(DjExplainer) explainer = all ? dj_explainer_new(&options->tools, error) : NULL;
    DjQueryScratch scratch = {0};
    gboolean ok = explainer && dj_query_scratch_init(&scratch, error);
    for (guint i = 0; ok && i < all->len; i++) {
        const DjRanked *pair = &g_array_index(all, DjRanked, i);
        if (pair->doc != doc)
            continue;
        const DjDemand *demand = &g_array_index(sides.needs, DjDemand, 0);
        DjQuery query;
        DjNeedText texts[DJ_NEED_MAX_TEXTS];
        dj_query_init(&query);
        gsize n = dj_need_texts(need, texts);
        dj_query_fill(&query, &scratch, &options->tools, texts, n, demand->member, demand->n_member);
        dj_explainer_set_need(explainer, texts, n, demand->member, demand->n_member, &query);
        why->pairing = dj_match_make_pairing(&sides, pair, DJ_DIRECTION_NEED);
        g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(DjStated));
        if (sides.parser)
            dj_indicators_wanted(sides.parser, need, wanted);
        dj_match_explain_pair(&sides, explainer, sides.parser, wanted, pair, patent, why->pairing);
        dj_query_clear(&query);
        judge(&sides, all, doc, why);
    }
    dj_query_scratch_clear(&scratch);
    dj_sides_clear(&sides);
    return ok;
}
