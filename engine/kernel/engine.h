/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one thread does with a group of needs and one block, private to this folder; the two directions differ only in
 * where thresholds come from and where totals go.
 */
#ifndef DJ_KERNEL_ENGINE_H
#define DJ_KERNEL_ENGINE_H

#include "engine/kernel/list.h"
#include "engine/kernel/plan.h"

/* One thread's scratch, and the block that it works on. */
typedef struct DjWorker {
    const DjKernelVariant *variant;
    const DjMatrix *matrix;
    const DjSegment *segment;
    uint32_t block; /* that is worked on */
    uint64_t tile_bytes;
    uint32_t dim;
    uint32_t *lex[DJ_GROUP]; /* DJ_BLOCK_DOCS each; whatever a damaged u16 place says stays inside the allocation */
    int32_t *dot[DJ_GROUP];  /* likewise; NULL without the dense channel */
    bool has_sketches;       /* of the vectors in use */
    bool only_sketches;      /* this batch never takes all dot products of a block */
    uint8_t *packed;         /* one block of vectors in the variant's order */
    bool is_packed;          /* the block that is worked on */
    uint16_t *places;        /* candidates of one filter call, DJ_BLOCK_DOCS */
    float *threshold;        /* DJ_BLOCK_DOCS */
    float tail_share;        /* where the last search for a few documents ended, of the bound: over lists, */
    float lex_share;         /* over lists and columns */
    DjPosting *postings;     /* of one group */
} DjWorker;

/* Bytes that a worker needs, a multiple of 64. max_terms: most terms that a need has. */
size_t dj_worker_size(const DjKernelVariant *variant, uint32_t dim, uint64_t max_terms);

/* memory: dj_worker_size bytes at a multiple of 64, the caller's. dim 0: no dense channel in this run. */
void dj_worker_init(DjWorker *worker, void *memory, const DjKernelVariant *variant, const DjMatrix *matrix,
                    uint32_t dim);

/* Makes this block of the segment the one that is worked on; the functions below are about it. */
void dj_worker_enter(DjWorker *worker, const DjSegment *segment, uint32_t block);

static inline const DjBlock *dj_worker_block(const DjWorker *worker)
{
    return dj_matrix_block(worker->matrix, worker->segment, worker->block);
}

/* The documents of the block. */
static inline const uint32_t *dj_worker_docs(const DjWorker *worker)
{
    const uint32_t *docs = dj_matrix_at(worker->matrix, worker->segment->docs);
    return docs + (size_t)worker->block * DJ_BLOCK_DOCS;
}

/* Asks for the whole block at once: worth it when many needs are about to pass over it. */
void dj_worker_preload(const DjWorker *worker);

/*
 * Sets worker->lex to the sums of a group over the lists (mid and rare terms) of the block. Blocks must come in
 * ascending order for one set of plans: rare lists advance a cursor.
 */
void dj_worker_tail(DjWorker *worker, DjPlan *const *plans, uint32_t n);

/* Adds the columns: entries below n_entries[i] of plan i. */
void dj_worker_head(DjWorker *worker, DjPlan *const *plans, const uint32_t *n_entries, uint32_t n);

/* Dot products of some plans of the group (those with use[i] set) into worker->dot. */
void dj_worker_dots(DjWorker *worker, DjPlan *const *plans, const bool *use, uint32_t n);

#endif
