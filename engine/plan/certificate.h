/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate (证书): prices that prove an upper bound, and the check of a plan. No planner code is used here.
 *
 * Every limit is a row: the number of meetings of a person, of a group, of the evening, of a person's good meetings.
 * Give each row r any integer price y[r]. For every plan x that keeps the limits (weak duality of linear programming)
 *
 *   objective(x) = sum_p x[p] * (points[p] - sum_{r holds p} y[r]) + sum_r (y[r] * d[r](x) + reward[r](d[r](x)))
 *               <= sum_p max over the allowed x[p] of the bracket + sum_r max over min[r] <= d <= max[r] of (y[r] * d +
 * reward[r](d))
 *
 * and the last line needs only additions and comparisons. When it equals the value of a plan, that plan is optimal. The
 * same sum without points and rewards is 0 or more for every set of limits that some plan keeps: below 0 it proves that
 * none does.
 *
 * Ownership: DjPlanPrices is freed with dj_plan_prices_free. Errors: DJ_PLAN_ERROR. Threads: pure functions.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef struct {
    gint64 total;      /* row of the whole evening: at most slots * tables meetings */
    gint64 *group;     /* n_groups */
    gint64 *person[2]; /* n_persons each: price of the person's meetings in this role (equal rows unless a person has
                          both) */
    gint64 *best[2];   /* n_persons each: price of the person's meetings with at least best_from points */
    guint n_persons, n_groups;
} DjPlanPrices;

DjPlanPrices *dj_plan_prices_new(const DjPlanProblem *problem, GError **error);
void dj_plan_prices_free(DjPlanPrices *prices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPlanPrices, dj_plan_prices_free)

/* The bound that the prices prove. With `feasibility` no points and no rewards count, and a result below 0 proves that
 * no plan keeps the limits. Prices so large that the sum does not fit 63 bits are an error. */
gboolean dj_plan_bound(const DjPlanProblem *problem, const DjPlanPrices *prices, gboolean feasibility, gint64 *bound,
                       GError **error);

/* Does the plan keep every limit and place? `slot` and `table` are ignored when `selection_only`. The error names the
 * first rule that is broken. */
gboolean dj_plan_check(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n, gboolean selection_only,
                       GError **error);

/* Sum of points, and the objective (points and fairness rewards). */
gint64 dj_plan_value(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n);
gint64 dj_plan_objective(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n);

G_END_DECLS
