/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain scores without lists: one need against a whole segment, and single pairs by look-up. */
#include "engine/kernel/run.h"

#include <stdlib.h>

DjKernelStatus dj_kernel_score_all(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs, uint32_t need,
                                   const DjKernelOptions *options, int64_t *totals)
{
    DjKernelPart part = {.segment = segment, .rows = &need, .n_rows = 1, .lists = {.n_rows = 1, .k = 1, .capacity = 1}};
    DjWorker worker;
    DjPlan plan, *plans = &plan;
    DjRun run;
    DjKernelStatus status = dj_run_init(&run, matrix, needs, &part, 1, false, options);

    if (status != DJ_KERNEL_OK)
        return status;
    const DjSegment *s = dj_matrix_segment(matrix, segment);
    const size_t worker_bytes = dj_worker_size(run.variant, run.dim, run.max_terms);
    DjArena arena = {.size = dj_round_up(dj_plan_size_limit(run.max_terms), 64)};
    uint8_t *memory = aligned_alloc(64, worker_bytes + arena.size);
    if (!memory) {
        dj_run_clear(&run);
        return DJ_KERNEL_NO_MEMORY;
    }
    arena.base = memory + worker_bytes;
    dj_worker_init(&worker, memory, run.variant, matrix, run.dim);
    const bool use = run.dim != 0;
    /* cannot fail: the arena holds the need */
    (void)dj_plan_build(matrix, s, needs, need, &arena, &plan);
    for (uint32_t b = 0; b < s->n_blocks && status == DJ_KERNEL_OK; b++) {
        int64_t *out = totals + (size_t)b * DJ_BLOCK_DOCS;
        dj_worker_enter(&worker, s, b);
        dj_worker_tail(&worker, &plans, 1);
        dj_worker_head(&worker, &plans, &plan.n_entries, 1);
        dj_worker_dots(&worker, &plans, &use, 1);
        const uint32_t n_docs = dj_worker_block(&worker)->n_docs;
        for (uint32_t i = 0; i < n_docs; i++)
            out[i] = dj_plan_total(&plan, worker.lex[0][i], use ? worker.dot[0][i] : 0);
        if (!dj_run_go_on(&run, n_docs))
            status = (DjKernelStatus)run.status;
    }
    free(memory);
    dj_run_clear(&run);
    return status;
}

/* Position of a document in its segment, or n_docs. */
static uint32_t find_position(const DjMatrix *matrix, const DjSegment *segment, uint32_t doc)
{
    const uint32_t *docs = dj_matrix_at(matrix, segment->docs);
    uint32_t low = 0, high = segment->n_docs;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < segment->n_docs && docs[low] == doc ? low : segment->n_docs;
}

DjKernelStatus dj_kernel_score_pairs(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                                     uint64_t n_pairs, const uint32_t *need, const uint32_t *doc, DjKernelScore *scores)
{
    const DjKernelVariant *variant = dj_kernel_best();
    uint64_t max_terms = 0;
    DjArena arena = {0};
    DjPlan plan = {.need = UINT32_MAX};

    if (segment >= dj_matrix_n_segments(matrix))
        return DJ_KERNEL_BAD_ARGUMENT;
    const DjSegment *s = dj_matrix_segment(matrix, segment);
    const int8_t *vectors = dj_matrix_at(matrix, dj_matrix_footer(matrix)->vectors);
    const uint32_t dim = dj_matrix_dim(matrix);
    for (uint64_t i = 0; i < n_pairs; i++) {
        if (need[i] >= needs->n || find_position(matrix, s, doc[i]) == s->n_docs)
            return DJ_KERNEL_BAD_ARGUMENT;
        if ((i == 0 || need[i] != need[i - 1]) && !dj_need_is_valid(matrix, needs, need[i]))
            return DJ_KERNEL_BAD_NEED;
        if (needs->ptr[need[i] + 1] - needs->ptr[need[i]] > max_terms)
            max_terms = needs->ptr[need[i] + 1] - needs->ptr[need[i]];
    }
    arena.size = dj_plan_size_limit(max_terms);
    arena.base = malloc(arena.size);
    if (!arena.base)
        return DJ_KERNEL_NO_MEMORY;
    for (uint64_t i = 0; i < n_pairs; i++) {
        DjKernelScore *score = &scores[i];
        if (i == 0 || need[i] != plan.need) {
            arena.used = 0;
            /* cannot fail: the arena holds the longest need */
            (void)dj_plan_build(matrix, s, needs, need[i], &arena, &plan);
        }
        score->lex = dj_plan_lex_at(matrix, s, &plan, find_position(matrix, s, doc[i]));
        score->dot = plan.b ? variant->dot(vectors + (size_t)doc[i] * dim, plan.vec, dim) : 0;
        score->total = dj_plan_total(&plan, score->lex, score->dot);
    }
    free(arena.base);
    return DJ_KERNEL_OK;
}
