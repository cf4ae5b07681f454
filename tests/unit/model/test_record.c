/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records: keys, the JSON that is hashed, and who may see what. */
#include "engine/model/record.h"
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

static DjRecord *read_back(const char *json, DjTable table)
{
    GError *error = NULL;
    DjRecord *record = dj_record_new(table);
    cr_assert(dj_record_from_json(record, json, strlen(json), &error), "%s", error ? error->message : "");
    return record;
}

Test(record, json_keeps_every_byte_and_has_one_form)
{
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    gsize length;
    dj_record_set(need, DJ_NEED_DESCRIPTION, "引号\"反斜\\换行\n制表\t控制\x01结束");
    dj_record_set(need, DJ_NEED_TITLE, "题");
    dj_record_set(need, DJ_NEED_MODE, "转让\n许可");
    dj_record_add_extra(need, "备注", "甲");
    dj_record_add_extra(need, "title", "与字段同名的列");
    g_autofree char *json = dj_record_to_json(need, &length);
    cr_assert_eq(length, strlen(json));
    cr_assert_not_null(strstr(json, "\\u0001"));
    cr_assert_lt(strstr(json, "\"title\"") - json, strstr(json, "\"description\"") - json, "fields in table order");

    g_autoptr(DjRecord) again = read_back(json, DJ_TABLE_NEED);
    g_autofree char *second = dj_record_to_json(again, NULL);
    cr_assert_str_eq(second, json);
    cr_assert_str_eq(dj_record_get(again, DJ_NEED_DESCRIPTION), "引号\"反斜\\换行\n制表\t控制\x01结束");
    cr_assert_str_eq(dj_record_get(again, DJ_NEED_TITLE), "题");
    g_auto(GStrv) modes = dj_record_list(again, DJ_NEED_MODE);
    cr_assert_eq(g_strv_length(modes), 2);
}

Test(record, unknown_names_survive_an_older_program)
{
    g_autoptr(DjRecord) need = read_back("{\"title\":\"题\",\"from_the_future\":\"x\"}", DJ_TABLE_NEED);
    cr_assert_eq(need->extra->len, 2);
    cr_assert_str_eq(need->extra->pdata[0], "from_the_future");
}

Test(record, damaged_json_is_refused)
{
    static const char *const bad[] = {"", "[]", "{", "{\"title\":\"a\",\"title\":\"b\"}", "{\"title\":\"\xff\"}"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
        cr_assert_not(dj_record_from_json(need, bad[i], strlen(bad[i]), &error), "%s", bad[i]);
        cr_assert_not_null(error);
    }
}

Test(record, keys_come_from_the_records_own_identity)
{
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    cr_assert_not(dj_record_make_key(patent));
    dj_record_set(patent, DJ_PATENT_TITLE, "题");
    cr_assert(dj_record_make_key(patent));
    cr_assert(g_str_has_prefix(patent->key, "A-") && strlen(patent->key) == 14);
    g_autofree char *by_title = g_strdup(patent->key);
    dj_record_set(patent, DJ_PATENT_ABSTRACT, "摘要");
    cr_assert(dj_record_make_key(patent));
    cr_assert_str_neq(patent->key, by_title);
    dj_record_set(patent, DJ_PATENT_SOURCE_ID, "D00001");
    cr_assert(dj_record_make_key(patent));
    cr_assert_str_eq(patent->key, "D00001");
    dj_record_set(patent, DJ_PATENT_NUMBER, "ZL201720001285.X");
    cr_assert(dj_record_make_key(patent));
    cr_assert_str_eq(patent->key, "ZL201720001285.X");
}

Test(record, a_need_is_the_same_under_two_spellings_of_its_enterprise)
{
    g_autoptr(DjRecord) a = dj_record_new(DJ_TABLE_NEED);
    g_autoptr(DjRecord) b = dj_record_new(DJ_TABLE_NEED);
    dj_record_set(a, DJ_NEED_TITLE, "题");
    dj_record_set(b, DJ_NEED_TITLE, "题");
    dj_record_set(a, DJ_NEED_ENTERPRISE, "示例（武汉）有限责任公司");
    dj_record_set(b, DJ_NEED_ENTERPRISE, "示例(武汉)有限公司");
    dj_record_set(b, DJ_NEED_DESCRIPTION, "另一段说明");
    cr_assert(dj_record_make_key(a) && dj_record_make_key(b));
    cr_assert_str_eq(a->key, b->key);
    dj_record_set(b, DJ_NEED_DATE, "2026-01-01");
    cr_assert(dj_record_make_key(b));
    cr_assert_str_neq(a->key, b->key);
    dj_record_set(a, DJ_NEED_ENTERPRISE, NULL);
    dj_record_set(b, DJ_NEED_ENTERPRISE, NULL);
    dj_record_set(b, DJ_NEED_DATE, NULL);
    cr_assert(dj_record_make_key(a) && dj_record_make_key(b));
    cr_assert_str_neq(a->key, b->key, "with no enterprise the description tells them apart");
}

Test(record, consent_opens_fields_to_those_it_names)
{
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_DESCRIPTION), DJ_CONFIDENTIAL);
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_TITLE), DJ_PUBLIC);
    dj_record_set(need, DJ_NEED_CONSENT, "需求内容:public\nbudget\nbaseline:公开");
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_DESCRIPTION), DJ_PUBLIC);
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_BUDGET), DJ_PARTICIPANT);
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_BASELINE), DJ_PUBLIC);
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_INDICATORS), DJ_CONFIDENTIAL, "not named");
    dj_record_set(need, DJ_NEED_CONSENT, "descriptio:public");
    cr_assert_eq(dj_record_privacy(need, DJ_NEED_DESCRIPTION), DJ_CONFIDENTIAL, "no part of a name counts");
}

Test(record, audiences_see_their_classes)
{
    static const gboolean expected[5][4] = {
        [DJ_AUDIENCE_PUBLIC] = {TRUE, FALSE, FALSE, FALSE}, [DJ_AUDIENCE_PARTICIPANT] = {TRUE, TRUE, FALSE, FALSE},
        [DJ_AUDIENCE_OWNER] = {TRUE, TRUE, FALSE, FALSE},   [DJ_AUDIENCE_ORGANISER] = {TRUE, TRUE, TRUE, FALSE},
        [DJ_AUDIENCE_CENTRE] = {TRUE, TRUE, TRUE, TRUE},
    };
    for (int audience = 0; audience < 5; audience++)
        for (int privacy = 0; privacy < 4; privacy++)
            cr_assert_eq(dj_audience_sees((DjAudience)audience, (DjPrivacy)privacy), expected[audience][privacy]);
}

Test(record, every_field_is_found_by_name_and_label)
{
    for (int table = 0; table < DJ_N_TABLES; table++)
        for (int i = 0; i < dj_field_count((DjTable)table); i++) {
            const DjField *field = dj_field_at((DjTable)table, i);
            cr_assert_eq(field->index, i);
            cr_assert_eq(dj_field_find((DjTable)table, field->name), field, "%s", field->name);
            cr_assert_eq(dj_field_find((DjTable)table, field->label), field, "%s occurs twice", field->label);
        }
    cr_assert_null(dj_field_find(DJ_TABLE_NEED, "number"));
}

Test(record, typed_views_refuse_what_could_not_be_read)
{
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    double number;
    int day;
    dj_record_set(need, DJ_NEED_BUDGET, "约5万");
    cr_assert_not(dj_record_number(need, DJ_NEED_BUDGET, &number));
    dj_record_set(need, DJ_NEED_BUDGET, "negotiable");
    cr_assert_not(dj_record_number(need, DJ_NEED_BUDGET, &number));
    dj_record_set(need, DJ_NEED_BUDGET, "50000.5");
    cr_assert(dj_record_number(need, DJ_NEED_BUDGET, &number) && number == 50000.5);
    dj_record_set(need, DJ_NEED_DEADLINE, "尽快");
    cr_assert_not(dj_record_date(need, DJ_NEED_DEADLINE, &day));
}

/* What jansson makes of a text, in the canonical form; NULL when it refuses it. */
static char *by_jansson(const char *text, gsize length, DjTable table)
{
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        return NULL;
    }
    g_autoptr(DjRecord) record = dj_record_new(table);
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const DjField *field = name[0] == '+' ? NULL : dj_field_find(table, name);
        if (field && json_is_string(value))
            dj_record_set(record, field->index, json_string_value(value));
        else if (json_is_string(value))
            dj_record_add_extra(record, name[0] == '+' ? name + 1 : name, json_string_value(value));
    }
    json_decref(object);
    return dj_record_to_json(record, NULL);
}

Test(record, the_short_way_of_reading_agrees_with_jansson_on_broken_texts)
{
    static const char text[] = "{\"id\":\"N1\",\"title\":\"\\\"题\\\\目\\u001f\\n\x7f\",\"description\":\"需要\","
                               "\"+备注\":\"甲\",\"+b\":\"\"}";
    static const char bytes[] = "{}[]\",:\\nu01f+iA \x01\x7f\xe9\x80\xff";
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    guint good = 0;
    for (int round = 0; round < 100000; round++) {
        g_autoptr(GString) broken = g_string_new_len(text, sizeof text - 1);
        for (int n = round ? g_rand_int_range(rand, 1, 4) : 0; n > 0; n--) {
            gssize at = g_rand_int_range(rand, 0, (gint)broken->len);
            gssize length = g_rand_int_range(rand, 1, 9);
            char c = bytes[g_rand_int_range(rand, 0, sizeof bytes - 1)];
            switch (g_rand_int_range(rand, 0, 4)) {
            case 0:
                broken->str[at] = c;
                break;
            case 1:
                g_string_insert_c(broken, at, c);
                break;
            case 2:
                g_string_erase(broken, at, MIN(length, (gssize)broken->len - at));
                break;
            default: { /* a member twice, a member out of its order */
                g_autofree char *part = g_strndup(broken->str + at, (gsize)length * 3);
                g_string_insert(broken, g_rand_int_range(rand, 0, (gint)broken->len), part);
            }
            }
            if (broken->len == 0)
                break;
        }
        g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_NEED);
        gboolean ok = dj_record_from_json(record, broken->str, broken->len, NULL);
        g_autofree char *expected = by_jansson(broken->str, broken->len, DJ_TABLE_NEED);
        g_autofree char *found = ok ? dj_record_to_json(record, NULL) : NULL;
        good += ok;
        cr_assert_eq(g_strcmp0(found, expected), 0, "round %d: %s: %s, not %s", round, broken->str, found, expected);
    }
    cr_assert_gt(good, 5000);
    cr_assert_lt(good, 95000);
}
