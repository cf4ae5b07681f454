/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/fairness.h"

#include "engine/plan/select.h"

#include <stdlib.h>
#include <string.h>

static gboolean *only_ask(const DjPlanProblem *problem)
{
    g_autofree guint8 *roles = g_new(guint8, problem->n_persons + 1);
    dj_plan_roles(problem, roles);
    gboolean *out = g_new(gboolean, problem->n_persons + 1);
    for (guint i = 0; i < problem->n_persons; i++)
        out[i] = roles[i] == 1;
    return out;
}

/* The greatest sum of points that any plan can have, plus one. */
static gint64 above_all_points(const DjPlanProblem *problem)
{
    gint64 top = 0;
    for (guint p = 0; p < problem->n_pairs; p++)
        top = MAX(top, problem->pairs[p].points);
    gint64 meetings = MIN((gint64)problem->n_pairs, (gint64)problem->slots * problem->tables);
    return top * meetings + 1;
}

static gboolean has_groups(const DjPlanProblem *problem, guint role)
{
    for (guint g = 0; g < problem->n_groups; g++)
        if (problem->groups[g].role == role)
            return TRUE;
    return FALSE;
}

/* Steps from the last one that matters upwards, each `n` times the one below plus one: more than all persons gain by
 * it. */
static gboolean set_steep_steps(DjPlanProblem *problem, guint n, guint first, guint last, gint64 unit, GError **error)
{
    gint64 step = unit;
    for (guint k = last; k >= first && k > 0; k--) {
        problem->fair_step[k] = step;
        if (k > first && (__builtin_mul_overflow(step, (gint64)n + 1, &step) || step > G_GINT64_CONSTANT(1) << 56)) {
            g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INPUT,
                        "fairness: %u persons with %u to %u meetings are too many beside floors of the same side", n,
                        first - 1, last);
            return FALSE;
        }
    }
    for (guint k = 1; k < first; k++)
        problem->fair_step[k] = problem->fair_step[first];
    return TRUE;
}

gboolean dj_plan_favour_counts(DjPlanProblem *problem, DjPlanPerson *persons, GError **error)
{
    g_autofree gboolean *asks = only_ask(problem);
    guint n = 0, most = 0, least = DJ_PLAN_SLOTS_MAX;
    for (guint i = 0; i < problem->n_persons; i++) {
        persons[i].fair = asks[i];
        if (!asks[i])
            continue;
        n++;
        most = MAX(most, dj_plan_person_room(problem, i));
        least = MIN(least, dj_plan_person_need(problem, i));
    }
    problem->persons = persons;
    memset(problem->fair_step, 0, sizeof problem->fair_step);
    gint64 unit = above_all_points(problem);
    if (most == 0)
        return TRUE;
    if (has_groups(problem, 0)) {
        /* everybody has the meetings up to the smallest minimum anyway */
        if (!set_steep_steps(problem, n, MIN(least + 1, most), most, unit, error))
            return FALSE;
    } else {
        for (guint k = 1; k <= most; k++)
            problem->fair_step[k] = unit * (gint64)(most + 1 - k);
    }
    return dj_plan_problem_check(problem, error);
}

static int compare_points(const void *a, const void *b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return x < y ? -1 : x > y;
}

/* Points of the best candidate per person, 0 without one. */
static gint64 *best_candidates(const DjPlanProblem *problem)
{
    gint64 *best = g_new0(gint64, problem->n_persons + 1);
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        if (pair->rule != DJ_PLAN_BAN && dj_plan_pair_open(problem, p) != 0)
            best[pair->who[0]] = MAX(best[pair->who[0]], pair->points);
    }
    return best;
}

static gboolean works(const DjPlanProblem *problem, DjPlanPerson *persons, const gboolean *asks, const gint64 *best,
                      gint64 threshold, gboolean *answer, GError **error)
{
    for (guint i = 0; i < problem->n_persons; i++)
        if (asks[i] && dj_plan_person_room(problem, i) > 0)
            persons[i].best_from = MIN(threshold, best[i]);
    g_autoptr(DjPlanSelection) selection = dj_plan_select(problem, NULL, error);
    if (!selection)
        return FALSE;
    *answer = selection->feasible;
    return TRUE;
}

gboolean dj_plan_favour_best(DjPlanProblem *problem, DjPlanPerson *persons, gint64 *threshold, GError **error)
{
    g_autofree gboolean *asks = only_ask(problem);
    g_autofree gint64 *best = best_candidates(problem);
    g_autofree gint64 *levels = g_new0(gint64, problem->n_pairs + 1);
    guint n = 0;
    for (guint p = 0; p < problem->n_pairs; p++)
        if (problem->pairs[p].points > 0)
            levels[n++] = problem->pairs[p].points;
    qsort(levels, n, sizeof *levels, compare_points);
    problem->persons = persons;
    /* levels[low] works (or nothing does, low = 0 standing for "no wish"), levels[high] does not */
    guint low = 0, high = n + 1;
    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        gboolean answer = FALSE;
        if (!works(problem, persons, asks, best, levels[middle - 1], &answer, error))
            return FALSE;
        *(answer ? &low : &high) = middle;
    }
    *threshold = low > 0 ? levels[low - 1] : 0;
    gboolean unused = FALSE;
    return works(problem, persons, asks, best, *threshold, &unused, error);
}

gint64 *dj_plan_possible_points(const DjPlanProblem *problem)
{
    guint n = problem->n_persons;
    g_autofree guint *first = g_new0(guint, n + 2);
    for (guint p = 0; p < problem->n_pairs; p++)
        for (guint role = 0; role < 2; role++)
            first[problem->pairs[p].who[role] + 1]++;
    for (guint i = 0; i < n; i++)
        first[i + 1] += first[i];
    g_autofree gint64 *points = g_new0(gint64, 2 * (gsize)problem->n_pairs + 1);
    g_autofree guint *count = g_new0(guint, n + 1);
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        if (pair->rule == DJ_PLAN_BAN || dj_plan_pair_open(problem, p) == 0)
            continue;
        for (guint role = 0; role < 2; role++)
            points[first[pair->who[role]] + count[pair->who[role]]++] = pair->points;
    }
    gint64 *out = g_new0(gint64, n + 1);
    for (guint i = 0; i < n; i++) {
        qsort(points + first[i], count[i], sizeof *points, compare_points);
        for (guint k = 0; k < MIN(count[i], dj_plan_person_room(problem, i)); k++)
            out[i] += points[first[i] + count[i] - 1 - k];
    }
    return out;
}

gboolean dj_plan_price(const DjPlanProblem *plain, DjPlanPrice *out, GError **error)
{
    DjPlanProblem free = *plain;
    g_autofree DjPlanPerson *persons = g_memdup2(plain->persons, plain->n_persons * sizeof *persons);
    g_autofree DjPlanGroup *groups = g_memdup2(plain->groups, plain->n_groups * sizeof *groups);
    for (guint i = 0; i < plain->n_persons; i++)
        persons[i].min = 0;
    for (guint g = 0; g < plain->n_groups; g++)
        groups[g].min = 0;
    free.persons = persons;
    free.groups = groups;
    g_autoptr(DjPlanSelection) without = dj_plan_select(&free, NULL, error);
    if (!without)
        return FALSE;
    g_autoptr(DjPlanSelection) with = dj_plan_select(plain, NULL, error);
    if (!with)
        return FALSE;
    g_autofree guint *met = g_new0(guint, plain->n_persons + 1);
    for (guint k = 0; k < without->n_pairs; k++)
        for (guint role = 0; role < 2; role++)
            met[plain->pairs[without->pairs[k]].who[role]]++;
    *out = (DjPlanPrice){.free_value = without->value, .limits_value = with->value};
    for (guint i = 0; i < plain->n_persons; i++)
        out->below_min += met[i] < plain->persons[i].min;
    return TRUE;
}
