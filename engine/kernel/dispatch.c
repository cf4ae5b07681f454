/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of variants, best first, and the words for the kernel's statuses. */
#include "engine/kernel/variant.h"

#include <string.h>

static const DjKernelVariant *const variants[] = {
#ifdef DJ_KERNEL_X86
    &dj_kernel_amx,    &dj_kernel_vnni, &dj_kernel_avxvnni, &dj_kernel_avx2,
#endif
    &dj_kernel_scalar,
};

enum { N_VARIANTS = sizeof variants / sizeof *variants };

const char *const *dj_kernel_names(void)
{
    static const char *const names[] = {
#ifdef DJ_KERNEL_X86
        "amx",    "vnni", "avxvnni", "avx2",
#endif
        "scalar", NULL};
    _Static_assert(sizeof names / sizeof *names == N_VARIANTS + 1, "one name per variant");
    return names;
}

DjKernelStatus dj_kernel_find(const char *name, const DjKernelVariant **out)
{
    if (!name || strcmp(name, "auto") == 0) {
        *out = dj_kernel_best();
        return DJ_KERNEL_OK;
    }
    *out = NULL;
    for (int i = 0; i < N_VARIANTS; i++) {
        if (strcmp(name, variants[i]->name) != 0)
            continue;
        if (!variants[i]->available())
            return DJ_KERNEL_UNAVAILABLE;
        *out = variants[i];
        return DJ_KERNEL_OK;
    }
    return DJ_KERNEL_UNKNOWN_VARIANT;
}

const DjKernelVariant *dj_kernel_best(void)
{
    int i = 0;
    while (!variants[i]->available())
        i++; /* the scalar one ends the table and is always available */
    return variants[i];
}

const char *dj_kernel_name(const DjKernelVariant *variant)
{
    return variant->name;
}

const char *dj_kernel_status_text(DjKernelStatus status)
{
    switch (status) {
    case DJ_KERNEL_OK:
        return "ok";
    case DJ_KERNEL_CANCELLED:
        return "cancelled";
    case DJ_KERNEL_NO_MEMORY:
        return "out of memory, or the memory limit is too small for one row";
    case DJ_KERNEL_NO_THREAD:
        return "a thread could not be created";
    case DJ_KERNEL_BAD_NEED:
        return "a need breaks the kernel's contract";
    case DJ_KERNEL_BAD_ARGUMENT:
        return "an argument breaks the kernel's contract";
    case DJ_KERNEL_UNKNOWN_VARIANT:
        return "no kernel variant of that name";
    case DJ_KERNEL_UNAVAILABLE:
        return "this machine cannot run that kernel variant";
    }
    return "unknown status";
}
