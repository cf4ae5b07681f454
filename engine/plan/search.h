/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The complete search for a timetable. Private to plan/. */
#pragma once

#include "engine/plan/grid.h"

/* Fills an empty grid or proves that it cannot be filled. `steps` counts the slots tried; at max_steps the search gives
 * up with LIMIT. On NONE, core[m] is set for meetings that the proof speaks of: without the others there is no
 * timetable either. */
DjTimetableStatus dj_timetable_search(DjGrid *grid, guint64 max_steps, guint64 *steps, guint8 *core);
