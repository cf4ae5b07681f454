/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event with some of its requirements only (只看其中几条要求): minima, wishes for a good meeting, floors and
 * must-meets are all left out, and put back one by one. Presence, maxima, caps, bans, slots and tables stay.
 * Explanations and their check use it: a few requirements that cannot be met together explain why there is no plan.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef struct {
    const DjPlanProblem *whole;
    DjPlanProblem problem; /* no fairness; its arrays are the three below */
    DjPlanPerson *persons;
    DjPlanGroup *groups;
    DjPlanPair *pairs;
    gint64 required; /* meetings that the requirements put back ask for, each counted by itself */
} DjPlanOnly;

/* `whole` must outlive it. */
void dj_plan_only_init(DjPlanOnly *only, const DjPlanProblem *whole);
void dj_plan_only_clear(DjPlanOnly *only);

/* Put back and leave out again; each may be called once before the other. */
void dj_plan_only_person(DjPlanOnly *only, guint person, gboolean back);
void dj_plan_only_floor(DjPlanOnly *only, guint group, gboolean back);
void dj_plan_only_must(DjPlanOnly *only, guint pair, gboolean back);

G_END_DECLS
