/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file is the reason to believe a plan, so it is short, includes nothing but the problem, and checks every
 * addition. */
#include "engine/plan/certificate.h"

DjPlanPrices *dj_plan_prices_new(const DjPlanProblem *problem, GError **error)
{
    DjPlanPrices *prices = g_new0(DjPlanPrices, 1);
    prices->n_persons = problem->n_persons;
    prices->n_groups = problem->n_groups;
    gsize n = (gsize)problem->n_groups + 4 * (gsize)problem->n_persons;
    gint64 *block = g_try_new0(gint64, n + 1);
    if (!block) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "event: no memory for the prices of %u persons",
                    problem->n_persons);
        g_free(prices);
        return NULL;
    }
    prices->group = block;
    for (guint role = 0; role < 2; role++) {
        prices->person[role] = block + problem->n_groups + role * (gsize)problem->n_persons;
        prices->best[role] = block + problem->n_groups + (2 + role) * (gsize)problem->n_persons;
    }
    return prices;
}

void dj_plan_prices_free(DjPlanPrices *prices)
{
    if (!prices)
        return;
    g_free(prices->group);
    g_free(prices);
}

typedef struct {
    gint64 sum;
    gboolean overflow;
} Sum;

static void add(Sum *sum, gint64 value)
{
    if (__builtin_add_overflow(sum->sum, value, &sum->sum))
        sum->overflow = TRUE;
}

static gint64 times(Sum *sum, gint64 a, gint64 b)
{
    gint64 product = 0;
    if (__builtin_mul_overflow(a, b, &product))
        sum->overflow = TRUE;
    return product;
}

/* max of price * d over low <= d <= high */
static void add_row(Sum *sum, gint64 price, gint64 low, gint64 high)
{
    add(sum, MAX(times(sum, price, low), times(sum, price, high)));
}

/* A person's meetings: the reward for the number of meetings is not linear, so each number is tried. */
static void add_person(Sum *sum, const DjPlanProblem *problem, guint i, gint64 price, gboolean feasibility)
{
    const DjPlanPerson *person = &problem->persons[i];
    guint room = dj_plan_person_room(problem, i);
    gint64 reward = 0, best = G_MININT64;
    for (guint d = 0; d <= room; d++) {
        if (d > 0 && !feasibility)
            reward += dj_plan_fair_reward(problem, person, d);
        gint64 here = 0;
        if (__builtin_add_overflow(times(sum, price, d), reward, &here))
            sum->overflow = TRUE;
        if (d >= dj_plan_person_need(problem, i) && here > best)
            best = here;
    }
    add(sum, best);
}

static gint64 pair_price(const DjPlanProblem *problem, const DjPlanPrices *prices, const DjPlanPair *pair, Sum *sum)
{
    Sum price = {.sum = prices->total};
    for (guint role = 0; role < 2; role++) {
        guint i = pair->who[role];
        const DjPlanPerson *person = &problem->persons[i];
        add(&price, prices->person[role][i]);
        if (person->best_from > 0 && pair->points >= person->best_from)
            add(&price, prices->best[role][i]);
        for (guint g = person->group[role]; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
            add(&price, prices->group[g]);
    }
    sum->overflow |= price.overflow;
    return price.sum;
}

/* One limit that nothing can keep: the shortage is the whole proof, and there is no plan to bound. */
static gboolean bound_of_nothing(gint64 shortage, gboolean feasibility, gint64 *bound, GError **error)
{
    *bound = shortage;
    if (!feasibility)
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INVALID, "certificate: no plan keeps the limits");
    return feasibility;
}

gboolean dj_plan_bound(const DjPlanProblem *problem, const DjPlanPrices *prices, gboolean feasibility, gint64 *bound,
                       GError **error)
{
    if (prices->n_persons != problem->n_persons || prices->n_groups != problem->n_groups) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INVALID, "certificate: made for another event");
        return FALSE;
    }
    Sum sum = {0};
    const gint64 all = problem->n_pairs;
    add_row(&sum, prices->total, 0, (gint64)problem->slots * problem->tables);
    for (guint g = 0; g < problem->n_groups; g++) {
        const DjPlanGroup *group = &problem->groups[g];
        add_row(&sum, prices->group[g], group->min, group->max == DJ_PLAN_NONE ? MAX(all, group->min) : group->max);
    }
    for (guint i = 0; i < problem->n_persons; i++) {
        const DjPlanPerson *person = &problem->persons[i];
        guint room = dj_plan_person_room(problem, i);
        guint need = dj_plan_person_need(problem, i);
        if (need > room)
            return bound_of_nothing((gint64)room - need, feasibility, bound, error);
        /* In both roles the meetings share one limit, so every meeting may count at the higher of the two prices. */
        add_person(&sum, problem, i, MAX(prices->person[0][i], prices->person[1][i]), feasibility);
        if (person->best_from > 0)
            add_row(&sum, MAX(prices->best[0][i], prices->best[1][i]), 1, room);
    }
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        gboolean possible = pair->rule != DJ_PLAN_BAN && dj_plan_pair_open(problem, p) != 0;
        if (!possible && pair->rule == DJ_PLAN_MUST)
            return bound_of_nothing(-1, feasibility, bound, error);
        if (!possible)
            continue;
        Sum rest = {.sum = feasibility ? 0 : pair->points};
        add(&rest, -pair_price(problem, prices, pair, &sum));
        sum.overflow |= rest.overflow;
        add(&sum, pair->rule == DJ_PLAN_MUST ? rest.sum : MAX(rest.sum, 0));
    }
    if (sum.overflow) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INVALID, "certificate: prices are too large to be summed");
        return FALSE;
    }
    *bound = sum.sum;
    return TRUE;
}

gint64 dj_plan_value(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n)
{
    gint64 value = 0;
    for (guint m = 0; m < n; m++)
        value += problem->pairs[meetings[m].pair].points;
    return value;
}

gint64 dj_plan_objective(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n)
{
    gint64 value = dj_plan_value(problem, meetings, n);
    if (!dj_plan_is_fair(problem))
        return value;
    g_autofree guint *count = g_new0(guint, problem->n_persons);
    for (guint m = 0; m < n; m++)
        for (guint role = 0; role < 2; role++) {
            guint i = problem->pairs[meetings[m].pair].who[role];
            value += dj_plan_fair_reward(problem, &problem->persons[i], ++count[i]);
        }
    return value;
}

static gboolean broken(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean broken(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INVALID, "plan: %s", message);
    return FALSE;
}

static gboolean check_counts(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n, GError **error)
{
    g_autofree guint *met = g_new0(guint, problem->n_persons);
    g_autofree guint *good = g_new0(guint, problem->n_persons);
    g_autofree guint *in_group = g_new0(guint, problem->n_groups);
    g_autofree guint8 *chosen = g_new0(guint8, problem->n_pairs);
    for (guint m = 0; m < n; m++) {
        guint p = meetings[m].pair;
        if (p >= problem->n_pairs)
            return broken(error, "meeting %u: no such pair", m);
        const DjPlanPair *pair = &problem->pairs[p];
        if (pair->rule == DJ_PLAN_BAN)
            return broken(error, "persons %u and %u must not meet", pair->who[0], pair->who[1]);
        if (chosen[p]++)
            return broken(error, "persons %u and %u meet twice", pair->who[0], pair->who[1]);
        for (guint role = 0; role < 2; role++) {
            guint i = pair->who[role];
            met[i]++;
            good[i] += pair->points >= problem->persons[i].best_from;
            for (guint g = problem->persons[i].group[role]; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
                in_group[g]++;
        }
    }
    for (guint p = 0; p < problem->n_pairs; p++)
        if (problem->pairs[p].rule == DJ_PLAN_MUST && !chosen[p])
            return broken(error, "persons %u and %u must meet and do not", problem->pairs[p].who[0],
                          problem->pairs[p].who[1]);
    for (guint i = 0; i < problem->n_persons; i++) {
        const DjPlanPerson *person = &problem->persons[i];
        if (met[i] < person->min || met[i] > person->max)
            return broken(error, "person %u has %u meetings, allowed are %u to %u", i, met[i], person->min,
                          person->max);
        if (person->best_from > 0 && good[i] == 0)
            return broken(error, "person %u has no meeting with at least %" G_GINT64_FORMAT " points", i,
                          person->best_from);
    }
    for (guint g = 0; g < problem->n_groups; g++) {
        const DjPlanGroup *group = &problem->groups[g];
        if (in_group[g] < group->min || in_group[g] > group->max)
            return broken(error, "group %u has %u meetings, allowed are %u to %u", g, in_group[g], group->min,
                          group->max);
    }
    if (n > (guint64)problem->slots * problem->tables)
        return broken(error, "%u meetings do not fit %u slots of %u tables", n, problem->slots, problem->tables);
    return TRUE;
}

static gboolean check_places(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n, GError **error)
{
    g_autofree guint64 *busy = g_new0(guint64, problem->n_persons);
    g_autofree guint64 *taken = g_new0(guint64, problem->tables);
    for (guint m = 0; m < n; m++) {
        const DjPlanMeeting *meeting = &meetings[m];
        const DjPlanPair *pair = &problem->pairs[meeting->pair];
        if (meeting->slot >= problem->slots)
            return broken(error, "meeting %u: no slot %u", m, meeting->slot);
        if (meeting->table >= problem->tables)
            return broken(error, "meeting %u: no table %u", m, meeting->table);
        guint64 bit = G_GUINT64_CONSTANT(1) << meeting->slot;
        if (taken[meeting->table] & bit)
            return broken(error, "table %u is used twice in slot %u", meeting->table, meeting->slot);
        taken[meeting->table] |= bit;
        for (guint role = 0; role < 2; role++) {
            guint i = pair->who[role];
            if (!(problem->persons[i].open & bit))
                return broken(error, "person %u is not there in slot %u", i, meeting->slot);
            if (busy[i] & bit)
                return broken(error, "person %u has two meetings in slot %u", i, meeting->slot);
            busy[i] |= bit;
        }
    }
    return TRUE;
}

gboolean dj_plan_check(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n, gboolean selection_only,
                       GError **error)
{
    return check_counts(problem, meetings, n, error) && (selection_only || check_places(problem, meetings, n, error));
}
