/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every number, word and list entry of plan.json is changed in turn: the verifier refuses, or the place is named here
 * as one that is said and not proved. */
#include "engine/plan/event_plan_json.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Places that may change: words for people, and what needs the planner to be known. Another price, or another conflict,
 * may prove the same bound: what it is for is what is checked. */
static const char *const unproved[] = {"/event/*",
                                       "/version",
                                       "/audience",
                                       "/reproducible",
                                       "/spare_tables_opened",
                                       "/fairness/*",
                                       "/slots/*/slot",
                                       "/slots/*/start",
                                       "/slots/*/end",
                                       "/participants/*/side",
                                       "/participants/*/possible",
                                       "/certificate/*",
                                       "/changes/conflicts/*",
                                       "/infeasible/because",
                                       "/infeasible/floors/*/name",
                                       "/infeasible/scarce/*",
                                       "/infeasible/caps/*",
                                       "/infeasible/tables",
                                       "/infeasible/irreducible",
                                       "/infeasible/relaxations/*"};

typedef struct {
    const char *problem;
    json_t *root;
    guint refused, accepted;
} Walk;

static gboolean may_change(const char *path)
{
    for (guint k = 0; k < G_N_ELEMENTS(unproved); k++)
        if (g_pattern_match_simple(unproved[k], path))
            return TRUE;
    return FALSE;
}

static void try_plan(Walk *walk, const char *path, const char *how)
{
    char *text = json_dumps(walk->root, JSON_INDENT(1));
    g_autoptr(GError) error = NULL;
    DjEventCheck check;
    gboolean ok = dj_event_plan_verify(walk->problem, text, &check, &error);
    free(text);
    cr_assert(!ok || may_change(path), "%s was %s, and nobody noticed", path, how);
    cr_assert(ok || error != NULL, "%s: refused without a word", path);
    *(ok ? &walk->accepted : &walk->refused) += 1;
}

/* Another value of the same type; NULL for lists and objects. */
static json_t *other_value(const json_t *value)
{
    if (json_is_integer(value))
        return json_integer(json_integer_value(value) + 1);
    if (json_is_string(value)) {
        g_autofree char *longer = g_strconcat(json_string_value(value), "x", NULL);
        return json_string(longer);
    }
    return json_is_boolean(value) ? json_boolean(!json_is_true(value)) : NULL;
}

static void walk_value(Walk *walk, json_t *value, const char *path);

static void walk_object(Walk *walk, json_t *object, const char *path)
{
    const char *key;
    json_t *item;
    void *next;
    json_object_foreach_safe(object, next, key, item)
    {
        g_autofree char *name = g_strdup(key);
        g_autofree char *here = g_strconcat(path, "/", name, NULL);
        json_t *other = other_value(item);
        json_incref(item);
        if (other) {
            json_object_set_new(object, name, other);
            try_plan(walk, here, "changed");
            json_object_set(object, name, item);
        } else {
            walk_value(walk, item, here);
        }
        json_decref(item);
    }
}

static void walk_array(Walk *walk, json_t *array, const char *path)
{
    for (size_t k = 0; k < json_array_size(array); k++) {
        g_autofree char *here = g_strdup_printf("%s/%zu", path, k);
        json_t *item = json_incref(json_array_get(array, k)), *other = other_value(item);
        if (other) {
            json_array_set_new(array, k, other);
            try_plan(walk, here, "changed");
            json_array_set(array, k, item);
        } else {
            walk_value(walk, item, here);
        }
        json_array_remove(array, k);
        try_plan(walk, here, "left out");
        json_array_insert(array, k, item);
        json_array_insert(array, k, item);
        try_plan(walk, here, "doubled");
        json_array_remove(array, k);
        json_decref(item);
    }
}

static void walk_value(Walk *walk, json_t *value, const char *path)
{
    if (json_is_object(value))
        walk_object(walk, value, path);
    else if (json_is_array(value))
        walk_array(walk, value, path);
}

static void tamper(const DjEventPlan *made)
{
    g_autofree char *problem = dj_event_problem_json(made);
    g_autofree char *text = dj_event_plan_json(made, problem, "organiser");
    g_autoptr(GError) error = NULL;
    DjEventCheck check;
    cr_assert(dj_event_plan_verify(problem, text, &check, &error), "%s", error ? error->message : "");
    Walk walk = {.problem = problem, .root = json_loads(text, 0, NULL)};
    walk_value(&walk, walk.root, "");
    json_decref(walk.root);
    cr_assert_gt(walk.refused, 60, "%u refused, %u accepted", walk.refused, walk.accepted);
}

/* 4 enterprises, 3 inventors (one also asks), a floor, a team with a cap, a must-meet, a ban, somebody late. */
static DjEvent *make_event(void)
{
    DjEvent *event = dj_event_new();
    event->id = g_strdup("t");
    event->name = g_strdup("示例会");
    event->date = g_strdup("2026-05-15");
    event->slots = 3;
    event->tables = 2;
    event->minutes = 15;
    for (guint t = 0; t < 3; t++)
        event->start[t] = 18 * 60 + t * 15;
    for (guint i = 0; i < 7; i++) {
        DjEventPerson *person = dj_event_add_person(event);
        person->id = g_strdup_printf("%c%u", i < 4 ? 'E' : 'T', i < 4 ? i + 1 : i - 3);
        person->side = i < 4 ? DJ_EVENT_DEMAND : DJ_EVENT_SUPPLY;
        person->city = g_strdup(i % 2 ? "云汀市" : "岚屏市");
        person->team = g_strdup(i > 4 ? "组" : NULL);
        person->min = i < 4 ? 1 : 0;
        person->max = 3;
        person->open = i == 6 ? 6 : 7;
    }
    for (guint a = 0; a < 4; a++)
        for (guint b = 4; b < 7; b++) {
            DjEventPair *pair = dj_event_add_pair(event);
            pair->who[0] = a;
            pair->who[1] = b;
            pair->points = 10 * (a + 1) + b;
            pair->rule = a == 0 && b == 6 ? DJ_PLAN_MUST : a == 3 && b == 4 ? DJ_PLAN_BAN : DJ_PLAN_FREE;
        }
    DjEventTeam *team = g_new0(DjEventTeam, 1);
    *team = (DjEventTeam){.name = g_strdup("组"), .max = 4};
    g_ptr_array_add(event->teams, team);
    DjEventFloor *floor = g_new0(DjEventFloor, 1);
    *floor = (DjEventFloor){.role = 0, .by = DJ_EVENT_BY_CITY, .value = g_strdup("云汀市"), .min = 2};
    g_ptr_array_add(event->floors, floor);
    return event;
}

static DjEventPlan *make_plan(const DjEvent *event, const GPtrArray *published, guint version)
{
    g_autoptr(GError) error = NULL;
    DjEventPlan *made = dj_event_plan_make(event, published, version, NULL, &error);
    cr_assert_not_null(made, "%s", error ? error->message : "");
    return made;
}

Test(event_tamper, a_first_plan)
{
    for (guint mode = 0; mode < 3; mode++) {
        g_autoptr(DjEvent) event = make_event();
        event->fairness = (DjEventFairness)mode;
        g_autoptr(DjEventPlan) made = make_plan(event, NULL, 1);
        cr_assert_eq(made->plan->status, DJ_PLAN_OPTIMAL);
        tamper(made);
    }
}

Test(event_tamper, a_version_that_moved_a_meeting)
{
    g_autoptr(DjEvent) event = make_event();
    g_autoptr(DjEventPlan) first = make_plan(event, NULL, 1);
    g_autofree char *problem = dj_event_problem_json(first);
    g_autofree char *text = dj_event_plan_json(first, problem, "organiser");
    g_autoptr(GPtrArray) published = dj_event_plan_read_meetings(text, NULL, NULL);
    /* one table less, and T1 has to leave after the first slot: meetings have to be given up */
    event->tables = 1;
    dj_event_person(event, 4)->open = 1;
    for (guint i = 0; i < 4; i++)
        dj_event_person(event, i)->min = 0;
    g_autoptr(DjEventPlan) second = make_plan(event, published, 2);
    cr_assert_not_null(second->plan->meetings);
    cr_assert_gt(second->changes->len, 0);
    tamper(second);
}

Test(event_tamper, a_certified_move)
{
    /* E1 must see both; E2 gives way because T1 is only there for the slot that E2 has */
    g_autoptr(DjEvent) event = make_event();
    g_autoptr(DjEventPlan) first = make_plan(event, NULL, 1);
    g_autofree char *problem = dj_event_problem_json(first);
    g_autofree char *text = dj_event_plan_json(first, problem, "organiser");
    g_autoptr(GPtrArray) published = dj_event_plan_read_meetings(text, NULL, NULL);
    guint moved = 0;
    /* try every pair that was not planned as a new must-meet until one forces a move */
    for (guint p = 0; p < event->pairs->len && moved == 0; p++) {
        DjEventPair *pair = dj_event_pair(event, p);
        DjPlanRule old = pair->rule;
        if (old == DJ_PLAN_BAN)
            continue;
        pair->rule = DJ_PLAN_MUST;
        g_autoptr(DjEventPlan) second = make_plan(event, published, 2);
        if (second->plan->meetings && second->moves->bound > 0) {
            moved = second->moves->n_released;
            cr_assert_eq(dj_event_plan_moves_proof(second), DJ_EVENT_PLAN_BY_CERTIFICATE);
            tamper(second);
        }
        pair->rule = old;
    }
    cr_assert_gt(moved, 0, "no new must-meet forced a move");
}

Test(event_tamper, a_proof_that_there_is_no_plan)
{
    g_autoptr(DjEvent) event = make_event();
    for (guint i = 0; i < 4; i++)
        dj_event_person(event, i)->min = 2;
    g_autoptr(DjEventPlan) made = make_plan(event, NULL, 1);
    cr_assert_eq(made->plan->status, DJ_PLAN_INFEASIBLE);
    cr_assert_not_null(made->block);
    g_autofree char *problem = dj_event_problem_json(made);
    g_autofree char *text = dj_event_plan_json(made, problem, "organiser");
    g_autoptr(GError) error = NULL;
    DjEventCheck check;
    cr_assert(dj_event_plan_verify(problem, text, &check, &error), "%s", error ? error->message : "");
    Walk walk = {.problem = problem, .root = json_loads(text, 0, NULL)};
    walk_value(&walk, walk.root, "");
    json_decref(walk.root);
    cr_assert_gt(walk.refused, 15);
}

/* E1 and E2 each need a meeting and can only have it with T1 in the first slot. */
Test(event_tamper, a_proof_that_there_is_no_timetable)
{
    g_autoptr(DjEvent) event = make_event();
    for (guint i = 0; i < event->persons->len; i++)
        dj_event_person(event, i)->min = i < 2 ? 1 : 0;
    for (guint p = 0; p < event->pairs->len; p++) {
        DjEventPair *pair = dj_event_pair(event, p);
        if (pair->who[0] < 2)
            pair->rule = pair->who[1] == 4 ? DJ_PLAN_FREE : DJ_PLAN_BAN;
    }
    dj_event_person(event, 0)->open = 1;
    dj_event_person(event, 1)->open = 1;
    g_autoptr(DjEventPlan) made = make_plan(event, NULL, 1);
    cr_assert_eq(made->plan->status, DJ_PLAN_INFEASIBLE);
    cr_assert_null(made->block);
    cr_assert_not_null(made->clash);
    cr_assert_eq(made->clash->needy->len, 2);
    cr_assert_eq(made->clash->required, 2);
    g_autofree char *problem = dj_event_problem_json(made);
    g_autofree char *text = dj_event_plan_json(made, problem, "organiser");
    g_autoptr(GError) error = NULL;
    DjEventCheck check;
    cr_assert(dj_event_plan_verify(problem, text, &check, &error), "%s", error ? error->message : "");
    cr_assert(check.by_timetable && !check.feasible);
    Walk walk = {.problem = problem, .root = json_loads(text, 0, NULL)};
    walk_value(&walk, walk.root, "");
    json_decref(walk.root);
    cr_assert_gt(walk.refused, 15);
}
