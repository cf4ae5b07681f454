/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One scan over the normalised text. At each place where a number can start the parser reads, in this order: number,
 * unit, range or tolerance, suffix (以上), then backwards the comparator and the property. What cannot be a quantity is
 * decided by what stands directly beside it (第, 年 after 2019, letters of a code), never by a list of known texts.
 */
#include "engine/text/quantity.h"

#include "engine/text/quantity_context.h"

#include <string.h>

#define UNIT_MAX 24 /* characters */

struct DjQuantityParser {
    const DjUnits *units;
    DjNormaliser *normaliser;
    GArray *found; /* of DjQuantity */
};

static const char *const RANGE_SIGNS[] = {"~", "-", "–", "—", "――", "——", "至", "到", "〜", "∼", "∽", "―"};

typedef struct {
    DjChars text;
    const DjUnits *units;
    GArray *found;
} Scan;

/* ---- unit ---- */

/* Reads a unit at i; returns the characters read. Raised digits get a caret, so that "m⁻¹" is no range. */
static gsize read_unit(const Scan *scan, gsize i, DjMeasure *measure)
{
    char buffer[UNIT_MAX * 8];
    gsize ends[UNIT_MAX]; /* bytes after each character */
    gsize n_chars = 0, n_bytes = 0;
    gboolean raised_before = FALSE;
    for (; n_chars < UNIT_MAX && i + n_chars < scan->text.n; n_chars++) {
        const DjNormalChar *c = &scan->text.chars[i + n_chars];
        const gboolean raised = dj_char_is_raised(c);
        if (raised && !raised_before) {
            buffer[n_bytes++] = '^';
        }
        raised_before = raised;
        n_bytes += (gsize)g_unichar_to_utf8(c->c, buffer + n_bytes);
        ends[n_chars] = n_bytes;
    }
    const gsize read = dj_units_read(scan->units, buffer, n_bytes, measure);
    gsize n = 0;
    while (n < n_chars && ends[n] <= read) {
        n++;
    }
    return read > 0 ? n : 0;
}

/* A unit after a number: "3 个月", "800 MPa", and the parenthesis of "(5~45)%". Returns the characters read. */
static gsize read_unit_after(const Scan *scan, gsize i, DjMeasure *measure, gsize *begin)
{
    const gsize at = dj_chars_skip_spaces(&scan->text, i);
    gsize n = read_unit(scan, at, measure);
    *begin = at;
    if (n == 0 && dj_chars_match(&scan->text, at, "个")) {
        n = read_unit(scan, at + 1, measure);
        *begin = at + 1;
        return n > 0 ? at + 1 + n - i : 0;
    }
    return n > 0 ? at + n - i : 0;
}

/* ---- what is no quantity ---- */

static gboolean is_year(const DjNumber *number)
{
    return number->plain_integer && number->value.exponent >= 0 && number->value.exponent <= 3 &&
           number->value.mantissa < 10000 && !number->multiplied;
}

static gboolean is_calendar_year(const DjNumber *number)
{
    gint64 value = number->value.mantissa;
    if (!is_year(number)) {
        return FALSE;
    }
    for (gint32 i = 0; i < number->value.exponent; i++) {
        value *= 10;
    }
    return value >= 1900 && value <= 2100;
}

static gboolean is_ordinal(const DjChars *text, gsize i)
{
    i = dj_chars_skip_spaces_back(text, i);
    return i > 0 && dj_char_at(text, i - 1) == 0x7b2c; /* 第 */
}

/* A Chinese number needs a unit that people count with in words: 三年, 五倍, 一万亩; 一次性 and 二元 are words. */
static gboolean chinese_may_have_unit(const DjChars *text, const DjNumber *number, gsize unit)
{
    static const char *const units[] = {"年", "个月", "个小时", "小时", "分钟", "天", "倍", "成"};
    if (number->kind == DJ_NUMBER_CHINESE || number->multiplied || number->kind == DJ_NUMBER_FRACTION) {
        return TRUE;
    }
    for (gsize u = 0; u < G_N_ELEMENTS(units); u++) {
        if (dj_chars_match(text, unit, units[u])) {
            return number->value.mantissa != 1 || u == 1 || u == 2;
        }
    }
    return FALSE;
}

/* ---- the number with its range ---- */

typedef struct {
    gsize end;
    gsize unit_begin, unit_end;
    DjMeasure measure;
    gboolean ranged, tolerance; /* a tolerance is ranged, too */
    DjDecimal low, high;
} Body;

static gboolean subtract(DjDecimal a, DjDecimal b, gint64 sign, DjDecimal *out)
{
    const gint32 exponent = MIN(a.exponent, b.exponent);
    for (; a.exponent > exponent; a.exponent--) {
        if (__builtin_mul_overflow(a.mantissa, 10, &a.mantissa)) {
            return FALSE;
        }
    }
    for (; b.exponent > exponent; b.exponent--) {
        if (__builtin_mul_overflow(b.mantissa, 10, &b.mantissa)) {
            return FALSE;
        }
    }
    gint64 sum;
    if (__builtin_add_overflow(a.mantissa, sign * b.mantissa, &sum)) {
        return FALSE;
    }
    *out = (DjDecimal){sum, exponent};
    return dj_decimal_multiply(out, 1, 0);
}

/* "±0.01mm" after a number, or after its unit. */
static gboolean read_tolerance(const Scan *scan, Body *body)
{
    const gsize at = dj_chars_skip_spaces(&scan->text, body->end);
    DjNumber tolerance;
    if (!dj_chars_match(&scan->text, at, "±") ||
        !dj_number_read_second(&scan->text, dj_chars_skip_spaces(&scan->text, at + 1), &tolerance)) {
        return FALSE;
    }
    DjMeasure measure;
    gsize unit;
    const DjDecimal middle = body->low;
    const gsize n = read_unit_after(scan, tolerance.end, &measure, &unit);
    if (n > 0 && body->unit_begin == body->unit_end) {
        body->measure = measure;
        body->unit_begin = unit;
        body->unit_end = tolerance.end + n;
    } else if (n > 0 && !dj_measures_equal(&measure, &body->measure)) {
        return FALSE; /* 40mm±5% */
    }
    body->end = tolerance.end + n;
    body->ranged = body->tolerance =
        subtract(middle, tolerance.value, -1, &body->low) && subtract(middle, tolerance.value, 1, &body->high);
    return body->ranged;
}

/* "~20 MPa" after a number, or after its unit. On FALSE the body is unchanged. */
static gboolean read_range(const Scan *scan, const DjNumber *first, gboolean parenthesis, Body *body)
{
    const DjChars *text = &scan->text;
    gsize at = dj_chars_skip_spaces(text, body->end);
    const gsize n_sign = dj_chars_match_any(text, at, RANGE_SIGNS, G_N_ELEMENTS(RANGE_SIGNS));
    DjNumber second;
    DjMeasure measure;
    gsize unit;
    if (n_sign == 0 || !dj_number_read_second(text, dj_chars_skip_spaces(text, at + n_sign), &second) ||
        second.kind == DJ_NUMBER_FRACTION) {
        return FALSE;
    }
    at = second.end;
    if (parenthesis) {
        if (dj_char_at(text, dj_chars_skip_spaces(text, at)) != ')') {
            return FALSE;
        }
        at = dj_chars_skip_spaces(text, at) + 1;
    }
    const gsize n = read_unit_after(scan, at, &measure, &unit);
    Body next = *body;
    next.high = second.value;
    next.end = at + n;
    if (body->unit_begin == body->unit_end) {
        next.measure = measure;
        next.unit_begin = unit;
        next.unit_end = n > 0 ? at + n : unit;
        if (n > 0 && second.multiplied && !first->multiplied) { /* 5-10万元 */
            gint32 exponent = 0;
            for (gsize i = second.end; i > 0 && exponent == 0; i--) {
                exponent = dj_char_at(text, i - 1) == 0x4e07 ? 4 : dj_char_at(text, i - 1) == 0x4ebf ? 8 : 0;
            }
            if (!dj_decimal_multiply(&next.low, 1, exponent)) {
                return FALSE;
            }
        }
    } else if (n == 0 || !dj_measures_equal(&measure, &body->measure)) {
        return FALSE;
    }
    int order;
    const DjMeasure none = {.num = 1, .den = 1};
    if (!dj_units_compare(next.low, &none, next.high, &none, &order)) {
        return FALSE;
    }
    if (order > 0) {
        const DjDecimal swap = next.low;
        next.low = next.high;
        next.high = swap;
    }
    next.ranged = TRUE;
    *body = next;
    return TRUE;
}

/* ---- one quantity ---- */

static gboolean has_unit(const Body *body)
{
    return body->unit_end > body->unit_begin;
}

/* Scales that are named before their number: "pH 5-7", "硬度HRC55-65". */
static const char *const LEADING_UNITS[] = {"pH", "PH", "ph", "HRC", "HRB", "HRA", "HB", "HBW", "HV"};

static gboolean follows_leading_unit(const DjChars *text, gsize i)
{
    gsize which;
    return dj_chars_match_before(text, i, LEADING_UNITS, G_N_ELEMENTS(LEADING_UNITS), &which) > 0;
}

/* Number, unit, range and tolerance at i; the number is negative when a dash before it was found to be a minus. */
static gboolean read_body(const Scan *scan, gsize i, gboolean parenthesis, gboolean negative, DjNumber *number,
                          Body *body)
{
    const DjChars *text = &scan->text;
    if (!(follows_leading_unit(text, i) ? dj_number_read_second : dj_number_read)(text, i, number)) {
        return FALSE;
    }
    if (negative) {
        number->value.mantissa = -number->value.mantissa;
    }
    *body = (Body){.end = number->end, .low = number->value, .high = number->value};
    body->measure = (DjMeasure){.num = 1, .den = 1};
    if (number->kind == DJ_NUMBER_FRACTION) {
        body->unit_begin = body->unit_end = number->end;
        return TRUE;
    }
    gsize unit;
    const gsize n = parenthesis ? 0 : read_unit_after(scan, number->end, &body->measure, &unit);
    if (n > 0 && !is_ordinal(text, i)) {
        body->unit_begin = unit;
        body->unit_end = body->end = number->end + n;
    }
    if (!read_range(scan, number, parenthesis, body)) {
        read_tolerance(scan, body);
    }
    return !parenthesis || body->ranged;
}

/* Takes the unit before *begin, where fillers may stand between. *begin moves to it, but pH stays outside: it is the
 * property. */
static gboolean read_leading_unit(const Scan *scan, gsize *begin, Body *body)
{
    const DjChars *text = &scan->text;
    gsize which, at = dj_quantity_strip_fillers(text, *begin, NULL);
    at -= at > 0 && dj_char_at(text, at - 1) == 0x503c; /* 值 */
    const gsize n = dj_chars_match_before(text, at, LEADING_UNITS, G_N_ELEMENTS(LEADING_UNITS), &which);
    DjMeasure measure;
    if (n == 0 || dj_units_read(scan->units, LEADING_UNITS[which], strlen(LEADING_UNITS[which]), &measure) == 0) {
        return FALSE;
    }
    body->measure = measure;
    body->unit_begin = at - n;
    body->unit_end = at;
    if (g_ascii_strcasecmp(LEADING_UNITS[which], "pH") != 0) {
        *begin = at - n;
    }
    return TRUE;
}

static gboolean ends_here(const DjChars *text, gsize i)
{
    const guint32 c = dj_char_at(text, dj_chars_skip_spaces(text, i));
    return !dj_char_is_word(c) && c != '#' && c != '%';
}

static DjShare get_share(const DjChars *text, const Body *body)
{
    const DjMeasure pure = {.num = 1, .den = 1};
    if (!has_unit(body)) {
        return DJ_SHARE_NONE;
    }
    return dj_chars_match(text, body->unit_begin, "份") ? DJ_SHARE_PARTS
           : dj_measures_agree(&body->measure, &pure)   ? DJ_SHARE_PERCENT
                                                        : DJ_SHARE_NONE;
}

/* "10%≤感病率≤20%": the second quantity closes what the first has opened. */
static gboolean close_chain(Scan *scan, gsize begin, const DjQuantity *second)
{
    if (scan->found->len == 0 || second->property_begin == second->property_end ||
        (second->relation != DJ_QUANTITY_AT_MOST && second->relation != DJ_QUANTITY_BELOW)) {
        return FALSE;
    }
    DjQuantity *first = &g_array_index(scan->found, DjQuantity, scan->found->len - 1);
    gsize sign = 0; /* the character after the first quantity */
    for (gsize i = begin; i > 0 && scan->text.chars[i - 1].begin >= first->end; i--) {
        sign = i - 1;
    }
    const guint32 c = dj_char_at(&scan->text, sign);
    if ((c != 0x2264 && c != 0x2266 && c != '<') || scan->text.chars[sign].end != second->property_begin ||
        first->relation != DJ_QUANTITY_EQUAL || !dj_measures_agree(&first->measure, &second->measure)) {
        return FALSE;
    }
    first->end = second->end;
    first->high = second->high;
    first->relation = DJ_QUANTITY_RANGE;
    first->property_begin = second->property_begin;
    first->property_end = second->property_end;
    return TRUE;
}

/* A candidate: what was read at one place, in characters. */
typedef struct {
    gsize begin, end;
    DjNumber number;
    Body body;
    gboolean tolerance; /* "±2℃" without a middle */
    gboolean compared;  /* by a word or sign before it, other than 约 */
    DjQuantityRelation relation;
} Candidate;

/*
 * "氨氮含量-5000mg/L" has a dash, "温度-15～-25℃" a minus: a dash before a number that does not read as a sign by
 * itself is one when the quantity is a temperature or its other end is below zero.
 */
static gboolean is_below_zero(const Scan *scan, const Body *body)
{
    DjMeasure celsius;
    static const char symbol[] = "°C";
    return body->low.mantissa < 0 || (dj_units_read(scan->units, symbol, sizeof symbol - 1, &celsius) > 0 &&
                                      dj_measures_agree(&celsius, &body->measure));
}

/* Number, unit and what stands before them. FALSE when it is no quantity; end is then where to go on. */
static gboolean read_candidate(const Scan *scan, gsize i, Candidate *candidate)
{
    const DjChars *text = &scan->text;
    const gboolean parenthesis = dj_char_at(text, i) == '(', tolerance = dj_chars_match(text, i, "±") > 0;
    const gsize number_at = parenthesis || tolerance ? dj_chars_skip_spaces(text, i + 1) : i;
    DjNumber *number = &candidate->number;
    Body *body = &candidate->body;
    *candidate = (Candidate){.end = i + 1, .tolerance = tolerance, .relation = DJ_QUANTITY_EQUAL};
    if (!dj_number_may_start(dj_char_at(text, number_at)) ||
        !read_body(scan, number_at, parenthesis, FALSE, number, body)) {
        return FALSE;
    }
    gsize begin = i;
    if (i > 0 && dj_char_at(text, i - 1) == '-' && is_below_zero(scan, body) &&
        read_body(scan, number_at, parenthesis, TRUE, number, body)) {
        begin--;
    }
    candidate->begin = dj_quantity_read_prefix(text, begin, &candidate->relation);
    candidate->compared = candidate->begin < begin && candidate->relation != DJ_QUANTITY_ABOUT;
    candidate->end = MAX(body->end, i + 1);
    if (is_ordinal(text, i)) {
        return FALSE;
    }
    if (number->kind == DJ_NUMBER_FRACTION) {
        return TRUE;
    }
    if (has_unit(body)) {
        const gboolean year = dj_chars_match(text, body->unit_begin, "年") && is_calendar_year(number);
        return !year && (number->kind == DJ_NUMBER_ARABIC || chinese_may_have_unit(text, number, body->unit_begin));
    }
    const gboolean bare = candidate->compared || (body->ranged && dj_chars_match(text, number->end, "±"));
    if (number->kind == DJ_NUMBER_ARABIC &&
        (read_leading_unit(scan, &candidate->begin, body) || (bare && !tolerance && ends_here(text, body->end)))) {
        return TRUE;
    }
    candidate->end = MAX(number->kind == DJ_NUMBER_ARABIC ? number->end : 0, i + 1);
    return FALSE;
}

/* Relation and values, from all that was read. */
static void decide(const DjChars *text, Candidate *candidate)
{
    Body *body = &candidate->body;
    if (candidate->tolerance) {
        body->high = body->low;
        body->low.mantissa = -body->low.mantissa;
        body->ranged = body->tolerance = TRUE;
    } else if (candidate->begin >= 2 && dj_chars_match(text, candidate->begin - 2, "零下")) {
        const DjDecimal low = body->low;
        body->low = (DjDecimal){-body->high.mantissa, body->high.exponent};
        body->high = (DjDecimal){-low.mantissa, low.exponent};
        candidate->begin -= 2;
    }
    DjQuantityRelation suffix;
    const gsize at = dj_chars_skip_spaces(text, candidate->end);
    const gsize n_suffix = dj_quantity_read_suffix(text, at, &suffix);
    if (n_suffix > 0) {
        candidate->end = at + n_suffix;
        candidate->relation = candidate->compared ? candidate->relation : suffix;
    } else if (candidate->number.more && !candidate->compared) {
        candidate->relation = DJ_QUANTITY_ABOVE;
    }
    if (body->ranged) {
        candidate->relation = DJ_QUANTITY_RANGE;
    }
}

/* Tries a quantity at i; returns the character to go on from. */
static gsize scan_at(Scan *scan, gsize i)
{
    const DjChars *text = &scan->text;
    Candidate candidate;
    if (!read_candidate(scan, i, &candidate)) {
        return candidate.end;
    }
    decide(text, &candidate);
    const Body *body = &candidate.body;
    DjQuantity quantity = {
        .begin = text->chars[candidate.begin].begin,
        .end = text->chars[candidate.end - 1].end,
        .relation = candidate.relation,
        .tolerance = body->tolerance,
        .low = body->low,
        .high = body->high,
        .measure = body->measure,
    };
    if (has_unit(body)) {
        quantity.unit_begin = text->chars[body->unit_begin].begin;
        quantity.unit_end = text->chars[body->unit_end - 1].end;
    }
    const DjQuantity *last =
        scan->found->len > 0 ? &g_array_index(scan->found, DjQuantity, scan->found->len - 1) : NULL;
    dj_quantity_find_property(text, last, candidate.begin, candidate.end, get_share(text, body), &quantity);
    if (has_unit(body) && body->unit_end <= candidate.begin) { /* pH: the scale is the property */
        quantity.property_begin = quantity.unit_begin;
        quantity.property_end = quantity.unit_end;
    }
    if (!close_chain(scan, candidate.begin, &quantity)) {
        g_array_append_val(scan->found, quantity);
    }
    return candidate.end;
}

DjQuantityParser *dj_quantity_parser_new(const DjUnits *units, GError **error)
{
    DjNormaliser *normaliser = dj_normaliser_new(DJ_NORMAL_KEEP_CASE, error);
    if (!normaliser) {
        return NULL;
    }
    DjQuantityParser *parser = g_new0(DjQuantityParser, 1);
    parser->units = units;
    parser->normaliser = normaliser;
    parser->found = g_array_new(FALSE, FALSE, sizeof(DjQuantity));
    return parser;
}

void dj_quantity_parser_free(DjQuantityParser *parser)
{
    if (parser) {
        dj_normaliser_free(parser->normaliser);
        g_array_free(parser->found, TRUE);
        g_free(parser);
    }
}

const DjQuantity *dj_quantity_parser_run(DjQuantityParser *parser, const char *text, gssize length, gsize *n)
{
    Scan scan = {.units = parser->units, .found = parser->found};
    scan.text.chars = dj_normaliser_run(parser->normaliser, text, length, &scan.text.n);
    g_array_set_size(parser->found, 0);
    for (gsize i = 0; i < scan.text.n;) {
        i = scan_at(&scan, i);
    }
    *n = parser->found->len;
    return (const DjQuantity *)(const void *)parser->found->data;
}
