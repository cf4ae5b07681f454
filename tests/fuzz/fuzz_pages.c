/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages and the API with something to show: any bytes on a connection of a server with an index of a few records,
 * an event, a job, a saved question and a decision. */
#include "tests/fuzz/served.h"

unsigned long fuzz_accepted;

/* One event, so that its pages have something to show. */
static void make_event(void)
{
    static const char event[] = "id: spring\nname: 春季对接会\ndate: 2026-12-01\n"
                                "slots: {first: \"18:30\", minutes: 15, count: 2}\ntables: 1\n"
                                "participants:\n  - {id: E1, side: demand}\n  - {id: T1, side: supply}\n"
                                "pairs: pairs.csv\n";
    g_autofree char *folder = g_build_filename(fuzz_app.workspace, "events", "spring", NULL);
    g_autofree char *file = g_build_filename(folder, "EVENT.yaml", NULL);
    g_autofree char *pairs = g_build_filename(folder, "pairs.csv", NULL);
    if (g_mkdir_with_parents(folder, 0755) != 0 || !g_file_set_contents(file, event, -1, NULL) ||
        !g_file_set_contents(pairs, "demand,supply,points\nE1,T1,9\n", -1, NULL)) {
        fprintf(stderr, "%s: cannot be written\n", folder);
        exit(2);
    }
}

/* Things that inputs may ask for: a job, a saved question, a decision. Else what an input reaches hangs on those that
 * came before it. */
static void prepare(void)
{
    static const struct {
        const char *path, *who, *body;
    } requests[] = {
        {"/api/v1/jobs", "STAFF", "{\"kind\":\"index\"}"},
        {"/api/v1/saved", "TOKEN", "{\"name\":\"a\",\"text\":\"陶瓷\"}"},
        {"/api/v1/decisions", "STAFF", "{\"need\":\"N-0401\",\"patent\":\"ZL202119001475.X\",\"kind\":\"accept\"}"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autofree char *request =
            g_strdup_printf("POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
                            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                            requests[i].path, requests[i].who, strlen(requests[i].body), requests[i].body);
        const int status = served_hang_up(served_send(request, strlen(request)), -1);
        if (status < 200 || status > 299) {
            fprintf(stderr, "%s: %d\n", requests[i].path, status);
            exit(2);
        }
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    served_start(TRUE);
    make_event();
    prepare();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    served_try(data, size);
    return 0;
}
