/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preparing needs. Weights go up to 255 but the fast multiply takes signed bytes and adds two products into 16 bits
 * with saturation; so a heavy pair of columns becomes several entries whose parts add up to the weights, each within
 * limits.
 */
#include "engine/kernel/plan.h"

#include <math.h>
#include <string.h>

enum { PAIR_LIMIT = 32767, CHUNK_LIMIT = 65535, WEIGHT_LIMIT = 127 };

void *dj_arena_take(DjArena *arena, size_t size)
{
    size = dj_round_up(size, 8);
    if (size > arena->size - arena->used)
        return NULL;
    void *at = arena->base + arena->used;
    arena->used += size;
    return at;
}

size_t dj_plan_size_limit(uint64_t n_terms)
{
    /* A column of weight 255 takes three entries; every array may lose 7 bytes to alignment. */
    return n_terms * (3 * (sizeof(DjHeadEntry) + 2 * sizeof(uint32_t)) + 2 * sizeof(DjRareTerm)) + 64;
}

bool dj_need_is_valid(const DjMatrix *matrix, const DjKernelNeeds *needs, uint32_t need)
{
    const uint32_t dim = needs->vec ? dj_matrix_dim(matrix) : 0;
    uint64_t sum = 0;

    if (needs->ptr[need + 1] < needs->ptr[need] || needs->a[need] < 0 || needs->b < 0)
        return false;
    for (uint64_t i = needs->ptr[need]; i < needs->ptr[need + 1]; i++) {
        if (i > needs->ptr[need] && needs->term[i] <= needs->term[i - 1])
            return false;
        sum += needs->weight[i];
    }
    for (uint32_t i = 0; i < dim; i++)
        if (needs->vec[(size_t)need * dim + i] == -128)
            return false;
    if (sum * 255 > INT32_MAX)
        return false;
    const int64_t limit = (int64_t)1 << 61;
    const int64_t lex = (int64_t)sum * 255 + 1, dot = (int64_t)dim * 127 * 127 + 1;
    if (needs->a[need] > limit / lex || needs->b > limit / dot)
        return false;
    if (needs->ban_ptr) {
        if (needs->ban_ptr[need + 1] < needs->ban_ptr[need])
            return false;
        for (uint64_t i = needs->ban_ptr[need] + 1; i < needs->ban_ptr[need + 1]; i++)
            if (needs->ban_doc[i] <= needs->ban_doc[i - 1])
                return false;
    }
    return true;
}

static inline uint32_t count_bits(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (uint32_t)(x * 0x0101010101010101u >> 56);
}

/* The slot of a term below n_terms of the matrix, or NULL. The words may be damaged, so the index is held to the range.
 */
static const DjSlot *find_slot(const DjTermWord *words, const DjSlot *slots, uint32_t n_terms, uint32_t term)
{
    const DjTermWord *word = &words[term / 64];
    const uint64_t below = word->present & (((uint64_t)1 << (term % 64)) - 1);
    const uint64_t at = (uint64_t)word->before + count_bits(below);
    return (word->present >> (term % 64) & 1) && at < n_terms ? &slots[at] : NULL;
}

typedef struct PairWeights {
    uint32_t pair;
    uint32_t weight[2];
    uint32_t maximum[2];
} PairWeights;

static inline uint32_t entry_bound(const DjHeadEntry *entry, const uint32_t *maximum)
{
    return (uint32_t)entry->weight[0] * maximum[0] + (uint32_t)entry->weight[1] * maximum[1];
}

/* Splits one pair into entries within limits; returns how many (out has room for six). */
static uint32_t split_pair(const PairWeights *p, DjHeadEntry *out, uint32_t *bound)
{
    uint32_t left[2] = {p->weight[0], p->weight[1]}, n = 0;
    while (left[0] || left[1]) {
        uint32_t w0 = left[0] < WEIGHT_LIMIT ? left[0] : WEIGHT_LIMIT;
        uint32_t w1 = left[1] < WEIGHT_LIMIT ? left[1] : WEIGHT_LIMIT;
        if (w0 * p->maximum[0] + w1 * p->maximum[1] > PAIR_LIMIT) {
            w0 = w0 * p->maximum[0] >= w1 * p->maximum[1] ? w0 : 0;
            w1 = w0 ? 0 : w1;
        }
        out[n] = (DjHeadEntry){.offset = p->pair * DJ_PAIR_BYTES,
                               .weight = {(int8_t)w0, (int8_t)w1, (int8_t)w0, (int8_t)w1}};
        bound[n] = entry_bound(&out[n], p->maximum);
        left[0] -= w0;
        left[1] -= w1;
        n++;
    }
    return n;
}

/* Orders entries by bound, highest first, ties by column; a need has few, so insertion is enough. */
static void insert_entry(DjHeadEntry *entries, uint32_t *bounds, uint32_t n, DjHeadEntry entry, uint32_t bound)
{
    uint32_t i = n;
    for (; i && (bounds[i - 1] < bound || (bounds[i - 1] == bound && entries[i - 1].offset > entry.offset)); i--) {
        entries[i] = entries[i - 1];
        bounds[i] = bounds[i - 1];
    }
    entries[i] = entry;
    bounds[i] = bound;
}

static void close_chunks(DjPlan *plan)
{
    /* rest[] holds the bounds of single entries here and becomes their sums from the end. */
    uint32_t sum = 0;
    plan->n_chunks = 0;
    for (uint32_t i = 0; i < plan->n_entries; i++) {
        if (sum + plan->rest[i] > CHUNK_LIMIT) {
            plan->chunk_end[plan->n_chunks++] = i;
            sum = 0;
        }
        sum += plan->rest[i];
    }
    if (plan->n_entries)
        plan->chunk_end[plan->n_chunks++] = plan->n_entries;
    plan->rest[plan->n_entries] = 0;
    for (uint32_t i = plan->n_entries; i--;)
        plan->rest[i] += plan->rest[i + 1];
}

/* Sets what the bounds of dot products need; the largest one by Cauchy and Schwarz, rounded up. */
static void measure_vector(const DjMatrix *matrix, DjPlan *plan)
{
    const int8_t *vec = plan->vec;
    uint64_t norm2 = 0;
    for (uint32_t i = 0; i < dj_matrix_dim(matrix); i++) {
        norm2 += (uint64_t)(vec[i] * vec[i]);
        plan->components += vec[i];
    }
    const uint64_t most = (uint64_t)dj_matrix_dim(matrix) * 127 * 127;
    const uint64_t max_norm2 = dj_matrix_footer(matrix)->max_norm2;
    const uint64_t product = norm2 * (max_norm2 < most ? max_norm2 : most);
    uint64_t root = (uint64_t)sqrt((double)product);
    while (root * root < product)
        root++;
    plan->dot_bound = (uint32_t)root;
    plan->norm = (float)(sqrt((double)norm2) * (1 + 0x1p-20));
}

/* `where` says for every pair of columns its place in pairs plus one. */
static void add_head_term(PairWeights *pairs, uint32_t *n_pairs, uint16_t *where, uint32_t column, uint32_t weight,
                          uint32_t maximum)
{
    uint16_t *at = &where[column / 2];
    if (!*at) {
        pairs[*n_pairs] = (PairWeights){.pair = column / 2};
        *at = (uint16_t)++ * n_pairs;
    }
    pairs[*at - 1].weight[column % 2] = weight;
    pairs[*at - 1].maximum[column % 2] = maximum;
}

typedef struct FoundTerm {
    const DjSlot *slot;
    uint32_t weight;
} FoundTerm;

typedef union DjTail {
    FoundTerm found;
    DjMidTerm mid;
    DjRareTerm rare;
} DjTail;

/* Closes the gap between mid and rare terms and gives the rest of the array back. */
static void arena_cut(DjArena *arena, DjTail *tail, uint64_t size, DjPlan *plan)
{
    DjRareTerm *rare = (DjRareTerm *)(void *)tail + (size - plan->n_rare);
    plan->mid = (DjMidTerm *)(void *)tail;
    plan->rare = (DjRareTerm *)(void *)(plan->mid + plan->n_mid);
    for (uint32_t i = 0; i < plan->n_mid; i++) {
        DjMidTerm mid = tail[i].mid;
        plan->mid[i] = mid;
    }
    memmove(plan->rare, rare, plan->n_rare * sizeof *rare);
    arena->used = (size_t)((uint8_t *)(plan->rare + plan->n_rare) - arena->base);
}

bool dj_plan_build(const DjMatrix *matrix, const DjSegment *segment, const DjKernelNeeds *needs, uint32_t need,
                   DjArena *arena, DjPlan *plan)
{
    const DjTermWord *words = dj_matrix_at(matrix, segment->words);
    const DjSlot *slots = dj_matrix_at(matrix, segment->slots);
    const uint32_t *rare_ptr = dj_matrix_at(matrix, segment->rare_ptr);
    const uint32_t n_known = dj_matrix_n_terms(matrix);
    const DjArena before = *arena;
    PairWeights pairs[DJ_HEAD_COLUMNS / 2];
    uint16_t where[DJ_HEAD_COLUMNS / 2] = {0};
    uint32_t n_pairs = 0;
    uint64_t n_terms = needs->ptr[need + 1] - needs->ptr[need];

    memset(plan, 0, sizeof *plan);
    plan->need = need;
    plan->a = needs->a[need];
    if (needs->vec && dj_matrix_dim(matrix) && needs->b) {
        plan->b = needs->b;
        plan->vec = needs->vec + (size_t)need * dj_matrix_dim(matrix);
        measure_vector(matrix, plan);
    }
    if (!plan->a)
        n_terms = 0;
    DjTail *tail = dj_arena_take(arena, 2 * n_terms * sizeof *tail);
    if (!tail)
        goto full;
    /* Slots lie apart in memory: all are asked for before the first one is read. */
    uint64_t n_found = 0;
    for (uint64_t i = needs->ptr[need]; i < needs->ptr[need] + n_terms; i++) {
        if (needs->term[i] >= n_known)
            break;
        const DjSlot *slot = find_slot(words, slots, segment->n_terms, needs->term[i]);
        if (!slot || !needs->weight[i])
            continue;
        __builtin_prefetch(slot);
        tail[n_found++].found = (FoundTerm){slot, needs->weight[i]};
    }
    for (uint64_t i = 0; i < n_found; i++) {
        const DjSlot *slot = tail[i].found.slot;
        const uint32_t weight = tail[i].found.weight;
        const uint32_t index = slot->index;
        plan->lex_bound += weight * slot->maximum;
        /* The bytes may be damaged: an index out of range is a term that matches nothing. */
        if (slot->class_ == DJ_CLASS_HEAD && index < 2 * segment->n_pairs) {
            add_head_term(pairs, &n_pairs, where, index, weight, slot->maximum);
        } else if (slot->class_ == DJ_CLASS_MID && index < segment->n_mid) {
            tail[plan->n_mid++].mid = (DjMidTerm){index, weight};
        } else if (slot->class_ == DJ_CLASS_RARE && index < segment->n_rare && rare_ptr[index] <= rare_ptr[index + 1] &&
                   rare_ptr[index + 1] <= segment->n_rare_postings) {
            /* from the end, so that one array takes both classes */
            plan->n_rare++;
            const DjRareTerm rare = {rare_ptr[index], rare_ptr[index + 1], rare_ptr[index], weight};
            tail[n_found + n_terms - plan->n_rare].rare = rare;
        }
    }
    arena_cut(arena, tail, n_found + n_terms, plan);
    DjHeadEntry entries[3 * DJ_HEAD_COLUMNS];
    uint32_t bounds[3 * DJ_HEAD_COLUMNS], n_entries = 0;
    for (uint32_t i = 0; i < n_pairs; i++) {
        DjHeadEntry entry[6];
        uint32_t bound[6], n = split_pair(&pairs[i], entry, bound);
        for (uint32_t j = 0; j < n; j++)
            insert_entry(entries, bounds, n_entries++, entry[j], bound[j]);
    }
    plan->entries = dj_arena_take(arena, n_entries * sizeof *plan->entries);
    plan->rest = dj_arena_take(arena, (n_entries + 1ull) * sizeof *plan->rest);
    plan->chunk_end = dj_arena_take(arena, n_entries * sizeof *plan->chunk_end);
    if (!plan->entries || !plan->rest || !plan->chunk_end)
        goto full;
    memcpy(plan->entries, entries, n_entries * sizeof *entries);
    memcpy(plan->rest, bounds, n_entries * sizeof *bounds);
    plan->n_entries = n_entries;
    close_chunks(plan);
    plan->tail_bound = plan->lex_bound - plan->rest[0];
    return true;
full:
    *arena = before;
    return false;
}

bool dj_plan_complete(const DjPlan *plan, const uint8_t *head, uint64_t tile_bytes, uint32_t place, uint32_t from,
                      uint32_t needed, uint32_t *lex)
{
    const uint8_t *cell = head + place / DJ_TILE_DOCS * tile_bytes + place % DJ_TILE_DOCS * 2;
    uint32_t sum = *lex;
    for (uint32_t e = from; e < plan->n_entries; e++) {
        const DjHeadEntry *entry = &plan->entries[e];
        if (sum + plan->rest[e] < needed)
            return false;
        sum += (uint32_t)entry->weight[0] * cell[entry->offset] + (uint32_t)entry->weight[1] * cell[entry->offset + 1];
    }
    *lex = sum;
    return true;
}

uint32_t dj_plan_lex_at(const DjMatrix *matrix, const DjSegment *segment, const DjPlan *plan, uint32_t pos)
{
    const DjBlock *block = dj_matrix_block(matrix, segment, pos / DJ_BLOCK_DOCS);
    const uint32_t *dir = dj_matrix_at(matrix, block->dir);
    const uint8_t *lists = dj_matrix_at(matrix, block->lists);
    const uint32_t *rare_pos = dj_matrix_at(matrix, segment->rare_pos);
    const uint8_t *rare_impacts = dj_matrix_at(matrix, segment->rare_impacts);
    const uint32_t place = pos % DJ_BLOCK_DOCS;
    uint32_t sum = 0;

    dj_plan_complete(plan, dj_matrix_at(matrix, block->head), (uint64_t)segment->n_pairs * DJ_PAIR_BYTES, place, 0, 0,
                     &sum);
    for (uint32_t m = 0; m < plan->n_mid; m++) {
        const DjMidTerm *term = &plan->mid[m];
        const uint32_t begin = dir[term->index], end = dir[term->index + 1];
        if (begin >= end || end > block->n_postings)
            continue;
        const uint8_t *places = lists + (size_t)begin * DJ_POSTING_BYTES;
        const uint32_t n = end - begin;
        uint32_t low = 0, high = n;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (dj_place(places, middle) < place)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < n && dj_place(places, low) == place)
            sum += term->weight * places[n * sizeof(uint16_t) + low];
    }
    for (uint32_t r = 0; r < plan->n_rare; r++) {
        const DjRareTerm *term = &plan->rare[r];
        uint32_t low = term->begin, high = term->end;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (rare_pos[middle] < pos)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < term->end && rare_pos[low] == pos)
            sum += term->weight * rare_impacts[low];
    }
    return sum;
}
