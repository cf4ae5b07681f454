/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BM25 over one unit with need-side weights, in double and in the 8-bit form that the engine uses. */
#ifndef DJ_BENCH_QUALITY_LEXICAL_H
#define DJ_BENCH_QUALITY_LEXICAL_H

#include "bench/quality/data.h"
#include "engine/text/analyzer.h"

/* Weight of a need's term from its counts in title and content: s(f, k) = f (k + 1) / (f + k), raw counts for k = 0. */
typedef struct {
    double title_k;
    double content_weight; /* 0: title alone */
    double content_k;
    gboolean need_idf; /* multiplies the content part by n(t) */
} NeedWeights;

typedef struct Lexical Lexical;

/* Indexes the titles of data->items and learns n(t) from all need texts. */
Lexical *lexical_new(const Data *data, DjAnalyzer *analyzer, DjUnit unit);
void lexical_free(Lexical *lexical);
double lexical_get_max_impact(const Lexical *lexical);

/* One need's weights; term ids of this unit only. */
typedef struct {
    guint32 term;
    double weight;
} LexicalWeight;

/* Terms of the need that the items know, in ascending id; free with g_array_unref. */
GArray *lexical_weigh_need(const Lexical *lexical, const Record *need, const NeedWeights *weights);

/* scores[item] += factor * sum of weight * impact. */
void lexical_add_scores(const Lexical *lexical, const GArray *weights, double factor, double *scores);

/*
 * The same in integers: impacts max(1, round(255 w / max_impact)), weights round(255 q / max_weight). Adds to sums, and
 * to *variance the predicted variance of the sum: sum over terms of weight^2 * Var(impact), the terms taken as
 * independent.
 */
void lexical_add_integer_scores(const Lexical *lexical, const GArray *weights, double max_impact, double factor,
                                double max_weight, guint32 *sums, double *variance);

#endif
