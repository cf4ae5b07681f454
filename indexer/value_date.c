/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as offices write them: 2024-03-05, 2024.3.5, 2024/3/5 10:20, 20240305, 2024年3月5日, 二〇二四年三月五日, months
 * and years, and the day numbers that Excel stores. */
#include "engine/model/ident.h"
#include "indexer/value.h"
#include <stdlib.h>
#include <string.h>

/* Excel counts days from 1899-12-30 (its 1900 was a leap year). Bounds: 1954-10-03 to 2119-01-11; a year is below. */
enum { EXCEL_DAY_ZERO = -25569, EXCEL_FIRST = 20000, EXCEL_LAST = 80000 };

static int take_digits(const char **p, int most)
{
    int value = 0, n = 0;
    while (n < most && g_ascii_isdigit(**p)) {
        value = value * 10 + (**p - '0');
        (*p)++;
        n++;
    }
    return n ? value : -1;
}

/* Besides the digits, the circles and letters that people type for 〇: 二○二四, 二O二四. */
static int han_digit(gunichar c)
{
    return c == 0x25CB || c == 0x25EF || c == 0x39F || c == 0x3BF || c == 'O' || c == 'o' ? 0 : dj_value_han_digit(c);
}

/* A number in ideographs: digit by digit (二〇二四) or with 十 (二十三). -1 when there is none. */
static int take_han(const char **p)
{
    int value = -1, digit;
    for (;; *p = g_utf8_next_char(*p)) {
        gunichar c = g_utf8_get_char(*p);
        if (c == 0x5341) { /* 十 */
            const char *next = g_utf8_next_char(*p);
            value = (value < 0 ? 1 : value) * 10;
            if ((digit = han_digit(g_utf8_get_char(next))) > 0) {
                value += digit;
                *p = g_utf8_next_char(next);
            } else {
                *p = next;
            }
            return value;
        }
        if (!c || (digit = han_digit(c)) < 0)
            return value;
        value = (value < 0 ? 0 : value) * 10 + digit;
        if (value > 9999)
            return -1;
    }
}

static int take_number(const char **p, int most)
{
    return g_ascii_isdigit(**p) ? take_digits(p, most) : take_han(p);
}

/* Takes one of the separators between the parts of a date, with spaces around it. */
static gboolean take_separator(const char **p, const char *unit)
{
    const char *q = *p;
    while (*q == ' ')
        q++;
    if (g_str_has_prefix(q, unit))
        q += strlen(unit);
    else if (*q == '-' || *q == '/' || *q == '.')
        q++;
    else
        return FALSE;
    while (*q == ' ')
        q++;
    *p = q;
    return TRUE;
}

/* Nothing, or a time of day, which is dropped. */
static gboolean ends_or_time(const char *p)
{
    while (*p == ' ' || *p == 'T' || *p == 't')
        p++;
    if (!*p)
        return TRUE;
    const char *start = p;
    if (take_digits(&p, 2) < 0 || *p != ':')
        return FALSE;
    p += strspn(p, "0123456789:.");
    if (*p == 'Z' || *p == 'z')
        p++;
    else if ((*p == '+' || *p == '-') && p > start)
        p += 1 + strspn(p + 1, "0123456789:");
    return !*p;
}

static gboolean write_date(int year, int month, int day, GString *out)
{
    if (year < 1800 || year > 2200 || month == 0 || day == 0)
        return FALSE;
    if (month < 0) {
        g_string_append_printf(out, "%04d", year);
        return TRUE;
    }
    if (month > 12 || !g_date_valid_dmy((GDateDay)(day < 0 ? 1 : MIN(day, 99)), (GDateMonth)month, (GDateYear)year))
        return FALSE;
    if (day < 0)
        g_string_append_printf(out, "%04d-%02d", year, month);
    else
        g_string_append_printf(out, "%04d-%02d-%02d", year, month, day);
    return TRUE;
}

static gboolean read_packed(const char *p, GString *out)
{
    gsize n = strspn(p, "0123456789");
    const char *rest = p + n;
    int number = n <= 8 ? atoi(p) : 0;
    if (n == 8 && ends_or_time(rest))
        return write_date(number / 10000, number / 100 % 100, number % 100, out);
    if (n == 6 && !*rest)
        return write_date(number / 100, number % 100, -1, out);
    if (n == 4 && !*rest)
        return write_date(number, -1, -1, out);
    if (n == 5 && number >= EXCEL_FIRST && number <= EXCEL_LAST &&
        (!*rest || (*rest == '.' && !rest[1 + strspn(rest + 1, "0123456789")]))) {
        g_autofree char *day = dj_day_format(EXCEL_DAY_ZERO + number);
        g_string_append(out, day);
        return TRUE;
    }
    return FALSE;
}

gboolean dj_value_read_date(const char *text, GString *out)
{
    g_autofree char *nfkc = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    if (!nfkc)
        return FALSE;
    const char *p = g_strstrip(nfkc);
    if (read_packed(p, out))
        return TRUE;
    int year = take_number(&p, 4), month = -1, day = -1;
    if (year < 0 || !take_separator(&p, "年"))
        return FALSE;
    if (*p) {
        month = take_number(&p, 2);
        if (month < 0)
            return FALSE;
        if (*p && !take_separator(&p, "月"))
            return FALSE;
    }
    if (*p) {
        day = take_number(&p, 2);
        if (day < 0)
            return FALSE;
        while (*p == ' ')
            p++;
        if (g_str_has_prefix(p, "日"))
            p += strlen("日");
        else if (g_str_has_prefix(p, "号"))
            p += strlen("号");
    }
    return ends_or_time(p) && write_date(year, month, day, out);
}
