/* SPDX-License-Identifier: GPL-3.0-or-later */
/* At which table (排桌): who answers (role 1) stays seated as long as possible, who asks walks. */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

/* Gives every person of role 1 who occurs in `pairs` one table for the whole evening, so that nobody's table is asked
 * for in more slots than there are: table_of[person], DJ_PLAN_NONE where none is left that has room. A table of its own
 * where there are enough. A heuristic (bin packing). Returns how many persons have none. */
guint dj_plan_pack(const DjPlanProblem *problem, const guint *pairs, guint n, guint *table_of);

/* Fills `table` of every meeting; slots are given, and no slot has more meetings than tables. Meetings with `keep` set
 * (NULL: none) have their table already. A heuristic: comfort.h counts and bounds the changes that are left. */
void dj_plan_seat(const DjPlanProblem *problem, DjPlanMeeting *meetings, guint n, const guint8 *keep);

G_END_DECLS
