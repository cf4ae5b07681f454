/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests: any bytes on a connection of a server that has nothing to search yet, so that little but the reading of
 * them is at work: request lines, headers, cookies, forms, JSON, uploads, routes and roles. */
#include "tests/fuzz/served.h"

unsigned long fuzz_accepted;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    served_start(FUZZ_SITE_RECORDS);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    served_try(data, size);
    return 0;
}
