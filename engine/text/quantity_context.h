/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around a quantity: comparators before and after it, and its property. Internal to engine/text. */
#ifndef DJ_TEXT_QUANTITY_CONTEXT_H
#define DJ_TEXT_QUANTITY_CONTEXT_H

#include "engine/text/number.h"
#include "engine/text/quantity.h"

/* Han, letter or digit */
gboolean dj_char_is_word(guint32 c);

gsize dj_chars_skip_spaces(const DjChars *text, gsize i);
gsize dj_chars_skip_spaces_back(const DjChars *text, gsize i);

/* Length of the longest of the words that stands at i, or 0. */
gsize dj_chars_match_any(const DjChars *text, gsize i, const char *const *words, gsize n_words);

/* Goes back over words that connect a property with its number: 达到, 控制在, 为, a colon. change receives what they
 * say of one: 提高 is a change, 提高到 and 提高至 are none; NULL = unwanted. */
gsize dj_quantity_strip_fillers(const DjChars *text, gsize i, DjQuantityChange *change);

/* Where the quantity whose number is at i begins: at its comparator, if there is one, which is then read. */
gsize dj_quantity_read_prefix(const DjChars *text, gsize i, DjQuantityRelation *relation);

/* The comparator at i, after a unit (以上, 左右); returns its characters. */
gsize dj_quantity_read_suffix(const DjChars *text, gsize i, DjQuantityRelation *relation);

/* A share is often named after its number: "30%的碳酸钙", "3~5份分散剂". */
typedef enum { DJ_SHARE_NONE, DJ_SHARE_PERCENT, DJ_SHARE_PARTS } DjShare;

/*
 * Sets the property of the quantity at characters [begin, after). last is the quantity before it, or NULL: in a list
 * ("5%、15%、23%") its property holds on.
 */
void dj_quantity_find_property(const DjChars *text, const DjQuantity *last, gsize begin, gsize after, DjShare share,
                               DjQuantity *quantity);

#endif
