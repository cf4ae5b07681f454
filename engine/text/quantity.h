/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantities (量值) in text: number or range, comparator, unit, and the property that they are about.
 *
 *   抗拉强度不低于 800 MPa    property 抗拉强度, >= 800, MPa
 *   温度 100–120 ℃           property 温度, 100..120, °C
 *   厚度 0.03±0.01mm          property 厚度, 0.02..0.04, mm
 *   提高百分之五               property none, = 5, %
 *   浓度 5.1×10⁶ cfu/g        property 浓度, = 5100000, cfu/g
 *
 * Numbers are Arabic, with thousands separators, powers of ten and 万/亿 multipliers, or Chinese. Years, ordinals,
 * codes and counted things (3 台, 5 人) are not quantities. A number without unit is one only with an explicit
 * comparator or tolerance, or as a pH.
 *
 * Values are exact decimals. Spans are bytes of the original text. The property is a guess from the words beside the
 * quantity; it may be missing, and callers must treat a missing one as unknown.
 *
 * Thread rule: a parser belongs to one thread at a time; the table of units may be shared.
 */
#ifndef DJ_TEXT_QUANTITY_H
#define DJ_TEXT_QUANTITY_H

#include "engine/model/verdict.h"
#include "engine/text/units.h"

G_BEGIN_DECLS

typedef enum {
    DJ_QUANTITY_EQUAL, /* stated, without comparator */
    DJ_QUANTITY_ABOUT, /* 约, 左右, 近 */
    DJ_QUANTITY_AT_LEAST,
    DJ_QUANTITY_ABOVE,
    DJ_QUANTITY_AT_MOST,
    DJ_QUANTITY_BELOW,
    DJ_QUANTITY_RANGE, /* low..high, ends included */
} DjQuantityRelation;

/* 提高 3 倍 says by how much, 提高到 3 倍 how much. */
typedef enum { DJ_QUANTITY_NO_CHANGE, DJ_QUANTITY_UP, DJ_QUANTITY_DOWN } DjQuantityChange;

typedef struct {
    guint32 begin, end;                   /* comparator, number, unit and suffix: what to quote */
    guint32 property_begin, property_end; /* equal when no property was found */
    guint32 unit_begin, unit_end;         /* equal when there is no unit */
    DjQuantityRelation relation;
    DjQuantityChange change;
    gboolean tolerance; /* a RANGE written with ±: a value that is kept within */
    DjDecimal low;      /* the value; RANGE: the smaller one */
    DjDecimal high;
    DjMeasure measure;
} DjQuantity;

typedef struct DjQuantityParser DjQuantityParser;

/* units must outlive the parser. Fails only when ICU cannot load its data. */
DjQuantityParser *dj_quantity_parser_new(const DjUnits *units, GError **error);
void dj_quantity_parser_free(DjQuantityParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjQuantityParser, dj_quantity_parser_free)

/*
 * All quantities of length bytes of text (-1: up to its NUL) in text order. The array belongs to the parser and stays
 * valid until the next call.
 */
const DjQuantity *dj_quantity_parser_run(DjQuantityParser *parser, const char *text, gssize length, gsize *n);

/*
 * Are the two about the same property? The same with equal words, or where one ends in the other and that has at least
 * three characters: 材料热导率 and 热导率. A shorter ending names a family (强度 of 抗拉强度, 功耗 of 传感器功耗), so
 * that the two may be the same: only a person can tell.
 */
typedef enum { DJ_PROPERTY_OTHER, DJ_PROPERTY_FAMILY, DJ_PROPERTY_SAME } DjPropertyKin;
DjPropertyKin dj_quantity_property_kin(const char *text_a, const DjQuantity *a, const char *text_b,
                                       const DjQuantity *b);

/*
 * Does what supply states satisfy what need asks, the property taken as the same? Both are read as sets of values: MET
 * when every value that supply states is acceptable, NOT_MET when none is, otherwise UNKNOWN. A need without a
 * comparator says no direction, so only the same value meets it and no other value fails it. A tolerance (±) is met by
 * what lies within and failed by a wider one. Who asks for a change by a value or a range (提高 3~5 倍) is content with
 * more of it. Different dimensions, and a change against a value or the opposite change, are UNKNOWN.
 */
DjVerdict dj_quantity_compare(const DjQuantity *need, const DjQuantity *supply);

G_END_DECLS

#endif
