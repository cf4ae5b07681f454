/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole imports: rules of acceptance, identity, repetition, rejected rows that come back mended. */
#include "fixture.h"

#define GOOD_CODE  "91350100M000100Y43"
#define WRONG_CODE "91350100M000100Y44"

static char *read_file(Bench *b, const char *name)
{
    g_autofree char *path = g_build_filename(b->folder, name, NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

Test(import, a_gb18030_file_with_a_wrong_credit_code)
{
    Bench b = bench_new();
    const char *text = "企业名称,统一社会信用代码,需求名称,需求内容,登记日期,预算（万元）\r\n"
                       "示例甲有限公司," GOOD_CODE ",防爆电池的研发,提高锂电池安全性,2026年3月5日,5\r\n"
                       "示例乙有限公司," WRONG_CODE ",耐磨刀具,延长寿命,2026-03-06,\r\n"
                       "示例丙有限公司,,减震支座,降低噪声,2026.3.7,约5万\r\n";
    gsize length;
    g_autofree char *gb = g_convert(text, -1, "GB18030", "UTF-8", NULL, &length, NULL);
    g_autofree char *path = bench_write(&b, "需求.csv", gb, (gssize)length);
    bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 2, updated 0, unchanged 0, rejected 1");
    cr_assert_str_eq(b.last.format, "CSV, GB18030");
    cr_assert_eq(b.last.n_stubs, 2);
    cr_assert_eq(b.last.n_warnings, 1);
    cr_assert_not_null(strstr(b.last.warnings->pdata[0], "第 4 行 预算（万元）：“约5万”"));
    cr_assert_eq(b.last.first->len, 2, "the accepted rows, as understood");
    cr_expect_str_eq(dj_record_get(b.last.first->pdata[1], DJ_NEED_DATE), "2026-03-07");
    g_autofree char *rejects = read_file(&b, "rejects.csv");
    cr_assert(g_str_has_prefix(rejects, "\xEF\xBB\xBF文件,行,列,值,原因,企业名称,统一社会信用代码,"));
    cr_assert_not_null(strstr(rejects, "\r\n需求.csv,3,统一社会信用代码," WRONG_CODE ",统一社会信用代码校验位不对"));
    bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 0, updated 0, unchanged 2, rejected 1");
    cr_assert_eq(b.last.n_stubs, 0);

    /* The reject list, mended, goes in as it is. */
    g_auto(GStrv) parts = g_strsplit(rejects, WRONG_CODE, -1);
    g_autofree char *mended = g_strjoinv(GOOD_CODE, parts);
    g_autofree char *mended_path = bench_write(&b, "rejects.csv", mended, -1);
    bench_import(&b, DJ_TABLE_NEED, NULL, mended_path, "imported 1, updated 0, unchanged 0, rejected 0");
    cr_assert_eq(b.last.unknown_columns->len, 0);
    cr_assert_eq(bench_count(&b, DJ_TABLE_NEED), 3);
    bench_free(&b);
}

Test(import, a_corrected_row_updates_and_history_keeps_the_old_one)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称,预算\nN1,旧题,5万\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    expect_field(&b, DJ_TABLE_NEED, "N1", DJ_NEED_BUDGET, "50000");
    b.recorded_at = "2026-09-02T09:00:00";
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称\nN1,新题\n",
               "imported 0, updated 1, unchanged 0, rejected 0");
    expect_field(&b, DJ_TABLE_NEED, "N1", DJ_NEED_TITLE, "新题");
    expect_field(&b, DJ_TABLE_NEED, "N1", DJ_NEED_BUDGET, "50000"); /* a column that is missing erases nothing */
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称,预算\nN1,新题,\n",
               "imported 0, updated 0, unchanged 1, rejected 0");
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称,预算\nN1,新题,清空\n",
               "imported 0, updated 1, unchanged 0, rejected 0");
    expect_field(&b, DJ_TABLE_NEED, "N1", DJ_NEED_BUDGET, NULL);
    GError *error = NULL;
    gint64 point;
    gboolean found;
    g_autoptr(DjRecord) old = dj_record_new(DJ_TABLE_NEED);
    must(dj_store_point_at(b.store, "2026-09-01", &point, &error), error);
    must(dj_store_get(b.store, DJ_TABLE_NEED, "N1", point, old, &found, &error), error);
    cr_assert_str_eq(dj_record_title(old), "旧题");
    bench_free(&b);
}

Test(import, of_rows_with_one_key_the_last_wins_every_time)
{
    Bench b = bench_new();
    const char *text = "需求编号,企业名称,需求名称\nN1,甲,第一\nN2,甲,另一\nN1,甲,第二\n";
    bench_text(&b, DJ_TABLE_NEED, NULL, text, "imported 2, updated 0, unchanged 1, rejected 0");
    cr_assert_eq(b.last.n_warnings, 1);
    cr_assert_not_null(strstr(b.last.warnings->pdata[0], "第 4 行：与第 2 行是同一条记录"));
    expect_field(&b, DJ_TABLE_NEED, "N1", DJ_NEED_TITLE, "第二");
    bench_text(&b, DJ_TABLE_NEED, NULL, text, "imported 0, updated 0, unchanged 3, rejected 0");
    expect_field(&b, DJ_TABLE_NEED, "N1", DJ_NEED_TITLE, "第二");
    bench_free(&b);
}

Test(import, a_dry_run_counts_and_stores_nothing)
{
    Bench b = bench_new();
    b.dry_run = TRUE;
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称,企业名称\nN1,题,甲公司\nN1,题二,甲公司\n",
               "imported 1, updated 0, unchanged 1, rejected 0");
    cr_assert_eq(b.last.n_stubs, 1);
    cr_assert_eq(bench_count(&b, DJ_TABLE_NEED), 0);
    b.dry_run = FALSE;
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称,企业名称\nN1,题,甲公司\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    bench_free(&b);
}

Test(import, patents_are_known_by_their_number)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_PATENT, NULL,
               "申请号,发明名称,权利人,IPC分类号,类型\n"
               "CN201720001285.X,一种装置,甲大学；乙公司,A61B 5/02,发明\n"
               "ZL 2017 2000 1285.1,另一种,甲大学,,\n"
               ",没有号码,甲大学,,\n"
               ",一项成果,甲大学,,科技成果\n"
               "201720001285X,一种装置（改）,,,\n",
               "imported 2, updated 0, unchanged 1, rejected 2");
    expect_field(&b, DJ_TABLE_PATENT, "ZL201720001285.X", DJ_PATENT_KIND, "utility_model");
    expect_field(&b, DJ_TABLE_PATENT, "ZL201720001285.X", DJ_PATENT_TITLE, "一种装置（改）");
    expect_field(&b, DJ_TABLE_PATENT, "ZL201720001285.X", DJ_PATENT_OWNERS, "甲大学\n乙公司");
    expect_field(&b, DJ_TABLE_PATENT, "ZL201720001285.X", DJ_PATENT_IPC, "A61B5/02");
    cr_assert_eq(b.last.n_warnings, 2, "the kind contradicts the number; two rows have one number");
    g_autofree char *rejects = read_file(&b, "rejects.csv");
    cr_assert_not_null(strstr(rejects, ",3,申请号,ZL 2017 2000 1285.1,专利号校验位不对"));
    cr_assert_not_null(strstr(rejects, ",4,申请号,,缺少专利号"));
    bench_free(&b);
}

static gboolean write_line(const DjRecord *record, gpointer user)
{
    dj_record_write_json(record, user);
    g_string_append_c(user, '\n');
    return TRUE;
}

Test(import, enterprises_written_out_come_in_again_without_a_change)
{
    Bench b = bench_new();
    GError *error = NULL;
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求名称,企业名称\n题一,只在需求里有的公司\n题二,甲公司\n",
               "imported 2, updated 0, unchanged 0, rejected 0");
    bench_text(&b, DJ_TABLE_ENTERPRISE, NULL,
               "企业名称,统一社会信用代码,曾用名,备注\n甲公司," GOOD_CODE ",老甲;小甲,说明\n乙公司,,,\n",
               "imported 1, updated 1, unchanged 0, rejected 0");
    g_autoptr(GString) lines = g_string_new(NULL);
    must(dj_store_each(b.store, DJ_TABLE_ENTERPRISE, DJ_POINT_NOW, write_line, lines, &error), error);
    cr_assert_not_null(strstr(lines->str, "\"stub\":\"yes\""));
    g_autofree char *path = bench_write(&b, "enterprises.jsonl", lines->str, -1);
    for (int round = 0; round < 3; round++) {
        bench_import(&b, DJ_TABLE_ENTERPRISE, NULL, path, "imported 0, updated 0, unchanged 3, rejected 0");
        cr_assert_eq(b.last.n_warnings, 0);
        cr_assert_eq(b.last.unknown_columns->len, 1, "the organiser's own 备注");
    }
    bench_free(&b);
}

Test(import, of_a_code_that_two_enterprises_have_the_warning_names_the_code)
{
    Bench b = bench_new();
    GError *error = NULL;
    static const char *const names[] = {"甲公司", "乙公司"};
    const DjBatchInfo info = {"correct", "", "", "2026-09-01T09:00:00"};
    gint64 batch;
    must(dj_store_begin_batch(b.store, &info, &batch, &error) && dj_store_begin(b.store, &error), error);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
        DjPutResult put;
        record->key = g_strdup(names[i]);
        dj_record_set(record, DJ_ENTERPRISE_NAME, names[i]);
        dj_record_set(record, DJ_ENTERPRISE_CREDIT_CODE, GOOD_CODE);
        must(dj_store_put(b.store, batch, record, 0, &put, &error), error);
    }
    must(dj_store_commit(b.store, &error) && dj_store_end_batch(b.store, batch, 2, 0, 0, 0, &error), error);
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求名称,统一社会信用代码\n题," GOOD_CODE "\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    cr_assert_eq(b.last.n_warnings, 1);
    cr_assert_not_null(strstr(b.last.warnings->pdata[0], "有 2 家企业的统一社会信用代码都是 " GOOD_CODE));
    bench_free(&b);
}

Test(import, an_enterprise_keeps_its_record_from_stub_to_credit_code)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求名称,企业名称\n题,示例（武汉）有限责任公司\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    cr_assert_eq(bench_count(&b, DJ_TABLE_ENTERPRISE), 1);
    bench_text(&b, DJ_TABLE_ENTERPRISE, NULL,
               "企业名称,统一社会信用代码,职工人数,上年营业收入（万元）\n示例(武汉)有限公司," GOOD_CODE
               ",350人,\"5,000\"\n",
               "imported 0, updated 1, unchanged 0, rejected 0");
    cr_assert_eq(bench_count(&b, DJ_TABLE_ENTERPRISE), 1);
    GError *error = NULL;
    DjTable table;
    gboolean found;
    g_autofree char *key = NULL;
    must(dj_store_find_key(b.store, "E-", &table, &key, &found, &error), error);
    cr_assert(found);
    expect_field(&b, DJ_TABLE_ENTERPRISE, key, DJ_ENTERPRISE_STUB, NULL);
    expect_field(&b, DJ_TABLE_ENTERPRISE, key, DJ_ENTERPRISE_CREDIT_CODE, GOOD_CODE);
    expect_field(&b, DJ_TABLE_ENTERPRISE, key, DJ_ENTERPRISE_REVENUE, "50000000");
    /* The need now comes with the code: it is the same need and makes no second enterprise. */
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求名称,企业名称,统一社会信用代码\n题,示例(武汉)有限公司," GOOD_CODE "\n",
               "imported 0, updated 1, unchanged 0, rejected 0");
    cr_assert_eq(bench_count(&b, DJ_TABLE_ENTERPRISE), 1);
    cr_assert_eq(bench_count(&b, DJ_TABLE_NEED), 1);
    bench_free(&b);
}

Test(import, unknown_columns_are_listed_and_kept)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称,内部备注\nN1,题,很急\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    cr_assert_eq(b.last.unknown_columns->len, 1);
    cr_assert_str_eq(b.last.unknown_columns->pdata[0], "内部备注");
    g_autoptr(DjRecord) need = bench_get(&b, DJ_TABLE_NEED, "N1");
    cr_assert_str_eq(need->extra->pdata[0], "内部备注");
    cr_assert_str_eq(need->extra->pdata[1], "很急");
    bench_free(&b);
}

Test(import, titles_and_group_headings_stand_over_the_header)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_NEED, NULL,
               "2026年技术需求征集表,,,\n填报单位：某局,,,\n"
               "需求编号,企业信息,,需求名称\n,企业名称,统一社会信用代码,\n"
               "N1,甲公司," GOOD_CODE ",题\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    expect_field(&b, DJ_TABLE_NEED, "N1", DJ_NEED_ENTERPRISE_CODE, GOOD_CODE);
    cr_assert_eq(b.last.unknown_columns->len, 0);
    bench_free(&b);
}

Test(import, a_row_with_too_many_cells_is_rejected_not_shifted)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称\nN1,题,多出来\nN2,题,,\n",
               "imported 1, updated 0, unchanged 0, rejected 1");
    bench_free(&b);
}

Test(import, two_columns_for_one_field)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_PATENT, NULL, "申请号,专利号,名称\n201720001285.X,ZL201720001285.X,题\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    g_autoptr(DjRecord) patent = bench_get(&b, DJ_TABLE_PATENT, "ZL201720001285.X");
    cr_assert(patent->extra == NULL, "the second column says the same");
    bench_free(&b);
}

Test(import, a_broken_file_stores_nothing)
{
    Bench b = bench_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path = bench_write(&b, "cut.json", "[{\"需求编号\":\"N1\",\"需求名称\":\"题\"},{\"需求", -1);
    cr_assert_not(bench_try(&b, DJ_TABLE_NEED, NULL, path, &error));
    cr_assert_str_eq(error->message, "import cut.json: object 2: not closed; the file is cut off");
    cr_assert_eq(bench_count(&b, DJ_TABLE_NEED), 0);
    bench_free(&b);
}

Test(import, files_that_cannot_be_meant_are_refused)
{
    Bench b = bench_new();
    static const struct {
        const char *bytes, *says;
    } cases[] = {
        {"", "empty file"},
        {"\n\n,,\n", "no row with text in it"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxx", "old .xls"},
        {"甲,乙\n1,2\n", "no column of needs is known; the columns are 甲, 乙"},
        {"时间,企业,是否见成,企业评价,发明人评价,不合作原因,下一步\n18:30,甲公司,是,4,5,,签约\n",
         "the sheet 会后反馈 of an event"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = bench_write(&b, "x.csv", cases[i].bytes, -1);
        cr_assert_not(bench_try(&b, DJ_TABLE_NEED, NULL, path, &error), "%s", cases[i].says);
        cr_assert(strstr(error->message, cases[i].says), "%s", error->message);
    }
    bench_free(&b);
}

static gboolean stop(gpointer user)
{
    (void)user;
    return TRUE;
}

Test(import, a_cancelled_import_stores_nothing)
{
    Bench b = bench_new();
    GError *error = NULL;
    g_autofree char *path = bench_write(&b, "n.csv", "需求编号,需求名称\nN1,题\n", -1);
    g_autoptr(DjMapping) mapping = dj_mapping_load(b.config, "needs", &error);
    must(mapping != NULL, error);
    DjImportOptions options = {
        .path = path, .table = DJ_TABLE_NEED, .mapping = mapping, .recorded_at = b.recorded_at, .cancelled = stop};
    b.has_last = TRUE;
    cr_assert_not(dj_import_file(b.store, &options, &b.last, &error));
    cr_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    g_clear_error(&error);
    cr_assert_eq(bench_count(&b, DJ_TABLE_NEED), 0);
    bench_free(&b);
}

Test(import, foreign_layouts)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_NEED, "tech-market-needs",
               "[{\"name\":\"红外开关\",\"postTime\":\"2020-01-13\",\"classification\":\"农、林、牧、渔业\","
               "\"cooperationMethod\":\"技术转让,技术许可\","
               "\"time\":\"2020-01-1310:49:39.0至2021-01-1310:49:41.0\",\"context\":\"需要一款手电筒。\"}]",
               "imported 1, updated 0, unchanged 0, rejected 0");
    GError *error = NULL;
    DjTable table;
    gboolean found;
    g_autofree char *key = NULL;
    must(dj_store_find_key(b.store, "N-", &table, &key, &found, &error), error);
    expect_field(&b, DJ_TABLE_NEED, key, DJ_NEED_DATE, "2020-01-13");
    expect_field(&b, DJ_TABLE_NEED, key, DJ_NEED_VALID_UNTIL, "2021-01-13");
    expect_field(&b, DJ_TABLE_NEED, key, DJ_NEED_INDUSTRY, "农、林、牧、渔业");
    expect_field(&b, DJ_TABLE_NEED, key, DJ_NEED_MODE, "技术转让\n技术许可");
    g_autoptr(DjRecord) need = bench_get(&b, DJ_TABLE_NEED, key);
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_DESCRIPTION), DJ_PUBLIC);
    cr_assert(need->extra == NULL);

    bench_text(&b, DJ_TABLE_PATENT, "tech-market-achievements",
               "[{\"name\":\"久坐卫士\",\"maturity\":\"已有样品\",\"price\":\"面议\",\"zlxx\":\"非专利技术\","
               "\"context\":\"\"}]",
               "imported 1, updated 0, unchanged 0, rejected 0");
    bench_text(
        &b, DJ_TABLE_PATENT, "patents-zh",
        "{\"id\":\"538f\",\"title\":\"一种信号\",\"assignee\":\"某公司\",\"abstract\":\"摘要\",\"label_id\":0}\n",
        "imported 1, updated 0, unchanged 0, rejected 0");
    expect_field(&b, DJ_TABLE_PATENT, "538f", DJ_PATENT_OWNERS, "某公司");
    bench_text(&b, DJ_TABLE_PATENT, "bdci2019-achievements",
               "did\ttitle_tokens\tn_aids\nD00001\t高活性 氟化锂 制备\t6\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    expect_field(&b, DJ_TABLE_PATENT, "D00001", DJ_PATENT_TITLE, "高活性氟化锂制备");
    expect_field(&b, DJ_TABLE_PATENT, "D00001", DJ_PATENT_KIND, "achievement");
    bench_text(&b, DJ_TABLE_NEED, "bdci2019-needs", "rid\ttitle\tcontent\n13a5\t防爆\t内容\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    expect_field(&b, DJ_TABLE_NEED, "13a5", DJ_NEED_DESCRIPTION, "内容");
    bench_text(&b, DJ_TABLE_TEXT, "bdci2019-needs", "rid\ttitle\tcontent\n13a5\t防爆\t内容\n",
               "imported 1, updated 0, unchanged 0, rejected 0");
    bench_free(&b);
}

/* Real files, where they are at hand: all rows go in, and the second time none changes. */
Test(import, real_files_import_and_repeat)
{
    static const struct {
        DjTable table;
        const char *layout, *file;
        gint64 rows, rejected; /* one listed need has neither title nor text */
    } files[] = {
        {DJ_TABLE_NEED, "tech-market-needs", "tech_market/needs.json", 1914, 1},
        {DJ_TABLE_PATENT, "tech-market-achievements", "tech_market/achievements.1.json", 1000, 0},
        {DJ_TABLE_PATENT, "tech-market-achievements", "tech_market/achievements.2.json", 974, 0},
        {DJ_TABLE_PATENT, "patents-zh", "patents_zh/patents.jsonl", 4097, 0},
        {DJ_TABLE_NEED, "bdci2019-needs", "bdci2019/needs.tsv", 371, 0},
        {DJ_TABLE_PATENT, "bdci2019-achievements", "bdci2019/achievements.tsv", 6715, 0},
        {DJ_TABLE_TEXT, "patents-zh", "patents_zh/patents.jsonl", 4097, 0},
    };
    const char *data = g_getenv("DUIJIE_EVAL_DATA");
    g_autofree char *root = g_strdup(data ? data : DJ_SOURCE_DIR "/../shared/data");
    if (!g_file_test(root, G_FILE_TEST_IS_DIR))
        cr_skip_test("no real data at hand (DUIJIE_EVAL_DATA)");
    Bench b = bench_new();
    GError *error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(root, files[i].file, NULL);
        must(bench_try(&b, files[i].table, files[i].layout, path, &error), error);
        cr_assert_eq(b.last.rejected, files[i].rejected, "%s", files[i].file);
        cr_assert_eq(b.last.imported + b.last.unchanged, files[i].rows, "%s: imported %d, unchanged %d", files[i].file,
                     (int)b.last.imported, (int)b.last.unchanged);
        must(bench_try(&b, files[i].table, files[i].layout, path, &error), error);
        cr_assert_eq(b.last.unchanged, files[i].rows, "%s: again imported %d, updated %d", files[i].file,
                     (int)b.last.imported, (int)b.last.updated);
    }
    must(dj_store_check(b.store, NULL, NULL, &error), error);
    bench_free(&b);
}

/* The counts that datasets/sample/README.md promises. */
Test(import, the_sample_says_what_it_promises)
{
    static const struct {
        DjTable table;
        const char *file, *counts;
    } files[] = {
        {DJ_TABLE_ENTERPRISE, "enterprises.csv", "imported 62, updated 0, unchanged 0, rejected 4"},
        {DJ_TABLE_NEED, "needs-1.csv", "imported 80, updated 0, unchanged 0, rejected 2"},
        {DJ_TABLE_NEED, "needs-2.jsonl", "imported 46, updated 0, unchanged 0, rejected 1"},
        {DJ_TABLE_PATENT, "patents-1-universities.csv", "imported 95, updated 0, unchanged 1, rejected 3"},
        {DJ_TABLE_PATENT, "patents-2-institutes.tsv", "imported 77, updated 0, unchanged 0, rejected 2"},
        {DJ_TABLE_PATENT, "patents-3-platform.jsonl", "imported 44, updated 0, unchanged 0, rejected 2"},
        {DJ_TABLE_PATENT, "patents-4-hospitals.json", "imported 18, updated 0, unchanged 0, rejected 1"},
        {DJ_TABLE_PATENT, "patents-5-achievements.csv", "imported 18, updated 0, unchanged 0, rejected 1"},
        {DJ_TABLE_PATENT, "patents-6-statements.xlsx", "imported 0, updated 12, unchanged 0, rejected 0"},
    };
    Bench b = bench_new();
    GError *error = NULL;
    gint64 stubs = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(DJ_SOURCE_DIR "/datasets/sample", files[i].file, NULL);
        bench_import(&b, files[i].table, NULL, path, files[i].counts);
        stubs += b.last.n_stubs;
        if (strcmp(files[i].file, "patents-1-universities.csv") == 0)
            cr_assert_eq(b.last.n_warnings, 2, "a date that is none, and a patent that stands twice");
    }
    cr_assert_eq(stubs, 1);
    must(dj_store_check(b.store, NULL, NULL, &error), error);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(DJ_SOURCE_DIR "/datasets/sample", files[i].file, NULL);
        must(bench_try(&b, files[i].table, NULL, path, &error), error);
        cr_assert_eq(b.last.imported + b.last.updated, 0, "%s again: imported %d, updated %d", files[i].file,
                     (int)b.last.imported, (int)b.last.updated);
    }
    bench_free(&b);
}

/* The note that a file is another kind: only where it is true, because people turn away from their file for it. */
Test(import, columns_that_fit_another_table_better)
{
    static const char needs[] = "需求编号,企业名称,需求名称,需求内容,技术指标,合作方式,联系人";
    static const struct {
        DjTable as, fits; /* DJ_N_TABLES: nothing else */
        const char *text;
        gsize n, n_known, n_better;
    } cases[] = {
        {DJ_TABLE_ENTERPRISE, DJ_TABLE_NEED, needs, 7, 2, 6},
        {DJ_TABLE_NEED, DJ_N_TABLES, needs, 0, 0, 0},
        {DJ_TABLE_PATENT, DJ_TABLE_NEED, "编号,企业名称,需求名称,需求内容,技术指标,合作模式,联系方式", 7, 3, 6},
        /* needs with more facts of their enterprise than of themselves */
        {DJ_TABLE_NEED, DJ_N_TABLES, "企业名称,需求名称,联系人,手机,职工人数,上年营业收入,企业资质", 0, 0, 0},
        {DJ_TABLE_NEED, DJ_TABLE_ENTERPRISE, "企业名称,联系人,手机,职工人数,上年营业收入,企业资质", 6, 1, 6},
        {DJ_TABLE_ENTERPRISE, DJ_TABLE_PATENT, "专利号,名称,摘要,主权项,发明人,申请日", 6, 1, 6},
        /* one column more is no reason to doubt what somebody chose */
        {DJ_TABLE_ENTERPRISE, DJ_N_TABLES, "企业名称,注册地,IPC分类号", 0, 0, 0},
        {DJ_TABLE_TEXT, DJ_N_TABLES, "编号,专利名称,摘要,主权项,发明人,申请日", 0, 0, 0},
    };
    Bench b = bench_new();
    GError *error = NULL;
    for (int i = 0; i < DJ_N_TABLES; i++)
        must((b.layouts[i] = dj_mapping_load(b.config, dj_table_name((DjTable)i), &error)) != NULL, error);
    b.dry_run = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(cases[i].text, "\n一,二,三,,,\n", NULL),
                        *path = bench_write(&b, "a.csv", text, -1);
        must(bench_try(&b, cases[i].as, NULL, path, &error), error);
        cr_expect_eq(b.last.fits_better, cases[i].fits != DJ_N_TABLES, "case %zu", i);
        if (!b.last.fits_better || cases[i].fits == DJ_N_TABLES)
            continue;
        cr_expect_eq(b.last.fit.table, cases[i].fits, "case %zu: %s", i, dj_table_name(b.last.fit.table));
        cr_expect(b.last.fit.n_columns == cases[i].n && b.last.fit.n_known == cases[i].n_known &&
                      b.last.fit.n_better == cases[i].n_better,
                  "case %zu: %zu %zu %zu", i, b.last.fit.n_columns, b.last.fit.n_known, b.last.fit.n_better);
    }

    /* A JSON file brings its names one by one: what counts is all of them. */
    g_autofree char *json =
        bench_write(&b, "a.json",
                    "[{\"企业名称\":\"甲\"},{\"企业名称\":\"乙\",\"需求名称\":\"丙\",\"技术指标\":\"丁\","
                    "\"需求内容\":\"戊\"}]",
                    -1);
    must(bench_try(&b, DJ_TABLE_ENTERPRISE, NULL, json, &error), error);
    cr_expect(b.last.fits_better && b.last.fit.n_columns == 4 && b.last.fit.n_better == 4);
    bench_free(&b);
}

/* Accepted as before, nothing lost; the row is told each time, because nobody has mended it. */
Test(import, a_word_that_nothing_knows_is_kept_with_a_warning)
{
    Bench b = bench_new();
    static const char *const text = "需求编号,企业名称,需求名称,状态,紧迫程度,产业链\n"
                                    "N1,甲,题一,待对接,急,新能源\nN2,甲,题二,已关壁,很急很急,新能源；电子信息才料\n";
    b.knows_words = TRUE;
    bench_text(&b, DJ_TABLE_NEED, NULL, text, "imported 2, updated 0, unchanged 0, rejected 0");
    for (int again = 0; again < 2; again++) {
        cr_assert_eq(b.last.n_warnings, 3);
        cr_expect_str_eq(
            b.last.warnings->pdata[0],
            "input.txt 第 3 行 状态：“已关壁”不是认得的状态，照写的保存；请写待对接、对接中、已签约或已撤回");
        cr_expect_str_eq(b.last.warnings->pdata[1],
                         "input.txt 第 3 行 紧迫程度：“很急很急”不是认得的紧迫程度，照写的保存；请写一般、紧急或特急");
        cr_expect_str_eq(
            b.last.warnings->pdata[2],
            "input.txt 第 3 行 产业链：“电子信息才料”不是认得的产业链，照写的保存；是不是“电子信息材料”？");
        bench_text(&b, DJ_TABLE_NEED, NULL, text, "imported 0, updated 0, unchanged 2, rejected 0");
    }
    expect_field(&b, DJ_TABLE_NEED, "N2", DJ_NEED_STATUS, "已关壁");
    expect_field(&b, DJ_TABLE_NEED, "N2", DJ_NEED_CHAIN, "新能源\n电子信息才料");
    bench_free(&b);
}

Test(import, a_need_of_nobody_is_told)
{
    Bench b = bench_new();
    static const char *const text = "需求编号,企业名称,需求名称\nN-9004,甲,题一\nN-9005,,题二\n";
    bench_text(&b, DJ_TABLE_NEED, NULL, text, "imported 2, updated 0, unchanged 0, rejected 0");
    for (int again = 0; again < 2; again++) {
        cr_assert_eq(b.last.n_warnings, 1);
        cr_expect_str_eq(b.last.warnings->pdata[0],
                         "input.txt 第 3 行：没有企业名称，也没有统一社会信用代码，不知道是哪家"
                         "企业的需求；补上以前以编号 N-9005 代称");
        bench_text(&b, DJ_TABLE_NEED, NULL, text, "imported 0, updated 0, unchanged 2, rejected 0");
    }

    /* The enterprise becomes known: nothing is left to say, and a correction without the column says nothing of it. */
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,企业名称,需求名称\nN-9005,甲,题二\n",
               "imported 0, updated 1, unchanged 0, rejected 0");
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称\nN-9005,题三\n",
               "imported 0, updated 1, unchanged 0, rejected 0");
    cr_expect_eq(b.last.n_warnings, 0);

    /* Portals have no such columns: once is enough. */
    bench_text(&b, DJ_TABLE_NEED, NULL, "需求编号,需求名称\nN-1,题四\nN-2,题五\nN-3,题六\n",
               "imported 3, updated 0, unchanged 0, rejected 0");
    cr_assert_eq(b.last.n_warnings, 1);
    cr_expect(strstr(b.last.warnings->pdata[0], "以编号 N-1 代称（没有这两列，以下各行不再提醒）"), "%s",
              (char *)b.last.warnings->pdata[0]);
    bench_free(&b);
}
