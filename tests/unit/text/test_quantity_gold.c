/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Precision and recall against the annotation. A quantity counts as found when it overlaps the annotated span and has
 * the same relation, the same values and the same unit. Properties are counted among the found ones that have one in
 * the annotation: right when one of the two holds the other. The floors bind the held-out half (odd numbers), on which
 * nothing was tuned.
 *
 * DUIJIE_SHOW=even prints what is wrong in the building half.
 */
#include "config/units.h"
#include "engine/text/normal.h"
#include "engine/text/quantity.h"
#include "tests/unit/text/gold.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    int gold, found, right, properties, properties_right;
} Count;

static const char *const RELATIONS[] = {"=", "~", ">=", ">", "<=", "<", ".."};

static gboolean same_value(DjDecimal value, const DjMeasure *measure, const char *want, const DjMeasure *want_measure)
{
    DjDecimal decimal;
    DjMeasure closed = *measure;
    int order;
    closed.open = FALSE;
    cr_assert(dj_decimal_parse(want, &decimal), "annotated value %s", want);
    return dj_units_compare(value, &closed, decimal, want_measure, &order) && order == 0;
}

/* The annotation quotes units as written (℃); the table of units expects normalised text. */
static DjMeasure read_gold_unit(const DjUnits *units, const char *unit)
{
    DjMeasure measure = {.num = 1, .den = 1};
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_KEEP_CASE, NULL);
    g_autoptr(GString) normal = g_string_new(NULL);
    gsize n;
    const DjNormalChar *chars = dj_normaliser_run(normaliser, unit, -1, &n);
    for (gsize i = 0; i < n; i++) {
        g_string_append_unichar(normal, chars[i].c);
    }
    cr_assert(n == 0 || dj_units_read(units, normal->str, normal->len, &measure) == normal->len, "unit %s", unit);
    return measure;
}

static gboolean is_right(const DjUnits *units, const DjQuantity *found, const GoldQuantity *gold)
{
    g_auto(GStrv) ends = g_strsplit(gold->value, "..", 2);
    const DjMeasure measure = read_gold_unit(units, gold->unit);
    return found->begin < gold->end && gold->begin < found->end &&
           strcmp(RELATIONS[found->relation], gold->relation) == 0 &&
           same_value(found->low, &found->measure, ends[0], &measure) &&
           same_value(found->high, &found->measure, ends[1] ? ends[1] : ends[0], &measure);
}

static gboolean same_words(const char *text, const DjQuantity *found, const char *property)
{
    g_autofree char *words = g_strndup(text + found->property_begin, found->property_end - found->property_begin);
    return words[0] && (strstr(words, property) || strstr(property, words));
}

static void show(const GoldSentence *sentence, const DjQuantity *found, gsize n, const gboolean *used)
{
    printf("%d: %s\n", sentence->number, sentence->text);
    for (guint g = 0; g < sentence->quantities->len; g++) {
        const GoldQuantity *gold = sentence->quantities->pdata[g];
        printf("    gold  %s %s %s [%s]\n", gold->relation, gold->value, gold->unit, gold->property);
    }
    for (gsize i = 0; i < n; i++) {
        const DjQuantity *q = &found[i];
        printf("  %s found %s %" G_GINT64_FORMAT "e%d..%" G_GINT64_FORMAT "e%d '%.*s' unit '%.*s' [%.*s]\n",
               used[i] ? " " : "!", RELATIONS[q->relation], q->low.mantissa, q->low.exponent, q->high.mantissa,
               q->high.exponent, (int)(q->end - q->begin), sentence->text + q->begin,
               (int)(q->unit_end - q->unit_begin), sentence->text + q->unit_begin,
               (int)(q->property_end - q->property_begin), sentence->text + q->property_begin);
    }
}

static void count_sentence(const DjUnits *units, DjQuantityParser *parser, const GoldSentence *sentence, Count *count,
                           gboolean verbose)
{
    gsize n;
    const DjQuantity *found = dj_quantity_parser_run(parser, sentence->text, -1, &n);
    g_autofree gboolean *used = g_new0(gboolean, n + 1);
    int right = 0, properties_right = 0, properties = 0;
    for (guint g = 0; g < sentence->quantities->len; g++) {
        const GoldQuantity *gold = sentence->quantities->pdata[g];
        for (gsize i = 0; i < n; i++) {
            if (!used[i] && is_right(units, &found[i], gold)) {
                used[i] = TRUE;
                right++;
                properties += gold->property[0] != '\0';
                properties_right += gold->property[0] && same_words(sentence->text, &found[i], gold->property);
                break;
            }
        }
    }
    count->gold += (int)sentence->quantities->len;
    count->found += (int)n;
    count->right += right;
    count->properties += properties;
    count->properties_right += properties_right;
    if (verbose && (right < (int)n || right < (int)sentence->quantities->len || properties_right < properties)) {
        show(sentence, found, n, used);
    }
}

Test(quantity_gold, precision_and_recall)
{
    const char *data = gold_find_data();
    if (!data) {
        cr_skip_test("no real data beside the sources");
    }
    GError *error = NULL;
    g_autoptr(DjUnits) units = dj_units_load(DJ_SOURCE_DIR "/config/units/units.yaml", &error);
    cr_assert_not_null(units, "%s", error ? error->message : "");
    g_autoptr(GPtrArray) sentences = gold_load(DJ_SOURCE_DIR "/tests/unit/text/quantity_gold.tsv", data, &error);
    cr_assert_not_null(sentences, "%s", error ? error->message : "");
    cr_assert_geq(sentences->len, 300);
    g_autoptr(DjQuantityParser) parser = dj_quantity_parser_new(units, NULL);
    const gboolean verbose = g_strcmp0(g_getenv("DUIJIE_SHOW"), "even") == 0;
    Count halves[2] = {{0}};
    for (guint i = 0; i < sentences->len; i++) {
        const GoldSentence *sentence = sentences->pdata[i];
        count_sentence(units, parser, sentence, &halves[sentence->number % 2], verbose && sentence->number % 2 == 0);
    }
    for (int half = 0; half < 2; half++) {
        const Count *c = &halves[half];
        const double precision = (double)c->right / c->found, recall = (double)c->right / c->gold;
        const double properties = (double)c->properties_right / c->properties;
        printf("%s half: precision %.3f (%d/%d), recall %.3f (%d/%d), properties %.3f (%d/%d)\n",
               half ? "held-out" : "building", precision, c->right, c->found, recall, c->right, c->gold, properties,
               c->properties_right, c->properties);
        cr_expect_geq(precision, 0.9);
        cr_expect_geq(recall, 0.7);
        cr_expect_geq(properties, 0.7);
    }
}
