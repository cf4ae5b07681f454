/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both directions share around the work itself, private to this folder: checks, threads, progress, cancelling. */
#ifndef DJ_KERNEL_RUN_H
#define DJ_KERNEL_RUN_H

#include "engine/kernel/engine.h"

#include <pthread.h>

typedef struct DjRun {
    const DjMatrix *matrix;
    const DjKernelNeeds *needs;
    DjKernelPart *parts;
    uint32_t n_parts;
    const DjKernelOptions *options;
    const DjKernelVariant *variant;
    uint32_t dim;         /* 0 when the dense channel is off */
    uint64_t max_terms;   /* of one need */
    uint32_t max_k;       /* of one list */
    uint64_t total_rows;  /* needs of all parts */
    size_t memory_limit;  /* for all threads */
    pthread_mutex_t lock; /* guards the three below, and what else a direction hands out to its threads */
    uint64_t done, total, next_report;
    int status; /* DjKernelStatus, atomic; the first failure stops all threads */
} DjRun;

/*
 * Checks needs, parts and options; fills the rest of *run. On DJ_KERNEL_OK the caller ends with dj_run_clear. by_doc:
 * lists are those of the segment's documents, and rows must ascend.
 */
DjKernelStatus dj_run_init(DjRun *run, const DjMatrix *matrix, const DjKernelNeeds *needs, DjKernelPart *parts,
                           uint32_t n_parts, bool by_doc, const DjKernelOptions *options);
void dj_run_clear(DjRun *run);

static inline const DjSegment *dj_run_segment(const DjRun *run, uint32_t part)
{
    return dj_matrix_segment(run->matrix, run->parts[part].segment);
}

static inline uint32_t dj_part_need(const DjKernelPart *part, uint32_t row)
{
    return part->rows ? part->rows[row] : row;
}

/* Threads worth having for so many units of work, at least 1. */
uint32_t dj_run_n_threads(const DjRun *run, uint64_t n_units);

/* Calls work(user, i) for i < n_threads, each on a thread of its own, and waits. Returns status. */
DjKernelStatus dj_run_threads(DjRun *run, uint32_t n_threads, void (*work)(void *user, uint32_t i), void *user);

/* Records a failure; the first one counts. */
void dj_run_fail(DjRun *run, DjKernelStatus status);

/* Whether nothing has failed so far. */
bool dj_run_is_ok(DjRun *run);

/* Adds finished pairs, reports them, looks at the cancel flag. False: stop. */
bool dj_run_go_on(DjRun *run, uint64_t pairs);

static inline bool dj_run_is_admitted(const DjRun *run, uint32_t doc)
{
    const uint64_t *admit = run->options->admit;
    return !admit || (admit[doc / 64] >> (doc % 64) & 1);
}

bool dj_run_is_banned(const DjRun *run, uint32_t need, uint32_t doc);

/* Whether any document of block b is admitted. */
bool dj_run_block_is_admitted(const DjRun *run, const DjSegment *segment, uint32_t b);

/* A float at or below the true threshold, whatever rounding does in a filter with these bounds. */
float dj_filter_margin(const DjPlan *plan);

#endif
