/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A group of needs shares the columns of a tile while they are in the first cache. The lists of all needs of the group
 * are looked up and prefetched before the first one is scattered.
 */
#include "engine/kernel/engine.h"

#include <string.h>

enum {
    ALIGNMENT = 64,
    PLACES = 65536, /* what a u16 can say */
    FEW_NEEDS = 6,  /* packing a block costs about as much as so many needs without it */
    DOT_ROW = DJ_BLOCK_DOCS + ALIGNMENT / sizeof(int32_t), /* a tile's 16 rows must not meet in one set of a cache */
};

static size_t group_size(void)
{
    /* The last accumulator is followed by room for any u16 place. */
    return ((size_t)DJ_GROUP * DJ_BLOCK_DOCS + PLACES) * sizeof(uint32_t);
}

size_t dj_worker_size(const DjKernelVariant *variant, uint32_t dim, uint64_t max_terms)
{
    size_t size = group_size();
    if (dim)
        size +=
            (size_t)DJ_GROUP * DOT_ROW * sizeof(int32_t) + (size_t)DJ_BLOCK_DOCS * dim * variant->packed_bytes_per_dim;
    size += DJ_BLOCK_DOCS * (sizeof(uint16_t) + sizeof(float));
    return dj_round_up(size + max_terms * DJ_GROUP * sizeof(DjPosting), ALIGNMENT);
}

void dj_worker_init(DjWorker *worker, void *memory, const DjKernelVariant *variant, const DjMatrix *matrix,
                    uint32_t dim)
{
    uint8_t *at = memory;
    memset(worker, 0, sizeof *worker);
    worker->variant = variant;
    worker->matrix = matrix;
    worker->dim = dim;
    worker->has_sketches = dj_has_sketches(dim);
    worker->tail_share = worker->lex_share = 0.125f;
    for (uint32_t i = 0; i < DJ_GROUP; i++)
        worker->lex[i] = (uint32_t *)(void *)at + (size_t)i * DJ_BLOCK_DOCS;
    at += group_size();
    if (dim) {
        for (uint32_t i = 0; i < DJ_GROUP; i++)
            worker->dot[i] = (int32_t *)(void *)at + (size_t)i * DOT_ROW;
        at += (size_t)DJ_GROUP * DOT_ROW * sizeof(int32_t);
        worker->packed = at;
        at += (size_t)DJ_BLOCK_DOCS * dim * variant->packed_bytes_per_dim;
    }
    worker->places = (uint16_t *)(void *)at;
    at += DJ_BLOCK_DOCS * sizeof(uint16_t);
    worker->threshold = (float *)(void *)at;
    at += DJ_BLOCK_DOCS * sizeof(float);
    worker->postings = (DjPosting *)(void *)at;
}

void dj_worker_enter(DjWorker *worker, const DjSegment *segment, uint32_t block)
{
    if (worker->segment == segment && worker->block == block)
        return;
    worker->segment = segment;
    worker->block = block;
    worker->tile_bytes = (uint64_t)segment->n_pairs * DJ_PAIR_BYTES;
    worker->is_packed = false;
}

static void preload(const DjWorker *worker, uint64_t offset, uint64_t size)
{
    const uint8_t *at = dj_matrix_at(worker->matrix, offset);
    for (uint64_t i = 0; i < size; i += 64)
        __builtin_prefetch(at + i, 0, 2);
}

void dj_worker_preload(const DjWorker *worker)
{
    const DjBlock *block = dj_worker_block(worker);
    preload(worker, block->dir, (worker->segment->n_mid + 1ull) * sizeof(uint32_t));
    preload(worker, block->lists, (uint64_t)block->n_postings * DJ_POSTING_BYTES);
    preload(worker, block->head, dj_n_tiles(block->n_docs) * worker->tile_bytes);
}

/* Finds the mid lists of one plan in this block and asks for their first lines. */
static uint32_t look_up(const DjWorker *worker, const DjBlock *block, const DjPlan *plan, DjPosting *out)
{
    const uint32_t *dir = dj_matrix_at(worker->matrix, block->dir);
    const uint8_t *lists = dj_matrix_at(worker->matrix, block->lists);
    uint32_t n = 0;

    for (uint32_t m = 0; m < plan->n_mid; m++) {
        uint32_t begin = dir[plan->mid[m].index], end = dir[plan->mid[m].index + 1];
        if (begin >= end || end > block->n_postings)
            continue;
        const uint8_t *list = lists + (size_t)begin * DJ_POSTING_BYTES;
        __builtin_prefetch(list);
        __builtin_prefetch(list + 64);
        out[n++] = (DjPosting){list, list + (end - begin) * sizeof(uint16_t), end - begin, plan->mid[m].weight};
    }
    return n;
}

static void scatter_rare(const DjWorker *worker, DjPlan *plan, uint32_t *lex)
{
    const uint32_t *pos = dj_matrix_at(worker->matrix, worker->segment->rare_pos);
    const uint8_t *impacts = dj_matrix_at(worker->matrix, worker->segment->rare_impacts);
    const uint32_t first = worker->block * DJ_BLOCK_DOCS;

    for (uint32_t r = 0; r < plan->n_rare; r++) {
        DjRareTerm *term = &plan->rare[r];
        while (term->cursor < term->end && pos[term->cursor] < first)
            term->cursor++;
        for (; term->cursor < term->end && pos[term->cursor] - first < DJ_BLOCK_DOCS; term->cursor++)
            lex[pos[term->cursor] - first] += term->weight * impacts[term->cursor];
    }
}

void dj_worker_tail(DjWorker *worker, DjPlan *const *plans, uint32_t n)
{
    const DjBlock *block = dj_worker_block(worker);
    const size_t size = (size_t)dj_n_tiles(block->n_docs) * DJ_TILE_DOCS * sizeof(uint32_t);
    uint32_t n_postings[DJ_GROUP], used = 0;

    for (uint32_t i = 0; i < n; i++) {
        n_postings[i] = look_up(worker, block, plans[i], worker->postings + used);
        used += n_postings[i];
    }
    for (uint32_t i = 0, first = 0; i < n; first += n_postings[i++]) {
        memset(worker->lex[i], 0, size);
        worker->variant->scatter(worker->lex[i], worker->postings + first, n_postings[i]);
        scatter_rare(worker, plans[i], worker->lex[i]);
    }
}

void dj_worker_head(DjWorker *worker, DjPlan *const *plans, const uint32_t *n_entries, uint32_t n)
{
    const DjBlock *block = dj_worker_block(worker);
    DjHeadJob jobs[DJ_GROUP];
    for (uint32_t i = 0; i < n; i++)
        jobs[i] = (DjHeadJob){plans[i]->entries, n_entries[i], plans[i]->chunk_end, worker->lex[i]};
    worker->variant->head(dj_matrix_at(worker->matrix, block->head), worker->tile_bytes, dj_n_tiles(block->n_docs),
                          jobs, n);
}

void dj_worker_dots(DjWorker *worker, DjPlan *const *plans, const bool *use, uint32_t n)
{
    const DjBlock *block = dj_worker_block(worker);
    const int8_t *vectors = dj_matrix_at(worker->matrix, dj_matrix_footer(worker->matrix)->vectors);
    const uint32_t *docs = dj_worker_docs(worker);
    const int8_t *needs[DJ_GROUP];
    int32_t *dots[DJ_GROUP];
    uint32_t n_used = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (use[i]) {
            needs[n_used] = plans[i]->vec;
            dots[n_used++] = worker->dot[i];
        }
    }
    if (!n_used)
        return;
    if (!worker->is_packed && n_used < FEW_NEEDS) {
        const uint32_t padding = dj_n_tiles(block->n_docs) * DJ_TILE_DOCS - block->n_docs;
        for (uint32_t d = 0; d < block->n_docs; d++)
            for (uint32_t q = 0; q < n_used; q++)
                dots[q][d] = worker->variant->dot(vectors + (size_t)docs[d] * worker->dim, needs[q], worker->dim);
        for (uint32_t q = 0; q < n_used; q++) /* whole tiles are filtered and candidates counted */
            memset(dots[q] + block->n_docs, 0, padding * sizeof **dots);
        return;
    }
    if (!worker->is_packed) {
        worker->variant->pack(vectors, docs, block->n_docs, worker->dim, worker->packed);
        worker->is_packed = true;
    }
    worker->variant->dots(worker->packed, dj_n_tiles(block->n_docs), worker->dim, needs, n_used, dots);
}
