/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/rule.h"
#include "engine/model/ident.h"
#include <criterion/criterion.h>

static const int now = 20758; /* 2026-11-01 */

static DjTest *date_test(DjTestKind kind, int field, int reference, int years, int days)
{
    DjTest *test = dj_test_new(kind);
    test->field = field;
    test->reference = reference;
    test->plus_years = years;
    test->plus_days = days;
    return test;
}

static DjVerdict judge_value(DjTest *test, int field, const char *value)
{
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, field, value);
    return dj_test_judge(test, record, now);
}

Test(rule, the_day_of_the_tests_is_what_they_say)
{
    int day;
    cr_assert(dj_day_parse("2026-11-01", &day));
    cr_assert_eq(day, now);
}

Test(rule, dates_compare_with_the_day_of_the_run_both_ends_included)
{
    DjTest *after = date_test(DJ_TEST_AFTER, DJ_PATENT_LICENCE_END, -1, 0, 0);
    DjTest *before = date_test(DJ_TEST_BEFORE, DJ_PATENT_GRANT_DATE, -1, 0, 0);
    cr_expect_eq(judge_value(after, DJ_PATENT_LICENCE_END, "2026-11-01"), DJ_MET);
    cr_expect_eq(judge_value(after, DJ_PATENT_LICENCE_END, "2026-10-31"), DJ_NOT_MET);
    cr_expect_eq(judge_value(after, DJ_PATENT_LICENCE_END, NULL), DJ_UNKNOWN);
    cr_expect_eq(judge_value(after, DJ_PATENT_LICENCE_END, "长期"), DJ_UNKNOWN);
    cr_expect_eq(judge_value(before, DJ_PATENT_GRANT_DATE, "2026-11-01"), DJ_MET);
    cr_expect_eq(judge_value(before, DJ_PATENT_GRANT_DATE, "2026-11-02"), DJ_NOT_MET);
    dj_test_free(after);
    dj_test_free(before);
}

Test(rule, a_licence_term_of_a_year_is_counted_from_its_start)
{
    DjTest *test = date_test(DJ_TEST_AFTER, DJ_PATENT_LICENCE_END, DJ_PATENT_LICENCE_START, 1, 0);
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, DJ_PATENT_LICENCE_END, "2025-02-28");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_UNKNOWN);
    dj_record_set(record, DJ_PATENT_LICENCE_START, "2024-02-29");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_MET);
    dj_record_set(record, DJ_PATENT_LICENCE_END, "2025-02-27");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_NOT_MET);
    dj_test_free(test);
}

Test(rule, absence_is_unknown_unless_the_rule_says_otherwise)
{
    DjTest *test = dj_test_new(DJ_TEST_ONE_OF);
    test->field = DJ_PATENT_EXCLUSIVE_LICENCE;
    test->values = g_strsplit("no", " ", -1);
    cr_expect_eq(judge_value(test, DJ_PATENT_EXCLUSIVE_LICENCE, NULL), DJ_UNKNOWN);
    cr_expect_eq(judge_value(test, DJ_PATENT_EXCLUSIVE_LICENCE, "yes"), DJ_NOT_MET);
    test->absent = DJ_ABSENT_MET;
    cr_expect_eq(judge_value(test, DJ_PATENT_EXCLUSIVE_LICENCE, NULL), DJ_MET);
    test->absent = DJ_ABSENT_NOT_MET;
    cr_expect_eq(judge_value(test, DJ_PATENT_EXCLUSIVE_LICENCE, NULL), DJ_NOT_MET);
    dj_test_free(test);
}

Test(rule, combinations_follow_the_strong_three_valued_tables)
{
    static const char *const value[] = {"yes", "no", NULL}; /* met, not met, unknown */
    static const DjVerdict verdict[] = {DJ_MET, DJ_NOT_MET, DJ_UNKNOWN};
    static const int field[] = {DJ_PATENT_PLEDGED, DJ_PATENT_OWNERS_CONSENT};
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
            dj_record_set(record, field[0], value[a]);
            dj_record_set(record, field[1], value[b]);
            for (int kind = DJ_TEST_ALL; kind <= DJ_TEST_ANY; kind++) {
                DjTest *both = dj_test_new((DjTestKind)kind);
                for (int k = 0; k < 2; k++) {
                    DjTest *one = dj_test_new(DJ_TEST_ONE_OF);
                    one->field = field[k];
                    one->values = g_strsplit("yes", " ", -1);
                    g_ptr_array_add(both->children, one);
                }
                gboolean all = kind == DJ_TEST_ALL;
                DjVerdict strong = all ? DJ_NOT_MET : DJ_MET; /* decides alone */
                DjVerdict expected = verdict[a] == strong || verdict[b] == strong           ? strong
                                     : verdict[a] == DJ_UNKNOWN || verdict[b] == DJ_UNKNOWN ? DJ_UNKNOWN
                                     : all                                                  ? DJ_MET
                                                                                            : DJ_NOT_MET;
                cr_expect_eq(dj_test_judge(both, record, now), expected, "kind %d, %d and %d", kind, a, b);
                dj_test_free(both);
            }
        }
    }
}

Test(rule, a_title_with_its_expiry_in_brackets_is_still_that_title)
{
    DjTest *test = dj_test_new(DJ_TEST_ONE_OF);
    test->field = DJ_ENTERPRISE_TITLES;
    test->values = g_strsplit("专精特新中小企业|高新技术企业", "|", -1);
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
    dj_record_set(record, DJ_ENTERPRISE_TITLES, "科技型中小企业\n高新技术企业（2027-06-30）");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_MET);
    dj_record_set(record, DJ_ENTERPRISE_TITLES, "科技型中小企业");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_NOT_MET);
    dj_test_free(test);
}

Test(rule, shares_need_both_numbers)
{
    DjTest *test = dj_test_new(DJ_TEST_SHARE);
    test->field = DJ_ENTERPRISE_RD_SPEND;
    test->other = DJ_ENTERPRISE_REVENUE;
    test->number = 0.1;
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
    dj_record_set(record, DJ_ENTERPRISE_RD_SPEND, "5000000");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_UNKNOWN);
    dj_record_set(record, DJ_ENTERPRISE_REVENUE, "50000000");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_MET);
    dj_record_set(record, DJ_ENTERPRISE_REVENUE, "50000001");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_NOT_MET);
    dj_record_set(record, DJ_ENTERPRISE_REVENUE, "0");
    cr_expect_eq(dj_test_judge(test, record, now), DJ_UNKNOWN);
    dj_test_free(test);
}

Test(rule, a_rule_that_does_not_apply_is_met_and_says_so)
{
    DjRule *rule = dj_rule_new();
    rule->id = g_strdup("L-08");
    rule->name = g_strdup("实用新型有评价报告");
    rule->ask = g_strdup("问专利权人：有没有专利权评价报告？");
    rule->test = dj_test_new(DJ_TEST_ONE_OF);
    rule->test->field = DJ_PATENT_EVALUATION_REPORT;
    rule->test->values = g_strsplit("yes", " ", -1);
    rule->applies = dj_test_new(DJ_TEST_ONE_OF);
    rule->applies->field = DJ_PATENT_KIND;
    rule->applies->values = g_strsplit("utility_model design", " ", -1);
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, DJ_PATENT_KIND, "invention");
    DjGateResult *result = dj_rule_judge(rule, record, now);
    cr_expect_eq(result->verdict, DJ_MET);
    cr_expect_str_eq(result->value, "不适用");
    cr_expect_null(result->ask);
    dj_gate_result_free(result);

    dj_record_set(record, DJ_PATENT_KIND, "utility_model");
    result = dj_rule_judge(rule, record, now);
    cr_expect_eq(result->verdict, DJ_UNKNOWN);
    cr_expect_str_eq(result->ask, rule->ask);
    cr_expect_str_eq(result->value, "专利权评价报告：未写");
    dj_gate_result_free(result);

    dj_record_set(record, DJ_PATENT_EVALUATION_REPORT, "no");
    cr_expect_eq(dj_rule_verdict(rule, record, now), DJ_NOT_MET);
    dj_record_set(record, DJ_PATENT_KIND, NULL); /* may apply: then nothing is certain */
    cr_expect_eq(dj_rule_verdict(rule, record, now), DJ_UNKNOWN);
    dj_rule_free(rule);
}
