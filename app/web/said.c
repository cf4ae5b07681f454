/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/said.h"

#include <string.h>

#define MOST_PARTS 5

/* Whether the text is the pattern with something in place of each *; what, to be freed. */
static gboolean fits(const char *pattern, const char *text, char *part[MOST_PARTS])
{
    g_auto(GStrv) pieces = g_strsplit(pattern, "*", -1);
    const char *at = text + strlen(pieces[0]);
    if (!g_str_has_prefix(text, pieces[0]))
        return FALSE;
    for (guint i = 1; pieces[i]; i++) {
        gsize length = strlen(pieces[i]), rest = strlen(at);
        const char *end = pieces[i + 1] ? strstr(at, pieces[i]) : rest >= length ? at + rest - length : NULL;
        if (!end || strncmp(end, pieces[i], length) != 0 || i > MOST_PARTS)
            return FALSE;
        part[i - 1] = g_strndup(at, (gsize)(end - at));
        at = end + length;
    }
    return *at == '\0';
}

static char *put_together(const char *words, char *part[MOST_PARTS])
{
    GString *out = g_string_new(NULL);
    for (const char *p = words; *p; p++) {
        if (*p == '$' && p[1] >= '1' && p[1] <= '0' + MOST_PARTS && part[p[1] - '1'])
            g_string_append(out, part[*++p - '1']);
        else
            g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

char *dj_said(const DjSaid *table, gsize n, const char *message)
{
    char *words = NULL;
    for (gsize i = 0; i < n && !words; i++) {
        char *part[MOST_PARTS] = {NULL};
        if (fits(table[i].said, message, part))
            words = put_together(table[i].words, part);
        for (gsize k = 0; k < MOST_PARTS; k++)
            g_free(part[k]);
    }
    return words;
}
