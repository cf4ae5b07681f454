/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.json and problem.json: the plan for programs, and what is needed to check it without the planner.
 *
 * Checked by the verifier: limits, meetings, value, bound, proof, comfort, what each participant has, the list of
 * changes with the bound of the moves, and the group of limits that contradict each other. Said and not checked: words
 * for people, the price of fairness, what would be possible for each alone, relaxations, which tables are spare ones.
 *
 * problem.json holds the limits and candidates; plan.json the meetings (slots and tables counted from 1), the prices
 * and the sha256 of problem.json. Same session, same bytes. Errors: DJ_PLAN_ERROR. Threads: pure functions.
 */
#pragma once

#include "engine/plan/event_plan.h"

G_BEGIN_DECLS

/* New UTF-8 text, with a line end at its end. */
char *dj_event_problem_json(const DjEventPlan *session);
/* `problem_json`: the text of the function above. `audience` is named in the file. */
char *dj_event_plan_json(const DjEventPlan *session, const char *problem_json, const char *audience);

/* What a check found. */
typedef struct {
    gboolean feasible; /* the file holds a plan, otherwise a proof that there is none */
    gboolean optimal;  /* value and bound agree */
    gboolean by_clock; /* as the plan says: work was ended by the clock, so another run may find another plan */
    gboolean
        by_timetable; /* there is no plan because of who is there when; otherwise `bound` says how much is missing */
    gint64 value, bound;
    guint meetings;
    gboolean replanned;       /* a later version: */
    guint moves, moves_bound; /* published meetings that were moved or given up, and how many had to be, proved */
} DjEventCheck;

/* Reads both texts and checks them with certificate.h alone: every limit, value, bound, and that the two belong
 * together. Any disagreement is an error that says what it is. */
gboolean dj_event_plan_verify(const char *problem_json, const char *plan_json, DjEventCheck *out, GError **error);

/* The meetings of a plan.json: elements DjEventMeeting. *version may be NULL. */
GPtrArray *dj_event_plan_read_meetings(const char *plan_json, guint *version, GError **error);

/* The id of the event in a plan.json. Free it. */
char *dj_event_plan_read_id(const char *plan_json, GError **error);

G_END_DECLS
