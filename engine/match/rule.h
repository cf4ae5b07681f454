/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules (规则) as data: each names the sentence that it comes from and answers met, not met or unknown for a record,
 * with the value that it looked at. The loader in config/ fills DjRuleSet from config/rules; everything here is
 * read-only afterwards. A field that is absent makes a test unknown, unless the rule says what absence means. */
#pragma once
#include "engine/model/pairing.h"
#include "engine/model/record.h"

typedef enum {
    DJ_TEST_ALL,      /* children: Kleene and */
    DJ_TEST_ANY,      /* children: Kleene or */
    DJ_TEST_NOT,      /* one child */
    DJ_TEST_PRESENT,  /* the field has a value: met or not met */
    DJ_TEST_ONE_OF,   /* a value (of a list: any item) is one of `values`; text after '(' in an item is ignored */
    DJ_TEST_CONTAINS, /* text contains one of `values` */
    DJ_TEST_BEGINS,   /* a value (of a list: any item) begins with one of `values` */
    DJ_TEST_VALID,    /* a list item is one of `values` and the date in its brackets is not past; unknown without one */
    DJ_TEST_BEFORE,   /* date <= reference */
    DJ_TEST_AFTER,    /* date >= reference */
    DJ_TEST_AT_LEAST, /* number >= number */
    DJ_TEST_AT_MOST,  /* number <= number */
    DJ_TEST_SHARE,    /* number / number of field `other` >= number (a share, 0.1 is 10 %) */
    DJ_TEST_JUDGEMENT /* what no field tells: always unknown, a person decides on evidence (人工认定) */
} DjTestKind;

typedef enum { DJ_ABSENT_UNKNOWN, DJ_ABSENT_MET, DJ_ABSENT_NOT_MET } DjAbsent;

typedef struct DjTest DjTest;
struct DjTest {
    DjTestKind kind;
    int field; /* index in the table of the rule set, -1 for combinations */
    int other; /* DJ_TEST_SHARE: denominator */
    DjAbsent absent;
    gboolean doubt; /* not met becomes unknown: the field may confirm the condition but cannot refute it */
    char **values;  /* ONE_OF, CONTAINS, BEGINS, VALID; JUDGEMENT: what is to be judged */
    double number;
    int reference;             /* BEFORE, AFTER: field to compare with, -1 = the date of the run */
    int plus_days, plus_years; /* added to the reference */
    GPtrArray *children;
};

typedef struct {
    char *id, *name;          /* name: the condition in plain words */
    char *source;             /* notice and sentence */
    gboolean hard;            /* not met keeps the record off every list */
    gboolean publish_unknown; /* unknown may stand in published lists */
    char *ask;                /* unknown: what to ask whom */
    DjTest *test;
    DjTest *applies; /* NULL = always; when this is not met the rule is met (it says nothing) */
} DjRule;

typedef struct {
    char *id, *version, *date, *jurisdiction;
    DjTable table;
    GPtrArray *rules; /* DjRule, in file order */
} DjRuleSet;

DjTest *dj_test_new(DjTestKind kind);
void dj_test_free(DjTest *test);
DjRule *dj_rule_new(void);
void dj_rule_free(DjRule *rule);
DjRuleSet *dj_rule_set_new(void);
void dj_rule_set_free(DjRuleSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjRuleSet, dj_rule_set_free)

/* Verdict of one test on the day `now` (days since 1970-01-01). */
DjVerdict dj_test_judge(const DjTest *test, const DjRecord *record, int now);
/* Does a test of the set name the value among its words for the field? */
gboolean dj_rule_set_names(const DjRuleSet *set, int field, const char *value);
/* Appends "年费缴至：2026-11-30，法律状态：有效" for the fields that the test looks at, except those in seen (int), and
 * adds them to it; widens the class to that of the fields. */
void dj_test_describe(const DjTest *test, const DjRecord *record, GString *out, GArray *seen, DjPrivacy *privacy);
/* Verdict of a rule: met where it does not apply, unknown where it may not apply and would not be met. */
DjVerdict dj_rule_verdict(const DjRule *rule, const DjRecord *record, int now);
/* Widest class of the fields of the table that the rule looks at. */
DjPrivacy dj_rule_privacy(const DjRule *rule, DjTable table);
/* The verdict with the value that it looked at, in plain words. Free with dj_gate_result_free. */
DjGateResult *dj_rule_judge(const DjRule *rule, const DjRecord *record, int now);
