/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/answer.h"
#include "engine/model/ident.h"

#include "engine/report/projection.h"
#include "engine/report/wording.h"
#include <jansson.h>
#include <string.h>

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *list_of(const char *value)
{
    json_t *list = json_array();
    g_auto(GStrv) items = g_strsplit(value ? value : "", "\n", -1);
    for (char **item = items; *item; item++)
        json_array_append_new(list, json_string(*item));
    return list;
}

static json_t *parts_of(const DjPairingView *view)
{
    json_t *list = json_array();
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        json_t *item = json_object();
        json_object_set_new(item, "kind", json_string(dj_part_kind_name(part->kind)));
        json_object_set_new(item, "points", json_integer(part->points));
        if (part->text)
            json_object_set_new(item, "text", json_string(part->text));
        if (part->patent.field >= 0)
            json_object_set_new(
                item, "patent",
                json_pack("{s:s, s:I, s:I}", "field", dj_field_at(DJ_TABLE_PATENT, part->patent.field)->name, "begin",
                          (json_int_t)part->patent.char_begin, "end", (json_int_t)part->patent.char_end));
        json_array_append_new(list, item);
    }
    return list;
}

static void add_gate(json_t *object, const DjPairingView *view)
{
    json_t *gate = json_array(), *unknown = json_array();
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *shown = &g_array_index(view->gate, DjShownGate, i);
        json_t *item = json_pack("{s:s, s:s, s:s}", "rule", shown->rule, "name", shown->name, "verdict",
                                 shown->withheld ? "withheld" : dj_verdict_name(shown->verdict));
        if (shown->value)
            json_object_set_new(item, "value", json_string(shown->value));
        if (shown->ask)
            json_object_set_new(item, "ask", json_string(shown->ask));
        json_array_append_new(gate, item);
        if (!shown->withheld && shown->verdict == DJ_UNKNOWN)
            json_array_append_new(unknown, json_string(shown->ask ? shown->ask : shown->name));
    }
    json_object_set_new(object, "gate", gate);
    json_object_set_new(object, "unknown", unknown);
}

static json_t *quality_of(const DjQuality *quality, DjAudience audience)
{
    if (!quality)
        return json_null();
    int known, score = dj_quality_score(quality, audience, &known);
    json_t *parts = json_array();
    for (guint i = 0; i < quality->parts->len; i++) {
        const DjQualityPart *part = &g_array_index(quality->parts, DjQualityPart, i);
        gboolean seen = dj_audience_sees(audience, part->privacy);
        json_array_append_new(parts, json_pack("{s:s, s:s, s:i, s:o, s:o}", "id", part->criterion->id, "name",
                                               part->criterion->name, "most", part->criterion->most, "points",
                                               seen && part->points >= 0 ? json_integer(part->points) : json_null(),
                                               "value", seen ? json_string(part->value) : json_null()));
    }
    return json_pack("{s:o, s:i, s:o}", "score", score < 0 ? json_null() : json_integer(score), "known", known, "parts",
                     parts);
}

static void add_evidence(json_t *object, const DjPairingView *view)
{
    const DjPairing *pairing = view->pairing;
    json_object_set_new(object, "score", json_integer(pairing->score));
    json_object_set_new(object, "points", json_integer(pairing->points));
    json_object_set_new(object, "self_points", json_integer(pairing->self_points));
    json_object_set_new(object, "parts", parts_of(view));
    add_gate(object, view);
}

json_t *dj_answer_evidence(const DjPairingView *view)
{
    json_t *object = json_object();
    add_evidence(object, view);
    return object;
}

static json_t *result_object(const DjPairingView *view, const DjRecord *patent, const DjQuality *quality)
{
    const DjPairing *pairing = view->pairing;
    json_t *object = json_object();
    json_object_set_new(object, "rank", json_integer(pairing->rank));
    json_object_set_new(object, "patent", json_string(pairing->patent));
    json_object_set_new(object, "title", text_or_null(dj_projection_field(view->audience, patent, DJ_PATENT_TITLE)));
    json_object_set_new(object, "number", text_or_null(dj_projection_field(view->audience, patent, DJ_PATENT_NUMBER)));
    json_object_set_new(object, "kind", text_or_null(dj_projection_field(view->audience, patent, DJ_PATENT_KIND)));
    json_object_set_new(object, "owners", list_of(dj_projection_field(view->audience, patent, DJ_PATENT_OWNERS)));
    json_object_set_new(object, "low", json_boolean(pairing->low));
    json_object_set_new(object, "permille", pairing->permille < 0 ? json_null() : json_integer(pairing->permille));
    json_t *similar = json_array();
    for (char **key = pairing->similar; key && *key; key++)
        json_array_append_new(similar, json_string(*key));
    json_object_set_new(object, "n_similar", json_integer(pairing->n_similar));
    json_object_set_new(object, "group", text_or_null(pairing->group));
    json_object_set_new(object, "similar", similar);
    json_object_set_new(object, "quality", quality_of(quality, view->audience));
    add_evidence(object, view);
    return object;
}

static json_t *barred_of(const DjResultSet *result, DjAudience audience)
{
    json_t *list = json_array();
    g_autoptr(GArray) shown = dj_projection_barred(audience, result);
    for (guint i = 0; i < shown->len; i++) {
        const DjShownBarred *barred = &g_array_index(shown, DjShownBarred, i);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:i}", "rule", barred->rule, "name", barred->name, "count", (int)barred->n));
    }
    return list;
}

json_t *dj_answer_object(const DjResultSet *result, const char *query, DjAudience audience)
{
    json_t *results = json_array();
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    for (guint i = 0; i < result->pairings->len; i++) {
        const DjPairing *pairing = result->pairings->pdata[i];
        dj_pairing_view_set(&view, pairing, NULL);
        json_array_append_new(results, result_object(&view, g_hash_table_lookup(result->patents, pairing->patent),
                                                     g_hash_table_lookup(result->quality, pairing->patent)));
    }
    return json_pack("{s:s, s:s, s:s, s:I, s:i, s:i, s:i, s:b, s:o, s:o}", "query", query, "audience",
                     dj_audience_name(audience), "now", result->provenance.now, "generation",
                     (json_int_t)result->provenance.generation, "min_score", result->min_score, "min_permille",
                     result->min_permille, "found", (int)result->n_found, "unmet", dj_result_set_is_unmet(result),
                     "barred", barred_of(result, audience), "results", results);
}

char *dj_answer_json(const DjResultSet *result, const char *query, DjAudience audience)
{
    json_t *answer = dj_answer_object(result, query, audience);
    char *dumped = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    char *line = g_strconcat(dumped, "\n", NULL);
    free(dumped);
    return line;
}

static void append_line(GString *out, const char *label, const GString *text)
{
    if (text->len > 0)
        g_string_append_printf(out, "    %s%s\n", label, text->str);
}

char *dj_answer_text(const DjResultSet *result, DjAudience audience, int today)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GString) unmet = g_string_new(NULL), barred = g_string_new(NULL);
    dj_wording_unmet(unmet, result);
    dj_wording_barred(barred, audience, result);
    if (result->pairings->len == 0)
        g_string_append(out, "没有找到可许可的专利或成果。换一种说法，或多写几句现有工艺和希望达到的指标。\n");
    else if (unmet->len > 0)
        g_string_append_printf(out, "%s；可转订单式研发。\n", unmet->str);
    if (barred->len > 0)
        g_string_append_printf(out, "%s。\n", barred->str);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    for (guint i = 0; i < result->pairings->len; i++) {
        const DjPairing *pairing = result->pairings->pdata[i];
        const DjRecord *patent = g_hash_table_lookup(result->patents, pairing->patent);
        dj_pairing_view_set(&view, pairing, NULL);
        const char *title = dj_projection_field(audience, patent, DJ_PATENT_TITLE);
        const char *owners = dj_projection_field(audience, patent, DJ_PATENT_OWNERS);
        g_string_append_printf(out, "%2u. %s\n    %s", pairing->rank, title ? title : "", pairing->patent);
        const char *kind = dj_patent_kind_label(dj_projection_field(audience, patent, DJ_PATENT_KIND));
        if (*kind)
            g_string_append_printf(out, "  %s", kind);
        if (owners) {
            g_string_append(out, "  ");
            dj_wording_list(out, owners);
        }
        g_string_append_printf(out, "\n    匹配度 %d，%" G_GINT64_FORMAT " 点", pairing->score, pairing->points);
        if (pairing->permille >= 0)
            g_string_append_printf(out, "，约 %d%% 值得一谈", (pairing->permille + 5) / 10);
        const DjQuality *quality = g_hash_table_lookup(result->quality, pairing->patent);
        if (quality) {
            g_string_append(out, "；优质度 ");
            dj_wording_quality(out, audience, quality);
        }
        g_autoptr(GString) left = g_string_new(NULL);
        dj_wording_term_left(left, audience, patent, today);
        g_autoptr(GString) fee = g_string_new(NULL);
        dj_wording_fee(fee, audience, patent);
        g_string_append_printf(out, "；许可期剩 %s；许可费 %s\n", left->str, fee->str);
        if (pairing->n_similar > 0) {
            g_autofree char *keys = g_strjoinv("、", pairing->similar);
            g_string_append_printf(out, "    另有 %u 件相近：%s\n", pairing->n_similar, keys);
        }
        g_autoptr(GString) reasons = g_string_new(NULL);
        dj_wording_reasons(reasons, &view);
        append_line(out, "理由：", reasons);
        g_autoptr(GString) questions = g_string_new(NULL);
        dj_wording_questions(questions, &view);
        append_line(out, "待核：", questions);
    }
    return g_string_free(out, FALSE);
}
