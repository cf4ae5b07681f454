/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents -> best needs. Every document of a block has a threshold of its own; all needs pass over the block before
 * the next one starts, so only one block's lists are open per thread.
 */
#include "engine/kernel/run.h"

#include <math.h>
#include <stdlib.h>
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

/* Threads take the blocks of all parts one after the other. */
typedef struct Call {
    DjRun run;
    size_t worker_bytes, list_bytes, thread_bytes; /* a thread: worker, lists, plans */
    uint8_t *memory;
    uint32_t part, block; /* the next one; run.lock guards them */
} Call;

/* One thread's state; the plans of as many needs as fit are in its arena. */
typedef struct Pass {
    DjRun *run;
    DjWorker worker;
    const DjKernelPart *part;
    DjList *lists; /* DJ_BLOCK_DOCS */
    int64_t *best; /* DJ_BLOCK_DOCS x max_k */
    DjArena arena;
    Node *plans;    /* of the batch */
    uint32_t begin; /* first need of the batch */
    uint32_t end;   /* first need behind the batch */
    float share;    /* of a typical threshold that may be left to columns not added; any value is right */
} Pass;

/* What `share` starts with. */
static const float SHARE = 0.1f;

/* A float that is at most the threshold of the list. */
static float float_threshold(const DjList *list)
{
    const double threshold = (double)list->threshold;
    return (float)(threshold - fabs(threshold) * 0x1p-20);
}

static void open_lists(Pass *pass)
{
    const DjKernelLists *lists = &pass->part->lists;
    const DjBlock *block = dj_worker_block(&pass->worker);
    const uint32_t *docs = dj_worker_docs(&pass->worker);

    for (uint32_t i = 0; i < DJ_BLOCK_DOCS; i++)
        pass->worker.threshold[i] = INFINITY;
    for (uint32_t i = 0; i < block->n_docs; i++) {
        const size_t r = (size_t)pass->worker.block * DJ_BLOCK_DOCS + i;
        dj_list_init(&pass->lists[i], lists->hits + r * lists->capacity, lists->capacity,
                     pass->best + (size_t)i * lists->k, lists->k, lists->slack ? lists->slack[r] : 0,
                     lists->floor ? lists->floor[r] : DJ_KERNEL_NO_FLOOR);
        if (dj_run_is_admitted(pass->run, docs[i]))
            pass->worker.threshold[i] = float_threshold(&pass->lists[i]);
    }
}

static void close_lists(Pass *pass)
{
    const DjBlock *block = dj_worker_block(&pass->worker);
    for (uint32_t i = 0; i < block->n_docs; i++) {
        const size_t r = (size_t)pass->worker.block * DJ_BLOCK_DOCS + i;
        pass->part->lists.n_hits[r] = dj_list_finish(&pass->lists[i], &pass->part->lists.overflow[r]);
    }
}

static void offer_candidates(Pass *pass, const DjPlan *plan, uint32_t n_entries, uint32_t slot, uint32_t n_places)
{
    DjWorker *worker = &pass->worker;
    const DjBlock *block = dj_worker_block(worker);
    const uint32_t *docs = dj_worker_docs(worker);
    const uint8_t *head = dj_matrix_at(pass->run->matrix, block->head);

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

static void pass_group(Pass *pass, DjPlan *const *plans, uint32_t n)
{
    DjWorker *worker = &pass->worker;
    const uint32_t n_docs = dj_n_tiles(dj_worker_block(worker)->n_docs) * DJ_TILE_DOCS;
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
    dj_worker_tail(worker, plans, n);
    dj_worker_head(worker, plans, n_entries, n);
    dj_worker_dots(worker, plans, use, n);
    for (uint32_t i = 0; i < n; i++) {
        const float rest = (float)plans[i]->a * (float)plans[i]->rest[n_entries[i]];
        uint32_t found = worker->variant->filter_total(
            worker->lex[i], use[i] ? worker->dot[i] : NULL, n_docs, (float)plans[i]->a, (float)plans[i]->b,
            rest + dj_filter_margin(plans[i]), worker->threshold, worker->places);
        n_candidates += found;
        offer_candidates(pass, plans[i], n_entries[i], i, found);
    }
    if (n_candidates > n * MANY_CANDIDATES)
        pass->share *= 0.9f;
    else if (n_candidates < n * FEW_CANDIDATES && pass->share < 0.95f)
        pass->share *= 1.05f;
}

/* Makes the batch start at need `begin` and hold as many as fit. */
static void fill_batch(Pass *pass, uint32_t begin)
{
    Node **link = &pass->plans;

    pass->plans = NULL;
    pass->begin = begin;
    pass->arena.used = 0;
    for (pass->end = begin; pass->end < pass->part->n_rows; pass->end++) {
        const DjArena before = pass->arena;
        Node *node = dj_arena_take(&pass->arena, sizeof *node);
        if (!node || !dj_plan_build(pass->run->matrix, pass->worker.segment, pass->run->needs,
                                    dj_part_need(pass->part, pass->end), &pass->arena, &node->plan)) {
            pass->arena = before;
            return;
        }
        node->next = NULL;
        *link = node;
        link = &node->next;
    }
}

static bool pass_batch(Pass *pass)
{
    const uint32_t n_docs = dj_worker_block(&pass->worker)->n_docs;
    DjPlan *group[DJ_GROUP];
    uint32_t n = 0;

    for (Node *node = pass->plans; node; node = node->next) {
        group[n++] = &node->plan;
        if (n < DJ_GROUP && node->next)
            continue;
        pass_group(pass, group, n);
        if (!dj_run_go_on(pass->run, (uint64_t)n * n_docs))
            return false;
        n = 0;
    }
    return true;
}

static void pass_block(Pass *pass, const DjKernelPart *part, uint32_t b)
{
    const DjSegment *segment = dj_matrix_segment(pass->run->matrix, part->segment);
    const bool is_admitted = dj_run_block_is_admitted(pass->run, segment, b);
    bool go_on = true;

    dj_worker_enter(&pass->worker, segment, b);
    if (pass->part != part || pass->begin != 0) {
        pass->part = part;
        fill_batch(pass, 0);
    }
    open_lists(pass);
    if (is_admitted) {
        go_on = pass_batch(pass);
        while (go_on && pass->end < part->n_rows) {
            fill_batch(pass, pass->end);
            go_on = pass_batch(pass);
        }
    }
    close_lists(pass);
}

/* The next block in *part and *block; false when none is left or the run has failed. */
static bool take_block(Call *call, uint32_t *part, uint32_t *block)
{
    DjRun *run = &call->run;
    bool taken = false;

    pthread_mutex_lock(&run->lock);
    while (!taken && call->part < run->n_parts && dj_run_is_ok(run)) {
        taken = call->block < dj_run_segment(run, call->part)->n_blocks;
        *part = call->part;
        *block = call->block++;
        if (!taken) {
            call->part++;
            call->block = 0;
        }
    }
    pthread_mutex_unlock(&run->lock);
    return taken;
}

static void work(void *user, uint32_t thread)
{
    Call *call = user;
    DjRun *run = &call->run;
    uint8_t *at = call->memory + thread * call->thread_bytes;
    Pass pass = {.run = run, .share = SHARE};
    uint32_t part, block;

    dj_worker_init(&pass.worker, at, run->variant, run->matrix, run->dim);
    pass.lists = (DjList *)(void *)(at + call->worker_bytes);
    pass.best = (int64_t *)(void *)(pass.lists + DJ_BLOCK_DOCS);
    pass.arena.base = at + call->worker_bytes + call->list_bytes;
    pass.arena.size = call->thread_bytes - call->worker_bytes - call->list_bytes;
    while (take_block(call, &part, &block))
        pass_block(&pass, &run->parts[part], block);
}

/* Divides the memory; returns how many threads it suffices for, 0 when not even one need fits. */
static uint32_t share_out(Call *call)
{
    const DjRun *run = &call->run;
    const size_t per_plan = dj_plan_size_limit(run->max_terms) + sizeof(Node);
    uint64_t n_blocks = 0, max_rows = 0;

    for (uint32_t p = 0; p < run->n_parts; p++) {
        n_blocks += dj_run_segment(run, p)->n_blocks;
        if (run->parts[p].n_rows > max_rows)
            max_rows = run->parts[p].n_rows;
    }
    call->worker_bytes = dj_worker_size(run->variant, run->dim, run->max_terms);
    call->list_bytes = DJ_BLOCK_DOCS * (sizeof(DjList) + run->max_k * sizeof(int64_t));
    for (uint32_t n_threads = dj_run_n_threads(run, n_blocks); n_threads; n_threads--) {
        const size_t fixed = call->worker_bytes + call->list_bytes;
        const size_t room = run->memory_limit / n_threads > fixed ? run->memory_limit / n_threads - fixed : 0;
        if (room < per_plan)
            continue;
        call->thread_bytes = fixed + (room / per_plan > max_rows ? per_plan * max_rows : room);
        call->thread_bytes = dj_round_up(call->thread_bytes, 64);
        return n_threads;
    }
    return 0;
}

DjKernelStatus dj_kernel_best_needs(const DjMatrix *matrix, const DjKernelNeeds *needs, DjKernelPart *parts,
                                    uint32_t n_parts, const DjKernelOptions *options)
{
    Call call = {0};
    DjKernelStatus status = dj_run_init(&call.run, matrix, needs, parts, n_parts, true, options);
    if (status != DJ_KERNEL_OK)
        return status;
    const uint32_t n_threads = share_out(&call);
    if (n_threads)
        call.memory = aligned_alloc(64, n_threads * call.thread_bytes);
    status = call.memory ? dj_run_threads(&call.run, n_threads, work, &call) : DJ_KERNEL_NO_MEMORY;
    free(call.memory);
    dj_run_clear(&call.run);
    return status;
}
