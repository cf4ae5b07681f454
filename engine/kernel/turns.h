/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who works on what, when threads share the lists of one call: private to this folder. The needs of a part are cut into
 * groups; a group goes over the blocks of its segment in order and keeps its state in a slot meanwhile. All threads
 * take turns from one sequence,
 *
 *     for every part: for every sweep of as many groups as there are slots: for every block: for every group,
 *
 * so they work on the same block at about the same time, and the last to finish is at most one turn behind. A turn
 * waits until the slot's turn before it is over, which is a whole sweep ago.
 */
#ifndef DJ_KERNEL_TURNS_H
#define DJ_KERNEL_TURNS_H

#include "engine/kernel/run.h"

typedef struct DjTurn {
    uint32_t part;
    uint32_t block;        /* 0 .. n_blocks - 1 of the segment; 0 also when it has none */
    uint32_t group, n;     /* groups group .. group + n - 1; more than one where the segment has one block */
    uint32_t slot;         /* of the first; the others follow, around the end */
    uint32_t n_sweep_rows; /* needs that pass over this block before the next one */
    bool opens, closes;    /* the first, the last block of its groups */
} DjTurn;

typedef struct DjTurns {
    DjRun *run; /* its lock guards what follows */
    uint32_t n_threads, group_rows, n_slots;
    bool *busy; /* per slot */
    pthread_cond_t freed;
    uint64_t left; /* group turns */
    uint32_t part, sweep, sweep_end, block, group;
    uint32_t sweep_slot; /* of the first group of the sweep */
} DjTurns;

/* Groups of a part, each of at most group_rows needs and about as large as the others. */
uint32_t dj_turns_n_groups(const DjTurns *turns, uint32_t part);

/* First row of a group; that of the group behind the last one is the number of rows. */
uint32_t dj_turns_group_begin(const DjTurns *turns, uint32_t part, uint32_t group);

/* group_rows: at most so many needs in a group. Then the two functions above may be called. */
void dj_turns_init(DjTurns *turns, DjRun *run, uint32_t n_threads, uint32_t group_rows);

/* Sets out: at least one slot. False when memory is short. On true the caller ends with dj_turns_clear. */
bool dj_turns_start(DjTurns *turns, uint32_t n_slots);
void dj_turns_clear(DjTurns *turns);

/* The next turn, when its slots are free; false when none is left or the run has failed. */
bool dj_turns_take(DjTurns *turns, DjTurn *turn);

/* Ends a turn, whatever became of it. */
void dj_turns_give_back(DjTurns *turns, const DjTurn *turn);

static inline uint32_t dj_turn_slot(const DjTurns *turns, const DjTurn *turn, uint32_t i)
{
    return (uint32_t)(((uint64_t)turn->slot + i) % turns->n_slots);
}

#endif
