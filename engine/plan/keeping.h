/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why published meetings had to move (保留证明): proofs that can be checked without the planner's code.
 *
 * A conflict is a set of published meetings that cannot all keep their slots. Keeping them means: they take place, and
 * whoever has no slot left in common beside them does not meet. When the limits of that smaller problem contradict each
 * other, prices prove it as in certificate.h; when a must-meet is left without a slot, that is the proof. Every plan
 * gives up a meeting of each conflict, so the smallest set of meetings that hits all conflicts is a lower bound of the
 * moves.
 *
 * Errors: DJ_PLAN_ERROR. Threads: pure functions. */
#pragma once

#include "engine/plan/certificate.h"

G_BEGIN_DECLS

typedef struct {
    guint *meetings; /* positions in the published plan, ascending */
    guint n;
    DjPlanPrices *prices; /* NULL where a must-meet is left without a slot */
} DjPlanConflict;

void dj_plan_conflict_free(gpointer conflict);

/* Could the published meeting take place where it is: not banned, both there, slot and table in range? A pair that the
 * problem does not have cannot. */
gboolean dj_plan_can_keep(const DjPlanProblem *problem, const DjPlanMeeting *published);

/* The pairs of the problem when these n published meetings keep their slots; *blocked: a must-meet (n_pairs position,
 * DJ_PLAN_NONE: none) that is left without a slot. Free the array. */
DjPlanPair *dj_plan_kept_pairs(const DjPlanProblem *problem, const DjPlanMeeting *published, const guint *kept, guint n,
                               guint *blocked);

/* Is the conflict proved? FALSE with an error where it is not. */
gboolean dj_plan_check_conflict(const DjPlanProblem *problem, const DjPlanMeeting *published,
                                const DjPlanConflict *conflict, GError **error);

/* Smallest number of meetings that hits every conflict (elements DjPlanConflict), or, where finding it takes too much
 * work, a number that it cannot be below. G_MAXUINT when a conflict is empty: nothing can hit it. */
guint dj_plan_fewest_hits(const GPtrArray *conflicts);

G_END_DECLS
