/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Needs without an adequate patent are marked: exactly those none of whose pairings reaches the probability. */
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>

/* Whether a need has a pairing of that probability. */
static gboolean is_met(const DjResultSet *set, const char *need, int adequate)
{
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if (g_strcmp0(pairing->need, need) == 0 && pairing->permille >= adequate)
            return TRUE;
    }
    return FALSE;
}

Test(unmet, needs_none_of_whose_pairings_reach_the_probability_are_marked)
{
    Ground ground;
    ground_make(&ground, 60, 40, 3, 400, 31);
    g_autoptr(DjRecord) strange = dj_record_new(DJ_TABLE_NEED); /* nothing of it stands in any patent */
    dj_record_set(strange, DJ_NEED_ID, "STRANGE");
    dj_record_set(strange, DJ_NEED_TITLE, "xylophone");
    ground_put(&ground, strange);
    DjBuildResult built;
    ground_build(&ground, &built);
    const DjKnot knots[] = {{0, 0}, {1000, 1000}};
    g_autoptr(DjCalibration) calibration = dj_calibration_new(knots, G_N_ELEMENTS(knots), "test");
    ground.options.calibration = calibration;

    guint last = 0;
    gboolean some = FALSE;
    for (int adequate = 0; adequate <= 1000; adequate += 100) {
        ground.options.adequate = adequate;
        g_autoptr(DjResultSet) set = dj_match(ground.corpus, &ground.records, &ground.options, NULL);
        cr_assert_not_null(set);
        GHashTableIter iter;
        gpointer key, record;
        g_hash_table_iter_init(&iter, set->unmet);
        while (g_hash_table_iter_next(&iter, &key, &record)) {
            cr_expect_not(is_met(set, key, adequate), "%s", (char *)key);
            cr_expect_str_eq(((DjRecord *)record)->key, key);
        }
        g_hash_table_iter_init(&iter, set->needs);
        while (g_hash_table_iter_next(&iter, &key, NULL))
            cr_expect(adequate == 0 || is_met(set, key, adequate) != g_hash_table_contains(set->unmet, key));
        cr_expect_eq(g_hash_table_contains(set->unmet, "STRANGE"), adequate > 0, "a need on no list is unmet as well");
        guint n = g_hash_table_size(set->unmet);
        cr_expect_geq(n, last);
        some |= n > 1 && n < 41;
        last = n;
    }
    cr_expect(some, "no setting tells needs apart: the test says nothing");

    ground.options.calibration = NULL; /* nobody can tell */
    g_autoptr(DjResultSet) blind = dj_match(ground.corpus, &ground.records, &ground.options, NULL);
    cr_expect_eq(g_hash_table_size(blind->unmet), 0);
    cr_expect_eq(blind->adequate, 0);
    ground_free(&ground);
}

Test(unmet, the_answer_to_a_question_says_whether_anything_is_adequate)
{
    Ground ground;
    ground_make(&ground, 60, 10, 0, 400, 32);
    DjBuildResult built;
    ground_build(&ground, &built);
    const DjKnot knots[] = {{0, 0}, {1000, 1000}};
    g_autoptr(DjCalibration) calibration = dj_calibration_new(knots, G_N_ELEMENTS(knots), "test");
    ground.options.calibration = calibration;
    ground.options.adequate = 1;
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(patent, DJ_PATENT_SOURCE_ID, "XYLO");
    dj_record_set(patent, DJ_PATENT_TITLE, "xylophone mallet");
    ground_put(&ground, patent);
    ground_build(&ground, &built);
    DjQuestion known = {.text = "xylophone mallet", .top = 5}, unknown = {.text = "harpsichord", .top = 5};
    g_autoptr(DjResultSet) found = dj_match_question(ground.corpus, &ground.records, &ground.options, &known, NULL);
    g_autoptr(DjResultSet) nothing = dj_match_question(ground.corpus, &ground.records, &ground.options, &unknown, NULL);
    cr_expect_gt(found->pairings->len, 0);
    cr_expect_not(dj_result_set_is_unmet(found));
    cr_expect_eq(nothing->pairings->len, 0);
    cr_expect(dj_result_set_is_unmet(nothing));
    ground.options.calibration = NULL;
    g_autoptr(DjResultSet) blind = dj_match_question(ground.corpus, &ground.records, &ground.options, &unknown, NULL);
    cr_expect_not(dj_result_set_is_unmet(blind));
    ground_free(&ground);
}
