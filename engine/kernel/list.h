/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One bounded list while it is being filled, private to this folder: a heap with the worst hit on top inside the
 * caller's array, and beside it the k best totals, which set the threshold. Offers may come in any order.
 */
#ifndef DJ_KERNEL_LIST_H
#define DJ_KERNEL_LIST_H

#include "engine/kernel/kernel.h"

typedef struct DjList {
    DjKernelHit *hits;
    uint32_t n;
    uint32_t capacity;
    int64_t *best; /* heap of the k best totals, smallest on top; NULL if capacity is k: then hits says the same */
    uint32_t n_best;
    uint32_t k;
    int64_t slack;
    int64_t floor;
    int64_t dropped;   /* highest total that did not fit, INT64_MIN if none */
    int64_t threshold; /* a total below it changes nothing any more; only rises */
} DjList;

/* `best` has room for k; not used if capacity is k. */
void dj_list_init(DjList *list, DjKernelHit *hits, uint32_t capacity, int64_t *best, uint32_t k, int64_t slack,
                  int64_t floor);

/* Whether k partners were offered, so that the k-th best is known. */
static inline bool dj_list_has_k(const DjList *list)
{
    return (list->best ? list->n_best : list->n) >= list->k;
}

/* Every partner at most once; totals below the threshold may be left out. */
void dj_list_offer(DjList *list, int64_t total, uint32_t id);

/* Says that k partners have at least this total, although they were not offered yet. */
void dj_list_raise(DjList *list, int64_t kth);

/* Sorts the hits and drops those below the final threshold. Returns their number. */
uint32_t dj_list_finish(DjList *list, uint8_t *overflow);

#endif
