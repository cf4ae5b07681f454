/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contradictions: proved, irreducible, with figures that follow from the group; relaxations: they work, and fewer will
 * not do. */
#include "engine/plan/explain.h"

#include "engine/plan/select.h"
#include "tests/property/event/instance.h"

#include <stdio.h>
#include <string.h>

static gboolean feasible(const DjPlanProblem *problem)
{
    g_autoptr(DjPlanSelection) selection = dj_plan_select(problem, NULL, NULL);
    return selection->feasible;
}

/* Without any one of its minima the event must be possible once all minima outside the group are gone too. */
static void check_irreducible(Instance *instance, const DjPlanBlock *block, guint64 seed)
{
    Instance only = *instance;
    only.problem.persons = only.persons;
    only.problem.groups = only.groups;
    only.problem.pairs = only.pairs;
    for (guint i = 0; i < only.problem.n_persons; i++) {
        only.persons[i].min = 0;
        only.persons[i].best_from = 0;
    }
    for (guint g = 0; g < only.problem.n_groups; g++)
        only.groups[g].min = 0;
    for (guint p = 0; p < only.problem.n_pairs; p++)
        if (only.pairs[p].rule == DJ_PLAN_MUST)
            only.pairs[p].rule = DJ_PLAN_FREE;
    for (guint k = 0; k < block->needy->len; k++) {
        guint i = g_array_index(block->needy, guint, k);
        only.persons[i] = instance->persons[i];
    }
    for (guint k = 0; k < block->floors->len; k++)
        only.groups[g_array_index(block->floors, guint, k)].min =
            instance->groups[g_array_index(block->floors, guint, k)].min;
    for (guint k = 0; k < block->musts->len; k++)
        only.pairs[g_array_index(block->musts, guint, k)].rule = DJ_PLAN_MUST;
    require(!feasible(&only.problem), seed, "the group is no contradiction");
    require(block->irreducible, seed, "a small event was not reduced to the end");
    for (guint k = 0; k < block->needy->len; k++) {
        Instance less = only;
        less.problem.persons = less.persons;
        guint i = g_array_index(block->needy, guint, k);
        less.persons[i].min = 0;
        less.persons[i].best_from = 0;
        require(feasible(&less.problem), seed, "a person of the group is not needed");
    }
}

/* Fewest meetings by which minima have to be missed, over all subsets of pairs. */
static gboolean brute_force_missing(const DjPlanProblem *problem, guint *fewest, gint64 *value)
{
    gboolean found = FALSE;
    for (guint set = 0; set < 1u << problem->n_pairs; set++) {
        guint met[16] = {0}, in_group[8] = {0}, missing = 0, n = 0;
        gint64 points = 0;
        gboolean fits = TRUE;
        for (guint p = 0; p < problem->n_pairs; p++) {
            const DjPlanPair *pair = &problem->pairs[p];
            gboolean in = set >> p & 1, can = dj_plan_pair_open(problem, p) != 0;
            fits = fits && !(in && (pair->rule == DJ_PLAN_BAN || !can)) && !(!in && pair->rule == DJ_PLAN_MUST);
            for (guint role = 0; role < 2 && in; role++) {
                met[pair->who[role]]++;
                guint g = problem->persons[pair->who[role]].group[role];
                for (; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
                    in_group[g]++;
            }
            n += in;
            points += in ? pair->points : 0;
        }
        for (guint i = 0; i < problem->n_persons; i++) {
            fits = fits && met[i] <= dj_plan_person_room(problem, i);
            missing += problem->persons[i].min > met[i] ? problem->persons[i].min - met[i] : 0;
        }
        for (guint g = 0; g < problem->n_groups; g++) {
            fits = fits && in_group[g] <= problem->groups[g].max;
            missing += problem->groups[g].min > in_group[g] ? problem->groups[g].min - in_group[g] : 0;
        }
        if (!fits || n > problem->slots * problem->tables)
            continue;
        if (!found || missing < *fewest || (missing == *fewest && points > *value)) {
            *fewest = missing;
            *value = points;
        }
        found = TRUE;
    }
    return found;
}

static void apply(Instance *instance, const DjPlanRelaxation *relaxation)
{
    for (guint k = 0; k < relaxation->changes->len; k++) {
        const DjPlanChange *change = &g_array_index(relaxation->changes, DjPlanChange, k);
        DjPlanPerson *person = &instance->persons[change->index];
        DjPlanGroup *group = &instance->groups[change->index];
        switch (relaxation->kind) {
        case DJ_PLAN_LOWER_MINIMA:
            *(change->is_group ? &group->min : &person->min) = change->to;
            break;
        case DJ_PLAN_RAISE_MAXIMA:
            *(change->is_group ? &group->max : &person->max) = change->to;
            if (!change->is_group)
                person->open = dj_plan_all_slots(&instance->problem);
            break;
        case DJ_PLAN_ADD_TABLES:
            instance->problem.tables = change->to;
            break;
        }
    }
}

static void check_relaxations(const Instance *instance, guint64 seed, guint *checked)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) ways = dj_plan_relax(&instance->problem, &error);
    require(ways != NULL, seed, "no answer");
    for (guint k = 0; k < ways->len; k++) {
        const DjPlanRelaxation *way = g_ptr_array_index(ways, k);
        Instance relaxed = *instance;
        relaxed.problem.persons = relaxed.persons;
        relaxed.problem.groups = relaxed.groups;
        apply(&relaxed, way);
        g_autoptr(DjPlanSelection) selection = dj_plan_select(&relaxed.problem, NULL, &error);
        require(selection->feasible, seed, "a relaxation does not help");
        require(selection->value >= way->value, seed, "a relaxation promises too much");
        if (way->kind != DJ_PLAN_LOWER_MINIMA)
            continue;
        guint fewest = 0;
        gint64 value = 0;
        require(brute_force_missing(&instance->problem, &fewest, &value), seed, "no relaxation of minima");
        require(way->missing == fewest, seed, "minima can be lowered by less");
        require(way->value == value, seed, "more points are possible");
        ++*checked;
    }
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 4, .right = 3, .pairs_max = 10, .slots = 3, .tables = 2, .absent = 20},
        {.left = 4, .right = 3, .pairs_max = 10, .slots = 3, .tables = 2, .groups = TRUE},
    };
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++) {
        guint explained = 0, relaxed = 0;
        for (guint64 seed = 1; seed <= 1000; seed++) {
            Instance instance;
            instance_make(&instance, &shapes[s], seed);
            g_autoptr(GError) error = NULL;
            g_autoptr(DjPlanBlock) block = dj_plan_explain(&instance.problem, &error);
            require(error == NULL, seed, error ? error->message : "");
            require((block == NULL) == feasible(&instance.problem), seed, "explained what is possible, or the reverse");
            if (!block)
                continue;
            explained++;
            gint64 bound = 0;
            require(dj_plan_bound(&instance.problem, block->prices, TRUE, &bound, &error), seed, "no bound");
            require(bound < 0, seed, "the prices prove nothing");
            require(block->required > block->available, seed, "the figures do not contradict each other");
            check_irreducible(&instance, block, seed);
            check_relaxations(&instance, seed, &relaxed);
        }
        printf("shape %u: %u explained, %u relaxed\n", s, explained, relaxed);
        require(explained > 150 && relaxed > 100, s, "too few contradictions");
    }
    return 0;
}
