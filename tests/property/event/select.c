/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selection against all subsets: same value, a plan that keeps the limits, prices that prove it; or no plan, with a
 * proof. */
#include "engine/plan/select.h"
#include "tests/property/event/instance.h"

#include <stdio.h>

static void check_one(const InstanceShape *shape, guint64 seed, gint64 fair, guint *feasible, guint *infeasible)
{
    Instance instance;
    instance_make(&instance, shape, seed);
    DjPlanProblem *problem = &instance.problem;
    for (guint k = 1; fair > 0 && k <= DJ_PLAN_SLOTS_MAX; k++)
        problem->fair_step[k] = fair * (DJ_PLAN_SLOTS_MAX + 1 - k);
    for (guint i = 0; i < shape->left; i++)
        instance.persons[i].fair = TRUE;

    g_autoptr(GError) error = NULL;
    g_autoptr(DjPlanSelection) got = dj_plan_select(problem, NULL, &error);
    require(got != NULL, seed, error ? error->message : "no selection");
    gint64 best = 0, bound = 0;
    gboolean possible = brute_force(problem, FALSE, NULL, &best);
    require(got->feasible == possible, seed, "feasibility differs from brute force");
    require(dj_plan_bound(problem, got->prices, !possible, &bound, &error), seed, error ? error->message : "no bound");
    if (!possible) {
        require(bound < 0, seed, "prices do not prove that there is no plan");
        ++*infeasible;
        return;
    }
    ++*feasible;
    require(got->objective == best, seed, "objective differs from brute force");
    require(bound == best, seed, "prices do not prove the optimum");
    DjPlanMeeting meetings[24];
    for (guint m = 0; m < got->n_pairs; m++)
        meetings[m].pair = got->pairs[m];
    require(dj_plan_check(problem, meetings, got->n_pairs, TRUE, &error), seed,
            error ? error->message : "check failed");
    require(dj_plan_value(problem, meetings, got->n_pairs) == got->value, seed, "value is not the sum of points");
    require(dj_plan_objective(problem, meetings, got->n_pairs) == got->objective, seed, "objective does not add up");
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 3, .right = 3, .pairs_max = 9, .slots = 3, .tables = 2},
        {.left = 4, .right = 3, .pairs_max = 11, .slots = 3, .tables = 3, .absent = 40},
        {.left = 4, .right = 3, .pairs_max = 11, .slots = 4, .tables = 2, .absent = 30, .groups = TRUE},
        {.left = 3, .right = 4, .pairs_max = 11, .slots = 3, .tables = 2, .groups = TRUE, .wishes = TRUE},
    };
    guint feasible = 0, infeasible = 0;
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
        feasible = infeasible = 0;
        for (guint64 seed = 1; seed <= 1000; seed++) {
            check_one(&shapes[s], seed, 0, &feasible, &infeasible);
            if (seed % 4 == 0)
                check_one(&shapes[s], seed, 1000, &feasible, &infeasible);
        }
        printf("shape %u: %u with a plan, %u without\n", s, feasible, infeasible);
        require(feasible > 200 && infeasible > 100, s, "the instances do not cover both answers");
    }
    return 0;
}
