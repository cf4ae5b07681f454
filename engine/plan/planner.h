/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole plan (会面安排): selection and timetable together, exactly.
 *
 * Best first over selections. The best selection that the open choices allow is asked for its timetable; when it has
 * none, the core (meetings that cannot all take place) is split into its cases: the first of them does not take place;
 * or it does and the second does not; and so on. The first selection with a timetable is then the best plan. With
 * everybody there all evening this is one selection and one edge colouring. Where the nodes run out, which takes many
 * absences, the whole question is asked as one integer program (program.h).
 *
 * Work is counted in nodes and steps. A caller may abort by `cancelled`; only then does the result depend on the clock.
 */
#pragma once

#include "engine/plan/certificate.h"
#include "engine/plan/timetable.h"

G_BEGIN_DECLS

typedef enum {
    DJ_PLAN_OPTIMAL,    /* no plan has a higher objective */
    DJ_PLAN_SUBOPTIMAL, /* a plan; work ran out before it was proved best */
    DJ_PLAN_INFEASIBLE, /* proved: there is no plan */
    DJ_PLAN_UNDECIDED,  /* work ran out without a plan */
} DjPlanStatus;

/* All fields may be 0 or NULL. */
typedef struct {
    const guint8 *keep_slot; /* n_pairs: the meeting must take place in this slot; DJ_PLAN_NO_SLOT: nothing asked */
    const guint *keep_table; /* n_pairs: its table, where keep_slot is given */
    guint max_nodes;         /* selections tried; default 60 */
    guint64 max_steps;       /* per timetable; 0: its default */
    gboolean (*cancelled)(gpointer data);
    gpointer data;
} DjPlanOptions;

typedef struct {
    DjPlanStatus status;
    DjPlanMeeting *meetings; /* by slot, then table; NULL without a plan */
    guint n;
    gint64 value, objective;
    gint64 bound;          /* no plan has a higher objective: proved by `prices`, anybody can check it */
    gint64 searched_bound; /* the same, proved by the search; <= bound */
    DjPlanPrices *prices;  /* of the limits without the timetable; infeasible: proof, where the limits alone are one */
    gboolean prices_prove; /* infeasible: do the prices prove it? Otherwise the timetable is the reason: clash.h */
    guint8 *blamed;        /* infeasible with keep_slot: n_pairs, kept pairs of which one at least has to be given up */
    guint nodes;
    gboolean asked_program; /* the search ran out of work and the integer program (program.h) went on */
    gboolean reproducible;  /* FALSE when `cancelled` ended the work */
} DjPlan;

DjPlan *dj_plan_make(const DjPlanProblem *problem, const DjPlanOptions *options, GError **error);
void dj_plan_free(DjPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPlan, dj_plan_free)

G_END_DECLS
