/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one thread does with a group of needs and one block, private to this folder; the two directions differ only in
 * where thresholds come from and where totals go.
 */
#ifndef DJ_KERNEL_ENGINE_H
#define DJ_KERNEL_ENGINE_H

#include "engine/kernel/list.h"
#include "engine/kernel/plan.h"

/* One thread's scratch. */
typedef struct DjWorker {
    const DjKernelVariant *variant;
    const DjMatrix *matrix;
    const DjSegment *segment;
    uint64_t tile_bytes;
    uint32_t dim;
    uint32_t *lex[DJ_GROUP]; /* DJ_BLOCK_DOCS each; whatever a damaged u16 place says stays inside the allocation */
    int32_t *dot[DJ_GROUP];  /* likewise; NULL without the dense channel */
    bool has_sketches;       /* of the vectors in use */
    bool only_sketches;      /* this batch never takes all dot products of a block */
    uint8_t *packed;         /* one block of vectors in the variant's order */
    uint32_t packed_block;   /* which, UINT32_MAX for none */
    uint16_t *places;        /* candidates of one filter call, DJ_BLOCK_DOCS */
    float *threshold;        /* DJ_BLOCK_DOCS */
    float tail_share;        /* where the last search for a few documents ended, of the bound: over lists, */
    float lex_share;         /* over lists and columns */
    DjPosting *postings;     /* of one group */
    DjArena arena;
    void *memory;
} DjWorker;

/* Bytes that dj_worker_init takes beside the arena. max_terms: most terms that a need has. */
size_t dj_worker_size(const DjKernelVariant *variant, uint32_t dim, uint64_t max_terms);

/* False when the allocation fails. dim 0: no dense channel in this run. */
bool dj_worker_init(DjWorker *worker, const DjKernelVariant *variant, const DjMatrix *matrix, uint32_t segment,
                    uint32_t dim, uint64_t max_terms, size_t arena_size);
void dj_worker_clear(DjWorker *worker);

/* Asks for a whole block at once: worth it when many needs are about to pass over it. */
void dj_worker_preload(const DjWorker *worker, uint32_t b);

/*
 * Sets worker->lex to the sums of a group over the lists (mid and rare terms) of block b. Blocks must come in ascending
 * order for one set of plans: rare lists advance a cursor.
 */
void dj_worker_tail(DjWorker *worker, uint32_t b, DjPlan *const *plans, uint32_t n);

/* Adds the columns: entries below n_entries[i] of plan i. */
void dj_worker_head(DjWorker *worker, uint32_t b, DjPlan *const *plans, const uint32_t *n_entries, uint32_t n);

/* Dot products of some plans of the group (those with use[i] set) over block b into worker->dot. */
void dj_worker_dots(DjWorker *worker, uint32_t b, DjPlan *const *plans, const bool *use, uint32_t n);

#endif
