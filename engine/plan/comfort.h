/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How comfortable a plan is (从容), beyond its points: how often who sits at a table has to change it, and how long
 * people wait. Counted and bounded from the plan alone, without the planner's code, so that a check can repeat it.
 *
 * A table change (换桌) is a person of role 1 whose next meeting is at another table than the last one. An idle slot
 * (空等) is one between a person's first and last meeting in which the person is there and has no meeting.
 *
 * The bounds hold for every timetable and seating of the same pairs:
 * - idle: the sum over persons of what each would wait at least if nobody else had to be placed: the shortest stretch
 *   of slots into which the meetings of the person can be matched, given when the others are there.
 * - table changes: a table serves at most j persons that need more than slots / (j + 1) of its slots each and never
 *   change; so of those persons all but j * tables change at least once. The best j counts.
 *
 * Threads: pure functions. */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef struct {
    guint table_changes, table_bound;
    guint idle, idle_bound;
} DjPlanComfort;

/* `meetings` keep the rules of the problem, see certificate.h. */
DjPlanComfort dj_plan_comfort(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n);

/* Of one person that has meetings in the slots of `busy`. */
guint dj_plan_idle_of(const DjPlanProblem *problem, guint person, guint64 busy);

G_END_DECLS
