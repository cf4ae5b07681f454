/* SPDX-License-Identifier: GPL-3.0-or-later */
/* At which table (排桌): who answers (role 1) stays seated as long as possible, who asks walks. */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

/* Fills `table` of every meeting; slots are given, and no slot has more meetings than tables. Meetings with `keep` set
 * (NULL: none) have their table already. Returns how often a person of role 1 changes the table between two of its
 * meetings: a heuristic, except that 0 cannot be beaten. */
guint dj_plan_seat(const DjPlanProblem *problem, DjPlanMeeting *meetings, guint n, const guint8 *keep);

G_END_DECLS
