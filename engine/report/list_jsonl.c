/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Written by hand: half a million pairings through a tree of jansson values would cost more than the match itself.
 * Tests read the lines back with jansson. */
#include "engine/report/list_jsonl.h"
#include "engine/report/out_file.h"
#include "engine/report/wording.h"
#include <string.h>

static void put_string(GString *out, const char *text)
{
    if (!text) {
        g_string_append(out, "null");
        return;
    }
    g_string_append_c(out, '"');
    const char *plain = text, *p = text;
    for (; *p; p++) {
        guchar c = (guchar)*p;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        g_string_append_len(out, plain, p - plain);
        plain = p + 1;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else
            g_string_append_printf(out, "\\u%04x", c);
    }
    g_string_append_len(out, plain, p - plain);
    g_string_append_c(out, '"');
}

/* key holds the comma and the quotes: ",\"need\":" */
static void put_text(GString *out, const char *key, const char *text)
{
    g_string_append(out, key);
    put_string(out, text);
}

static void put_number(GString *out, const char *key, gint64 number)
{
    char digits[24];
    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, number);
    g_string_append(out, key);
    g_string_append(out, digits);
}

static void put_span(GString *out, const char *key, DjTable table, const DjSpan *span)
{
    if (span->field < 0)
        return;
    g_string_append(out, key);
    put_text(out, "{\"field\":", dj_field_at(table, span->field)->name);
    put_number(out, ",\"begin\":", span->char_begin);
    put_number(out, ",\"end\":", span->char_end);
    g_string_append_c(out, '}');
}

static void put_parts(GString *out, const DjPairingView *view)
{
    g_string_append(out, ",\"parts\":[");
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        put_text(out, i > 0 ? ",{\"kind\":" : "{\"kind\":", dj_part_kind_name(part->kind));
        put_number(out, ",\"points\":", part->points);
        if (part->text)
            put_text(out, ",\"text\":", part->text);
        if (part->kind == DJ_PART_OTHER)
            put_number(out, ",\"count\":", part->n_others);
        put_span(out, ",\"need\":", DJ_TABLE_NEED, &part->need);
        put_span(out, ",\"patent\":", DJ_TABLE_PATENT, &part->patent);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void put_gate(GString *out, const DjPairingView *view)
{
    g_string_append(out, ",\"gate\":[");
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        put_text(out, i > 0 ? ",{\"rule\":" : "{\"rule\":", gate->rule);
        put_text(out, ",\"name\":", gate->name);
        g_string_append(out, gate->hard ? ",\"hard\":true" : ",\"hard\":false");
        put_text(out, ",\"verdict\":", gate->withheld ? "withheld" : dj_verdict_name(gate->verdict));
        if (gate->value)
            put_text(out, ",\"value\":", gate->value);
        if (gate->ask)
            put_text(out, ",\"ask\":", gate->ask);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void put_indicators(GString *out, const DjPairingView *view)
{
    g_string_append(out, ",\"indicators\":[");
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        put_text(out, i > 0 ? ",{\"property\":" : "{\"property\":", indicator->property);
        put_text(out, ",\"wanted\":", indicator->wanted);
        put_text(out, ",\"stated\":", indicator->stated);
        put_text(out, ",\"verdict\":", dj_verdict_name(indicator->verdict));
        put_span(out, ",\"need\":", DJ_TABLE_NEED, &indicator->need);
        put_span(out, ",\"patent\":", DJ_TABLE_PATENT, &indicator->patent);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void put_unknown(GString *out, const DjPairingView *view)
{
    guint n = 0;
    g_string_append(out, ",\"unknown\":[");
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        if (!gate->withheld && gate->verdict == DJ_UNKNOWN)
            put_text(out, n++ > 0 ? "," : "", gate->ask ? gate->ask : gate->name);
    }
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        if (indicator->verdict != DJ_UNKNOWN)
            continue;
        g_autoptr(GString) question = g_string_new(NULL);
        dj_wording_indicator_question(question, indicator);
        put_text(out, n++ > 0 ? "," : "", question->str);
    }
    g_string_append_c(out, ']');
}

static void put_owners(GString *out, const char *owners)
{
    g_string_append(out, ",\"owners\":[");
    g_auto(GStrv) names = g_strsplit(owners ? owners : "", "\n", -1);
    for (char **name = names; *name; name++)
        put_text(out, name > names ? "," : "", *name);
    g_string_append_c(out, ']');
}

static void put_quality(GString *out, const DjListRow *row)
{
    if (!row->quality) {
        g_string_append(out, ",\"quality\":null");
        return;
    }
    int known, score = dj_quality_score(row->quality, row->run->audience, &known);
    if (score >= 0)
        put_number(out, ",\"quality\":{\"score\":", score);
    else
        g_string_append(out, ",\"quality\":{\"score\":null");
    put_number(out, ",\"known\":", known);
    g_string_append(out, ",\"parts\":[");
    for (guint i = 0; i < row->quality->parts->len; i++) {
        const DjQualityPart *part = &g_array_index(row->quality->parts, DjQualityPart, i);
        gboolean seen = dj_audience_sees(row->run->audience, part->privacy);
        put_text(out, i > 0 ? ",{\"id\":" : "{\"id\":", part->criterion->id);
        put_text(out, ",\"name\":", part->criterion->name);
        put_text(out, ",\"dimension\":", part->criterion->dimension);
        put_number(out, ",\"most\":", part->criterion->most);
        if (seen && part->points >= 0)
            put_number(out, ",\"points\":", part->points);
        else
            g_string_append(out, ",\"points\":null");
        put_text(out, ",\"value\":", seen ? part->value : NULL);
        g_string_append(out, seen ? "}" : ",\"withheld\":true}");
    }
    g_string_append(out, "]}");
}

void dj_list_jsonl_append(GString *out, const DjListRow *row)
{
    const DjAudience audience = row->run->audience;
    const DjPairing *pairing = row->view.pairing;
    put_text(out, "{\"chain\":", pairing->chain);
    put_text(out, ",\"chain_name\":", row->chain->chain->name);
    put_text(out, ",\"direction\":", dj_direction_name(pairing->direction));
    put_text(out, ",\"need\":", pairing->need);
    put_text(out, ",\"need_title\":", dj_list_row_need_title(row));
    put_text(out, ",\"enterprise\":", dj_list_row_enterprise(row));
    put_text(out, ",\"patent\":", pairing->patent);
    put_text(out, ",\"patent_title\":", dj_list_row_patent_title(row));
    put_text(out, ",\"patent_number\":", dj_projection_field(audience, row->patent, DJ_PATENT_NUMBER));
    put_text(out, ",\"patent_kind\":", dj_projection_field(audience, row->patent, DJ_PATENT_KIND));
    put_owners(out, dj_projection_field(audience, row->patent, DJ_PATENT_OWNERS));
    put_number(out, ",\"rank\":", pairing->rank);
    put_number(out, ",\"score\":", pairing->score);
    put_number(out, ",\"points\":", pairing->points);
    put_number(out, ",\"self_points\":", pairing->self_points);
    if (pairing->permille >= 0)
        put_number(out, ",\"permille\":", pairing->permille);
    else
        g_string_append(out, ",\"permille\":null");
    g_string_append(out, dj_list_row_unmet(row) ? ",\"unmet\":true" : ",\"unmet\":false");
    put_quality(out, row);
    put_parts(out, &row->view);
    put_gate(out, &row->view);
    put_indicators(out, &row->view);
    put_unknown(out, &row->view);
    g_string_append(out, ",\"other_chains\":[");
    for (char **id = pairing->other_chains; id && *id; id++)
        put_text(out, id > pairing->other_chains ? "," : "", *id);
    put_number(out, "],\"n_similar\":", pairing->n_similar);
    put_text(out, ",\"group\":", pairing->group);
    g_string_append(out, ",\"similar\":[");
    for (char **key = pairing->similar; key && *key; key++)
        put_text(out, key > pairing->similar ? "," : "", *key);
    g_string_append(out, "]}");
}

gboolean dj_list_jsonl_write(const DjListRun *run, const char *path, char **sha256, GError **error)
{
    g_auto(DjOutFile) file = {0};
    if (!dj_out_file_open(&file, path, error))
        return FALSE;
    g_auto(DjListRow) row;
    dj_list_row_init(&row, run);
    for (int d = 0; d < DJ_N_DIRECTIONS; d++) {
        for (guint c = 0; c < run->chains->len; c++) {
            const DjListChain *chain = run->chains->pdata[c];
            for (guint i = 0; i < chain->pairings[d]->len; i++) {
                dj_list_row_set(&row, chain, (DjDirection)d, i);
                dj_list_jsonl_append(file.text, &row);
                g_string_append_c(file.text, '\n');
                if (!dj_out_file_drain(&file, error))
                    return FALSE;
            }
        }
    }
    return dj_out_file_close(&file, sha256, error);
}
