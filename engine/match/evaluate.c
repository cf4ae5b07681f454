/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/evaluate.h"
#include <gio/gio.h>
#include <math.h>
#include <string.h>

typedef struct {
    const DjCorpus *corpus;
    const DjMatchOptions *options;
    GHashTable *judged; /* need key -> GArray of DjJudgment pointers */
    DjQueryScratch scratch;
    DjQuery query;
    DjNeedSet set;
    GPtrArray *keys; /* needs of the set, in order */
} Judging;

static gboolean load_need(const DjRecord *record, gpointer user)
{
    Judging *judging = user;
    if (!g_hash_table_contains(judging->judged, record->key))
        return TRUE;
    DjNeedText texts[DJ_NEED_MAX_TEXTS];
    gsize n = dj_need_texts(record, texts);
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n_member = dj_taxonomy_classify(judging->options->taxonomy, judging->scratch.normaliser, record, member);
    dj_query_fill(&judging->query, &judging->scratch, &judging->options->tools, texts, n, member, n_member);
    dj_need_set_add(&judging->set, judging->corpus, &judging->query, NULL, 0);
    g_ptr_array_add(judging->keys, g_strdup(record->key));
    return TRUE;
}

static gint compare_totals(gconstpointer a, gconstpointer b, gpointer user)
{
    const gint64 *totals = user;
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    if (totals[x] != totals[y])
        return totals[x] > totals[y] ? -1 : 1;
    return (x > y) - (x < y);
}

static void tell_run(const Judging *judging, const char *need, const gint64 *totals, guint32 n, guint depth,
                     DjRunVisit each_hit, gpointer user)
{
    g_autofree guint32 *order = g_new(guint32, MAX(n, 1));
    for (guint32 i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)n, sizeof *order, compare_totals, (gpointer)totals);
    for (guint i = 0; i < MIN(n, depth); i++) {
        g_autofree char *supply = dj_corpus_key(judging->corpus, order[i]);
        each_hit(need, supply, i + 1, totals[order[i]], user);
    }
}

static void measure(const Judging *judging, const char *need, const gint64 *totals, guint32 n, DjEvaluation *evaluation)
{
    const GPtrArray *mine = g_hash_table_lookup(judging->judged, need);
    g_autofree DjJudged *items = g_new(DjJudged, mine->len);
    g_autofree guint32 *relevant = g_new(guint32, mine->len);
    g_autofree double *scores = g_new(double, MAX(n, 1));
    gsize n_items = 0, n_relevant = 0;
    for (guint32 i = 0; i < n; i++)
        scores[i] = (double)totals[i];
    for (guint i = 0; i < mine->len; i++) {
        const DjJudgment *judgment = mine->pdata[i];
        guint32 doc = dj_corpus_find(judging->corpus, judgment->supply);
        if (doc == DJ_STRINGS_NONE) {
            evaluation->n_unknown_supply++;
            continue;
        }
        items[n_items++] = (DjJudged){scores[doc], (guint8)judgment->level};
        if (judgment->level >= DJ_EVALUATION_RELEVANT)
            relevant[n_relevant++] = doc;
    }
    double ndcg = dj_metrics_get_ndcg(items, n_items, DJ_EVALUATION_NDCG_DEPTH);
    double auc = dj_metrics_get_auc(items, n_items);
    double recall = dj_metrics_get_recall(scores, n, relevant, n_relevant, DJ_EVALUATION_RECALL_DEPTH);
    dj_evaluation_add(evaluation, need, ndcg, recall, auc);
}

void dj_evaluation_init(DjEvaluation *evaluation)
{
    *evaluation = (DjEvaluation){.needs = g_ptr_array_new_with_free_func(g_free),
                                 .ndcg10 = g_array_new(FALSE, FALSE, sizeof(double)),
                                 .recall100 = g_array_new(FALSE, FALSE, sizeof(double)),
                                 .auc = g_array_new(FALSE, FALSE, sizeof(double))};
}

void dj_evaluation_add(DjEvaluation *evaluation, const char *need, double ndcg10, double recall100, double auc)
{
    g_ptr_array_add(evaluation->needs, g_strdup(need));
    g_array_append_val(evaluation->ndcg10, ndcg10);
    g_array_append_val(evaluation->recall100, recall100);
    g_array_append_val(evaluation->auc, auc);
}

void dj_evaluation_clear(DjEvaluation *evaluation)
{
    g_clear_pointer(&evaluation->needs, g_ptr_array_unref);
    g_clear_pointer(&evaluation->ndcg10, g_array_unref);
    g_clear_pointer(&evaluation->recall100, g_array_unref);
    g_clear_pointer(&evaluation->auc, g_array_unref);
}

static DjSummary summarise(const GArray *values)
{
    return dj_metrics_summarise((const double *)(gpointer)values->data, values->len);
}

void dj_evaluation_summarise(DjEvaluation *evaluation)
{
    evaluation->ndcg10_mean = summarise(evaluation->ndcg10);
    evaluation->recall100_mean = summarise(evaluation->recall100);
    evaluation->auc_mean = summarise(evaluation->auc);
}

static gboolean score_needs(Judging *judging, guint depth, DjRunVisit each_hit, gpointer user, DjEvaluation *evaluation,
                            GError **error)
{
    guint32 n, segment = DJ_CORPUS_SEGMENT_ALL(judging->corpus);
    dj_matrix_segment_docs(&judging->corpus->matrix, segment, &n);
    DjKernelNeeds needs = dj_need_set_view(&judging->set);
    DjKernelOptions kernel = {.threads = 1, .memory_limit = judging->options->memory_limit};
    g_autofree gint64 *totals = g_try_new0(gint64, MAX(n, 1));
    DjKernelStatus status = totals ? dj_kernel_find(judging->options->kernel, &kernel.variant) : DJ_KERNEL_NO_MEMORY;
    for (guint i = 0; i < judging->keys->len && status == DJ_KERNEL_OK; i++) {
        const char *need = judging->keys->pdata[i];
        status = dj_kernel_score_all(&judging->corpus->matrix, segment, &needs, i, &kernel, totals);
        if (status != DJ_KERNEL_OK)
            break;
        measure(judging, need, totals, n, evaluation); /* segment "all": index = document */
        if (each_hit)
            tell_run(judging, need, totals, n, depth, each_hit, user);
    }
    if (status == DJ_KERNEL_OK)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "scoring kernel: %s", dj_kernel_status_text(status));
    return FALSE;
}

gboolean dj_evaluate(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                     const GArray *judgments, guint depth, DjRunVisit each_hit, gpointer user, DjEvaluation *evaluation,
                     GError **error)
{
    dj_evaluation_init(evaluation);
    g_autoptr(GHashTable) judged =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < judgments->len; i++) {
        const DjJudgment *judgment = &g_array_index(judgments, DjJudgment, i);
        GPtrArray *mine = g_hash_table_lookup(judged, judgment->need);
        if (!mine) {
            mine = g_ptr_array_new();
            g_hash_table_insert(judged, judgment->need, mine);
        }
        g_ptr_array_add(mine, (gpointer)judgment);
    }
    Judging judging = {.corpus = corpus, .options = options, .judged = judged};
    if (!dj_query_scratch_init(&judging.scratch, error)) {
        dj_evaluation_clear(evaluation);
        return FALSE;
    }
    judging.keys = g_ptr_array_new_with_free_func(g_free);
    dj_query_init(&judging.query);
    dj_need_set_init(&judging.set, dj_query_dense_weight(options->tools.model, &options->scoring));
    gboolean ok = records->each(records->user, DJ_TABLE_NEED, load_need, &judging, error) &&
                  score_needs(&judging, depth, each_hit, user, evaluation, error);
    if (ok) {
        evaluation->n_unknown_needs = g_hash_table_size(judged) - judging.keys->len;
        dj_evaluation_summarise(evaluation);
    } else {
        dj_evaluation_clear(evaluation);
    }
    dj_need_set_clear(&judging.set);
    dj_query_clear(&judging.query);
    g_ptr_array_unref(judging.keys);
    dj_query_scratch_clear(&judging.scratch);
    return ok;
}
