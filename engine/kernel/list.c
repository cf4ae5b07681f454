/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why the answer is exact whatever the order of offers: the threshold at any time is at most the final one, because the
 * k-th best of some documents is at most the k-th best of all; and a hit leaves the full heap only for a better one.
 * `dropped` remembers the best that left, which decides about overflow once the final threshold is known; partners at
 * or below it can neither enter the full heap nor change that decision, so it may serve as a threshold as well.
 */
#include "engine/kernel/list.h"

/* Whether x stands behind y in a list. */
static inline bool worse(const DjKernelHit *x, const DjKernelHit *y)
{
    return x->total < y->total || (x->total == y->total && x->id > y->id);
}

void dj_list_init(DjList *list, DjKernelHit *hits, uint32_t capacity, int64_t *best, uint32_t k, int64_t slack,
                  int64_t floor)
{
    *list = (DjList){.hits = hits,
                     .capacity = capacity,
                     .best = capacity > k ? best : NULL,
                     .k = k,
                     .slack = slack,
                     .floor = floor,
                     .dropped = INT64_MIN,
                     .threshold = floor};
}

static void push_best(DjList *list, int64_t total)
{
    int64_t *heap = list->best;
    uint32_t i;

    if (list->n_best < list->k) {
        for (i = list->n_best++; i && heap[(i - 1) / 2] > total; i = (i - 1) / 2)
            heap[i] = heap[(i - 1) / 2];
        heap[i] = total;
        return;
    }
    if (total <= heap[0])
        return;
    for (i = 0;;) {
        uint32_t child = 2 * i + 1;
        if (child >= list->k)
            break;
        if (child + 1 < list->k && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= total)
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = total;
}

static int64_t wanted(const DjList *list)
{
    int64_t kth;
    if (!dj_list_has_k(list))
        return list->floor;
    kth = list->best ? list->best[0] : list->hits[0].total;
    kth = kth < INT64_MIN + list->slack ? INT64_MIN : kth - list->slack;
    return kth > list->floor ? kth : list->floor;
}

/* Puts hit where the top was, or at a free end, and restores the heap. */
static void sift_down(DjKernelHit *heap, uint32_t n, DjKernelHit hit)
{
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= n)
            break;
        if (child + 1 < n && worse(&heap[child + 1], &heap[child]))
            child++;
        if (!worse(&heap[child], &hit))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = hit;
}

static void push_hit(DjList *list, const DjKernelHit *hit)
{
    DjKernelHit *heap = list->hits;
    if (list->n < list->capacity) {
        uint32_t i = list->n++;
        for (; i && worse(hit, &heap[(i - 1) / 2]); i = (i - 1) / 2)
            heap[i] = heap[(i - 1) / 2];
        heap[i] = *hit;
        return;
    }
    int64_t out = hit->total;
    if (worse(&heap[0], hit)) {
        out = heap[0].total;
        sift_down(heap, list->n, *hit);
    }
    if (out > list->dropped)
        list->dropped = out;
}

void dj_list_offer(DjList *list, int64_t total, uint32_t id)
{
    const DjKernelHit hit = {.total = total, .id = id};
    DjKernelHit *heap = list->hits;
    int64_t limit;

    if (total < list->threshold)
        return;
    if (list->best) {
        push_best(list, total);
        limit = wanted(list);
        while (list->n && heap[0].total < limit) {
            DjKernelHit last = heap[--list->n];
            if (list->n)
                sift_down(heap, list->n, last);
        }
        if (total >= limit)
            push_hit(list, &hit);
    } else {
        push_hit(list, &hit);
        limit = wanted(list);
    }
    if (list->dropped > limit)
        limit = list->dropped;
    if (limit > list->threshold)
        list->threshold = limit;
}

void dj_list_raise(DjList *list, int64_t kth)
{
    const int64_t limit = kth < INT64_MIN + list->slack ? INT64_MIN : kth - list->slack;
    if (limit > list->threshold)
        list->threshold = limit;
}

uint32_t dj_list_finish(DjList *list, uint8_t *overflow)
{
    const int64_t limit = wanted(list);
    DjKernelHit *heap = list->hits;

    /* the worst one moves behind the others, again and again: the best is left in front */
    for (uint32_t left = list->n; left > 1; left--) {
        const DjKernelHit last = heap[left - 1];
        heap[left - 1] = heap[0];
        sift_down(heap, left - 1, last);
    }
    while (list->n && list->hits[list->n - 1].total < limit)
        list->n--;
    *overflow = list->dropped != INT64_MIN && list->dropped >= limit;
    return list->n;
}
