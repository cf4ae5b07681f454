/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The official form as we write it and as offices send it; templates; lists of rejects as workbooks. */
#include "engine/report/template_xlsx.h"
#include "fixture.h"
#include <xlsxwriter.h>

#define DAY 20750 /* some day of creation */

/* A filled-in form, with the cells where an office might have put them. */
static char *write_form(Bench *b, const char *content)
{
    static const char *const cells[][5] = {
        {"企业知识产权布局规划表（2025）"},
        {"一、企业基本信息"},
        {"企业名称", "示例甲有限公司", "企业注册地", "武汉市"},
        {"联系人", "张三", "手  机：", "000-12345678"},
        {"所属领域", "电子陶瓷", "主导产品", "陶瓷基板"},
        {"国家专精特新“小巨人”企业申报情况（在□中打√）", "□2026年 √2027年  ☑2028年"},
        {"未来1-3年上市情况（在□中打√）", "□√北交所 □不上市"},
        {"产品出口情况", "      万美元"},
        {"二、企业知识产权信息表"},
        {"类别", "发明专利", "PCT", "其它I类知识产权", "备注"},
        {"已申请专利数量", "12", "", "3", "含实用新型"},
        {"法律状态（授权/审查中）", "授权8", "", "", ""},
        {"未来1-3年计划每年申请数量", "5", "1"},
        {"三、企业知识产权需求表"},
        {"规划与需求内容", "需求（是/否）", "具体方向或内容"},
        {"专利布局指导", "是", "新产品专利布局"},
        {"风险排查指导", "否", ""},
        {"产学研用合作", "是", NULL},
        {"创新提升赋能", "√", "希望对接银行贷款"},
        {"其他", "", ""},
    };
    char *path = g_build_filename(b->folder, "form.xlsx", NULL);
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Sheet1");
    for (lxw_row_t r = 0; r < G_N_ELEMENTS(cells); r++)
        for (lxw_col_t c = 0; c < 5; c++) {
            const char *text = cells[r][c];
            if (r == 17 && c == 2)
                text = content;
            if (text)
                worksheet_write_string(sheet, r, c, text, NULL);
        }
    cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
    return path;
}

/* The id that a need of this enterprise and kind has. */
static char *need_of_kind(const char *kind)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)"示例甲有限公司", -1);
    g_checksum_update(sum, (const guchar *)"", 1);
    g_checksum_update(sum, (const guchar *)kind, -1);
    return g_strdup_printf("F-%.12s", g_checksum_get_string(sum));
}

Test(form, needs_are_matched_or_routed_and_the_enterprise_is_stored)
{
    Bench b = bench_new();
    GError *error = NULL;
    DjTable table;
    gboolean found;
    g_autofree char *path = write_form(&b, "高导热陶瓷基板降温烧成；热导率不低于170W/(m·K)。");
    bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 3, updated 0, unchanged 0, rejected 0");
    cr_assert_eq(b.last.n_stubs, 0);
    cr_assert_eq(b.last.unknown_columns->len, 0);
    g_autofree char *technical = need_of_kind("产学研用合作"), *routed = need_of_kind("专利布局指导");
    g_autofree char *loan = need_of_kind("创新提升赋能"), *enterprise = NULL;
    expect_field(&b, DJ_TABLE_NEED, technical, DJ_NEED_TITLE, "高导热陶瓷基板降温烧成");
    expect_field(&b, DJ_TABLE_NEED, technical, DJ_NEED_ROUTE, NULL);
    expect_field(&b, DJ_TABLE_NEED, technical, DJ_NEED_PRODUCT, "陶瓷基板");
    expect_field(&b, DJ_TABLE_NEED, routed, DJ_NEED_ROUTE, "专利布局服务");
    expect_field(&b, DJ_TABLE_NEED, routed, DJ_NEED_STATUS, "routed");
    expect_field(&b, DJ_TABLE_NEED, loan, DJ_NEED_ROUTE, "创新服务");
    must(dj_store_find_key(b.store, "E-", &table, &enterprise, &found, &error), error);
    cr_assert(found);
    expect_field(&b, DJ_TABLE_ENTERPRISE, enterprise, DJ_ENTERPRISE_PHONE, "000-12345678");
    expect_field(&b, DJ_TABLE_ENTERPRISE, enterprise, DJ_ENTERPRISE_CITY, "武汉市");
    expect_field(&b, DJ_TABLE_ENTERPRISE, enterprise, DJ_ENTERPRISE_GIANT_YEAR, "2027年\n2028年");
    expect_field(&b, DJ_TABLE_ENTERPRISE, enterprise, DJ_ENTERPRISE_IPO_PLAN, "北交所");
    expect_field(&b, DJ_TABLE_ENTERPRISE, enterprise, DJ_ENTERPRISE_EXPORT, NULL);
    expect_field(&b, DJ_TABLE_ENTERPRISE, enterprise, DJ_ENTERPRISE_PATENTS_FILED,
                 "发明专利 12；其它I类知识产权 3；备注 含实用新型");
    expect_field(&b, DJ_TABLE_ENTERPRISE, enterprise, DJ_ENTERPRISE_PATENTS_PLANNED, "发明专利 5；PCT 1");
    bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 0, updated 0, unchanged 3, rejected 0");
    g_autofree char *corrected = write_form(&b, "高导热陶瓷基板降低烧成温度。");
    bench_import(&b, DJ_TABLE_NEED, NULL, corrected, "imported 0, updated 1, unchanged 2, rejected 0");
    expect_field(&b, DJ_TABLE_NEED, technical, DJ_NEED_TITLE, "高导热陶瓷基板降低烧成温度");
    must(dj_store_check(b.store, NULL, NULL, &error), error);
    bench_free(&b);
}

Test(form, the_empty_form_is_known_as_one)
{
    Bench b = bench_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(b.folder, "empty.xlsx", NULL);
    cr_assert(dj_template_write_form(path, DAY, &error));
    cr_assert_not(bench_try(&b, DJ_TABLE_NEED, NULL, path, &error));
    cr_assert_str_eq(error->message, "import empty.xlsx: the form has no 企业名称");
    bench_free(&b);
}

Test(form, templates_are_understood_by_the_import)
{
    Bench b = bench_new();
    GError *error = NULL;
    for (int table = 0; table < DJ_N_TABLES; table++) {
        g_autofree char *path = g_build_filename(b.folder, "template.xlsx", NULL);
        must(dj_template_write((DjTable)table, path, DAY, &error), error);
        bench_import(&b, (DjTable)table, NULL, path, "imported 0, updated 0, unchanged 0, rejected 0");
        cr_assert_eq(b.last.unknown_columns->len, 0, "%s", dj_table_name((DjTable)table));
        b.sheet = "示例";
        bench_import(&b, (DjTable)table, NULL, path,
                     table == DJ_TABLE_ENTERPRISE ? "imported 0, updated 1, unchanged 0, rejected 0" /* was a stub */
                                                  : "imported 1, updated 0, unchanged 0, rejected 0");
        cr_assert_eq(b.last.n_warnings, 0);
        b.sheet = NULL;
        g_autofree char *again = g_build_filename(b.folder, "again.xlsx", NULL), *one = NULL, *two = NULL;
        gsize n_one, n_two;
        must(dj_template_write((DjTable)table, again, DAY, &error), error);
        cr_assert(g_file_get_contents(path, &one, &n_one, NULL) && g_file_get_contents(again, &two, &n_two, NULL));
        cr_assert(n_one == n_two && memcmp(one, two, n_one) == 0, "the same day gives the same bytes");
    }
    bench_free(&b);
}

Test(form, the_workbook_of_rejects_imports_as_it_is)
{
    Bench b = bench_new();
    bench_text(&b, DJ_TABLE_NEED, NULL,
               "需求编号,需求名称,统一社会信用代码,预算\nN1,甲,91350100M000100Y44,5万\nN2,,,007\n",
               "imported 0, updated 0, unchanged 0, rejected 2");
    g_autofree char *book = g_build_filename(b.folder, "rejects.xlsx", NULL);
    cr_assert(g_file_test(book, G_FILE_TEST_EXISTS));
    bench_import(&b, DJ_TABLE_NEED, NULL, book, "imported 0, updated 0, unchanged 0, rejected 2");
    cr_assert_eq(b.last.unknown_columns->len, 0);
    g_autofree char *csv = NULL, *path = g_build_filename(b.folder, "rejects.csv", NULL);
    cr_assert(g_file_get_contents(path, &csv, NULL, NULL));
    cr_assert_not_null(strstr(csv, ",N1,甲,91350100M000100Y44,5万\r\n"), "the second list has the columns once");
    cr_assert_not_null(strstr(csv, ",N2,,,007\r\n"));
    bench_free(&b);
}
