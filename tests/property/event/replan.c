/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A published plan, then something changes. Against brute force: the fewest published meetings lose their slot, and
 * among the plans that give up so few, none has more points. */
#include "engine/plan/replan.h"
#include "tests/property/event/instance.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const DjPlanProblem *problem;
    guint8 published[24]; /* slot per pair, only of those that are still possible */
    guint fewest;
    gint64 most;
    gboolean any;
} Best;

/* All plans that keep exactly the published meetings of `kept` at least. */
static void try_kept(Best *best, guint kept_set, guint lost)
{
    guint8 keep[24];
    for (guint p = 0; p < best->problem->n_pairs; p++)
        keep[p] = kept_set >> p & 1 ? best->published[p] : DJ_PLAN_NO_SLOT;
    gint64 points = 0;
    if (!brute_force(best->problem, TRUE, keep, &points))
        return;
    if (!best->any || lost < best->fewest || (lost == best->fewest && points > best->most)) {
        best->fewest = lost;
        best->most = points;
    }
    best->any = TRUE;
}

static void brute_force_replan(Best *best)
{
    guint all = 0, n = 0;
    for (guint p = 0; p < best->problem->n_pairs; p++)
        if (best->published[p] != DJ_PLAN_NO_SLOT) {
            all |= 1u << p;
            n++;
        }
    /* fewest lost first: all subsets of the published ones by size */
    for (guint lost = 0; lost <= n && !best->any; lost++)
        for (guint set = all;; set = (set - 1) & all) {
            if ((guint)__builtin_popcount(all & ~set) == lost)
                try_kept(best, set, lost);
            if (set == 0)
                break;
        }
}

/* Somebody goes, somebody comes late, a new must-meet, a higher minimum. */
static void disturb(Instance *instance, Random *random)
{
    DjPlanProblem *problem = &instance->problem;
    DjPlanPerson *gone = &instance->persons[random_below(random, problem->n_persons)];
    gone->open = 0;
    gone->min = 0;
    DjPlanPerson *late = &instance->persons[random_below(random, problem->n_persons)];
    late->open &= ~G_GUINT64_CONSTANT(1);
    DjPlanPerson *eager = &instance->persons[random_below(random, problem->n_persons)];
    eager->min = MIN(eager->min + 1, eager->max);
    if (problem->n_pairs > 0) {
        DjPlanPair *pair = &instance->pairs[random_below(random, problem->n_pairs)];
        if (pair->rule == DJ_PLAN_FREE)
            pair->rule = DJ_PLAN_MUST;
    }
}

static void check_one(const InstanceShape *shape, guint64 seed, guint counts[4])
{
    Instance instance;
    instance_make(&instance, shape, seed);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjPlan) first = dj_plan_make(&instance.problem, NULL, &error);
    require(first != NULL, seed, "first plan");
    if (first->status != DJ_PLAN_OPTIMAL)
        return;
    Random random = {.state = seed * 31 + 5};
    disturb(&instance, &random);
    DjReplanOptions options = {.max_plans = 100000};
    g_autoptr(DjReplan) got = dj_plan_again(&instance.problem, first->meetings, first->n, &options, &error);
    require(got != NULL, seed, error ? error->message : "no answer");

    Best best = {.problem = &instance.problem};
    memset(best.published, DJ_PLAN_NO_SLOT, sizeof best.published);
    guint possible = 0;
    for (guint m = 0; m < first->n; m++) {
        const DjPlanMeeting *old = &first->meetings[m];
        if (instance.pairs[old->pair].rule == DJ_PLAN_BAN ||
            !(dj_plan_pair_open(&instance.problem, old->pair) >> old->slot & 1))
            continue;
        best.published[old->pair] = (guint8)old->slot;
        possible++;
    }
    brute_force_replan(&best);
    require(got->n_cancelled == first->n - possible, seed, "cancelled meetings");
    if (!best.any) {
        counts[0]++;
        require(got->plan->status == DJ_PLAN_INFEASIBLE, seed, "a plan where there is none");
        return;
    }
    counts[best.fewest == 0 ? 1 : 2]++;
    require(got->plan->meetings != NULL && got->fewest, seed, "no plan where there is one");
    require(got->n_released == best.fewest, seed, "not the fewest moves");
    require(got->bound <= best.fewest, seed, "the conflicts prove too much");
    for (guint c = 0; c < got->conflicts->len; c++)
        require(
            dj_plan_check_conflict(&instance.problem, first->meetings, g_ptr_array_index(got->conflicts, c), &error),
            seed, "a conflict is not proved");
    require(dj_plan_fewest_hits(got->conflicts) == got->bound, seed, "the conflicts prove another bound");
    counts[3] += best.fewest > 0 && got->bound == best.fewest;
    require(got->plan->objective == best.most, seed, "more points are possible with as few moves");
    require(dj_plan_check(&instance.problem, got->plan->meetings, got->plan->n, FALSE, &error), seed, "check failed");
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 4, .right = 3, .pairs_max = 9, .slots = 3, .tables = 2},
        {.left = 3, .right = 3, .pairs_max = 8, .slots = 3, .tables = 2, .absent = 30},
    };
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
        guint counts[4] = {0};
        for (guint64 seed = 1; seed <= 1500; seed++)
            check_one(&shapes[s], seed, counts);
        printf("shape %u: %u impossible, %u without moves, %u with moves, %u of them certified\n", s, counts[0],
               counts[1], counts[2], counts[3]);
        require(counts[1] > 100 && counts[2] > 50 && counts[3] > 30, s, "the instances do not cover all answers");
    }
    return 0;
}
