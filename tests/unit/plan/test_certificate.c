/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate by hand: small events whose bound fits on paper, and every rule of a plan broken once. */
#include "engine/plan/certificate.h"

#include <criterion/criterion.h>
#include <string.h>

/* Two firms, two inventors; each firm wants the first inventor, who has one slot. */
static DjPlanPerson persons[4];
static DjPlanGroup groups[1];
static DjPlanPair pairs[4];
static DjPlanProblem problem;

static void setup(void)
{
    for (guint i = 0; i < 4; i++)
        persons[i] = (DjPlanPerson){.min = 0, .max = 2, .open = 3, .group = {DJ_PLAN_NONE, DJ_PLAN_NONE}};
    persons[2].max = 1;
    groups[0] = (DjPlanGroup){.parent = DJ_PLAN_NONE, .role = 1, .min = 0, .max = 3};
    persons[2].group[1] = persons[3].group[1] = 0;
    pairs[0] = (DjPlanPair){.who = {0, 2}, .points = 10};
    pairs[1] = (DjPlanPair){.who = {0, 3}, .points = 4};
    pairs[2] = (DjPlanPair){.who = {1, 2}, .points = 9};
    pairs[3] = (DjPlanPair){.who = {1, 3}, .points = 1};
    problem = (DjPlanProblem){.persons = persons,
                              .n_persons = 4,
                              .groups = groups,
                              .n_groups = 1,
                              .pairs = pairs,
                              .n_pairs = 4,
                              .slots = 2,
                              .tables = 2};
}

static gint64 bound_of(const DjPlanPrices *prices, gboolean feasibility)
{
    gint64 bound = 0;
    g_autoptr(GError) error = NULL;
    cr_assert(dj_plan_bound(&problem, prices, feasibility, &bound, &error), "%s", error ? error->message : "");
    return bound;
}

static void set_price(DjPlanPrices *prices, guint person, gint64 price)
{
    prices->person[0][person] = prices->person[1][person] = price;
}

Test(certificate, bound_by_hand, .init = setup)
{
    g_autoptr(DjPlanPrices) prices = dj_plan_prices_new(&problem, NULL);
    cr_assert_eq(bound_of(prices, FALSE), 24, "without prices: the sum of all points");
    set_price(prices, 2, 9);
    /* 1 * 9 for the inventor's only meeting, and 1 + 4 + 0 + 1 left in the pairs */
    cr_assert_eq(bound_of(prices, FALSE), 15);
    prices->total = 1;
    /* 4 seats + 9 + (0 + 3 + 0 + 0) */
    cr_assert_eq(bound_of(prices, FALSE), 16);
}

Test(certificate, infeasible_by_hand, .init = setup)
{
    persons[0].min = 2;
    persons[1].min = 2;
    g_autoptr(DjPlanPrices) prices = dj_plan_prices_new(&problem, NULL);
    cr_assert_eq(bound_of(prices, TRUE), 0, "no prices prove nothing");
    set_price(prices, 0, -1);
    set_price(prices, 1, -1);
    set_price(prices, 2, 1);
    /* the firms need 2 + 2, the first inventor gives 1, the second 2 pairs */
    cr_assert_eq(bound_of(prices, TRUE), -1);
    gint64 bound = 0;
    persons[0].min = persons[0].max = 3;
    cr_assert(dj_plan_bound(&problem, prices, TRUE, &bound, NULL));
    cr_assert_eq(bound, -1, "three meetings in two slots");
}

Test(certificate, fairness_rewards_count_in_the_bound, .init = setup)
{
    problem.fair_step[1] = 6400;
    problem.fair_step[2] = 6300;
    persons[0].fair = TRUE;
    g_autoptr(DjPlanPrices) prices = dj_plan_prices_new(&problem, NULL);
    cr_assert_eq(bound_of(prices, FALSE), 24 + 6400 + 6300);
}

Test(certificate, huge_prices_are_refused, .init = setup)
{
    g_autoptr(DjPlanPrices) prices = dj_plan_prices_new(&problem, NULL);
    prices->total = G_MAXINT64 / 2;
    gint64 bound = 0;
    g_autoptr(GError) error = NULL;
    cr_assert_not(dj_plan_bound(&problem, prices, FALSE, &bound, &error));
    cr_assert_str_eq(error->message, "certificate: prices are too large to be summed");
}

static void expect_broken(const DjPlanMeeting *meetings, guint n, const char *message)
{
    g_autoptr(GError) error = NULL;
    cr_assert_not(dj_plan_check(&problem, meetings, n, FALSE, &error), "accepted, expected: %s", message);
    cr_assert_str_eq(error->message, message);
}

Test(certificate, every_rule_is_checked, .init = setup)
{
    const DjPlanMeeting good[] = {{0, 0, 0}, {1, 1, 0}, {3, 0, 1}};
    g_autoptr(GError) error = NULL;
    cr_assert(dj_plan_check(&problem, good, 3, FALSE, &error), "%s", error ? error->message : "");
    cr_assert_eq(dj_plan_value(&problem, good, 3), 15);

    expect_broken((DjPlanMeeting[]){{9, 0, 0}}, 1, "plan: meeting 0: no such pair");
    expect_broken((DjPlanMeeting[]){{0, 0, 0}, {0, 1, 0}}, 2, "plan: persons 0 and 2 meet twice");
    expect_broken((DjPlanMeeting[]){{0, 0, 0}, {2, 1, 0}}, 2, "plan: person 2 has 2 meetings, allowed are 0 to 1");
    expect_broken((DjPlanMeeting[]){{0, 2, 0}}, 1, "plan: meeting 0: no slot 2");
    expect_broken((DjPlanMeeting[]){{0, 0, 2}}, 1, "plan: meeting 0: no table 2");
    expect_broken((DjPlanMeeting[]){{0, 0, 0}, {3, 0, 0}}, 2, "plan: table 0 is used twice in slot 0");
    expect_broken((DjPlanMeeting[]){{0, 0, 0}, {1, 0, 1}}, 2, "plan: person 0 has two meetings in slot 0");

    persons[3].open = 2;
    expect_broken(good, 3, "plan: person 3 is not there in slot 0");
    persons[3].open = 3;
    persons[1].min = 2;
    expect_broken(good, 3, "plan: person 1 has 1 meetings, allowed are 2 to 2");
    persons[1].min = 0;
    persons[1].best_from = 9;
    expect_broken(good, 3, "plan: person 1 has no meeting with at least 9 points");
    persons[1].best_from = 0;
    groups[0].max = 2;
    expect_broken(good, 3, "plan: group 0 has 3 meetings, allowed are 0 to 2");
    groups[0].max = 3;
    pairs[2].rule = DJ_PLAN_MUST;
    expect_broken(good, 3, "plan: persons 1 and 2 must meet and do not");
    pairs[2].rule = DJ_PLAN_FREE;
    pairs[0].rule = DJ_PLAN_BAN;
    expect_broken(good, 3, "plan: persons 0 and 2 must not meet");
}

Test(certificate, problem_is_checked, .init = setup)
{
    g_autoptr(GError) error = NULL;
    cr_assert(dj_plan_problem_check(&problem, &error));
    pairs[3] = (DjPlanPair){.who = {2, 0}, .points = 1};
    cr_assert_not(dj_plan_problem_check(&problem, &error));
    cr_assert_str_eq(error->message, "event: pair 3: the same two persons occur twice");
    g_clear_error(&error);
    pairs[3] = (DjPlanPair){.who = {1, 1}, .points = 1};
    cr_assert_not(dj_plan_problem_check(&problem, &error));
    cr_assert_str_eq(error->message, "event: pair 3: a person cannot meet itself");
    g_clear_error(&error);
    pairs[3] = (DjPlanPair){.who = {1, 3}, .points = 1};
    groups[0].parent = 0;
    cr_assert_not(dj_plan_problem_check(&problem, &error));
    cr_assert_str_eq(error->message, "event: group 0: lies within itself");
    g_clear_error(&error);
    groups[0].parent = DJ_PLAN_NONE;
    problem.slots = 65;
    cr_assert_not(dj_plan_problem_check(&problem, &error));
}
