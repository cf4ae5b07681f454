/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/indicator.h"
#include <string.h>

static gboolean has_property(const DjQuantity *quantity)
{
    return quantity->property_end > quantity->property_begin;
}

static gboolean has_comparator(const DjQuantity *quantity)
{
    return quantity->relation >= DJ_QUANTITY_AT_LEAST;
}

void dj_indicators_asked(DjQuantityParser *parser, const char *text, GArray *out)
{
    gsize n;
    const DjQuantity *found = dj_quantity_parser_run(parser, text, -1, &n);
    for (gsize i = 0; i < n; i++) {
        DjStated stated = {found[i], text, -1, DJ_PUBLIC};
        if (has_property(&found[i]) && has_comparator(&found[i]))
            g_array_append_val(out, stated);
    }
}

void dj_indicators_wanted(DjQuantityParser *parser, const DjRecord *need, GArray *out)
{
    static const int fields[] = {DJ_NEED_INDICATORS, DJ_NEED_TITLE, DJ_NEED_SUMMARY, DJ_NEED_DESCRIPTION};
    for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
        const char *text = dj_record_get(need, fields[f]);
        gsize n = 0;
        const DjQuantity *found = text ? dj_quantity_parser_run(parser, text, -1, &n) : NULL;
        for (gsize i = 0; i < n; i++) {
            DjStated wanted = {found[i], text, fields[f], dj_record_privacy(need, fields[f])};
            gboolean known = FALSE; /* the same wish in another field */
            for (guint k = 0; k < out->len && !known; k++) {
                const DjStated *other = &g_array_index(out, DjStated, k);
                known = other->field != fields[f] &&
                        dj_quantity_property_kin(other->text, &other->quantity, text, &found[i]) == DJ_PROPERTY_SAME;
            }
            if (has_property(&found[i]) && !known && (f == 0 || has_comparator(&found[i])))
                g_array_append_val(out, wanted);
        }
    }
}

void dj_indicators_stated(DjQuantityParser *parser, const DjRecord *patent, GStringChunk *keep, GArray *out)
{
    static const int fields[] = {DJ_PATENT_INDICATORS, DJ_PATENT_ABSTRACT, DJ_PATENT_CLAIM, DJ_PATENT_ADVANTAGE};
    for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
        const char *text = dj_record_get(patent, fields[f]);
        gsize n = 0;
        const DjQuantity *found = text ? dj_quantity_parser_run(parser, text, -1, &n) : NULL;
        for (gsize i = 0; i < n; i++) {
            DjStated stated = {found[i], text, fields[f], dj_record_privacy(patent, fields[f])};
            if (!has_property(&found[i]))
                continue;
            if (keep) {
                guint32 length = found[i].property_end - found[i].property_begin;
                stated.text = g_string_chunk_insert_len(keep, text + found[i].property_begin, length);
                stated.quantity.property_begin = 0;
                stated.quantity.property_end = length;
            }
            g_array_append_val(out, stated);
        }
    }
}

DjVerdict dj_indicator_judge(const DjStated *wanted, const GArray *stated, guint *by)
{
    DjVerdict best = DJ_UNKNOWN;
    DjPropertyKin nearest = DJ_PROPERTY_OTHER;
    *by = G_MAXUINT;
    for (guint i = 0; i < stated->len; i++) {
        const DjStated *here = &g_array_index(stated, DjStated, i);
        DjPropertyKin kin = dj_quantity_property_kin(wanted->text, &wanted->quantity, here->text, &here->quantity);
        gboolean agree = dj_measures_agree(&wanted->quantity.measure, &here->quantity.measure);
        if (kin == DJ_PROPERTY_OTHER || (kin == DJ_PROPERTY_FAMILY && !agree))
            continue;
        DjVerdict verdict =
            kin == DJ_PROPERTY_FAMILY ? DJ_UNKNOWN : dj_quantity_compare(&wanted->quantity, &here->quantity);
        if (verdict == DJ_MET) {
            *by = i;
            return DJ_MET;
        }
        if (kin > nearest || (verdict == DJ_NOT_MET && best == DJ_UNKNOWN)) {
            *by = i;
            nearest = kin;
            best = verdict;
        }
    }
    return best;
}

gint64 dj_indicators_points(const DjScoring *scoring, const GArray *wanted, const GArray *stated)
{
    guint met = 0, by;
    for (guint i = 0; wanted && stated && i < wanted->len; i++)
        met += dj_indicator_judge(&g_array_index(wanted, DjStated, i), stated, &by) == DJ_MET;
    return MIN((gint64)scoring->indicator_points, (gint64)met * ((scoring->indicator_points + 2) / 3));
}

static void fill_span(DjSpan *span, const DjStated *stated)
{
    const DjQuantity *q = &stated->quantity;
    span->field = stated->field;
    span->byte_begin = q->begin;
    span->byte_end = q->end;
    span->char_begin = (guint32)g_utf8_strlen(stated->text, q->begin);
    span->char_end = span->char_begin + (guint32)g_utf8_strlen(stated->text + q->begin, q->end - q->begin);
}

/* From the property on where the need calls it otherwise: 功耗 against 传感器功耗为3mW. */
static char *quote_against(const DjStated *stated, const DjStated *want)
{
    const DjQuantity *q = &stated->quantity, *w = &want->quantity;
    guint32 length = q->property_end - q->property_begin;
    gboolean alike = length == w->property_end - w->property_begin &&
                     memcmp(stated->text + q->property_begin, want->text + w->property_begin, length) == 0;
    guint32 begin = alike ? q->begin : MIN(q->property_begin, q->begin);
    return g_strndup(stated->text + begin, q->end - begin);
}

static char *quote(const DjStated *stated)
{
    return g_strndup(stated->text + stated->quantity.begin, stated->quantity.end - stated->quantity.begin);
}

void dj_indicators_compare(const GArray *wanted, const GArray *stated, DjPairing *pairing)
{
    static const DjVerdict order[] = {DJ_MET, DJ_UNKNOWN, DJ_NOT_MET};
    for (gsize o = 0; o < G_N_ELEMENTS(order); o++) {
        for (guint i = 0; i < wanted->len; i++) {
            const DjStated *want = &g_array_index(wanted, DjStated, i);
            guint by;
            DjVerdict verdict = dj_indicator_judge(want, stated, &by);
            if (verdict != order[o])
                continue;
            DjIndicator *indicator = g_new0(DjIndicator, 1);
            indicator->verdict = verdict;
            indicator->privacy = want->privacy;
            indicator->property = g_strndup(want->text + want->quantity.property_begin,
                                            want->quantity.property_end - want->quantity.property_begin);
            indicator->wanted = quote(want);
            indicator->patent_span.field = -1;
            fill_span(&indicator->need_span, want);
            if (by != G_MAXUINT) {
                const DjStated *here = &g_array_index(stated, DjStated, by);
                indicator->stated = quote_against(here, want);
                fill_span(&indicator->patent_span, here);
            }
            g_ptr_array_add(pairing->indicators, indicator);
        }
    }
}

void dj_indicators_add_parts(DjPairing *pairing, gint64 points)
{
    gint64 met[DJ_CONFIDENTIAL + 1] = {0}, out[DJ_CONFIDENTIAL + 1];
    for (guint i = 0; i < pairing->indicators->len; i++) {
        const DjIndicator *indicator = pairing->indicators->pdata[i];
        met[indicator->privacy] += indicator->verdict == DJ_MET;
    }
    dj_points_share(points, met, G_N_ELEMENTS(met), out);
    for (int privacy = DJ_PUBLIC; privacy <= DJ_CONFIDENTIAL; privacy++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint i = 0; i < pairing->indicators->len; i++) {
            const DjIndicator *indicator = pairing->indicators->pdata[i];
            if (indicator->verdict == DJ_MET && (int)indicator->privacy == privacy)
                g_string_append_printf(text, "%s%s %s：%s", text->len ? "；" : "", indicator->property,
                                       indicator->wanted, indicator->stated);
        }
        if (met[privacy] > 0)
            g_ptr_array_add(pairing->parts,
                            dj_part_new(DJ_PART_INDICATOR, (DjPrivacy)privacy, out[privacy], text->str));
    }
}
