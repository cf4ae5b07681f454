/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/chain.h"
#include <criterion/criterion.h>

typedef struct {
    DjTaxonomy *taxonomy;
    DjNormaliser *normaliser;
} World;

/* 0 电子信息材料, 1 集成电路, 2 现代农产品加工 */
static World make(void)
{
    World world = {dj_taxonomy_new("t", "1", "2026-01-01"), dj_normaliser_new(DJ_NORMAL_FOLD, NULL)};
    static const char *const names[] = {"电子信息材料", "集成电路", "现代农产品加工"};
    DjIpc ipc;
    for (guint c = 0; c < 3; c++) {
        g_autofree char *id = g_strdup_printf("c%u", c);
        dj_taxonomy_add_chain(world.taxonomy, id, names[c], "");
    }
    dj_taxonomy_add_alias(world.taxonomy, 1, "芯片");
    dj_ipc_parse("C04B35", &ipc);
    dj_taxonomy_add_ipc(world.taxonomy, 0, &ipc, 60);
    dj_ipc_parse("H01L", &ipc);
    dj_taxonomy_add_ipc(world.taxonomy, 1, &ipc, 50);
    dj_ipc_parse("H01L21", &ipc);
    dj_taxonomy_add_ipc(world.taxonomy, 1, &ipc, 80);
    dj_taxonomy_add_keyword(world.taxonomy, 0, "陶瓷基板", 80);
    dj_taxonomy_add_keyword(world.taxonomy, 1, "晶圆", 90);
    dj_taxonomy_add_keyword(world.taxonomy, 1, "IC", 70);
    dj_taxonomy_add_keyword(world.taxonomy, 2, "葡萄", 70);
    dj_taxonomy_add_keyword(world.taxonomy, 0, "葡萄糖酸钠抛光液", 60);
    dj_taxonomy_add_keyword(world.taxonomy, 1, "线宽", 20);
    dj_taxonomy_add_outside(world.taxonomy, "雨伞", 90);
    cr_assert(dj_taxonomy_seal(world.taxonomy, NULL));
    return world;
}

static void drop(World *world)
{
    dj_taxonomy_free(world->taxonomy);
    dj_normaliser_free(world->normaliser);
}

static guint classify(const World *world, const char *title, const char *body, DjMembership *out)
{
    return dj_taxonomy_classify_text(world->taxonomy, world->normaliser, title, body, out);
}

Test(chain, a_title_word_files_a_record)
{
    World world = make();
    DjMembership m[DJ_MAX_MEMBERSHIPS];
    cr_assert_eq(classify(&world, "高导热陶瓷基板", NULL, m), 1);
    cr_expect_eq(m[0].chain, 0);
    cr_expect_eq(m[0].weight, 100);
    drop(&world);
}

Test(chain, the_longest_keyword_hides_what_it_overlaps)
{
    World world = make();
    DjMembership m[DJ_MAX_MEMBERSHIPS];
    cr_assert_eq(classify(&world, "一种葡萄糖酸钠抛光液", NULL, m), 1);
    cr_expect_eq(m[0].chain, 0);
    cr_assert_eq(classify(&world, "葡萄采后保鲜", NULL, m), 1);
    cr_expect_eq(m[0].chain, 2);
    drop(&world);
}

Test(chain, latin_keywords_need_word_borders_and_fold_case_and_width)
{
    World world = make();
    DjMembership m[DJ_MAX_MEMBERSHIPS];
    cr_expect_eq(classify(&world, "topic and magic", "nice", m), 0);
    cr_assert_eq(classify(&world, "ｉｃ封装", NULL, m), 1);
    cr_expect_eq(m[0].chain, 1);
    drop(&world);
}

Test(chain, a_word_said_often_counts_twice_at_most)
{
    World world = make();
    DjMembership m[DJ_MAX_MEMBERSHIPS];
    cr_expect_eq(classify(&world, NULL, "线宽，线宽，线宽", m), 0);                               /* 40: too little */
    cr_expect_eq(classify(&world, NULL, "线宽，线宽，IC", m), 1);                                 /* 110 */
    cr_expect_eq(classify(&world, NULL, "葡萄，葡萄，葡萄，陶瓷基板，陶瓷基板，陶瓷基板", m), 2); /* 140 and 160 */
    cr_expect_eq(m[0].chain, 0);
    cr_expect_eq(m[1].weight, 86); /* 4 * 87 + 9 * 46 = 762 of 4 * 100 + 9 * 53 = 877 */
    drop(&world);
}

/* 陶瓷基板 240 of the title; IC 70 of the body: 4 * 29 + 9 * 22 = 314, 146 short of being kept. */
Test(chain, a_side_issue_is_kept_only_where_the_chain_leans_towards_it)
{
    DjMembership m[DJ_MAX_MEMBERSHIPS];
    World world = make();
    cr_assert_eq(classify(&world, "陶瓷基板", "IC", m), 1);
    dj_taxonomy_set_lean(world.taxonomy, 1, 145);
    cr_assert_eq(classify(&world, "陶瓷基板", "IC", m), 1);
    dj_taxonomy_set_lean(world.taxonomy, 1, 146);
    cr_assert_eq(classify(&world, "陶瓷基板", "IC", m), 2);
    cr_expect_eq(m[0].chain, 0);
    cr_expect_eq(m[1].chain, 1);
    drop(&world);
}

Test(chain, words_for_what_is_in_no_chain_speak_against_all)
{
    DjMembership m[DJ_MAX_MEMBERSHIPS];
    World world = make();
    cr_expect_eq(classify(&world, "一种雨伞", "IC，IC", m), 0);
    cr_expect_eq(classify(&world, "IC", "雨伞", m), 1, "in passing they do not outweigh the title");
    cr_expect_eq(m[0].chain, 1);
    drop(&world);
}

Test(chain, ipc_counts_by_its_most_specific_entry_and_declared_chains_win)
{
    World world = make();
    DjMembership m[DJ_MAX_MEMBERSHIPS];
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, DJ_PATENT_TITLE, "一种方法");
    dj_record_set(record, DJ_PATENT_IPC, "H01L21/02\nC04B35/581");
    cr_assert_eq(dj_taxonomy_classify(world.taxonomy, world.normaliser, record, m),
                 1); /* 240; 60 is 20 per cent of all */
    cr_expect_eq(m[0].chain, 1);
    dj_record_set(record, DJ_PATENT_CHAINS, "现代农产品加工\n没有这条链");
    cr_assert_eq(dj_taxonomy_classify(world.taxonomy, world.normaliser, record, m), 2);
    cr_expect_eq(m[0].chain, 2);
    cr_expect_eq(m[1].chain, 1);
    dj_record_set(record, DJ_PATENT_IPC, "G01S13/00");
    cr_assert_eq(dj_taxonomy_classify(world.taxonomy, world.normaliser, record, m), 1);
    drop(&world);
}

Test(chain, names_ids_and_aliases_are_found_however_they_are_written)
{
    World world = make();
    guint chain;
    cr_expect(dj_taxonomy_find(world.taxonomy, " 集成 电路", &chain) && chain == 1);
    cr_expect(dj_taxonomy_find(world.taxonomy, "C1", &chain) && chain == 1);
    cr_expect(dj_taxonomy_find(world.taxonomy, "芯片", &chain) && chain == 1);
    cr_expect_not(dj_taxonomy_find(world.taxonomy, "芯", &chain));
    drop(&world);
}
