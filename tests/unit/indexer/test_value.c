/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells as people type them -> canonical values, with the word lists of config/mapping. */
#include "config/mapping_file.h"
#include <criterion/criterion.h>
#include <string.h>

static DjMapping *mapping;

static void load(void)
{
    GError *error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    cr_assert(source, "%s", error ? error->message : "");
    mapping = dj_mapping_load(source, "needs", &error);
    cr_assert(mapping, "%s", error ? error->message : "");
}

static void unload(void)
{
    dj_mapping_free(mapping);
}

TestSuite(value, .init = load, .fini = unload);

static const DjField *field_of(DjFieldType type)
{
    for (int table = 0; table < DJ_N_TABLES; table++)
        for (int i = 0; i < dj_field_count((DjTable)table); i++)
            if (dj_field_at((DjTable)table, i)->type == type)
                return dj_field_at((DjTable)table, i);
    return NULL;
}

static void expect_with(const DjField *field, const char *unit, const char *text, DjValueResult result,
                        const char *value)
{
    g_autoptr(GString) out = g_string_new("left over");
    g_autofree char *why = NULL;
    DjValueResult got = dj_value_read(mapping->words, field, text, strlen(text), FALSE, unit, out, &why);
    cr_assert_eq(got, result, "%s: %d, %s", text, got, why ? why : out->str);
    if (value)
        cr_assert_str_eq(out->str, value, "%s: %s", text, out->str);
    cr_assert_eq(why != NULL, result == DJ_VALUE_KEPT || result == DJ_VALUE_BAD);
}

static void expect(DjFieldType type, const char *text, const char *value)
{
    expect_with(field_of(type), NULL, text, DJ_VALUE_OK, value);
}

static void expect_kept(DjFieldType type, const char *text)
{
    expect_with(field_of(type), NULL, text, DJ_VALUE_KEPT, text);
}

Test(value, dates)
{
    static const char *const same[] = {
        "2024-03-05",
        "2024-3-5",
        "2024.3.5",
        "2024/03/05",
        "20240305",
        "2024年3月5日",
        "2024年03月05日",
        "２０２４年３月５日",
        "2024 年 3 月 5 日",
        "2024-03-05 10:20:30",
        "2024-03-05T10:20:30Z",
        "2024-03-0510:20:30.0",
        "二〇二四年三月五日",
        "二○二四年三月五日",
        "二O二四年三月五日",
        "45356",
        "45356.5",
        " 2024-03-05 ",
        "2024年3月5号",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
        expect(DJ_TYPE_DATE, same[i], "2024-03-05");
    expect(DJ_TYPE_DATE, "2024年3月", "2024-03");
    expect(DJ_TYPE_DATE, "2024.3", "2024-03");
    expect(DJ_TYPE_DATE, "202403", "2024-03");
    expect(DJ_TYPE_DATE, "2024", "2024");
    expect(DJ_TYPE_DATE, "2024年", "2024");
    expect(DJ_TYPE_DATE, "二〇二四年十二月三十一日", "2024-12-31");
    expect(DJ_TYPE_DATE, "二零二四年十月二十日", "2024-10-20");
    static const char *const bad[] = {"2023-02-29", "2024-13-01", "尽快",       "2024-3-5-6",
                                      "24-3-5",     "3月5日",     "2024-00-10", "123"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        expect_kept(DJ_TYPE_DATE, bad[i]);
}

Test(value, money_is_moved_by_powers_of_ten_without_rounding)
{
    static const struct {
        const char *text, *yuan;
    } cases[] = {
        {"50000", "50000"},
        {"5万", "50000"},
        {"5万元", "50000"},
        {"1.15万元", "11500"},
        {"1,200.50元", "1200.5"},
        {"0.3亿元", "30000000"},
        {"￥5,000", "5000"},
        {"人民币5000元整", "5000"},
        {"５０万元", "500000"},
        {"3千元", "3000"},
        {"200百万元", "200000000"},
        {"0.00", "0"},
        {"0", "0"},
        {"免费", "0"},
        {"无偿", "0"},
        {"面议", "negotiable"},
        {"协商", "negotiable"},
        {"9.0万元-9.0万元", "90000"},
        {"0.00001万元", "0.1"},
        {"100000000000000000001", "100000000000000000001"},
        {"五万", "50000"},
        {"三十万元", "300000"},
        {"三百五十万元", "3500000"},
        {"一点五万元", "15000"},
        {"叁万元整", "30000"},
        {"两千元", "2000"},
        {"可面议", "negotiable"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        expect(DJ_TYPE_MONEY, cases[i].text, cases[i].yuan);
    static const char *const bad[] = {
        "约5万",  "5-10万元", "100.0万元-200.0万元", "5万美元", "10万元/年", "1,2元", "1.2.3", "-5", "二三万",
        "十百元", "三%"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        expect_kept(DJ_TYPE_MONEY, bad[i]);
    expect_with(field_of(DJ_TYPE_MONEY), "万元", "5", DJ_VALUE_OK, "50000");
    expect_with(field_of(DJ_TYPE_MONEY), "万元", "5元", DJ_VALUE_OK, "5");
    expect_with(field_of(DJ_TYPE_MONEY), "万元", "面议", DJ_VALUE_OK, "negotiable");
}

Test(value, numbers_and_percentages)
{
    expect(DJ_TYPE_NUMBER, "1,200", "1200");
    expect(DJ_TYPE_NUMBER, "350人", "350");
    expect(DJ_TYPE_NUMBER, "007", "7");
    expect(DJ_TYPE_NUMBER, "1.50", "1.5");
    expect_kept(DJ_TYPE_NUMBER, "300多人");
    expect(DJ_TYPE_PERCENT, "3.5%", "3.5");
    expect(DJ_TYPE_PERCENT, "3.5", "3.5");
    expect(DJ_TYPE_PERCENT, "３．５％", "3.5");
    expect(DJ_TYPE_PERCENT, "百分之五", "5");
    expect(DJ_TYPE_PERCENT, "百分之3.5", "3.5");
    expect(DJ_TYPE_PERCENT, "百分之十五", "15");
    expect(DJ_TYPE_PERCENT, "百分之五十", "50");
    expect(DJ_TYPE_PERCENT, "百分之三点五", "3.5");
    expect(DJ_TYPE_PERCENT, "百分之一百零二", "102");
    expect(DJ_TYPE_PERCENT, "千分之五", "0.5");
    expect_kept(DJ_TYPE_PERCENT, "百分之三五"); /* three to five? thirty-five? */
    expect_kept(DJ_TYPE_PERCENT, "百分之");
    expect_kept(DJ_TYPE_PERCENT, "百分之三点");
    expect(DJ_TYPE_PERCENT, "5‰", "0.5");
    expect_kept(DJ_TYPE_PERCENT, "3-5%");
}

Test(value, words)
{
    static const char *const yes[] = {"是", "有", "√", "Y", "yes", "TRUE", "同意", "1"};
    static const char *const no[] = {"否", "无", "×", "n", "No", "false", "0", "没有"};
    for (gsize i = 0; i < G_N_ELEMENTS(yes); i++)
        expect(DJ_TYPE_BOOL, yes[i], "yes");
    for (gsize i = 0; i < G_N_ELEMENTS(no); i++)
        expect(DJ_TYPE_BOOL, no[i], "no");
    expect_kept(DJ_TYPE_BOOL, "部分同意");
    expect(DJ_TYPE_PATENT_KIND, "发明专利", "invention");
    expect(DJ_TYPE_PATENT_KIND, "实用新型", "utility_model");
    expect(DJ_TYPE_PATENT_KIND, "科技成果", "achievement");
    expect_kept(DJ_TYPE_PATENT_KIND, "软件著作权");
    expect(DJ_TYPE_MATURITY, "已有样品", "5");
    expect(DJ_TYPE_MATURITY, "小试", "4");
    expect(DJ_TYPE_MATURITY, "TRL 6", "6");
    expect(DJ_TYPE_MATURITY, "7级", "7");
    expect_kept(DJ_TYPE_MATURITY, "10");
}

Test(value, lists)
{
    const DjField *plain = dj_field_find(DJ_TABLE_PATENT, "owners"), *whole = dj_field_find(DJ_TABLE_NEED, "industry");
    expect_with(plain, NULL, "甲大学；乙公司;丙所、丁院|戊,己\n庚", DJ_VALUE_OK,
                "甲大学\n乙公司\n丙所\n丁院\n戊\n己\n庚");
    expect_with(plain, NULL, "Example Technology Co., Ltd.;甲", DJ_VALUE_OK, "Example Technology Co., Ltd.\n甲");
    expect_with(plain, NULL, "甲（乙、丙）、丁", DJ_VALUE_OK, "甲（乙、丙）\n丁");
    expect_with(plain, NULL, "甲;甲; ;乙", DJ_VALUE_OK, "甲\n乙");
    expect_with(whole, NULL, "农、林、牧、渔业；制造业", DJ_VALUE_OK, "农、林、牧、渔业\n制造业");
    expect_with(plain, NULL, "；、", DJ_VALUE_EMPTY, NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *why = NULL;
    cr_assert_eq(dj_value_read(mapping->words, plain, "甲、乙\n丙", strlen("甲、乙\n丙"), TRUE, NULL, out, &why),
                 DJ_VALUE_OK);
    cr_assert_str_eq(out->str, "甲、乙\n丙", "items of a JSON array are items");
}

Test(value, ipc)
{
    expect(DJ_TYPE_IPC, "C04B35/581;H01L21/00", "C04B35/581\nH01L21/00");
    expect(DJ_TYPE_IPC, "C04B 35/581 (2006.01)、H01L 21/00", "C04B35/581\nH01L21/00");
    expect(DJ_TYPE_IPC, "C04B35/581 H01L21/00", "C04B35/581\nH01L21/00");
    expect(DJ_TYPE_IPC, "C04B 35/581 H01L 21/00", "C04B35/581\nH01L21/00");
    expect(DJ_TYPE_IPC, "Ｃ０４Ｂ３５／５８１", "C04B35/581");
    expect_with(field_of(DJ_TYPE_IPC), NULL, "C04B35/581;电池类", DJ_VALUE_KEPT, "C04B35/581\n电池类");
}

Test(value, identifiers_that_are_wrong_stop_the_row)
{
    expect(DJ_TYPE_PATENT_NUMBER, "201720001285.X", "ZL201720001285.X");
    expect(DJ_TYPE_CREDIT_CODE, "91350100m000100y43", "91350100M000100Y43");
    expect_with(field_of(DJ_TYPE_PATENT_NUMBER), NULL, "ZL201720001285.1", DJ_VALUE_BAD, NULL);
    expect_with(field_of(DJ_TYPE_CREDIT_CODE), NULL, "91350100M000100Y44", DJ_VALUE_BAD, NULL);
    expect_with(field_of(DJ_TYPE_CREDIT_CODE), NULL, "无", DJ_VALUE_EMPTY, NULL);
}

Test(value, nothing_and_erasing)
{
    static const char *const nothing[] = {"", "  ", "　", "/", "-", "——", "无", "暂无", "N/A", "\xC2\xA0"};
    for (gsize i = 0; i < G_N_ELEMENTS(nothing); i++) {
        expect_with(field_of(DJ_TYPE_TEXT), NULL, nothing[i], DJ_VALUE_EMPTY, NULL);
        expect_with(field_of(DJ_TYPE_DATE), NULL, nothing[i], DJ_VALUE_EMPTY, NULL);
    }
    expect_with(field_of(DJ_TYPE_TEXT), NULL, " 清空 ", DJ_VALUE_ERASE, NULL);
    expect_with(field_of(DJ_TYPE_MONEY), NULL, "清空", DJ_VALUE_ERASE, NULL);
}

Test(value, text_keeps_its_lines_and_loses_control_characters)
{
    expect(DJ_TYPE_TEXT, "　甲\r\n乙\r丙\x01丁\t戊 \n", "甲\n乙\n丙丁\t戊");
    expect(DJ_TYPE_TEXT, "\xC2\xA0项目 简介", "项目 简介");
}

/* Rows are recognised by a hash that has DJ_VALUE_VERSION in it. Where this fails, cells mean something else than they
 * did: count the version up and put its outcome here. */
Test(value, a_change_of_meaning_counts_the_version_up)
{
    static const char *const cells[] = {"2024年3月5日",
                                        "2024.3",
                                        "二〇二四年三月",
                                        "45356",
                                        "约5万",
                                        "5万元",
                                        "1,200.50",
                                        "面议",
                                        "免费",
                                        "百分之五",
                                        "3.5%",
                                        "3~5",
                                        "是",
                                        "否",
                                        "√",
                                        "H01M10/052;H01M 4/36",
                                        "h01l21/02",
                                        "ZL202110000001.X",
                                        "CN202110000001",
                                        "９１３５０１００Ｍ０００１００Ｙ４３",
                                        "91350100M000100Y43",
                                        "91350100M000100Y44",
                                        "发明",
                                        "实用新型",
                                        "科技成果",
                                        "中试",
                                        "TRL6",
                                        "六级",
                                        "甲；乙、丙，丁",
                                        "甲大学,乙公司",
                                        " 全角　空格\t",
                                        "无",
                                        "/",
                                        "清空",
                                        "",
                                        "①ﬁ㎜",
                                        "第一行\n第二行",
                                        "<b>粗</b>",
                                        "ABC abc",
                                        "0",
                                        "-1"};
    static const struct {
        int version;
        const char *sum;
    } known = {3, "1a865ef07e5d0ed9be0de0049537ef11eb97b0d9331825b8be69ad47d167b94f"};
    g_autoptr(DjWords) words = dj_words_new();
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (int type = DJ_TYPE_TEXT; type <= DJ_TYPE_MATURITY; type++) {
        const DjField *field = field_of((DjFieldType)type);
        for (gsize i = 0; field && i < G_N_ELEMENTS(cells); i++) {
            g_autoptr(GString) out = g_string_new(NULL);
            g_autofree char *why = NULL;
            DjValueResult result =
                dj_value_read(words, field, cells[i], strlen(cells[i]), FALSE, i % 2 ? "万元" : NULL, out, &why);
            g_autofree char *line = g_strdup_printf("%d %d %s\n", type, result, result == DJ_VALUE_BAD ? "" : out->str);
            g_checksum_update(sum, (const guchar *)line, -1);
        }
    }
    cr_assert_eq(DJ_VALUE_VERSION, known.version);
    cr_assert_str_eq(g_checksum_get_string(sum), known.sum, "cells mean something else: count DJ_VALUE_VERSION up, %s",
                     g_checksum_get_string(sum));
}
