/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole plan as one integer program (整数规划), for GLPK's branch and bound: a column for every pair and every slot
 * that both persons share, a row for every limit, for every person in every slot, and for the tables of every slot.
 *
 * The planner's own search is faster where people are there nearly all evening; where presence decides who can meet at
 * all, the program closes what the search leaves open. It is larger by the number of slots, so that it is asked last.
 *
 * Exactness: GLPK computes in doubles. A plan is read off in integers and checked by whoever asks. `bound` is rounded
 * up by more than GLPK's tolerance, so that it says too much rather than too little. `infeasible` rests on rows whose
 * coefficients are all 1.
 * Work is counted in iterations of the simplex at the root and in nodes after that, never in seconds.
 * Errors: DJ_PLAN_ERROR_SOLVER. Threads: no shared state (GLPK keeps one environment per thread).
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef struct {
    const guint8 *keep_slot; /* as in DjPlanOptions; may be NULL */
    guint max_nodes;         /* 0: the default */
    gboolean (*cancelled)(gpointer data);
    gpointer data;
} DjPlanProgramOptions;

typedef struct {
    DjPlanMeeting *meetings; /* by pair; slots, but no tables yet; NULL without a plan */
    guint n;
    gboolean infeasible; /* proved: there is no plan */
    gboolean cancelled;
    gint64 bound; /* no plan has a higher objective; G_MAXINT64 where nothing is known */
    guint nodes;
} DjPlanProgram;

/* The program does not fit (too many columns): an answer without plan, bound or proof. */
DjPlanProgram *dj_plan_program(const DjPlanProblem *problem, const DjPlanProgramOptions *options, GError **error);
void dj_plan_program_free(DjPlanProgram *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPlanProgram, dj_plan_program_free)

G_END_DECLS
