/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/calibration.h"
#include <string.h>

DjCalibration *dj_calibration_new(const DjKnot *knots, gsize n, const char *source)
{
    for (gsize i = 0; i < n; i++)
        if (knots[i].permille < 0 || knots[i].permille > 1000 ||
            (i > 0 && (knots[i].points <= knots[i - 1].points || knots[i].permille < knots[i - 1].permille)))
            return NULL;
    if (n == 0)
        return NULL;
    DjCalibration *calibration = g_new0(DjCalibration, 1);
    calibration->knots = g_array_new(FALSE, FALSE, sizeof(DjKnot));
    g_array_append_vals(calibration->knots, knots, (guint)n);
    calibration->source = g_strdup(source);
    return calibration;
}

void dj_calibration_free(DjCalibration *calibration)
{
    if (!calibration)
        return;
    g_array_unref(calibration->knots);
    g_free(calibration->source);
    g_free(calibration->limits);
    g_free(calibration);
}

int dj_calibration_permille(const DjCalibration *calibration, gint64 points)
{
    const DjKnot *knot = (const DjKnot *)(gpointer)calibration->knots->data;
    guint n = calibration->knots->len;
    if (points <= knot[0].points)
        return knot[0].permille;
    for (guint i = 1; i < n; i++) {
        if (points > knot[i].points)
            continue;
        gint64 width = knot[i].points - knot[i - 1].points, rise = knot[i].permille - knot[i - 1].permille;
        return knot[i - 1].permille + (int)((rise * (points - knot[i - 1].points) * 2 + width) / (2 * width));
    }
    return knot[n - 1].permille;
}

gint64 dj_calibration_least_points(const DjCalibration *calibration, int permille)
{
    const DjKnot *knot = (const DjKnot *)(gpointer)calibration->knots->data;
    guint n = calibration->knots->len;
    if (knot[0].permille >= permille)
        return G_MININT64;
    if (knot[n - 1].permille < permille)
        return G_MAXINT64;
    gint64 below = knot[0].points, enough = knot[n - 1].points;
    while (enough - below > 1) {
        gint64 middle = below + (enough - below) / 2;
        if (dj_calibration_permille(calibration, middle) >= permille)
            enough = middle;
        else
            below = middle;
    }
    return enough;
}

/* A run of equal predictions while violators are pooled: weights and good ones in thousandths of a decision. */
typedef struct {
    gint64 points_sum; /* weighted by weight / 1000, for the knot's place */
    gint64 weight, good;
} Block;

typedef struct {
    gint64 points, weight, good;
} Observation;

static gint compare_observations(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const Observation *)a)->points, y = ((const Observation *)b)->points;
    return (x > y) - (x < y);
}

static gboolean falls(const Block *before, const Block *after)
{
    return (__int128)before->good * after->weight > (__int128)after->good * before->weight;
}

DjCalibration *dj_calibration_fit(const DjCalibration *prior, guint prior_weight, const DjLabelled *labels, gsize n,
                                  const char *source)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Observation));
    for (guint i = 0; i < prior->knots->len; i++) {
        const DjKnot *knot = &g_array_index(prior->knots, DjKnot, i);
        Observation o = {knot->points, 1000 * (gint64)prior_weight, (gint64)knot->permille * prior_weight};
        if (prior_weight > 0)
            g_array_append_val(all, o);
    }
    for (gsize i = 0; i < n; i++) {
        Observation o = {labels[i].points, 1000, labels[i].good ? 1000 : 0};
        g_array_append_val(all, o);
    }
    g_array_sort(all, compare_observations);
    g_autoptr(GArray) blocks = g_array_new(FALSE, FALSE, sizeof(Block));
    for (guint i = 0; i < all->len; i++) {
        const Observation *o = &g_array_index(all, Observation, i);
        const Observation *before = i > 0 ? o - 1 : NULL;
        Block *last = blocks->len > 0 ? &g_array_index(blocks, Block, blocks->len - 1) : NULL;
        if (last && before->points == o->points) { /* one place has one value */
            last->points_sum += o->points * (o->weight / 1000);
            last->weight += o->weight;
            last->good += o->good;
        } else {
            Block block = {o->points * (o->weight / 1000), o->weight, o->good};
            g_array_append_val(blocks, block);
        }
        while (blocks->len > 1 &&
               falls(&g_array_index(blocks, Block, blocks->len - 2), &g_array_index(blocks, Block, blocks->len - 1))) {
            Block *left = &g_array_index(blocks, Block, blocks->len - 2);
            const Block *right = left + 1;
            left->points_sum += right->points_sum;
            left->weight += right->weight;
            left->good += right->good;
            g_array_set_size(blocks, blocks->len - 1);
        }
    }
    g_autoptr(GArray) knots = g_array_new(FALSE, FALSE, sizeof(DjKnot));
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = &g_array_index(blocks, Block, i);
        DjKnot knot = {block->points_sum / (block->weight / 1000), (int)(1000 * block->good / block->weight)};
        const DjKnot *before = knots->len > 0 ? &g_array_index(knots, DjKnot, knots->len - 1) : NULL;
        if (!before || knot.points > before->points)
            g_array_append_val(knots, knot);
    }
    return dj_calibration_new((const DjKnot *)(gpointer)knots->data, knots->len, source);
}

typedef struct {
    int predicted;
    gboolean good;
} Predicted;

static gint compare_predicted(gconstpointer a, gconstpointer b)
{
    return ((const Predicted *)a)->predicted - ((const Predicted *)b)->predicted;
}

guint dj_calibration_reliability(const DjCalibration *calibration, const DjLabelled *labels, gsize n, guint n_bins,
                                 DjReliability *bins)
{
    g_autofree Predicted *all = g_new(Predicted, MAX(n, 1));
    for (gsize i = 0; i < n; i++)
        all[i] = (Predicted){dj_calibration_permille(calibration, labels[i].points), labels[i].good};
    qsort(all, n, sizeof *all, compare_predicted);
    n_bins = (guint)MIN(n_bins, n);
    for (guint b = 0; b < n_bins; b++) {
        gsize begin = n * b / n_bins, end = n * (b + 1) / n_bins;
        gint64 sum = 0;
        bins[b] = (DjReliability){.n = (guint)(end - begin)};
        for (gsize i = begin; i < end; i++) {
            sum += all[i].predicted;
            bins[b].n_good += all[i].good != FALSE;
        }
        bins[b].predicted = (int)((sum + bins[b].n / 2) / bins[b].n);
        bins[b].observed = (int)((1000 * (gint64)bins[b].n_good + bins[b].n / 2) / bins[b].n);
    }
    return n_bins;
}
