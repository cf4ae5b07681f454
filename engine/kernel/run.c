/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads are created and joined inside one call; each owns a contiguous range of rows, so nothing is merged. */
#include "engine/kernel/run.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MEMORY = 256 << 20, MAX_THREADS = 1024, REPORTS = 200 };

static DjKernelStatus check_lists(const DjKernelLists *lists)
{
    if (!lists->k || lists->capacity < lists->k)
        return DJ_KERNEL_BAD_ARGUMENT;
    for (uint32_t r = 0; lists->slack && r < lists->n_rows; r++)
        if (lists->slack[r] < 0)
            return DJ_KERNEL_BAD_ARGUMENT;
    return DJ_KERNEL_OK;
}

DjKernelStatus dj_run_init(DjRun *run, const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                           const uint32_t *rows, uint32_t n_rows, const DjKernelOptions *options, DjKernelLists *lists)
{
    static const DjKernelOptions defaults;

    memset(run, 0, sizeof *run);
    if (segment >= dj_matrix_n_segments(matrix) || (!rows && n_rows > needs->n))
        return DJ_KERNEL_BAD_ARGUMENT;
    for (uint32_t r = 0; r < n_rows; r++) {
        uint32_t need = rows ? rows[r] : r;
        if (need >= needs->n)
            return DJ_KERNEL_BAD_ARGUMENT;
        if (!dj_need_is_valid(matrix, needs, need))
            return DJ_KERNEL_BAD_NEED;
        if (needs->ptr[need + 1] - needs->ptr[need] > run->max_terms)
            run->max_terms = needs->ptr[need + 1] - needs->ptr[need];
    }
    if (lists && check_lists(lists) != DJ_KERNEL_OK)
        return DJ_KERNEL_BAD_ARGUMENT;
    run->matrix = matrix;
    run->segment = segment;
    run->needs = needs;
    run->rows = rows;
    run->n_rows = n_rows;
    run->options = options ? options : &defaults;
    run->lists = lists;
    run->variant = run->options->variant ? run->options->variant : dj_kernel_best();
    run->dim = needs->vec && needs->b ? dj_matrix_dim(matrix) : 0;
    if (run->options->threads > MAX_THREADS)
        return DJ_KERNEL_BAD_ARGUMENT;
    run->total = (uint64_t)n_rows * dj_matrix_segment(matrix, segment)->n_docs;
    pthread_mutex_init(&run->lock, NULL);
    return DJ_KERNEL_OK;
}

void dj_run_clear(DjRun *run)
{
    pthread_mutex_destroy(&run->lock);
}

void dj_run_fail(DjRun *run, DjKernelStatus status)
{
    int expected = DJ_KERNEL_OK;
    __atomic_compare_exchange_n(&run->status, &expected, (int)status, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

bool dj_run_go_on(DjRun *run, uint64_t pairs)
{
    if (run->options->cancel && __atomic_load_n(run->options->cancel, __ATOMIC_RELAXED))
        dj_run_fail(run, DJ_KERNEL_CANCELLED);
    if (__atomic_load_n(&run->status, __ATOMIC_RELAXED) != DJ_KERNEL_OK)
        return false;
    if (run->options->progress) {
        pthread_mutex_lock(&run->lock);
        run->done += pairs;
        if (run->done >= run->next_report) {
            run->options->progress(run->options->progress_user, run->done, run->total);
            run->next_report = run->done + run->total / REPORTS;
        }
        pthread_mutex_unlock(&run->lock);
    }
    return true;
}

typedef struct Task {
    DjRun *run;
    uint32_t index;
    void (*work)(DjRun *run, uint32_t i);
    pthread_t thread;
} Task;

static void *start(void *user)
{
    Task *task = user;
    task->work(task->run, task->index);
    return NULL;
}

DjKernelStatus dj_run_threads(DjRun *run, uint32_t n_units, void (*work)(DjRun *run, uint32_t i))
{
    const uint32_t wanted = run->options->threads ? run->options->threads : 1;
    const uint32_t n = wanted < n_units ? wanted : n_units ? n_units : 1;
    Task *tasks;
    uint32_t created = 0;

    run->n_parts = n;
    run->thread_memory = (run->options->memory_limit ? run->options->memory_limit : DEFAULT_MEMORY) / n;
    if (n == 1) {
        work(run, 0);
        return (DjKernelStatus)run->status;
    }
    tasks = calloc(n, sizeof *tasks);
    if (!tasks)
        return DJ_KERNEL_NO_MEMORY;
    for (; created + 1 < n; created++) {
        Task *task = &tasks[created];
        *task = (Task){.run = run, .index = created, .work = work};
        if (pthread_create(&task->thread, NULL, start, task) != 0) {
            dj_run_fail(run, DJ_KERNEL_NO_THREAD);
            break;
        }
    }
    if (created + 1 == n)
        work(run, n - 1);
    for (uint32_t i = 0; i < created; i++)
        pthread_join(tasks[i].thread, NULL);
    free(tasks);
    return (DjKernelStatus)run->status;
}

bool dj_run_is_banned(const DjRun *run, uint32_t need, uint32_t doc)
{
    const DjKernelNeeds *needs = run->needs;
    uint64_t low, high;
    if (!needs->ban_ptr)
        return false;
    low = needs->ban_ptr[need];
    high = needs->ban_ptr[need + 1];
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (needs->ban_doc[middle] == doc)
            return true;
        if (needs->ban_doc[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool dj_run_block_is_admitted(const DjRun *run, uint32_t b)
{
    const DjSegment *segment = dj_matrix_segment(run->matrix, run->segment);
    const DjBlock *block = dj_matrix_block(run->matrix, segment, b);
    const uint32_t *docs = (const uint32_t *)dj_matrix_at(run->matrix, segment->docs) + (size_t)b * DJ_BLOCK_DOCS;
    if (!run->options->admit)
        return true;
    for (uint32_t d = 0; d < block->n_docs; d++)
        if (dj_run_is_admitted(run, docs[d]))
            return true;
    return false;
}

float dj_filter_margin(const DjPlan *plan)
{
    /* Four roundings of at most 2^-24 each over terms of at most this size; 2^-20 leaves room. */
    const double size = (double)plan->a * plan->lex_bound + (double)plan->b * plan->dot_bound;
    return (float)(size * 0x1p-20);
}
