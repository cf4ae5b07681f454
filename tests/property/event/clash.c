/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why there is no timetable: the named requirements cannot be met together, none is superfluous, and the exhaustive
 * check agrees with brute force, on events with a plan too. */
#include "engine/plan/clash.h"

#include "engine/plan/exhaust.h"
#include "engine/plan/explain.h"
#include "engine/plan/only.h"
#include "tests/property/event/instance.h"

#include <stdio.h>

typedef struct {
    guint some, none, clashes, spared;
} Seen;

static gboolean possible(const DjPlanProblem *problem)
{
    gint64 best = 0;
    return brute_force(problem, TRUE, NULL, &best);
}

/* Without any of the elements of `list` the rest is possible. */
static void check_needed(DjPlanOnly *only, const GArray *list, void (*set)(DjPlanOnly *, guint, gboolean), guint64 seed)
{
    for (guint k = 0; k < list->len; k++) {
        set(only, g_array_index(list, guint, k), FALSE);
        require(possible(&only->problem), seed, "a requirement is not needed for the contradiction");
        set(only, g_array_index(list, guint, k), TRUE);
    }
}

static void put_back(DjPlanOnly *only, const GArray *list, void (*set)(DjPlanOnly *, guint, gboolean))
{
    for (guint k = 0; k < list->len; k++)
        set(only, g_array_index(list, guint, k), TRUE);
}

static void check_clash(const DjPlanProblem *problem, guint64 seed, Seen *seen)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjPlanClash) clash = dj_plan_clash(problem, &error);
    require(clash != NULL, seed, error ? error->message : "no reason was found");
    require(clash->irreducible, seed, "the reason was not reduced to the end");
    DjPlanOnly only;
    dj_plan_only_init(&only, problem);
    put_back(&only, clash->needy, dj_plan_only_person);
    put_back(&only, clash->floors, dj_plan_only_floor);
    put_back(&only, clash->musts, dj_plan_only_must);
    require(only.required == clash->required, seed, "the meetings required are counted wrongly");
    require(!possible(&only.problem), seed, "the requirements can be met");
    require(dj_plan_exhaust(&only.problem, 100000000) == DJ_PLAN_EXHAUST_NONE, seed, "the check does not agree");
    check_needed(&only, clash->needy, dj_plan_only_person, seed);
    check_needed(&only, clash->floors, dj_plan_only_floor, seed);
    check_needed(&only, clash->musts, dj_plan_only_must, seed);
    dj_plan_only_clear(&only);
    g_autoptr(DjPlanBlock) block = dj_plan_explain(problem, &error);
    seen->clashes++;
    seen->spared += block == NULL; /* the limits alone do not say why */
}

static void check_one(const InstanceShape *shape, guint64 seed, Seen *seen)
{
    Instance instance;
    instance_make(&instance, shape, seed);
    gboolean can = possible(&instance.problem);
    require(dj_plan_exhaust(&instance.problem, 100000000) == (can ? DJ_PLAN_EXHAUST_SOME : DJ_PLAN_EXHAUST_NONE), seed,
            "the exhaustive search differs from brute force");
    DjPlanExhaust little = dj_plan_exhaust(&instance.problem, 20);
    require(little == DJ_PLAN_EXHAUST_LIMIT || little == (can ? DJ_PLAN_EXHAUST_SOME : DJ_PLAN_EXHAUST_NONE), seed,
            "an answer that the work did not reach");
    ++*(can ? &seen->some : &seen->none);
    if (!can)
        check_clash(&instance.problem, seed, seen);
    else
        require(dj_plan_clash(&instance.problem, NULL) == NULL, seed, "a reason where there is a plan");
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 4, .right = 3, .pairs_max = 9, .slots = 4, .tables = 2, .absent = 70},
        {.left = 4,
         .right = 4,
         .pairs_max = 10,
         .slots = 4,
         .tables = 2,
         .absent = 100,
         .groups = TRUE,
         .wishes = TRUE},
        {.left = 3, .right = 4, .pairs_max = 9, .slots = 3, .tables = 3, .absent = 60, .doubles = TRUE},
    };
    guint spared = 0;
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
        Seen seen = {0};
        for (guint64 seed = 1; seed <= 2000; seed++)
            check_one(&shapes[s], seed, &seen);
        printf("shape %u: %u with a plan, %u without, of which %u for the timetable alone\n", s, seen.some, seen.none,
               seen.spared);
        require(seen.some > 100 && seen.none > 100, s, "the instances cover too little");
        spared += seen.spared;
    }
    require(spared > 30, spared, "too few instances need a reason of the timetable");
    return 0;
}
