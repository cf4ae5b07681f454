/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fairness (公平) among those who ask (role 0), and its price.
 *
 * Numbers of meetings, lexicographic: as many persons as possible have one meeting, then as many as possible have two,
 * and so on; then points. One flow does it. Without groups in role 0, the numbers of meetings that the limits allow
 * form a polymatroid, on whose maximal elements one and the same vector is the most even for every strictly concave
 * reward (Frank and Murota, "Decreasing minimization on M-convex sets", 2018-2020); so small steps suffice, the
 * smallest of them above every sum of points. Groups in role 0 break that; then every step must outweigh all later ones
 * together.
 *
 * Best meeting, by threshold: the highest T such that everybody has a meeting of at least T points, or of the most
 * points that this person could have at all where that is less. Feasibility falls with T, so T is found by bisection.
 *
 * Errors: DJ_PLAN_ERROR. Threads: pure functions.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

/* Sets `fair` of everybody who only asks, and the steps, so that the next plan is lexicographic in the meeting counts.
 * Fails when the steps would not fit 64 bits: many persons, points and numbers of meetings beside groups in role 0. */
gboolean dj_plan_favour_counts(DjPlanProblem *problem, DjPlanPerson *persons, GError **error);

/* Sets best_from of everybody who only asks and has a candidate. *threshold is T, or 0 when not even one meeting for
 * everybody is possible; then nothing is set. */
gboolean dj_plan_favour_best(DjPlanProblem *problem, DjPlanPerson *persons, gint64 *threshold, GError **error);

/* Most points that each person could have if nobody else came: its best candidates up to its room. n_persons elements.
 */
gint64 *dj_plan_possible_points(const DjPlanProblem *problem);

typedef struct {
    gint64 free_value;   /* most points without minima of persons and groups */
    guint below_min;     /* persons who would then stay below their minimum */
    gint64 limits_value; /* most points with the limits */
} DjPlanPrice;

/* What minima and fairness cost, counted before the timetable. `plain` is the problem without fairness; it must be
 * feasible. */
gboolean dj_plan_price(const DjPlanProblem *plain, DjPlanPrice *out, GError **error);

G_END_DECLS
