/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stage: the later row wins, repetition changes nothing, nothing is stored before apply. */
#include "engine/store/hash.h"
#include "fixture.h"

static DjStageResult add(DjStage *stage, DjRecord *record, gint64 row)
{
    GError *error = NULL;
    DjStageResult result;
    must(dj_stage_add(stage, record, row, NULL, &result, NULL, &error), error);
    dj_record_free(record);
    return result;
}

static void expect_count(DjStage *stage, DjTable table, gint64 added, gint64 changed)
{
    gint64 a, c;
    dj_stage_count(stage, table, &a, &c);
    cr_assert_eq(a, added, "added %d", (int)a);
    cr_assert_eq(c, changed, "changed %d", (int)c);
}

static void apply(DjStore *store, DjStage *stage, const char *recorded_at)
{
    GError *error = NULL;
    must(dj_stage_seal(stage, &error), error);
    gint64 batch = begin_batch(store, recorded_at, recorded_at);
    must(dj_stage_apply(stage, batch, NULL, NULL, &error), error);
    end_batch(store, batch);
    dj_stage_free(stage);
}

static DjStage *new_stage(DjStore *store)
{
    GError *error = NULL;
    DjStage *stage = dj_stage_new(store, &error);
    must(stage != NULL, error);
    return stage;
}

static void expect_need(DjStore *store, const char *key, const char *title, const char *budget)
{
    GError *error = NULL;
    gboolean found;
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    must(dj_store_get(store, DJ_TABLE_NEED, key, DJ_POINT_NOW, need, &found, &error), error);
    cr_assert_eq(found, title != NULL);
    if (title) {
        cr_assert_str_eq(dj_record_title(need), title);
        cr_assert_eq(g_strcmp0(dj_record_get(need, DJ_NEED_BUDGET), budget), 0);
    }
}

Test(stage, the_later_row_of_a_file_wins_in_every_repetition)
{
    Fixture f = fixture_new();
    for (int round = 0; round < 3; round++) {
        DjStage *stage = new_stage(f.store);
        cr_assert_eq(add(stage, make_need("N1", "甲", "5"), 2), round ? DJ_STAGE_CHANGE : DJ_STAGE_NEW);
        cr_assert_eq(add(stage, make_need("N2", "乙", NULL), 3), round ? DJ_STAGE_UNCHANGED : DJ_STAGE_NEW);
        cr_assert_eq(add(stage, make_need("N1", "甲二", NULL), 4), DJ_STAGE_AGAIN);
        expect_count(stage, DJ_TABLE_NEED, round ? 0 : 2, 0);
        apply(f.store, stage, "2026-09-01T09:00:00");
        expect_need(f.store, "N1", "甲二", "5");
        expect_need(f.store, "N2", "乙", NULL);
    }
    fixture_free(&f);
}

Test(stage, nothing_is_stored_before_apply)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjStage *stage = new_stage(f.store);
    cr_assert_eq(add(stage, make_need("N1", "甲", NULL), 2), DJ_STAGE_NEW);
    expect_need(f.store, "N1", NULL, NULL);
    dj_stage_free(stage);
    expect_need(f.store, "N1", NULL, NULL);
    g_autoptr(DjStore) reader = dj_store_open(f.path, DJ_STORE_READ, &error);
    must(reader != NULL, error);
    stage = new_stage(reader);
    cr_assert_eq(add(stage, make_need("N1", "甲", NULL), 2), DJ_STAGE_NEW, "a dry run needs no right to write");
    expect_count(stage, DJ_TABLE_NEED, 1, 0);
    dj_stage_free(stage);
    fixture_free(&f);
}

Test(stage, a_record_completed_from_elsewhere_is_unchanged_by_its_first_file)
{
    Fixture f = fixture_new();
    DjStage *stage = new_stage(f.store);
    add(stage, make_need("N1", "甲", NULL), 2);
    apply(f.store, stage, "2026-09-01T09:00:00");
    stage = new_stage(f.store);
    cr_assert_eq(add(stage, make_need("N1", NULL, "7"), 2), DJ_STAGE_CHANGE);
    apply(f.store, stage, "2026-09-02T09:00:00");
    expect_need(f.store, "N1", "甲", "7");
    stage = new_stage(f.store);
    cr_assert_eq(add(stage, make_need("N1", "甲", NULL), 2), DJ_STAGE_UNCHANGED);
    cr_assert_eq(add(stage, make_need("N1", NULL, "7"), 2), DJ_STAGE_UNCHANGED);
    dj_stage_free(stage);
    fixture_free(&f);
}

Test(stage, erasing_holds_for_stored_and_for_staged_rows)
{
    Fixture f = fixture_new();
    DjStage *stage = new_stage(f.store);
    add(stage, make_need("N1", "甲", "1"), 2);
    add(stage, make_need("N1", "甲", DJ_STORE_ERASE), 3);
    add(stage, make_need("N2", "乙", "2"), 4);
    apply(f.store, stage, "2026-09-01T09:00:00");
    expect_need(f.store, "N1", "甲", NULL);
    stage = new_stage(f.store);
    cr_assert_eq(add(stage, make_need("N2", "乙二", NULL), 2), DJ_STAGE_CHANGE);
    cr_assert_eq(add(stage, make_need("N2", "乙", DJ_STORE_ERASE), 3), DJ_STAGE_AGAIN);
    expect_count(stage, DJ_TABLE_NEED, 0, 1);
    apply(f.store, stage, "2026-09-02T09:00:00");
    expect_need(f.store, "N2", "乙", NULL);
    fixture_free(&f);
}

static void expect_enterprise(DjStage *stage, const char *code, const char *name, guint n, const char *key)
{
    GError *error = NULL;
    g_autofree char *found = NULL;
    guint n_found;
    must(dj_stage_find_enterprise(stage, code, name, &found, &n_found, &error), error);
    cr_assert_eq(n_found, n, "%s %s: found %u", code, name, n_found);
    cr_assert_eq(g_strcmp0(found, key), 0, "%s", found);
}

Test(stage, an_enterprise_is_known_by_code_or_by_name)
{
    Fixture f = fixture_new();
    const char *code = "91420100MA4K000009", *other = "91420100MA4K00001X";
    DjStage *stage = new_stage(f.store);
    add(stage, make_enterprise(code, "武汉示例（集团）有限责任公司"), 2);
    add(stage, make_enterprise(NULL, "无码有限公司"), 3);
    for (int stored = 0; stored < 2; stored++) {
        expect_enterprise(stage, NULL, "武汉示例(集团)有限公司", 1, code);
        expect_enterprise(stage, code, "改名后的公司", 1, code);
        expect_enterprise(stage, other, "武汉示例(集团)有限公司", 0, NULL);
        expect_enterprise(stage, NULL, "不存在", 0, NULL);
        g_autoptr(DjRecord) stub = make_enterprise(NULL, "无码有限公司");
        expect_enterprise(stage, other, "无码有限公司", 1, stub->key);
        if (!stored) {
            apply(f.store, stage, "2026-09-01T09:00:00");
            stage = new_stage(f.store);
        }
    }
    /* The stub learns its code and keeps its key. */
    g_autoptr(DjRecord) stub = make_enterprise(NULL, "无码有限公司");
    DjRecord *complete = make_enterprise(other, "无码有限公司");
    g_free(complete->key);
    complete->key = g_strdup(stub->key);
    cr_assert_eq(add(stage, complete, 2), DJ_STAGE_CHANGE);
    apply(f.store, stage, "2026-09-02T09:00:00");
    stage = new_stage(f.store);
    expect_enterprise(stage, other, NULL, 1, stub->key);
    add(stage, make_enterprise("91420100MA4K00003R", "无码有限公司"), 2);
    expect_enterprise(stage, NULL, "无码有限公司", 2, NULL);
    dj_stage_free(stage);
    fixture_free(&f);
}

Test(stage, many_rows_cross_several_transactions)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    gint64 count;
    DjStage *stage = new_stage(f.store);
    for (int i = 0; i < 9001; i++) {
        g_autofree char *id = g_strdup_printf("N%05d", (i * 7919) % 9001);
        add(stage, make_need(id, id, NULL), i + 2);
    }
    apply(f.store, stage, "2026-09-01T09:00:00");
    must(dj_store_count(f.store, DJ_TABLE_NEED, DJ_POINT_NOW, &count, &error), error);
    cr_assert_eq(count, 9001);
    must(dj_store_check(f.store, NULL, NULL, &error), error);
    fixture_free(&f);
}

Test(stage, others_may_write_while_a_file_is_read)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjStage *stage = new_stage(f.store);
    cr_assert_eq(add(stage, make_need("N1", "甲", NULL), 2), DJ_STAGE_NEW);
    cr_assert_eq(add(stage, make_need("N2", "乙", NULL), 3), DJ_STAGE_NEW);
    cr_assert_eq(add(stage, make_need("N3", "丙", NULL), 4), DJ_STAGE_NEW);
    DjStore *other = dj_store_open(f.path, DJ_STORE_WRITE, &error);
    must(other != NULL, error);
    gint64 batch = begin_batch(other, "else", "2026-09-01T09:00:00");
    g_autoptr(DjRecord) need = make_need("N2", "先到", NULL);
    DjPutResult result;
    must(dj_store_put(other, batch, need, 1, &result, &error), error);
    end_batch(other, batch);
    dj_store_close(other);
    apply(f.store, stage, "2026-09-02T09:00:00");
    expect_need(f.store, "N1", "甲", NULL);
    expect_need(f.store, "N2", "先到", NULL); /* a key that was taken meanwhile is left as it is */
    expect_need(f.store, "N3", "丙", NULL);
    must(dj_store_check(f.store, NULL, NULL, &error), error);
    fixture_free(&f);
}

/* More rows than the stage keeps at hand, and rows of every age once more. */
Test(stage, a_row_is_found_again_however_long_ago_it_came)
{
    enum { N = 300000, STEP = 30011 };
    Fixture f = fixture_new();
    DjStage *stage = new_stage(f.store);
    GError *error = NULL;
    char id[16], title[32];
    for (int i = 0; i < N; i++) {
        g_snprintf(id, sizeof id, "N%d", i);
        cr_assert_eq(add(stage, make_need(id, "甲", NULL), i + 2), DJ_STAGE_NEW);
    }
    for (int i = 0; i < N; i += STEP) {
        DjStageResult result;
        gint64 earlier = 0;
        g_snprintf(id, sizeof id, "N%d", i);
        g_snprintf(title, sizeof title, "乙%d", i);
        g_autoptr(DjRecord) need = make_need(id, title, NULL);
        must(dj_stage_add(stage, need, N + 2 + i, NULL, &result, &earlier, &error), error);
        cr_assert_eq(result, DJ_STAGE_AGAIN);
        cr_assert_eq(earlier, i + 2);
    }
    expect_count(stage, DJ_TABLE_NEED, N, 0);
    apply(f.store, stage, "2026-09-01T09:00:00");
    for (int i = 0; i < N; i += STEP) {
        g_snprintf(id, sizeof id, "N%d", i);
        g_snprintf(title, sizeof title, "乙%d", i);
        expect_need(f.store, id, title, NULL);
    }
    expect_need(f.store, "N1", "甲", NULL);
    gint64 count;
    must(dj_store_count(f.store, DJ_TABLE_NEED, DJ_POINT_NOW, &count, &error), error);
    cr_assert_eq(count, N);
    fixture_free(&f);
}

static void take(DjStage *stage, const char *title, const guint8 *hash, gint64 row)
{
    GError *error = NULL;
    const gint64 record = dj_stage_find_row(stage, hash);
    gboolean taken = FALSE;
    if (record)
        must(dj_stage_pass_row(stage, record, &taken, &error), error);
    if (taken)
        return;
    g_autoptr(DjRecord) need = make_need("N1", title, NULL);
    DjStageResult result;
    must(dj_stage_add(stage, need, row, hash, &result, NULL, &error), error);
}

/* Two rows of one file that say the same in other letters: the record stays known by one of them. */
Test(stage, rows_that_say_the_same_do_not_take_turns)
{
    static const guint8 hashes[2][DJ_HASH_BYTES] = {{1}, {2}};
    Fixture f = fixture_new();
    GError *error = NULL;
    gboolean known[3][2];
    for (int run = 0; run < 3; run++) {
        DjStage *stage = new_stage(f.store);
        must(dj_stage_recall(stage, DJ_TABLE_NEED, &error), error);
        for (int i = 0; i < 2; i++) {
            known[run][i] = dj_stage_find_row(stage, hashes[i]) != 0;
            take(stage, "甲", hashes[i], i + 2);
        }
        must(dj_stage_seal(stage, &error), error);
        if (run == 0) {
            gint64 batch = begin_batch(f.store, "file", "2026-09-01T09:00:00");
            must(dj_stage_apply(stage, batch, NULL, NULL, &error), error);
            end_batch(f.store, batch);
        }
        must(dj_stage_write_rows(stage, &error), error);
        dj_stage_free(stage);
    }
    cr_assert(!known[0][0] && !known[0][1]);
    cr_assert_eq(known[1][0] + known[1][1], 1);
    cr_assert_arr_eq(known[1], known[2], sizeof known[1]);
    fixture_free(&f);
}
