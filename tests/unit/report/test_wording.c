/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fees, terms and reasons, word for word. */
#include "engine/model/ident.h"
#include "engine/report/wording.h"
#include "fixture.h"
#include <criterion/criterion.h>

static void expect(GString *out, const char *text)
{
    cr_expect_str_eq(out->str, text);
    g_string_truncate(out, 0);
}

Test(wording, money_moves_the_point_without_rounding)
{
    static const char *const cases[][2] = {{"0", "免费"},
                                           {"0.00", "免费"},
                                           {"negotiable", "面议"},
                                           {"8000", "8,000 元"},
                                           {"800.5", "800.5 元"},
                                           {"10000", "1 万元"},
                                           {"60000", "6 万元"},
                                           {"125000", "12.5 万元"},
                                           {"12345", "1.2345 万元"},
                                           {"10000.01", "1.000001 万元"},
                                           {"123456789012", "12,345,678.9012 万元"},
                                           {"约5万", "约5万"},
                                           {"1e5", "1e5"},
                                           {"-5", "-5"},
                                           {".5", ".5"}};
    g_autoptr(GString) out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        dj_wording_money(out, cases[i][0]);
        expect(out, cases[i][1]);
    }
}

Test(wording, counts_are_grouped)
{
    g_autoptr(GString) out = g_string_new(NULL);
    dj_wording_count(out, 0);
    expect(out, "0");
    dj_wording_count(out, 999);
    expect(out, "999");
    dj_wording_count(out, 1240);
    expect(out, "1,240");
    dj_wording_count(out, G_MAXUINT64);
    expect(out, "18,446,744,073,709,551,615");
}

Test(wording, fees_say_what_is_known)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    dj_wording_fee(out, DJ_AUDIENCE_PUBLIC, patent);
    expect(out, "未写");
    dj_record_set(patent, DJ_PATENT_FEE_AMOUNT, "0");
    dj_wording_fee(out, DJ_AUDIENCE_PUBLIC, patent);
    expect(out, "免费");
    dj_record_set(patent, DJ_PATENT_PAYMENT, "免费许可首年");
    dj_wording_fee(out, DJ_AUDIENCE_PUBLIC, patent);
    expect(out, "免费许可首年");
    dj_record_set(patent, DJ_PATENT_PAYMENT, "入门费加提成");
    dj_record_set(patent, DJ_PATENT_FEE_AMOUNT, "50000");
    dj_record_set(patent, DJ_PATENT_FEE_RATE, "3.5");
    dj_record_set(patent, DJ_PATENT_FEE_BASE, "净销售额");
    dj_wording_fee(out, DJ_AUDIENCE_PUBLIC, patent);
    expect(out, "入门费加提成 5 万元，提成 3.5%（净销售额）");
    dj_record_set(patent, DJ_PATENT_FEE_RATE, "3%-5%"); /* as typed: the import could not read it */
    dj_wording_fee(out, DJ_AUDIENCE_PUBLIC, patent);
    expect(out, "入门费加提成 5 万元，提成 3%-5%（净销售额）");
}

Test(wording, terms_are_counted_in_whole_months)
{
    static const char *const cases[][2] = {{"2029-06-30", "3 年 2 个月"},
                                           {"2029-06-29", "3 年 1 个月"},
                                           {"2028-04-30", "2 年"},
                                           {"2026-06-29", "1 个月"},
                                           {"2026-05-29", "29 天"},
                                           {"2026-04-30", "0 天"},
                                           {"2026-04-29", "已到期"},
                                           {"2027-03-30", "11 个月"},
                                           {"长期", "长期"},
                                           {NULL, "未写"}};
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    int now = dj_day_from_ymd(2026, 4, 30);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        dj_record_set(patent, DJ_PATENT_LICENCE_END, cases[i][0]);
        dj_wording_term_left(out, DJ_AUDIENCE_PUBLIC, patent, now);
        expect(out, cases[i][1]);
    }
}

Test(wording, a_licence_in_one_phrase)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    int now = dj_day_from_ymd(2026, 4, 30);
    dj_wording_licence(out, DJ_AUDIENCE_PUBLIC, patent, now);
    expect(out, "期限未写，费用未写");
    dj_record_set(patent, DJ_PATENT_FEE_AMOUNT, "60000");
    dj_record_set(patent, DJ_PATENT_LICENCE_END, "2029-06-30");
    dj_wording_licence(out, DJ_AUDIENCE_PUBLIC, patent, now);
    expect(out, "期剩 3 年 2 个月，费用 6 万元");
    dj_record_set(patent, DJ_PATENT_FEE_AMOUNT, "0");
    dj_record_set(patent, DJ_PATENT_LICENCE_END, "2020-06-30");
    dj_wording_licence(out, DJ_AUDIENCE_PUBLIC, patent, now);
    expect(out, "许可期已满，免费");
}

Test(wording, reasons_name_a_few_words_and_count_the_rest)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(DjPairing) pairing = dj_pairing_new();
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, DJ_AUDIENCE_PUBLIC);
    static const char *const words[] = {"甲", "乙", "丙", "丁", "戊"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_PHRASE, DJ_PUBLIC, 9, words[i]));
        dj_pairing_view_set(&view, pairing, NULL);
        g_string_truncate(out, 0);
        dj_wording_reasons(out, &view);
        if (i == 3)
            cr_expect_str_eq(out->str, "同词“甲”“乙”“丙”“丁”");
    }
    expect(out, "同词“甲”“乙”“丙”“丁”等 5 处");
    g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_RELATED, DJ_PUBLIC, 3, "隔膜 ~ 电解质膜"));
    g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_RELATED, DJ_PUBLIC, 2, "泵出 ~ 抗溢出"));
    g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_INDICATOR, DJ_PUBLIC, 2, "Rz 1.2 ≤ 1.5 μm"));
    g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_SEMANTIC, DJ_PUBLIC, -7, NULL));
    dj_pairing_view_set(&view, pairing, NULL);
    dj_wording_reasons(out, &view);
    expect(out, "同词“甲”“乙”“丙”“丁”等 5 处；近义“隔膜”对“电解质膜”、“泵出”对“抗溢出”；Rz 1.2 ≤ 1.5 μm");
    dj_wording_part(out, &g_array_index(view.parts, DjShownPart, 5));
    expect(out, "近义词“隔膜”对“电解质膜”");
    dj_wording_part(out, &g_array_index(view.parts, DjShownPart, 8));
    expect(out, "语义较远");
}

Test(wording, reasons_fit_a_line)
{
    g_autoptr(DjResultSet) set = fixture_set();
    const DjPairing *pairing = set->pairings->pdata[0];
    const DjRecord *need = g_hash_table_lookup(set->needs, pairing->need);
    g_autoptr(GString) out = g_string_new(NULL);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, DJ_AUDIENCE_PUBLIC);
    dj_pairing_view_set(&view, pairing, need);
    dj_wording_reasons(out, &view);
    expect(out, "同词“氮化铝<sub>”等 10 处；语义相近；产业链同为电子信息材料；IPC 同属 C04B35；保密字段 22 点");
    dj_wording_questions(out, &view);
    expect(out, "有没有质押？查专利登记簿；需求写 热循环 ≥1000 次，专利没有写，请问发明人团队能做到多少");
    dj_wording_failures(out, &view);
    expect(out, "幅面：要 138 mm，写 <114 mm");
    dj_pairing_view_set(&view, set->pairings->pdata[1], need);
    dj_wording_reasons(out, &view);
    dj_wording_questions(out, &view);
    expect(out, "");
    dj_pairing_view_set(&view, set->pairings->pdata[2], need);
    dj_wording_reasons(out, &view);
    expect(out, "零散同词 3 处");
}
