/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An instruction set is usable when the processor has it (cpuid) and the operating system saves its registers (xgetbv).
 * Tiles also need a permission from the kernel, per process.
 */
#include "engine/kernel/x86.h"

#include <cpuid.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    STATE_AVX = 0x6,     /* xmm, ymm */
    STATE_AVX512 = 0xe6, /* and opmask, zmm */
    STATE_AMX = 0x60000, /* tile configuration and data */
    ARCH_REQ_XCOMP_PERM = 0x1023,
    XFEATURE_XTILEDATA = 18,
};

typedef struct Features {
    bool avx2, avxvnni, vnni, amx;
} Features;

static Features features;

static bool is_permitted_amx(void)
{
#ifdef __linux__
    return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
#else
    return false;
#endif
}

/* Palette 1 has tiles as large as the loops use: eight of 16 rows of 64 bytes. */
static bool has_large_tiles(void)
{
    uint32_t a, b, c, d;
    return __get_cpuid_count(0x1d, 1, &a, &b, &c, &d) && a >> 16 >= 1024 && (b & 0xffff) >= 64 && b >> 16 >= 8 &&
           (c & 0xffff) >= 16;
}

static void detect(void)
{
    const uint32_t avx512 = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
    uint32_t a, b, c, d, ecx1, ebx7, ecx7, edx7, eax71 = 0, low, high;

    if (!__get_cpuid(1, &a, &b, &ecx1, &d) || !(ecx1 & bit_OSXSAVE) ||
        !__get_cpuid_count(7, 0, &a, &ebx7, &ecx7, &edx7))
        return;
    if (a >= 1)
        __get_cpuid_count(7, 1, &eax71, &b, &c, &d);
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    features.avx2 = (low & STATE_AVX) == STATE_AVX && (ebx7 & bit_AVX2);
    features.avxvnni = features.avx2 && (eax71 >> 4 & 1);
    features.vnni = (low & STATE_AVX512) == STATE_AVX512 && (ebx7 & avx512) == avx512 && (ecx7 >> 11 & 1);
    features.amx = features.vnni && (low & STATE_AMX) == STATE_AMX && (edx7 >> 24 & 1) && (edx7 >> 25 & 1) &&
                   has_large_tiles() && is_permitted_amx();
}

/* Once per process: under a hypervisor every cpuid is a trap. */
static const Features *get_features(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, detect);
    return &features;
}

bool dj_x86_has_avx2(void)
{
    return get_features()->avx2;
}

bool dj_x86_has_avxvnni(void)
{
    return get_features()->avxvnni;
}

bool dj_x86_has_vnni(void)
{
    return get_features()->vnni;
}

bool dj_x86_has_amx(void)
{
    return get_features()->amx;
}
