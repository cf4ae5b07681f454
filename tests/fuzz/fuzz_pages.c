/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages and the API with something to show: any bytes on a connection of a server with an index of a few records,
 * an event, a job, a saved question and a decision. */
#include "tests/fuzz/served.h"

unsigned long fuzz_accepted;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    served_start(FUZZ_SITE_INDEX);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    served_try(data, size);
    return 0;
}
