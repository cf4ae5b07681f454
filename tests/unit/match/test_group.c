/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups by their definition, and lists that show one of each: the long list without groups, thinned out by hand, is
 * what the short list with groups must be. */
#include "engine/match/group.h"
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>
#include <string.h>

static DjRecord *patent(const char *id, const char *title, const char *owners, const char *family, const char *abstract)
{
    DjRecord *record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, DJ_PATENT_SOURCE_ID, id);
    dj_record_set(record, DJ_PATENT_TITLE, title);
    dj_record_set(record, DJ_PATENT_OWNERS, owners);
    dj_record_set(record, DJ_PATENT_FAMILY, family);
    dj_record_set(record, DJ_PATENT_ABSTRACT, abstract);
    return record;
}

#define LONG_TEXT                                                                                                                                                              \
    "本发明公开了一种高导热氮化铝陶瓷基板的流延成型方法，将氮化铝粉体与烧结助剂混合后球磨，加入粘结剂制浆，脱泡后流延" \
    "，"                                                                                                                                                                      \
    "再经排胶和气压烧结得到基板，热导率高，翘曲小"

Test(group, family_title_with_owner_and_near_copies_belong_together)
{
    static const struct {
        const char *id, *title, *owners, *family, *abstract;
        guint first;
    } cases[] = {
        {"A", "氮化铝基板", "甲大学", NULL, LONG_TEXT, 0},
        {"B", "另一个题目", "乙大学", NULL, LONG_TEXT "。", 0}, /* near copy */
        {"C", "一种夹具", "甲大学", "F-1", "第一种", 2},
        {"D", "一种夹具", "乙大学", NULL, "第二种", 3},                          /* same title, other owner */
        {"E", "一种 夹具", "丙大学\n乙大学（武汉）\n乙大学", NULL, "第三种", 3}, /* title and one owner */
        {"F", "量子点", "丁所", "ｆ-1", "第四种", 2},                            /* family, width and case aside */
        {"G", "短", "戊所", NULL, "同样短的文字", 6},
        {"H", "长", "己所", NULL, "同样短的文字", 7}, /* too short to tell */
        {"I", "石墨烯", "丙大学", "F-1", "第五种", 2},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(DjGrouper) grouper = dj_grouper_new(&error);
    cr_assert_not_null(grouper);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(DjRecord) record =
            patent(cases[i].id, cases[i].title, cases[i].owners, cases[i].family, cases[i].abstract);
        dj_grouper_add(grouper, record);
    }
    g_autofree guint32 *first = dj_grouper_finish(grouper);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_expect_eq(first[i], cases[i].first, "%s is under %u", cases[i].id, first[i]);

    g_autofree guint32 *circle = dj_groups_circle(first, G_N_ELEMENTS(cases));
    cr_expect(circle[2] == 5 && circle[5] == 8 && circle[8] == 2 && circle[6] == 6);
    dj_groups_part(first, 0, 1);
    cr_expect(first[0] == 0 && first[1] == 1);
    dj_groups_join(first, G_N_ELEMENTS(cases), 8, 4);
    cr_expect(first[3] == 2 && first[4] == 2 && first[8] == 2 && first[2] == 2);
    dj_groups_part(first, 2, 8);
    cr_expect(first[8] == 8 && first[2] == 2);
}

/* Likeness is not handed on: a chain of small changes does not end in one group. */
Test(group, a_chain_of_small_changes_does_not_become_one_group)
{
    g_autoptr(DjGrouper) grouper = dj_grouper_new(NULL);
    const guint n = 40, length = 100;
    for (guint i = 0; i < n; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint k = 0; k < length; k++)
            g_string_append_unichar(text, 0x4E00 + (k + 5 * i) * 7 % 9973); /* each shares 91 of 101 with the next */
        g_autofree char *id = g_strdup_printf("S%u", i), *owner = g_strdup_printf("所%u", i);
        g_autoptr(DjRecord) record = patent(id, id, owner, NULL, text->str);
        dj_grouper_add(grouper, record);
    }
    g_autofree guint32 *first = dj_grouper_finish(grouper);
    guint groups = 0;
    for (guint i = 0; i < n; i++) {
        groups += first[i] == i;
        cr_expect_leq(5 * (i - first[i]), 20, "%u stands under %u", i, first[i]);
    }
    cr_expect_gt(groups, n / 5);
}

/* ---- lists ---- */

static gboolean keep(const DjRecord *record, gpointer user)
{
    g_ptr_array_add(user, dj_record_copy(record));
    return TRUE;
}

static GPtrArray *all_records(const Ground *ground, DjTable table)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    cr_assert(dj_store_each(ground->store, table, DJ_POINT_NOW, keep, all, NULL));
    return all;
}

/* Copies of a few records under other keys and owners: large groups that fill whole lists. */
static void plant_copies(Ground *ground, DjTable table, guint n_models, guint n_copies)
{
    g_autoptr(GPtrArray) all = all_records(ground, table);
    for (guint m = 0; m < n_models; m++)
        for (guint c = 0; c < n_copies; c++) {
            g_autoptr(DjRecord) copy = dj_record_copy(all->pdata[m * 3]);
            g_autofree char *id = g_strdup_printf("%s-COPY%u-%u", table == DJ_TABLE_NEED ? "N" : "S", m, c),
                            *owner = g_strdup_printf("企业%u", c), *family = g_strdup_printf("族%u", m);
            g_clear_pointer(&copy->key, g_free);
            if (table == DJ_TABLE_NEED) {
                dj_record_set(copy, DJ_NEED_ID, id);
                dj_record_set(copy, DJ_NEED_ENTERPRISE, owner);
                dj_record_set(copy, DJ_NEED_SUMMARY, LONG_TEXT);
            } else {
                dj_record_set(copy, DJ_PATENT_SOURCE_ID, id);
                dj_record_set(copy, DJ_PATENT_FAMILY, family);
            }
            ground_put(ground, copy);
        }
}

static DjResultSet *run(Ground *ground, gboolean group, guint top)
{
    g_autoptr(GError) error = NULL;
    ground->options.group = group;
    ground->options.top = top;
    DjResultSet *set = dj_match(ground->corpus, &ground->records, &ground->options, &error);
    cr_assert(set != NULL, "%s", error ? error->message : "");
    return set;
}

static int by_list(gconstpointer a, gconstpointer b)
{
    const DjPairing *x = *(DjPairing *const *)a, *y = *(DjPairing *const *)b;
    gboolean by_need = x->direction == DJ_DIRECTION_NEED;
    int order = strcmp(by_need ? x->need : x->patent, by_need ? y->need : y->patent);
    return order ? order : (int)x->rank - (int)y->rank;
}

/* Groups of partners by key, as the definition gives them. */
static GHashTable *groups_of(const Ground *ground, DjTable table)
{
    g_autoptr(DjGrouper) grouper = dj_grouper_new(NULL);
    g_autoptr(GPtrArray) all = all_records(ground, table);
    for (guint i = 0; i < all->len; i++)
        dj_grouper_add(grouper, all->pdata[i]);
    g_autofree guint32 *first = dj_grouper_finish(grouper);
    GHashTable *groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < all->len; i++)
        g_hash_table_insert(groups, g_strdup(((DjRecord *)all->pdata[i])->key),
                            g_strdup(((DjRecord *)all->pdata[first[i]])->key));
    return groups;
}

static void compare_with_thinned(Ground *ground, DjTable partner, guint top)
{
    g_autoptr(DjResultSet) all = run(ground, FALSE, 400), set = run(ground, TRUE, top);
    g_autoptr(GHashTable) groups = groups_of(ground, partner);
    g_ptr_array_sort(all->pairings, by_list);
    g_ptr_array_sort(set->pairings, by_list);
    guint next = 0, n_hidden = 0;
    for (guint begin = 0; begin < all->pairings->len;) {
        const DjPairing *head = all->pairings->pdata[begin];
        g_autoptr(GHashTable) members = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
        guint end = begin;
        while (end < all->pairings->len &&
               strcmp(partner == DJ_TABLE_PATENT ? ((DjPairing *)all->pairings->pdata[end])->need
                                                 : ((DjPairing *)all->pairings->pdata[end])->patent,
                      partner == DJ_TABLE_PATENT ? head->need : head->patent) == 0) {
            const DjPairing *pairing = all->pairings->pdata[end++];
            char *group = g_hash_table_lookup(groups, partner == DJ_TABLE_PATENT ? pairing->patent : pairing->need);
            guint n = GPOINTER_TO_UINT(g_hash_table_lookup(members, group));
            g_hash_table_insert(members, group, GUINT_TO_POINTER(n + 1));
        }
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        guint rank = 0;
        for (guint i = begin; i < end && rank < top; i++) {
            const DjPairing *expected = all->pairings->pdata[i];
            char *group = g_hash_table_lookup(groups, partner == DJ_TABLE_PATENT ? expected->patent : expected->need);
            if (!g_hash_table_add(seen, group))
                continue;
            cr_assert_lt(next, set->pairings->len);
            const DjPairing *got = set->pairings->pdata[next++];
            cr_assert(strcmp(got->need, expected->need) == 0 && strcmp(got->patent, expected->patent) == 0,
                      "rank %u: %s x %s, expected %s x %s", rank + 1, got->need, got->patent, expected->need,
                      expected->patent);
            cr_expect_eq(got->rank, ++rank);
            cr_expect_eq(got->total, expected->total);
            guint n = GPOINTER_TO_UINT(g_hash_table_lookup(members, group));
            cr_expect_eq(got->n_similar, n - 1, "%s x %s: %u similar, %u expected", got->need, got->patent,
                         got->n_similar, n - 1);
            cr_expect_eq(got->similar ? g_strv_length(got->similar) : 0, MIN(n - 1, DJ_MAX_SIMILAR));
            if (n > 1)
                cr_expect_str_eq(got->group, group);
            n_hidden += n - 1;
        }
        begin = end;
    }
    cr_expect_eq(next, set->pairings->len);
    cr_expect_gt(n_hidden, 0);
}

Test(group, lists_of_needs_show_one_patent_of_each)
{
    Ground ground;
    DjBuildResult result;
    ground_make(&ground, 60, 12, 3, 60, 21);
    plant_copies(&ground, DJ_TABLE_PATENT, 4, 60);
    ground_build(&ground, &result);
    ground.options.explain = FALSE;
    compare_with_thinned(&ground, DJ_TABLE_PATENT, 4);
    compare_with_thinned(&ground, DJ_TABLE_PATENT, 1);
    ground_free(&ground);
}

Test(group, lists_of_patents_show_one_need_of_each)
{
    Ground ground;
    DjBuildResult result;
    ground_make(&ground, 40, 30, 3, 60, 22);
    plant_copies(&ground, DJ_TABLE_NEED, 3, 40);
    ground_build(&ground, &result);
    ground.options.explain = FALSE;
    ground.options.by_need = FALSE;
    ground.options.by_patent = TRUE;
    compare_with_thinned(&ground, DJ_TABLE_NEED, 3);
    ground_free(&ground);
}

Test(group, why_and_questions_know_who_stands_for_whom)
{
    Ground ground;
    DjBuildResult result;
    g_autoptr(GError) error = NULL;
    ground_make(&ground, 30, 4, 0, 60, 23);
    plant_copies(&ground, DJ_TABLE_PATENT, 1, 5);
    ground_build(&ground, &result);
    ground.options.group = TRUE;
    ground.options.explain = TRUE;
    g_autoptr(GPtrArray) patents = all_records(&ground, DJ_TABLE_PATENT), needs = all_records(&ground, DJ_TABLE_NEED);
    const DjRecord *model = patents->pdata[0];
    g_autofree char *text = g_strconcat(dj_record_title(model), "\n", dj_record_get(model, DJ_PATENT_ABSTRACT), NULL);
    DjQuestion question = {.text = text, .top = 10};
    g_autoptr(DjResultSet) set = dj_match_question(ground.corpus, &ground.records, &ground.options, &question, &error);
    cr_assert(set != NULL, "%s", error ? error->message : "");
    const DjPairing *best = set->pairings->pdata[0];
    cr_expect_eq(best->n_similar, 5);
    for (guint i = 1; i < set->pairings->len; i++)
        cr_expect_str_neq(((DjPairing *)set->pairings->pdata[i])->group ? ((DjPairing *)set->pairings->pdata[i])->group
                                                                        : "",
                          best->group);

    guint n_hidden = 0;
    ground.options.top = 100;
    for (guint i = 0; i < patents->len; i++) {
        const DjRecord *record = patents->pdata[i];
        DjWhy why;
        cr_assert(dj_match_why(ground.corpus, &ground.records, &ground.options, record->key,
                               ((DjRecord *)needs->pdata[1])->key, &why, &error));
        n_hidden += !why.listed && why.reason && strstr(why.reason, "同族或内容相近") != NULL;
        dj_why_clear(&why);
    }
    cr_expect_eq(n_hidden, 5);
    ground_free(&ground);
}
