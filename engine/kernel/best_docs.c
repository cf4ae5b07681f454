/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Needs -> best documents. Blocks outside, groups of needs inside: a block's columns and lists stay in the second cache
 * while all needs of the batch pass over them, and each need's threshold has risen from the blocks before.
 *
 * The threshold saves work in three provable ways (README.md): columns whose bounds together cannot lift a document
 * over it are added for the few candidates only; dot products are taken only where the lexical sum leaves a chance; and
 * where it leaves one to many documents, only for those whose sketch does not refuse them.
 */
#include "engine/kernel/sketch.h"
#include "engine/kernel/turns.h"

#include <stdlib.h>
#include <string.h>

typedef enum Mode {
    MODE_NONE,    /* no document of any block can qualify */
    MODE_LEX,     /* dense channel off */
    MODE_LEX_DOT, /* lexical filter, then sketches, then dot products of the candidates */
    MODE_TOTAL,   /* dot products of all documents */
} Mode;

/* A need on its way over the blocks. */
typedef struct Row {
    DjPlan plan;
    DjList list;
    float share;          /* of the lexical threshold that may be left to columns not added; any value is right */
    uint32_t total_until; /* MODE_TOTAL before this block, because candidates were too many */
    float margin;
    Mode mode;
    uint32_t n_entries; /* added for all documents in this block */
} Row;

enum {
    CHUNK = 512,          /* documents per filter call: the threshold rises in between */
    FEW_CANDIDATES = 4,   /* per block: leave more columns out */
    MANY_CANDIDATES = 12, /* per block: leave fewer columns out */
    DOT_CANDIDATES = 160, /* per block, before sketches: taking all dot products is cheaper */
    FEW_SKETCHES = 4,     /* candidates: look at their vectors at once */
    FEW_ROWS = 6,         /* so few needs never pay for packing a block of vectors */
    SEED_K = 64,          /* larger k get no early threshold */
    GROUP = 8,            /* sums of which variants find the maximum */
    FEW_MORE = 2,         /* half as many as k and these are few more */
    FIND_STEPS = 10,      /* filter calls to find a few documents */
    PRELOAD_ROWS = 48,    /* so many rows make it worth to read a whole block ahead */
    TOTAL_BLOCKS = 4,     /* before the cheaper mode is tried again */
};

/* The share of a lexical threshold that is left to columns not added, at first; it adapts. */
static const float SHARE = 0.2f;

/* The lexical sum below which no document can reach the list in this mode. */
static uint32_t lex_threshold(const Row *row)
{
    const int64_t total = row->list.threshold;
    if (row->mode == MODE_LEX_DOT) /* the dense part is below 2^62, so a positive total cannot overflow */
        return total > 0 ? dj_lex_needed(total - row->plan.b * row->plan.dot_bound, row->plan.a) : 0;
    return dj_lex_needed(total, row->plan.a);
}

/* Sets mode and n_entries of the row for the block. */
static void choose_mode(const DjWorker *worker, Row *row)
{
    const DjPlan *plan = &row->plan;
    const bool few_pass =
        plan->a && row->list.threshold > plan->b * plan->dot_bound && worker->block >= row->total_until;

    if (!plan->b)
        row->mode = MODE_LEX;
    else if (few_pass || worker->only_sketches)
        row->mode = MODE_LEX_DOT;
    else
        row->mode = MODE_TOTAL;
    const uint32_t needed = lex_threshold(row);
    if (row->mode != MODE_TOTAL && needed > plan->lex_bound)
        row->mode = MODE_NONE;
    uint32_t budget = (uint32_t)((float)needed * row->share);
    row->n_entries = plan->n_entries;
    while (row->n_entries && plan->rest[row->n_entries - 1] <= budget)
        row->n_entries--;
}

static void adapt_share(Row *row, uint32_t n_candidates)
{
    if (n_candidates > MANY_CANDIDATES && row->n_entries < row->plan.n_entries)
        row->share *= 0.85f;
    else if (n_candidates < FEW_CANDIDATES && row->share < 0.95f)
        row->share *= 1.06f;
}

/* Completes the candidates of one chunk and offers them, except those whose sum so far is not below `below`. */
static void offer_candidates(const DjRun *run, const DjWorker *worker, Row *row, uint32_t slot, uint32_t first,
                             uint32_t n_places, uint32_t below)
{
    const DjBlock *block = dj_worker_block(worker);
    const DjPlan *plan = &row->plan;
    const uint32_t *docs = dj_worker_docs(worker);
    const int8_t *vectors = dj_matrix_at(run->matrix, dj_matrix_footer(run->matrix)->vectors);
    const uint8_t *head = dj_matrix_at(run->matrix, block->head);

    const uint32_t needed = row->mode == MODE_TOTAL ? 0 : lex_threshold(row);

    if (row->mode == MODE_LEX_DOT)
        for (uint32_t i = 0; i < n_places; i++)
            if (first + worker->places[i] < block->n_docs)
                for (uint32_t j = 0; j < run->dim; j += 64)
                    __builtin_prefetch(vectors + (size_t)docs[first + worker->places[i]] * run->dim + j);
    for (uint32_t i = 0; i < n_places; i++) {
        const uint32_t place = first + worker->places[i];
        if (place >= block->n_docs)
            continue;
        uint32_t lex = worker->lex[slot][place];
        if (lex >= below || !dj_plan_complete(plan, head, worker->tile_bytes, place, row->n_entries, needed, &lex))
            continue;
        int32_t dot = 0;
        if (row->mode == MODE_LEX_DOT) {
            if (dj_plan_total(plan, lex, (int32_t)plan->dot_bound) < row->list.threshold)
                continue;
            dot = worker->variant->dot(vectors + (size_t)docs[place] * run->dim, plan->vec, run->dim);
        } else if (row->mode == MODE_TOTAL) {
            dot = worker->dot[slot][place];
        }
        const int64_t total = dj_plan_total(plan, lex, dot);
        if (total >= row->list.threshold && dj_run_is_admitted(run, docs[place]) &&
            !dj_run_is_banned(run, plan->need, docs[place]))
            dj_list_offer(&row->list, total, docs[place]);
    }
}

/*
 * Looks for a limit that at least k and not many more documents of the block reach; the places are then in
 * worker->places. *share is the limit as part of `bound`: the last need's is the first guess. Returns the limit; 0 when
 * the steps did not suffice.
 *
 * The search runs over the maxima of groups of eight: a limit that k of them reach, k documents reach, and as the best
 * rarely share a group, not many more.
 */
static uint32_t find_few(DjWorker *worker, const uint32_t *lex, uint32_t n_docs, uint32_t bound, uint32_t k,
                         float *share, uint32_t *n_places)
{
    uint32_t maxima[DJ_BLOCK_DOCS / GROUP] __attribute__((aligned(64)));
    const uint32_t *values = lex;
    uint32_t n = n_docs, low = 0, high = bound, at_least = (uint32_t)((float)bound * *share);

    if (n_docs >= 2 * GROUP * k) {
        worker->variant->maxima(lex, n_docs, maxima);
        values = maxima;
        for (n = n_docs / GROUP; n % DJ_TILE_DOCS; n++)
            maxima[n] = 0;
    }
    for (int i = 0; i < FIND_STEPS && at_least > low && at_least < high; i++) {
        const uint32_t found = worker->variant->filter_lex(values, n, at_least, worker->places);
        if (found >= k && found <= k + k / 2 + FEW_MORE) {
            *share = (float)at_least / (float)bound;
            *n_places = values == lex ? found : worker->variant->filter_lex(lex, n_docs, at_least, worker->places);
            return at_least;
        }
        if (found < k) {
            high = at_least;
            at_least = low ? low + (high - low) / 2 : at_least - at_least / 4;
        } else {
            low = at_least;
            at_least = high < bound ? low + (high - low) / 2 : at_least + at_least / 4;
        }
    }
    return 0;
}

/*
 * A need without a threshold, both channels on: scores the documents with the best sums over its lists at once. Rare
 * terms decide most lists, so the k-th best of these few is a strong threshold before anything else is multiplied.
 */
static void seed(const DjRun *run, DjWorker *worker, Row *row, uint32_t slot)
{
    const DjBlock *block = dj_worker_block(worker);
    const DjPlan *plan = &row->plan;
    const uint32_t *docs = dj_worker_docs(worker);
    const int8_t *vectors = dj_matrix_at(run->matrix, dj_matrix_footer(run->matrix)->vectors);
    const uint8_t *head = dj_matrix_at(run->matrix, block->head);
    const uint32_t k = row->list.k, n_docs = dj_n_tiles(block->n_docs) * DJ_TILE_DOCS;
    uint32_t n_places = 0, n_best = 0;

    if (k > SEED_K || !find_few(worker, worker->lex[slot], n_docs, plan->tail_bound, k, &worker->tail_share, &n_places))
        return;
    /* the k best totals in ascending order */
    int64_t best[SEED_K];
    for (uint32_t i = 0; i < n_places; i++) {
        const uint32_t place = worker->places[i];
        uint32_t lex = worker->lex[slot][place], j;
        if (place >= block->n_docs || !dj_run_is_admitted(run, docs[place]) ||
            dj_run_is_banned(run, plan->need, docs[place]))
            continue;
        dj_plan_complete(plan, head, worker->tile_bytes, place, 0, 0, &lex);
        const int32_t dot =
            plan->b ? worker->variant->dot(vectors + (size_t)docs[place] * run->dim, plan->vec, run->dim) : 0;
        const int64_t total = dj_plan_total(plan, lex, dot);
        if (n_best < k) {
            for (j = n_best++; j && best[j - 1] > total; j--)
                best[j] = best[j - 1];
            best[j] = total;
        } else if (total > best[0]) {
            for (j = 0; j + 1 < k && best[j + 1] < total; j++)
                best[j] = best[j + 1];
            best[j] = total;
        }
    }
    if (n_best == k)
        dj_list_raise(&row->list, best[0]);
}

/* Places i < n whose total may reach the list, if dot[i] is the dot product or above it. n a multiple of 64. */
static uint32_t filter_total(const DjWorker *worker, const Row *row, const uint32_t *lex, const int32_t *dot,
                             uint32_t n)
{
    const DjPlan *plan = &row->plan;
    const uint32_t rest = plan->rest[row->n_entries];
    const double threshold = (double)row->list.threshold;
    const float at_least = (float)(threshold - (threshold < 0 ? -threshold : threshold) * 0x1p-20);
    for (uint32_t i = 0; i < n; i++)
        worker->threshold[i] = at_least;
    return worker->variant->filter_total(lex, dot, n, (float)plan->a, (float)plan->b,
                                         (float)plan->a * (float)rest + row->margin, worker->threshold, worker->places);
}

/*
 * Refuses candidates of one chunk by the sketches of their vectors. Few ones are brought side by side first; of many,
 * the whole chunk goes through.
 */
static uint32_t filter_sketches(const DjWorker *worker, const Row *row, const uint32_t *lex, uint32_t first, uint32_t n,
                                uint32_t n_places)
{
    const DjBlock *block = dj_worker_block(worker);
    const uint32_t *docs = dj_worker_docs(worker) + first;
    int32_t bounds[CHUNK] __attribute__((aligned(64)));
    uint32_t some_lex[CHUNK] __attribute__((aligned(64))), some_docs[CHUNK];
    uint16_t places[CHUNK];

    if (first + n > block->n_docs)
        n = block->n_docs - first;
    if (n_places > n / 2) {
        dj_sketch_bounds(worker->variant, worker->matrix, docs, n, &row->plan, bounds);
        for (uint32_t i = n; i % DJ_TILE_DOCS; i++)
            bounds[i] = bounds[0]; /* padding: looked at, then dropped for its place */
        return filter_total(worker, row, lex, bounds, dj_n_tiles(n) * DJ_TILE_DOCS);
    }
    uint32_t found = 0;
    for (uint32_t i = 0; i < n_places && worker->places[i] < n; i++) {
        places[found] = worker->places[i];
        some_docs[found] = docs[places[found]];
        some_lex[found] = lex[places[found]];
        found++;
    }
    if (!found)
        return 0;
    dj_sketch_bounds(worker->variant, worker->matrix, some_docs, found, &row->plan, bounds);
    for (n_places = found; found % DJ_TILE_DOCS; found++) {
        some_lex[found] = 0;
        bounds[found] = 0;
    }
    uint32_t kept = 0;
    found = filter_total(worker, row, some_lex, bounds, found);
    for (uint32_t i = 0; i < found; i++)
        if (worker->places[i] < n_places)
            worker->places[kept++] = places[worker->places[i]];
    return kept;
}

/* Leaves the candidates of one chunk in worker->places and counts those that were looked at one by one. */
static uint32_t filter_chunk(const DjWorker *worker, const Row *row, uint32_t slot, uint32_t first, uint32_t n,
                             uint32_t *n_looked_at)
{
    const uint32_t *lex = worker->lex[slot] + first;
    const uint32_t rest = row->plan.rest[row->n_entries];

    if (row->mode == MODE_TOTAL)
        return filter_total(worker, row, lex, worker->dot[slot] + first, n);
    const uint32_t needed = lex_threshold(row);
    if (needed > row->plan.lex_bound)
        return 0;
    uint32_t found = n;
    if (needed > rest || row->mode == MODE_LEX || !worker->has_sketches)
        found = worker->variant->filter_lex(lex, n, needed > rest ? needed - rest : 0, worker->places);
    *n_looked_at += found;
    if (row->mode == MODE_LEX_DOT && worker->has_sketches && found > FEW_SKETCHES)
        found = filter_sketches(worker, row, lex, first, n, found);
    return found;
}

/*
 * A need without a threshold whose sums are complete: finds the few best of the block directly and offers them, so that
 * the list does not fill with documents of the first chunks. Returns the sum from which on all were offered, or 0.
 */
static uint32_t offer_few(const DjRun *run, DjWorker *worker, Row *row, uint32_t slot)
{
    const DjBlock *block = dj_worker_block(worker);
    uint32_t n_places = 0, limit;

    if (row->mode != MODE_LEX || dj_list_has_k(&row->list) || row->n_entries < row->plan.n_entries)
        return 0;
    limit = find_few(worker, worker->lex[slot], dj_n_tiles(block->n_docs) * DJ_TILE_DOCS, row->plan.lex_bound,
                     row->list.k, &worker->lex_share, &n_places);
    if (limit)
        offer_candidates(run, worker, row, slot, 0, n_places, UINT32_MAX);
    return limit;
}

static void pass_group(const DjRun *run, DjWorker *worker, Row *const *rows, uint32_t n)
{
    const DjBlock *block = dj_worker_block(worker);
    const uint32_t n_docs = dj_n_tiles(block->n_docs) * DJ_TILE_DOCS;
    DjPlan *plans[DJ_GROUP];
    uint32_t n_entries[DJ_GROUP];
    bool use[DJ_GROUP];

    for (uint32_t i = 0; i < n; i++)
        plans[i] = &rows[i]->plan;
    dj_worker_tail(worker, plans, n);
    for (uint32_t i = 0; i < n; i++) {
        if (!dj_list_has_k(&rows[i]->list) && plans[i]->tail_bound && plans[i]->b) {
            seed(run, worker, rows[i], i);
            choose_mode(worker, rows[i]);
        }
        n_entries[i] = rows[i]->n_entries;
        use[i] = rows[i]->mode == MODE_TOTAL;
    }
    dj_worker_head(worker, plans, n_entries, n);
    dj_worker_dots(worker, plans, use, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t n_candidates = 0, n_looked_at = 0;
        const uint32_t seen = offer_few(run, worker, rows[i], i);
        if (seen && lex_threshold(rows[i]) >= seen)
            continue;
        for (uint32_t first = 0; first < n_docs; first += CHUNK) {
            uint32_t size = n_docs - first < CHUNK ? n_docs - first : CHUNK;
            uint32_t found = filter_chunk(worker, rows[i], i, first, size, &n_looked_at);
            n_candidates += found;
            offer_candidates(run, worker, rows[i], i, first, found, seen ? seen : UINT32_MAX);
        }
        adapt_share(rows[i], n_candidates);
        if (rows[i]->mode == MODE_LEX_DOT && n_looked_at > DOT_CANDIDATES)
            rows[i]->total_until = worker->block + 1 + TOTAL_BLOCKS;
    }
}

/* ---- groups and their turns ---- */

/* A group of needs on its way; all that it needs lies in its slot. */
typedef struct Group {
    Row *rows;
    uint32_t n;
} Group;

typedef struct Call {
    DjRun run;
    DjTurns turns;
    size_t worker_bytes, slot_bytes;
    uint8_t *memory; /* one worker per thread, then the slots */
    Group *groups;   /* per slot */
} Call;

/* Arena bytes of one row; n_terms: of its need. */
static size_t row_size(uint32_t k, uint64_t n_terms)
{
    return sizeof(Row) + (size_t)k * sizeof(int64_t) + dj_plan_size_limit(n_terms);
}

/* Arena bytes of the largest group. */
static size_t group_size_limit(const DjTurns *turns)
{
    const DjRun *run = turns->run;
    const uint64_t *ptr = run->needs->ptr;
    size_t most = 0;
    for (uint32_t p = 0; p < run->n_parts; p++) {
        for (uint32_t g = 0; g < dj_turns_n_groups(turns, p); g++) {
            const uint32_t end = dj_turns_group_begin(turns, p, g + 1);
            size_t size = 0;
            for (uint32_t r = dj_turns_group_begin(turns, p, g); r < end; r++) {
                const uint32_t need = dj_part_need(&run->parts[p], r);
                size += row_size(run->parts[p].lists.k, ptr[need + 1] - ptr[need]);
            }
            if (size > most)
                most = size;
        }
    }
    return dj_round_up(most, 64);
}

static void open_group(const Call *call, const DjWorker *worker, const DjTurn *turn, uint32_t i)
{
    const DjRun *run = &call->run;
    const DjKernelLists *lists = &run->parts[turn->part].lists;
    const uint32_t slot = dj_turn_slot(&call->turns, turn, i);
    const uint32_t begin = dj_turns_group_begin(&call->turns, turn->part, turn->group + i);
    const uint32_t end = dj_turns_group_begin(&call->turns, turn->part, turn->group + i + 1);
    DjArena arena = {.base = call->memory + call->turns.n_threads * call->worker_bytes + slot * call->slot_bytes,
                     .size = call->slot_bytes};
    Group *group = &call->groups[slot];

    /* nothing fails here: the slot has room for every group */
    group->n = end - begin;
    group->rows = dj_arena_take(&arena, group->n * sizeof *group->rows);
    for (uint32_t r = begin; r < end; r++) {
        Row *row = &group->rows[r - begin];
        int64_t *best = dj_arena_take(&arena, lists->k * sizeof *best);
        (void)dj_plan_build(run->matrix, worker->segment, run->needs, dj_part_need(&run->parts[turn->part], r), &arena,
                            &row->plan);
        dj_list_init(&row->list, lists->hits + (size_t)r * lists->capacity, lists->capacity, best, lists->k,
                     lists->slack ? lists->slack[r] : 0, lists->floor ? lists->floor[r] : DJ_KERNEL_NO_FLOOR);
        row->share = SHARE;
        row->total_until = 0;
        row->margin = dj_filter_margin(&row->plan);
    }
}

static void pass_block(const Call *call, DjWorker *worker, const Group *group)
{
    Row *rows[DJ_GROUP];
    uint32_t n = 0;
    for (uint32_t i = 0; i < group->n; i++) {
        choose_mode(worker, &group->rows[i]);
        if (group->rows[i].mode != MODE_NONE)
            rows[n++] = &group->rows[i];
    }
    if (n)
        pass_group(&call->run, worker, rows, n);
}

static void close_group(const Call *call, const DjTurn *turn, uint32_t i)
{
    DjKernelLists *lists = &call->run.parts[turn->part].lists;
    const Group *group = &call->groups[dj_turn_slot(&call->turns, turn, i)];
    const uint32_t begin = dj_turns_group_begin(&call->turns, turn->part, turn->group + i);
    for (uint32_t r = 0; r < group->n; r++)
        lists->n_hits[begin + r] = dj_list_finish(&group->rows[r].list, &lists->overflow[begin + r]);
}

static void take_turn(Call *call, DjWorker *worker, const DjTurn *turn)
{
    const DjSegment *segment = dj_run_segment(&call->run, turn->part);
    const bool is_new = worker->segment != segment || worker->block != turn->block;

    dj_worker_enter(worker, segment, turn->block);
    worker->only_sketches = worker->has_sketches && turn->n_sweep_rows <= FEW_ROWS;
    for (uint32_t i = 0; turn->opens && i < turn->n; i++)
        open_group(call, worker, turn, i);
    if (segment->n_blocks && dj_run_block_is_admitted(&call->run, segment, turn->block)) {
        if (is_new && turn->n_sweep_rows >= PRELOAD_ROWS)
            dj_worker_preload(worker);
        for (uint32_t i = 0; i < turn->n; i++) {
            const Group *group = &call->groups[dj_turn_slot(&call->turns, turn, i)];
            pass_block(call, worker, group);
            if (!dj_run_go_on(&call->run, (uint64_t)group->n * dj_worker_block(worker)->n_docs))
                return;
        }
    }
    for (uint32_t i = 0; turn->closes && i < turn->n; i++)
        close_group(call, turn, i);
}

static void work(void *user, uint32_t thread)
{
    Call *call = user;
    DjWorker worker;
    DjTurn turn;

    dj_worker_init(&worker, call->memory + thread * call->worker_bytes, call->run.variant, call->run.matrix,
                   call->run.dim);
    while (dj_turns_take(&call->turns, &turn)) {
        take_turn(call, &worker, &turn);
        dj_turns_give_back(&call->turns, &turn);
    }
}

/* Cuts the needs into groups whose slots fit into the memory; returns how many slots, 0 when not even one fits. */
static uint32_t share_out(Call *call)
{
    DjRun *run = &call->run;
    uint32_t n_threads = dj_run_n_threads(run, run->total_rows);

    call->worker_bytes = dj_worker_size(run->variant, run->dim, run->max_terms);
    while (n_threads > 1 && n_threads * call->worker_bytes > run->memory_limit / 2)
        n_threads--;
    for (uint32_t rows = DJ_GROUP; rows && n_threads * call->worker_bytes < run->memory_limit; rows /= 2) {
        uint64_t most = 0; /* slots: a sweep of each part, and where threads wait for each other, the one after */
        dj_turns_init(&call->turns, run, n_threads, rows);
        for (uint32_t p = 0; p < run->n_parts; p++)
            if (dj_turns_n_groups(&call->turns, p) > most)
                most = dj_turns_n_groups(&call->turns, p);
        if (!most)
            return 1;
        if (n_threads > 1)
            most *= 2ull * n_threads;
        call->slot_bytes = group_size_limit(&call->turns);
        const uint64_t n_slots = (run->memory_limit - n_threads * call->worker_bytes) / call->slot_bytes;
        if (n_slots >= n_threads)
            return (uint32_t)(n_slots < most ? n_slots : most);
    }
    return 0;
}

DjKernelStatus dj_kernel_best_docs(const DjMatrix *matrix, const DjKernelNeeds *needs, DjKernelPart *parts,
                                   uint32_t n_parts, const DjKernelOptions *options)
{
    Call call = {0};
    DjKernelStatus status = dj_run_init(&call.run, matrix, needs, parts, n_parts, false, options);
    if (status != DJ_KERNEL_OK)
        return status;
    const uint32_t n_slots = share_out(&call);
    if (n_slots) {
        call.memory = aligned_alloc(64, call.turns.n_threads * call.worker_bytes + n_slots * call.slot_bytes);
        call.groups = malloc(n_slots * sizeof *call.groups);
    }
    status = DJ_KERNEL_NO_MEMORY;
    if (call.memory && call.groups && dj_turns_start(&call.turns, n_slots)) {
        status = dj_run_threads(&call.run, call.turns.n_threads, work, &call);
        dj_turns_clear(&call.turns);
    }
    free(call.groups);
    free(call.memory);
    dj_run_clear(&call.run);
    return status;
}
