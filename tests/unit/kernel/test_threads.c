/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads, progress and cancelling, as a plain program so that ThreadSanitizer can watch it. */
#include "random_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { K = 5 };

typedef struct Watch {
    uint64_t last; /* not atomic: calls must not overlap */
    int *cancel;
} Watch;

static void watch(void *user, uint64_t done, uint64_t total)
{
    Watch *w = user;
    if (done <= w->last || done > total)
        abort();
    w->last = done;
    if (w->cancel)
        __atomic_store_n(w->cancel, 1, __ATOMIC_RELAXED);
}

static DjKernelLists new_lists(uint32_t n_rows)
{
    DjKernelLists lists = {.n_rows = n_rows, .k = K, .capacity = K};
    lists.hits = calloc((size_t)n_rows * K + 1, sizeof *lists.hits);
    lists.n_hits = calloc(n_rows + 1, sizeof *lists.n_hits);
    lists.overflow = calloc(n_rows + 1, 1);
    return lists;
}

static void free_lists(DjKernelLists *lists)
{
    free(lists->hits);
    free(lists->n_hits);
    free(lists->overflow);
}

static int failed;

static void check(bool ok, const char *what, uint32_t threads)
{
    if (!ok) {
        fprintf(stderr, "test_kernel_threads: %s with %u threads\n", what, threads);
        failed = 1;
    }
}

static bool same_lists(const DjKernelLists *x, const DjKernelLists *y)
{
    if (memcmp(x->n_hits, y->n_hits, x->n_rows * sizeof *x->n_hits) != 0)
        return false;
    for (uint32_t r = 0; r < x->n_rows; r++)
        if (memcmp(x->hits + r * K, y->hits + r * K, x->n_hits[r] * sizeof *x->hits) != 0)
            return false;
    return true;
}

static DjKernelStatus run(const Case *c, bool by_doc, const DjKernelOptions *options, DjKernelLists *lists)
{
    return by_doc ? dj_kernel_best_needs(&c->matrix, 0, &c->needs, NULL, c->needs.n, options, lists)
                  : dj_kernel_best_docs(&c->matrix, 0, &c->needs, NULL, options, lists);
}

int main(void)
{
    const Shape shape = {.n_docs = 13000,
                         .n_terms = 2000,
                         .n_needs = 90,
                         .n_segments = 1,
                         .doc_terms = 20,
                         .need_terms = 30,
                         .dim = 64,
                         .banned = true};
    Case c;
    case_init(&c, &shape, 21);
    for (int by_doc = 0; by_doc < 2; by_doc++) {
        const uint32_t n_rows = by_doc ? shape.n_docs : shape.n_needs;
        DjKernelLists one = new_lists(n_rows), many = new_lists(n_rows);
        DjKernelOptions options = {.threads = 1, .admit = c.admit};
        check(run(&c, by_doc, &options, &one) == DJ_KERNEL_OK, "run failed", 1);
        for (options.threads = 2; options.threads <= 8; options.threads *= 2) {
            Watch w = {0};
            int cancel = 0;
            options.progress = watch;
            options.progress_user = &w;
            options.cancel = &cancel;
            check(run(&c, by_doc, &options, &many) == DJ_KERNEL_OK, "run failed", options.threads);
            check(same_lists(&one, &many), "lists differ", options.threads);
            check(w.last > 0, "no progress", options.threads);
            w = (Watch){.cancel = &cancel};
            check(run(&c, by_doc, &options, &many) == DJ_KERNEL_CANCELLED, "not cancelled", options.threads);
        }
        free_lists(&one);
        free_lists(&many);
    }
    case_clear(&c);
    return failed;
}
