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

Test(unmet, a_need_on_no_list_has_the_first_of_the_unlimited_list_as_its_nearest)
{
    Ground ground;
    ground_make(&ground, 60, 40, 3, 400, 35);
    g_autoptr(DjRecord) strange = dj_record_new(DJ_TABLE_NEED);
    dj_record_set(strange, DJ_NEED_ID, "STRANGE");
    dj_record_set(strange, DJ_NEED_TITLE, "xylophone");
    dj_record_set(strange, DJ_NEED_CHAIN, "c0"); /* in common with some, which alone gives points */
    ground_put(&ground, strange);
    DjBuildResult built;
    ground_build(&ground, &built);
    const DjKnot knots[] = {{0, 0}, {1000, 1000}};
    g_autoptr(DjCalibration) calibration = dj_calibration_new(knots, G_N_ELEMENTS(knots), "test");
    ground.options.calibration = calibration;
    ground.options.adequate = 1000;
    ground.options.top = 1;
    g_autoptr(DjResultSet) all = dj_match(ground.corpus, &ground.records, &ground.options, NULL);
    cr_assert_not_null(all);
    cr_expect_eq(g_hash_table_size(all->nearest), 0, "all are listed");
    for (int limit = 10; limit <= 100; limit += 30) {
        ground.options.scoring.min_score = limit;
        g_autoptr(DjResultSet) set = dj_match(ground.corpus, &ground.records, &ground.options, NULL);
        cr_assert_not_null(set);
        guint expected = 0;
        for (guint i = 0; i < all->pairings->len; i++) {
            const DjPairing *best = all->pairings->pdata[i];
            const DjPairing *nearest = g_hash_table_lookup(set->nearest, best->need);
            gboolean lost = !g_hash_table_contains(set->needs, best->need) && best->points > 0;
            cr_expect_eq(nearest != NULL, lost, "%s at %d", best->need, limit);
            expected += lost;
            if (!nearest)
                continue;
            cr_expect_str_eq(nearest->patent, best->patent);
            cr_expect_eq(nearest->points, best->points);
            cr_expect_eq(nearest->score, best->score);
            cr_expect(nearest->low && nearest->score < limit);
            cr_expect(g_hash_table_contains(set->nearest_patents, nearest->patent));
            cr_expect(g_hash_table_contains(set->unmet, nearest->need));
        }
        cr_expect_eq(g_hash_table_size(set->nearest), expected);
        cr_expect(limit < 100 || expected > 30, "%u at %d", expected, limit);
    }
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
    g_autoptr(DjResultSet) blind = dj_match_question(ground.corpus, &ground.records, &ground.options, &known, NULL);
    cr_expect_not(dj_result_set_is_unmet(blind));
    ground_free(&ground);
}

static DjResultSet *ask(const Ground *ground, const char *text, guint64 *found)
{
    DjQuestion question = {.text = text, .top = 10, .found = found};
    g_autoptr(GError) error = NULL;
    DjResultSet *set = dj_match_question(ground->corpus, &ground->records, &ground->options, &question, &error);
    cr_assert(set != NULL, "%s", error ? error->message : "");
    return set;
}

Test(unmet, a_question_that_nothing_reaches_shows_the_nearest_in_the_order_of_all)
{
    Ground ground;
    ground_make(&ground, 60, 10, 0, 400, 33);
    DjBuildResult built;
    ground_build(&ground, &built);
    g_autofree char *text = NULL;
    for (int limit = 0; limit <= 100; limit += 100) { /* random texts: none reaches 100 */
        ground.options.scoring.min_score = limit;
        guint64 found[2] = {0};
        g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
        gboolean stored;
        cr_assert(dj_store_get(ground.store, DJ_TABLE_NEED, "N00003", DJ_POINT_NOW, need, &stored, NULL) && stored);
        g_autoptr(DjResultSet) set = ask(&ground, dj_record_get(need, DJ_NEED_DESCRIPTION), found);
        g_autoptr(GString) order = g_string_new(NULL);
        cr_expect_eq(__builtin_popcountll(found[0]) + __builtin_popcountll(found[1]), (int)set->n_found);
        cr_expect_eq(set->n_found == 0, limit == 100);
        cr_expect_eq(set->pairings->len, limit ? DJ_NEAREST : 10);
        cr_expect_eq(dj_result_set_is_unmet(set), limit == 100);
        for (guint i = 0; i < DJ_NEAREST; i++) {
            const DjPairing *pairing = set->pairings->pdata[i];
            cr_expect_eq(pairing->low, limit == 100);
            g_string_append_printf(order, "%s ", pairing->patent);
        }
        if (text)
            cr_expect_str_eq(order->str, text);
        else
            text = g_strdup(order->str);
    }
    ground_free(&ground);
}

/* The first looks at a public field, the second at one that the public may not see. */
static DjRuleSet *two_rules(void)
{
    DjRuleSet *rules = dj_rule_set_new();
    static const struct {
        const char *id, *name;
        int field;
    } made[] = {{"in-force", "专利权有效", DJ_PATENT_LEGAL_STATUS}, {"secret", "没有争议", DJ_PATENT_CONTACT}};
    rules->table = DJ_TABLE_PATENT;
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
        DjRule *rule = dj_rule_new();
        rule->id = g_strdup(made[i].id);
        rule->name = g_strdup(made[i].name);
        rule->hard = TRUE;
        rule->test = dj_test_new(DJ_TEST_ONE_OF);
        rule->test->field = made[i].field;
        rule->test->absent = DJ_ABSENT_MET;
        rule->test->values = g_strsplit("good", " ", 0);
        g_ptr_array_add(rules->rules, rule);
    }
    return rules;
}

Test(unmet, an_answer_counts_what_each_rule_kept_off_it)
{
    Ground ground;
    ground_make(&ground, 40, 10, 0, 400, 34);
    static const struct {
        const char *id, *title, *status, *contact;
    } patents[] = {{"X1", "xylophone mallet", "good", "good"},
                   {"X2", "xylophone mallet", "bad", "good"},
                   {"X3", "xylophone mallet", "bad", "bad"}, /* the first rule counts it */
                   {"X4", "xylophone mallet", "good", "bad"},
                   {"X5", "harpsichord", "bad", "good"}};
    for (gsize i = 0; i < G_N_ELEMENTS(patents); i++) {
        g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
        dj_record_set(patent, DJ_PATENT_SOURCE_ID, patents[i].id);
        dj_record_set(patent, DJ_PATENT_TITLE, patents[i].title);
        dj_record_set(patent, DJ_PATENT_LEGAL_STATUS, patents[i].status);
        dj_record_set(patent, DJ_PATENT_CONTACT, patents[i].contact);
        ground_put(&ground, patent);
    }
    DjBuildResult built;
    ground_build(&ground, &built);
    g_autoptr(DjRuleSet) rules = two_rules();
    ground.options.rules = rules;
    ground.options.scoring.min_score = 30;
    static const struct {
        const char *text;
        guint n_found, n_shown, n_first, n_second;
    } cases[] = {{"xylophone mallet", 1, 1, 2, 1}, {"harpsichord", 0, 0, 1, 0}, {"theremin", 0, 0, 0, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(DjResultSet) set = ask(&ground, cases[i].text, NULL);
        guint n[2] = {0};
        for (guint b = 0; b < set->barred->len; b++) {
            const DjBarred *barred = set->barred->pdata[b];
            gboolean second = g_strcmp0(barred->rule, "secret") == 0;
            n[second] = barred->n;
            cr_expect_str_eq(barred->name, second ? "没有争议" : "专利权有效");
            cr_expect_eq(barred->privacy,
                         dj_field_at(DJ_TABLE_PATENT, second ? DJ_PATENT_CONTACT : DJ_PATENT_LEGAL_STATUS)->privacy);
        }
        cr_expect_eq(set->n_found, cases[i].n_found, "%s: %u", cases[i].text, set->n_found);
        cr_expect_eq(set->pairings->len, cases[i].n_shown, "%s: %u", cases[i].text, set->pairings->len);
        cr_expect_eq(n[0], cases[i].n_first, "%s: %u", cases[i].text, n[0]);
        cr_expect_eq(n[1], cases[i].n_second, "%s: %u", cases[i].text, n[1]);
    }
    ground_free(&ground);
}
