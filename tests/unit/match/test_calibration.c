/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/calibration.h"
#include <criterion/criterion.h>

static const DjKnot shipped[] = {{0, 40}, {100, 110}, {300, 490}, {500, 880}};

Test(calibration, interpolates_between_knots_and_is_flat_outside)
{
    g_autoptr(DjCalibration) curve = dj_calibration_new(shipped, G_N_ELEMENTS(shipped), "test");
    cr_expect_eq(dj_calibration_permille(curve, -50), 40);
    cr_expect_eq(dj_calibration_permille(curve, 0), 40);
    cr_expect_eq(dj_calibration_permille(curve, 50), 75);
    cr_expect_eq(dj_calibration_permille(curve, 200), 300);
    cr_expect_eq(dj_calibration_permille(curve, 500), 880);
    cr_expect_eq(dj_calibration_permille(curve, 9999), 880);
    int last = 0;
    for (gint64 points = -10; points < 600; points++) {
        int now = dj_calibration_permille(curve, points);
        cr_assert_geq(now, last);
        last = now;
    }
}

Test(calibration, refuses_curves_that_fall_or_go_back)
{
    const DjKnot falling[] = {{0, 100}, {10, 90}}, back[] = {{10, 1}, {10, 2}}, beyond[] = {{0, 1001}};
    cr_expect_null(dj_calibration_new(falling, 2, ""));
    cr_expect_null(dj_calibration_new(back, 2, ""));
    cr_expect_null(dj_calibration_new(beyond, 1, ""));
    cr_expect_null(dj_calibration_new(shipped, 0, ""));
}

Test(calibration, without_labels_the_prior_comes_back)
{
    g_autoptr(DjCalibration) prior = dj_calibration_new(shipped, G_N_ELEMENTS(shipped), "test");
    g_autoptr(DjCalibration) fitted = dj_calibration_fit(prior, 20, NULL, 0, "none");
    for (gint64 points = -10; points < 600; points += 7)
        cr_expect_eq(dj_calibration_permille(fitted, points), dj_calibration_permille(prior, points));
}

/* Isotonic regression by its min-max formula: max over i <= x of min over j >= x of the mean of i..j. */
static double min_max(const double *y, int n, int x)
{
    double best = -1;
    for (int i = 0; i <= x; i++) {
        double least = 2;
        for (int j = x; j < n; j++) {
            double sum = 0;
            for (int k = i; k <= j; k++)
                sum += y[k];
            least = MIN(least, sum / (j - i + 1));
        }
        best = MAX(best, least);
    }
    return best;
}

Test(calibration, equals_the_min_max_formula_on_random_labels)
{
    const DjKnot flat[] = {{0, 500}};
    g_autoptr(DjCalibration) prior = dj_calibration_new(flat, 1, "");
    GRand *rand = g_rand_new_with_seed(5);
    for (int round = 0; round < 300; round++) {
        int n = g_rand_int_range(rand, 1, 25);
        DjLabelled labels[25];
        double y[25];
        for (int i = 0; i < n; i++) {
            labels[i] = (DjLabelled){10 * i, g_rand_int_range(rand, 0, 30) < i + 3};
            y[i] = labels[i].good;
        }
        g_autoptr(DjCalibration) fitted = dj_calibration_fit(prior, 0, labels, (gsize)n, "");
        cr_assert(fitted != NULL);
        for (guint k = 0; k < fitted->knots->len; k++) { /* knots stand inside their block: compare there */
            const DjKnot *knot = &g_array_index(fitted->knots, DjKnot, k);
            double expected = min_max(y, n, (int)(knot->points / 10));
            cr_expect_eq(knot->permille, (int)(1000 * expected + 1e-9), "round %d knot %u", round, k);
        }
    }
    g_rand_free(rand);
}

Test(calibration, a_few_labels_move_it_little_and_many_take_over)
{
    g_autoptr(DjCalibration) prior = dj_calibration_new(shipped, G_N_ELEMENTS(shipped), "test");
    DjLabelled labels[1000];
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++)
        labels[i] = (DjLabelled){500, FALSE};
    g_autoptr(DjCalibration) few = dj_calibration_fit(prior, 20, labels, 2, "two");
    g_autoptr(DjCalibration) many = dj_calibration_fit(prior, 20, labels, 1000, "a thousand");
    cr_expect_eq(dj_calibration_permille(few, 500), 880 * 20 / 22);
    cr_expect_eq(dj_calibration_permille(few, 100), dj_calibration_permille(prior, 100));
    cr_expect_lt(dj_calibration_permille(many, 500), 40);
    for (gint64 points = -10, last = 0; points < 600; points += 5) {
        cr_assert_geq(dj_calibration_permille(many, points), last, "it falls at %d", (int)points);
        last = dj_calibration_permille(many, points);
    }
}

Test(calibration, reliability_counts_every_label_once)
{
    g_autoptr(DjCalibration) curve = dj_calibration_new(shipped, G_N_ELEMENTS(shipped), "test");
    DjLabelled labels[37];
    for (int i = 0; i < 37; i++)
        labels[i] = (DjLabelled){(i * 7919) % 600, i % 3 == 0};
    DjReliability bins[10];
    cr_assert_eq(dj_calibration_reliability(curve, labels, 37, 10, bins), 10);
    guint n = 0, good = 0;
    for (int b = 0; b < 10; b++) {
        n += bins[b].n;
        good += bins[b].n_good;
        cr_expect(b == 0 || bins[b].predicted >= bins[b - 1].predicted);
    }
    cr_expect_eq(n, 37);
    cr_expect_eq(good, 13);
    cr_expect_eq(dj_calibration_reliability(curve, labels, 0, 10, bins), 0);
}
