/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranking quality of a corpus against graded judgments. Gates, chains and grouping are ignored: it asks how good the
 * order is, not who may meet. The measures are those of metrics.h. */
#pragma once
#include "engine/match/match.h"
#include "engine/match/metrics.h"

#define DJ_EVALUATION_NDCG_DEPTH   10
#define DJ_EVALUATION_RECALL_DEPTH 100
#define DJ_EVALUATION_RELEVANT     3 /* level that recall counts */

typedef struct {
    char *need, *supply; /* keys */
    int level;           /* 1 none, 2 weak, 3 fairly strong, 4 strong */
} DjJudgment;

typedef struct {
    GPtrArray *needs;                 /* char *: keys of judged needs that the workspace has, ascending */
    GArray *ndcg10, *recall100, *auc; /* double per need, NAN = not defined */
    DjSummary ndcg10_mean, recall100_mean, auc_mean;
    guint n_unknown_needs, n_unknown_supply; /* judgments of records that are not in the workspace or corpus */
} DjEvaluation;

/* Empty; then one dj_evaluation_add per need, in order; then dj_evaluation_summarise sets the means. */
void dj_evaluation_init(DjEvaluation *evaluation);
void dj_evaluation_add(DjEvaluation *evaluation, const char *need, double ndcg10, double recall100, double auc);
void dj_evaluation_summarise(DjEvaluation *evaluation);
void dj_evaluation_clear(DjEvaluation *evaluation);

/* judgments: DjJudgment, any order. each_hit, when given, is called for the best `depth` documents of every judged need
 * (a TREC run): need, supply, rank from 1, total. */
typedef void (*DjRunVisit)(const char *need, const char *supply, guint rank, gint64 total, gpointer user);
gboolean dj_evaluate(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                     const GArray *judgments, guint depth, DjRunVisit each_hit, gpointer user, DjEvaluation *evaluation,
                     GError **error);
