/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A group of equal scores that covers the ranks i..j gives each of its items the mean discount of those ranks; that is
 * the expectation over all orders of the group, without drawing any.
 */
#include "engine/match/metrics.h"

#include <math.h>
#include <stdlib.h>

/* 1 / log2(rank + 1) for rank 1..10, as literals so that the figures have the same bits under every libm. */
static const double DISCOUNT[DJ_METRICS_NDCG_MAX_DEPTH] = {
    1.0,
    0.63092975357145743,
    0.5,
    0.43067655807339306,
    0.38685280723454163,
    0.35620718710802218,
    0.33333333333333331,
    0.31546487678572872,
    0.30102999566398120,
    0.28906482631788785,
};

static double get_gain(guint8 level)
{
    return level > 1 ? (double)((1u << (level - 1)) - 1) : 0;
}

static int by_score_descending(const void *a, const void *b)
{
    const double x = ((const DjJudged *)a)->score, y = ((const DjJudged *)b)->score;
    return (x < y) - (x > y);
}

static int by_level_descending(const void *a, const void *b)
{
    return (int)((const DjJudged *)b)->level - (int)((const DjJudged *)a)->level;
}

double dj_metrics_get_ndcg(DjJudged *items, gsize n_items, guint depth)
{
    g_return_val_if_fail(depth >= 1 && depth <= DJ_METRICS_NDCG_MAX_DEPTH, NAN);
    double ideal = 0;
    qsort(items, n_items, sizeof *items, by_level_descending);
    for (gsize i = 0; i < n_items && i < depth; i++) {
        ideal += get_gain(items[i].level) * DISCOUNT[i];
    }
    if (ideal == 0) {
        return NAN;
    }
    double found = 0;
    qsort(items, n_items, sizeof *items, by_score_descending);
    for (gsize first = 0, stop; first < n_items && first < depth; first = stop) {
        double gains = 0, discounts = 0;
        for (stop = first; stop < n_items && items[stop].score == items[first].score; stop++) {
            gains += get_gain(items[stop].level);
            discounts += stop < depth ? DISCOUNT[stop] : 0;
        }
        found += gains * discounts / (double)(stop - first);
    }
    return found / ideal;
}

double dj_metrics_get_auc(DjJudged *items, gsize n_items)
{
    double good = 0, bad = 0, right = 0;
    qsort(items, n_items, sizeof *items, by_score_descending);
    for (gsize first = 0, stop; first < n_items; first = stop) {
        double group_good = 0, group_bad = 0;
        for (stop = first; stop < n_items && items[stop].score == items[first].score; stop++) {
            if (items[stop].level >= 3) {
                group_good++;
            } else {
                group_bad++;
            }
        }
        right += group_bad * (good + group_good / 2);
        good += group_good;
        bad += group_bad;
    }
    return good > 0 && bad > 0 ? right / (good * bad) : NAN;
}

double dj_metrics_get_recall(const double *scores, gsize n_items, const guint32 *relevant, gsize n_relevant,
                             guint depth)
{
    double found = 0;
    for (gsize r = 0; r < n_relevant; r++) {
        const double score = scores[relevant[r]];
        gsize above = 0, equal = 0;
        for (gsize i = 0; i < n_items; i++) {
            above += scores[i] > score;
            equal += scores[i] == score;
        }
        if (above < depth) {
            const gsize places = depth - above;
            found += places >= equal ? 1 : (double)places / (double)equal;
        }
    }
    return n_relevant > 0 ? found / (double)n_relevant : NAN;
}

DjSummary dj_metrics_summarise(const double *values, gsize n_needs)
{
    DjSummary summary = {0, 0, 0};
    double sum = 0, squares = 0;
    for (gsize i = 0; i < n_needs; i++) {
        if (!isnan(values[i])) {
            sum += values[i];
            summary.count++;
        }
    }
    if (summary.count == 0) {
        return summary;
    }
    summary.mean = sum / summary.count;
    for (gsize i = 0; i < n_needs; i++) {
        if (!isnan(values[i])) {
            squares += (values[i] - summary.mean) * (values[i] - summary.mean);
        }
    }
    if (summary.count > 1) {
        summary.se = sqrt(squares / (summary.count - 1) / summary.count);
    }
    return summary;
}

DjSummary dj_metrics_compare(const double *a, const double *b, gsize n_needs)
{
    g_autofree double *difference = g_new(double, n_needs + 1);
    for (gsize i = 0; i < n_needs; i++) {
        difference[i] = b[i] - a[i]; /* NAN when either is */
    }
    return dj_metrics_summarise(difference, n_needs);
}
