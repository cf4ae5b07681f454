/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event file: what it means, and what its errors say. */
#include "config/event.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEAD                                                                                                           \
    "id: e\nname: 示例会\ndate: 2026-05-15\n"                                                                       \
    "slots: {first: \"18:30\", minutes: 15, count: 4, breaks: [{after: 2, minutes: 30}]}\n"                            \
    "tables: 3\nlimits: {demand: {min: 2, max: 3}, supply: {max: 4}}\n"

static DjYaml *yaml;

static DjEventLoader *load(const char *text, GError **error)
{
    dj_yaml_free(yaml);
    yaml = dj_yaml_parse("E.yaml", text, strlen(text), NULL, error);
    return yaml ? dj_event_load(yaml, error) : NULL;
}

static void expect_error(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEventLoader) loader = load(text, &error);
    g_autoptr(DjEvent) event = loader ? dj_event_finish(loader, NULL, &error) : NULL;
    cr_assert_null(event, "accepted: %s", text);
    cr_assert_str_eq(error->message, message);
}

static const char whole[] = HEAD "participants:\n"
                                 "  - {id: E1, side: demand, organisation: 甲公司, city: 云汀市}\n"
                                 "  - {id: E2, side: demand, min: 0, arrives: \"18:45\", leaves: \"19:45\"}\n"
                                 "  - {id: T1, side: supply, organisation: ' 甲公司', team: 组, absent: [\"18:30\"]}\n"
                                 "  - {id: T2, side: supply, team: 组}\n"
                                 "teams: [{name: 组, max: 3}]\n"
                                 "floors: [{side: demand, by: city, value: 云汀市, min: 2}]\n"
                                 "must: [{demand: E2, supply: T1, reason: 指定}]\n"
                                 "ban: [{demand: E2, supply: T2}]\n";

Test(event_file, becomes_a_problem)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEventLoader) loader = load(whole, &error);
    cr_assert_not_null(loader, "%s", error ? error->message : "");
    static const char *const columns[] = {"demand", "发明人编号", "points", "title"};
    cr_assert(dj_event_begin_table(loader, FALSE, "pairs.csv", columns, 4, &error));
    static const char *const rows[][4] = {{"E1", "T1", "90", "a"}, {"E1", "T2", "50", "b"}, {"E1", "T2", "70", "c"},
                                          {"E2", "T2", "5", ""},   {"E1", "T2", "30", "c"}, {"E1", "T2", "20", "d"},
                                          {"E1", "T2", "10", "d"}};
    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++)
        cr_assert(dj_event_add_row(loader, (gint64)r + 2, rows[r], 4, &error));
    guint conflicts = 0;
    g_autoptr(DjEvent) event = dj_event_finish(loader, &conflicts, &error);
    cr_assert_not_null(event, "%s", error ? error->message : "");

    cr_assert_eq(event->start[1], 18 * 60 + 45);
    cr_assert_eq(event->start[2], 19 * 60 + 30, "the break lies between");
    cr_assert_eq(event->pairs->len, 4, "two patents of one inventor are one meeting");
    cr_assert_eq(dj_event_pair(event, 1)->points, 70);
    const GPtrArray *topics = dj_event_pair(event, 1)->topics;
    static const char *const expected[] = {"c", "b", "d"};
    cr_assert_eq(topics->len, G_N_ELEMENTS(expected), "best first, of one patent the better row");
    for (guint k = 0; k < topics->len; k++)
        cr_expect_str_eq(((const DjEventTopic *)g_ptr_array_index(topics, k))->title, expected[k]);
    cr_assert_eq(conflicts, 1);
    cr_assert_eq(dj_event_pair(event, 0)->rule, DJ_PLAN_BAN);
    cr_assert_str_eq(dj_event_pair(event, 0)->rule_reason, "同一单位");
    cr_assert_eq(dj_event_pair(event, 2)->rule, DJ_PLAN_BAN);
    cr_assert_eq(dj_event_pair(event, 3)->rule, DJ_PLAN_MUST);

    g_autoptr(DjEventProblem) problem = dj_event_problem(event, &error);
    cr_assert_not_null(problem, "%s", error ? error->message : "");
    cr_assert_eq(problem->persons[0].min, 2);
    cr_assert_eq(problem->persons[1].min, 0);
    cr_assert_eq(problem->persons[1].open, 6);
    cr_assert_eq(problem->persons[2].open, 14);
    cr_assert_eq(problem->problem.n_groups, 2);
    cr_assert_eq(problem->persons[0].group[0], 0);
    cr_assert_eq(problem->persons[3].group[1], 1);
}

Test(event_file, errors_name_file_line_and_field)
{
    expect_error(HEAD "participants: []\ntabels: 3\n",
                 "E.yaml: line 8, column 9: tabels: unknown key; did you mean \"tables\"?");
    expect_error(HEAD "participants: [{id: E1, side: guest}]\n",
                 "E.yaml: line 7, column 31: participants[0].side: must be demand, supply, agency, finance or both: "
                 "\"guest\"");
    expect_error(HEAD "participants: [{id: E1, side: demand}, {id: E1, side: supply}]\n",
                 "E.yaml: line 7, column 45: participants[1].id: participant \"E1\" occurs twice");
    expect_error(HEAD "participants: [{id: E1, side: demand, min: 4, max: 1}]\n",
                 "E.yaml: line 7, column 16: participants[0]: minimum 4 is above maximum 1");
    expect_error(HEAD "participants: [{id: E1, side: demand, absent: [\"18:31\"]}]\n",
                 "E.yaml: line 7, column 48: participants[0].absent[0]: no slot begins at 18:31");
    expect_error(HEAD "participants: [{id: E1, side: demand}]\nmust: [{demand: E1, supply: T9}]\n",
                 "E.yaml: line 8, column 29: must[0].supply: no participant \"T9\"");
    expect_error(
        HEAD "participants: [{id: E1, side: demand}, {id: E2, side: demand}]\n"
             "must: [{demand: E1, supply: E2}]\n",
        "E.yaml: line 8, column 8: must[0]: the participant under \"supply\" does not answer (side is demand)");
    expect_error(HEAD "participants: [{id: E1, side: demand, city: a}]\n"
                      "floors: [{side: demand, by: city, value: b, min: 1}]\n",
                 "E.yaml: line 8, column 10: floors[0]: no participant of this side has city \"b\"");
    expect_error(HEAD "participants: [{id: T1, side: supply, team: a}]\nteams: [{name: b, max: 1}]\n",
                 "E.yaml: line 8, column 9: teams[0]: no participant belongs to team \"b\"");
    expect_error("id: e\nname: n\ndate: May\n", "E.yaml: line 3, column 7: date: must be a date such as 2026-05-15");
}

Test(event_file, rows_name_row_and_column)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEventLoader) loader = load(whole, &error);
    static const char *const bad[] = {"demand", "supply", "score"};
    static const char *const few[] = {"demand", "supply"};
    static const char *const good[] = {"demand", "supply", "points"};
    cr_assert_not(dj_event_begin_table(loader, FALSE, "p.csv", bad, 3, &error));
    cr_assert(
        g_str_has_prefix(error->message, "p.csv: row 1, column score: unknown column; known are 企业编号 (demand), "),
        "%s", error->message);
    g_clear_error(&error);
    cr_assert_not(dj_event_begin_table(loader, FALSE, "p.csv", few, 2, &error));
    cr_assert_str_eq(error->message, "p.csv: row 1, column points: the column is missing");
    g_clear_error(&error);
    cr_assert(dj_event_begin_table(loader, FALSE, "p.csv", good, 3, &error));
    const struct {
        const char *cells[3], *message;
    } rows[] = {
        {{"E1", "T9", "1"},
         "p.csv: row 7, column supply: no participant \"T9\"; who dropped out stays in the list "
         "and is named under dropouts"},
        {{"E1", "T2", "1.5"}, "p.csv: row 7, column points: must be a whole number from 0 to 1000000000: \"1.5\""},
        {{"E1", "T2", ""}, "p.csv: row 7, column points: is empty"},
        {{"T1", "T2", "3"},
         "p.csv: row 7: the participant under \"demand\" does not ask (side is neither demand nor both)"},
    };
    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
        cr_assert_not(dj_event_add_row(loader, 7, rows[r].cells, 3, &error));
        cr_assert_str_eq(error->message, rows[r].message);
        g_clear_error(&error);
    }
}

Test(event_file, participants_from_a_table)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEventLoader) loader = load(HEAD "participants: 名单.csv\n", &error);
    cr_assert_str_eq(dj_event_participants_file(loader), "名单.csv");
    static const char *const columns[] = {"编号", " 参会方", "名称", "最多场次", "到场时间", "缺席时段"};
    static const char *const row[] = {"E1", "企业", "甲", "1", "19:30:00", ""};
    static const char *const away[] = {"E2", "企业", "乙", "", "", "18:30、19:45"};
    static const char *const never[] = {"E3", "企业", "丙", "", "", "18:31"};
    cr_assert(dj_event_begin_table(loader, TRUE, "名单.csv", columns, 6, &error), "%s", error ? error->message : "");
    cr_assert(dj_event_add_row(loader, 2, row, 6, &error), "%s", error ? error->message : "");
    cr_assert(dj_event_add_row(loader, 3, away, 6, &error), "%s", error ? error->message : "");
    cr_assert_not(dj_event_add_row(loader, 4, never, 6, &error));
    cr_assert_str_eq(error->message, "名单.csv: row 4, column 缺席时段: no slot begins at 18:31");
    g_clear_error(&error);
    g_autoptr(DjEvent) event = dj_event_finish(loader, NULL, &error);
    const DjEventPerson *person = dj_event_person(event, 0);
    cr_assert_str_eq(person->name, "甲");
    cr_assert_eq(person->max, 1);
    cr_assert_eq(person->min, 1, "the minimum of the side yields to the person's maximum");
    cr_assert_eq(person->open, 12);
    cr_assert_eq(dj_event_person(event, 1)->open, 6);
}

Test(event_file, limits_that_cross_are_refused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEventLoader) loader =
        load(HEAD "participants: [{id: T1, side: supply, city: a, team: x}, {id: T2, side: supply, city: b, team: x}]\n"
                  "teams: [{name: x, max: 3}]\nfloors: [{side: supply, by: city, value: a, min: 1}]\n",
             &error);
    g_autoptr(DjEvent) event = dj_event_finish(loader, NULL, &error);
    cr_assert_null(event);
    cr_assert_str_eq(error->message,
                     "E.yaml: line 8, column 9: teams[0]: T1 (city a) and T2 (no floor) of team \"x\" fall "
                     "under different floors, so the limits cross; drop the cap or the floor");
    expect_error(HEAD "participants:\n  - {id: E1, side: demand, city: a, chain: b}\n"
                      "floors:\n  - {side: demand, by: city, value: a, min: 1}\n"
                      "  - {side: demand, by: chain, value: b, min: 1}\n",
                 "E.yaml: line 11, column 5: floors[1]: is by chain, but floors[0] of the same side is by city, and a "
                 "participant can fall under both, so the limits cross; keep floors by one property per side");
    expect_error(HEAD "participants:\n  - {id: E1, side: demand, city: a}\n"
                      "floors:\n  - {side: demand, by: city, value: a, min: 1}\n"
                      "  - {side: demand, by: city, value: a, min: 2}\n",
                 "E.yaml: line 11, column 5: floors[1]: value \"a\" has a floor already: floors[0]");
    expect_error(HEAD "participants:\n  - {id: E1, side: demand, team: x}\nteams:\n  - {name: x, max: 1}\n",
                 "E.yaml: line 10, column 5: teams[0]: E1 of team \"x\" does not answer, so no cap applies");
}

Test(event_file, who_is_the_concern_of_the_other_is_in_conflict)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEventLoader) loader = load(HEAD "participants:\n"
                                                "  - {id: E1, side: demand, organisation: 甲公司, concern: 天河集团}\n"
                                                "  - {id: T1, side: supply, organisation: 天河集团}\n"
                                                "  - {id: T2, side: supply, organisation: 乙所, concern: 天河 集团}\n"
                                                "  - {id: T3, side: supply, organisation: 丙所, concern: 甲公司}\n"
                                                "  - {id: T4, side: supply, organisation: 丁所, concern: 地河集团}\n",
                                           &error);
    cr_assert_not_null(loader, "%s", error ? error->message : "");
    static const char *const columns[] = {"demand", "supply", "points"};
    static const char *const answers[] = {"T1", "T2", "T3", "T4"};
    cr_assert(dj_event_begin_table(loader, FALSE, "pairs.csv", columns, 3, &error));
    for (guint k = 0; k < 4; k++) {
        const char *const row[] = {"E1", answers[k], "5"};
        cr_assert(dj_event_add_row(loader, k + 2, row, 3, &error));
    }
    guint conflicts = 0;
    g_autoptr(DjEvent) event = dj_event_finish(loader, &conflicts, &error);
    cr_assert_not_null(event, "%s", error ? error->message : "");
    cr_assert_eq(conflicts, 3);
    cr_assert_eq(dj_event_pair(event, 3)->rule, DJ_PLAN_FREE);
}

Test(event_file, who_drops_out_keeps_its_pairs_and_has_no_limits)
{
    g_autoptr(GError) error = NULL;
    static const char guests[] =
        HEAD "participants:\n  - {id: E1, side: demand, min: 2}\n  - {id: T1, side: supply, min: 1}\ndropouts: [T1]\n";
    g_autoptr(DjEventLoader) loader = load(guests, &error);
    cr_assert_not_null(loader, "%s", error ? error->message : "");
    static const char *const columns[] = {"demand", "supply", "points"};
    static const char *const row[] = {"E1", "T1", "9"}, *const wrong[] = {"E1", "T9", "9"};
    cr_assert(dj_event_begin_table(loader, FALSE, "pairs.csv", columns, 3, &error));
    cr_assert(dj_event_add_row(loader, 2, row, 3, &error));
    cr_assert_not(dj_event_add_row(loader, 3, wrong, 3, &error));
    cr_assert_str_eq(error->message,
                     "pairs.csv: row 3, column supply: no participant \"T9\"; who dropped out stays in the "
                     "list and is named under dropouts");
    g_autoptr(DjEvent) event = dj_event_finish(loader, NULL, NULL);
    cr_assert_not_null(event);
    const DjEventPerson *person = dj_event_person(event, 1);
    cr_assert(person->gone);
    cr_assert_eq(person->min, 0);
    cr_assert_eq(person->open, 0);
    cr_assert_not(dj_event_person(event, 0)->gone);
    expect_error(HEAD "participants:\n  - {id: E1, side: demand}\n  - {id: T1, side: supply}\ndropouts: [T2]\n",
                 "E.yaml: line 10, column 12: dropouts[0]: no participant \"T2\"");
    expect_error(HEAD "participants:\n  - {id: E1, side: demand}\n  - {id: T1, side: supply}\ndropouts: [T1]\n"
                      "must: [{demand: E1, supply: T1}]\n",
                 "E.yaml: line 11, column 8: must[0]: T1 is among the dropouts");
}
