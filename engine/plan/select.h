/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pairs meet (选配): the best set under all limits, exactly, with the prices that prove it; or the proof that
 * none exists.
 *
 * Every limit that does not speak of single slots is here: minimum and maximum per person, one meeting per pair,
 * must-meets and bans, nested groups, slots * tables in total, a good meeting for everybody who asks for one, presence
 * as far as it limits how often somebody can meet at all. That is a circulation with lower bounds, so the optimum is
 * integral. A person in both roles is the exception: their two counts are bounded one by one (role_low, role_high), and
 * the planner closes the gap.
 */
#pragma once

#include "engine/plan/certificate.h"

G_BEGIN_DECLS

typedef enum {
    DJ_PLAN_SOFT_NONE = 0,
    DJ_PLAN_SOFT_MIN = 1 << 0,    /* minima of persons and groups may be missed, */
    DJ_PLAN_SOFT_MAX = 1 << 1,    /* maxima of persons (up to all slots of the event) and groups exceeded, */
    DJ_PLAN_SOFT_TABLES = 1 << 2, /* and more tables used, each as rarely as possible: counted before any points */
} DjPlanSoft;

/* All fields may be 0: then the problem as it stands is solved. */
typedef struct {
    const guint8 *rule;        /* n_pairs DjPlanRule in place of the problem's */
    const guint8 *role_low[2]; /* n_persons: bounds on the meetings in each role, for persons in both roles only */
    const guint8 *role_high[2];
    DjPlanSoft soft;
} DjPlanSelectOptions;

typedef struct {
    gboolean feasible;
    guint *pairs; /* chosen pairs, ascending */
    guint n_pairs;
    gint64 value;         /* sum of points */
    gint64 objective;     /* value and fairness rewards */
    DjPlanPrices *prices; /* feasible: prove `objective` (relaxed for persons in both roles); infeasible: prove that;
                             all 0 when limits are soft */
} DjPlanSelection;

DjPlanSelection *dj_plan_select(const DjPlanProblem *problem, const DjPlanSelectOptions *options, GError **error);
void dj_plan_selection_free(DjPlanSelection *selection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPlanSelection, dj_plan_selection_free)

G_END_DECLS
