/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole plans against all subsets with all timetables: absences, persons in both roles, kept meetings. */
#include "engine/plan/planner.h"
#include "tests/property/event/instance.h"

#include <stdio.h>
#include <string.h>

static void choose_kept(const DjPlanProblem *problem, Random *random, guint8 *keep)
{
    for (guint p = 0; p < problem->n_pairs; p++) {
        guint slot = random_below(random, problem->slots);
        gboolean can = problem->pairs[p].rule != DJ_PLAN_BAN && (dj_plan_pair_open(problem, p) >> slot & 1);
        keep[p] = can && random_below(random, 5) == 0 ? (guint8)slot : DJ_PLAN_NO_SLOT;
    }
}

static void check_one(const InstanceShape *shape, guint64 seed, guint *feasible, guint *infeasible)
{
    Instance instance;
    instance_make(&instance, shape, seed);
    const DjPlanProblem *problem = &instance.problem;
    Random random = {.state = seed + 99};
    guint8 keep[24];
    choose_kept(problem, &random, keep);
    DjPlanOptions options = {.keep_slot = seed % 3 == 0 ? keep : NULL, .max_nodes = 100000};

    g_autoptr(GError) error = NULL;
    g_autoptr(DjPlan) got = dj_plan_make(problem, &options, &error);
    require(got != NULL, seed, error ? error->message : "no answer");
    gint64 best = 0, bound = 0;
    gboolean possible = brute_force(problem, TRUE, options.keep_slot, &best);
    if (!possible) {
        ++*infeasible;
        require(got->status == DJ_PLAN_INFEASIBLE, seed, "a plan where there is none");
        if (got->prices_prove) {
            require(dj_plan_bound(problem, got->prices, TRUE, &bound, &error), seed, "no bound");
            require(bound < 0, seed, "prices do not prove that there is no plan");
        }
        /* giving up everything that is not blamed does not help */
        for (guint p = 0; options.keep_slot && p < problem->n_pairs; p++)
            if (!got->blamed[p])
                keep[p] = DJ_PLAN_NO_SLOT;
        if (options.keep_slot)
            require(!brute_force(problem, TRUE, keep, &best), seed, "the blamed meetings do not explain it");
        return;
    }
    ++*feasible;
    require(got->status == DJ_PLAN_OPTIMAL, seed, "no optimal plan where there is one");
    require(got->objective == best, seed, "objective differs from brute force");
    require(got->bound >= best && got->searched_bound == best, seed, "bound is wrong");
    require(dj_plan_check(problem, got->meetings, got->n, FALSE, &error), seed, "check failed");
    for (guint m = 0; m < got->n && options.keep_slot; m++) {
        guint8 slot = keep[got->meetings[m].pair];
        require(slot == DJ_PLAN_NO_SLOT || slot == got->meetings[m].slot, seed, "a kept meeting was moved");
    }
}

static gboolean is_out_of_time(gpointer data)
{
    guint *left = data;
    return (*left)-- == 0;
}

/* Stopped by the clock after a few looks at it: what is said holds against brute force all the same. */
static void check_stopped(const InstanceShape *shape, guint64 seed, guint *unproved)
{
    Instance instance;
    instance_make(&instance, shape, seed);
    const DjPlanProblem *problem = &instance.problem;
    guint looks = (guint)(seed % 4);
    DjPlanOptions options = {.cancelled = is_out_of_time, .data = &looks, .max_nodes = 100000};
    g_autoptr(GError) error = NULL;
    g_autoptr(DjPlan) got = dj_plan_make(problem, &options, &error);
    require(got != NULL, seed, error ? error->message : "no answer");
    gint64 best = 0;
    gboolean possible = brute_force(problem, TRUE, NULL, &best);
    require(!possible == (got->status == DJ_PLAN_INFEASIBLE) || got->status == DJ_PLAN_UNDECIDED, seed,
            "stopped: feasible or not, and it says the other");
    require(!got->meetings == (got->status == DJ_PLAN_INFEASIBLE || got->status == DJ_PLAN_UNDECIDED), seed,
            "stopped: status and plan do not agree");
    if (!got->meetings)
        return;
    require(dj_plan_check(problem, got->meetings, got->n, FALSE, &error), seed, "stopped: check failed");
    require(got->objective <= best && got->bound >= best && got->searched_bound >= best, seed,
            "stopped: a bound is wrong");
    require((got->status == DJ_PLAN_OPTIMAL) <= (got->objective == best), seed,
            "stopped: not the best, called optimal");
    *unproved += got->status != DJ_PLAN_OPTIMAL && !got->reproducible;
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 3, .right = 3, .pairs_max = 9, .slots = 3, .tables = 2},
        {.left = 4, .right = 3, .pairs_max = 10, .slots = 4, .tables = 2, .absent = 70},
        {.left = 4, .right = 4, .pairs_max = 10, .slots = 4, .tables = 2, .absent = 50, .groups = TRUE, .wishes = TRUE},
        {.left = 3, .right = 4, .pairs_max = 11, .slots = 3, .tables = 3, .absent = 20, .doubles = TRUE},
    };
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
        guint feasible = 0, infeasible = 0, unproved = 0;
        for (guint64 seed = 1; seed <= 1500; seed++) {
            check_one(&shapes[s], seed, &feasible, &infeasible);
            check_stopped(&shapes[s], seed, &unproved);
        }
        printf("shape %u: %u with a plan, %u without, %u stopped before they were proved best\n", s, feasible,
               infeasible, unproved);
        require(feasible > 150 && infeasible > 150, s, "the instances do not cover both answers");
    }
    return 0;
}
