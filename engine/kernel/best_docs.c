/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Needs -> best documents. Blocks outside, groups of needs inside: a block's columns and lists stay in the second cache
 * while all needs of the batch pass over them, and each need's threshold has risen from the blocks before.
 *
 * The threshold saves work in three provable ways (README.md): columns whose bounds together cannot lift a document
 * over it are added for the few candidates only; dot products are taken only where the lexical sum leaves a chance; and
 * where it leaves one to many documents, only for those whose sketch does not refuse them.
 */
#include "engine/kernel/run.h"
#include "engine/kernel/sketch.h"

#include <string.h>

typedef enum Mode {
    MODE_NONE,    /* no document of any block can qualify */
    MODE_LEX,     /* dense channel off */
    MODE_LEX_DOT, /* lexical filter, then sketches, then dot products of the candidates */
    MODE_TOTAL,   /* dot products of all documents */
} Mode;

/* A need on its way over the blocks. */
typedef struct Row {
    struct Row *next; /* in the batch */
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

/* Sets mode and n_entries of the row for block b. */
static void choose_mode(const DjWorker *worker, Row *row, uint32_t b)
{
    const DjPlan *plan = &row->plan;
    const bool few_pass = plan->a && row->list.threshold > plan->b * plan->dot_bound && b >= row->total_until;

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
static void offer_candidates(const DjRun *run, const DjWorker *worker, const DjBlock *block, uint32_t b, Row *row,
                             uint32_t slot, uint32_t first, uint32_t n_places, uint32_t below)
{
    const DjPlan *plan = &row->plan;
    const uint32_t *docs = dj_matrix_at(run->matrix, worker->segment->docs);
    const int8_t *vectors = dj_matrix_at(run->matrix, dj_matrix_footer(run->matrix)->vectors);
    const uint8_t *head = dj_matrix_at(run->matrix, block->head);

    const uint32_t needed = row->mode == MODE_TOTAL ? 0 : lex_threshold(row);

    docs += (size_t)b * DJ_BLOCK_DOCS;
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
static void seed(const DjRun *run, DjWorker *worker, uint32_t b, Row *row, uint32_t slot)
{
    const DjBlock *block = dj_matrix_block(run->matrix, worker->segment, b);
    const DjPlan *plan = &row->plan;
    const uint32_t *docs = dj_matrix_at(run->matrix, worker->segment->docs);
    const int8_t *vectors = dj_matrix_at(run->matrix, dj_matrix_footer(run->matrix)->vectors);
    const uint8_t *head = dj_matrix_at(run->matrix, block->head);
    const uint32_t k = row->list.k, n_docs = dj_n_tiles(block->n_docs) * DJ_TILE_DOCS;
    uint32_t n_places = 0, n_best = 0;

    if (k > SEED_K || !find_few(worker, worker->lex[slot], n_docs, plan->tail_bound, k, &worker->tail_share, &n_places))
        return;
    /* the k best totals in ascending order */
    int64_t best[SEED_K];
    docs += (size_t)b * DJ_BLOCK_DOCS;
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
static uint32_t filter_sketches(const DjWorker *worker, const Row *row, uint32_t b, const uint32_t *lex, uint32_t first,
                                uint32_t n, uint32_t n_places)
{
    const DjBlock *block = dj_matrix_block(worker->matrix, worker->segment, b);
    const uint32_t *docs = dj_matrix_at(worker->matrix, worker->segment->docs);
    int32_t bounds[CHUNK] __attribute__((aligned(64)));
    uint32_t some_lex[CHUNK] __attribute__((aligned(64))), some_docs[CHUNK];
    uint16_t places[CHUNK];

    docs += (size_t)b * DJ_BLOCK_DOCS + first;
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
static uint32_t filter_chunk(const DjWorker *worker, const Row *row, uint32_t b, uint32_t slot, uint32_t first,
                             uint32_t n, uint32_t *n_looked_at)
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
        found = filter_sketches(worker, row, b, lex, first, n, found);
    return found;
}

/*
 * A need without a threshold whose sums are complete: finds the few best of the block directly and offers them, so that
 * the list does not fill with documents of the first chunks. Returns the sum from which on all were offered, or 0.
 */
static uint32_t offer_few(const DjRun *run, DjWorker *worker, uint32_t b, Row *row, uint32_t slot)
{
    const DjBlock *block = dj_matrix_block(run->matrix, worker->segment, b);
    uint32_t n_places = 0, limit;

    if (row->mode != MODE_LEX || dj_list_has_k(&row->list) || row->n_entries < row->plan.n_entries)
        return 0;
    limit = find_few(worker, worker->lex[slot], dj_n_tiles(block->n_docs) * DJ_TILE_DOCS, row->plan.lex_bound,
                     row->list.k, &worker->lex_share, &n_places);
    if (limit)
        offer_candidates(run, worker, block, b, row, slot, 0, n_places, UINT32_MAX);
    return limit;
}

static void pass_group(const DjRun *run, DjWorker *worker, uint32_t b, Row *const *rows, uint32_t n)
{
    const DjBlock *block = dj_matrix_block(run->matrix, worker->segment, b);
    const uint32_t n_docs = dj_n_tiles(block->n_docs) * DJ_TILE_DOCS;
    DjPlan *plans[DJ_GROUP];
    uint32_t n_entries[DJ_GROUP];
    bool use[DJ_GROUP];

    for (uint32_t i = 0; i < n; i++)
        plans[i] = &rows[i]->plan;
    dj_worker_tail(worker, b, plans, n);
    for (uint32_t i = 0; i < n; i++) {
        if (!dj_list_has_k(&rows[i]->list) && plans[i]->tail_bound && plans[i]->b) {
            seed(run, worker, b, rows[i], i);
            choose_mode(worker, rows[i], b);
        }
        n_entries[i] = rows[i]->n_entries;
        use[i] = rows[i]->mode == MODE_TOTAL;
    }
    dj_worker_head(worker, b, plans, n_entries, n);
    dj_worker_dots(worker, b, plans, use, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t n_candidates = 0, n_looked_at = 0;
        const uint32_t seen = offer_few(run, worker, b, rows[i], i);
        if (seen && lex_threshold(rows[i]) >= seen)
            continue;
        for (uint32_t first = 0; first < n_docs; first += CHUNK) {
            uint32_t size = n_docs - first < CHUNK ? n_docs - first : CHUNK;
            uint32_t found = filter_chunk(worker, rows[i], b, i, first, size, &n_looked_at);
            n_candidates += found;
            offer_candidates(run, worker, block, b, rows[i], i, first, found, seen ? seen : UINT32_MAX);
        }
        adapt_share(rows[i], n_candidates);
        if (rows[i]->mode == MODE_LEX_DOT && n_looked_at > DOT_CANDIDATES)
            rows[i]->total_until = b + 1 + TOTAL_BLOCKS;
    }
}

/* Prepares as many rows as fit from *begin on, which it advances; NULL when not even one fits. */
static Row *fill_batch(const DjRun *run, DjWorker *worker, uint32_t *begin, uint32_t end)
{
    DjKernelLists *lists = run->lists;
    Row *first = NULL, **link = &first;

    worker->arena.used = 0;
    for (; *begin < end; ++*begin) {
        const DjArena before = worker->arena;
        const uint32_t r = *begin;
        Row *row = dj_arena_take(&worker->arena, sizeof *row);
        int64_t *best = dj_arena_take(&worker->arena, lists->k * sizeof *best);
        if (!row || !best ||
            !dj_plan_build(run->matrix, worker->segment, run->needs, dj_run_need(run, r), &worker->arena, &row->plan)) {
            worker->arena = before;
            break;
        }
        dj_list_init(&row->list, lists->hits + (size_t)r * lists->capacity, lists->capacity, best, lists->k,
                     lists->slack ? lists->slack[r] : 0, lists->floor ? lists->floor[r] : DJ_KERNEL_NO_FLOOR);
        row->share = SHARE;
        row->total_until = 0;
        row->margin = dj_filter_margin(&row->plan);
        row->next = NULL;
        *link = row;
        link = &row->next;
    }
    return first;
}

/* All rows of the batch against block b, in groups; false when the run ends early. */
static bool pass_block(DjRun *run, DjWorker *worker, uint32_t b, Row *first, uint32_t n_rows)
{
    const uint32_t n_docs = dj_matrix_block(run->matrix, worker->segment, b)->n_docs;
    Row *group[DJ_GROUP];
    uint32_t n = 0, n_passed = 0;

    worker->only_sketches = worker->has_sketches && n_rows <= FEW_ROWS;
    if (n_rows >= PRELOAD_ROWS)
        dj_worker_preload(worker, b);
    for (Row *row = first; row; row = row->next) {
        n_passed++;
        choose_mode(worker, row, b);
        if (row->mode != MODE_NONE)
            group[n++] = row;
        if (n == DJ_GROUP || !row->next) {
            if (n)
                pass_group(run, worker, b, group, n);
            if (!dj_run_go_on(run, (uint64_t)n_passed * n_docs))
                return false;
            n = n_passed = 0;
        }
    }
    return true;
}

static void work(DjRun *run, uint32_t thread)
{
    const uint32_t n_threads = run->n_parts;
    uint32_t begin = (uint32_t)((uint64_t)run->n_rows * thread / n_threads);
    const uint32_t end = (uint32_t)((uint64_t)run->n_rows * (thread + 1) / n_threads);
    const size_t fixed = dj_worker_size(run->variant, run->dim, run->max_terms);
    const size_t per_row = dj_plan_size_limit(run->max_terms) + sizeof(Row) + run->lists->k * sizeof(int64_t) + 8;
    const size_t room = run->thread_memory > fixed ? run->thread_memory - fixed : 0;
    DjKernelLists *lists = run->lists;
    uint32_t r = begin;
    DjWorker worker;

    if (begin == end)
        return;
    if (room < per_row || !dj_worker_init(&worker, run->variant, run->matrix, run->segment, run->dim, run->max_terms,
                                          room / per_row > end - begin ? per_row * (end - begin) : room)) {
        dj_run_fail(run, DJ_KERNEL_NO_MEMORY);
        return;
    }
    while (begin < end) {
        const uint32_t before = begin;
        Row *rows = fill_batch(run, &worker, &begin, end);
        for (uint32_t b = 0; b < worker.segment->n_blocks; b++)
            if (dj_run_block_is_admitted(run, b) && !pass_block(run, &worker, b, rows, begin - before))
                goto out;
        for (Row *row = rows; row; row = row->next, r++)
            lists->n_hits[r] = dj_list_finish(&row->list, &lists->overflow[r]);
    }
out:
    dj_worker_clear(&worker);
}

DjKernelStatus dj_kernel_best_docs(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                                   const uint32_t *rows, const DjKernelOptions *options, DjKernelLists *lists)
{
    DjRun run;
    DjKernelStatus status = dj_run_init(&run, matrix, segment, needs, rows, lists->n_rows, options, lists);
    if (status != DJ_KERNEL_OK)
        return status;
    status = dj_run_threads(&run, lists->n_rows, work);
    dj_run_clear(&run);
    return status;
}
