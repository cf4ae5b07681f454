/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes to an event file: they mean what was asked for, however the file is written, and nothing else changes. */
#include "config/event.h"
#include "config/event_edit.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEAD                                                                                                           \
    "id: e # 编号不要改\nname: 示例会\ndate: 2026-05-15\n"                                                     \
    "slots: {first: \"18:30\", minutes: 15, count: 4}\ntables: 3 # 大厅\nlimits: {demand: {min: 1}}\n"

/* The same event in the ways that people write. */
static const char *const ways[] = {
    /* as drafts have it */
    HEAD "dropouts: []\nparticipants:\n  - {id: E1, side: demand, name: \"甲公司\"} # 候选 3\n"
         "  - {id: E2, side: demand, min: 2, arrives: \"18:45\"} # 候选 2\n"
         "  - {id: T1, side: supply, leaves: '19:15', min: 0} # 候选 3\n  - {id: T2, side: supply} # 候选 2\n",
    /* on lines of their own, comments between, no line break at the end */
    HEAD "participants:\n# 问方\n- id: E1\n  side: demand\n  name: 甲公司 # 候选 3\n- id: E2\n  side: demand\n"
         "  min: 2 # 说好的\n  arrives: \"18:45\" # 候选 2\n# 答方\n- id: T1\n  side: supply\n  leaves: \"19:15\"\n"
         "  min: 0 # 候选 3\n- id: T2\n  side: supply # 候选 2\ndropouts:\n  - T2 # 生病",
    /* in one line, and what is JSON in truth */
    HEAD "dropouts: [\"T2\"]\nparticipants: [{id: E1, side: demand, name: 甲公司}, {id: E2, side: demand, min: 2, "
         "arrives: \"18:45\"}, {id: T1, side: supply, leaves: \"19:15\", min: 0}, {id: T2, side: supply}]\n",
    "{\"id\": \"e\", \"name\": \"示例会\", \"date\": \"2026-05-15\", \"slots\": {\"first\": \"18:30\", \"minutes\": "
    "15,\n"
    " \"count\": 4}, \"tables\": 3, \"limits\": {\"demand\": {\"min\": 1}}, \"participants\": [\n"
    "  {\"id\": \"E1\", \"side\": \"demand\", \"name\": \"甲公司\"},\n"
    "  {\"id\": \"E2\", \"side\": \"demand\", \"min\": 2, \"arrives\": \"18:45\"},\n"
    "  {\"id\": \"T1\", \"side\": \"supply\", \"leaves\": \"19:15\", \"min\": 0},\n  {\"id\": \"T2\", \"side\": "
    "\"supply\"}]}\n"};

enum { N = 4 };
static const char *const ids[N + 1] = {"E1", "E2", "T1", "T2", NULL};

static DjEvent *load(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjYaml) yaml = dj_yaml_parse("E.yaml", text, strlen(text), NULL, &error);
    g_autoptr(DjEventLoader) loader = yaml ? dj_event_load(yaml, &error) : NULL;
    DjEvent *event = loader ? dj_event_finish(loader, NULL, &error) : NULL;
    cr_assert_not_null(event, "%s\n%s", error ? error->message : "", text);
    return event;
}

static char *edited(const char *text, const DjEventEdit *edit)
{
    g_autoptr(GError) error = NULL;
    char *out = dj_event_edit(text, edit, &error);
    cr_assert_not_null(out, "%s\n%s", error ? error->message : "", text);
    return out;
}

Test(event_edit, leaves_every_other_character_alone)
{
    const DjEventGuestEdit guests[] = {
        {.id = "E1", .values = {[DJ_EVENT_EDIT_MIN] = "2"}},
        {.id = "E2", .values = {[DJ_EVENT_EDIT_MIN] = "", [DJ_EVENT_EDIT_LEAVES] = "19:00"}},
        {.id = "T1", .values = {[DJ_EVENT_EDIT_LEAVES] = "19:30"}},
        {.id = "T2", .remove = TRUE}};
    const char *const gone[] = {"E1", NULL}, *const meets[] = {"E2", NULL};
    const DjEventNewGuest added = {
        .side = DJ_EVENT_SUPPLY, .name = "王\"五\"", .organisation = "", .need = "", .min = "1", .meets = meets};
    const DjEventEdit edit = {
        .tables = "12", .guests = guests, .n_guests = G_N_ELEMENTS(guests), .dropouts = gone, .added = &added};
    static const char *const expected[] = {
        "id: e # 编号不要改\nname: 示例会\ndate: 2026-05-15\n"
        "slots: {first: \"18:30\", minutes: 15, count: 4}\ntables: 12 # 大厅\nlimits: {demand: {min: 1}}\n"
        "dropouts: [E1]\nparticipants:\n  - {id: E1, side: demand, name: \"甲公司\", min: 2} # 候选 3\n"
        "  - {id: E2, side: demand, arrives: \"18:45\", leaves: \"19:00\"} # 候选 2\n"
        "  - {id: T1, side: supply, leaves: \"19:30\", min: 0} # 候选 3\n"
        "  - {id: T003, side: supply, name: \"王\\\"五\\\"\", min: 1}\n"
        "must: [{demand: E2, supply: T003, reason: \"现场加的\"}]\n",
        "id: e # 编号不要改\nname: 示例会\ndate: 2026-05-15\n"
        "slots: {first: \"18:30\", minutes: 15, count: 4}\ntables: 12 # 大厅\nlimits: {demand: {min: 1}}\n"
        "participants:\n# 问方\n- id: E1\n  side: demand\n  name: 甲公司 # 候选 3\n  min: 2\n- id: E2\n  side: demand\n"
        "  arrives: \"18:45\" # 候选 2\n  leaves: \"19:00\"\n# 答方\n- id: T1\n  side: supply\n  leaves: \"19:30\"\n"
        "  min: 0 # 候选 3\n- {id: T003, side: supply, name: \"王\\\"五\\\"\", min: 1}\ndropouts:\n  - E1\n"
        "must: [{demand: E2, supply: T003, reason: \"现场加的\"}]"};
    for (gsize w = 0; w < G_N_ELEMENTS(expected); w++) {
        g_autofree char *out = edited(ways[w], &edit);
        cr_expect_str_eq(out, expected[w]);
        g_autoptr(DjEvent) event = load(out);
        cr_expect_eq(event->persons->len, 4);
    }
}

/* A random change and what it should make of the event. */
static void check_random(const char *way, guint32 seed)
{
    static const char *const values[DJ_EVENT_N_EDITS][3] = {
        {"0", "1", ""}, {"3", "4", ""}, {"18:30", "18:45", ""}, {"19:30", "19:15", ""}};
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    DjEventGuestEdit guests[N];
    const char *gone[N + 1] = {NULL};
    guint n_gone = 0, n_removed = 0;
    for (guint i = 0; i < N; i++) {
        guests[i] = (DjEventGuestEdit){.id = ids[i], .remove = g_rand_int_range(rand, 0, 5) == 0};
        for (int f = 0; f < DJ_EVENT_N_EDITS; f++)
            if (g_rand_boolean(rand))
                guests[i].values[f] = values[f][g_rand_int_range(rand, 0, 3)];
        n_removed += guests[i].remove;
        if (!guests[i].remove && g_rand_int_range(rand, 0, 3) == 0)
            gone[n_gone++] = ids[i];
    }
    const DjEventNewGuest added = {.side = DJ_EVENT_DEMAND, .name = "新来的", .min = "0"};
    const DjEventEdit edit = {.spare_tables = g_rand_boolean(rand) ? "5" : NULL,
                              .guests = guests,
                              .n_guests = N,
                              .dropouts = gone,
                              .added = g_rand_boolean(rand) || n_removed == N ? &added : NULL};
    g_autoptr(DjEvent) before = load(way);
    g_autofree char *out = edited(way, &edit);
    g_autoptr(DjEvent) after = load(out);
    cr_assert_eq(after->persons->len, N - n_removed + (edit.added != NULL), "seed %u\n%s", seed, out);
    cr_assert_eq(after->spare_tables, edit.spare_tables ? 5 : 0, "%s", out);
    cr_assert_eq(after->tables, 3);
    for (guint i = 0, at = 0; i < N; i++) {
        if (guests[i].remove)
            continue;
        const DjEventPerson *person = dj_event_person(after, at++);
        cr_assert_str_eq(person->id, ids[i], "seed %u\n%s", seed, out);
        cr_assert_eq(person->gone, g_strv_contains((const char *const *)gone, ids[i]), "seed %u\n%s", seed, out);
        cr_assert_eq(g_strcmp0(person->name, dj_event_person(before, i)->name), 0);
        if (person->gone)
            continue;
        /* limits and times of the file, changed as asked */
        static const guint min[N] = {1, 2, 0, 0};
        const char *asked = guests[i].values[DJ_EVENT_EDIT_MIN], *most = guests[i].values[DJ_EVENT_EDIT_MAX];
        const char *from = guests[i].values[DJ_EVENT_EDIT_ARRIVES], *until = guests[i].values[DJ_EVENT_EDIT_LEAVES];
        guint low = !asked ? min[i] : *asked ? (guint)g_ascii_strtoull(asked, NULL, 10) : i < 2 ? 1 : 0;
        guint high = most && *most ? (guint)g_ascii_strtoull(most, NULL, 10) : 4;
        cr_assert_eq(person->min, low, "seed %u, %s\n%s", seed, ids[i], out);
        cr_assert_eq(person->max, high, "seed %u, %s\n%s", seed, ids[i], out);
        gboolean late = from ? strcmp(from, "18:45") == 0 : i == 1;
        gboolean early = until ? strcmp(until, "19:15") == 0 : i == 2;
        cr_assert_eq(person->open, 15u & ~(late ? 1u : 0u) & ~(early ? 8u : 0u), "seed %u, %s\n%s", seed, ids[i], out);
    }
}

Test(event_edit, means_what_was_asked_for_however_the_file_is_written)
{
    for (gsize w = 0; w < G_N_ELEMENTS(ways); w++) {
        g_auto(GStrv) lines = g_strsplit(ways[w], "\n", -1);
        g_autofree char *windows = g_strjoinv("\r\n", lines);
        for (guint32 seed = 0; seed < 200; seed++) {
            check_random(ways[w], seed);
            check_random(windows, seed);
        }
    }
}

static void expect_refused(const char *text, const DjEventEdit *edit, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *out = dj_event_edit(text, edit, &error);
    cr_assert_null(out, "%s", out);
    cr_expect_str_eq(error->message, message);
}

Test(event_edit, refuses_what_can_only_be_changed_by_hand)
{
    const DjEventGuestEdit none = {.id = "E1", .values = {[DJ_EVENT_EDIT_MIN] = ""}};
    const DjEventGuestEdit more = {.id = "E1", .values = {[DJ_EVENT_EDIT_MIN] = "2"}};
    const DjEventNewGuest added = {.side = DJ_EVENT_DEMAND, .name = "新来的"};
    expect_refused(HEAD "participants:\n  - min: 2\n    id: E1\n    side: demand\n",
                   &(DjEventEdit){.guests = &none, .n_guests = 1},
                   "EVENT.yaml: line 8, column 10: participants[0].min: written in a way that can only be changed by "
                   "hand");
    expect_refused(HEAD "participants:\n  - id: E1\n    side: demand\n    need: |\n      一行\n      又一行\n",
                   &(DjEventEdit){.guests = &more, .n_guests = 1},
                   "EVENT.yaml: line 10, column 11: participants[0].need: written in a way that can only be changed by "
                   "hand");
    expect_refused(HEAD "participants: guests.csv\n", &(DjEventEdit){.added = &added},
                   "EVENT.yaml: line 7, column 15: participants: must be a list, not a single value");
}
