/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why there is no plan although the limits alone do not contradict each other (时段冲突): a few requirements that no
 * timetable can meet together, because of who is there when. Found by leaving out what the integer program shows to be
 * unneeded; exhaust.h checks it without the program.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef struct {
    GArray *needy;  /* guint: persons with their minimum or wish for a good meeting */
    GArray *floors; /* guint: groups with their minimum */
    GArray *musts;  /* guint: pairs that must meet */
    gint64 required;
    gboolean irreducible; /* none of them can be left out: tried one by one */
} DjPlanClash;

/* NULL without an error: not proved within the limits of work that there is no plan. */
DjPlanClash *dj_plan_clash(const DjPlanProblem *problem, GError **error);
void dj_plan_clash_free(DjPlanClash *clash);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPlanClash, dj_plan_clash_free)

G_END_DECLS
