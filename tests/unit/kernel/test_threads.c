/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads, progress and cancelling, as a plain program so that ThreadSanitizer can watch it. */
#include "random_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { K = 5, SEGMENTS = 6 };

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

/* All segments, with all needs, as parts of one call. */
static void init_parts(DjKernelPart *parts, const Case *c, bool by_doc)
{
    for (uint32_t s = 0; s < SEGMENTS; s++) {
        uint32_t n_docs;
        dj_matrix_segment_docs(&c->matrix, s, &n_docs);
        parts[s] = (DjKernelPart){.segment = s, .n_rows = c->needs.n};
        DjKernelLists *lists = &parts[s].lists;
        *lists = (DjKernelLists){.n_rows = by_doc ? n_docs : c->needs.n, .k = K, .capacity = K};
        lists->hits = calloc((size_t)lists->n_rows * K + 1, sizeof *lists->hits);
        lists->n_hits = calloc(lists->n_rows + 1, sizeof *lists->n_hits);
        lists->overflow = calloc(lists->n_rows + 1, 1);
    }
}

static void clear_parts(DjKernelPart *parts)
{
    for (uint32_t s = 0; s < SEGMENTS; s++) {
        free(parts[s].lists.hits);
        free(parts[s].lists.n_hits);
        free(parts[s].lists.overflow);
    }
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

static DjKernelStatus run(const Case *c, bool by_doc, const DjKernelOptions *options, DjKernelPart *parts)
{
    return (by_doc ? dj_kernel_best_needs : dj_kernel_best_docs)(&c->matrix, &c->needs, parts, SEGMENTS, options);
}

int main(void)
{
    const Shape shape = {.n_docs = 13000,
                         .n_terms = 2000,
                         .n_needs = 90,
                         .n_segments = SEGMENTS,
                         .doc_terms = 20,
                         .need_terms = 30,
                         .dim = 64,
                         .banned = true};
    Case c;
    case_init(&c, &shape, 21);
    for (int by_doc = 0; by_doc < 2; by_doc++) {
        DjKernelPart one[SEGMENTS], many[SEGMENTS];
        DjKernelOptions options = {.threads = 1, .admit = c.admit};
        init_parts(one, &c, by_doc);
        init_parts(many, &c, by_doc);
        check(run(&c, by_doc, &options, one) == DJ_KERNEL_OK, "run failed", 1);
        for (options.threads = 2; options.threads <= 8; options.threads *= 2) {
            Watch w = {0};
            int cancel = 0;
            options.progress = watch;
            options.progress_user = &w;
            options.cancel = &cancel;
            check(run(&c, by_doc, &options, many) == DJ_KERNEL_OK, "run failed", options.threads);
            for (uint32_t s = 0; s < SEGMENTS; s++)
                check(same_lists(&one[s].lists, &many[s].lists), "lists differ", options.threads);
            check(w.last > 0, "no progress", options.threads);
            w = (Watch){.cancel = &cancel};
            check(run(&c, by_doc, &options, many) == DJ_KERNEL_CANCELLED, "not cancelled", options.threads);
            /* so little that threads wait for each other's slots */
            w = (Watch){0};
            cancel = 0;
            options.memory_limit = (by_doc ? 4 : 3) * options.threads * (size_t)(1 << 20);
            check(run(&c, by_doc, &options, many) == DJ_KERNEL_OK, "run in little memory failed", options.threads);
            for (uint32_t s = 0; s < SEGMENTS; s++)
                check(same_lists(&one[s].lists, &many[s].lists), "lists in little memory differ", options.threads);
            options.memory_limit = 0;
        }
        clear_parts(one);
        clear_parts(many);
    }
    case_clear(&c);
    return failed;
}
