/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session as plain numbers (对接会): who may meet whom, how often, when. Everything in plan/ speaks in indices into
 * these arrays; names, reasons and files belong to the caller.
 *
 * A pair joins a person in role 0 (demand 需求方) with a person in role 1 (supply 供给方). Who occurs in both roles is
 * still one person in one place. How sides are called (enterprise, inventor, agency) does not matter here.
 *
 * A group limits the meetings of its persons taken together: a cap for an inventor team, a floor for a city or chain.
 * The groups of one role are nested: each person names the innermost, each group its parent.
 *
 * Units: points are integers (0..DJ_PLAN_POINTS_MAX); limits count meetings; time is a slot index.
 * Ownership: the caller owns all arrays and keeps them unchanged while a function of plan/ uses them.
 * Threads: everything here is read-only; no function of plan/ keeps state between calls.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DJ_PLAN_ERROR dj_plan_error_quark()
GQuark dj_plan_error_quark(void);

typedef enum {
    DJ_PLAN_ERROR_INPUT,   /* the problem contradicts itself: an index out of range, min above max, ... */
    DJ_PLAN_ERROR_INVALID, /* a plan breaks a rule of its problem */
    DJ_PLAN_ERROR_MEMORY,
    DJ_PLAN_ERROR_SOLVER, /* an outside solver failed or its answer did not pass the check */
} DjPlanError;

enum {
    DJ_PLAN_SLOTS_MAX = 64,
    DJ_PLAN_PERSONS_MAX = 1 << 20,
    DJ_PLAN_PAIRS_MAX = 1 << 24,
    DJ_PLAN_POINTS_MAX = 1000000000,
};
#define DJ_PLAN_NONE G_MAXUINT /* no group, no parent, no limit */

typedef enum {
    DJ_PLAN_FREE, /* may meet */
    DJ_PLAN_MUST, /* has to meet (必见) */
    DJ_PLAN_BAN,  /* must not meet (禁配): ban, own patent, same group, competitor */
} DjPlanRule;

typedef struct {
    guint min, max;   /* meetings of this person */
    guint64 open;     /* bit t is set when the person is there in slot t */
    guint group[2];   /* innermost group for the meetings in this role, or DJ_PLAN_NONE */
    gint64 best_from; /* at least one meeting must have this many points; 0 asks for nothing */
    gboolean fair;    /* the number of meetings counts towards fairness, see fair_step */
} DjPlanPerson;

typedef struct {
    guint parent; /* the group around this one, or DJ_PLAN_NONE */
    guint role;   /* 0 or 1; the same as the parent's */
    guint min;    /* meetings of all members together */
    guint max;    /* DJ_PLAN_NONE: no cap */
} DjPlanGroup;

typedef struct {
    guint who[2]; /* person in role 0, person in role 1 */
    gint64 points;
    DjPlanRule rule;
} DjPlanPair;

typedef struct {
    const DjPlanPerson *persons;
    guint n_persons;
    const DjPlanGroup *groups;
    guint n_groups;
    const DjPlanPair *pairs;
    guint n_pairs;
    guint slots, tables;
    /* The k-th meeting of a `fair` person adds fair_step[k] to the objective; not increasing with k. All 0: only points
     * count. Steps above every possible sum of points make the optimum lexicographic, see fairness.h. */
    gint64 fair_step[DJ_PLAN_SLOTS_MAX + 1];
} DjPlanProblem;

/* A meeting (会面) at its place in the evening. */
typedef struct {
    guint pair;
    guint slot;
    guint table;
} DjPlanMeeting;

/* By slot, then table: for qsort. */
int dj_plan_compare_places(const void *a, const void *b);

/* Are all indices in range, limits in order, groups nested, points in range, no pair twice? */
gboolean dj_plan_problem_check(const DjPlanProblem *problem, GError **error);

/* Does the number of meetings count at all? */
gboolean dj_plan_is_fair(const DjPlanProblem *problem);
/* What the k-th meeting of a person adds to the objective beside its points, k from 1. */
gint64 dj_plan_fair_reward(const DjPlanProblem *problem, const DjPlanPerson *person, guint k);

/* Most meetings that fit the person's presence: min(max, number of open slots of the event). */
guint dj_plan_person_room(const DjPlanProblem *problem, guint person);
/* Fewest meetings the person must have: min, or one where a good meeting is asked for. */
guint dj_plan_person_need(const DjPlanProblem *problem, guint person);
/* Slots in which both persons of the pair are there. */
guint64 dj_plan_pair_open(const DjPlanProblem *problem, guint pair);
/* All slots of the event as bits. */
guint64 dj_plan_all_slots(const DjPlanProblem *problem);

/* bit r of out[i] is set when person i occurs in role r in a pair that may meet. `out` has n_persons elements. */
void dj_plan_roles(const DjPlanProblem *problem, guint8 *out);

G_END_DECLS
