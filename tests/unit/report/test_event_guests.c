/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is proposed for a session: persons are told apart, the weaker are left out, nobody comes in vain. */
#include "engine/report/event_draft.h"
#include "engine/report/event_guests.h"

#include <criterion/criterion.h>
#include <string.h>

static void add_need(DjResultSet *set, const char *key, const char *enterprise)
{
    DjRecord *need = dj_record_new(DJ_TABLE_NEED);
    need->key = g_strdup(key);
    dj_record_set(need, DJ_NEED_TITLE, key);
    dj_record_set(need, DJ_NEED_ENTERPRISE, enterprise);
    g_hash_table_insert(set->needs, g_strdup(key), need);
}

static void add_patent(DjResultSet *set, const char *key, const char *owners, const char *inventors)
{
    DjRecord *patent = dj_record_new(DJ_TABLE_PATENT);
    patent->key = g_strdup(key);
    dj_record_set(patent, DJ_PATENT_NUMBER, key);
    dj_record_set(patent, DJ_PATENT_TITLE, key);
    dj_record_set(patent, DJ_PATENT_OWNERS, owners);
    if (inventors)
        dj_record_set(patent, DJ_PATENT_INVENTORS, inventors);
    g_hash_table_insert(set->patents, g_strdup(key), patent);
}

static void pair(DjResultSet *set, const char *need, const char *patent, gint64 points)
{
    DjPairing *pairing = dj_pairing_new();
    pairing->need = g_strdup(need);
    pairing->patent = g_strdup(patent);
    pairing->chain = g_strdup("");
    pairing->points = points;
    g_ptr_array_add(set->pairings, pairing);
}

static const DjGuest *guest(const DjGuestList *list, guint role, guint k)
{
    return g_ptr_array_index(list->guests[role], k);
}

Test(event_guests, an_inventor_is_one_person_whoever_is_named_first)
{
    g_autoptr(DjResultSet) set = dj_result_set_new();
    const guint most[2] = {10, 10};
    add_need(set, "n1", "甲公司");
    add_need(set, "n2", "甲公司");
    add_need(set, "n3", "乙公司");
    add_patent(set, "p1", "东大学", "张三\n李四");
    add_patent(set, "p2", "西研究院\n东大学", "张三");
    add_patent(set, "p3", "西研究院", "张三");
    add_patent(set, "p4", "南学院", "张三");
    add_patent(set, "p5", "东大学", "李四\n张三");
    pair(set, "n1", "p3", 10);
    pair(set, "n2", "p1", 30);
    pair(set, "n3", "p2", 20);
    pair(set, "n1", "p4", 5);
    pair(set, "n3", "p5", 7);
    pair(set, "n2", "p1", 30); /* listed in the other direction too */
    g_autoptr(DjGuestList) list = dj_guests_propose(set, most, 3);
    /* 甲 and 乙; 张三 of 东 and 西 by p2, 张三 of 南, 李四 */
    cr_assert_eq(list->guests[0]->len, 2);
    cr_assert_eq(list->guests[1]->len, 3);
    cr_assert_eq(list->pairs->len, 4);
    const DjCandidate *best = g_ptr_array_index(list->pairs, 0);
    cr_assert_str_eq(best->who[0]->name, "甲公司");
    cr_assert_str_eq(best->who[1]->name, "张三");
    cr_assert_eq(best->topics->len, 2, "one meeting of 甲 and 张三, over two patents");
    cr_assert_str_eq(dj_candidate_best(best)->patent, "p1");
    cr_assert_str_eq(((const DjPairing *)best->topics->pdata[1])->patent, "p3");
    cr_assert_str_eq(best->who[0]->need, "n2；n1");
}

/* x and y have one strong pair each with somebody nobody else wants; a to c could talk to p, q and r all evening. */
static DjResultSet *two_worlds(void)
{
    static const char *const asks[] = {"a", "b", "c"}, *const answers[] = {"p", "q", "r"};
    DjResultSet *set = dj_result_set_new();
    for (guint k = 0; k < 3; k++) {
        add_need(set, asks[k], asks[k]);
        add_patent(set, answers[k], "大学", answers[k]);
    }
    for (guint k = 0; k < 9; k++)
        pair(set, asks[k / 3], answers[k % 3], 40 + k);
    add_need(set, "x", "x");
    add_patent(set, "s", "大学", "s");
    add_patent(set, "t", "大学", "t");
    pair(set, "x", "s", 90);
    add_need(set, "y", "y");
    pair(set, "y", "t", 1);
    return set;
}

Test(event_guests, who_has_much_to_say_to_each_other_stays)
{
    g_autoptr(DjResultSet) set = two_worlds();
    const guint most[2] = {3, 4}, one[2] = {1, 10};
    g_autoptr(DjGuestList) deep = dj_guests_propose(set, most, 3);
    cr_assert_eq(deep->pairs->len, 9, "%u", deep->pairs->len);
    cr_assert_eq(deep->guests[1]->len, 3, "nobody is invited who would meet nobody");
    g_autoptr(DjGuestList) shallow = dj_guests_propose(set, one, 1);
    cr_assert_str_eq(guest(shallow, 0, 0)->name, "x");
    cr_assert_eq(shallow->pairs->len, 1);
}

static DjEventDraftOptions wanting(guint demand, guint supply, guint tables)
{
    return (DjEventDraftOptions){.id = "t",
                                 .name = "t",
                                 .date = "2026-05-15",
                                 .most = {10, 10},
                                 .min = {demand, supply},
                                 .slots = 4,
                                 .tables = tables,
                                 .min_score = 12};
}

Test(event_guests, a_minimum_that_cannot_be_kept_is_said_and_lowered)
{
    g_autoptr(DjResultSet) set = two_worlds();
    DjEventDraftOptions options = wanting(3, 1, 3);
    options.slots = 6;
    g_autoptr(DjEventDraft) draft = dj_event_draft(set, &options, NULL);
    /* x and y have one candidate each */
    cr_assert_eq(draft->n[0], 5);
    cr_assert_eq(dj_event_draft_short(draft, 0, 3), 2);
    cr_assert_eq(dj_event_draft_short(draft, 0, 1), 0);
    cr_assert_eq(dj_event_draft_short(draft, 1, 1), 0);
    cr_assert_not_null(strstr(draft->yaml, "# 有 2 家企业按现有候选凑不满"), "%s", draft->yaml);
    cr_assert_not_null(
        strstr(draft->yaml, "name: \"x\", organisation: \"x\", chain: \"未归链\", need: \"x\", min: 1} # 候选 1"), "%s",
        draft->yaml);
    cr_assert_not_null(strstr(draft->yaml, "demand: {min: 3, max:"));
}

Test(event_guests, tables_for_one_side_only_promise_the_enterprises)
{
    g_autoptr(DjResultSet) set = dj_result_set_new();
    add_need(set, "a", "a");
    for (guint k = 0; k < 3; k++) {
        g_autofree char *name = g_strdup_printf("p%u", k);
        add_patent(set, name, "大学", name);
        pair(set, "a", name, 10 + k);
    }
    DjEventDraftOptions options = wanting(1, 1, 1);
    options.slots = 2;
    g_autoptr(DjEventDraft) draft = dj_event_draft(set, &options, NULL);
    /* three inventors, two places: two of them could be promised a meeting */
    cr_assert_eq(dj_event_draft_short(draft, 0, 1), 0);
    cr_assert_eq(dj_event_draft_short(draft, 1, 1), 1);
}

Test(event_guests, needs_of_the_proposed_alone_are_paired_in_depth)
{
    g_autoptr(DjResultSet) set = two_worlds();
    DjEventDraftOptions options = wanting(3, 1, 3);
    options.most[0] = 3;
    g_autoptr(GHashTable) needs = dj_event_draft_needs(set, &options);
    cr_assert_eq(g_hash_table_size(needs), 3);
    cr_assert(g_hash_table_contains(needs, "a") && g_hash_table_contains(needs, "b") &&
              g_hash_table_contains(needs, "c"));
}

Test(event_guests, who_must_not_meet_is_banned_by_name_alone)
{
    g_autoptr(DjResultSet) set = dj_result_set_new();
    g_autoptr(DjParties) parties = dj_parties_new(NULL, NULL);
    static const char *const names[] = {"甲公司", "乙公司"}, *const rivals[] = {"丙公司", NULL};
    for (guint k = 0; k < 2; k++) {
        g_autoptr(DjRecord) enterprise = dj_record_new(DJ_TABLE_ENTERPRISE);
        dj_record_set(enterprise, DJ_ENTERPRISE_NAME, names[k]);
        dj_record_set(enterprise, DJ_ENTERPRISE_COMPETITORS, rivals[k]);
        cr_assert(dj_record_make_key(enterprise));
        dj_parties_add(parties, enterprise);
        add_need(set, names[k], names[k]);
        g_hash_table_insert(set->enterprise_of, g_strdup(names[k]), g_strdup(enterprise->key));
    }
    add_patent(set, "p", "丙公司", "张三");
    add_patent(set, "q", "大学", "李四");
    pair(set, "乙公司", "p", 50);
    pair(set, "乙公司", "q", 40);
    pair(set, "甲公司", "q", 30);
    DjEventDraftOptions options = wanting(1, 1, 3);
    options.parties = parties;
    g_autoptr(DjEventDraft) draft = dj_event_draft(set, &options, NULL);
    cr_assert_not_null(strstr(draft->yaml, "ban:\n  - {demand: E002, supply: T001, reason: \"利益冲突\"}\ndropouts"),
                       "%s", draft->yaml);
}
