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

/* Best objective of all subsets of pairs that keep the limits of a selection; FALSE when there is none. */
gboolean brute_force_select(const DjPlanProblem *problem, gint64 *objective);

/* Ends the test program with a message when the condition does not hold. */
void require(gboolean condition, guint64 seed, const char *what);
