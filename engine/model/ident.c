/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model/ident.h"
#include <string.h>

G_DEFINE_QUARK(dj - ident - error - quark, dj_ident_error)

/* Upper-case ASCII of the text after NFKC, white space dropped: what a person meant by a full-width or spaced code. */
static char *plain_code(const char *text)
{
    const char *ascii = text;
    while (*ascii && !(*ascii & 0x80))
        ascii++;
    if (!*ascii) { /* by far the most frequent case */
        char *plain = g_ascii_strup(text, -1), *to = plain;
        for (const char *p = plain; *p; p++)
            if (!g_ascii_isspace(*p))
                *to++ = *p;
        *to = '\0';
        return plain;
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *nfkc = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
    GString *out = g_string_new(NULL);
    for (const char *p = nfkc; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && c != 0x200B && c != 0xFEFF)
            g_string_append_unichar(out, g_unichar_toupper(c));
    }
    return g_string_free(out, FALSE);
}

/* ---- patent numbers ---- */

char dj_patent_number_check_digit(const char *digits)
{
    static const int weights[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    int n = (int)strlen(digits), sum = 0;
    for (int i = 0; i < n && i < 12; i++)
        sum += (digits[i] - '0') * weights[i];
    int check = sum % 11;
    return check == 10 ? 'X' : (char)('0' + check);
}

/* CN, seven to nine digits, and the letter of the kind of document, perhaps with a digit: CN110234567A, CN2123456Y. */
static gboolean is_publication_number(const char *code)
{
    if (!g_str_has_prefix(code, "CN"))
        return FALSE;
    const char *kind = code + 2 + strspn(code + 2, "0123456789");
    return kind - code >= 9 && kind - code <= 11 && *kind && strchr("ABCUYS", *kind) &&
           strlen(kind + 1) == strspn(kind + 1, "0123456789") && strlen(kind) <= 2;
}

char *dj_patent_number_normalise(const char *text, GError **error)
{
    g_autofree char *code = plain_code(text);
    const char *p = code;
    static const char *const prefixes[] = {"专利号", "申请号", ":", "ZL", "CN", ":", "."};
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(p, prefixes[i]))
            p += strlen(prefixes[i]);
    char digits[16];
    gsize n = 0;
    char check = 0;
    for (; *p; p++) {
        if (*p == '.' || *p == '-')
            continue;
        if (n >= 13 || !(g_ascii_isdigit(*p) || *p == 'X'))
            goto malformed;
        digits[n++] = *p;
    }
    if (n != 13 && n != 9)
        goto malformed;
    check = digits[n - 1];
    digits[n - 1] = '\0';
    if (strspn(digits, "0123456789") != n - 1)
        goto malformed;
    if (check != dj_patent_number_check_digit(digits)) {
        g_set_error(error, DJ_IDENT_ERROR, DJ_IDENT_ERROR_CHECK,
                    "专利号校验位不对：“%s”的校验位应为 %c，写的是 %c；请核对是否抄错数字", text,
                    dj_patent_number_check_digit(digits), check);
        return NULL;
    }
    return g_strconcat("ZL", digits, ".", (const char[]){check, 0}, NULL);
malformed:
    if (is_publication_number(code)) {
        g_set_error(
            error, DJ_IDENT_ERROR, DJ_IDENT_ERROR_FORM,
            "“%s”是公开（公告）号，不是专利号；请在这一列填写申请号（如 202010000001.X），公开号另设“公开号”一列",
            text);
        return NULL;
    }
    g_set_error(error, DJ_IDENT_ERROR, DJ_IDENT_ERROR_FORM,
                "专利号“%s”不是 12 位或 8 位数字加校验位；请写成 ZL202010000001.X 的样子", text);
    return NULL;
}

const char *dj_patent_number_kind(const char *canonical)
{
    gsize length = strlen(canonical);
    char kind = length == 16 ? canonical[6] : length == 12 ? canonical[4] : '0';
    switch (kind) {
    case '1':
    case '8': /* international application entering as invention */
        return "invention";
    case '2':
    case '9': /* international application entering as utility model */
        return "utility_model";
    case '3':
        return "design";
    default:
        return NULL;
    }
}

const char *dj_patent_kind_label(const char *kind)
{
    static const char *const labels[][2] = {
        {"invention", "发明"}, {"utility_model", "实用新型"}, {"design", "外观设计"}, {"achievement", "科技成果"}};
    for (gsize i = 0; kind && i < G_N_ELEMENTS(labels); i++)
        if (strcmp(kind, labels[i][0]) == 0)
            return labels[i][1];
    return "";
}

/* ---- credit codes ---- */

static const char credit_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

char dj_credit_code_check_char(const char *first17)
{
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++) {
        const char *at = first17[i] ? strchr(credit_alphabet, first17[i]) : NULL;
        if (!at)
            return 0;
        sum += (int)(at - credit_alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return credit_alphabet[(31 - sum % 31) % 31];
}

char *dj_credit_code_normalise(const char *text, GError **error)
{
    g_autofree char *code = plain_code(text);
    if (strlen(code) != 18 || strspn(code, credit_alphabet) != 18) {
        g_set_error(error, DJ_IDENT_ERROR, DJ_IDENT_ERROR_FORM,
                    "统一社会信用代码“%s”不是 18 位数字和大写字母（不含 I、O、Z、S、V）；不知道时请留空", text);
        return NULL;
    }
    char check = dj_credit_code_check_char(code);
    if (code[17] != check) {
        g_set_error(error, DJ_IDENT_ERROR, DJ_IDENT_ERROR_CHECK,
                    "统一社会信用代码校验位不对：“%s”的末位应为 %c；请对照营业执照改正，不知道时请留空", text, check);
        return NULL;
    }
    return g_steal_pointer(&code);
}

/* ---- IPC ---- */

/* Subgroups are read as decimal fractions, as the Guide to the IPC orders them: 3/036 stands between 3/03 and 3/04. */
#define SUBGROUP_DIGITS 6
#define GROUP_DIGITS    4

gboolean dj_ipc_parse(const char *text, DjIpc *out)
{
    g_autofree char *code = plain_code(text);
    DjIpc ipc = {.group = -1, .subgroup = -1};
    const char *p = code;
    int n = 0;
    if (*p < 'A' || *p > 'H')
        return FALSE;
    ipc.subclass[n++] = *p++;
    if (*p) {
        if (!g_ascii_isdigit(p[0]) || !g_ascii_isdigit(p[1]))
            return FALSE;
        ipc.subclass[n++] = *p++;
        ipc.subclass[n++] = *p++;
    }
    if (g_ascii_isupper(*p))
        ipc.subclass[n++] = *p++;
    ipc.subclass[n] = '\0';
    if (*p && n != 4)
        return FALSE;
    if (g_ascii_isdigit(*p)) {
        ipc.group = 0;
        int digits = 0;
        for (; g_ascii_isdigit(*p); p++, digits++)
            if (digits < GROUP_DIGITS)
                ipc.group = ipc.group * 10 + (*p - '0');
        if (digits > GROUP_DIGITS)
            return FALSE;
        if (*p == '/') {
            p++;
            digits = 0;
            ipc.subgroup = 0;
            for (; g_ascii_isdigit(*p); p++, digits++)
                if (digits < SUBGROUP_DIGITS)
                    ipc.subgroup = ipc.subgroup * 10 + (*p - '0');
            if (digits < 2 || digits > SUBGROUP_DIGITS)
                return FALSE;
            for (; digits < SUBGROUP_DIGITS; digits++)
                ipc.subgroup *= 10;
        }
    }
    if (*p == '(') /* version indicator such as (2006.01) */
        p = strchr(p, ')') ? strchr(p, ')') + 1 : p;
    if (*p)
        return FALSE;
    *out = ipc;
    return TRUE;
}

/* Puts a number of at least `width` digits at `to`; returns what is behind it. printf takes ten times as long, and an
 * import writes several symbols per row. */
static char *put_number(char *to, int number, int width)
{
    char digits[16];
    int n = 0;
    for (; number > 0 || n < width; number /= 10)
        digits[n++] = (char)('0' + number % 10);
    while (n > 0)
        *to++ = digits[--n];
    return to;
}

char *dj_ipc_format(const DjIpc *ipc)
{
    char text[sizeof ipc->subclass + 32], *end = g_stpcpy(text, ipc->subclass);
    if (ipc->group >= 0)
        end = put_number(end, ipc->group, 1);
    if (ipc->group >= 0 && ipc->subgroup >= 0) {
        *end++ = '/';
        char *digits = end;
        end = put_number(end, ipc->subgroup, SUBGROUP_DIGITS);
        while (end > digits + 2 && end[-1] == '0') /* two digits at least */
            end--;
    }
    return g_strndup(text, (gsize)(end - text));
}

gboolean dj_ipc_contains(const DjIpc *wide, const DjIpc *narrow)
{
    gsize n = strlen(wide->subclass);
    if (strncmp(wide->subclass, narrow->subclass, n) != 0)
        return FALSE;
    if (wide->group < 0)
        return TRUE;
    if (wide->group != narrow->group)
        return FALSE;
    return wide->subgroup < 0 || wide->subgroup == narrow->subgroup;
}

/* ---- dates: civil calendar arithmetic on days since 1970-01-01 ---- */

int dj_day_from_ymd(int year, int month, int day)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return (int)g_date_get_julian(&date) - 719163; /* Julian day of GLib for 1970-01-01 */
}

void dj_day_to_ymd(int days, int *year, int *month, int *day)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(days + 719163));
    *year = g_date_get_year(&date);
    *month = g_date_get_month(&date);
    *day = g_date_get_day(&date);
}

/* A number of n digits at *p, which moves behind it; -1 where there is none. */
static int take_digits(const char **p, int n)
{
    int number = 0;
    for (; n > 0; n--, (*p)++) {
        if (!g_ascii_isdigit(**p))
            return -1;
        number = number * 10 + (**p - '0');
    }
    return number;
}

/* By hand, because every rule and gate reads dates, for every record. */
gboolean dj_day_parse(const char *iso, int *day)
{
    const char *p = iso;
    int y = take_digits(&p, 4), m = 1, d = 1;
    if (y > 0 && *p == '-') {
        p++;
        m = take_digits(&p, 2);
        if (m > 0 && *p == '-') {
            p++;
            d = take_digits(&p, 2);
        }
    }
    if (y < 1 || m < 1 || d < 1 || *p || !g_date_valid_dmy((GDateDay)d, (GDateMonth)m, (GDateYear)y))
        return FALSE;
    *day = dj_day_from_ymd(y, m, d);
    return TRUE;
}

char *dj_day_format(int days)
{
    int y, m, d;
    dj_day_to_ymd(days, &y, &m, &d);
    return g_strdup_printf("%04d-%02d-%02d", y, m, d);
}

int dj_day_add_years(int days, int years)
{
    int y, m, d;
    dj_day_to_ymd(days, &y, &m, &d);
    if (m == 2 && d == 29 && !g_date_is_leap_year((GDateYear)(y + years)))
        d = 28;
    return dj_day_from_ymd(y + years, m, d);
}

/* ---- names ---- */

/* Most names are CJK ideographs, ASCII letters and brackets, which NFKC leaves alone: folded in one pass. FALSE, with
 * out unfinished, at the first character that takes the long way. */
static gboolean fold_plain(const char *name, GString *out)
{
    for (const guchar *p = (const guchar *)name; *p;) {
        if (*p < 0x80) {
            if (!g_ascii_isspace(*p))
                g_string_append_c(out, *p == '[' ? '(' : *p == ']' ? ')' : g_ascii_tolower((char)*p));
            p++;
            continue;
        }
        gunichar c = p[0] >= 0xE4 && p[0] <= 0xE9 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80
                         ? (gunichar)(p[0] & 0x0F) << 12 | (gunichar)(p[1] & 0x3F) << 6 | (p[2] & 0x3F)
                         : 0;
        if (c < 0x4E00 || c > 0x9FFF)
            return FALSE;
        g_string_append_len(out, (const char *)p, 3);
        p += 3;
    }
    return TRUE;
}

/* What any name needs: NFKC, lower case, no spaces or middle dots, round brackets. */
static void fold_any(const char *name, GString *out)
{
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    g_autofree char *nfkc = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *lower = g_utf8_strdown(nfkc, -1);
    for (const char *p = lower; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == 0x3014 || c == '[' || c == 0x3010)
            c = '(';
        else if (c == 0x3015 || c == ']' || c == 0x3011)
            c = ')';
        if (!g_unichar_isspace(c) && c != 0x00B7)
            g_string_append_unichar(out, c);
    }
}

char *dj_org_name_fold(const char *name)
{
    GString *out = g_string_sized_new(64);
    if (!fold_plain(name, out)) {
        g_string_truncate(out, 0);
        fold_any(name, out);
    }
    if (strstr(out->str, "有限责任公司"))
        g_string_replace(out, "有限责任公司", "有限公司", 0);
    return g_string_free(out, FALSE);
}

char *dj_org_institution(const char *folded)
{
    static const char *const departments[] = {"院", "系", "所", "中心", "实验室"};
    const char *rest = strstr(folded, "大学");
    if (!rest || rest == folded)
        return NULL;
    rest += strlen("大学");
    if (*rest == '(') {
        const char *end = strchr(rest, ')');
        rest = end ? end + 1 : rest;
    }
    for (gsize i = 0; *rest && i < G_N_ELEMENTS(departments); i++)
        if (g_str_has_suffix(rest, departments[i]))
            return g_strndup(folded, (gsize)(rest - folded));
    return NULL;
}
