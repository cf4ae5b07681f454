/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer for programs reads back, adds up, and keeps to its audience. */
#include "app/answer.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#define CANARY "金丝雀"

static void add_part(DjPairing *pairing, DjPartKind kind, DjPrivacy privacy, gint64 points, const char *text)
{
    DjPart *part = dj_part_new(kind, privacy, points, text);
    part->need.field = -1;
    part->patent.field = kind == DJ_PART_PHRASE ? DJ_PATENT_ABSTRACT : -1;
    part->patent.char_begin = 3;
    part->patent.char_end = 7;
    g_ptr_array_add(pairing->parts, part);
}

static DjResultSet *sample_result(void)
{
    DjResultSet *result = dj_result_set_new();
    result->provenance.now = g_strdup("2026-11-01");
    result->provenance.generation = 4;
    result->n_found = 1;
    DjRecord *patent = dj_record_new(DJ_TABLE_PATENT);
    patent->key = g_strdup("ZL202010000001.X");
    dj_record_set(patent, DJ_PATENT_NUMBER, patent->key);
    dj_record_set(patent, DJ_PATENT_TITLE, "一种\"透明\"薄膜\\基板");
    dj_record_set(patent, DJ_PATENT_OWNERS, "甲大学\n乙研究所");
    dj_record_set(patent, DJ_PATENT_CONTACT, CANARY);
    g_hash_table_insert(result->patents, g_strdup(patent->key), patent);

    DjPairing *pairing = dj_pairing_new();
    pairing->need = g_strdup("");
    pairing->patent = g_strdup("ZL202010000001.X");
    pairing->chain = g_strdup("");
    pairing->rank = 1;
    pairing->score = 60;
    pairing->points = 100;
    pairing->self_points = 166;
    add_part(pairing, DJ_PART_PHRASE, DJ_PUBLIC, 50, "薄膜黄变");
    add_part(pairing, DJ_PART_PHRASE, DJ_CONFIDENTIAL, 30, CANARY);
    add_part(pairing, DJ_PART_SEMANTIC, DJ_PUBLIC, 20, NULL);
    DjGateResult *gate = g_new0(DjGateResult, 1);
    gate->rule = g_strdup("annual-fee");
    gate->name = g_strdup("年费已缴");
    gate->hard = TRUE;
    gate->verdict = DJ_UNKNOWN;
    gate->ask = g_strdup("请提供缴费凭证");
    g_ptr_array_add(pairing->gate, gate);
    g_ptr_array_add(result->pairings, pairing);
    return result;
}

Test(answer, json_reads_back_and_adds_up)
{
    g_autoptr(DjResultSet) result = sample_result();
    g_autofree char *text = dj_answer_json(result, "薄膜\n黄变", DJ_AUDIENCE_PUBLIC);
    cr_assert(g_str_has_suffix(text, "}\n"));
    cr_assert_null(strstr(text, CANARY), "%s", text);
    json_t *answer = json_loads(text, 0, NULL);
    cr_assert_not_null(answer);
    cr_assert_str_eq(json_string_value(json_object_get(answer, "query")), "薄膜\n黄变");
    cr_assert_eq(json_integer_value(json_object_get(answer, "generation")), 4);
    json_t *results = json_object_get(answer, "results");
    cr_assert_eq(json_array_size(results), 1);
    json_t *first = json_array_get(results, 0);
    cr_assert_str_eq(json_string_value(json_object_get(first, "title")), "一种\"透明\"薄膜\\基板");
    cr_assert_eq(json_array_size(json_object_get(first, "owners")), 2);
    json_int_t sum = 0;
    size_t i;
    json_t *part;
    json_array_foreach(json_object_get(first, "parts"), i, part)
    {
        sum += json_integer_value(json_object_get(part, "points"));
    }
    cr_assert_eq(sum, 100);
    cr_assert_eq(json_integer_value(json_object_get(first, "points")), 100);
    json_t *gate = json_array_get(json_object_get(first, "gate"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(gate, "verdict")), "unknown");
    cr_assert_str_eq(json_string_value(json_array_get(json_object_get(first, "unknown"), 0)), "请提供缴费凭证");
    json_decref(answer);
}

Test(answer, centre_sees_what_the_public_does_not)
{
    g_autoptr(DjResultSet) result = sample_result();
    g_autofree char *text = dj_answer_json(result, "x", DJ_AUDIENCE_CENTRE);
    cr_assert_not_null(strstr(text, CANARY));
}

Test(answer, text_names_patent_reasons_and_questions)
{
    g_autoptr(DjResultSet) result = sample_result();
    g_autofree char *text = dj_answer_text(result, DJ_AUDIENCE_PUBLIC, 20758);
    static const char *const wanted[] = {"ZL202010000001.X", "甲大学、乙研究所", "薄膜黄变", "100 点",
                                         "请提供缴费凭证"};
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
        cr_assert_not_null(strstr(text, wanted[i]), "%s is missing in %s", wanted[i], text);
    cr_assert_null(strstr(text, CANARY));
}

Test(answer, without_an_adequate_patent_the_nearest_are_called_so)
{
    static const struct {
        int adequate, permille;
        gboolean unmet;
    } cases[] = {{300, 299, TRUE}, {300, 300, FALSE}, {0, 10, FALSE}, {0, -1, FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(DjResultSet) result = sample_result();
        result->adequate = cases[i].adequate;
        ((DjPairing *)result->pairings->pdata[0])->permille = cases[i].permille;
        g_autofree char *text = dj_answer_text(result, DJ_AUDIENCE_PUBLIC, 20758);
        cr_expect_eq(strstr(text, "暂无合适专利，下面是最接近的") != NULL, cases[i].unmet, "case %zu: %s", i, text);
        cr_expect_eq(strstr(text, "值得一谈") != NULL, cases[i].permille >= 0, "case %zu: %s", i, text);
        json_t *answer = dj_answer_object(result, "x", DJ_AUDIENCE_PUBLIC);
        cr_expect_eq(json_is_true(json_object_get(answer, "unmet")), cases[i].unmet, "case %zu", i);
        const json_t *permille = json_object_get(json_array_get(json_object_get(answer, "results"), 0), "permille");
        cr_expect(cases[i].permille < 0 ? json_is_null(permille) : json_integer_value(permille) == cases[i].permille);
        json_decref(answer);
    }
}

Test(answer, what_is_below_the_limit_or_barred_is_said_the_same_way_to_people_and_programs)
{
    g_autoptr(DjResultSet) result = sample_result();
    DjPairing *pairing = result->pairings->pdata[0];
    result->n_found = 0;
    result->min_score = 12;
    result->min_permille = result->adequate = 150;
    pairing->low = TRUE;
    pairing->permille = 20;
    for (int i = 0; i < 3; i++) {
        DjBarred *barred = g_new(DjBarred, 1);
        *barred = (DjBarred){g_strdup_printf("r%d", i), g_strdup(i ? CANARY : "年费已缴"),
                             i ? DJ_CONFIDENTIAL : DJ_PUBLIC, 2 + (guint)i};
        g_ptr_array_add(result->barred, barred);
    }
    g_autofree char *text = dj_answer_text(result, DJ_AUDIENCE_PUBLIC, 20758);
    cr_expect_not_null(strstr(text, "没有一件够得上清单的下限（匹配度 12，或 15% 值得一谈）"), "%s", text);
    cr_expect_not_null(strstr(text, "另有 9 件同样接近，因资格未列。不满足的条件：年费已缴 2 件、保密 7 件"), "%s",
                       text);
    cr_expect_null(strstr(text, CANARY));
    json_t *answer = dj_answer_object(result, "x", DJ_AUDIENCE_PUBLIC);
    const json_t *barred = json_object_get(answer, "barred");
    cr_expect_eq(json_integer_value(json_object_get(answer, "found")), 0);
    cr_expect(json_is_true(json_object_get(answer, "unmet")));
    cr_expect(json_is_true(json_object_get(json_array_get(json_object_get(answer, "results"), 0), "low")));
    cr_assert_eq(json_array_size(barred), 2);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(barred, 0), "rule")), "r0");
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(barred, 0), "count")), 2);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(barred, 1), "rule")), "withheld");
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(barred, 1), "count")), 7);
    json_decref(answer);
}

Test(answer, nothing_found_is_said)
{
    g_autoptr(DjResultSet) result = dj_result_set_new();
    result->provenance.now = g_strdup("2026-11-01");
    g_autofree char *text = dj_answer_text(result, DJ_AUDIENCE_PUBLIC, 20758);
    cr_assert_not_null(strstr(text, "没有找到"));
    g_autofree char *json = dj_answer_json(result, "x", DJ_AUDIENCE_PUBLIC);
    cr_assert_not_null(strstr(json, "\"results\":[]"));
}
