/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person reads beside a pairing: related words, indicators, and who may see which of them. */
#include "config/units.h"
#include "engine/match/indicator.h"
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>
#include <string.h>

static void put_patent(Ground *ground, const char *id, const char *title, const char *abstract)
{
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, DJ_PATENT_SOURCE_ID, id);
    dj_record_set(record, DJ_PATENT_TITLE, title);
    dj_record_set(record, DJ_PATENT_ABSTRACT, abstract);
    ground_put(ground, record);
}

static const DjPairing *only(const DjResultSet *set, const char *patent)
{
    for (guint i = 0; i < set->pairings->len; i++)
        if (strcmp(((const DjPairing *)set->pairings->pdata[i])->patent, patent) == 0)
            return set->pairings->pdata[i];
    return NULL;
}

static const DjPart *part_of(const DjPairing *pairing, DjPartKind kind)
{
    for (guint i = 0; i < pairing->parts->len; i++)
        if (((const DjPart *)pairing->parts->pdata[i])->kind == kind)
            return pairing->parts->pdata[i];
    return NULL;
}

Test(evidence, a_synonym_lets_two_words_meet_and_is_shown_as_such)
{
    Ground ground;
    ground_make(&ground, 30, 3, 0, 3000, 11);
    put_patent(&ground, "LIB1", "一种LIB隔离膜的涂覆方法", "涂覆后隔离膜耐热");
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    ground.lexicon = dj_lexicon_new();
    dj_lexicon_add(ground.lexicon, normaliser, (const char *const[]){"锂电池", "锂离子电池", "LIB", NULL}, 100, NULL,
                   NULL, 0);
    dj_lexicon_seal(ground.lexicon);
    DjBuildResult built;
    ground_build(&ground, &built);
    DjQuestion question = {.text = "锂电池鼓包", .top = 40};
    g_autoptr(DjResultSet) set = dj_match_question(ground.corpus, &ground.records, &ground.options, &question, NULL);
    cr_assert(set != NULL);
    const DjPairing *pairing = only(set, "LIB1");
    cr_assert(pairing != NULL);
    const DjPart *part = part_of(pairing, DJ_PART_RELATED);
    cr_assert(part != NULL);
    cr_expect_str_eq(part->text, "锂电池 ~ LIB");
    cr_expect_gt(part->points, 0);
    cr_expect_eq(part->patent.field, DJ_PATENT_TITLE);
    cr_expect_eq(part->patent.char_begin, 2);
    cr_expect_eq(part->patent.char_end, 5);
    cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);

    ground.options.scoring.lexicon_weight = 0;
    g_autoptr(DjResultSet) without =
        dj_match_question(ground.corpus, &ground.records, &ground.options, &question, NULL);
    const DjPairing *plain = only(without, "LIB1");
    cr_expect(plain == NULL || part_of(plain, DJ_PART_RELATED) == NULL);
    ground_free(&ground);
}

/* ---- kindred words ---- */

/* Patents that say "separator" and patents that say "membrane" in the same company, never both; the need says
 * "separator", the patent that is looked at only "membrane". */
static void make_kindred(Ground *ground, const char *title, const char *description)
{
    ground_make(ground, 60, 3, 0, 3000, 5);
    GRand *rand = g_rand_new_with_seed(9);
    static const char *const company[] = {"porosity", "coating", "lithium", "cell", "ceramic", "shrinkage", "wetting"};
    for (int i = 0; i < 60; i++) {
        g_autofree char *id = g_strdup_printf("K%02d", i);
        g_autoptr(GString) text = g_string_new(i % 2 ? "separator" : "membrane");
        for (int w = 0; w < 6; w++)
            g_string_append_printf(text, " %s", company[g_rand_int_range(rand, 0, G_N_ELEMENTS(company))]);
        g_string_append(text, i % 2 ? " separator" : " membrane");
        put_patent(ground, id, i % 2 ? "separator" : "membrane", text->str);
    }
    g_rand_free(rand);
    put_patent(ground, "TARGET", "membrane", "alumina slurry");
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    dj_record_set(need, DJ_NEED_ID, "WANT");
    dj_record_set(need, DJ_NEED_TITLE, title);
    dj_record_set(need, DJ_NEED_DESCRIPTION, description);
    ground_put(ground, need);
    g_clear_pointer(&ground->model, dj_model_free); /* learn again, with these */
    ground->options.top = 200;
    ground->options.scoring.min_score = 0;
    DjBuildResult built;
    ground_build(ground, &built);
}

/* The pairing of WANT with a patent. */
static const DjPairing *wanted_pair(const DjResultSet *set, const char *patent)
{
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if (strcmp(pairing->need, "WANT") == 0 && strcmp(pairing->patent, patent) == 0)
            return pairing;
    }
    cr_assert_fail("WANT and %s are no pairing", patent);
    return NULL;
}

Test(evidence, kindred_words_explain_the_closeness_of_texts_that_share_none)
{
    Ground ground;
    make_kindred(&ground, "a separator for cells", NULL);
    g_autoptr(DjResultSet) set = dj_match(ground.corpus, &ground.records, &ground.options, NULL);
    cr_assert(set != NULL);
    const DjPairing *pairing = wanted_pair(set, "TARGET");
    const DjPart *part = part_of(pairing, DJ_PART_KINDRED);
    cr_assert(part != NULL);
    cr_expect_str_eq(part->text, "separator ~ membrane");
    cr_expect_gt(part->points, 0);
    cr_expect_eq(part->privacy, DJ_PUBLIC);
    cr_expect_eq(part->need.field, DJ_NEED_TITLE);
    cr_expect_eq(part->need.char_begin, 2);
    cr_expect_eq(part->need.char_end, 11);
    cr_expect_eq(part->patent.field, DJ_PATENT_TITLE);
    cr_expect_eq(part->patent.char_begin, 0);
    cr_expect_eq(part->patent.char_end, 8);
    cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);
    /* what stands in both texts is no kindred word */
    cr_expect_null(part_of(wanted_pair(set, "K01"), DJ_PART_KINDRED));
    ground_free(&ground);
}

Test(evidence, words_of_withheld_texts_are_never_named_as_kindred)
{
    Ground ground;
    make_kindred(&ground, "cells", "we want a separator");
    g_autoptr(DjResultSet) set = dj_match(ground.corpus, &ground.records, &ground.options, NULL);
    cr_assert(set != NULL);
    const DjPairing *pairing = wanted_pair(set, "TARGET");
    cr_expect_gt(part_of(pairing, DJ_PART_SEMANTIC)->points, 0); /* it counts, */
    cr_expect_null(part_of(pairing, DJ_PART_KINDRED));           /* and is not said */
    cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);
    ground_free(&ground);
}

static void note(const char *term, int weight, guint32 begin, guint32 end, gpointer user)
{
    cr_expect_eq(weight, 100);
    g_string_append_printf(user, "%s@%u-%u;", term, begin, end);
}

Test(evidence, a_context_term_stands_for_the_others_only_at_home)
{
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    g_autoptr(DjLexicon) lexicon = dj_lexicon_new();
    guint16 home = 3;
    dj_lexicon_add(lexicon, normaliser, (const char *const[]){"聚酰胺", "PA", NULL}, 100,
                   (const char *const[]){"PA", NULL}, &home, 1);
    dj_lexicon_seal(lexicon);
    g_autoptr(GString) out = g_string_new(NULL);
    DjMembership there = {3, 100}, elsewhere = {4, 100};
    struct {
        const char *text;
        const DjMembership *member;
        const char *expected;
    } cases[] = {
        {"PA材料", &there, "聚酰胺@0-2;"}, {"PA材料", &elsewhere, ""}, {"聚酰胺切片", &there, "PA@0-9;"},
        {"聚酰胺切片", &elsewhere, ""}, /* PA means other things there: it is not asked for */
        {"SPA水疗", &there, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_string_truncate(out, 0);
        dj_lexicon_expand(lexicon, normaliser, cases[i].text, cases[i].member, 1, note, out);
        cr_expect_str_eq(out->str, cases[i].expected, "%s: %s", cases[i].text, out->str);
    }
}

/* What a question finds: patent, points and parts of each, in order. */
static char *found(const Ground *ground, const char *text)
{
    DjQuestion question = {.text = text, .top = 40};
    g_autoptr(DjResultSet) set = dj_match_question(ground->corpus, &ground->records, &ground->options, &question, NULL);
    cr_assert(set != NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);
        g_string_append_printf(out, "%s %d %" G_GINT64_FORMAT, pairing->patent, pairing->score, pairing->points);
        for (guint p = 0; p < pairing->parts->len; p++) {
            const DjPart *part = pairing->parts->pdata[p];
            g_string_append_printf(out, " %d:%s:%" G_GINT64_FORMAT, (int)part->kind, part->text ? part->text : "",
                                   part->points);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

Test(evidence, an_empty_word_neither_scores_nor_shows)
{
    Ground ground;
    ground_make(&ground, 30, 3, 0, 3000, 13);
    put_patent(&ground, "GRAMMAR", "要么手动，要么自动，行业领先的开关", "市场占有率高");
    put_patent(&ground, "FILTER", "一种陶瓷膜过滤装置", "陶瓷膜要么平板，要么管式，行业领先");
    g_clear_pointer(&ground.model, dj_model_free);
    DjBuildResult built;
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    ground.lexicon = dj_lexicon_new();
    static const char *const words[] = {"要么", "市场占有率", "行业领先"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        dj_lexicon_add_empty(ground.lexicon, normaliser, words[i]);
    dj_lexicon_seal(ground.lexicon);
    ground_build(&ground, &built);

    static const char without[] = "陶瓷膜过滤；";
    static const char *const with[] = {"要么陶瓷膜过滤；", "陶瓷膜过滤；要么，", "陶瓷膜过滤；行业领先，市场占有率，",
                                       "陶瓷膜过滤；市场占有率，\n要么。"};
    g_autofree char *expected = found(&ground, without);
    cr_expect_not_null(strstr(expected, "FILTER"));
    for (gsize i = 0; i < G_N_ELEMENTS(with); i++) {
        g_autofree char *actual = found(&ground, with[i]);
        if (i > 0) /* the first differs by the bigram 么陶 */
            cr_expect_str_eq(actual, expected, "%s", with[i]);
        cr_expect_null(strstr(actual, "GRAMMAR"), "%s", with[i]);
        cr_expect_null(strstr(actual, ":要么"), "%s", with[i]);
    }
    g_autofree char *nothing = found(&ground, "要么行业领先");
    cr_expect_null(strstr(nothing, "GRAMMAR"), "%s", nothing);
    g_autofree char *part = found(&ground, "行业"); /* the word within, said by itself, is asked for */
    cr_expect_not_null(strstr(part, "GRAMMAR"));

    ground.options.scoring.boilerplate = FALSE; /* nothing is muted */
    g_autofree char *loud = found(&ground, with[1]);
    cr_expect_not_null(strstr(loud, "GRAMMAR"));
    ground_free(&ground);
}

typedef struct {
    Ground ground;
    DjUnits *units;
    DjResultSet *set;
} Wish;

/* One need that wants 热导率≥170 and two patents: one has it, one has not, one says nothing. */
static void make_wish(Wish *wish, const char *indicators, const char *consent)
{
    g_autoptr(GError) error = NULL;
    ground_make(&wish->ground, 20, 1, 0, 3000, 12);
    put_patent(&wish->ground, "MEETS", "氮化铝陶瓷基板", "所得基板的热导率为185 W/(m·K)，抗弯强度420 MPa。");
    put_patent(&wish->ground, "FAILS", "氮化铝陶瓷基板", "所得基板的热导率为150 W/(m·K)。");
    put_patent(&wish->ground, "SILENT", "氮化铝陶瓷基板", "所得基板的表面平整。");
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    dj_record_set(need, DJ_NEED_ID, "WISH");
    dj_record_set(need, DJ_NEED_TITLE, "氮化铝陶瓷基板");
    dj_record_set(need, DJ_NEED_INDICATORS, indicators);
    dj_record_set(need, DJ_NEED_CONSENT, consent);
    ground_put(&wish->ground, need);
    wish->units = dj_units_load(DJ_SOURCE_DIR "/config/units/units.yaml", &error);
    cr_assert(wish->units != NULL, "%s", error ? error->message : "");
    wish->ground.options.units = wish->units;
    wish->ground.options.top = 5;
    DjBuildResult built;
    ground_build(&wish->ground, &built);
    wish->set = dj_match(wish->ground.corpus, &wish->ground.records, &wish->ground.options, &error);
    cr_assert(wish->set != NULL, "%s", error ? error->message : "");
}

static void drop_wish(Wish *wish)
{
    dj_result_set_free(wish->set);
    dj_units_free(wish->units);
    ground_free(&wish->ground);
}

Test(evidence, an_indicator_that_is_met_adds_points_and_is_quoted_from_both_sides)
{
    Wish wish;
    make_wish(&wish, "热导率≥170 W/(m·K)", NULL);
    static const struct {
        const char *patent, *stated;
        DjVerdict verdict;
    } cases[] = {{"MEETS", "185 W/(m·K)", DJ_MET}, {"FAILS", "150 W/(m·K)", DJ_NOT_MET}, {"SILENT", NULL, DJ_UNKNOWN}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DjPairing *pairing = only(wish.set, cases[i].patent);
        cr_assert(pairing != NULL, "%s", cases[i].patent);
        cr_assert_eq(pairing->indicators->len, 1);
        const DjIndicator *indicator = pairing->indicators->pdata[0];
        cr_expect_eq(indicator->verdict, cases[i].verdict);
        cr_expect_str_eq(indicator->property, "热导率");
        cr_expect(strstr(indicator->wanted, "170") != NULL);
        cr_expect(cases[i].stated ? indicator->stated && strstr(indicator->stated, cases[i].stated)
                                  : indicator->stated == NULL);
        cr_expect_eq(indicator->privacy, DJ_CONFIDENTIAL);
        const DjPart *part = part_of(pairing, DJ_PART_INDICATOR);
        cr_expect_eq(part != NULL, cases[i].verdict == DJ_MET);
        if (part) {
            cr_expect_eq(part->points, 4);
            cr_expect_eq(part->privacy, DJ_CONFIDENTIAL);
        }
        cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);
    }
    cr_expect_str_eq(((const DjPairing *)wish.set->pairings->pdata[0])->patent, "MEETS");
    drop_wish(&wish);
}

Test(evidence, consent_lowers_the_class_of_an_indicator)
{
    Wish wish;
    make_wish(&wish, "热导率≥170 W/(m·K)；抗弯强度≥350MPa", "indicators:public");
    const DjPairing *pairing = only(wish.set, "MEETS");
    cr_assert_eq(pairing->indicators->len, 2);
    const DjPart *part = part_of(pairing, DJ_PART_INDICATOR);
    cr_assert(part != NULL);
    cr_expect_eq(part->points, 8);
    cr_expect_eq(part->privacy, DJ_PUBLIC);
    drop_wish(&wish);
}

/* 强度 is asked, 抗弯强度 stated, and the other way round: shown with its own name, neither met nor failed. */
Test(evidence, an_indicator_of_the_same_family_stays_open_and_is_quoted_with_its_name)
{
    static const char *const asked[] = {"强度≥350MPa", "强度≥500MPa", "三点抗弯强度≥350MPa", "厚度≥350MPa"};
    static const struct {
        const char *stated;
        DjVerdict verdict;
    } expected[] = {{"抗弯强度420 MPa", DJ_UNKNOWN},
                    {"抗弯强度420 MPa", DJ_UNKNOWN},
                    {"抗弯强度420 MPa", DJ_MET},
                    {NULL, DJ_UNKNOWN}};
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
        Wish wish;
        make_wish(&wish, asked[i], NULL);
        const DjPairing *pairing = only(wish.set, "MEETS");
        cr_assert_eq(pairing->indicators->len, 1);
        const DjIndicator *indicator = pairing->indicators->pdata[0];
        cr_expect_eq(indicator->verdict, expected[i].verdict, "%s", asked[i]);
        cr_expect(g_strcmp0(indicator->stated, expected[i].stated) == 0, "%s: %s", asked[i], indicator->stated);
        cr_expect_eq(part_of(pairing, DJ_PART_INDICATOR) != NULL, expected[i].verdict == DJ_MET);
        drop_wish(&wish);
    }
}
