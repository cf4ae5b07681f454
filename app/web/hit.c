/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/hit.h"

#include "app/web/chrome.h"
#include "engine/model/ident.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"
#include <string.h>

#define TEXT_BYTES 900

/* ---- marks ---- */

static gint compare_marks(gconstpointer a, gconstpointer b)
{
    const DjMark *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end < y->end) - (x->end > y->end); /* the longer one first */
}

/* The nearest place at or after (before) `at` where a character begins. */
static gsize align(const char *text, gsize at, int direction)
{
    while (at > 0 && ((guchar)text[at] & 0xC0) == 0x80)
        at += (gsize)direction;
    return at;
}

static void put_slice(GString *out, const char *text, gsize begin, gsize end)
{
    g_autofree char *slice = g_strndup(text + begin, end - begin);
    dj_html_text(out, slice);
}

void dj_hit_marked(GString *out, const char *text, GArray *marks, gsize most)
{
    gsize length = strlen(text), begin = 0, end = length;
    g_array_sort(marks, compare_marks);
    if (most > 0 && length > most) {
        gsize first = marks->len > 0 ? g_array_index(marks, DjMark, 0).begin : 0;
        begin = first > most / 4 ? align(text, first - most / 4, 1) : 0;
        if (length - begin < most)
            begin = align(text, length - most, 1);
        end = align(text, MIN(length, begin + most), -1);
    }
    if (begin > 0)
        g_string_append(out, "……");
    gsize at = begin;
    for (guint i = 0; i < marks->len; i++) {
        const DjMark *mark = &g_array_index(marks, DjMark, i);
        if (mark->begin < at || mark->end > end || mark->end <= mark->begin)
            continue;
        put_slice(out, text, at, mark->begin);
        g_string_append(out, mark->near ? "<mark class=\"near\">" : "<mark>");
        put_slice(out, text, mark->begin, mark->end);
        g_string_append_printf(out, "<sup>%u</sup></mark>", mark->number);
        at = mark->end;
    }
    put_slice(out, text, at, end);
    if (end < length)
        g_string_append(out, "……");
}

static gboolean is_word(const DjShownPart *part)
{
    return part->kind == DJ_PART_PHRASE || part->kind == DJ_PART_RELATED || part->kind == DJ_PART_KINDRED;
}

/* Not the same word on both sides. */
static gboolean is_near(const DjShownPart *part)
{
    return part->kind == DJ_PART_RELATED || part->kind == DJ_PART_KINDRED;
}

static void add_span(GArray *marks, const DjSpan *span, guint number, gboolean near)
{
    DjMark mark = {span->byte_begin, span->byte_end, number, near};
    g_array_append_val(marks, mark);
}

/* Words of a question have no field to point into: they are looked for by what they say. */
static void add_found(GArray *marks, const char *question, const DjShownPart *part, guint number)
{
    g_autofree char *word = g_strdup(part->text);
    char *tie = strstr(word, " ~ ");
    if (tie)
        *tie = '\0';
    const char *at = *word ? strstr(question, word) : NULL;
    if (!at)
        return;
    DjMark mark = {(guint32)(at - question), (guint32)(at - question + strlen(word)), number, is_near(part)};
    g_array_append_val(marks, mark);
}

/* Texts of one record that parts point into, each with its marks. need: the need's side, else the patent's. */
static void put_sides(GString *out, const DjHit *hit, const DjRecord *record, gboolean need, const char *who)
{
    const DjPairingView *view = hit->view;
    for (int field = 0; field < dj_field_count(record->table); field++) {
        g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(DjMark));
        for (guint i = 0; i < view->parts->len; i++) {
            const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
            const DjSpan *span = need ? &part->need : &part->patent;
            if (is_word(part) && span->field == field)
                add_span(marks, span, i + 1, is_near(part));
        }
        const char *text = dj_projection_field(view->audience, record, field);
        if (marks->len == 0 || !text)
            continue;
        g_string_append_printf(out, "<p><span class=\"t\">%s（%s）</span>", who,
                               dj_field_at(record->table, field)->label);
        dj_hit_marked(out, text, marks, TEXT_BYTES);
        g_string_append(out, "</p>");
    }
}

void dj_hit_texts(GString *out, const DjHit *hit)
{
    g_string_append(out, "<div class=\"cmp\"><div>");
    if (hit->question) {
        g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(DjMark));
        for (guint i = 0; i < hit->view->parts->len; i++) {
            const DjShownPart *part = &g_array_index(hit->view->parts, DjShownPart, i);
            if (is_word(part) && part->text)
                add_found(marks, hit->question, part, i + 1);
        }
        g_string_append(out, "<p><span class=\"t\">您写的</span>");
        dj_hit_marked(out, hit->question, marks, TEXT_BYTES);
        g_string_append(out, "</p>");
    } else if (hit->need) {
        put_sides(out, hit, hit->need, TRUE, "需求");
    }
    g_string_append(out, "</div><div>");
    put_sides(out, hit, hit->patent, FALSE, "专利写的");
    g_string_append(out, "</div></div>\n");
}

/* ---- points ---- */

void dj_hit_parts(GString *out, const DjHit *hit)
{
    const DjPairingView *view = hit->view;
    const DjPairing *pairing = view->pairing;
    gint64 most = 1;
    for (guint i = 0; i < view->parts->len; i++)
        most = MAX(most, ABS(g_array_index(view->parts, DjShownPart, i).points));
    g_string_append(out, "<table class=\"parts\" aria-label=\"得分由哪些部分组成\"><tbody>\n");
    g_autoptr(GString) words = g_string_new(NULL);
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        g_string_truncate(words, 0);
        dj_wording_part(words, part);
        g_string_append(out, "<tr><th scope=\"row\">");
        if (is_word(part))
            g_string_append_printf(out, "<sup>%u</sup> ", i + 1);
        dj_html_text(out, words->str);
        g_string_append_printf(out,
                               "</th><td><svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
                               "aria-hidden=\"true\"><rect%s width=\"%d\" height=\"10\"/></svg></td>"
                               "<td>%" G_GINT64_FORMAT "</td></tr>\n",
                               is_word(part) || part->kind == DJ_PART_OTHER ? "" : " class=\"b2\"",
                               (int)(MAX(part->points, 0) * 100 / most), part->points);
    }
    g_string_append_printf(out,
                           "</tbody><tfoot><tr><th scope=\"row\">合计</th><td></td><td>%" G_GINT64_FORMAT
                           " 点</td></tr></tfoot></table>\n<p class=\"xs dim\">本需求满点 %" G_GINT64_FORMAT
                           "，匹配度 %d</p>\n",
                           pairing->points, pairing->self_points, pairing->score);
}

/* ---- verdicts and facts ---- */

static void put_verdict(GString *out, DjVerdict verdict, gboolean hard, const char *text)
{
    const char *kind = verdict == DJ_MET ? "v-met" : verdict == DJ_UNKNOWN ? "v-unk" : "v-no";
    g_string_append_printf(out, "<span class=\"v %s%s wrapok\">", kind, verdict == DJ_NOT_MET && hard ? " v-stop" : "");
    dj_html_text(out, text);
    g_string_append(out, "</span> ");
}

static const char *verdict_word(DjVerdict verdict)
{
    return verdict == DJ_MET ? "满足" : verdict == DJ_UNKNOWN ? "待核" : "不满足";
}

void dj_hit_gate(GString *out, const DjHit *hit)
{
    const DjPairingView *view = hit->view;
    g_string_append(out, "<ul class=\"gate\">\n");
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        g_autoptr(GString) words = g_string_new(NULL);
        dj_wording_indicator(words, indicator);
        g_string_append(out, "<li>");
        put_verdict(out, indicator->verdict, FALSE, verdict_word(indicator->verdict));
        g_string_append(out, "<span>");
        dj_html_text(out, words->str);
        g_string_append(out, "</span></li>\n");
    }
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        g_string_append(out, "<li>");
        if (gate->withheld)
            g_string_append(out, "<span class=\"v v-sec\">保密</span> ");
        else
            put_verdict(out, gate->verdict, gate->hard, verdict_word(gate->verdict));
        g_string_append(out, "<span>");
        dj_html_text(out, gate->name);
        if (gate->value && *gate->value) {
            g_string_append(out, "：");
            dj_html_text(out, gate->value);
        }
        if (gate->ask && gate->verdict == DJ_UNKNOWN) {
            g_string_append(out, "　<span class=\"dim\">");
            dj_html_text(out, gate->ask);
            g_string_append(out, "</span>");
        }
        g_string_append(out, "</span></li>\n");
    }
    g_string_append(out, "</ul>\n");
}

/* In one row: one word for all rules that are met, then what is open or fails, then the indicators. */
static void put_verdicts(GString *out, const DjPairingView *view)
{
    guint n_met = 0, n_open = 0;
    g_string_append(out, "<p class=\"row\">");
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        n_met += !gate->withheld && gate->verdict == DJ_MET;
        n_open += !gate->withheld && gate->verdict == DJ_UNKNOWN;
    }
    g_autofree char *met = g_strdup_printf("许可条件 %u 项满足", n_met);
    if (n_met > 0)
        put_verdict(out, DJ_MET, FALSE, met);
    g_autofree char *open = g_strdup_printf("%u 项待核", n_open);
    if (n_open > 0)
        put_verdict(out, DJ_UNKNOWN, FALSE, open);
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        if (!gate->withheld && gate->verdict == DJ_NOT_MET)
            put_verdict(out, DJ_NOT_MET, gate->hard, gate->name);
    }
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        g_autofree char *text = g_strdup_printf("%s%s", indicator->property,
                                                indicator->verdict == DJ_MET       ? "够"
                                                : indicator->verdict == DJ_UNKNOWN ? "没写，待核"
                                                                                   : "不够");
        put_verdict(out, indicator->verdict, FALSE, text);
    }
    g_string_append(out, "</p>\n");
}

static void put_fact(GString *out, const char *label, const char *text)
{
    g_string_append_printf(out, "<div><dt>%s</dt><dd>", label);
    dj_html_text(out, text);
    g_string_append(out, "</dd></div>");
}

void dj_hit_facts(GString *out, const DjHit *hit)
{
    DjAudience audience = hit->view->audience;
    g_autoptr(GString) fee = g_string_new(NULL), left = g_string_new(NULL);
    dj_wording_fee(fee, audience, hit->patent);
    dj_wording_term_left(left, audience, hit->patent, hit->now);
    const char *end = dj_projection_field(audience, hit->patent, DJ_PATENT_LICENCE_END);
    const char *maturity = dj_projection_field(audience, hit->patent, DJ_PATENT_MATURITY);
    if (end && g_ascii_isdigit(left->str[0]))
        g_string_append_printf(left, "（至 %s）", end);
    g_autofree char *level = maturity ? g_strdup_printf("%s 级", maturity) : g_strdup("未写");
    g_string_append(out, "<dl class=\"facts\">");
    put_fact(out, "许可费", fee->str);
    put_fact(out, "许可期还剩", left->str);
    put_fact(out, "成熟度", level);
    g_string_append(out, "</dl>\n");
}

static void put_quality(GString *out, const DjHit *hit)
{
    DjAudience audience = hit->view->audience;
    g_autoptr(GString) words = g_string_new(NULL);
    dj_wording_quality(words, audience, hit->quality);
    g_string_append(out, "<details><summary>优质度 ");
    dj_html_text(out, words->str);
    g_string_append(out, "：只看专利本身，与相配与否无关</summary>\n<ul>\n");
    for (guint i = 0; i < hit->quality->parts->len; i++) {
        const DjQualityPart *part = &g_array_index(hit->quality->parts, DjQualityPart, i);
        g_string_truncate(words, 0);
        g_string_append_printf(words, "%s　", part->criterion->dimension);
        dj_wording_quality_part(words, audience, part);
        g_string_append(out, "<li>");
        dj_html_text(out, words->str);
        g_string_append(out, "</li>\n");
    }
    g_string_append(out, "</ul></details>\n");
}

static void put_similar(GString *out, const DjPairing *pairing)
{
    if (pairing->n_similar == 0)
        return;
    g_string_append_printf(out, "<details><summary>另有 %u 件相近</summary><ul class=\"s\">\n", pairing->n_similar);
    for (char **key = pairing->similar; key && *key; key++) {
        g_string_append(out, "<li>");
        dj_chrome_link(out, "patents", *key, NULL);
        g_string_append(out, "</li>\n");
    }
    g_string_append(out, "</ul></details>\n");
}

void dj_hit_card(GString *out, const DjHit *hit, const char *href)
{
    const DjPairing *pairing = hit->view->pairing;
    DjAudience audience = hit->view->audience;
    g_string_append_printf(out,
                           "<article class=\"card hit%s\">\n<div class=\"score\"><b>%d</b><span>匹配度</span>"
                           "<span>第 %u 名</span>",
                           hit->open ? " open" : "", pairing->score, pairing->rank);
    int quality = hit->quality ? dj_quality_score(hit->quality, audience, NULL) : -1;
    if (quality >= 0)
        g_string_append_printf(out, "<span>优质 %d</span>", quality);
    g_string_append_printf(out, "</div>\n<div class=\"stack\">\n<h3><a href=\"%s\">", href);
    dj_html_text(out, dj_projection_field(audience, hit->patent, DJ_PATENT_TITLE));
    g_string_append(out, "</a></h3>\n<p class=\"row s\"><b>");
    g_autoptr(GString) owners = g_string_new(NULL);
    dj_wording_list(owners, dj_projection_field(audience, hit->patent, DJ_PATENT_OWNERS));
    dj_html_text(out, owners->str);
    g_string_append(out, "</b> <span class=\"dim\">");
    dj_html_text(out, dj_patent_kind_label(dj_projection_field(audience, hit->patent, DJ_PATENT_KIND)));
    g_string_append(out, "　");
    dj_html_text(out, pairing->patent);
    g_string_append(out, "</span> <span class=\"chip\">");
    dj_html_text(out, hit->chain_name);
    g_string_append(out, hit->is_new ? "</span> <span class=\"chip new\">新</span></p>\n" : "</span></p>\n");
    put_verdicts(out, hit->view);
    dj_hit_facts(out, hit);
    g_string_append(out, "</div>\n<div class=\"parts-box\">\n");
    dj_hit_parts(out, hit);
    g_string_append_printf(out,
                           "</div>\n<div class=\"wide stack\">\n<details%s><summary>为什么相配：两边的原文</summary>\n",
                           hit->open ? " open" : "");
    dj_hit_texts(out, hit);
    g_string_append(out, "</details>\n<details><summary>许可条件逐项</summary>\n");
    dj_hit_gate(out, hit);
    g_string_append(out, "</details>\n");
    if (hit->quality)
        put_quality(out, hit);
    put_similar(out, pairing);
    g_string_append(out, "</div>\n</article>\n");
}
