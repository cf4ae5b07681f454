/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as people write them, read from normalised characters. Internal to engine/text. */
#ifndef DJ_TEXT_NUMBER_H
#define DJ_TEXT_NUMBER_H

#include "engine/text/normal.h"
#include "engine/text/units.h"

typedef struct {
    const DjNormalChar *chars;
    gsize n;
} DjChars;

typedef enum {
    DJ_NUMBER_ARABIC,
    DJ_NUMBER_CHINESE, /* written with Chinese digits, at least two characters */
    DJ_NUMBER_CHINESE_SINGLE,
    DJ_NUMBER_FRACTION, /* 百分之五: complete, takes no unit */
} DjNumberKind;

typedef struct {
    DjDecimal value;
    gsize end; /* first character after it */
    DjNumberKind kind;
    gboolean plain_integer; /* digits only: could be a year or a code */
    gboolean more;          /* 多, 余: somewhat more than the value */
    gboolean multiplied;    /* by 万 or 亿 */
} DjNumber;

/* The character at i, 0 outside. */
static inline guint32 dj_char_at(const DjChars *text, gsize i)
{
    return i < text->n ? text->chars[i].c : 0;
}

static inline gboolean dj_char_is_han(guint32 c)
{
    return c >= 0x4e00 && c <= 0x9fff;
}

/* Is this digit raised, as the 3 in 10³? Normalisation makes both the same character. */
gboolean dj_char_is_raised(const DjNormalChar *c);

/* Does word (UTF-8) stand at i? Returns its length in characters, or 0. */
gsize dj_chars_match(const DjChars *text, gsize i, const char *word);

/* The length of the longest of the words that ends just before i, or 0; *which becomes its index. */
gsize dj_chars_match_before(const DjChars *text, gsize i, const char *const *words, gsize n_words, gsize *which);

/* A quick test: FALSE when no number starts with c. */
gboolean dj_number_may_start(guint32 c);

/*
 * Reads the number that starts at i, with its multiplier (万, 亿, 百万) and 多 or 余, but without a unit. FALSE when
 * none starts there, when it is part of a code or version (GB13801, 1.2.3), or when it does not fit.
 */
gboolean dj_number_read(const DjChars *text, gsize i, DjNumber *number);

/* The same for the far end of a range, where a letter or dash before the digits is no sign of a code: 12V-24V. */
gboolean dj_number_read_second(const DjChars *text, gsize i, DjNumber *number);

/* value * factor * 10^exponent, FALSE when it does not fit. */
gboolean dj_decimal_multiply(DjDecimal *value, gint64 factor, gint32 exponent);

#endif
