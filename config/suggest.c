/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edit distance as far as needed to tell a typing error: words are short, and anything above 2 is far. */
#include "config/suggest.h"

#include <string.h>

enum { FAR = 3, LONGEST = 40 };

static guint distance(const char *a, const char *b)
{
    gsize na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST)
        return FAR;
    guint row[LONGEST + 1];
    for (gsize j = 0; j <= nb; j++)
        row[j] = (guint)j;
    for (gsize i = 1; i <= na; i++) {
        guint diagonal = row[0];
        row[0] = (guint)i;
        for (gsize j = 1; j <= nb; j++) {
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
    const char *best = NULL;
    guint least = FAR;
    for (gsize i = 0; known[i]; i++) {
        guint d = distance(word, known[i]);
        if (d < least && d < strlen(word)) {
            least = d;
            best = known[i];
        }
    }
    return best;
}
