/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the chosen pairs meet (排时段): a slot for every meeting, nobody in two places, at most `tables` meetings at
 * once.
 *
 * With everybody there all evening and nobody in both roles, a timetable always exists once nobody has more meetings
 * than there are slots (Koenig: a bipartite graph is edge-colourable with its largest degree), and its slots can be
 * balanced to a difference of one, so slots * tables seats are enough. Otherwise the question is NP-complete: a repair
 * search finds a timetable where there is some room, and a complete search with backjumping proves that there is none,
 * naming meetings that cannot all take place.
 *
 * Work is counted in steps, never in seconds, so that the answer does not depend on the machine.
 * Errors: DJ_PLAN_ERROR_MEMORY. Threads: no shared state.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

enum { DJ_PLAN_NO_SLOT = 255 };

typedef enum {
    DJ_TIMETABLE_FOUND,
    DJ_TIMETABLE_NONE,  /* proved: no timetable for these pairs */
    DJ_TIMETABLE_LIMIT, /* the steps ran out */
} DjTimetableStatus;

typedef struct {
    DjTimetableStatus status;
    guint8 *slot; /* FOUND: one per pair, in the order given; otherwise NULL */
    guint *core;  /* NONE: positions in `pairs` of meetings that cannot all take place, ascending; otherwise NULL */
    guint n_core;
    guint64 steps;
} DjTimetable;

/* `fixed` may be NULL, or hold a slot or DJ_PLAN_NO_SLOT for each of the n pairs. `max_steps` 0 means the default. */
DjTimetable *dj_timetable_find(const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *fixed,
                               guint64 max_steps, GError **error);
void dj_timetable_free(DjTimetable *timetable);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjTimetable, dj_timetable_free)

G_END_DECLS
