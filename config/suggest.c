/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edit distance as far as needed to tell a typing error: words are short, and anything above 2 is far. */
#include "config/suggest.h"

enum { FAR = 3, LONGEST = 40 };

static guint distance(const gunichar *a, glong na, const gunichar *b, glong nb)
{
    if (na > LONGEST || nb > LONGEST)
        return FAR;
    guint row[LONGEST + 1];
    for (glong j = 0; j <= nb; j++)
        row[j] = (guint)j;
    for (glong i = 1; i <= na; i++) {
        guint diagonal = row[0];
        row[0] = (guint)i;
        for (glong j = 1; j <= nb; j++) {
            guint above = row[j];
            guint change = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = MIN(MIN(above, row[j - 1]) + 1, change);
            diagonal = above;
        }
    }
    return row[nb];
}

const char *dj_suggest(const char *word, const char *const *known)
{
    if (!g_utf8_validate(word, -1, NULL))
        return NULL;
    glong length, n;
    g_autofree gunichar *wanted = g_utf8_to_ucs4_fast(word, -1, &length);
    const char *best = NULL;
    guint least = g_str_is_ascii(word) ? (guint)CLAMP(length, 0, FAR) : (guint)MIN(length / 3 + 1, FAR);
    for (gsize i = 0; known[i]; i++) {
        g_autofree gunichar *other = g_utf8_to_ucs4_fast(known[i], -1, &n);
        guint d = distance(wanted, length, other, n);
        if (d < least) {
            least = d;
            best = known[i];
        }
    }
    return best;
}
