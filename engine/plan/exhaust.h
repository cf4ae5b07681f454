/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is there any plan at all (穷举)? A complete search that shares nothing with the planner: it takes the requirement
 * with the fewest ways to meet it and tries each of them. Meant for the few requirements that an explanation names.
 *
 * Work is counted in pairs looked at, so that input from elsewhere cannot hang it. Threads: no shared state.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef enum {
    DJ_PLAN_EXHAUST_NONE,  /* proved: no plan */
    DJ_PLAN_EXHAUST_SOME,  /* there is one */
    DJ_PLAN_EXHAUST_LIMIT, /* the work ran out, or more meetings are required than it follows */
} DjPlanExhaust;

/* `problem` must have passed dj_plan_problem_check. */
DjPlanExhaust dj_plan_exhaust(const DjPlanProblem *problem, guint64 work);

G_END_DECLS
