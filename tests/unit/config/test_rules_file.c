/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped gate judged case by case, and mistakes in a rule file with their place. */
#include "config/rules_file.h"
#include "engine/model/ident.h"
#include "tests/unit/config/fixture.h"

#include <string.h>

#define NOW "2026-11-01"

static DjRuleSet *load_shipped(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = fixture_shipped();
    DjRuleSet *set = dj_rules_file_load(source, "open-licence", &error);
    cr_assert_not_null(set, "%s", error ? error->message : "");
    return set;
}

/* A patent that meets every rule. */
static DjRecord *sound_patent(void)
{
    static const char *const values[] = {
        "kind",           "invention",  "legal_status",      "有效",       "filing_date",    "2019-03-12",
        "grant_date",     "2021-06-01", "expiry_date",       "2039-03-12", "fee_paid_until", "2027-03-12",
        "announced_date", "2024-02-01", "licence_start",     "2024-02-01", "licence_end",    "2027-01-31",
        "owners_consent", "yes",        "exclusive_licence", "no",         "pledged",        "no",
    };
    DjRecord *record = dj_record_new(DJ_TABLE_PATENT);
    for (gsize i = 0; i < G_N_ELEMENTS(values); i += 2)
        dj_record_set(record, dj_field_find(DJ_TABLE_PATENT, values[i])->index, values[i + 1]);
    return record;
}

static const DjRule *find_rule(const DjRuleSet *set, const char *id)
{
    for (guint i = 0; i < set->rules->len; i++) {
        const DjRule *rule = set->rules->pdata[i];
        if (strcmp(rule->id, id) == 0)
            return rule;
    }
    cr_assert_fail("no rule %s", id);
    return NULL;
}

static DjVerdict judge(const DjRuleSet *set, const char *rule, const DjRecord *record)
{
    int now = 0;
    cr_assert(dj_day_parse(NOW, &now));
    DjGateResult *result = dj_rule_judge(find_rule(set, rule), record, now);
    DjVerdict verdict = result->verdict;
    cr_assert_eq(verdict == DJ_UNKNOWN, result->ask != NULL);
    dj_gate_result_free(result);
    return verdict;
}

static void check_case(const char *rule, DjVerdict wanted, ...)
{
    g_autoptr(DjRuleSet) set = load_shipped();
    g_autoptr(DjRecord) record = sound_patent();
    g_autoptr(GString) told = g_string_new(rule);
    va_list args;
    va_start(args, wanted);
    for (const char *field; (field = va_arg(args, const char *));) {
        const char *value = va_arg(args, const char *);
        dj_record_set(record, dj_field_find(DJ_TABLE_PATENT, field)->index, value);
        g_string_append_printf(told, " %s=%s", field, value ? value : "");
    }
    va_end(args);
    DjVerdict verdict = judge(set, rule, record);
    cr_assert_eq(verdict, wanted, "%s: %s instead of %s", told->str, dj_verdict_name(verdict), dj_verdict_name(wanted));
}

Test(rules_file, sound_patent_passes_every_rule)
{
    g_autoptr(DjRuleSet) set = load_shipped();
    g_autoptr(DjRecord) record = sound_patent();
    for (guint i = 0; i < set->rules->len; i++) {
        const DjRule *rule = set->rules->pdata[i];
        cr_assert_eq(judge(set, rule->id, record), DJ_MET, "%s", rule->id);
        cr_assert_not_null(rule->source);
    }
}

Test(rules_file, each_rule_in_its_three_answers)
{
    check_case("granted", DJ_NOT_MET, "legal_status", "审查中", "grant_date", NULL, NULL);
    check_case("granted", DJ_NOT_MET, "legal_status", "失效", "grant_date", "2026-11-02", NULL);
    check_case("granted", DJ_UNKNOWN, "legal_status", NULL, "grant_date", NULL, NULL);
    check_case("granted", DJ_MET, "legal_status", NULL, NULL);
    check_case("in-force", DJ_NOT_MET, "legal_status", "失效", NULL);
    check_case("in-force", DJ_UNKNOWN, "legal_status", NULL, NULL);
    check_case("annual-fee", DJ_MET, "fee_paid_until", NOW, NULL);
    check_case("annual-fee", DJ_NOT_MET, "fee_paid_until", "2026-10-31", NULL);
    check_case("annual-fee", DJ_UNKNOWN, "fee_paid_until", NULL, NULL);
    check_case("term", DJ_NOT_MET, "expiry_date", "2026-10-31", NULL);
    check_case("term", DJ_MET, "expiry_date", NULL, NULL);
    check_case("term", DJ_NOT_MET, "expiry_date", NULL, "filing_date", "2006-11-01", NULL);
    check_case("term", DJ_NOT_MET, "expiry_date", NULL, "kind", "utility_model", "filing_date", "2016-11-01", NULL);
    check_case("term", DJ_MET, "expiry_date", NULL, "kind", "utility_model", "filing_date", "2016-11-02", NULL);
    check_case("term", DJ_UNKNOWN, "expiry_date", NULL, "filing_date", NULL, NULL);
    check_case("announced", DJ_NOT_MET, "announced_date", "2026-11-02", NULL);
    check_case("announced", DJ_UNKNOWN, "announced_date", NULL, NULL);
    check_case("not-withdrawn", DJ_NOT_MET, "withdrawn_date", NOW, NULL);
    check_case("not-withdrawn", DJ_MET, "withdrawn_date", "2026-11-02", NULL);
    check_case("licence-term", DJ_NOT_MET, "licence_end", "2026-10-31", NULL);
    check_case("licence-term", DJ_NOT_MET, "licence_start", "2026-11-02", NULL);
    check_case("licence-term", DJ_UNKNOWN, "licence_end", NULL, NULL);
    check_case("licence-length", DJ_MET, "licence_start", "2026-01-01", "licence_end", "2026-12-31", NULL);
    check_case("licence-length", DJ_NOT_MET, "licence_start", "2026-01-01", "licence_end", "2026-12-30", NULL);
    check_case("licence-length", DJ_NOT_MET, "licence_end", "2039-03-13", NULL);
    check_case("owners-consent", DJ_NOT_MET, "owners_consent", "no", NULL);
    check_case("owners-consent", DJ_UNKNOWN, "owners_consent", NULL, NULL);
    check_case("no-exclusive-licence", DJ_NOT_MET, "exclusive_licence", "yes", NULL);
    check_case("not-pledged", DJ_UNKNOWN, "pledged", NULL, NULL);
    check_case("evaluation-report", DJ_MET, "evaluation_report", NULL, NULL);
    check_case("evaluation-report", DJ_UNKNOWN, "kind", "design", NULL);
    check_case("evaluation-report", DJ_NOT_MET, "kind", "utility_model", "evaluation_report", "no", NULL);
}

Test(rules_file, achievements_stand_outside)
{
    g_autoptr(DjRuleSet) set = load_shipped();
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, DJ_PATENT_KIND, "achievement");
    for (guint i = 0; i < set->rules->len; i++)
        cr_assert_eq(judge(set, ((DjRule *)set->rules->pdata[i])->id, record), DJ_MET);
}

/* ---- mistakes ---- */

static DjRuleSet *load_test(const char *test, GError **error)
{
    g_autofree char *folder = fixture_folder();
    fixture_write(folder, "default.yaml", "list:\n  top: 20\n");
    g_autofree char *text =
        g_strdup_printf("id: t\nversion: \"1\"\ndate: 2024-01-01\njurisdiction: CN\napplies_to: enterprises\nrules:\n"
                        "  - {id: r, name: n, source: s, hard: true, ask: a, test: %s}\n",
                        test);
    fixture_write(folder, "rules/t.yaml", text);
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, NULL, error);
    DjRuleSet *set = dj_rules_file_load(source, "t", error);
    folder_remove(folder);
    return set;
}

static void expect_error(const char *test, const char *ending)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjRuleSet) set = load_test(test, &error);
    cr_assert_null(set, "accepted: %s", test);
    cr_assert(g_str_has_suffix(error->message, ending), "%s", error->message);
    cr_assert(strstr(error->message, "t.yaml: line 7, column "), "%s", error->message);
}

Test(rules_file, mistakes_are_found_with_their_place)
{
    expect_error("{field: nmae, one_of: [x]}", "rules[0].test.field: enterprises have no field \"nmae\"");
    expect_error("{field: name}",
                 "compares name with nothing: one_of, none_of, contains, contains_none, begins, valid, before, "
                 "not_before, after, not_after, at_least or at_most is missing");
    expect_error("{field: name, after: now}", "rules[0].test: name is not a date");
    expect_error("{field: staff, at_least: ten}", "rules[0].test.at_least: not a number: \"ten\"");
    expect_error("{field: name, at_least: 10}", "rules[0].test: name is not a number");
    expect_error("{field: pool_entered, after: name}", "rules[0].test.after: name is not a date");
    expect_error("{field: pool_entered, after: now, before: now}", "rules[0].test: has both before and after; use all");
    expect_error("{field: sme, one_of: [true]}", "rules[0].test.one_of[0]: sme is \"yes\" or \"no\", never \"true\"");
    expect_error("{any: []}", "rules[0].test.any: holds no test");
    expect_error("{all: [{present: name}], any: []}", "rules[0].test.any: unknown key; did you mean \"all\"?");
    expect_error("{}", "rules[0].test: needs one of all, any, not, present, missing, judgement or field");
    expect_error("{field: name, one_of: [x], absent: maybe}",
                 "rules[0].test.absent: must be met, not_met or unknown: \"maybe\"");
}

Test(rules_file, shares_and_negations)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjRuleSet) set = load_test("{any: [{field: rd_spend, share_of: revenue, at_least: 0.1}, "
                                         "{field: titles, none_of: [高新技术企业], absent: not_met}]}",
                                         &error);
    cr_assert_not_null(set, "%s", error ? error->message : "");
    const DjTest *test = ((DjRule *)set->rules->pdata[0])->test;
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
    cr_assert_eq(dj_test_judge(test, record, 0), DJ_UNKNOWN);
    dj_record_set(record, DJ_ENTERPRISE_RD_SPEND, "99");
    dj_record_set(record, DJ_ENTERPRISE_REVENUE, "1000");
    cr_assert_eq(dj_test_judge(test, record, 0), DJ_NOT_MET);
    dj_record_set(record, DJ_ENTERPRISE_TITLES, "科技型中小企业");
    cr_assert_eq(dj_test_judge(test, record, 0), DJ_MET);
    dj_record_set(record, DJ_ENTERPRISE_TITLES, "高新技术企业(2027-01-01)");
    cr_assert_eq(dj_test_judge(test, record, 0), DJ_NOT_MET);
    dj_record_set(record, DJ_ENTERPRISE_RD_SPEND, "100");
    cr_assert_eq(dj_test_judge(test, record, 0), DJ_MET);
}
