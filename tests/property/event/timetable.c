/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timetables against plain backtracking: found or not, valid when found, a core that truly has none when not. */
#include "engine/plan/timetable.h"

#include "engine/plan/tables.h"
#include "tests/property/event/instance.h"

#include <stdio.h>
#include <string.h>

static void check_places(const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *slot, guint64 seed)
{
    DjPlanMeeting meetings[24];
    guint64 busy[16] = {0}, taken[16] = {0};
    for (guint m = 0; m < n; m++)
        meetings[m] = (DjPlanMeeting){.pair = pairs[m], .slot = slot[m]};
    dj_plan_seat(problem, meetings, n, NULL);
    for (guint m = 0; m < n; m++) {
        guint64 bit = G_GUINT64_CONSTANT(1) << meetings[m].slot;
        require(dj_plan_pair_open(problem, pairs[m]) & bit, seed, "slot is not open");
        require(meetings[m].table < problem->tables && !(taken[meetings[m].table] & bit), seed, "table is taken");
        taken[meetings[m].table] |= bit;
        for (guint role = 0; role < 2; role++) {
            guint i = problem->pairs[pairs[m]].who[role];
            require(!(busy[i] & bit), seed, "in two places");
            busy[i] |= bit;
        }
    }
}

static void check_core(const DjPlanProblem *problem, const guint *pairs, const guint8 *fixed, const DjTimetable *got,
                       guint64 seed)
{
    guint rest[24];
    guint8 rest_fixed[24];
    for (guint k = 0; k < got->n_core; k++) {
        rest[k] = pairs[got->core[k]];
        rest_fixed[k] = fixed ? fixed[got->core[k]] : DJ_PLAN_NO_SLOT;
    }
    require(!brute_force_timetable(problem, rest, got->n_core, rest_fixed), seed, "the core has a timetable");
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 4, .right = 3, .pairs_max = 10, .slots = 4, .tables = 3},
        {.left = 3, .right = 3, .pairs_max = 9, .slots = 3, .tables = 3},
        {.left = 4, .right = 3, .pairs_max = 9, .slots = 4, .tables = 3, .absent = 60},
        {.left = 4, .right = 4, .pairs_max = 10, .slots = 5, .tables = 2, .absent = 60},
        {.left = 4, .right = 3, .pairs_max = 9, .slots = 4, .tables = 3, .absent = 30, .doubles = TRUE},
    };
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
        guint found = 0, none = 0;
        for (guint64 seed = 1; seed <= 3000; seed++) {
            Instance instance;
            instance_make(&instance, &shapes[s], seed);
            const DjPlanProblem *problem = &instance.problem;
            Random random = {.state = seed + 7777};
            guint pairs[24], n = 0;
            guint8 fixed[24];
            for (guint p = 0; p < problem->n_pairs; p++)
                if (random_below(&random, 4) > 0) {
                    guint8 any = (guint8)random_below(&random, problem->slots);
                    fixed[n] = random_below(&random, 4) == 0 ? any : DJ_PLAN_NO_SLOT;
                    pairs[n++] = p;
                }
            const guint8 *pins = seed % 3 == 0 ? fixed : NULL;
            g_autoptr(GError) error = NULL;
            g_autoptr(DjTimetable) got = dj_timetable_find(problem, pairs, n, pins, 0, &error);
            require(got != NULL, seed, error ? error->message : "no answer");
            gboolean possible = brute_force_timetable(problem, pairs, n, pins);
            require(got->status == (possible ? DJ_TIMETABLE_FOUND : DJ_TIMETABLE_NONE), seed,
                    possible ? "a timetable exists and was not found" : "found where there is none");
            if (possible)
                check_places(problem, pairs, n, got->slot, seed);
            else
                check_core(problem, pairs, pins, got, seed);
            found += possible;
            none += !possible;
        }
        printf("shape %u: %u found, %u without\n", s, found, none);
        require(found > 50 && none > 50, s, "the instances do not cover both answers");
    }
    return 0;
}
