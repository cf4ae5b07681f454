/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input format of the targets for packs: a real pack, or (first byte not 'D') sections one after the other, each
 * u8 number of its name, u24 length (little endian), bytes. The second form is written as a pack with right checksums,
 * because damage that the checksums find never reaches the checks behind them. */
#pragma once
#include "engine/match/pack.h"
#include <stdint.h>

static inline GBytes *fuzz_pack_of(const char *kind, const char *const *names, guint n_names, const uint8_t *data,
                                   size_t size)
{
    if (size > 0 && data[0] == 'D')
        return g_bytes_new(data, size);
    DjPackWriter *writer = dj_pack_writer_new(kind);
    for (size_t at = 0; at + 4 <= size;) {
        size_t length = data[at + 1] | (size_t)data[at + 2] << 8 | (size_t)data[at + 3] << 16;
        length = MIN(length, size - at - 4);
        dj_pack_writer_add(writer, names[data[at] % n_names], data + at + 4, length);
        at += 4 + length;
    }
    return dj_pack_writer_finish(writer);
}
