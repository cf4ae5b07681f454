/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a finished plan more comfortable (see comfort.h) without touching who meets whom: fewer table changes first,
 * then fewer idle slots. A heuristic: two slots exchange the meetings that hang together through a person or a table,
 * which breaks no rule; threshold accepting over a fixed amount of work decides which exchanges stay. Same plan, same
 * answer. Threads: no shared state. */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

/* Meetings with `keep` set (NULL: none) stay where they are. Afterwards `meetings` are in the order of slots, then
 * tables. */
void dj_plan_polish(const DjPlanProblem *problem, DjPlanMeeting *meetings, guint n, const guint8 *keep);

G_END_DECLS
