/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.json and problem.json: what is written passes the verifier, and nothing can be changed without it noticing. */
#include "engine/plan/event_plan_json.h"

#include <criterion/criterion.h>
#include <string.h>

static DjEvent *make_event(guint tables)
{
    DjEvent *event = dj_event_new();
    event->id = g_strdup("t");
    event->name = g_strdup("示例会");
    event->date = g_strdup("2026-05-15");
    event->slots = 3;
    event->tables = tables;
    event->minutes = 15;
    for (guint t = 0; t < 3; t++)
        event->start[t] = 18 * 60 + t * 15;
    for (guint i = 0; i < 5; i++) {
        DjEventPerson *person = dj_event_add_person(event);
        person->id = g_strdup_printf("%c%u", i < 3 ? 'E' : 'T', i < 3 ? i + 1 : i - 2);
        person->side = i < 3 ? DJ_EVENT_DEMAND : DJ_EVENT_SUPPLY;
        person->min = i < 3 ? 1 : 0;
        person->max = 3;
        person->open = 7;
    }
    for (guint a = 0; a < 3; a++)
        for (guint b = 3; b < 5; b++) {
            DjEventPair *pair = dj_event_add_pair(event);
            pair->who[0] = a;
            pair->who[1] = b;
            pair->points = 10 * (a + 1) + b;
        }
    return event;
}

Test(event_plan, spare_tables_are_opened_as_few_as_will_do)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(1);
    event->spare_tables = 4;
    g_autoptr(DjEventPlan) enough = dj_event_plan_make(event, NULL, 1, NULL, &error);
    cr_assert_eq(enough->tables, 1, "three meetings fit one table");
    for (guint i = 0; i < 3; i++)
        dj_event_person(event, i)->min = 2;
    g_autoptr(DjEventPlan) made = dj_event_plan_make(event, NULL, 1, NULL, &error);
    cr_assert_eq(made->tables, 2);
    cr_assert_eq(made->plan->n, 6);
    g_autofree char *problem = dj_event_problem_json(made);
    g_autofree char *plan = dj_event_plan_json(made, problem, "organiser");
    cr_assert_not_null(strstr(plan, "\"spare_tables_opened\": 1"));
    DjEventCheck check;
    cr_assert(dj_event_plan_verify(problem, plan, &check, &error), "%s", error ? error->message : "");
    /* nobody needs it any more, but people have its number */
    g_autoptr(GPtrArray) published = dj_event_plan_read_meetings(plan, NULL, &error);
    for (guint i = 0; i < 3; i++)
        dj_event_person(event, i)->min = 1;
    g_autoptr(DjEventPlan) again = dj_event_plan_make(event, published, 2, NULL, &error);
    cr_assert_eq(again->tables, 2);
    cr_assert_eq(again->changes->len, 0);
    /* no table helps: the refusal stands with all of them */
    for (guint i = 0; i < 3; i++)
        dj_event_person(event, i)->min = 3;
    g_autoptr(DjEventPlan) refused = dj_event_plan_make(event, NULL, 1, NULL, &error);
    cr_assert_null(refused->plan->meetings);
    cr_assert_eq(refused->tables, 5);
    cr_assert_not(refused->block->tables);
}

/* Where the limits leave it open how many tables the timetable takes: the first slot is all that some have. */
Test(event_plan, spare_tables_are_counted_by_the_timetable)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(1);
    event->spare_tables = 2;
    dj_event_person(event, 0)->open = 1;
    dj_event_person(event, 1)->open = 1;
    g_autoptr(DjEventPlan) made = dj_event_plan_make(event, NULL, 1, NULL, &error);
    cr_assert_not_null(made->plan->meetings);
    cr_assert_eq(made->tables, 2);
}

static gboolean always(gpointer data)
{
    (void)data;
    return TRUE;
}

/* E1 and E2 are there in the first slot alone and both want T1 most: that takes a search. */
Test(event_plan, ended_by_the_clock_is_said_wherever_the_plan_goes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(2);
    for (guint i = 0; i < 2; i++)
        dj_event_person(event, i)->open = 1;
    dj_event_pair(event, 0)->points = dj_event_pair(event, 2)->points = 100;
    const DjPlanOptions stop = {.cancelled = always};
    g_autoptr(DjEventPlan) stopped = dj_event_plan_make(event, NULL, 1, &stop, &error);
    cr_assert_not_null(stopped->plan->meetings);
    g_autoptr(DjEventPlan) whole = dj_event_plan_make(event, NULL, 1, NULL, &error);
    DjEventPlan *const both[] = {stopped, whole};
    for (guint k = 0; k < 2; k++) {
        g_autofree char *problem = dj_event_problem_json(both[k]);
        g_autofree char *plan = dj_event_plan_json(both[k], problem, "organiser");
        DjEventCheck check;
        cr_assert(dj_event_plan_verify(problem, plan, &check, &error), "%s", error ? error->message : "");
        cr_assert_eq(check.by_clock, k == 0);
        cr_assert_not_null(strstr(plan, k == 0 ? "\"reproducible\": false" : "\"reproducible\": true"));
    }
    cr_assert_leq(stopped->plan->value, whole->plan->value);
    cr_assert_neq(stopped->plan->status, DJ_PLAN_OPTIMAL);
}

static char *replace(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "no %s", from);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void expect_refused(const char *problem, const char *plan, const char *part)
{
    g_autoptr(GError) error = NULL;
    DjEventCheck check;
    cr_assert_not(dj_event_plan_verify(problem, plan, &check, &error), "accepted, expected: %s", part);
    cr_assert_not_null(strstr(error->message, part), "%s", error->message);
}

Test(event_plan, verifies_and_notices_every_change)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(2);
    g_autoptr(DjEventPlan) made = dj_event_plan_make(event, NULL, 1, NULL, &error);
    cr_assert_not_null(made, "%s", error ? error->message : "");
    g_autofree char *problem = dj_event_problem_json(made);
    g_autofree char *plan = dj_event_plan_json(made, problem, "organiser");
    DjEventCheck check;
    cr_assert(dj_event_plan_verify(problem, plan, &check, &error), "%s", error ? error->message : "");
    cr_assert(check.feasible && check.optimal);
    cr_assert_eq(check.meetings, 6);
    cr_assert_eq(check.value, 3 * (3 + 4) + 2 * (10 + 20 + 30));
    cr_assert_eq(check.bound, check.value);

    g_autofree char *other = replace(problem, "\"tables\":2", "\"tables\":3");
    expect_refused(other, plan, "made for another problem.json");
    g_autofree char *value = replace(plan, "\"value\": 141", "\"value\": 142");
    expect_refused(problem, value, "value should be 141");
    g_autofree char *bound = replace(plan, "\"bound\": 141", "\"bound\": 150");
    expect_refused(problem, bound, "bound should be 141");
    g_autofree char *points = replace(plan, "\"points\": 34\n", "\"points\": 99\n");
    expect_refused(problem, points, "are not those of the problem");
    g_autofree char *who = replace(plan, "\"demand\": \"E1\"", "\"demand\": \"E9\"");
    expect_refused(problem, who, "cannot be read");
    g_autofree char *slot = replace(plan, "\"slot\": 1,\n   \"table\"", "\"slot\": 2,\n   \"table\"");
    expect_refused(problem, slot, "plan: ");
}

Test(event_plan, proves_that_there_is_no_plan)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(2);
    dj_event_person(event, 3)->max = 1;
    dj_event_person(event, 4)->max = 1;
    g_autoptr(DjEventPlan) made = dj_event_plan_make(event, NULL, 1, NULL, &error);
    cr_assert_not_null(made, "%s", error ? error->message : "");
    cr_assert_eq(made->plan->status, DJ_PLAN_INFEASIBLE);
    cr_assert_eq(made->block->required, 3);
    cr_assert_eq(made->block->available, 2);
    cr_assert_eq(made->relaxations->len, 2);
    g_autofree char *problem = dj_event_problem_json(made);
    g_autofree char *plan = dj_event_plan_json(made, problem, "organiser");
    DjEventCheck check;
    cr_assert(dj_event_plan_verify(problem, plan, &check, &error), "%s", error ? error->message : "");
    cr_assert_not(check.feasible);
    g_autofree char *prices = replace(plan, "\"E1\": [\n    -1", "\"E1\": [\n    0");
    expect_refused(problem, prices, "does not prove it");
}

Test(event_plan, a_drop_out_is_replanned)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event(2);
    g_autoptr(DjEventPlan) first = dj_event_plan_make(event, NULL, 1, NULL, &error);
    g_autofree char *problem = dj_event_problem_json(first);
    g_autofree char *text = dj_event_plan_json(first, problem, "organiser");
    guint version = 0;
    g_autoptr(GPtrArray) published = dj_event_plan_read_meetings(text, &version, &error);
    cr_assert_eq(published->len, 6);
    cr_assert_eq(version, 1);

    dj_event_person(event, 4)->open = 0; /* T2 is ill */
    g_autoptr(DjEventPlan) second = dj_event_plan_make(event, published, 2, NULL, &error);
    cr_assert_not_null(second, "%s", error ? error->message : "");
    cr_assert(second->replanned);
    cr_assert_eq(dj_event_plan_moves_proof(second), DJ_EVENT_PLAN_BY_CERTIFICATE);
    cr_assert_eq(second->plan->n, 3);
    cr_assert_eq(second->changes->len, 3);
    for (guint k = 0; k < 3; k++) {
        const DjEventChange *change = &g_array_index(second->changes, DjEventChange, k);
        cr_assert_eq(change->kind, DJ_EVENT_PLAN_CANCELLED);
        cr_assert_str_eq(change->who[1], "T2");
    }
}

Test(event_plan, fairness_is_part_of_the_certificate)
{
    for (guint mode = 0; mode < 3; mode++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(DjEvent) event = make_event(1);
        event->fairness = (DjEventFairness)mode;
        dj_event_person(event, 0)->min = 0;
        g_autoptr(DjEventPlan) made = dj_event_plan_make(event, NULL, 1, NULL, &error);
        cr_assert_not_null(made, "%s", error ? error->message : "");
        cr_assert_eq(dj_event_plan_proof(made), DJ_EVENT_PLAN_BY_CERTIFICATE);
        /* three seats: without fairness E3, E3, E2 have most points; with it each firm has one */
        cr_assert_eq(made->plan->value, mode == 0 ? 34 + 33 + 24 : 34 + 24 + 14, "mode %u: %d", mode,
                     (int)made->plan->value);
        g_autofree char *problem = dj_event_problem_json(made);
        g_autofree char *plan = dj_event_plan_json(made, problem, "organiser");
        DjEventCheck check;
        cr_assert(dj_event_plan_verify(problem, plan, &check, &error), "%s", error ? error->message : "");
        cr_assert_eq(check.bound, made->plan->value);
    }
}
