/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both directions share around the work itself, private to this folder: checks, threads, progress, cancelling. */
#ifndef DJ_KERNEL_RUN_H
#define DJ_KERNEL_RUN_H

#include "engine/kernel/engine.h"

#include <pthread.h>

typedef struct DjRun {
    const DjMatrix *matrix;
    uint32_t segment;
    const DjKernelNeeds *needs;
    const uint32_t *rows; /* needs taking part, NULL: 0 .. n_rows - 1 */
    uint32_t n_rows;
    const DjKernelOptions *options;
    DjKernelLists *lists;
    const DjKernelVariant *variant;
    uint32_t dim;       /* 0 when the dense channel is off */
    uint64_t max_terms; /* of one need */
    uint32_t n_parts;   /* threads that take part */
    size_t thread_memory;
    pthread_mutex_t lock; /* guards the three below */
    uint64_t done, total, next_report;
    int status; /* DjKernelStatus, atomic; the first failure stops all threads */
} DjRun;

/* Checks needs, rows, lists and options; fills the rest of *run. On DJ_KERNEL_OK the caller ends with dj_run_clear. */
DjKernelStatus dj_run_init(DjRun *run, const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                           const uint32_t *rows, uint32_t n_rows, const DjKernelOptions *options, DjKernelLists *lists);
void dj_run_clear(DjRun *run);

static inline uint32_t dj_run_need(const DjRun *run, uint32_t row)
{
    return run->rows ? run->rows[row] : row;
}

/* Calls work(run, i) for i < n_parts, each on a thread of its own, and waits. At most n_units parts. Returns status. */
DjKernelStatus dj_run_threads(DjRun *run, uint32_t n_units, void (*work)(DjRun *run, uint32_t i));

/* Records a failure; the first one counts. */
void dj_run_fail(DjRun *run, DjKernelStatus status);

/* Adds finished pairs, reports them, looks at the cancel flag. False: stop. */
bool dj_run_go_on(DjRun *run, uint64_t pairs);

static inline bool dj_run_is_admitted(const DjRun *run, uint32_t doc)
{
    const uint64_t *admit = run->options->admit;
    return !admit || (admit[doc / 64] >> (doc % 64) & 1);
}

bool dj_run_is_banned(const DjRun *run, uint32_t need, uint32_t doc);

/* Whether any document of block b is admitted. */
bool dj_run_block_is_admitted(const DjRun *run, uint32_t b);

/* A float at or below the true threshold, whatever rounding does in a filter with these bounds. */
float dj_filter_margin(const DjPlan *plan);

#endif
