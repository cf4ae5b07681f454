/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fast searches against the plain ones, on all lengths and positions. */
#include "engine/model/scan.h"
#include <criterion/criterion.h>

static gsize find_plain(const char *text, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if ((guchar)text[i] < 0x20 || text[i] == 0x7F || text[i] == '"' || text[i] == '\\')
            return i;
    return n;
}

Test(scan, finds_each_byte_at_each_place)
{
    char text[80];
    for (gsize n = 0; n <= 65; n++)
        for (gsize at = 0; at <= n; at++)
            for (int c = 0; c < 256; c++) {
                memset(text, 0xE4, sizeof text);
                text[at] = (char)c;
                if (at + 3 < n)
                    text[at + 3] = '\n'; /* behind it, and never to be found first */
                cr_assert_eq(dj_scan_plain(text, n), find_plain(text, n), "byte %d at %zu of %zu", c, at, n);
                gsize found = at < n && (c == ',' || c == '\n' || c == '\r') ? at : at + 3 < n ? at + 3 : n;
                cr_assert_eq(dj_scan_for(text, n, ',', '\n', '\r'), found, "byte %d at %zu of %zu", c, at, n);
            }
}

Test(scan, agrees_with_glib_on_utf8)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    static const guchar bytes[] = {0x00, 0x01, 'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                   0xE0, 0xE1, 0xE4, 0xE9, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    guint good = 0;
    for (int round = 0; round < 400000; round++) {
        char text[32];
        gsize n = (gsize)g_rand_int_range(rand, 0, sizeof text);
        for (gsize i = 0; i < n; i++) { /* mostly Han, so that long texts are good now and then */
            static const char han[] = "对";
            text[i] = g_rand_int_range(rand, 0, 40) ? han[i % 3] : (char)bytes[g_rand_int_range(rand, 0, sizeof bytes)];
        }
        gboolean expected = g_utf8_validate_len(text, n, NULL);
        good += expected;
        cr_assert_eq(dj_scan_utf8(text, n), expected, "round %d, %zu bytes", round, n);
    }
    cr_assert_gt(good, 1000);
    /* Every pair of bytes in front of good ones. */
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++)
            for (int c = 0x7F; c < 0xC1; c++) {
                const char text[] = {(char)a, (char)b, (char)c, (char)0x80, 'x', 'y', 'z', 'x', 'y', 'z'};
                for (gsize n = 2; n <= sizeof text; n += 2)
                    cr_assert_eq(dj_scan_utf8(text, n), g_utf8_validate_len(text, n, NULL), "%x %x %x", a, b, c);
            }
}
