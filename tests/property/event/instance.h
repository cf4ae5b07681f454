/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small random events for the properties: everything a session can ask for, in sizes that brute force can answer. */
#pragma once

#include "engine/plan/problem.h"

typedef struct {
    DjPlanPerson persons[16];
    DjPlanGroup groups[8];
    DjPlanPair pairs[24];
    DjPlanProblem problem;
} Instance;

typedef struct {
    guint left, right; /* persons in role 0 and in role 1 */
    guint pairs_max;
    guint slots, tables;
    guint absent; /* per cent of persons who miss some slots */
    gboolean groups, wishes, doubles;
} InstanceShape;

typedef struct {
    guint64 state;
} Random;

guint random_below(Random *random, guint n);
void instance_make(Instance *instance, const InstanceShape *shape, guint64 seed);

/* Tries every slot of every meeting. `fixed`: NULL, or a slot or DJ_PLAN_NO_SLOT per pair given. */
gboolean brute_force_timetable(const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *fixed);

/* Best objective of all subsets of pairs that keep the limits, and with `places` also have a timetable; FALSE when
 * there is none. `keep`: NULL, or for every pair the slot in which it has to take place, or DJ_PLAN_NO_SLOT. */
gboolean brute_force(const DjPlanProblem *problem, gboolean places, const guint8 *keep, gint64 *objective);

/* Ends the test program with a message when the condition does not hold. */
void require(gboolean condition, guint64 seed, const char *what);
