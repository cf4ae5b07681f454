/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How others plan, on the same numbers. */
#pragma once

#include "engine/plan/problem.h"

typedef struct {
    gint64 value;
    guint meetings, below_min; /* persons under their minimum */
} PeerResult;

/* Fills minima first, then the rest, always the best pair that still fits both persons and a common slot (the way that
 * a help page of an event tool describes its own). */
PeerResult peer_greedy(const DjPlanProblem *problem);

/* Guests book for themselves: in rounds, in random order, each asks for the best partner left that has a common free
 * slot; a partner accepts with a chance that grows with the points. Unanswered requests hold the slot, as in tools of
 * that kind. */
PeerResult peer_self_scheduling(const DjPlanProblem *problem, guint64 seed);

/* The selection as a linear program for GLPK's simplex (its relaxation is integral). FALSE: built without GLPK, or the
 * limit of seconds ran out. */
gboolean peer_glpk(const DjPlanProblem *problem, guint seconds, gint64 *value);
