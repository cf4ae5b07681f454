/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planning again after publishing (改期补排): somebody dropped out, came late, or has to meet somebody else.
 *
 * Objective, in this order: the limits hold; as few published meetings as possible lose their slot (they move or fall
 * away); most points. Published meetings that became impossible (a person is gone or away in that slot, a ban) do not
 * count. "Fewest" is proved: a set of published meetings is given up only after it was shown that without giving up one
 * of a named few there is no plan; all sets of the smallest size are tried. Where the limits alone show it, the named
 * few are handed out as conflicts that anybody can check (keeping.h).
 *
 * Errors: DJ_PLAN_ERROR. Threads: no shared state.
 */
#pragma once

#include "engine/plan/keeping.h"
#include "engine/plan/planner.h"

G_BEGIN_DECLS

typedef struct {
    guint max_plans;    /* plans tried; default 200 */
    DjPlanOptions plan; /* keep_slot and keep_table are set by the replanner */
} DjReplanOptions;

typedef struct {
    DjPlan *plan;    /* status INFEASIBLE: proved, not even with all published meetings given up */
    guint *released; /* positions in `published`: possible, but without their slot in the new plan */
    guint n_released;
    guint *cancelled; /* positions in `published`: impossible now */
    guint n_cancelled;
    gboolean fewest;      /* proved that fewer cannot be released */
    gboolean most;        /* no plan that releases as few has a higher objective, as far as `plan` is optimal itself */
    GPtrArray *conflicts; /* DjPlanConflict that are proved by themselves */
    guint bound;          /* what they prove: at least so many published meetings are released */
} DjReplan;

DjReplan *dj_plan_again(const DjPlanProblem *problem, const DjPlanMeeting *published, guint n,
                        const DjReplanOptions *options, GError **error);
void dj_replan_free(DjReplan *replan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjReplan, dj_replan_free)

G_END_DECLS
