/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/csv.h"
#include <string.h>

#define SAFE_DIGITS 11 /* spreadsheets turn longer digit strings into 1.23E+11 */

static gboolean needs_guard(const char *text)
{
    static const char *const heads[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
        if (g_str_has_prefix(text, heads[i]))
            return TRUE;
    gsize digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0' && (digits > SAFE_DIGITS || (digits > 1 && text[0] == '0'));
}

void dj_csv_cell(GString *out, const char *text, gboolean is_text)
{
    gboolean guard = is_text && needs_guard(text);
    if (!guard && !strpbrk(text, ",\"\r\n")) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    if (guard)
        g_string_append_c(out, '\t');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

void dj_csv_row(GString *out, const char *const *cells, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        dj_csv_cell(out, cells[i] ? cells[i] : "", TRUE);
    }
    g_string_append(out, "\r\n");
}
