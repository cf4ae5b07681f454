/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What everybody can be promised, against all subsets: of one side the most even numbers that any set of meetings
 * gives; of both sides at once a set that keeps them all. */
#include "engine/plan/minima.h"

#include "tests/property/event/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_counts(const void *a, const void *b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return x < y ? -1 : x > y;
}

/* Numbers of meetings of one side up to `wanted`, ascending. */
static guint side_counts(const DjPlanProblem *problem, const guint8 *roles, guint role, guint wanted, const guint *met,
                         guint out[16])
{
    guint n = 0;
    for (guint i = 0; i < problem->n_persons; i++)
        if (roles[i] == 1u << role)
            out[n++] = MIN(met[i], wanted);
    qsort(out, n, sizeof out[0], compare_counts);
    return n;
}

static void most_even(const DjPlanProblem *problem, const guint8 *roles, guint role, guint wanted, guint best[16])
{
    memset(best, 0, 16 * sizeof *best);
    for (guint set = 0; set < 1u << problem->n_pairs; set++) {
        guint met[16] = {0}, counts[16] = {0};
        gboolean fits = (guint)__builtin_popcount(set) <= problem->slots * problem->tables;
        for (guint p = 0; p < problem->n_pairs && fits; p++)
            for (guint side = 0; side < 2 && fits && set >> p & 1; side++) {
                guint i = problem->pairs[p].who[side];
                fits = dj_plan_pair_open(problem, p) != 0 && ++met[i] <= dj_plan_person_room(problem, i);
            }
        guint n = fits ? side_counts(problem, roles, role, wanted, met, counts) : 0;
        for (guint k = 0; k < n; k++)
            if (counts[k] != best[k]) {
                if (counts[k] > best[k])
                    memcpy(best, counts, sizeof counts);
                break;
            }
    }
}

static void check(guint64 seed)
{
    Random random = {seed};
    Instance instance;
    InstanceShape shape = {.left = 1 + random_below(&random, 4),
                           .right = 1 + random_below(&random, 4),
                           .pairs_max = 11,
                           .slots = 1 + random_below(&random, 4),
                           .tables = 1 + random_below(&random, 4)};
    instance_make(&instance, &shape, seed);
    DjPlanProblem *problem = &instance.problem;
    for (guint i = 0; i < problem->n_persons; i++)
        instance.persons[i].min = 0;
    for (guint p = 0; p < problem->n_pairs; p++)
        instance.pairs[p].rule = DJ_PLAN_FREE;
    guint8 roles[16];
    guint out[16] = {0}, best[16], counts[16] = {0};
    g_autoptr(GError) error = NULL;
    dj_plan_roles(problem, roles);
    for (guint role = 0; role < 2; role++) {
        guint wanted = 1 + random_below(&random, 3);
        require(dj_plan_even_minima(problem, role, wanted, out, &error), seed, "even minima");
        most_even(problem, roles, role, wanted, best);
        guint n = side_counts(problem, roles, role, wanted, out, counts);
        require(memcmp(counts, best, n * sizeof *counts) == 0, seed, "the most even numbers");
    }
    problem->tables = 16; /* enough for both sides */
    for (guint role = 0; role < 2; role++)
        require(dj_plan_even_minima(problem, role, 1 + random_below(&random, 3), out, &error), seed, "even minima");
    for (guint i = 0; i < problem->n_persons; i++)
        instance.persons[i].min = roles[i] ? out[i] : 0;
    gint64 objective = 0;
    require(brute_force(problem, FALSE, NULL, &objective), seed, "both promises at once");
}

int main(int argc, char **argv)
{
    guint64 n = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : 1500;
    for (guint64 seed = 1; seed <= n; seed++)
        check(seed);
    printf("%" G_GUINT64_FORMAT " events\n", n);
    return 0;
}
