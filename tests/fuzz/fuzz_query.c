/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The query language: any text -> fields that narrow the question, and the words that are left. */
#include "app/web/filter.h"
#include "tests/fuzz/site.h"
#include "tests/fuzz/target.h"

unsigned long fuzz_accepted;

static DjSession *session;

static void close_session(void)
{
    dj_session_close(session);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    g_autoptr(GError) error = NULL;
    fuzz_site_make(FUZZ_SITE_EMPTY);
    session = dj_session_open(&fuzz_app, DJ_WORKSPACE_READ, &error);
    if (!session) {
        fprintf(stderr, "%s\n", error->message);
        exit(2);
    }
    atexit(close_session);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    if (size > 24000) /* what a question may be, in bytes */
        return 0;
    g_autofree char *text = g_utf8_make_valid((const char *)data, (gssize)size);
    g_auto(DjFilter) filter;
    dj_filter_init(&filter);
    g_autofree char *rest = dj_filter_take_fields(&filter, session, text, &error);
    FUZZ_PROMISE((rest == NULL) == (error != NULL));
    if (!rest) {
        FUZZ_PROMISE(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    FUZZ_PROMISE(g_utf8_validate(rest, -1, NULL));
    fuzz_accepted++;
    return 0;
}
