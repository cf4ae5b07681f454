/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A damaged pack: what dj_pack_open and dj_pack_strings let pass may be read in every way. */
#include "tests/fuzz/sections.h"
#include "tests/fuzz/target.h"
#include <string.h>

unsigned long fuzz_accepted;

static void use_strings(const DjStrings *strings)
{
    for (guint32 i = 0; i < strings->n; i++) {
        gsize length;
        const char *text = dj_strings_get(strings, i, &length);
        guint32 found = dj_strings_find(strings, text, length);
        if (found == DJ_STRINGS_NONE) /* a damaged map may lose a string, but not invent one */
            continue;
        gsize other;
        const char *same = dj_strings_get(strings, found, &other);
        FUZZ_PROMISE(other == length && memcmp(same, text, length) == 0);
    }
    (void)dj_strings_find(strings, "不在表中", strlen("不在表中"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"words.off", "words.txt", "words.map", "numbers"};
    g_autoptr(GBytes) bytes = fuzz_pack_of("test", names, G_N_ELEMENTS(names), data, size);
    g_autoptr(GError) error = NULL;
    DjPack pack;
    if (!dj_pack_open(&pack, bytes, "test", &error)) {
        FUZZ_PROMISE(error != NULL);
        return 0;
    }
    (void)dj_pack_verify(&pack, NULL);
    gsize n = 0;
    const guint8 *numbers = dj_pack_section(&pack, "numbers", 8, &n, NULL);
    volatile guint8 sum = 0;
    for (gsize i = 0; numbers && i < n * 8; i++)
        sum = (guint8)(sum + numbers[i]);
    DjStrings strings;
    if (dj_pack_strings(&pack, "words", &strings, &error)) {
        use_strings(&strings);
        fuzz_accepted++;
    } else {
        FUZZ_PROMISE(error != NULL);
    }
    dj_pack_close(&pack);
    return 0;
}
