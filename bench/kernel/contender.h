/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing that is measured, a list of them that runs in interleaved rounds, and the rows that come out. */
#ifndef DJ_BENCH_KERNEL_CONTENDER_H
#define DJ_BENCH_KERNEL_CONTENDER_H

#include "bench/kernel/workload.h"

#include <glib.h>

/* What is to be computed; the data stay the caller's. */
typedef struct Job {
    const Workload *workload;
    DjMatrix matrix;
    uint32_t k;
    bool by_chain;   /* needs of label l against segment 1 + l */
    bool by_doc;     /* best needs per document */
    bool single;     /* one call per need; the measure is the median call */
    bool dense_only; /* a = 0 */
    bool fused;      /* both channels */
} Job;

typedef struct Bench Bench;
typedef struct Contender Contender;

/* cpu_time: contenders of one thread are timed by their processor time (for busy machines). */
Bench *bench_new(int rounds, gboolean cpu_time);

Contender *contender_kernel(Bench *bench, const Job *job, const DjKernelVariant *variant, uint32_t threads);
Contender *contender_sparse(Bench *bench, const Job *job);
Contender *contender_xapian(Bench *bench, const Job *job, uint32_t n_needs);
Contender *contender_faiss(Bench *bench, const Job *job);
void contender_free(gpointer contender);

/* Runs all contenders `rounds` times in turn, prints their medians and keeps the rows; notes disagreement. */
void bench_run(Bench *bench, const char *workload, GPtrArray *contenders);

/* scipy in a process of its own, on dumped files, against `best`; says so where python3-scipy is absent. */
void bench_scipy(Bench *bench, const char *workload, const Job *job, const Contender *best);

void bench_dump(Bench *bench, const Job *job, const char *folder);

/* Size of the file of a matrix in chains (workload_write_in_chains) and the time to open and verify it. */
void bench_size_in_chains(const Workload *w, uint32_t percent_in_two);

/* Writes the rows to `json` (may be NULL), frees the bench; FALSE when results disagreed or a file failed. */
gboolean bench_finish(Bench *bench, const char *json);

#endif
