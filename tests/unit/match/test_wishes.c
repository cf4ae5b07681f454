/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people decided holds in every list: bans leave the next candidate the place, pins stand whatever their score,
 * those who opted out take no part. */
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>
#include <string.h>

static GHashTable *pairs_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

static void pairs_add(GHashTable *table, const char *need, const char *patent)
{
    GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(set, g_strdup(patent));
    g_hash_table_insert(table, g_strdup(need), set);
}

static DjResultSet *run(Ground *ground)
{
    g_autoptr(GError) error = NULL;
    DjResultSet *set = dj_match(ground->corpus, &ground->records, &ground->options, &error);
    cr_assert(set != NULL, "%s", error ? error->message : "");
    return set;
}

static GPtrArray *list_of(const DjResultSet *set, const char *need)
{
    GPtrArray *list = g_ptr_array_new();
    g_ptr_array_set_size(list, 64);
    guint n = 0;
    for (guint i = 0; i < set->pairings->len; i++) {
        DjPairing *pairing = set->pairings->pdata[i];
        if (strcmp(pairing->need, need) == 0) {
            list->pdata[pairing->rank - 1] = pairing;
            n++;
        }
    }
    g_ptr_array_set_size(list, (gint)n);
    return list;
}

Test(wishes, a_ban_gives_the_place_to_the_next_and_a_pin_stands_last)
{
    Ground ground;
    ground_make(&ground, 120, 12, 0, 40, 3);
    ground.options.top = 60;
    g_autoptr(DjResultSet) plain = run(&ground);
    g_autoptr(GPtrArray) before = list_of(plain, "N00003");
    cr_assert_geq(before->len, 12);

    DjWishes wishes = {pairs_new(), pairs_new(), g_hash_table_new(g_str_hash, g_str_equal)};
    const DjPairing *first = before->pdata[0], *low = before->pdata[11];
    pairs_add(wishes.banned, "N00003", first->patent);
    pairs_add(wishes.pinned, "N00003", low->patent);
    ground.options.top = 5;
    ground.options.wishes = &wishes;
    g_autoptr(DjResultSet) set = run(&ground);
    g_autoptr(GPtrArray) after = list_of(set, "N00003");
    cr_assert_eq(after->len, 6);
    for (guint i = 0; i < 5; i++)
        cr_expect_str_eq(((DjPairing *)after->pdata[i])->patent, ((DjPairing *)before->pdata[i + 1])->patent);
    const DjPairing *pinned = after->pdata[5];
    cr_expect_str_eq(pinned->patent, low->patent);
    cr_expect_eq(pinned->total, low->total);
    cr_expect_eq(dj_pairing_parts_sum(pinned), pinned->points);
    g_hash_table_unref(wishes.banned);
    g_hash_table_unref(wishes.pinned);
    g_hash_table_unref(wishes.silent);
    ground_free(&ground);
}

Test(wishes, a_pin_does_not_bring_together_what_must_stay_apart)
{
    Ground ground;
    ground_make(&ground, 40, 2, 0, 40, 4);
    DjWishes wishes = {pairs_new(), pairs_new(), g_hash_table_new(g_str_hash, g_str_equal)};
    pairs_add(wishes.pinned, "N00000", "S00000"); /* both belong to 大学0 */
    ground.options.wishes = &wishes;
    g_autoptr(DjResultSet) set = run(&ground);
    g_autoptr(GPtrArray) list = list_of(set, "N00000");
    cr_assert_gt(list->len, 0);
    for (guint i = 0; i < list->len; i++)
        cr_expect_str_neq(((DjPairing *)list->pdata[i])->patent, "S00000");
    g_hash_table_unref(wishes.banned);
    g_hash_table_unref(wishes.pinned);
    g_hash_table_unref(wishes.silent);
    ground_free(&ground);
}

Test(wishes, who_opted_out_takes_no_part)
{
    Ground ground;
    ground_make(&ground, 40, 8, 0, 40, 5);
    g_autoptr(DjRecord) enterprise = dj_record_new(DJ_TABLE_ENTERPRISE);
    dj_record_set(enterprise, DJ_ENTERPRISE_NAME, "企业1");
    dj_record_set(enterprise, DJ_ENTERPRISE_OPT_OUT, "yes");
    ground_put(&ground, enterprise);
    DjWishes wishes = {pairs_new(), pairs_new(), g_hash_table_new(g_str_hash, g_str_equal)};
    g_hash_table_add(wishes.silent, (gpointer) "N00002");
    g_autoptr(DjResultSet) plain = run(&ground);
    cr_expect(g_hash_table_contains(plain->needs, "N00001"), "without wishes the record's word is not asked for");
    ground.options.wishes = &wishes;
    g_autoptr(DjResultSet) set = run(&ground);
    cr_expect_not(g_hash_table_contains(set->needs, "N00001"));
    cr_expect_not(g_hash_table_contains(set->needs, "N00002"));
    cr_expect(g_hash_table_contains(set->needs, "N00003"));
    g_hash_table_unref(wishes.banned);
    g_hash_table_unref(wishes.pinned);
    g_hash_table_unref(wishes.silent);
    ground_free(&ground);
}
