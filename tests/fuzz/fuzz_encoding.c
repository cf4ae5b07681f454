/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GB18030, UTF-16 and UTF-8 with and without a byte order mark: any bytes, read in pieces of any size, -> UTF-8. What
 * has no meaning comes out as 0xFF and as nothing else. */
#include "indexer/source.h"
#include "tests/fuzz/target.h"
#include <string.h>

unsigned long fuzz_accepted;

static GString *read_all(const uint8_t *data, size_t size, gsize piece, gboolean *converted)
{
    GString *out = g_string_new(NULL);
    g_autofree char *buffer = g_malloc(piece);
    g_autoptr(DjSource) text = dj_source_open_text(dj_source_open_bytes((const char *)data, size));
    gssize got;
    while ((got = dj_source_read(text, buffer, piece, NULL)) > 0) {
        FUZZ_PROMISE((gsize)got <= piece);
        g_string_append_len(out, buffer, got);
    }
    FUZZ_PROMISE(got == 0);
    *converted = strcmp(dj_source_encoding(text), "GB18030") == 0 || strcmp(dj_source_encoding(text), "UTF-16") == 0;
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const gsize piece = 1 + data[0] % 97;
    gboolean converted, whole = TRUE;
    g_autoptr(GString) small = read_all(data + 1, size - 1, piece, &converted);
    g_autoptr(GString) large = read_all(data + 1, size - 1, 1 << 16, &converted);
    FUZZ_PROMISE(small->len == large->len && memcmp(small->str, large->str, large->len) == 0);
    for (const char *at = large->str, *const end = large->str + large->len, *bad; at < end; at = bad + 1) {
        if (g_utf8_validate(at, end - at, &bad))
            break;
        FUZZ_PROMISE(!converted || (guchar)*bad == 0xff || *bad == '\0');
        whole = whole && *bad == '\0';
    }
    fuzz_accepted += whole;
    return 0;
}
