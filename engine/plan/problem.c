/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The problem is checked once, here, so that the solvers and the certificate may index without asking. */
#include "engine/plan/problem.h"

G_DEFINE_QUARK(dj - plan - error - quark, dj_plan_error)

static gboolean fail(GError **error, const char *what, guint index, const char *why)
{
    g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INPUT, "event: %s %u: %s", what, index, why);
    return FALSE;
}

guint64 dj_plan_all_slots(const DjPlanProblem *problem)
{
    return problem->slots >= 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT(1) << problem->slots) - 1;
}

static guint count_bits(guint64 bits)
{
    guint n = 0;
    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

guint dj_plan_person_room(const DjPlanProblem *problem, guint person)
{
    const DjPlanPerson *p = &problem->persons[person];
    return MIN(p->max, count_bits(p->open & dj_plan_all_slots(problem)));
}

guint dj_plan_person_need(const DjPlanProblem *problem, guint person)
{
    const DjPlanPerson *p = &problem->persons[person];
    return MAX(p->min, p->best_from > 0 ? 1 : 0);
}

guint64 dj_plan_pair_open(const DjPlanProblem *problem, guint pair)
{
    const DjPlanPair *p = &problem->pairs[pair];
    return problem->persons[p->who[0]].open & problem->persons[p->who[1]].open & dj_plan_all_slots(problem);
}

gboolean dj_plan_is_fair(const DjPlanProblem *problem)
{
    return problem->fair_step[1] > 0;
}

gint64 dj_plan_fair_reward(const DjPlanProblem *problem, const DjPlanPerson *person, guint k)
{
    return person->fair && k >= 1 && k <= DJ_PLAN_SLOTS_MAX ? problem->fair_step[k] : 0;
}

void dj_plan_roles(const DjPlanProblem *problem, guint8 *out)
{
    for (guint i = 0; i < problem->n_persons; i++)
        out[i] = 0;
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        if (pair->rule == DJ_PLAN_BAN)
            continue;
        out[pair->who[0]] |= 1;
        out[pair->who[1]] |= 2;
    }
}

static gboolean check_groups(const DjPlanProblem *problem, GError **error)
{
    for (guint g = 0; g < problem->n_groups; g++) {
        const DjPlanGroup *group = &problem->groups[g];
        if (group->role > 1)
            return fail(error, "group", g, "role must be 0 or 1");
        if (group->max != DJ_PLAN_NONE && group->min > group->max)
            return fail(error, "group", g, "minimum is above the maximum");
        if (group->min > DJ_PLAN_PAIRS_MAX)
            return fail(error, "group", g, "minimum is too large");
        guint steps = 0;
        for (guint up = group->parent; up != DJ_PLAN_NONE; up = problem->groups[up].parent) {
            if (up >= problem->n_groups)
                return fail(error, "group", g, "parent does not exist");
            if (problem->groups[up].role != group->role)
                return fail(error, "group", g, "parent has the other role");
            if (++steps > problem->n_groups)
                return fail(error, "group", g, "lies within itself");
        }
    }
    return TRUE;
}

static gboolean check_persons(const DjPlanProblem *problem, GError **error)
{
    g_autofree guint8 *roles = g_new(guint8, problem->n_persons);
    dj_plan_roles(problem, roles);
    for (guint i = 0; i < problem->n_persons; i++) {
        const DjPlanPerson *person = &problem->persons[i];
        if (person->min > person->max)
            return fail(error, "person", i, "minimum is above the maximum");
        if (person->min > DJ_PLAN_SLOTS_MAX)
            return fail(error, "person", i, "minimum is above the number of slots that an event can have");
        if (person->best_from < 0 || person->best_from > DJ_PLAN_POINTS_MAX)
            return fail(error, "person", i, "points of the best meeting out of range");
        if (roles[i] == 3 && (person->best_from > 0 || (person->fair && dj_plan_is_fair(problem))))
            return fail(error, "person", i, "fairness is not defined for a person in both roles");
        for (guint role = 0; role < 2; role++) {
            guint group = person->group[role];
            if (group == DJ_PLAN_NONE)
                continue;
            if (group >= problem->n_groups)
                return fail(error, "person", i, "group does not exist");
            if (problem->groups[group].role != role)
                return fail(error, "person", i, "group has the other role");
        }
    }
    return TRUE;
}

static gboolean check_pairs(const DjPlanProblem *problem, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, NULL);
    g_autofree gint64 *keys = g_try_new(gint64, problem->n_pairs);
    if (!keys && problem->n_pairs > 0) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "event: no memory for %u pairs", problem->n_pairs);
        return FALSE;
    }
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        if (pair->who[0] >= problem->n_persons || pair->who[1] >= problem->n_persons)
            return fail(error, "pair", p, "person does not exist");
        if (pair->who[0] == pair->who[1])
            return fail(error, "pair", p, "a person cannot meet itself");
        if (pair->points < 0 || pair->points > DJ_PLAN_POINTS_MAX)
            return fail(error, "pair", p, "points out of range");
        /* two persons meet at most once, whoever of them asks */
        guint low = MIN(pair->who[0], pair->who[1]), high = MAX(pair->who[0], pair->who[1]);
        keys[p] = (gint64)low * DJ_PLAN_PERSONS_MAX + high;
        if (!g_hash_table_add(seen, &keys[p]))
            return fail(error, "pair", p, "the same two persons occur twice");
    }
    return TRUE;
}

gboolean dj_plan_problem_check(const DjPlanProblem *problem, GError **error)
{
    if (problem->slots < 1 || problem->slots > DJ_PLAN_SLOTS_MAX)
        return fail(error, "number of slots", problem->slots, "must lie between 1 and 64");
    if (problem->tables < 1 || problem->tables > DJ_PLAN_PERSONS_MAX)
        return fail(error, "number of tables", problem->tables, "out of range");
    if (problem->n_persons > DJ_PLAN_PERSONS_MAX)
        return fail(error, "number of persons", problem->n_persons, "too many");
    if (problem->n_pairs > DJ_PLAN_PAIRS_MAX)
        return fail(error, "number of pairs", problem->n_pairs, "too many");
    if (problem->n_groups > DJ_PLAN_PERSONS_MAX)
        return fail(error, "number of groups", problem->n_groups, "too many");
    for (guint k = 1; k <= DJ_PLAN_SLOTS_MAX; k++) {
        /* the sum for one person must fit 63 bits */
        if (problem->fair_step[k] < 0 || problem->fair_step[k] > G_GINT64_CONSTANT(1) << 56)
            return fail(error, "fairness step", k, "out of range");
        if (k > 1 && problem->fair_step[k] > problem->fair_step[k - 1])
            return fail(error, "fairness step", k, "is above the one before");
    }
    return check_pairs(problem, error) && check_groups(problem, error) && check_persons(problem, error);
}

int dj_plan_compare_places(const void *a, const void *b)
{
    const DjPlanMeeting *x = a, *y = b;
    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    return x->table < y->table ? -1 : x->table > y->table;
}
