/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/property/event/instance.h"

#include "engine/plan/certificate.h"
#include "engine/plan/timetable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64: published by Steele, Lea and Flood, 2014 */
static guint64 random_next(Random *random)
{
    guint64 z = random->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

guint random_below(Random *random, guint n)
{
    return n == 0 ? 0 : (guint)(random_next(random) % n);
}

void require(gboolean condition, guint64 seed, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "seed %" G_GUINT64_FORMAT ": %s\n", seed, what);
    exit(1);
}

static void make_groups(Instance *instance, Random *random)
{
    /* role 0: two cities within a province; role 1: a team within a university */
    instance->problem.n_groups = 5;
    for (guint g = 0; g < 5; g++) {
        DjPlanGroup *group = &instance->groups[g];
        group->role = g >= 3;
        group->parent = g == 1 || g == 2 ? 0 : g == 4 ? 3 : DJ_PLAN_NONE;
        group->min = random_below(random, 6) == 0 ? random_below(random, 3) : 0;
        group->max = random_below(random, 5) == 0 ? group->min + random_below(random, 4) : DJ_PLAN_NONE;
    }
    for (guint i = 0; i < instance->problem.n_persons; i++) {
        guint outer = random_below(random, 4);
        instance->persons[i].group[0] = outer < 3 ? outer : DJ_PLAN_NONE;
        outer = random_below(random, 3);
        instance->persons[i].group[1] = outer < 2 ? 3 + outer : DJ_PLAN_NONE;
    }
}

void instance_make(Instance *instance, const InstanceShape *shape, guint64 seed)
{
    Random random = {.state = seed};
    memset(instance, 0, sizeof *instance);
    DjPlanProblem *problem = &instance->problem;
    guint n = shape->left + shape->right;
    *problem = (DjPlanProblem){.persons = instance->persons,
                               .n_persons = n,
                               .groups = instance->groups,
                               .pairs = instance->pairs,
                               .slots = shape->slots,
                               .tables = shape->tables};
    guint64 all = dj_plan_all_slots(problem);
    for (guint i = 0; i < n; i++) {
        DjPlanPerson *person = &instance->persons[i];
        person->min = random_below(&random, 5) == 0 ? 1 + random_below(&random, 2) : 0;
        person->max = MAX(person->min, 1) + random_below(&random, 3);
        person->open = all;
        if (random_below(&random, 100) < shape->absent)
            person->open = random_next(&random) & all;
        person->group[0] = person->group[1] = DJ_PLAN_NONE;
        person->best_from = shape->wishes && random_below(&random, 6) == 0 ? 1 + random_below(&random, 20) : 0;
    }
    if (shape->groups)
        make_groups(instance, &random);
    for (guint a = 0; a < n; a++)
        for (guint b = 0; b < n; b++) {
            gboolean sides = a < shape->left && b >= shape->left;
            /* the first two persons of role 1 may also ask */
            gboolean both = shape->doubles && a >= shape->left && a < shape->left + 2 && b > a;
            if ((!sides && !both) || problem->n_pairs >= shape->pairs_max || random_below(&random, 3) == 0)
                continue;
            DjPlanPair *pair = &instance->pairs[problem->n_pairs++];
            *pair = (DjPlanPair){.who = {a, b}, .points = random_below(&random, 20)};
            guint rule = random_below(&random, 18);
            pair->rule = rule == 0 ? DJ_PLAN_MUST : rule == 1 ? DJ_PLAN_BAN : DJ_PLAN_FREE;
        }
    guint8 roles[16];
    dj_plan_roles(problem, roles);
    for (guint i = 0; i < n; i++)
        if (roles[i] == 3)
            instance->persons[i].best_from = 0;
}

static gboolean exists(const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *fixed, guint from,
                       guint64 *busy, guint *load)
{
    if (from == n)
        return TRUE;
    const DjPlanPair *pair = &problem->pairs[pairs[from]];
    for (guint t = 0; t < problem->slots; t++) {
        guint64 bit = G_GUINT64_CONSTANT(1) << t;
        if (!(dj_plan_pair_open(problem, pairs[from]) & bit) || ((busy[pair->who[0]] | busy[pair->who[1]]) & bit) ||
            load[t] == problem->tables || (fixed && fixed[from] != DJ_PLAN_NO_SLOT && fixed[from] != t))
            continue;
        busy[pair->who[0]] |= bit;
        busy[pair->who[1]] |= bit;
        load[t]++;
        gboolean found = exists(problem, pairs, n, fixed, from + 1, busy, load);
        busy[pair->who[0]] &= ~bit;
        busy[pair->who[1]] &= ~bit;
        load[t]--;
        if (found)
            return TRUE;
    }
    return FALSE;
}

gboolean brute_force_timetable(const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *fixed)
{
    guint64 busy[16] = {0};
    guint load[DJ_PLAN_SLOTS_MAX] = {0};
    return exists(problem, pairs, n, fixed, 0, busy, load);
}

gboolean brute_force(const DjPlanProblem *problem, gboolean places, const guint8 *keep, gint64 *objective)
{
    gboolean found = FALSE;
    for (guint set = 0; set < 1u << problem->n_pairs; set++) {
        DjPlanMeeting meetings[24];
        guint n = 0, met[16] = {0};
        gboolean fits = TRUE;
        for (guint p = 0; p < problem->n_pairs && fits; p++) {
            if (!(set & 1u << p))
                continue;
            meetings[n++].pair = p;
            fits = dj_plan_pair_open(problem, p) != 0;
            for (guint role = 0; role < 2; role++) {
                guint i = problem->pairs[p].who[role];
                fits = fits && ++met[i] <= dj_plan_person_room(problem, i);
            }
        }
        if (!fits || !dj_plan_check(problem, meetings, n, TRUE, NULL))
            continue;
        guint pairs[24];
        guint8 fixed[24];
        for (guint m = 0; m < n; m++) {
            pairs[m] = meetings[m].pair;
            fixed[m] = keep ? keep[pairs[m]] : DJ_PLAN_NO_SLOT;
        }
        for (guint p = 0; keep && p < problem->n_pairs && fits; p++)
            fits = keep[p] == DJ_PLAN_NO_SLOT || (set & 1u << p);
        if (!fits || (places && !brute_force_timetable(problem, pairs, n, fixed)))
            continue;
        gint64 here = dj_plan_objective(problem, meetings, n);
        if (!found || here > *objective)
            *objective = here;
        found = TRUE;
    }
    return found;
}
