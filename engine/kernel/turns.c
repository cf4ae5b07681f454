/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One lock around the cursor is enough: a turn takes some hundred microseconds. Where a segment has one block only, its
 * matrix goes through the caches once per thread that works on it, so a thread takes all its groups as one turn until
 * little work is left.
 */
#include "engine/kernel/turns.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHARE_ROWS = 8, /* needs of a part that are worth to be shared between threads */
    LEFT_TURNS = 2, /* per thread: what is left is cut into so many turns at least */
};

static uint32_t n_rounds(const DjTurns *turns, uint32_t part)
{
    const uint32_t n_blocks = dj_run_segment(turns->run, part)->n_blocks;
    return n_blocks ? n_blocks : 1;
}

uint32_t dj_turns_n_groups(const DjTurns *turns, uint32_t part)
{
    const uint32_t n_rows = turns->run->parts[part].n_rows;
    uint32_t n = n_rows / turns->group_rows + (n_rows % turns->group_rows != 0);
    uint32_t shares = n_rows / SHARE_ROWS + (n_rows % SHARE_ROWS != 0);
    if (shares > LEFT_TURNS * turns->n_threads)
        shares = LEFT_TURNS * turns->n_threads;
    return turns->n_threads > 1 && n < shares ? shares : n;
}

uint32_t dj_turns_group_begin(const DjTurns *turns, uint32_t part, uint32_t group)
{
    return (uint32_t)((uint64_t)turns->run->parts[part].n_rows * group / dj_turns_n_groups(turns, part));
}

void dj_turns_init(DjTurns *turns, DjRun *run, uint32_t n_threads, uint32_t group_rows)
{
    *turns = (DjTurns){.run = run, .n_threads = n_threads, .group_rows = group_rows};
}

/* Sets the cursor to the first sweep at or behind `sweep` of this part, over parts without needs. */
static void enter_sweep(DjTurns *turns, uint32_t sweep)
{
    uint32_t n_groups = 0;
    for (; turns->part < turns->run->n_parts; turns->part++, sweep = 0) {
        n_groups = dj_turns_n_groups(turns, turns->part);
        if (sweep < n_groups)
            break;
    }
    turns->sweep = turns->group = sweep;
    turns->sweep_end = n_groups - sweep < turns->n_slots ? n_groups : sweep + turns->n_slots;
    turns->block = 0;
}

bool dj_turns_start(DjTurns *turns, uint32_t n_slots)
{
    turns->busy = calloc(n_slots, sizeof *turns->busy);
    if (!turns->busy)
        return false;
    turns->n_slots = n_slots;
    for (uint32_t p = 0; p < turns->run->n_parts; p++)
        turns->left += (uint64_t)dj_turns_n_groups(turns, p) * n_rounds(turns, p);
    pthread_cond_init(&turns->freed, NULL);
    enter_sweep(turns, 0);
    return true;
}

void dj_turns_clear(DjTurns *turns)
{
    pthread_cond_destroy(&turns->freed);
    free(turns->busy);
}

static DjTurn next_turn(const DjTurns *turns)
{
    const uint32_t rounds = n_rounds(turns, turns->part), rest = turns->sweep_end - turns->group;
    const uint64_t share = turns->n_threads > 1 ? turns->left / (LEFT_TURNS * turns->n_threads) : rest;
    uint32_t n = 1;

    if (rounds == 1 && share > 1)
        n = share < rest ? (uint32_t)share : rest;
    return (DjTurn){
        .part = turns->part,
        .block = turns->block,
        .group = turns->group,
        .n = n,
        .slot = (uint32_t)(((uint64_t)turns->sweep_slot + turns->group - turns->sweep) % turns->n_slots),
        .n_sweep_rows = dj_turns_group_begin(turns, turns->part, turns->sweep_end) -
                        dj_turns_group_begin(turns, turns->part, turns->sweep),
        .opens = turns->block == 0,
        .closes = turns->block + 1 == rounds,
    };
}

static void go_behind(DjTurns *turns, const DjTurn *turn)
{
    turns->left -= turn->n;
    turns->group += turn->n;
    if (turns->group < turns->sweep_end)
        return;
    turns->group = turns->sweep;
    turns->block++;
    if (!turn->closes)
        return;
    turns->sweep_slot = (uint32_t)(((uint64_t)turns->sweep_slot + turns->sweep_end - turns->sweep) % turns->n_slots);
    enter_sweep(turns, turns->sweep_end);
}

static bool is_free(const DjTurns *turns, const DjTurn *turn)
{
    for (uint32_t i = 0; i < turn->n; i++)
        if (turns->busy[dj_turn_slot(turns, turn, i)])
            return false;
    return true;
}

bool dj_turns_take(DjTurns *turns, DjTurn *turn)
{
    bool taken = false;
    pthread_mutex_lock(&turns->run->lock);
    while (!taken && turns->part < turns->run->n_parts && dj_run_is_ok(turns->run)) {
        *turn = next_turn(turns);
        taken = is_free(turns, turn);
        if (!taken) /* another thread works there, and gives it back */
            pthread_cond_wait(&turns->freed, &turns->run->lock);
    }
    if (taken) {
        for (uint32_t i = 0; i < turn->n; i++)
            turns->busy[dj_turn_slot(turns, turn, i)] = true;
        go_behind(turns, turn);
    }
    pthread_mutex_unlock(&turns->run->lock);
    return taken;
}

void dj_turns_give_back(DjTurns *turns, const DjTurn *turn)
{
    pthread_mutex_lock(&turns->run->lock);
    for (uint32_t i = 0; i < turn->n; i++)
        turns->busy[dj_turn_slot(turns, turn, i)] = false;
    pthread_cond_broadcast(&turns->freed);
    pthread_mutex_unlock(&turns->run->lock);
}
