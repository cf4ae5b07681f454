/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents -> best needs. Every document of a block has a threshold of its own; all needs pass over the block before
 * the next one starts, so only one block's lists are open per thread.
 */
#include "engine/kernel/run.h"

#include <math.h>
#include <string.h>

enum {
    SAMPLE_STEP = 32,     /* documents between those whose threshold is looked at */
    FEW_CANDIDATES = 10,  /* per need and block: leave more columns to the candidates */
    MANY_CANDIDATES = 30, /* per need and block: leave fewer */
};

typedef struct Node {
    struct Node *next;
    DjPlan plan;
} Node;

/* One thread's state; lists and plans live in the worker's arena. */
typedef struct Pass {
    DjRun *run;
    DjWorker worker;
    DjList *lists;    /* DJ_BLOCK_DOCS */
    int64_t *best;    /* DJ_BLOCK_DOCS x k */
    size_t for_lists; /* arena bytes that stay taken */
    Node *plans;      /* of the batch */
    uint32_t begin;   /* first need of the batch */
    uint32_t end;     /* first need behind the batch */
    float share;      /* of a typical threshold that may be left to columns not added; any value is right */
} Pass;

/* A float that is at most the threshold of the list. */
static float float_threshold(const DjList *list)
{
    const double threshold = (double)list->threshold;
    return (float)(threshold - fabs(threshold) * 0x1p-20);
}

static void open_lists(Pass *pass, uint32_t b)
{
    const DjKernelLists *lists = pass->run->lists;
    const DjBlock *block = dj_matrix_block(pass->run->matrix, pass->worker.segment, b);
    const uint32_t *docs = dj_matrix_at(pass->run->matrix, pass->worker.segment->docs);

    for (uint32_t i = 0; i < DJ_BLOCK_DOCS; i++)
        pass->worker.threshold[i] = INFINITY;
    for (uint32_t i = 0; i < block->n_docs; i++) {
        const size_t r = (size_t)b * DJ_BLOCK_DOCS + i;
        dj_list_init(&pass->lists[i], lists->hits + r * lists->capacity, lists->capacity,
                     pass->best + (size_t)i * lists->k, lists->k, lists->slack ? lists->slack[r] : 0,
                     lists->floor ? lists->floor[r] : DJ_KERNEL_NO_FLOOR);
        if (dj_run_is_admitted(pass->run, docs[r]))
            pass->worker.threshold[i] = float_threshold(&pass->lists[i]);
    }
}

static void close_lists(Pass *pass, uint32_t b)
{
    const DjBlock *block = dj_matrix_block(pass->run->matrix, pass->worker.segment, b);
    for (uint32_t i = 0; i < block->n_docs; i++) {
        const size_t r = (size_t)b * DJ_BLOCK_DOCS + i;
        pass->run->lists->n_hits[r] = dj_list_finish(&pass->lists[i], &pass->run->lists->overflow[r]);
    }
}

static void offer_candidates(Pass *pass, uint32_t b, const DjPlan *plan, uint32_t n_entries, uint32_t slot,
                             uint32_t n_places)
{
    DjWorker *worker = &pass->worker;
    const DjBlock *block = dj_matrix_block(pass->run->matrix, worker->segment, b);
    const uint32_t *docs = dj_matrix_at(pass->run->matrix, worker->segment->docs);
    const uint8_t *head = dj_matrix_at(pass->run->matrix, block->head);

    docs += (size_t)b * DJ_BLOCK_DOCS;
    for (uint32_t i = 0; i < n_places; i++) {
        const uint32_t place = worker->places[i];
        if (place >= block->n_docs)
            continue;
        DjList *list = &pass->lists[place];
        uint32_t lex = worker->lex[slot][place];
        const int32_t dot = plan->b ? worker->dot[slot][place] : 0;
        /* the part of the threshold that the lexical channel must bring; at most 2^62 apart, so no overflow */
        const int64_t for_lex = list->threshold > 0 ? list->threshold - plan->b * dot : 0;
        if (!dj_plan_complete(plan, head, worker->tile_bytes, place, n_entries, dj_lex_needed(for_lex, plan->a), &lex))
            continue;
        const int64_t total = dj_plan_total(plan, lex, dot);
        if (total < list->threshold || dj_run_is_banned(pass->run, plan->need, docs[place]))
            continue;
        dj_list_offer(list, total, plan->need);
        worker->threshold[place] = float_threshold(list);
    }
}

/* Mean threshold of a sample of the block's documents; 0 while one of them has none. */
static float typical_threshold(const Pass *pass, uint32_t n_docs)
{
    float sum = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_docs; i += SAMPLE_STEP) {
        const float threshold = pass->worker.threshold[i];
        if (isinf(threshold))
            continue;
        if (threshold <= 0)
            return 0;
        sum += threshold;
        n++;
    }
    return n ? sum / (float)n : 0;
}

static void pass_group(Pass *pass, uint32_t b, DjPlan *const *plans, uint32_t n)
{
    DjWorker *worker = &pass->worker;
    const uint32_t n_docs = dj_n_tiles(dj_matrix_block(pass->run->matrix, worker->segment, b)->n_docs) * DJ_TILE_DOCS;
    const float typical = typical_threshold(pass, n_docs);
    uint32_t n_entries[DJ_GROUP], n_candidates = 0;
    bool use[DJ_GROUP];

    for (uint32_t i = 0; i < n; i++) {
        const float budget = plans[i]->a ? typical * pass->share / (float)plans[i]->a : 0;
        n_entries[i] = plans[i]->n_entries;
        while (n_entries[i] && (float)plans[i]->rest[n_entries[i] - 1] <= budget)
            n_entries[i]--;
        use[i] = plans[i]->b != 0;
    }
    dj_worker_tail(worker, b, plans, n);
    dj_worker_head(worker, b, plans, n_entries, n);
    dj_worker_dots(worker, b, plans, use, n);
    for (uint32_t i = 0; i < n; i++) {
        const float rest = (float)plans[i]->a * (float)plans[i]->rest[n_entries[i]];
        uint32_t found = worker->variant->filter_total(
            worker->lex[i], use[i] ? worker->dot[i] : NULL, n_docs, (float)plans[i]->a, (float)plans[i]->b,
            rest + dj_filter_margin(plans[i]), worker->threshold, worker->places);
        n_candidates += found;
        offer_candidates(pass, b, plans[i], n_entries[i], i, found);
    }
    if (n_candidates > n * MANY_CANDIDATES)
        pass->share *= 0.9f;
    else if (n_candidates < n * FEW_CANDIDATES && pass->share < 0.95f)
        pass->share *= 1.05f;
}

/* Makes the batch start at need `begin` and hold as many as fit. */
static void fill_batch(Pass *pass, uint32_t begin)
{
    DjArena *arena = &pass->worker.arena;
    Node **link = &pass->plans;

    pass->plans = NULL;
    pass->begin = begin;
    arena->used = pass->for_lists;
    for (pass->end = begin; pass->end < pass->run->n_rows; pass->end++) {
        const DjArena before = *arena;
        Node *node = dj_arena_take(arena, sizeof *node);
        if (!node || !dj_plan_build(pass->run->matrix, pass->worker.segment, pass->run->needs,
                                    dj_run_need(pass->run, pass->end), arena, &node->plan)) {
            *arena = before;
            return;
        }
        node->next = NULL;
        *link = node;
        link = &node->next;
    }
}

static bool pass_batch(Pass *pass, uint32_t b)
{
    const uint32_t n_docs = dj_matrix_block(pass->run->matrix, pass->worker.segment, b)->n_docs;
    DjPlan *group[DJ_GROUP];
    uint32_t n = 0;

    for (Node *node = pass->plans; node; node = node->next) {
        group[n++] = &node->plan;
        if (n < DJ_GROUP && node->next)
            continue;
        pass_group(pass, b, group, n);
        if (!dj_run_go_on(pass->run, (uint64_t)n * n_docs))
            return false;
        n = 0;
    }
    return true;
}

static bool pass_block(Pass *pass, uint32_t b)
{
    bool go_on = true;
    open_lists(pass, b);
    if (dj_run_block_is_admitted(pass->run, b)) {
        if (pass->begin != 0)
            fill_batch(pass, 0);
        go_on = pass_batch(pass, b);
        while (go_on && pass->end < pass->run->n_rows) {
            fill_batch(pass, pass->end);
            go_on = pass_batch(pass, b);
        }
    }
    close_lists(pass, b);
    return go_on;
}

static void work(DjRun *run, uint32_t thread)
{
    const uint32_t n_blocks = dj_matrix_segment(run->matrix, run->segment)->n_blocks;
    const uint32_t begin = (uint32_t)((uint64_t)n_blocks * thread / run->n_parts);
    const uint32_t end = (uint32_t)((uint64_t)n_blocks * (thread + 1) / run->n_parts);
    const size_t fixed = dj_worker_size(run->variant, run->dim, run->max_terms);
    const size_t for_lists = DJ_BLOCK_DOCS * (sizeof(DjList) + run->lists->k * sizeof(int64_t));
    const size_t per_plan = dj_plan_size_limit(run->max_terms) + sizeof(Node);
    const size_t room = run->thread_memory > fixed + for_lists ? run->thread_memory - fixed - for_lists : 0;
    Pass pass = {.run = run, .for_lists = for_lists};

    if (begin == end)
        return;
    if (room < per_plan ||
        !dj_worker_init(&pass.worker, run->variant, run->matrix, run->segment, run->dim, run->max_terms,
                        for_lists + (room / per_plan > run->n_rows ? per_plan * run->n_rows : room))) {
        dj_run_fail(run, DJ_KERNEL_NO_MEMORY);
        return;
    }
    pass.lists = dj_arena_take(&pass.worker.arena, DJ_BLOCK_DOCS * sizeof *pass.lists);
    pass.best = dj_arena_take(&pass.worker.arena, DJ_BLOCK_DOCS * run->lists->k * sizeof *pass.best);
    pass.share = 0.1f;
    fill_batch(&pass, 0);
    for (uint32_t b = begin; b < end; b++)
        if (!pass_block(&pass, b))
            break;
    dj_worker_clear(&pass.worker);
}

DjKernelStatus dj_kernel_best_needs(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                                    const uint32_t *rows, uint32_t n_rows, const DjKernelOptions *options,
                                    DjKernelLists *lists)
{
    DjRun run;
    DjKernelStatus status;

    for (uint32_t r = 1; rows && r < n_rows; r++)
        if (rows[r] <= rows[r - 1])
            return DJ_KERNEL_BAD_ARGUMENT;
    status = dj_run_init(&run, matrix, segment, needs, rows, n_rows, options, lists);
    if (status != DJ_KERNEL_OK)
        return status;
    if (lists->n_rows == dj_matrix_segment(matrix, segment)->n_docs)
        status = dj_run_threads(&run, dj_matrix_segment(matrix, segment)->n_blocks, work);
    else
        status = DJ_KERNEL_BAD_ARGUMENT;
    dj_run_clear(&run);
    return status;
}
