/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/only.h"

#include <string.h>

void dj_plan_only_init(DjPlanOnly *only, const DjPlanProblem *whole)
{
    *only = (DjPlanOnly){.whole = whole, .problem = *whole};
    only->persons = g_memdup2(whole->persons, whole->n_persons * sizeof *only->persons);
    only->groups = g_memdup2(whole->groups, whole->n_groups * sizeof *only->groups);
    only->pairs = g_memdup2(whole->pairs, whole->n_pairs * sizeof *only->pairs);
    only->problem.persons = only->persons;
    only->problem.groups = only->groups;
    only->problem.pairs = only->pairs;
    memset(only->problem.fair_step, 0, sizeof only->problem.fair_step);
    for (guint i = 0; i < whole->n_persons; i++) {
        only->persons[i].min = 0;
        only->persons[i].best_from = 0;
    }
    for (guint g = 0; g < whole->n_groups; g++)
        only->groups[g].min = 0;
    for (guint p = 0; p < whole->n_pairs; p++)
        if (only->pairs[p].rule == DJ_PLAN_MUST)
            only->pairs[p].rule = DJ_PLAN_FREE;
}

void dj_plan_only_clear(DjPlanOnly *only)
{
    g_free(only->persons);
    g_free(only->groups);
    g_free(only->pairs);
}

void dj_plan_only_person(DjPlanOnly *only, guint person, gboolean back)
{
    const DjPlanPerson *whole = &only->whole->persons[person];
    gint64 need = dj_plan_person_need(only->whole, person);
    only->persons[person].min = back ? whole->min : 0;
    only->persons[person].best_from = back ? whole->best_from : 0;
    only->required += back ? need : -need;
}

void dj_plan_only_floor(DjPlanOnly *only, guint group, gboolean back)
{
    gint64 need = only->whole->groups[group].min;
    only->groups[group].min = back ? (guint)need : 0;
    only->required += back ? need : -need;
}

void dj_plan_only_must(DjPlanOnly *only, guint pair, gboolean back)
{
    only->pairs[pair].rule = back ? DJ_PLAN_MUST : DJ_PLAN_FREE;
    only->required += back ? 1 : -1;
}
