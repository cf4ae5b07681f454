/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Units of measure (计量单位): a table of symbols, and measures, which is what a written unit such as "W/(m·K)" or
 * "m3/h" means: exponents over base units and an exact factor.
 *
 * The table is data (config/units/units.yaml); this file only knows how to read symbols, prefixes, products and
 * quotients. Bases are whatever names the dimensions mention (m, kg, s, also CNY or HRC), at most DJ_UNITS_MAX_BASES.
 *
 * value in bases = value * num / den * 10^exponent (+ offset, for a temperature that stands alone)
 *
 * Thread rule: a table is built by one thread and is read-only afterwards, when it may be shared.
 */
#ifndef DJ_TEXT_UNITS_H
#define DJ_TEXT_UNITS_H

#include <glib.h>

G_BEGIN_DECLS

#define DJ_UNITS_MAX_BASES 48

/* mantissa * 10^exponent. Normal form: no trailing zeros in the mantissa, zero is 0 * 10^0. */
typedef struct {
    gint64 mantissa;
    gint32 exponent;
} DjDecimal;

/* One row of the table, all text as a settings file holds it. Strings are copied. */
typedef struct {
    const char *symbol;         /* "Pa" */
    const char *dimension;      /* "kg m^-1 s^-2": base names with exponents, or "" for a pure number */
    const char *factor;         /* "1", "1e-3", "0.01", or a quotient "1/60": value of one symbol in the bases */
    const char *offset;         /* NULL, or a decimal that is added when the unit stands alone: kelvin has "-273.15" */
    const char *prefixes;       /* NULL, or the SI prefixes that may stand before the symbol, such as "kMGm" */
    const char *const *aliases; /* NULL, or NULL-terminated; no prefixes are put before them */
    const char *not_before;     /* NULL, or characters that show that it is no unit: 元 before 件 or 素 */
} DjUnitSpec;

typedef struct {
    gint8 exponents[DJ_UNITS_MAX_BASES];
    gint64 num, den; /* positive */
    gint32 exponent; /* of ten */
    DjDecimal offset;
    gboolean open; /* an unknown part follows ("元/台"): such a measure compares with nothing */
} DjMeasure;

typedef struct DjUnits DjUnits;

DjUnits *dj_units_new(void);
void dj_units_free(DjUnits *units);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjUnits, dj_units_free)

/*
 * Adds one row. Fails with G_IO_ERROR_INVALID_DATA on a bad number or dimension, on a name that the table has already,
 * and when there are too many bases.
 */
gboolean dj_units_add(DjUnits *units, const DjUnitSpec *spec, GError **error);

/*
 * Reads the longest unit at the start of text, which is normalised (NFKC, "m3", "·" or "*", "^-1" or "-1"). Returns the
 * number of bytes read, 0 when no unit is there. Exact case wins; without it case is ignored for symbols of two and
 * more letters (MHZ, Mpa), where the earlier row of the table wins.
 */
gsize dj_units_read(const DjUnits *units, const char *text, gsize length, DjMeasure *measure);

/* The same unit: every part of the two is equal. */
gboolean dj_measures_equal(const DjMeasure *a, const DjMeasure *b);

/* Same bases with the same exponents, neither of them open. */
gboolean dj_measures_agree(const DjMeasure *a, const DjMeasure *b);

/*
 * Compares two values exactly. *order becomes -1, 0 or 1. FALSE, with nothing said, when the measures do not agree or
 * the numbers are too long for 128 bits.
 */
gboolean dj_units_compare(DjDecimal a, const DjMeasure *in_a, DjDecimal b, const DjMeasure *in_b, int *order);

/* Reads [+-]digits[.digits][e[+-]digits], all of text. FALSE when it is not one or does not fit. */
gboolean dj_decimal_parse(const char *text, DjDecimal *out);

G_END_DECLS

#endif
