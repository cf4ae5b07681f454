/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Value, minima met and time, beside a greedy plan, self-scheduling and GLPK, on the same generated events. */
#include "bench/event/make.h"
#include "bench/event/peers.h"
#include "engine/plan/comfort.h"
#include "engine/plan/planner.h"
#include "engine/plan/polish.h"
#include "engine/plan/program.h"

#include <stdio.h>
#include <stdlib.h>

static double since(gint64 begin)
{
    return (double)(g_get_monotonic_time() - begin) / 1e6;
}

static int run(const MakeOptions *options, guint glpk_seconds)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(options);
    g_autoptr(DjEventProblem) numbers = dj_event_problem(event, &error);
    if (!numbers) {
        fprintf(stderr, "event_bench: %s\n", error->message);
        return 1;
    }
    const DjPlanProblem *problem = &numbers->problem;
    printf("%u x %u, %u slots x %u tables, %u pairs, %u %% absent, seed %" G_GUINT64_FORMAT "\n", options->demand,
           options->supply, options->slots, options->tables, problem->n_pairs, options->absent, options->seed);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(DjPlan) plan = dj_plan_make(problem, NULL, &error);
    double seconds = since(begin);
    DjPlanComfort before = {0}, comfort = {0};
    double polish = 0;
    if (plan && plan->meetings) {
        before = dj_plan_comfort(problem, plan->meetings, plan->n);
        begin = g_get_monotonic_time();
        dj_plan_polish(problem, plan->meetings, plan->n, NULL);
        polish = since(begin);
        comfort = dj_plan_comfort(problem, plan->meetings, plan->n);
    }
    if (!plan) {
        fprintf(stderr, "event_bench: %s\n", error->message);
        return 1;
    }
    static const char *const states[] = {"optimal", "suboptimal", "infeasible", "undecided"};
    if (!plan->meetings) {
        printf("  duijie           %s  %7.3f s\n", states[plan->status], seconds);
        return 0;
    }
    printf("  duijie           value %8" G_GINT64_FORMAT "  bound %8" G_GINT64_FORMAT "  meetings %5u  below min %3u  "
           "                     %7.3f s  %s\n",
           plan->value, plan->bound, plan->n, 0u, seconds, states[plan->status]);
    printf(
        "  comfort          table changes %u, polished %u, bound %u; idle slots %u, polished %u, bound %u  %23.3f s\n",
        before.table_changes, comfort.table_changes, comfort.table_bound, before.idle, comfort.idle, comfort.idle_bound,
        polish);
    begin = g_get_monotonic_time();
    PeerResult greedy = peer_greedy(problem);
    printf("  greedy           value %8" G_GINT64_FORMAT "  %22s meetings %5u  below min %3u  %20s %7.3f s\n",
           greedy.value, "", greedy.meetings, greedy.below_min, "", since(begin));
    begin = g_get_monotonic_time();
    PeerResult self = peer_self_scheduling(problem, options->seed);
    printf("  self-scheduling  value %8" G_GINT64_FORMAT "  %22s meetings %5u  below min %3u  %20s %7.3f s\n",
           self.value, "", self.meetings, self.below_min, "", since(begin));
    begin = g_get_monotonic_time();
    gint64 value = 0;
    if (peer_glpk(problem, glpk_seconds, &value))
        printf("  GLPK simplex     value %8" G_GINT64_FORMAT "  (selection only) %69.3f s\n", value, since(begin));
    else
        printf("  GLPK simplex     no answer within %u s, or not built in %51.3f s\n", glpk_seconds, since(begin));
    return 0;
}

/* Absences so frequent that selection and timetable hang together: the planner beside the integer program alone. */
static int run_hard(const MakeOptions *options)
{
    static const char *const states[] = {"optimal", "suboptimal", "infeasible", "undecided"};
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(options);
    g_autoptr(DjEventProblem) numbers = dj_event_problem(event, &error);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(DjPlan) plan = numbers ? dj_plan_make(&numbers->problem, NULL, &error) : NULL;
    double own = since(begin);
    begin = g_get_monotonic_time();
    g_autoptr(DjPlanProgram) program = plan ? dj_plan_program(&numbers->problem, NULL, &error) : NULL;
    if (!program) {
        fprintf(stderr, "event_bench: %s\n", error->message);
        return 1;
    }
    printf("%3u x %3u, %u x %2u, %3u %% absent, seed %2" G_GUINT64_FORMAT ": duijie %-10s %6" G_GINT64_FORMAT
           " %7.3f s; GLPK alone %-10s %6" G_GINT64_FORMAT " %7.3f s\n",
           options->demand, options->supply, options->slots, options->tables, options->absent, options->seed,
           states[plan->status], plan->value, own,
           program->infeasible ? "infeasible"
           : program->meetings ? "a plan"
                               : "no answer",
           program->meetings ? dj_plan_value(&numbers->problem, program->meetings, program->n) : 0, since(begin));
    return 0;
}

int main(int argc, char **argv)
{
    guint glpk_seconds = argc > 1 ? (guint)atoi(argv[1]) : 60;
    const MakeOptions sizes[] = {
        {.demand = 150, .supply = 80, .slots = 12, .tables = 40, .seed = 1},
        {.demand = 150, .supply = 80, .slots = 12, .tables = 40, .pairs = 12000, .seed = 2},
        {.demand = 150, .supply = 80, .slots = 12, .tables = 40, .absent = 20, .seed = 3},
        {.demand = 150, .supply = 80, .slots = 12, .tables = 40, .pairs = 1200, .seed = 6}, /* few candidates: minima
                                                                                              bind */
        {.demand = 600, .supply = 400, .slots = 12, .tables = 150, .pairs = 40000, .seed = 4},
        {.demand = 600, .supply = 400, .slots = 12, .tables = 150, .pairs = 40000, .absent = 20, .seed = 5},
    };
    for (guint k = 0; k < G_N_ELEMENTS(sizes); k++)
        if (run(&sizes[k], glpk_seconds) != 0)
            return 1;
    for (guint64 seed = 1; seed <= 4; seed++) {
        const MakeOptions hard[] = {
            {.demand = 8, .supply = 6, .slots = 4, .tables = 4, .absent = 80, .seed = seed},
            {.demand = 12, .supply = 8, .slots = 4, .tables = 5, .absent = 80, .seed = seed},
            {.demand = 20, .supply = 20, .slots = 4, .tables = 10, .absent = 100, .seed = seed},
            {.demand = 40, .supply = 30, .slots = 8, .tables = 20, .absent = 100, .seed = seed},
            {.demand = 150, .supply = 80, .slots = 4, .tables = 80, .absent = 100, .seed = seed, .pairs = 1200},
        };
        for (guint k = 0; k < G_N_ELEMENTS(hard); k++)
            if (run_hard(&hard[k]) != 0)
                return 1;
    }
    return 0;
}
