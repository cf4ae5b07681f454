/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading is by hand because the same signs mean different things: "10-6" is a range, "10⁻⁶" a power, "GB1-06" a code.
 */
#include "engine/text/number.h"

#include <string.h>

#define MAX_DIGITS 17

gboolean dj_char_is_raised(const DjNormalChar *c)
{
    const guint32 s = c->source;
    return s == 0xb2 || s == 0xb3 || s == 0xb9 || (s >= 0x2070 && s <= 0x207b);
}

gsize dj_chars_match(const DjChars *text, gsize i, const char *word)
{
    gsize n = 0;
    for (; *word; word = g_utf8_next_char(word), n++) {
        if (dj_char_at(text, i + n) != g_utf8_get_char(word)) {
            return 0;
        }
    }
    return n;
}

/* From the last character backwards, since nearly every word differs there already. */
static gsize match_one_before(const DjChars *text, gsize i, const char *word)
{
    gsize n = 0;
    for (const char *p = word + strlen(word); p > word; n++) {
        p = g_utf8_prev_char(p);
        if (n >= i || text->chars[i - 1 - n].c != g_utf8_get_char(p)) {
            return 0;
        }
    }
    return n;
}

gsize dj_chars_match_before(const DjChars *text, gsize i, const char *const *words, gsize n_words, gsize *which)
{
    gsize longest = 0;
    for (gsize w = 0; w < n_words; w++) {
        const gsize n = match_one_before(text, i, words[w]);
        if (n > longest) {
            longest = n;
            *which = w;
        }
    }
    return longest;
}

static gboolean is_digit(guint32 c)
{
    return c >= '0' && c <= '9';
}

static gboolean is_latin(guint32 c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

gboolean dj_decimal_multiply(DjDecimal *value, gint64 factor, gint32 exponent)
{
    gint64 product;
    if (__builtin_mul_overflow(value->mantissa, factor, &product)) {
        return FALSE;
    }
    while (product != 0 && product % 10 == 0) {
        product /= 10;
        exponent++;
    }
    *value = (DjDecimal){product, product == 0 ? 0 : value->exponent + exponent};
    return TRUE;
}

/* ---- Arabic ---- */

/* [-+]digits at i, raised or after a caret. Returns the characters read. */
static gsize read_power(const DjChars *text, gsize i, gint32 *power)
{
    gsize at = i;
    const gboolean caret = dj_char_at(text, at) == '^';
    at += caret;
    if (!caret && (at >= text->n || !dj_char_is_raised(&text->chars[at]))) {
        return 0;
    }
    const gboolean negative = dj_char_at(text, at) == '-';
    at += negative || dj_char_at(text, at) == '+';
    const gsize first = at;
    *power = 0;
    while (is_digit(dj_char_at(text, at)) && at - first < 3 && (caret || dj_char_is_raised(&text->chars[at]))) {
        *power = *power * 10 + (gint32)(dj_char_at(text, at++) - '0');
    }
    *power = MIN(*power, 60) * (negative ? -1 : 1);
    return at > first ? at - i : 0;
}

/* "×10^6", "*10⁶", "x10-3" with raised digits, "e-6". Returns the characters read. */
static gsize read_scale(const DjChars *text, gsize i, gint32 *power)
{
    static const char *const signs[] = {"×10", "*10", "x10", "X10", "·10", "╳10", "✕10"};
    for (gsize s = 0; s < G_N_ELEMENTS(signs); s++) {
        const gsize n = dj_chars_match(text, i, signs[s]);
        const gsize n_power = n ? read_power(text, i + n, power) : 0;
        if (n_power) {
            return n + n_power;
        }
    }
    const guint32 e = dj_char_at(text, i), sign = dj_char_at(text, i + 1);
    if ((e == 'e' || e == 'E') && (sign == '-' || sign == '+') && is_digit(dj_char_at(text, i + 2))) {
        gsize at = i + 2;
        *power = 0;
        while (is_digit(dj_char_at(text, at)) && at < i + 5) {
            *power = *power * 10 + (gint32)(dj_char_at(text, at++) - '0');
        }
        *power = MIN(*power, 60) * (sign == '-' ? -1 : 1);
        return at - i;
    }
    return 0;
}

/* May a minus at i be a sign? After a digit, letter or Han character it is a dash, unless a range or verb ends there.
 */
static gboolean is_sign(const DjChars *text, gsize i)
{
    static const char *const openers[] = {"至", "到", "为", "在", "达", "于", "是", "约", "从"};
    gsize which;
    if (i == 0) {
        return TRUE;
    }
    const guint32 before = dj_char_at(text, i - 1);
    if (is_digit(before) || is_latin(before) || before == ')' || before == 0xb0) {
        return FALSE;
    }
    return !dj_char_is_han(before) || dj_chars_match_before(text, i, openers, G_N_ELEMENTS(openers), &which) > 0;
}

static gboolean starts_number(const DjChars *text, gsize i)
{
    if (i == 0) {
        return TRUE;
    }
    const guint32 before = dj_char_at(text, i - 1);
    if (is_latin(before) || is_digit(before) || before == '_' || before == '#') {
        return FALSE;
    }
    /* A code goes on: "A-5", "13801-2015" read from its second part, "1.2". */
    const guint32 second = i >= 2 ? dj_char_at(text, i - 2) : 0;
    if (before == '-' || before == '.' || before == '+') {
        return !is_latin(second) && !(before == '.' && is_digit(second));
    }
    return TRUE;
}

static gboolean read_arabic(const DjChars *text, gsize i, gboolean second, DjNumber *number)
{
    gsize at = i;
    gint64 mantissa = 0;
    gint32 exponent = 0, power = 0;
    int digits = 0;
    const guint32 sign = dj_char_at(text, at);
    if ((sign == '-' || sign == '+') && is_digit(dj_char_at(text, at + 1)) && is_sign(text, at)) {
        at++;
    } else if (!second && !starts_number(text, at)) {
        return FALSE;
    }
    const gsize first = at;
    gboolean grouped = FALSE;
    gsize group_first = 0;
    number->plain_integer = TRUE;
    for (;; at++) {
        const guint32 c = dj_char_at(text, at);
        if (is_digit(c) && at < text->n && !dj_char_is_raised(&text->chars[at])) {
            if (++digits > MAX_DIGITS) {
                return FALSE;
            }
            mantissa = 10 * mantissa + (gint64)(c - '0');
            exponent -= !number->plain_integer;
            continue;
        }
        if (digits == 0) {
            return FALSE;
        }
        if (c == '.' && is_digit(dj_char_at(text, at + 1))) {
            if (!number->plain_integer) {
                return FALSE; /* 1.2.3 is a version */
            }
            number->plain_integer = FALSE;
            continue;
        }
        /* The first group has up to three digits, every other one exactly three. */
        const gboolean group = c == ',' && text->chars[at].source == ',' &&
                               (grouped ? at - group_first == 3 : at - first <= 3) && number->plain_integer &&
                               is_digit(dj_char_at(text, at + 1)) && is_digit(dj_char_at(text, at + 2)) &&
                               is_digit(dj_char_at(text, at + 3)) && !is_digit(dj_char_at(text, at + 4));
        if (!group) {
            break;
        }
        grouped = TRUE;
        group_first = at + 1;
    }
    number->value = (DjDecimal){mantissa, exponent};
    gsize n_scale = read_scale(text, at, &power);
    if (n_scale == 0 && mantissa == 10 && number->plain_integer && (n_scale = read_power(text, at, &power)) > 0) {
        number->value = (DjDecimal){1, 0};
    }
    number->plain_integer &= n_scale == 0;
    number->end = at + n_scale;
    number->kind = DJ_NUMBER_ARABIC;
    return dj_decimal_multiply(&number->value, sign == '-' && first > i ? -1 : 1, power);
}

/* ---- Chinese ---- */

static int get_chinese_digit(guint32 c)
{
    static const char digits[] = "零一二三四五六七八九";
    if (c == 0x3007) { /* 〇 */
        return 0;
    }
    if (c == 0x4e24) { /* 两 */
        return 2;
    }
    int value = 0;
    for (const char *p = digits; *p; p = g_utf8_next_char(p), value++) {
        if (g_utf8_get_char(p) == c) {
            return value;
        }
    }
    return -1;
}

static gint64 get_chinese_place(guint32 c)
{
    return c == 0x5341 ? 10 : c == 0x767e ? 100 : c == 0x5343 ? 1000 : 0; /* 十 百 千 */
}

/* 三百五十, 十二, 九十五点五; up to 9999 before the point, the myriads are multipliers. Returns the characters read. */
static gsize read_chinese(const DjChars *text, gsize i, DjDecimal *value)
{
    gsize at = i;
    gint64 total = 0, digit = -1;
    for (;; at++) {
        const guint32 c = dj_char_at(text, at);
        const int d = get_chinese_digit(c);
        const gint64 place = get_chinese_place(c);
        if (d >= 0) {
            if (digit > 0) {
                return 0; /* 二三: not a number of this kind */
            }
            digit = d;
        } else if (place > 0) {
            total += (digit < 0 ? 1 : digit) * place;
            digit = -1;
        } else {
            break;
        }
        if (total > 9999) {
            return 0;
        }
    }
    if (at == i) {
        return 0;
    }
    *value = (DjDecimal){total + MAX(digit, 0), 0};
    if (dj_char_at(text, at) == 0x70b9 && get_chinese_digit(dj_char_at(text, at + 1)) >= 0) { /* 点 */
        for (at++; get_chinese_digit(dj_char_at(text, at)) >= 0 && value->exponent > -6; at++) {
            value->mantissa = 10 * value->mantissa + get_chinese_digit(dj_char_at(text, at));
            value->exponent--;
        }
    }
    return at - i;
}

static gboolean read_fraction(const DjChars *text, gsize i, DjNumber *number)
{
    static const struct {
        const char *word;
        gint32 exponent;
    } parts[] = {{"百分之", -2}, {"千分之", -3}, {"万分之", -4}};
    for (gsize p = 0; p < G_N_ELEMENTS(parts); p++) {
        const gsize n = dj_chars_match(text, i, parts[p].word);
        const gsize n_value = n ? read_chinese(text, i + n, &number->value) : 0;
        if (n_value > 0) {
            number->end = i + n + n_value;
            number->kind = DJ_NUMBER_FRACTION;
            return dj_decimal_multiply(&number->value, 1, parts[p].exponent);
        }
    }
    return FALSE;
}

/* ---- both ---- */

/* 万, 亿, 十万, 百万, 千万, 万亿 with 多 or 余 on either side. */
static gboolean read_multiplier(const DjChars *text, DjNumber *number)
{
    static const struct {
        const char *word;
        gint32 exponent;
    } multipliers[] = {{"万亿", 12}, {"十万", 5}, {"百万", 6}, {"千万", 7}, {"万", 4}, {"亿", 8}};
    static const char *const more[] = {"多", "余"};
    for (gsize m = 0; m < G_N_ELEMENTS(more); m++) {
        const gsize n = dj_chars_match(text, number->end, more[m]);
        number->more |= n > 0;
        number->end += n;
    }
    for (gsize m = 0; m < G_N_ELEMENTS(multipliers); m++) {
        const gsize n = dj_chars_match(text, number->end, multipliers[m].word);
        if (n > 0) {
            number->multiplied = TRUE;
            number->end += n;
            if (!dj_decimal_multiply(&number->value, 1, multipliers[m].exponent)) {
                return FALSE;
            }
            break;
        }
    }
    for (gsize m = 0; m < G_N_ELEMENTS(more) && number->multiplied; m++) {
        const gsize n = dj_chars_match(text, number->end, more[m]);
        number->more |= n > 0;
        number->end += n;
    }
    return TRUE;
}

static gboolean read_number(const DjChars *text, gsize i, gboolean second, DjNumber *number)
{
    *number = (DjNumber){.kind = DJ_NUMBER_ARABIC};
    if (read_fraction(text, i, number)) {
        return TRUE;
    }
    if (dj_char_at(text, i) == 0x534a && !(i > 0 && get_chinese_digit(dj_char_at(text, i - 1)) >= 0)) { /* 半 */
        *number = (DjNumber){.value = {5, -1}, .end = i + 1, .kind = DJ_NUMBER_CHINESE_SINGLE};
        return TRUE;
    }
    const gsize n = read_chinese(text, i, &number->value);
    if (n > 0) {
        number->end = i + n;
        number->kind = n > 1 ? DJ_NUMBER_CHINESE : DJ_NUMBER_CHINESE_SINGLE;
    } else if (!read_arabic(text, i, second, number)) {
        return FALSE;
    }
    return read_multiplier(text, number);
}

gboolean dj_number_may_start(guint32 c)
{
    return is_digit(c) || c == '-' || c == '+' ||
           (dj_char_is_han(c) &&
            (get_chinese_digit(c) >= 0 || get_chinese_place(c) > 0 || c == 0x4e07 || c == 0x534a || c == 0x3007));
}

gboolean dj_number_read(const DjChars *text, gsize i, DjNumber *number)
{
    return read_number(text, i, FALSE, number);
}

gboolean dj_number_read_second(const DjChars *text, gsize i, DjNumber *number)
{
    return read_number(text, i, TRUE, number);
}
