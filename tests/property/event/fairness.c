/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fairness against all subsets: the most even meeting counts and then the most points; the highest threshold. */
#include "engine/plan/fairness.h"

#include "engine/plan/select.h"
#include "tests/property/event/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    guint counts[16]; /* ascending, of those who only ask */
    guint n;
    gint64 points;
    gint64 best[16]; /* points of the best meeting per person */
} Result;

static int compare_counts(const void *a, const void *b)
{
    guint x = *(const guint *)a, y = *(const guint *)b;
    return x < y ? -1 : x > y;
}

static Result result_of(const DjPlanProblem *problem, const guint8 *roles, const guint *pairs, guint n)
{
    Result result = {0};
    guint met[16] = {0};
    for (guint k = 0; k < n; k++) {
        const DjPlanPair *pair = &problem->pairs[pairs[k]];
        met[pair->who[0]]++;
        result.points += pair->points;
        result.best[pair->who[0]] = MAX(result.best[pair->who[0]], pair->points);
    }
    for (guint i = 0; i < problem->n_persons; i++)
        if (roles[i] == 1)
            result.counts[result.n++] = met[i];
    qsort(result.counts, result.n, sizeof *result.counts, compare_counts);
    return result;
}

static gboolean fairer(const Result *x, const Result *y)
{
    for (guint k = 0; k < x->n; k++)
        if (x->counts[k] != y->counts[k])
            return x->counts[k] > y->counts[k];
    return x->points > y->points;
}

/* Calls for every set of pairs that keeps the limits. */
static void for_all(const DjPlanProblem *problem, void (*visit)(const guint *pairs, guint n, gpointer data),
                    gpointer data)
{
    for (guint set = 0; set < 1u << problem->n_pairs; set++) {
        DjPlanMeeting meetings[24];
        guint pairs[24], n = 0, met[16] = {0};
        gboolean fits = TRUE;
        for (guint p = 0; p < problem->n_pairs && fits; p++) {
            if (!(set >> p & 1))
                continue;
            fits = dj_plan_pair_open(problem, p) != 0;
            for (guint role = 0; role < 2 && fits; role++) {
                guint i = problem->pairs[p].who[role];
                fits = ++met[i] <= dj_plan_person_room(problem, i);
            }
            meetings[n].pair = p;
            pairs[n++] = p;
        }
        if (fits && dj_plan_check(problem, meetings, n, TRUE, NULL))
            visit(pairs, n, data);
    }
}

typedef struct {
    const DjPlanProblem *problem;
    guint8 roles[16];
    gint64 possible[16];
    Result fairest;
    gint64 threshold;
    gboolean any;
} Search;

static void visit(const guint *pairs, guint n, gpointer data)
{
    Search *search = data;
    Result result = result_of(search->problem, search->roles, pairs, n);
    if (!search->any || fairer(&result, &search->fairest))
        search->fairest = result;
    search->any = TRUE;
    /* the highest level that this plan reaches for everybody */
    for (guint p = 0; p < search->problem->n_pairs; p++) {
        gint64 level = search->problem->pairs[p].points;
        gboolean reached = level > 0;
        for (guint i = 0; i < search->problem->n_persons && reached; i++)
            if (search->roles[i] == 1 && dj_plan_person_room(search->problem, i) > 0)
                reached = result.best[i] >= MIN(level, search->possible[i]);
        if (reached)
            search->threshold = MAX(search->threshold, level);
    }
}

static void check_one(const InstanceShape *shape, guint64 seed, guint *checked)
{
    Instance instance;
    instance_make(&instance, shape, seed);
    Search search = {.problem = &instance.problem};
    dj_plan_roles(&instance.problem, search.roles);
    for (guint p = 0; p < instance.problem.n_pairs; p++) {
        const DjPlanPair *pair = &instance.pairs[p];
        if (pair->rule != DJ_PLAN_BAN && dj_plan_pair_open(&instance.problem, p) != 0)
            search.possible[pair->who[0]] = MAX(search.possible[pair->who[0]], pair->points);
    }
    for_all(&instance.problem, visit, &search);
    if (!search.any)
        return;
    ++*checked;

    g_autoptr(GError) error = NULL;
    Instance even = instance;
    require(dj_plan_favour_counts(&even.problem, even.persons, &error), seed, "counts");
    even.problem.pairs = even.pairs;
    even.problem.groups = even.groups;
    g_autoptr(DjPlanSelection) selection = dj_plan_select(&even.problem, NULL, &error);
    require(selection && selection->feasible, seed, "no fair plan");
    Result got = result_of(&instance.problem, search.roles, selection->pairs, selection->n_pairs);
    require(!fairer(&got, &search.fairest) && !fairer(&search.fairest, &got), seed, "counts are not the most even");
    gint64 bound = 0;
    require(dj_plan_bound(&even.problem, selection->prices, FALSE, &bound, &error), seed, "no bound");
    require(bound == selection->objective, seed, "prices do not prove fairness");

    Instance best = instance;
    best.problem.pairs = best.pairs;
    best.problem.groups = best.groups;
    gint64 threshold = -1;
    require(dj_plan_favour_best(&best.problem, best.persons, &threshold, &error), seed, "best");
    require(threshold == search.threshold, seed, "a higher threshold is possible, or this one is not");
}

int main(void)
{
    const InstanceShape shapes[] = {
        {.left = 4, .right = 3, .pairs_max = 11, .slots = 3, .tables = 3},
        {.left = 4, .right = 3, .pairs_max = 11, .slots = 4, .tables = 2, .absent = 30, .groups = TRUE},
    };
    guint checked = 0;
    for (guint s = 0; s < G_N_ELEMENTS(shapes); s++)
        for (guint64 seed = 1; seed <= 1000; seed++)
            check_one(&shapes[s], seed, &checked);
    printf("%u events\n", checked);
    require(checked > 800, 0, "too few events with a plan");
    return 0;
}
