/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts are moved by powers of ten as decimal text, never through floating point: 1.15万元 is 11500 yuan, not
 * 11499.999999999998. */
#include "indexer/value.h"
#include <string.h>

int dj_value_han_digit(gunichar c)
{
    static const char *const digits[] = {"零〇", "一壹", "二贰两", "三叁", "四肆",
                                         "五伍", "六陆", "七柒",   "八捌", "九玖"};
    for (int i = 0; c && i < 10; i++)
        if (g_utf8_strchr(digits[i], -1, c))
            return i;
    return -1;
}

static int han_place(gunichar c)
{
    static const char *const places[] = {"十拾", "百佰", "千仟"};
    for (int i = 0, place = 10; c && i < 3; i++, place *= 10)
        if (g_utf8_strchr(places[i], -1, c))
            return place;
    return 0;
}

/* The same for ideographs up to 9999, such as 三百五十 or 三点五; 万 and 亿 are units. */
static gboolean take_han_decimal(const char **p, GString *digits, int *scale)
{
    const char *q = *p;
    int total = 0, digit = -1, place, next_place = 10000;
    *scale = 0;
    for (gunichar c; c = g_utf8_get_char(q), (place = han_place(c)) || dj_value_han_digit(c) >= 0;
         q = g_utf8_next_char(q)) {
        if (!place && digit > 0) /* 二三 may mean "two or three" */
            return FALSE;
        if (place >= next_place)
            return FALSE;
        if (place) {
            total += (digit < 0 ? 1 : digit) * place;
            next_place = place;
        }
        digit = place ? -1 : dj_value_han_digit(c);
    }
    if (q == *p)
        return FALSE;
    g_string_printf(digits, "%d", total + MAX(digit, 0));
    if (g_str_has_prefix(q, "点")) {
        q += strlen("点");
        for (; (digit = dj_value_han_digit(g_utf8_get_char(q))) >= 0 && digits->len < 30; q = g_utf8_next_char(q)) {
            g_string_append_printf(digits, "%d", digit);
            ++*scale;
        }
        if (*scale == 0)
            return FALSE;
    }
    *p = q;
    return TRUE;
}

/* Reads digits, thousands separators and one point: the digits go to out, *scale is how many of them are behind the
 * point. */
static gboolean take_decimal(const char **p, GString *digits, int *scale)
{
    if (take_han_decimal(p, digits, scale))
        return TRUE;
    const char *q = *p;
    gboolean point = FALSE;
    *scale = 0;
    for (; g_ascii_isdigit(*q) || (*q == '.' && !point) || (*q == ',' && !point && digits->len); q++) {
        if (*q == '.') {
            point = TRUE;
        } else if (*q == ',') {
            if (!(g_ascii_isdigit(q[1]) && g_ascii_isdigit(q[2]) && g_ascii_isdigit(q[3]) && !g_ascii_isdigit(q[4])))
                return FALSE;
        } else {
            g_string_append_c(digits, *q);
            *scale += point;
        }
    }
    if (digits->len == 0 || digits->len > 30)
        return FALSE;
    *p = q;
    return TRUE;
}

/* Writes digits * 10^(power - scale) in canonical form: no leading or trailing zeros that say nothing. */
static void write_decimal(GString *digits, int scale, int power, GString *out)
{
    int behind = scale - power;
    while (behind < 0) {
        g_string_append_c(digits, '0');
        behind++;
    }
    while ((int)digits->len <= behind)
        g_string_prepend_c(digits, '0');
    while (behind > 0 && digits->str[digits->len - 1] == '0') {
        g_string_truncate(digits, digits->len - 1);
        behind--;
    }
    gsize whole = digits->len - (gsize)behind, zeros = 0;
    while (zeros + 1 < whole && digits->str[zeros] == '0')
        zeros++;
    g_string_append_len(out, digits->str + zeros, (gssize)(whole - zeros));
    if (behind > 0)
        g_string_append_printf(out, ".%s", digits->str + whole);
}

/* Power of ten of a unit, -1 when it is none. An empty unit is a plain number. */
static int unit_power(const char *unit, gboolean money)
{
    static const struct {
        const char *name;
        int power;
    } powers[] = {{"千万", 7}, {"百万", 6}, {"十万", 5}, {"万亿", 12}, {"亿", 8},
                  {"万", 4},   {"千", 3},   {"百", 2},   {"", 0}};
    static const char *const of_money[] = {"", "元", "元整", "圆", "圆整", "元人民币", "人民币", "rmb", "cny"};
    static const char *const of_count[] = {"", "人", "名", "件", "项", "份", "个", "台", "家", "次", "套", "年"};
    for (gsize i = 0; i < G_N_ELEMENTS(powers); i++) {
        if (!g_str_has_prefix(unit, powers[i].name))
            continue;
        const char *rest = unit + strlen(powers[i].name);
        const char *const *names = money ? of_money : of_count;
        gsize n = money ? G_N_ELEMENTS(of_money) : G_N_ELEMENTS(of_count);
        for (gsize j = 0; j < n; j++)
            if (strcmp(rest, names[j]) == 0)
                return powers[i].power;
        return -1;
    }
    return -1;
}

static const char *skip_currency(const char *p)
{
    static const char *const marks[] = {"人民币", "rmb", "cny", "¥", "￥", ":"};
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (g_str_has_prefix(p, marks[i]))
            p += strlen(marks[i]);
    return p;
}

gboolean dj_value_read_amount(const char *folded, const char *unit, gboolean money, GString *out)
{
    g_autoptr(GString) digits = g_string_new(NULL);
    g_autofree char *default_unit = unit ? dj_value_fold(unit) : NULL;
    const char *p = money ? skip_currency(folded) : folded;
    int scale;
    if (!take_decimal(&p, digits, &scale))
        return FALSE;
    /* 9.0万元-9.0万元 is one amount, written as a range by a form with two boxes. */
    gsize first = (gsize)(p - folded) + strcspn(p, "-~");
    if (folded[first] && money) {
        const char *second = folded + first + 1;
        if (strlen(second) != first || strncmp(folded, second, first) != 0)
            return FALSE;
    }
    g_autofree char *own_unit = g_strndup(p, first - (gsize)(p - folded));
    int power = unit_power(*own_unit || !default_unit ? own_unit : default_unit, money);
    if (power < 0)
        return FALSE;
    write_decimal(digits, scale, power, out);
    return TRUE;
}

gboolean dj_value_read_percent(const char *folded, GString *out)
{
    g_autoptr(GString) digits = g_string_new(NULL);
    const char *p = folded;
    int scale, power = 0;
    gboolean in_words = g_str_has_prefix(p, "百分之"), per_mille = g_str_has_prefix(p, "千分之");
    if (in_words || per_mille)
        p += strlen("百分之");
    power = per_mille ? -1 : 0;
    if (!take_decimal(&p, digits, &scale))
        return FALSE;
    if (strcmp(p, "‰") == 0)
        power = -1;
    else if (*p && strcmp(p, "%") != 0)
        return FALSE;
    write_decimal(digits, scale, power, out);
    return TRUE;
}
