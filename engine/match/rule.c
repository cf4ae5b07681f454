/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/rule.h"
#include "engine/model/ident.h"
#include <string.h>

DjTest *dj_test_new(DjTestKind kind)
{
    DjTest *test = g_new0(DjTest, 1);
    test->kind = kind;
    test->field = test->other = test->reference = -1;
    test->children = g_ptr_array_new_with_free_func((GDestroyNotify)dj_test_free);
    return test;
}

void dj_test_free(DjTest *test)
{
    if (!test)
        return;
    g_strfreev(test->values);
    g_ptr_array_unref(test->children);
    g_free(test);
}

DjRule *dj_rule_new(void)
{
    return g_new0(DjRule, 1);
}

void dj_rule_free(DjRule *rule)
{
    if (!rule)
        return;
    g_free(rule->id);
    g_free(rule->name);
    g_free(rule->source);
    g_free(rule->ask);
    dj_test_free(rule->test);
    dj_test_free(rule->applies);
    g_free(rule);
}

DjRuleSet *dj_rule_set_new(void)
{
    DjRuleSet *set = g_new0(DjRuleSet, 1);
    set->rules = g_ptr_array_new_with_free_func((GDestroyNotify)dj_rule_free);
    return set;
}

void dj_rule_set_free(DjRuleSet *set)
{
    if (!set)
        return;
    g_free(set->id);
    g_free(set->version);
    g_free(set->date);
    g_free(set->jurisdiction);
    g_ptr_array_unref(set->rules);
    g_free(set);
}

static DjVerdict verdict_of(gboolean condition)
{
    return condition ? DJ_MET : DJ_NOT_MET;
}

static DjVerdict when_absent(const DjTest *test)
{
    return test->absent == DJ_ABSENT_MET ? DJ_MET : test->absent == DJ_ABSENT_NOT_MET ? DJ_NOT_MET : DJ_UNKNOWN;
}

/* Cuts "专精特新中小企业(2027-06-30)" at the bracket and returns what stands in it, NULL where there is no bracket. */
static char *cut_bracket(char *item)
{
    char *bracket = strpbrk(item, "("), *wide = strstr(item, "（");
    gsize length = 1;
    if (wide && (!bracket || wide < bracket)) {
        bracket = wide;
        length = strlen("（");
    }
    if (!bracket || bracket == item)
        return NULL;
    *bracket = '\0';
    return bracket + length;
}

/* A title holds to the end of the day, month or year that its bracket names. Inside that month or year the exact day
 * is not known, so neither is the verdict. */
static DjVerdict judge_expiry(char *bracket, int now)
{
    char *date = bracket ? strpbrk(bracket, "0123456789") : NULL;
    int first, year, month, day;
    if (!date)
        return DJ_UNKNOWN;
    date[strspn(date, "0123456789-")] = '\0';
    if (!dj_day_parse(date, &first))
        return DJ_UNKNOWN;
    if (first >= now)
        return DJ_MET;
    dj_day_to_ymd(first, &year, &month, &day);
    int last = strlen(date) == 4   ? dj_day_from_ymd(year, 12, 31)
               : strlen(date) == 7 ? dj_day_from_ymd(year + (month == 12), month % 12 + 1, 1) - 1
                                   : first;
    return last < now ? DJ_NOT_MET : DJ_UNKNOWN;
}

static DjVerdict judge_valid(const DjTest *test, const DjRecord *record, int now)
{
    DjVerdict verdict = DJ_NOT_MET;
    g_auto(GStrv) items = dj_record_list(record, test->field);
    for (char **item = items; *item; item++) {
        char *bracket = cut_bracket(*item);
        if (g_strv_contains((const char *const *)test->values, *item))
            verdict = dj_verdict_or(verdict, judge_expiry(bracket, now));
    }
    return verdict;
}

static gboolean begins_with_any(const char *item, char **values)
{
    for (char **value = values; *value; value++)
        if (g_str_has_prefix(item, *value))
            return TRUE;
    return FALSE;
}

static DjVerdict judge_words(const DjTest *test, const DjRecord *record)
{
    const char *text = dj_record_get(record, test->field);
    if (test->kind == DJ_TEST_CONTAINS) {
        for (char **value = test->values; *value; value++)
            if (strstr(text, *value))
                return DJ_MET;
        return DJ_NOT_MET;
    }
    g_auto(GStrv) items = g_strsplit(text, "\n", -1);
    for (char **item = items; *item; item++) {
        if (test->kind == DJ_TEST_BEGINS && begins_with_any(*item, test->values))
            return DJ_MET;
        cut_bracket(*item);
        if (test->kind == DJ_TEST_ONE_OF && g_strv_contains((const char *const *)test->values, *item))
            return DJ_MET;
    }
    return DJ_NOT_MET;
}

static DjVerdict judge_date(const DjTest *test, const DjRecord *record, int now)
{
    int day, limit = now;
    if (!dj_record_date(record, test->field, &day))
        return DJ_UNKNOWN; /* text that is no date */
    if (test->reference >= 0 && !dj_record_date(record, test->reference, &limit))
        return DJ_UNKNOWN;
    limit = dj_day_add_years(limit, test->plus_years) + test->plus_days;
    return verdict_of(test->kind == DJ_TEST_BEFORE ? day <= limit : day >= limit);
}

static DjVerdict judge_number(const DjTest *test, const DjRecord *record)
{
    double value, other;
    if (!dj_record_number(record, test->field, &value))
        return DJ_UNKNOWN;
    if (test->kind == DJ_TEST_SHARE) {
        if (!dj_record_number(record, test->other, &other) || other <= 0)
            return DJ_UNKNOWN;
        return verdict_of(value >= test->number * other);
    }
    return verdict_of(test->kind == DJ_TEST_AT_LEAST ? value >= test->number : value <= test->number);
}

static DjVerdict judge(const DjTest *test, const DjRecord *record, int now)
{
    DjVerdict verdict;
    switch (test->kind) {
    case DJ_TEST_ALL:
        verdict = DJ_MET;
        for (guint i = 0; i < test->children->len; i++)
            verdict = dj_verdict_and(verdict, dj_test_judge(test->children->pdata[i], record, now));
        return verdict;
    case DJ_TEST_ANY:
        verdict = DJ_NOT_MET;
        for (guint i = 0; i < test->children->len; i++)
            verdict = dj_verdict_or(verdict, dj_test_judge(test->children->pdata[i], record, now));
        return verdict;
    case DJ_TEST_NOT:
        verdict = dj_test_judge(test->children->pdata[0], record, now);
        return verdict == DJ_MET ? DJ_NOT_MET : verdict == DJ_NOT_MET ? DJ_MET : DJ_UNKNOWN;
    case DJ_TEST_PRESENT:
        return verdict_of(dj_record_get(record, test->field) != NULL);
    case DJ_TEST_JUDGEMENT:
        return DJ_UNKNOWN;
    default:
        break;
    }
    if (!dj_record_get(record, test->field))
        return when_absent(test);
    switch (test->kind) {
    case DJ_TEST_ONE_OF:
    case DJ_TEST_CONTAINS:
    case DJ_TEST_BEGINS:
        return judge_words(test, record);
    case DJ_TEST_VALID:
        return judge_valid(test, record, now);
    case DJ_TEST_BEFORE:
    case DJ_TEST_AFTER:
        return judge_date(test, record, now);
    default:
        return judge_number(test, record);
    }
}

DjVerdict dj_test_judge(const DjTest *test, const DjRecord *record, int now)
{
    DjVerdict verdict = judge(test, record, now);
    return verdict == DJ_NOT_MET && test->doubt ? DJ_UNKNOWN : verdict;
}

static char *show_value(const DjField *field, const char *value)
{
    if (field->type == DJ_TYPE_BOOL && strcmp(value, "yes") == 0)
        return g_strdup("是");
    if (field->type == DJ_TYPE_BOOL && strcmp(value, "no") == 0)
        return g_strdup("否");
    const char *kind = field->type == DJ_TYPE_PATENT_KIND ? dj_patent_kind_label(value) : "";
    return g_strdup(*kind ? kind : value);
}

void dj_test_describe(const DjTest *test, const DjRecord *record, GString *out, GArray *seen, DjPrivacy *privacy)
{
    int fields[] = {test->field, test->other, test->reference};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        int field = fields[i];
        gboolean known = field < 0;
        for (guint s = 0; s < seen->len && !known; s++)
            known = g_array_index(seen, int, s) == field;
        if (known)
            continue;
        g_array_append_val(seen, field);
        const char *value = dj_record_get(record, field);
        const DjField *f = dj_field_at(record->table, field);
        *privacy = MAX(*privacy, dj_record_privacy(record, field));
        if (!value)
            value = "未写";
        g_autofree char *shown = show_value(f, value);
        g_strdelimit(shown, "\n", ' ');
        g_string_append_printf(out, "%s%s：%s", out->len ? "，" : "", f->label, shown);
    }
    if (test->kind == DJ_TEST_JUDGEMENT)
        g_string_append_printf(out, "%s须人工认定：%s", out->len ? "，" : "", test->values[0]);
    for (guint i = 0; i < test->children->len; i++)
        dj_test_describe(test->children->pdata[i], record, out, seen, privacy);
}

static DjPrivacy test_privacy(const DjTest *test, DjTable table)
{
    int fields[] = {test->field, test->other, test->reference};
    DjPrivacy privacy = DJ_PUBLIC;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i] >= 0)
            privacy = MAX(privacy, dj_field_at(table, fields[i])->privacy);
    for (guint i = 0; i < test->children->len; i++)
        privacy = MAX(privacy, test_privacy(test->children->pdata[i], table));
    return privacy;
}

DjPrivacy dj_rule_privacy(const DjRule *rule, DjTable table)
{
    DjPrivacy privacy = test_privacy(rule->test, table);
    return rule->applies ? MAX(privacy, test_privacy(rule->applies, table)) : privacy;
}

DjVerdict dj_rule_verdict(const DjRule *rule, const DjRecord *record, int now)
{
    DjVerdict applies = rule->applies ? dj_test_judge(rule->applies, record, now) : DJ_MET;
    if (applies == DJ_NOT_MET)
        return DJ_MET;
    DjVerdict verdict = dj_test_judge(rule->test, record, now);
    return applies == DJ_UNKNOWN && verdict == DJ_NOT_MET ? DJ_UNKNOWN : verdict;
}

DjGateResult *dj_rule_judge(const DjRule *rule, const DjRecord *record, int now)
{
    DjGateResult *result = g_new0(DjGateResult, 1);
    result->rule = g_strdup(rule->id);
    result->name = g_strdup(rule->name);
    result->hard = rule->hard;
    result->privacy = DJ_PUBLIC;
    DjVerdict verdict = result->verdict = dj_rule_verdict(rule, record, now);
    g_autoptr(GString) value = g_string_new(NULL);
    g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(int));
    if (rule->applies && dj_test_judge(rule->applies, record, now) == DJ_NOT_MET)
        g_string_append(value, "不适用");
    else
        dj_test_describe(rule->test, record, value, seen, &result->privacy);
    result->value = g_strdup(value->str);
    result->ask = verdict == DJ_UNKNOWN ? g_strdup(rule->ask) : NULL;
    return result;
}

static gboolean names(const DjTest *test, const DjRecord *record, int field)
{
    for (guint i = 0; test->children && i < test->children->len; i++)
        if (names(test->children->pdata[i], record, field))
            return TRUE;
    gboolean words = test->kind == DJ_TEST_ONE_OF || test->kind == DJ_TEST_CONTAINS || test->kind == DJ_TEST_BEGINS;
    return words && test->field == field && judge_words(test, record) == DJ_MET;
}

gboolean dj_rule_set_names(const DjRuleSet *set, int field, const char *value)
{
    g_autoptr(DjRecord) record = dj_record_new(set->table);
    dj_record_set(record, field, value);
    for (guint i = 0; i < set->rules->len; i++) {
        const DjRule *rule = set->rules->pdata[i];
        if (names(rule->test, record, field) || (rule->applies && names(rule->applies, record, field)))
            return TRUE;
    }
    return FALSE;
}
