/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration (校准): from points to the probability, in thousandths, that a pairing is worth a meeting. A monotone
 * curve of straight lines between knots, integers only. A shipped curve serves until a workspace has decisions of its
 * own. */
#pragma once
#include <glib.h>

typedef struct {
    gint64 points;
    int permille; /* 0..1000 */
} DjKnot;

typedef struct {
    GArray *knots; /* DjKnot, points strictly ascending, permille not falling; at least one */
    char *source;  /* what it was learned from, for people */
    char *limits;  /* what it does not tell, for people; NULL where nothing is said */
} DjCalibration;

/* knots are copied and checked; NULL when they are not as said above. */
DjCalibration *dj_calibration_new(const DjKnot *knots, gsize n, const char *source);
void dj_calibration_free(DjCalibration *calibration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjCalibration, dj_calibration_free)

/* Before the first knot and after the last the curve is flat. */
int dj_calibration_permille(const DjCalibration *calibration, gint64 points);
/* Fewest points with at least this probability: G_MININT64 where any will do, G_MAXINT64 where none suffice. */
gint64 dj_calibration_least_points(const DjCalibration *calibration, int permille);

/* A decision of the workspace: accepted or kept, or rejected as unfit. */
typedef struct {
    gint64 points;
    gboolean good;
} DjLabelled;

/* Isotonic regression (pool adjacent violators: Ayer et al., Ann. Math. Stat. 26, 1955) over the labels, with the prior
 * curve as pseudo-labels: each of its knots counts as prior_weight decisions. No labels give the prior back. labels
 * need not be sorted. */
DjCalibration *dj_calibration_fit(const DjCalibration *prior, guint prior_weight, const DjLabelled *labels, gsize n,
                                  const char *source);

/* Reliability: labels by predicted probability in up to n_bins bins of about equal size. Returns the number of bins. */
typedef struct {
    guint n, n_good;
    int predicted; /* mean, permille */
    int observed;  /* permille */
} DjReliability;
guint dj_calibration_reliability(const DjCalibration *calibration, const DjLabelled *labels, gsize n, guint n_bins,
                                 DjReliability *bins);
