/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An instruction set is usable when the processor has it (cpuid) and the operating system saves its registers (xgetbv).
 * Tiles also need a permission from the kernel, per process.
 */
#include "engine/kernel/x86.h"

#include <cpuid.h>
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
    uint32_t ecx1, ebx7, ecx7, edx7, eax71;
    uint64_t state;
} Features;

static Features detect(void)
{
    Features f = {0};
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &f.ecx1, &d))
        return f;
    if (f.ecx1 & bit_OSXSAVE) {
        uint32_t low, high;
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        f.state = (uint64_t)high << 32 | low;
    }
    if (__get_cpuid_count(7, 0, &a, &f.ebx7, &f.ecx7, &f.edx7) && a >= 1)
        __get_cpuid_count(7, 1, &f.eax71, &b, &c, &d);
    return f;
}

bool dj_x86_has_avx2(void)
{
    const Features f = detect();
    return (f.state & STATE_AVX) == STATE_AVX && (f.ebx7 & bit_AVX2);
}

bool dj_x86_has_avxvnni(void)
{
    return dj_x86_has_avx2() && (detect().eax71 >> 4 & 1);
}

bool dj_x86_has_vnni(void)
{
    const Features f = detect();
    const uint32_t ebx = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
    return (f.state & STATE_AVX512) == STATE_AVX512 && (f.ebx7 & ebx) == ebx && (f.ecx7 >> 11 & 1);
}

bool dj_x86_has_amx(void)
{
    const Features f = detect();
    const bool tile = f.edx7 >> 24 & 1, int8 = f.edx7 >> 25 & 1;
    if (!dj_x86_has_vnni() || !tile || !int8 || (f.state & STATE_AMX) != STATE_AMX)
        return false;
#ifdef __linux__
    return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
#else
    return false;
#endif
}
