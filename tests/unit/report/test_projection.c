/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each audience sees, and that the points never change with it. */
#include "engine/report/list_run.h"
#include "engine/report/pairing_text.h"
#include "fixture.h"
#include <criterion/criterion.h>
#include <string.h>

static const DjAudience audiences[] = {DJ_AUDIENCE_PUBLIC, DJ_AUDIENCE_PARTICIPANT, DJ_AUDIENCE_OWNER,
                                       DJ_AUDIENCE_ORGANISER, DJ_AUDIENCE_CENTRE};

static gint64 sum_of(const DjPairingView *view)
{
    gint64 sum = 0;
    for (guint i = 0; i < view->parts->len; i++)
        sum += g_array_index(view->parts, DjShownPart, i).points;
    return sum;
}

Test(projection, points_stay_and_words_go)
{
    g_autoptr(DjResultSet) set = fixture_set();
    const DjPairing *pairing = set->pairings->pdata[0];
    const DjRecord *need = g_hash_table_lookup(set->needs, pairing->need);
    const gint64 withheld[] = {22, 12, 0, 12, 0};
    const guint n_parts[] = {6, 7, 8, 7, 8};
    for (gsize a = 0; a < G_N_ELEMENTS(audiences); a++) {
        g_auto(DjPairingView) view;
        dj_pairing_view_init(&view, audiences[a]);
        dj_pairing_view_set(&view, pairing, need);
        cr_expect_eq(sum_of(&view), pairing->points);
        cr_expect_eq(view.parts->len, n_parts[a], "audience %zu has %u parts", a, view.parts->len);
        const DjShownPart *last = &g_array_index(view.parts, DjShownPart, view.parts->len - 1);
        if (withheld[a]) {
            cr_expect_eq(last->kind, DJ_PART_WITHHELD);
            cr_expect_eq(last->points, withheld[a]);
            cr_expect_null(last->text);
            cr_expect_eq(last->need.field, -1);
        } else {
            cr_expect_neq(last->kind, DJ_PART_WITHHELD);
        }
        dj_pairing_view_set(&view, pairing, need); /* reuse starts afresh */
        cr_expect_eq(sum_of(&view), pairing->points);
    }
}

Test(projection, a_withheld_rule_shows_neither_verdict_nor_value)
{
    g_autoptr(DjResultSet) set = fixture_set();
    const DjPairing *pairing = set->pairings->pdata[0];
    const DjRecord *need = g_hash_table_lookup(set->needs, pairing->need);
    const guint n_unknown[] = {2, 2, 3, 2, 4};
    const gboolean hides_organiser[] = {TRUE, TRUE, TRUE, FALSE, FALSE};
    for (gsize a = 0; a < G_N_ELEMENTS(audiences); a++) {
        g_auto(DjPairingView) view;
        dj_pairing_view_init(&view, audiences[a]);
        dj_pairing_view_set(&view, pairing, need);
        cr_assert_eq(view.gate->len, 4);
        cr_expect_eq(view.n_unknown, n_unknown[a]);
        cr_expect_eq(view.indicators->len,
                     audiences[a] == DJ_AUDIENCE_CENTRE || audiences[a] == DJ_AUDIENCE_OWNER ? 5 : 3);
        const DjShownGate *budget = &g_array_index(view.gate, DjShownGate, 2);
        const DjShownGate *internal = &g_array_index(view.gate, DjShownGate, 3);
        cr_expect_eq(budget->withheld, audiences[a] != DJ_AUDIENCE_CENTRE);
        cr_expect_eq(budget->value == NULL, budget->withheld);
        cr_expect_eq(budget->ask == NULL, budget->withheld);
        cr_expect_eq(internal->withheld, hides_organiser[a]);
        cr_expect(!internal->withheld || internal->verdict == DJ_UNKNOWN);
    }
}

Test(projection, the_enterprise_behind_a_need_is_known_to_the_organiser_or_by_consent)
{
    g_autoptr(DjResultSet) set = fixture_set();
    DjRecord *need = g_hash_table_lookup(set->needs, "N-0412");
    const DjRecord *enterprise = g_hash_table_lookup(set->enterprises, "91420000000000000X");
    cr_expect_null(dj_projection_enterprise(DJ_AUDIENCE_PUBLIC, need, enterprise));
    cr_expect_null(dj_projection_enterprise(DJ_AUDIENCE_PARTICIPANT, need, enterprise));
    cr_expect_null(dj_projection_enterprise(DJ_AUDIENCE_PUBLIC, NULL, enterprise));
    cr_expect_eq(dj_projection_enterprise(DJ_AUDIENCE_ORGANISER, need, enterprise), enterprise);
    dj_record_set(need, DJ_NEED_CONSENT, "enterprise");
    cr_expect_null(dj_projection_enterprise(DJ_AUDIENCE_PUBLIC, need, enterprise));
    cr_expect_eq(dj_projection_enterprise(DJ_AUDIENCE_PARTICIPANT, need, enterprise), enterprise);
    dj_record_set(need, DJ_NEED_CONSENT, "企业名称:公开");
    cr_expect_eq(dj_projection_enterprise(DJ_AUDIENCE_PUBLIC, need, enterprise), enterprise);
}

Test(projection, text_for_a_terminal_keeps_secrets)
{
    g_autoptr(DjResultSet) set = fixture_set();
    const DjPairing *pairing = set->pairings->pdata[0];
    const DjRecord *need = g_hash_table_lookup(set->needs, pairing->need);
    const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
    const DjRecord *enterprise = g_hash_table_lookup(set->enterprises, "91420000000000000X");
    for (gsize a = 0; a < G_N_ELEMENTS(audiences); a++) {
        DjAudience audience = audiences[a];
        g_autoptr(GString) text = g_string_new(NULL);
        dj_record_text(text, audience, need, NULL);
        dj_record_text(text, audience, patent, NULL);
        dj_pairing_text(text, audience, pairing, need, patent, enterprise,
                        g_hash_table_lookup(set->quality, pairing->patent), "电子信息材料", 20573);
        cr_expect_eq(strstr(text->str, "优质度 100（依据占 25%）") != NULL, !dj_audience_sees(audience, DJ_ORGANISER));
        cr_expect_eq(strstr(text->str, "优质度 100（依据占 75%）") != NULL, dj_audience_sees(audience, DJ_ORGANISER));
        cr_expect_eq(strstr(text->str, "机构分级 保密") != NULL, !dj_audience_sees(audience, DJ_ORGANISER));
        cr_expect_not_null(strstr(text->str, "成熟度 未知（成熟度：未写）"));
        cr_expect_eq(strstr(text->str, CANARY_PARTICIPANT) != NULL, dj_audience_sees(audience, DJ_PARTICIPANT));
        gboolean own = audience == DJ_AUDIENCE_OWNER; /* whose own name holds the organiser's word here */
        cr_expect_eq(strstr(text->str, CANARY_ORGANISER) != NULL, own || dj_audience_sees(audience, DJ_ORGANISER));
        cr_expect_eq(strstr(text->str, CANARY_CONFIDENTIAL) != NULL,
                     own || dj_audience_sees(audience, DJ_CONFIDENTIAL));
        cr_expect_eq(strstr(text->str, "保密字段") != NULL, !own && audience != DJ_AUDIENCE_CENTRE);
        cr_expect_eq(strstr(text->str, "受众看不到") != NULL, audience != DJ_AUDIENCE_CENTRE);
        cr_expect_not_null(strstr(text->str, "110 点  合计；本需求满点 178，匹配度 81"));
        cr_expect_not_null(strstr(text->str, "需求需求名称 1～3 字"));
        cr_expect_not_null(strstr(text->str, "× 不满足  幅面：要 138 mm，写 <114 mm\n"));
        cr_expect_not_null(strstr(text->str, "  需求写 热循环 ≥1000 次，专利没有写，请问发明人团队能做到多少\n"));
    }
}

Test(projection, an_owner_sees_its_own_but_for_notes_of_the_organiser_and_no_more_of_others)
{
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED), enterprise = dj_record_new(DJ_TABLE_ENTERPRISE),
                        patent = dj_record_new(DJ_TABLE_PATENT);
    DjRecord *const records[] = {need, enterprise, patent};
    guint n_own_secrets = 0, n_hidden = 0;
    for (gsize r = 0; r < G_N_ELEMENTS(records); r++) {
        for (int i = 0; i < dj_field_count(records[r]->table); i++) {
            const DjField *field = dj_field_at(records[r]->table, i);
            gboolean secret = field->privacy == DJ_CONFIDENTIAL, noted = field->privacy == DJ_ORGANISER;
            gboolean itself = records[r] == need && (i == DJ_NEED_ENTERPRISE || i == DJ_NEED_ENTERPRISE_CODE);
            dj_record_set(records[r], i, "x");
            gboolean shown = dj_projection_field(DJ_AUDIENCE_OWNER, records[r], i) != NULL;
            cr_expect_eq(shown, itself || (!noted && (!secret || records[r] != patent)), "%s %s",
                         dj_table_name(records[r]->table), field->name);
            n_own_secrets += shown && secret;
            n_hidden += !shown;
        }
    }
    cr_expect_gt(n_own_secrets, 0);
    cr_expect_gt(n_hidden, 0);
    cr_expect_not(dj_projection_sees_extra(DJ_AUDIENCE_OWNER));
    cr_expect(dj_projection_sees_enterprise(DJ_AUDIENCE_OWNER, need));
    cr_expect_not(dj_projection_sees_enterprise(DJ_AUDIENCE_OWNER, NULL));
}

Test(projection, quality_that_rests_on_secrets_of_the_patent_stays_hidden_from_the_owner_of_the_need)
{
    g_autoptr(DjResultSet) set = fixture_set();
    DjPairing *pairing = set->pairings->pdata[0];
    DjPart *quality = dj_part_new(DJ_PART_QUALITY, DJ_CONFIDENTIAL, 5, NULL);
    g_ptr_array_add(pairing->parts, quality);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, DJ_AUDIENCE_OWNER);
    dj_pairing_view_set(&view, pairing, g_hash_table_lookup(set->needs, pairing->need));
    const DjShownPart *last = &g_array_index(view.parts, DjShownPart, view.parts->len - 1);
    cr_expect_eq(last->kind, DJ_PART_WITHHELD);
    cr_expect_eq(last->points, 5);
}

Test(projection, a_list_of_several_needs_is_not_written_for_one_owner)
{
    g_autoptr(DjResultSet) set = fixture_set();
    g_autoptr(GError) error = NULL;
    cr_expect_null(dj_list_run_new(set, DJ_AUDIENCE_OWNER, &error));
    cr_expect(g_error_matches(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_RESULT));
}

Test(projection, control_characters_do_not_reach_a_terminal)
{
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    need->key = g_strdup("N-1");
    dj_record_set(need, DJ_NEED_TITLE, "红\x1b[31m字\n下行");
    g_autoptr(GString) text = g_string_new(NULL);
    dj_record_text(text, DJ_AUDIENCE_PUBLIC, need, NULL);
    cr_expect_null(strchr(text->str, 0x1b));
    cr_expect_not_null(strstr(text->str, "红 [31m字 下行\n"));
}
