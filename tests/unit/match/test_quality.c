/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/quality.h"
#include "engine/model/ident.h"
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>

static DjTest *at_least(int field, double number)
{
    DjTest *test = dj_test_new(DJ_TEST_AT_LEAST);
    test->field = field;
    test->number = number;
    return test;
}

static void add(DjCriteria *criteria, const char *id, int field, int best, int lower, DjTest *applies)
{
    DjCriterion *criterion = dj_criterion_new();
    criterion->id = g_strdup(id);
    criterion->name = g_strdup(id);
    criterion->dimension = g_strdup("技术");
    criterion->source = g_strdup("test");
    criterion->applies = applies;
    dj_criterion_add_level(criterion, at_least(field, 6), best);
    dj_criterion_add_level(criterion, at_least(field, 3), lower);
    g_ptr_array_add(criteria->criteria, criterion);
}

/* maturity 20 / 5 (public), licences 10 / 4 (public), fee rate 10 / 3 for what names a kind. */
static DjCriteria *make(int min_known)
{
    DjCriteria *criteria = dj_criteria_new();
    criteria->id = g_strdup("test");
    criteria->version = g_strdup("1");
    criteria->min_known = min_known;
    add(criteria, "maturity", DJ_PATENT_MATURITY, 20, 5, NULL);
    add(criteria, "licences", DJ_PATENT_LICENCES_GRANTED, 10, 4, NULL);
    DjTest *named = dj_test_new(DJ_TEST_PRESENT);
    named->field = DJ_PATENT_KIND;
    add(criteria, "rate", DJ_PATENT_FEE_RATE, 10, 3, named);
    return criteria;
}

static void expect(int min_known, const char *maturity, const char *licences, const char *kind, const char *rate,
                   int score, int share)
{
    g_autoptr(DjCriteria) criteria = make(min_known);
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(patent, DJ_PATENT_MATURITY, maturity);
    dj_record_set(patent, DJ_PATENT_LICENCES_GRANTED, licences);
    dj_record_set(patent, DJ_PATENT_KIND, kind);
    dj_record_set(patent, DJ_PATENT_FEE_RATE, rate);
    g_autoptr(DjQuality) quality = dj_quality_judge(criteria, patent, 20000);
    int known;
    cr_expect_eq(dj_quality_score(quality, DJ_AUDIENCE_PUBLIC, &known), score, "%s %s %s %s: %d", maturity, licences,
                 kind, rate, dj_quality_score(quality, DJ_AUDIENCE_PUBLIC, NULL));
    cr_expect_eq(known, share);
}

Test(quality, the_score_is_over_what_is_known_and_silent_where_too_little_is)
{
    expect(40, "8", "9", "invention", "7", 100, 100);
    expect(40, "4", "4", "invention", "4", 30, 100);   /* (5 + 4 + 3) of 40 */
    expect(40, "1", "1", "invention", "1", 0, 100);    /* known to be low, not unknown */
    expect(40, "8", NULL, "invention", NULL, 100, 50); /* 20 of 20, half of the weight */
    expect(40, NULL, "9", "invention", NULL, -1, 25);  /* a quarter is too little */
    expect(25, NULL, "9", "invention", NULL, 100, 25);
    expect(40, NULL, NULL, "invention", NULL, -1, 0);
    expect(0, NULL, NULL, "invention", NULL, -1, 0); /* nothing known is never a figure */
    expect(40, "4", NULL, NULL, "7", 25, 66);        /* the rate does not apply: 5 of 20, 20 of 30 known */
}

Test(quality, no_audience_learns_what_it_may_not_see)
{
    g_autoptr(DjCriteria) criteria = make(10);
    DjCriterion *graded = dj_criterion_new();
    graded->id = g_strdup("grade");
    graded->name = g_strdup("分级");
    graded->dimension = g_strdup("经济");
    graded->source = g_strdup("test");
    DjTest *a = dj_test_new(DJ_TEST_BEGINS);
    a->field = DJ_PATENT_GRADE;
    a->values = g_strsplit("A", ",", -1);
    dj_criterion_add_level(graded, a, 20);
    g_ptr_array_add(criteria->criteria, graded);
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(patent, DJ_PATENT_MATURITY, "4");
    dj_record_set(patent, DJ_PATENT_GRADE, "A级");
    g_autoptr(DjQuality) quality = dj_quality_judge(criteria, patent, 20000);
    cr_expect_eq(dj_quality_score(quality, DJ_AUDIENCE_PUBLIC, NULL), 25);    /* 5 of 20 */
    cr_expect_eq(dj_quality_score(quality, DJ_AUDIENCE_ORGANISER, NULL), 63); /* 25 of 40 */
    cr_expect_eq(dj_quality_privacy(quality), DJ_ORGANISER);
    const DjQualityPart *part = &g_array_index(quality->parts, DjQualityPart, quality->parts->len - 1);
    cr_expect_str_eq(part->value, "机构分级：A级");
    cr_expect_eq(part->points, 20);
}

/* Order of the pairs of each need, as "need patent" lines. */
static char *order_of(const DjResultSet *set)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        g_string_append_printf(out, "%s %s %d\n", pairing->need, pairing->patent, pairing->score);
    }
    return g_string_free(out, FALSE);
}

Test(quality, changes_no_order_unless_a_setting_lets_it_count_and_then_adds_up)
{
    g_autoptr(GError) error = NULL;
    Ground ground;
    ground_make(&ground, 60, 12, 2, 50, 77);
    g_autoptr(DjResultSet) without = dj_match(ground.corpus, &ground.records, &ground.options, &error);
    cr_assert(without != NULL, "%s", error ? error->message : "");
    g_autoptr(DjCriteria) criteria = dj_criteria_new();
    criteria->id = g_strdup("test");
    criteria->version = g_strdup("1");
    DjCriterion *claim = dj_criterion_new(); /* every third patent of the ground has a claim */
    claim->id = g_strdup("claim");
    claim->name = g_strdup("权利要求");
    claim->dimension = g_strdup("法律");
    claim->source = g_strdup("test");
    DjTest *present = dj_test_new(DJ_TEST_PRESENT);
    present->field = DJ_PATENT_CLAIM;
    dj_criterion_add_level(claim, present, 10);
    g_ptr_array_add(criteria->criteria, claim);
    ground.options.criteria = criteria;
    g_autoptr(DjResultSet) shown = dj_match(ground.corpus, &ground.records, &ground.options, &error);
    g_autofree char *a = order_of(without), *b = order_of(shown);
    cr_expect_str_eq(a, b);
    cr_expect_eq(g_hash_table_size(shown->quality), g_hash_table_size(shown->patents));

    ground.options.scoring.quality_points = 50;
    g_autoptr(DjResultSet) counted = dj_match(ground.corpus, &ground.records, &ground.options, &error);
    cr_assert(counted != NULL, "%s", error ? error->message : "");
    guint n_parts = 0;
    for (guint i = 0; i < counted->pairings->len; i++) {
        const DjPairing *pairing = counted->pairings->pdata[i];
        const DjQuality *quality = g_hash_table_lookup(counted->quality, pairing->patent);
        gint64 points = 0;
        for (guint p = 0; p < pairing->parts->len; p++) {
            const DjPart *part = pairing->parts->pdata[p];
            points += part->kind == DJ_PART_QUALITY ? part->points : 0;
        }
        cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);
        cr_expect_eq(points, dj_quality_score(quality, DJ_AUDIENCE_CENTRE, NULL) > 0 ? 50 : 0);
        n_parts += points > 0;
    }
    cr_expect_gt(n_parts, 0);
    g_autofree char *c = order_of(counted);
    cr_expect_str_neq(a, c);
    ground_free(&ground);
}
