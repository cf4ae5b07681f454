/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integer program, alone and as what the planner asks when its own search is cut short, against all subsets with
 * all timetables. */
#include "engine/plan/program.h"
#include "engine/plan/planner.h"
#include "engine/plan/tables.h"
#include "tests/property/event/instance.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    guint feasible, infeasible, asked;
} Seen;

static void choose_kept(const DjPlanProblem *problem, Random *random, guint8 *keep)
{
    for (guint p = 0; p < problem->n_pairs; p++) {
        guint slot = random_below(random, problem->slots);
        gboolean can = problem->pairs[p].rule != DJ_PLAN_BAN && (dj_plan_pair_open(problem, p) >> slot & 1);
        keep[p] = can && random_below(random, 6) == 0 ? (guint8)slot : DJ_PLAN_NO_SLOT;
    }
}

static void check_kept(const DjPlanMeeting *meetings, guint n, guint n_pairs, const guint8 *keep, guint64 seed)
{
    guint wanted = 0, held = 0;
    for (guint p = 0; p < n_pairs; p++)
        wanted += keep[p] != DJ_PLAN_NO_SLOT;
    for (guint m = 0; m < n; m++)
        held += keep[meetings[m].pair] == meetings[m].slot;
    require(wanted == held, seed, "a kept meeting was moved or left out");
}

static void check_program(const DjPlanProblem *problem, const guint8 *keep, gboolean possible, gint64 best,
                          guint64 seed)
{
    g_autoptr(GError) error = NULL;
    const DjPlanProgramOptions options = {.keep_slot = keep};
    g_autoptr(DjPlanProgram) got = dj_plan_program(problem, &options, &error);
    require(got != NULL, seed, error ? error->message : "no answer");
    require(got->infeasible == !possible, seed, "the program is wrong about whether there is a plan");
    if (!possible) {
        require(got->meetings == NULL, seed, "a plan where there is none");
        return;
    }
    require(got->meetings != NULL && got->bound == best, seed, "the program's bound differs from brute force");
    dj_plan_seat(problem, got->meetings, got->n, NULL);
    require(dj_plan_check(problem, got->meetings, got->n, FALSE, &error), seed, error ? error->message : "check");
    require(dj_plan_objective(problem, got->meetings, got->n) == best, seed, "objective differs from brute force");
    if (keep)
        check_kept(got->meetings, got->n, problem->n_pairs, keep, seed);
}

/* One selection only, and a timetable search that hardly starts: the rest is the program's. */
static void check_planner(const DjPlanProblem *problem, guint8 *keep, gboolean possible, gint64 best, guint64 seed,
                          Seen *seen)
{
    g_autoptr(GError) error = NULL;
    DjPlanOptions options = {.keep_slot = keep, .max_nodes = 1, .max_steps = 1};
    g_autoptr(DjPlan) got = dj_plan_make(problem, &options, &error);
    require(got != NULL, seed, error ? error->message : "no answer");
    seen->asked += got->asked_program;
    if (!possible) {
        require(got->status == DJ_PLAN_INFEASIBLE, seed, "a plan where there is none");
        for (guint p = 0; keep && p < problem->n_pairs; p++)
            if (!got->blamed[p])
                keep[p] = DJ_PLAN_NO_SLOT;
        gint64 other = 0;
        require(!keep || !brute_force(problem, TRUE, keep, &other), seed, "the blamed meetings do not explain it");
        return;
    }
    require(got->status == DJ_PLAN_OPTIMAL, seed, "not solved");
    require(got->objective == best && got->searched_bound == best && got->bound >= best, seed, "value or bound");
    if (keep)
        check_kept(got->meetings, got->n, problem->n_pairs, keep, seed);
}

static void check_one(const InstanceShape *shape, guint64 seed, gboolean fair, Seen *seen)
{
    Instance instance;
    instance_make(&instance, shape, seed);
    DjPlanProblem *problem = &instance.problem;
    for (guint i = 0; i < problem->n_persons && fair; i++)
        instance.persons[i].fair = i % 2 == 0;
    for (guint k = 1; k <= DJ_PLAN_SLOTS_MAX && fair; k++)
        problem->fair_step[k] = k < 12 ? 7 * (12 - (gint64)k) : 0;
    Random random = {.state = seed + 7};
    guint8 keep[24];
    choose_kept(problem, &random, keep);
    guint8 *kept = seed % 3 == 0 ? keep : NULL;
    gint64 best = 0;
    gboolean possible = brute_force(problem, TRUE, kept, &best);
    ++*(possible ? &seen->feasible : &seen->infeasible);
    check_program(problem, kept, possible, best, seed);
    check_planner(problem, kept, possible, best, seed, seen);
}

/* Work that ends before the first node: no plan is claimed, and nothing is said to be proved. */
static void check_limits(void)
{
    const InstanceShape shape = {.left = 4, .right = 4, .pairs_max = 12, .slots = 4, .tables = 2, .absent = 90};
    guint open = 0;
    for (guint64 seed = 1; seed <= 300; seed++) {
        Instance instance;
        instance_make(&instance, &shape, seed);
        gint64 best = 0;
        gboolean possible = brute_force(&instance.problem, TRUE, NULL, &best);
        g_autoptr(GError) error = NULL;
        const DjPlanProgramOptions options = {.max_nodes = 1};
        g_autoptr(DjPlanProgram) got = dj_plan_program(&instance.problem, &options, &error);
        require(got != NULL, seed, error ? error->message : "no answer");
        require(!got->infeasible || !possible, seed, "infeasible without proof");
        require(!possible || got->bound >= best, seed, "the bound of stopped work is below a plan");
        open += !got->infeasible && !got->meetings;
    }
    require(open > 0, open, "no program was stopped");
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 4, .right = 3, .pairs_max = 10, .slots = 4, .tables = 2, .absent = 70},
        {.left = 4, .right = 4, .pairs_max = 11, .slots = 4, .tables = 2, .absent = 100},
        {.left = 4, .right = 4, .pairs_max = 10, .slots = 4, .tables = 2, .absent = 60, .groups = TRUE, .wishes = TRUE},
        {.left = 3, .right = 4, .pairs_max = 11, .slots = 3, .tables = 3, .absent = 40, .doubles = TRUE},
    };
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
        Seen seen = {0};
        for (guint64 seed = 1; seed <= 1500; seed++)
            check_one(&shapes[s], seed, seed % 2 == 0 && !shapes[s].doubles, &seen);
        printf("shape %u: %u with a plan, %u without, the planner asked the program %u times\n", s, seen.feasible,
               seen.infeasible, seen.asked);
        require(seen.feasible > 150 && seen.infeasible > 150 && seen.asked > 150, s, "the instances cover too little");
    }
    check_limits();
    return 0;
}
