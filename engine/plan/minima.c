/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/minima.h"

#include "engine/plan/fairness.h"
#include "engine/plan/select.h"

gboolean dj_plan_even_minima(const DjPlanProblem *problem, guint role, guint wanted, guint *out, GError **error)
{
    g_autofree guint8 *roles = g_new(guint8, problem->n_persons + 1);
    g_autofree DjPlanPerson *persons = g_new(DjPlanPerson, problem->n_persons + 1);
    g_autofree DjPlanPair *pairs = g_new(DjPlanPair, problem->n_pairs + 1);
    dj_plan_roles(problem, roles);
    for (guint i = 0; i < problem->n_persons; i++) {
        persons[i] = (DjPlanPerson){
            .max = problem->persons[i].max, .open = problem->persons[i].open, .group = {DJ_PLAN_NONE, DJ_PLAN_NONE}};
        if (roles[i] == 1u << role)
            persons[i].max = MIN(persons[i].max, wanted);
    }
    /* fairness is among those who ask: the side in question takes that part */
    for (guint p = 0; p < problem->n_pairs; p++) {
        pairs[p] = problem->pairs[p];
        pairs[p].who[0] = problem->pairs[p].who[role];
        pairs[p].who[1] = problem->pairs[p].who[1 - role];
    }
    DjPlanProblem even = {.persons = persons,
                          .n_persons = problem->n_persons,
                          .pairs = pairs,
                          .n_pairs = problem->n_pairs,
                          .slots = problem->slots,
                          .tables = problem->tables};
    if (!dj_plan_favour_counts(&even, persons, error))
        return FALSE;
    g_autoptr(DjPlanSelection) selection = dj_plan_select(&even, NULL, error);
    if (!selection)
        return FALSE;
    for (guint i = 0; i < problem->n_persons; i++)
        if (roles[i] == 1u << role)
            out[i] = 0;
    for (guint k = 0; k < selection->n_pairs; k++) {
        guint i = pairs[selection->pairs[k]].who[0];
        if (roles[i] == 1u << role)
            out[i]++;
    }
    return TRUE;
}
