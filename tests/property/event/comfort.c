/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Table changes and idle slots against all timetables and seatings of the same meetings: the counts are right, the
 * bounds hold, and polishing breaks no rule, moves nothing that is kept, and makes nothing worse. */
#include "engine/plan/comfort.h"
#include "engine/plan/planner.h"
#include "engine/plan/polish.h"
#include "tests/property/event/instance.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 5 };

typedef struct {
    guint changes, idle;
} Count;

/* Slot by slot for every person, as one would count on paper. */
static Count count(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n)
{
    Count out = {0};
    for (guint i = 0; i < problem->n_persons; i++) {
        guint waiting = 0, table = DJ_PLAN_NONE;
        gboolean begun = FALSE;
        for (guint t = 0; t < problem->slots; t++) {
            const DjPlanMeeting *here = NULL;
            for (guint m = 0; m < n; m++) {
                const DjPlanPair *pair = &problem->pairs[meetings[m].pair];
                if (meetings[m].slot == t && (pair->who[0] == i || pair->who[1] == i))
                    here = &meetings[m];
            }
            if (!here) {
                waiting += begun && (problem->persons[i].open >> t & 1);
                continue;
            }
            begun = TRUE;
            out.idle += waiting;
            waiting = 0;
            if (problem->pairs[here->pair].who[1] != i)
                continue;
            out.changes += table != DJ_PLAN_NONE && table != here->table;
            table = here->table;
        }
    }
    return out;
}

static void try_all(const DjPlanProblem *problem, DjPlanMeeting *meetings, guint n, guint m, Count *least)
{
    if (m == n) {
        Count now = count(problem, meetings, n);
        least->changes = MIN(least->changes, now.changes);
        least->idle = MIN(least->idle, now.idle);
        return;
    }
    const DjPlanPair *pair = &problem->pairs[meetings[m].pair];
    for (guint t = 0; t < problem->slots; t++)
        for (guint k = 0; k < problem->tables && (dj_plan_pair_open(problem, meetings[m].pair) >> t & 1); k++) {
            gboolean taken = FALSE;
            for (guint j = 0; j < m && !taken; j++) {
                const DjPlanPair *other = &problem->pairs[meetings[j].pair];
                gboolean meets = other->who[0] == pair->who[0] || other->who[1] == pair->who[1] ||
                                 other->who[0] == pair->who[1] || other->who[1] == pair->who[0];
                taken = meetings[j].slot == t && (meets || meetings[j].table == k);
            }
            if (taken)
                continue;
            meetings[m].slot = t;
            meetings[m].table = k;
            try_all(problem, meetings, n, m + 1, least);
        }
}

static void check_one(const InstanceShape *shape, guint64 seed, guint *reached, guint *positive)
{
    Instance instance;
    instance_make(&instance, shape, seed);
    const DjPlanProblem *problem = &instance.problem;
    g_autoptr(GError) error = NULL;
    g_autoptr(DjPlan) plan = dj_plan_make(problem, NULL, &error);
    require(plan != NULL, seed, "plan");
    if (!plan->meetings || plan->n < 2 || plan->n > MOST)
        return;
    DjPlanMeeting meetings[MOST];
    memcpy(meetings, plan->meetings, sizeof *meetings * plan->n);
    Count least = {G_MAXUINT, G_MAXUINT};
    try_all(problem, meetings, plan->n, 0, &least);

    DjPlanComfort before = dj_plan_comfort(problem, plan->meetings, plan->n);
    Count paper = count(problem, plan->meetings, plan->n);
    require(before.table_changes == paper.changes && before.idle == paper.idle, seed, "counts differ");
    require(before.table_bound <= least.changes, seed, "the bound of the table changes is too high");
    require(before.idle_bound <= least.idle, seed, "the bound of the idle slots is too high");

    guint8 keep[MOST] = {0};
    const DjPlanMeeting kept = plan->meetings[seed % plan->n];
    keep[seed % plan->n] = seed % 2;
    dj_plan_polish(problem, plan->meetings, plan->n, keep);
    require(dj_plan_check(problem, plan->meetings, plan->n, FALSE, &error), seed, "polishing broke a rule");
    DjPlanComfort after = dj_plan_comfort(problem, plan->meetings, plan->n);
    require(after.table_bound == before.table_bound && after.idle_bound == before.idle_bound, seed, "bounds moved");
    require(after.table_changes < before.table_changes ||
                (after.table_changes == before.table_changes && after.idle <= before.idle),
            seed, "polishing made it worse");
    gboolean stayed = seed % 2 == 0;
    for (guint m = 0; m < plan->n; m++)
        stayed = stayed || memcmp(&plan->meetings[m], &kept, sizeof kept) == 0;
    require(stayed, seed, "a kept meeting was moved");
    *reached += after.idle == least.idle && after.table_changes == least.changes;
    *positive += before.idle_bound > 0 || before.table_bound > 0;
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 4, .right = 3, .pairs_max = 9, .slots = 3, .tables = 2},
        {.left = 3, .right = 3, .pairs_max = 8, .slots = 4, .tables = 2, .absent = 60},
        {.left = 2, .right = 5, .pairs_max = 9, .slots = 4, .tables = 1, .absent = 30},
        {.left = 3, .right = 3, .pairs_max = 8, .slots = 4, .tables = 2, .doubles = TRUE},
    };
    guint reached = 0, positive = 0;
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++)
        for (guint64 seed = 1; seed <= 400; seed++)
            check_one(&shapes[s], seed, &reached, &positive);
    printf("%u plans as comfortable as any, %u with a bound above 0\n", reached, positive);
    require(reached > 300 && positive > 10, 0, "the instances do not cover the cases");
    return 0;
}
