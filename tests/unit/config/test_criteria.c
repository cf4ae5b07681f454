/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped criteria of quality, criterion by criterion, against points written from their README and not from the
 * file; and what is said of a broken file. */
#include "config/criteria_file.h"
#include "config/settings.h"
#include "engine/model/ident.h"
#include "tests/unit/config/fixture.h"
#include <string.h>

static DjCriteria *shipped(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = fixture_shipped();
    DjCriteria *criteria = NULL;
    cr_assert(dj_criteria_file_load(source, &criteria, &error), "%s", error ? error->message : "");
    cr_assert_not_null(criteria);
    return criteria;
}

#define LEFT_OUT (-2)

/* Points of one criterion for a record given as "field=value;field=value" on 2026-11-20. */
static int points_of(DjCriteria *criteria, const char *id, const char *record)
{
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    g_auto(GStrv) pairs = g_strsplit(record, ";", -1);
    for (char **pair = pairs; *pair && **pair; pair++) {
        char *equal = strchr(*pair, '=');
        *equal = '\0';
        dj_record_set(patent, dj_field_find(DJ_TABLE_PATENT, *pair)->index, equal + 1);
    }
    g_autoptr(DjQuality) quality = dj_quality_judge(criteria, patent, dj_day_from_ymd(2026, 11, 20));
    for (guint i = 0; i < quality->parts->len; i++) {
        const DjQualityPart *part = &g_array_index(quality->parts, DjQualityPart, i);
        if (strcmp(part->criterion->id, id) == 0)
            return part->points;
    }
    return LEFT_OUT;
}

Test(criteria, each_fact_gives_its_points_and_an_absent_one_is_unknown)
{
    g_autoptr(DjCriteria) criteria = shipped();
    static const struct {
        const char *id, *record;
        int points;
    } rows[] = {
        {"in-force", "legal_status=有效", 4},
        {"in-force", "legal_status=终止", 0},
        {"in-force", "", -1},
        {"in-force", "kind=achievement", LEFT_OUT},
        {"kind", "kind=invention;grant_date=2024-01-01", 12},
        {"kind", "kind=invention;grant_date=2027-01-01", 0},
        {"kind", "kind=utility_model;evaluation_report=yes", 8},
        {"kind", "kind=utility_model", 3},
        {"kind", "kind=utility_model;evaluation_report=no", 3},
        {"fees", "fee_paid_until=2028-01-01", 2},
        {"fees", "fee_paid_until=2026-12-01", 1},
        {"fees", "fee_paid_until=2026-11-19", 0},
        {"free-of-burdens", "exclusive_licence=no;pledged=no", 4},
        {"free-of-burdens", "exclusive_licence=no", -1},
        {"free-of-burdens", "exclusive_licence=yes", 0},
        {"family", "family=P-1", 2},
        {"family", "", -1},
        {"maturity", "maturity=9", 20},
        {"maturity", "maturity=6", 15},
        {"maturity", "maturity=5", 8},
        {"maturity", "maturity=1;kind=achievement", 2},
        {"maturity", "", -1},
        {"indicators", "indicators=热导率 180 W/(m·K)", 4},
        {"indicators", "", -1},
        {"cited", "cited_by=12", 10},
        {"cited", "cited_by=1", 4},
        {"cited", "cited_by=0", 0},
        {"cited", "", -1},
        {"term-left", "expiry_date=2036-11-20", 12},
        {"term-left", "expiry_date=2036-11-19", 8},
        {"term-left", "expiry_date=2028-11-20", 3},
        {"term-left", "expiry_date=2028-11-19", 0},
        {"term-left", "kind=invention;filing_date=2017-01-01", 12},
        {"term-left", "kind=utility_model;filing_date=2022-01-01", 8},
        {"term-left", "kind=utility_model;filing_date=2017-01-01", 0},
        {"term-left", "kind=invention", -1},
        {"term-left", "kind=design;filing_date=2022-01-01", -1}, /* ten or fifteen years, by the date */
        {"term-left", "filing_date=2022-01-01", -1},
        {"licensed", "licences_granted=3", 12},
        {"licensed", "licences_granted=1", 9},
        {"licensed", "licences_granted=0", 0},
        {"licensed", "", -1},
        {"institute-grade", "grade=A级;grade_source=校内;grade_date=2025-01-01", 10},
        {"institute-grade", "grade=B级;grade_source=校内;grade_date=2025-01-01", 5},
        {"institute-grade", "grade=D级;grade_source=校内;grade_date=2025-01-01", 0},
        {"institute-grade", "grade=A级;grade_date=2025-01-01", -1}, /* nobody stands for it */
        {"institute-grade", "grade=A级;grade_source=校内;grade_date=2020-01-01", 0},
        {"value-grade", "value_grade=高;grade_source=评估机构;grade_date=2026-01-01", 8},
        {"value-grade", "value_grade=低;grade_source=评估机构;grade_date=2026-01-01", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        int points = points_of(criteria, rows[i].id, rows[i].record);
        cr_expect_eq(points, rows[i].points, "%s %s: %d", rows[i].id, rows[i].record, points);
    }
}

Test(criteria, weigh_a_hundred_and_name_their_source)
{
    g_autoptr(DjCriteria) criteria = shipped();
    int most = 0;
    for (guint i = 0; i < criteria->criteria->len; i++) {
        const DjCriterion *criterion = criteria->criteria->pdata[i];
        most += criterion->most;
        cr_expect(*criterion->source != '\0');
        cr_expect(strcmp(criterion->dimension, "法律") == 0 || strcmp(criterion->dimension, "技术") == 0 ||
                      strcmp(criterion->dimension, "经济") == 0,
                  "%s", criterion->dimension);
    }
    cr_expect_eq(most, 100);
}

Test(criteria, belong_to_the_bundle_and_a_bundle_of_before_judges_nothing)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjSettings) settings = dj_settings_load(source, &error);
    g_autoptr(GBytes) bundle = dj_settings_bundle(settings, source, &error);
    g_autoptr(DjConfigSource) past = dj_config_source_from_bundle(bundle, &error);
    g_autoptr(DjCriteria) then = NULL, none = NULL;
    cr_expect(dj_criteria_file_load(past, &then, &error) && then);
    g_autoptr(GBytes) old = g_bytes_new_static("{}", 2);
    g_autoptr(DjConfigSource) older = dj_config_source_from_bundle(old, &error);
    cr_expect(dj_criteria_file_load(older, &none, &error) && !none);
}

static void expect_refused(const char *levels, const char *word)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = fixture_folder();
    g_autofree char *text = g_strdup_printf("id: x\nversion: \"1\"\nmin_known: 40\ncriteria:\n  - id: a\n    name: 甲\n"
                                            "    dimension: 法律\n    source: 乙\n    levels:\n%s",
                                            levels);
    fixture_write(folder, "default.yaml", "");
    fixture_write(folder, DJ_CRITERIA_FILE, text);
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, NULL, &error);
    DjCriteria *criteria = NULL;
    cr_expect_not(dj_criteria_file_load(source, &criteria, &error), "%s", levels);
    cr_expect_null(criteria);
    cr_expect(error && strstr(error->message, word) && strstr(error->message, "line 1"), "%s",
              error ? error->message : "");
    folder_remove(folder);
}

Test(criteria, a_broken_file_is_refused_with_its_line)
{
    expect_refused("      - {points: 1, when: {present: maturity}}\n      - {points: 2, when: {present: family}}\n",
                   "best first");
    expect_refused("      - {points: 1, when: {present: nothing}}\n", "no field");
    expect_refused("      - {points: x, when: {present: family}}\n", "points");
    expect_refused("      - {points: 0, when: {present: family}}\n", "no level gives a point");
    expect_refused("      - {points: 1}\n", "when");
}
