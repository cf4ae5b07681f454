/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/pack.h"
#include <criterion/criterion.h>
#include <string.h>

static GBytes *make(guint32 n_strings)
{
    DjPackWriter *writer = dj_pack_writer_new("test");
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree guint64 *offset = g_new0(guint64, n_strings + 1);
    for (guint32 i = 0; i < n_strings; i++) {
        g_string_append_printf(text, "词%u", i * 7);
        offset[i + 1] = text->len;
    }
    dj_pack_writer_add(writer, "numbers", "\1\2\3\4\5\6\7\10", 8);
    dj_pack_writer_add(writer, "empty", "", 0);
    dj_pack_writer_add_strings(writer, "words", offset, text->str, n_strings);
    return dj_pack_writer_finish(writer);
}

Test(pack, sections_and_strings_come_back)
{
    for (guint32 n = 0; n < 70; n++) {
        g_autoptr(GBytes) bytes = make(n);
        DjPack pack;
        DjStrings words;
        gsize units;
        cr_assert(dj_pack_open(&pack, bytes, "test", NULL));
        cr_assert(dj_pack_verify(&pack, NULL));
        const guint32 *numbers = dj_pack_section(&pack, "numbers", 4, &units, NULL);
        cr_assert(numbers != NULL && units == 2);
        cr_expect_eq(GUINT32_FROM_LE(numbers[0]), 0x04030201u);
        cr_expect(dj_pack_section(&pack, "empty", 8, &units, NULL) != NULL && units == 0);
        cr_expect(dj_pack_section(&pack, "numbers", 3, &units, NULL) == NULL);
        cr_expect(dj_pack_section(&pack, "nothing", 1, &units, NULL) == NULL);
        cr_assert(dj_pack_strings(&pack, "words", &words, NULL));
        cr_assert_eq(words.n, n);
        for (guint32 i = 0; i < n; i++) {
            g_autofree char *word = g_strdup_printf("词%u", i * 7);
            cr_expect_eq(dj_strings_find(&words, word, strlen(word)), i);
        }
        cr_expect_eq(dj_strings_find(&words, "词1", strlen("词1")), DJ_STRINGS_NONE);
        cr_expect_eq(dj_strings_find(&words, "", 0), DJ_STRINGS_NONE);
        dj_pack_close(&pack);
    }
}

Test(pack, another_kind_is_refused)
{
    g_autoptr(GBytes) bytes = make(3);
    DjPack pack;
    g_autoptr(GError) error = NULL;
    cr_expect_not(dj_pack_open(&pack, bytes, "model", &error));
    cr_expect(g_error_matches(error, DJ_PACK_ERROR, DJ_PACK_ERROR_DAMAGED));
}

Test(pack, every_truncation_is_refused)
{
    g_autoptr(GBytes) bytes = make(9);
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    for (gsize length = 0; length < size; length++) {
        g_autoptr(GBytes) part = g_bytes_new(data, length);
        DjPack pack;
        cr_assert_not(dj_pack_open(&pack, part, "test", NULL), "%zu of %zu bytes", length, size);
    }
}

Test(pack, every_flipped_byte_is_found_or_padding)
{
    g_autoptr(GBytes) bytes = make(9);
    gsize size, found = 0;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    for (gsize at = 0; at < size; at++) {
        g_autofree guint8 *copy = g_memdup2(data, size);
        copy[at] ^= 0x40;
        g_autoptr(GBytes) damaged = g_bytes_new(copy, size);
        DjPack pack;
        DjStrings words;
        if (!dj_pack_open(&pack, damaged, "test", NULL)) {
            found++;
            continue;
        }
        gboolean whole = dj_pack_verify(&pack, NULL);
        found += !whole;
        if (dj_pack_strings(&pack, "words", &words, NULL)) /* whatever it says, it must not run off */
            for (guint32 i = 0; i < 9; i++) {
                g_autofree char *word = g_strdup_printf("词%u", i * 7);
                dj_strings_find(&words, word, strlen(word));
            }
        if (whole) /* only bytes that nobody reads may differ unseen */
            cr_expect_eq(data[at], 0, "byte %zu", at);
        dj_pack_close(&pack);
    }
    cr_expect_gt(found, size / 2);
}
