/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranking quality (排序质量) against graded judgments: nDCG, recall, pair AUC, their standard errors, and the paired
 * comparison of two runs. Needed by `duijie eval` and by bench/quality.
 *
 * Levels are 1 (none) to 4 (strong). All three measures are expectations over a random order of equal scores, so a
 * scorer gains or loses nothing by how it happens to break ties.
 *
 * A measure that is not defined for a need (no item of the level that it counts) is NAN; the summaries skip it.
 *
 * Thread rule: pure functions. None can fail except by NAN.
 */
#ifndef DJ_MATCH_METRICS_H
#define DJ_MATCH_METRICS_H

#include <glib.h>

G_BEGIN_DECLS

#define DJ_METRICS_NDCG_MAX_DEPTH 10

typedef struct {
    double score; /* a judged item that the run does not contain: -INFINITY */
    guint8 level; /* 1..4 */
} DjJudged;

typedef struct {
    double mean;
    double se;   /* standard error of the mean: sample deviation / sqrt(count); 0 when count < 2 */
    guint count; /* needs for which the measure is defined */
} DjSummary;

/*
 * Judged-only nDCG at depth (1..DJ_METRICS_NDCG_MAX_DEPTH): gain 2^(level-1) - 1, discount 1 / log2(rank + 1). Sorts
 * items by score, best first. NAN when no item has level >= 2.
 * Formula for ties: McSherry and Najork, Computing information retrieval performance measures efficiently in the
 * presence of tied scores, ECIR 2008.
 */
double dj_metrics_get_ndcg(DjJudged *items, gsize n_items, guint depth);

/* Share of (level >= 3, level <= 2) pairs in the right order, a tie counting half. Sorts items. NAN without a pair. */
double dj_metrics_get_auc(DjJudged *items, gsize n_items);

/*
 * Share of the relevant items within the first depth of all items. scores has n_items entries, relevant holds
 * n_relevant distinct indices into it. NAN when n_relevant is 0. Time: n_items * n_relevant.
 */
double dj_metrics_get_recall(const double *scores, gsize n_items, const guint32 *relevant, gsize n_relevant,
                             guint depth);

/* Mean over needs; values that are NAN are left out. */
DjSummary dj_metrics_summarise(const double *values, gsize n_needs);

/* Mean of b - a over the needs for which both are defined: positive when b is better. */
DjSummary dj_metrics_compare(const double *a, const double *b, gsize n_needs);

G_END_DECLS

#endif
