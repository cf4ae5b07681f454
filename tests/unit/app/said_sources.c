/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/app/said_sources.h"

#include <criterion/criterion.h>
#include <string.h>

void said_expect_in(const char *sources, const char *(*said)(gsize i), const char *borders, gsize least)
{
    g_autoptr(GRegex) joints = g_regex_new("(?<!\\\\)\"\\s*(G_GINT64_FORMAT|G_GSIZE_FORMAT)?\\s*\"", 0, 0, NULL);
    g_autoptr(GRegex) specs = g_regex_new("%[.0-9]*[a-z]*", 0, 0, NULL);
    g_autofree char *joined = g_regex_replace_literal(joints, sources, -1, 0, "", 0, NULL);
    g_autofree char *plain = g_regex_replace_literal(specs, joined, -1, 0, "*", 0, NULL);
    gsize n = 0;
    for (const char *message; (message = said(n)); n++) {
        g_auto(GStrv) pieces = g_strsplit_set(message, borders, -1);
        for (char **piece = pieces; *piece; piece++)
            cr_expect(strstr(plain, g_strstrip(*piece)), "nobody says \"%s\" of \"%s\"", *piece, message);
    }
    cr_expect_geq(n, least);
}
