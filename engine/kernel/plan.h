/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One need prepared for one segment, private to this folder: its terms sorted by class, its columns by what they can
 * add at most, so that a prefix of the entries is what must be computed and the rest has a known bound.
 */
#ifndef DJ_KERNEL_PLAN_H
#define DJ_KERNEL_PLAN_H

#include "engine/kernel/variant.h"

typedef struct DjMidTerm {
    uint32_t index; /* in the directory of a block */
    uint32_t weight;
} DjMidTerm;

typedef struct DjRareTerm {
    uint32_t begin, end; /* in the rare postings */
    uint32_t cursor;     /* next posting, while blocks are visited in order */
    uint32_t weight;
} DjRareTerm;

typedef struct DjPlan {
    uint32_t need;
    uint32_t n_entries;
    uint32_t n_chunks;
    uint32_t n_mid;
    uint32_t n_rare;
    uint32_t tail_bound; /* no sum over mid and rare terms is above it */
    uint32_t lex_bound;  /* no lexical sum of this need is above it */
    uint32_t dot_bound;  /* no dot product of this need is above it, in absolute value */
    int64_t a;           /* 0: lexical channel off */
    int64_t b;           /* 0: dense channel off */
    const int8_t *vec;
    int32_t components;   /* their sum */
    float norm;           /* length of vec, rounded up */
    DjHeadEntry *entries; /* descending bound */
    uint32_t *rest;       /* n_entries + 1: rest[i] = most that entries i and later can add */
    uint32_t *chunk_end;
    DjMidTerm *mid;
    DjRareTerm *rare;
} DjPlan;

/* The base total; wraps instead of overflowing when a damaged matrix gives impossible sums. */
static inline int64_t dj_plan_total(const DjPlan *plan, uint32_t lex, int32_t dot)
{
    return (int64_t)((uint64_t)plan->a * lex + (uint64_t)plan->b * (uint64_t)(int64_t)dot);
}

/* Lowest lexical sum with a * lex >= total, at most INT32_MAX + 1. */
static inline uint32_t dj_lex_needed(int64_t total, int64_t a)
{
    const uint32_t never = (uint32_t)INT32_MAX + 1;
    if (total <= 0)
        return 0;
    if (!a)
        return never;
    int64_t lex = total / a + (total % a != 0);
    return lex < never ? (uint32_t)lex : never;
}

/* A bump allocator over one malloc, so that plans cost no allocation of their own. */
typedef struct DjArena {
    uint8_t *base;
    size_t used;
    size_t size;
} DjArena;

/* 8-aligned, NULL when full. */
void *dj_arena_take(DjArena *arena, size_t size);

/* Most arena bytes that the plan of a need with so many terms can take. */
size_t dj_plan_size_limit(uint64_t n_terms);

/* Checks one need against the contract in kernel.h. */
bool dj_need_is_valid(const DjMatrix *matrix, const DjKernelNeeds *needs, uint32_t need);

/* Fills *plan from a valid need; false when the arena is full (then it is unchanged). */
bool dj_plan_build(const DjMatrix *matrix, const DjSegment *segment, const DjKernelNeeds *needs, uint32_t need,
                   DjArena *arena, DjPlan *plan);

/*
 * Adds entries `from` and later for the document at this place of the block to *lex. Stops and returns false as soon as
 * the sum can no longer reach `needed`.
 */
bool dj_plan_complete(const DjPlan *plan, const uint8_t *head, uint64_t tile_bytes, uint32_t place, uint32_t from,
                      uint32_t needed, uint32_t *lex);

/* The exact lexical sum of one position, by look-up. */
uint32_t dj_plan_lex_at(const DjMatrix *matrix, const DjSegment *segment, const DjPlan *plan, uint32_t pos);

#endif
