/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/metrics.h"

#include <criterion/criterion.h>
#include <math.h>

static gboolean near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

Test(metrics, ndcg_of_a_worked_example)
{
    /* Gains 7 3 1 0; shown in the order 3 7 0 1. */
    DjJudged items[] = {{4, 3}, {3, 4}, {2, 1}, {1, 2}};
    const double shown = 3 + 7 / log2(3) + 1 / log2(5), ideal = 7 + 3 / log2(3) + 1 / log2(4);
    cr_expect(near(dj_metrics_get_ndcg(items, 4, 10), shown / ideal));
    cr_expect(near(dj_metrics_get_ndcg(items, 4, 1), 3.0 / 7));
}

Test(metrics, undefined_measures_are_nan)
{
    DjJudged none[] = {{1, 1}, {2, 1}}, weak[] = {{1, 2}, {2, 1}}, good[] = {{1, 3}, {2, 4}};
    cr_expect(isnan(dj_metrics_get_ndcg(none, 2, 10)));
    cr_expect(isnan(dj_metrics_get_auc(weak, 2)));
    cr_expect(isnan(dj_metrics_get_auc(good, 2)));
    cr_expect(isnan(dj_metrics_get_recall(NULL, 0, NULL, 0, 100)));
}

/* The expectation over ties equals the mean over all orders: compared with every permutation of the tied items. */
static double mean_over_orders(const DjJudged *items, gsize n, guint depth, gboolean auc)
{
    gsize order[5] = {0, 1, 2, 3, 4}, c[5] = {0};
    double sum = 0;
    guint count = 0;
    for (gsize i = 0;;) {
        DjJudged shown[5];
        gboolean fits = TRUE;
        for (gsize r = 0; r < n; r++) {
            shown[r] = (DjJudged){-(double)r, items[order[r]].level};
            fits &= r == 0 || items[order[r]].score <= items[order[r - 1]].score;
        }
        if (fits) {
            sum += auc ? dj_metrics_get_auc(shown, n) : dj_metrics_get_ndcg(shown, n, depth);
            count++;
        }
        while (i < n && c[i] >= i) { /* Heap's algorithm */
            c[i++] = 0;
        }
        if (i >= n) {
            return sum / count;
        }
        const gsize j = i % 2 ? c[i] : 0, t = order[j];
        order[j] = order[i];
        order[i] = t;
        c[i]++;
        i = 0;
    }
}

Test(metrics, ties_count_as_the_mean_over_their_orders)
{
    GRand *rand = g_rand_new_with_seed(3);
    for (int round = 0; round < 300; round++) {
        DjJudged items[5];
        for (gsize i = 0; i < 5; i++) {
            items[i] = (DjJudged){g_rand_int_range(rand, 0, 3), (guint8)g_rand_int_range(rand, 1, 5)};
        }
        items[0].level = 4; /* makes both measures defined */
        items[1].level = 1;
        for (guint depth = 1; depth <= 6; depth++) {
            const double want = mean_over_orders(items, 5, depth, FALSE);
            DjJudged copy[5];
            memcpy(copy, items, sizeof copy);
            cr_assert(near(dj_metrics_get_ndcg(copy, 5, depth), want));
        }
        const double want = mean_over_orders(items, 5, 0, TRUE);
        cr_assert(near(dj_metrics_get_auc(items, 5), want));
    }
    g_rand_free(rand);
}

Test(metrics, recall_shares_the_last_places_among_ties)
{
    const double scores[] = {9, 5, 5, 5, 1, -INFINITY};
    const guint32 relevant[] = {0, 2, 5};
    cr_expect(near(dj_metrics_get_recall(scores, 6, relevant, 3, 1), 1.0 / 3));
    cr_expect(near(dj_metrics_get_recall(scores, 6, relevant, 3, 2), (1 + 1.0 / 3) / 3));
    cr_expect(near(dj_metrics_get_recall(scores, 6, relevant, 3, 4), 2.0 / 3));
    cr_expect(near(dj_metrics_get_recall(scores, 6, relevant, 3, 6), 1));
}

Test(metrics, summaries_skip_undefined_needs)
{
    const double a[] = {1, NAN, 3, 5}, b[] = {2, 7, NAN, 9};
    const DjSummary mean = dj_metrics_summarise(a, 4), paired = dj_metrics_compare(a, b, 4);
    cr_expect_eq(mean.count, 3);
    cr_expect(near(mean.mean, 3));
    cr_expect(near(mean.se, sqrt(4.0 / 3)));
    cr_expect_eq(paired.count, 2);
    cr_expect(near(paired.mean, 2.5));
    cr_expect(near(paired.se, 1.5));
    cr_expect_eq(dj_metrics_summarise(a, 0).count, 0);
}
