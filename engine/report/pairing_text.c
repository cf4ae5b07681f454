/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/pairing_text.h"
#include "engine/model/ident.h"
#include "engine/report/wording.h"
#include <string.h>

#define LABEL_WIDTH 20 /* terminal columns */

/* Columns that a text takes on a terminal: wide characters take two. */
static int columns_of(const char *text)
{
    int columns = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        columns += g_unichar_iswide(g_utf8_get_char(p)) ? 2 : 1;
    return columns;
}

/* Control characters from imported cells must not reach a terminal. */
static void put_clean(GString *out, const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(out, g_unichar_iscntrl(c) ? ' ' : c);
    }
}

static void put_label(GString *out, const char *label)
{
    g_string_append(out, label);
    for (int n = columns_of(label); n < LABEL_WIDTH; n++)
        g_string_append_c(out, ' ');
    g_string_append_c(out, ' ');
}

static void put_line(GString *out, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    put_label(out, label);
    put_clean(out, text);
    g_string_append_c(out, '\n');
}

/* Codes with their titles, in the order of the record. */
static void put_codes(GString *out, const char *list, const DjIpcTitles *titles)
{
    g_auto(GStrv) codes = g_strsplit(list, "\n", -1);
    for (char **code = codes; *code; code++) {
        DjIpc ipc;
        g_autofree char *label = dj_ipc_parse(*code, &ipc) ? dj_ipc_titles_label(titles, &ipc) : g_strdup(*code);
        g_string_append_printf(out, "%s%s", code > codes ? "、" : "", label);
    }
}

static void put_value(GString *text, const DjField *field, const char *value, const DjIpcTitles *titles)
{
    switch (field->type) {
    case DJ_TYPE_IPC:
        put_codes(text, value, titles);
        break;
    case DJ_TYPE_LIST:
        dj_wording_list(text, value);
        break;
    case DJ_TYPE_MONEY:
        dj_wording_money(text, value);
        break;
    case DJ_TYPE_PERCENT:
        dj_wording_percent(text, value);
        break;
    case DJ_TYPE_BOOL:
        g_string_append(text, strcmp(value, "yes") == 0 ? "是" : strcmp(value, "no") == 0 ? "否" : value);
        break;
    case DJ_TYPE_PATENT_KIND: {
        const char *word = dj_patent_kind_label(value);
        g_string_append(text, *word ? word : value);
        break;
    }
    default:
        g_string_append(text, value);
    }
}

guint dj_record_each_fact(DjAudience audience, const DjRecord *record, const DjIpcTitles *titles, DjFactVisit visit,
                          gpointer user)
{
    guint n_withheld = 0, n_extra = record->extra ? record->extra->len / 2 : 0;
    g_autoptr(GString) text = g_string_new(NULL);
    visit("编号", record->key, user);
    for (int i = 0; i < dj_field_count(record->table); i++) {
        const char *value = dj_projection_field(audience, record, i);
        const DjField *field = dj_field_at(record->table, i);
        n_withheld += !value && dj_record_get(record, i);
        g_string_truncate(text, 0);
        if (value)
            put_value(text, field, value, titles);
        if (text->len > 0)
            visit(field->label, text->str, user);
    }
    if (!dj_projection_sees_extra(audience))
        return n_withheld + n_extra;
    for (guint i = 0; i < n_extra; i++)
        visit(record->extra->pdata[2 * i], record->extra->pdata[2 * i + 1], user);
    return n_withheld;
}

static void put_fact(const char *label, const char *value, gpointer user)
{
    put_line(user, label, value);
}

void dj_record_text(GString *out, DjAudience audience, const DjRecord *record, const DjIpcTitles *titles)
{
    guint n_withheld = dj_record_each_fact(audience, record, titles, put_fact, out);
    if (n_withheld > 0)
        g_string_append_printf(out, "另有 %u 项，“%s”受众看不到。\n", n_withheld, dj_audience_label(audience));
}

static void put_span(GString *out, DjTable table, const DjSpan *span, const char *side)
{
    if (span->field >= 0)
        g_string_append_printf(out, "　%s%s %u～%u 字", side, dj_field_at(table, span->field)->label,
                               span->char_begin + 1, span->char_end);
}

static void put_parts(GString *out, const DjPairingView *view)
{
    const DjPairing *pairing = view->pairing;
    g_autoptr(GString) words = g_string_new(NULL);
    g_string_append(out, "\n得分构成\n");
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        g_string_truncate(words, 0);
        dj_wording_part(words, part);
        g_string_append_printf(out, "%7" G_GINT64_FORMAT " 点  ", part->points);
        put_clean(out, words->str);
        put_span(out, DJ_TABLE_NEED, &part->need, "需求");
        put_span(out, DJ_TABLE_PATENT, &part->patent, "专利");
        g_string_append_c(out, '\n');
    }
    g_string_append_printf(out, "%7" G_GINT64_FORMAT " 点  合计；本需求满点 %" G_GINT64_FORMAT "，匹配度 %d\n",
                           pairing->points, pairing->self_points, pairing->score);
}

static void put_verdict(GString *out, const char *mark, const char *text)
{
    g_string_append_printf(out, "  %s", mark);
    for (int n = columns_of(mark); n < 10; n++)
        g_string_append_c(out, ' ');
    put_clean(out, text);
}

static const char *mark_of(DjVerdict verdict)
{
    return verdict == DJ_MET ? "√ 满足" : verdict == DJ_UNKNOWN ? "? 待核" : "× 不满足";
}

static void put_indicators(GString *out, const DjPairingView *view)
{
    g_autoptr(GString) words = g_string_new(NULL);
    if (view->indicators->len)
        g_string_append(out, "\n指标对照\n");
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        g_string_truncate(words, 0);
        dj_wording_indicator(words, indicator);
        put_verdict(out, mark_of(indicator->verdict), words->str);
        g_string_append_c(out, '\n');
    }
}

static void put_gate(GString *out, const DjPairingView *view)
{
    if (view->gate->len)
        g_string_append(out, "\n资格与法律\n");
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        put_verdict(out, gate->withheld ? "- 保密" : mark_of(gate->verdict), gate->name);
        if (gate->value && *gate->value) {
            g_string_append(out, "　");
            put_clean(out, gate->value);
        }
        g_string_append_c(out, '\n');
    }
}

static void put_item(GString *out, const char *text)
{
    g_string_append(out, "  ");
    put_clean(out, text);
    g_string_append_c(out, '\n');
}

void dj_quality_text(GString *out, DjAudience audience, const DjQuality *quality)
{
    g_autoptr(GString) words = g_string_new(NULL);
    dj_wording_quality(words, audience, quality);
    g_string_append_printf(out, "\n优质度 %s，标准 %s %s\n", words->str, quality->criteria->id,
                           quality->criteria->version);
    for (guint i = 0; i < quality->parts->len; i++) {
        const DjQualityPart *part = &g_array_index(quality->parts, DjQualityPart, i);
        g_string_truncate(words, 0);
        g_string_append_printf(words, "%s　", part->criterion->dimension);
        dj_wording_quality_part(words, audience, part);
        put_item(out, words->str);
    }
}

static void put_questions(GString *out, const DjPairingView *view)
{
    if (view->n_unknown == 0)
        return;
    g_autoptr(GString) words = g_string_new(NULL);
    g_string_append(out, "\n还不知道的，会前请问\n");
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        if (!gate->withheld && gate->verdict == DJ_UNKNOWN)
            put_item(out, gate->ask ? gate->ask : gate->name);
    }
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        if (indicator->verdict != DJ_UNKNOWN)
            continue;
        g_string_truncate(words, 0);
        dj_wording_indicator_question(words, indicator);
        put_item(out, words->str);
    }
}

void dj_pairing_text(GString *out, DjAudience audience, const DjPairing *pairing, const DjRecord *need,
                     const DjRecord *patent, const DjRecord *enterprise, const DjQuality *quality,
                     const char *chain_name, int now)
{
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    dj_pairing_view_set(&view, pairing, need);
    g_autoptr(GString) text = g_string_new(NULL);

    put_line(out, "需求", dj_projection_field(audience, need, DJ_NEED_TITLE));
    put_line(out, "需求编号", pairing->need);
    if (need && dj_projection_sees_enterprise(audience, need)) {
        const char *name = dj_projection_field(audience, enterprise, DJ_ENTERPRISE_NAME);
        put_line(out, "企业", name ? name : dj_projection_field(audience, need, DJ_NEED_ENTERPRISE));
    } else if (need) {
        put_line(out, "企业", "不公开");
    }
    put_line(out, "专利", dj_projection_field(audience, patent, DJ_PATENT_TITLE));
    put_line(out, "专利号", pairing->patent);
    dj_wording_list(text, dj_projection_field(audience, patent, DJ_PATENT_OWNERS));
    put_line(out, "机构", text->str);
    g_string_truncate(text, 0);
    dj_wording_fee(text, audience, patent);
    put_line(out, "许可费", text->str);
    g_string_truncate(text, 0);
    dj_wording_term_left(text, audience, patent, now);
    put_line(out, "许可期剩余", text->str);
    put_line(out, "产业链", chain_name);
    put_parts(out, &view);
    if (quality)
        dj_quality_text(out, audience, quality);
    put_indicators(out, &view);
    put_gate(out, &view);
    put_questions(out, &view);
}
