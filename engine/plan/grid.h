/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Persons by slots: the working state of the timetable, and the moves that keep it consistent. Private to plan/.
 *
 * The meetings of two slots form paths and cycles, because nobody has two meetings in one slot. Exchanging the two
 * slots along such a path (a Kempe chain) is the one move behind edge colouring, balancing and repair.
 */
#pragma once

#include "engine/plan/timetable.h"

typedef struct {
    const DjPlanProblem *problem;
    const guint *pairs;
    guint n;         /* meetings */
    guint cap;       /* meetings per slot that are allowed now */
    guint64 *domain; /* per meeting: slots it may take */
    guint8 *slot;    /* per meeting: its slot or DJ_PLAN_NO_SLOT */
    gint *at;        /* person * slots + slot -> meeting or -1 */
    guint64 *busy;   /* per person */
    guint *load;     /* per slot */
    guint *chain;    /* room for one chain */
} DjGrid;

gboolean dj_grid_init(DjGrid *grid, const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *fixed,
                      GError **error);
void dj_grid_clear(DjGrid *grid);

guint dj_grid_person(const DjGrid *grid, guint meeting, guint role);
void dj_grid_place(DjGrid *grid, guint meeting, guint slot);
void dj_grid_remove(DjGrid *grid, guint meeting);

/* Slots of its domain in which both persons are free. */
guint64 dj_grid_free(const DjGrid *grid, guint meeting);
/* Slots with room for one more. */
guint64 dj_grid_roomy(const DjGrid *grid);

/* Places the meeting in the emptiest slot that is free for both; FALSE when there is none with room. */
gboolean dj_grid_place_free(DjGrid *grid, guint meeting);
/* Makes a slot free for both by one chain, and places the meeting there. */
gboolean dj_grid_place_chain(DjGrid *grid, guint meeting);
/* Moves one meeting net from slot `from` to slot `to` along a chain. */
gboolean dj_grid_shift(DjGrid *grid, guint from, guint to);
