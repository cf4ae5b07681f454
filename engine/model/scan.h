/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching text for the few bytes that need care, a word at a time. Han text has hardly any of them, and one byte
 * after the other is what an import would otherwise spend most of its time on. A word is 16 bytes where the compiler
 * has SSE2, else 8; both find the same. Inline, safe from any thread. */
#pragma once
#include <glib.h>
#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#ifdef __SSE2__
enum { DJ_SCAN_WORD = 16 };
typedef __m128i DjScanWord;

static inline DjScanWord dj_scan_load(const char *text)
{
    return _mm_loadu_si128((const __m128i *)(gconstpointer)text);
}

/* Which bytes of the word equal c, or are below n (n <= 128)? */
static inline DjScanWord dj_scan_equal(DjScanWord word, char c)
{
    return _mm_cmpeq_epi8(word, _mm_set1_epi8(c));
}

static inline DjScanWord dj_scan_below(DjScanWord word, guint8 n)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(word, _mm_set1_epi8((char)(n - 1))), word);
}

static inline DjScanWord dj_scan_or(DjScanWord a, DjScanWord b)
{
    return _mm_or_si128(a, b);
}

/* Index of the first byte that was found, DJ_SCAN_WORD where none was. */
static inline gsize dj_scan_first(DjScanWord found)
{
    guint mask = (guint)_mm_movemask_epi8(found);
    return mask ? (gsize)__builtin_ctz(mask) : DJ_SCAN_WORD;
}
#else
enum { DJ_SCAN_WORD = 8 };
typedef guint64 DjScanWord;

#define DJ_SCAN_ONES  G_GUINT64_CONSTANT(0x0101010101010101)
#define DJ_SCAN_HIGHS G_GUINT64_CONSTANT(0x8080808080808080)

static inline DjScanWord dj_scan_load(const char *text)
{
    guint64 word;
    memcpy(&word, text, sizeof word);
    return GUINT64_FROM_LE(word);
}

/* The highest bits of the bytes that are meant; only the first one is to be relied upon. */
static inline DjScanWord dj_scan_below(DjScanWord word, guint8 n)
{
    return (word - DJ_SCAN_ONES * n) & ~word & DJ_SCAN_HIGHS;
}

static inline DjScanWord dj_scan_equal(DjScanWord word, char c)
{
    return dj_scan_below(word ^ DJ_SCAN_ONES * (guint8)c, 1);
}

static inline DjScanWord dj_scan_or(DjScanWord a, DjScanWord b)
{
    return a | b;
}

static inline gsize dj_scan_first(DjScanWord found)
{
    return found ? (gsize)__builtin_ctzll(found) / 8 : DJ_SCAN_WORD;
}
#endif

/* Index of the first of three bytes in text, n where there is none. */
static inline gsize dj_scan_for(const char *text, gsize n, char a, char b, char c)
{
    gsize i = 0;
    for (; i + DJ_SCAN_WORD <= n; i += DJ_SCAN_WORD) {
        DjScanWord word = dj_scan_load(text + i), found = dj_scan_or(dj_scan_equal(word, a), dj_scan_equal(word, b));
        gsize at = dj_scan_first(dj_scan_or(found, dj_scan_equal(word, c)));
        if (at < DJ_SCAN_WORD)
            return i + at;
    }
    while (i < n && text[i] != a && text[i] != b && text[i] != c)
        i++;
    return i;
}

/* Index of the first control character, DEL, quotation mark or backslash, n where there is none. */
static inline gsize dj_scan_plain(const char *text, gsize n)
{
    gsize i = 0;
    while (i < n && n >= DJ_SCAN_WORD) {
        gsize begin = MIN(i, n - DJ_SCAN_WORD); /* the last word overlaps the one before */
        DjScanWord word = dj_scan_load(text + begin);
        DjScanWord control = dj_scan_or(dj_scan_below(word, 0x20), dj_scan_equal(word, 0x7F));
        DjScanWord quote = dj_scan_or(dj_scan_equal(word, '"'), dj_scan_equal(word, '\\'));
        gsize at = dj_scan_first(dj_scan_or(control, quote));
        if (at < DJ_SCAN_WORD)
            return begin + at;
        i = begin + DJ_SCAN_WORD;
    }
    while (i < n && (guchar)text[i] >= 0x20 && text[i] != 0x7F && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

/* As g_utf8_validate_len, which takes several times as long: Unicode 15, table 3-7, and no NUL. */
static inline gboolean dj_scan_utf8(const char *text, gsize n)
{
    const guchar *p = (const guchar *)text, *end = p + n;
    for (;;) {
        for (guint64 word; end - p >= (gssize)sizeof word; p += 6) { /* two of almost all of Han */
            memcpy(&word, p, sizeof word);
            word = GUINT64_FROM_LE(word);
            if ((word & G_GUINT64_CONSTANT(0xC0C0F0C0C0F0)) != G_GUINT64_CONSTANT(0x8080E08080E0) ||
                (guint8)(word - 0xE1) >= 0x0C || (guint8)((word >> 24) - 0xE1) >= 0x0C)
                break;
        }
        while (p < end && (guint)(p[0] - 1) < 0x7F)
            p++;
        if (p == end)
            return TRUE;
        guint lead = p[0];
        int more = lead < 0xC2 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : 0;
        if (more == 0 || end - p <= more)
            return FALSE;
        guint low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        guint high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (p[1] < low || p[1] > high)
            return FALSE;
        for (int i = 2; i <= more; i++)
            if ((p[i] & 0xC0) != 0x80)
                return FALSE;
        p += more + 1;
    }
}
