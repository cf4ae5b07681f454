/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identifiers against numbers whose check digits were worked out by hand, in every spelling that offices use. */
#include "engine/model/ident.h"
#include <criterion/criterion.h>
#include <string.h>

static void expect_number(const char *text, const char *canonical)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *number = dj_patent_number_normalise(text, &error);
    cr_assert(number, "%s: %s", text, error ? error->message : "");
    cr_assert_str_eq(number, canonical);
}

static void expect_bad_number(const char *text, DjIdentError code, const char *says)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *number = dj_patent_number_normalise(text, &error);
    cr_assert_null(number, "%s became %s", text, number);
    cr_assert(g_error_matches(error, DJ_IDENT_ERROR, (gint)code));
    cr_assert(strstr(error->message, says), "%s", error->message);
}

/* 201720001285: 2*2+0*3+1*4+7*5+2*6+0*7+0*8+0*9+1*2+2*3+8*4+5*5 = 120 = 10*11 + 10, so X; the number is cited in a
 * public listing as ZL201720001285.X. 85100001: 8*2+5*3+1*4+1*9 = 44 = 4*11, so 0. */
Test(ident, check_digits_of_patent_numbers)
{
    cr_assert_eq(dj_patent_number_check_digit("201720001285"), 'X');
    cr_assert_eq(dj_patent_number_check_digit("85100001"), '0');
}

Test(ident, patent_numbers_in_many_spellings)
{
    static const char *const spellings[] = {
        "ZL201720001285.X",
        "201720001285.X",
        "201720001285X",
        "CN201720001285.X",
        "CN 2017 2000 1285 . x",
        "zl201720001285.x",
        "ＺＬ２０１７２０００１２８５．Ｘ",
        "专利号：ZL201720001285.X",
        "ZL2017-20001285-X",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(spellings); i++)
        expect_number(spellings[i], "ZL201720001285.X");
    expect_number("85100001.0", "ZL85100001.0");
}

Test(ident, wrong_patent_numbers_say_how_to_mend_them)
{
    expect_bad_number("ZL201720001285.1", DJ_IDENT_ERROR_CHECK, "应为 X");
    expect_bad_number("ZL201720001286.X", DJ_IDENT_ERROR_CHECK, "请核对");
    expect_bad_number("CN107000000A", DJ_IDENT_ERROR_FORM, "公开号另设");
    expect_bad_number("CN2123456Y", DJ_IDENT_ERROR_FORM, "公开号另设");
    expect_bad_number("CN107000A", DJ_IDENT_ERROR_FORM, "请写成");
    expect_bad_number("无", DJ_IDENT_ERROR_FORM, "无");
    expect_bad_number("", DJ_IDENT_ERROR_FORM, "");
    expect_bad_number("2017200012850.X", DJ_IDENT_ERROR_FORM, "请写成");
    expect_bad_number("X01720001285.X", DJ_IDENT_ERROR_FORM, "请写成");
}

Test(ident, the_kind_is_in_the_number)
{
    cr_assert_str_eq(dj_patent_number_kind("ZL201720001285.X"), "utility_model");
    cr_assert_str_eq(dj_patent_number_kind("ZL201710001285.0"), "invention");
    cr_assert_str_eq(dj_patent_number_kind("ZL201730001285.0"), "design");
    cr_assert_str_eq(dj_patent_number_kind("ZL201780001285.0"), "invention");
    cr_assert_str_eq(dj_patent_number_kind("ZL85100001.0"), "invention");
    cr_assert_null(dj_patent_number_kind("ZL201770001285.0"));
}

/* 91350100M000100Y43 is a published example; the sum is repeated here by the plain definition, weights 3^i mod 31, and
 * must give its check character. */
Test(ident, check_character_of_credit_codes)
{
    const char *alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int weights[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    const char *code = "91350100M000100Y4";
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (int)(strchr(alphabet, code[i]) - alphabet) * weights[i];
    cr_assert_eq(alphabet[(31 - sum % 31) % 31], '3');
    cr_assert_eq(dj_credit_code_check_char(code), '3');
    cr_assert_eq(dj_credit_code_check_char("91350100M000100I4"), 0, "I is not of the alphabet");
    cr_assert_eq(dj_credit_code_check_char("913"), 0, "too short");
}

Test(ident, credit_codes_in_many_spellings)
{
    g_autoptr(GError) error = NULL;
    static const char *const spellings[] = {"91350100M000100Y43", "91350100m000100y43", " 9135 0100 M000 100Y 43 ",
                                            "９１３５０１００Ｍ０００１００Ｙ４３"};
    for (gsize i = 0; i < G_N_ELEMENTS(spellings); i++) {
        g_autofree char *code = dj_credit_code_normalise(spellings[i], &error);
        cr_assert(code, "%s", error ? error->message : "");
        cr_assert_str_eq(code, "91350100M000100Y43");
    }
    cr_assert_null(dj_credit_code_normalise("91350100M000100Y44", &error));
    cr_assert(g_error_matches(error, DJ_IDENT_ERROR, DJ_IDENT_ERROR_CHECK));
    cr_assert_not_null(strstr(error->message, "末位应为 3"));
    g_clear_error(&error);
    cr_assert_null(dj_credit_code_normalise("420100000012345", &error));
    cr_assert(g_error_matches(error, DJ_IDENT_ERROR, DJ_IDENT_ERROR_FORM));
}

static void expect_ipc(const char *text, const char *canonical)
{
    DjIpc ipc;
    cr_assert(dj_ipc_parse(text, &ipc), "%s", text);
    g_autofree char *written = dj_ipc_format(&ipc);
    cr_assert_str_eq(written, canonical);
}

Test(ident, ipc_symbols)
{
    expect_ipc("C04B35/581", "C04B35/581");
    expect_ipc("C04B 35/581 (2006.01)", "C04B35/581");
    expect_ipc("ｃ０４ｂ３５／００", "C04B35/00");
    expect_ipc("A61B5/02", "A61B5/02");
    expect_ipc("H01M10/052", "H01M10/052"); /* not 10/52, which is another subgroup */
    expect_ipc("H01M10/0525", "H01M10/0525");
    expect_ipc("H01M10/50", "H01M10/50");
    expect_ipc("H", "H");
    expect_ipc("H01", "H01");
    expect_ipc("H01M", "H01M");
    expect_ipc("H01M10", "H01M10");
    static const char *const bad[] = {"",
                                      "I01M",
                                      "H1",
                                      "H01M10/",
                                      "H01M10/5",
                                      "H0110/52",
                                      "H01M10/52x",
                                      "电池",
                                      "H01M55555555555555555555",
                                      "H01M10/55555555555555555555"};
    DjIpc ipc;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        cr_assert_not(dj_ipc_parse(bad[i], &ipc), "%s", bad[i]);
}

Test(ident, ipc_is_compared_by_parts_never_as_text)
{
    static const struct {
        const char *wide, *narrow;
        gboolean contains;
    } cases[] = {
        {"H01M10/052", "H01M10/52", FALSE}, {"G01S1", "G01S1/02", TRUE},    {"G01S1", "G01S13/02", FALSE},
        {"G01S", "G01S13/02", TRUE},        {"G01", "G01S13/02", TRUE},     {"G", "G01S13/02", TRUE},
        {"G01S13/02", "G01S13", FALSE},     {"C04B35", "C04B35/581", TRUE}, {"C04B35/58", "C04B35/581", FALSE},
        {"H01M", "H01L21/00", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DjIpc wide, narrow;
        cr_assert(dj_ipc_parse(cases[i].wide, &wide) && dj_ipc_parse(cases[i].narrow, &narrow));
        cr_assert_eq(dj_ipc_contains(&wide, &narrow), cases[i].contains, "%s %s", cases[i].wide, cases[i].narrow);
    }
}

Test(ident, days)
{
    int day;
    cr_assert(dj_day_parse("1970-01-01", &day) && day == 0);
    cr_assert(dj_day_parse("2000-03-01", &day) && day == 11017);
    cr_assert(dj_day_parse("2024-02", &day));
    g_autofree char *first = dj_day_format(day);
    cr_assert_str_eq(first, "2024-02-01");
    cr_assert(dj_day_parse("1969", &day) && day == -365);
    static const char *const bad[] = {"", "2023-02-29", "2023-13-01", "2023-1-1", "20230101", "2023-01-01T", "abcd"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        cr_assert_not(dj_day_parse(bad[i], &day), "%s", bad[i]);
    cr_assert(dj_day_parse("2024-02-29", &day));
    g_autofree char *later = dj_day_format(dj_day_add_years(day, 1));
    cr_assert_str_eq(later, "2025-02-28");
    g_autofree char *leap = dj_day_format(dj_day_add_years(day, 20));
    cr_assert_str_eq(leap, "2044-02-29");
}

Test(ident, names_of_organisations_fold)
{
    static const char *const same[] = {"武汉示例（集团）有限责任公司", "武汉示例(集团)有限公司",
                                       " 武汉 示例〔集团〕有限公司", "武汉示例【集团】有限公司"};
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autofree char *folded = dj_org_name_fold(same[i]);
        cr_assert_str_eq(folded, "武汉示例(集团)有限公司");
    }
    g_autofree char *latin = dj_org_name_fold("ＡＢＢ·武汉");
    cr_assert_str_eq(latin, "abb武汉");
}

Test(ident, plain_names_fold_as_those_that_take_the_long_way)
{
    /* the second of each pair holds a full-width character, which only the long way reads */
    static const char *const pairs[][2] = {
        {"武汉[光谷] LED有限责任公司", "武汉［光谷］ LED有限责任公司"},
        {"ABC (HB)公司", "ＡBC (HB)公司"},
        {"示例\t研究所", "示例　研究所"},
        {"", "　"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *plain = dj_org_name_fold(pairs[i][0]), *other = dj_org_name_fold(pairs[i][1]);
        cr_expect_str_eq(plain, other);
    }
    g_autofree char *broken = dj_org_name_fold("武\xE6\xB1");
    cr_expect(g_utf8_validate(broken, -1, NULL));
}
