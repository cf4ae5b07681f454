/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching text for the few bytes that need care, eight at a time. Han text has hardly any of them, and one byte after
 * the other is what an import would otherwise spend most of its time on. Inline, safe from any thread. */
#pragma once
#include <glib.h>
#include <string.h>

#define DJ_SCAN_ONES  G_GUINT64_CONSTANT(0x0101010101010101)
#define DJ_SCAN_HIGHS G_GUINT64_CONSTANT(0x8080808080808080)

/* Not zero when a byte of the word is zero; when a byte is below n (n <= 128). May not say which, for bytes behind the
 * first one: the callers look closer. */
static inline guint64 dj_scan_zero(guint64 word)
{
    return (word - DJ_SCAN_ONES) & ~word & DJ_SCAN_HIGHS;
}

static inline guint64 dj_scan_below(guint64 word, guint8 n)
{
    return (word - DJ_SCAN_ONES * n) & ~word & DJ_SCAN_HIGHS;
}

/* Index of the first of three bytes in text, n where there is none. */
static inline gsize dj_scan_for(const char *text, gsize n, char a, char b, char c)
{
    gsize i = 0;
    for (; i + 8 <= n; i += 8) {
        guint64 word;
        memcpy(&word, text + i, 8);
        if (dj_scan_zero(word ^ DJ_SCAN_ONES * (guint8)a) | dj_scan_zero(word ^ DJ_SCAN_ONES * (guint8)b) |
            dj_scan_zero(word ^ DJ_SCAN_ONES * (guint8)c))
            break;
    }
    while (i < n && text[i] != a && text[i] != b && text[i] != c)
        i++;
    return i;
}

/* Index of the first control character, DEL, quotation mark or backslash, n where there is none. */
static inline gsize dj_scan_plain(const char *text, gsize n)
{
    gsize i = 0;
    for (; i + 8 <= n; i += 8) {
        guint64 word;
        memcpy(&word, text + i, 8);
        if (dj_scan_below(word, 0x20) | dj_scan_zero(word ^ DJ_SCAN_ONES * 0x7F) |
            dj_scan_zero(word ^ DJ_SCAN_ONES * '"') | dj_scan_zero(word ^ DJ_SCAN_ONES * '\\'))
            break;
    }
    while (i < n && (guchar)text[i] >= 0x20 && text[i] != 0x7F && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}
