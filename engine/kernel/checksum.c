/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A multiply-and-rotate checksum over four independent lanes: 2 GB of matrix must be checked at the speed of memory,
 * which a byte-wise CRC does not reach without special instructions.
 */
#include "engine/kernel/layout.h"

#include <string.h>

#define MIX_A 0x9ddfea08eb382d69u
#define MIX_B 0xc3a5c85c97cb3127u

static inline uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

void dj_checksum_init(DjChecksum *sum)
{
    for (int i = 0; i < 4; i++)
        sum->lane[i] = MIX_A * (uint64_t)(i + 1);
    sum->length = 0;
}

static void add_stripe(DjChecksum *sum, const uint8_t *p)
{
    uint64_t word[4];
    memcpy(word, p, sizeof word);
    for (int i = 0; i < 4; i++)
        sum->lane[i] = rotate((sum->lane[i] ^ word[i]) * MIX_B, 31);
}

void dj_checksum_add(DjChecksum *sum, const void *bytes, uint64_t size)
{
    const uint8_t *p = bytes;
    sum->length += size;
    for (; size >= 32; size -= 32, p += 32)
        add_stripe(sum, p);
    if (size) {
        uint8_t last[32] = {0};
        memcpy(last, p, size);
        add_stripe(sum, last);
    }
}

uint64_t dj_checksum_value(const DjChecksum *sum)
{
    uint64_t h = sum->length * MIX_A;
    for (int i = 0; i < 4; i++)
        h = rotate((h ^ sum->lane[i]) * MIX_B, 29) + MIX_A;
    h ^= h >> 32;
    h *= MIX_A;
    return h ^ (h >> 29);
}
