/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fuzz target (模糊测试): one function that takes any bytes and must neither crash, hang nor leak. libFuzzer drives
 * it in the fuzz preset, replay.c everywhere else. */
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* What a target needs before its first input; not every target has one. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Inputs that were read to their end without an error: a corpus of which none is accepted tests only refusals. */
extern unsigned long fuzz_accepted;

/* Stops the program where the tested code broke a promise of its header; unlike assert, in every build. */
#define FUZZ_PROMISE(what)                                                                                             \
    do {                                                                                                               \
        if (!(what))                                                                                                   \
            __builtin_trap();                                                                                          \
    } while (0)
