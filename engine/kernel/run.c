/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads are created and joined inside one call; each list is written by one thread at a time, so nothing is merged.
 */
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

static DjKernelStatus add_part(DjRun *run, const DjKernelPart *part, bool by_doc)
{
    const DjKernelNeeds *needs = run->needs;

    if (part->segment >= dj_matrix_n_segments(run->matrix) || (!part->rows && part->n_rows > needs->n))
        return DJ_KERNEL_BAD_ARGUMENT;
    const uint32_t n_docs = dj_matrix_segment(run->matrix, part->segment)->n_docs;
    for (uint32_t r = 0; r < part->n_rows; r++) {
        const uint32_t need = part->rows ? part->rows[r] : r;
        if (need >= needs->n || (by_doc && part->rows && r && need <= part->rows[r - 1]))
            return DJ_KERNEL_BAD_ARGUMENT;
        if (!dj_need_is_valid(run->matrix, needs, need))
            return DJ_KERNEL_BAD_NEED;
        if (needs->ptr[need + 1] - needs->ptr[need] > run->max_terms)
            run->max_terms = needs->ptr[need + 1] - needs->ptr[need];
    }
    if (part->lists.n_rows != (by_doc ? n_docs : part->n_rows))
        return DJ_KERNEL_BAD_ARGUMENT;
    run->total_rows += part->n_rows;
    if (part->lists.k > run->max_k)
        run->max_k = part->lists.k;
    run->total += (uint64_t)part->n_rows * n_docs;
    return check_lists(&part->lists);
}

DjKernelStatus dj_run_init(DjRun *run, const DjMatrix *matrix, const DjKernelNeeds *needs, DjKernelPart *parts,
                           uint32_t n_parts, bool by_doc, const DjKernelOptions *options)
{
    static const DjKernelOptions defaults;

    memset(run, 0, sizeof *run);
    run->matrix = matrix;
    run->needs = needs;
    run->parts = parts;
    run->n_parts = n_parts;
    run->options = options ? options : &defaults;
    run->variant = run->options->variant ? run->options->variant : dj_kernel_best();
    run->dim = needs->vec && needs->b ? dj_matrix_dim(matrix) : 0;
    run->memory_limit = run->options->memory_limit ? run->options->memory_limit : DEFAULT_MEMORY;
    if (run->options->threads > MAX_THREADS)
        return DJ_KERNEL_BAD_ARGUMENT;
    for (uint32_t p = 0; p < n_parts; p++) {
        DjKernelStatus status = add_part(run, &parts[p], by_doc);
        if (status != DJ_KERNEL_OK)
            return status;
    }
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

bool dj_run_is_ok(DjRun *run)
{
    return __atomic_load_n(&run->status, __ATOMIC_RELAXED) == DJ_KERNEL_OK;
}

bool dj_run_go_on(DjRun *run, uint64_t pairs)
{
    if (run->options->cancel && __atomic_load_n(run->options->cancel, __ATOMIC_RELAXED))
        dj_run_fail(run, DJ_KERNEL_CANCELLED);
    if (!dj_run_is_ok(run))
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
    uint32_t index;
    void (*work)(void *user, uint32_t i);
    void *user;
    pthread_t thread;
} Task;

static void *start(void *data)
{
    Task *task = data;
    task->work(task->user, task->index);
    return NULL;
}

uint32_t dj_run_n_threads(const DjRun *run, uint64_t n_units)
{
    const uint32_t wanted = run->options->threads ? run->options->threads : 1;
    return wanted < n_units ? wanted : n_units ? (uint32_t)n_units : 1;
}

DjKernelStatus dj_run_threads(DjRun *run, uint32_t n_threads, void (*work)(void *user, uint32_t i), void *user)
{
    Task *tasks;
    uint32_t created = 0;

    if (n_threads == 1) {
        work(user, 0);
        return (DjKernelStatus)run->status;
    }
    tasks = calloc(n_threads, sizeof *tasks);
    if (!tasks)
        return DJ_KERNEL_NO_MEMORY;
    for (; created + 1 < n_threads; created++) {
        Task *task = &tasks[created];
        *task = (Task){.index = created, .work = work, .user = user};
        if (pthread_create(&task->thread, NULL, start, task) != 0) {
            dj_run_fail(run, DJ_KERNEL_NO_THREAD);
            break;
        }
    }
    if (created + 1 == n_threads)
        work(user, n_threads - 1);
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

bool dj_run_block_is_admitted(const DjRun *run, const DjSegment *segment, uint32_t b)
{
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
