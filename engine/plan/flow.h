/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minimum cost circulation with lower bounds: the C face of LEMON's network simplex, and nothing of the event.
 *
 * A circulation sends as much into every node as out of it. The answer carries its own proof:
 *   feasible:    node potentials u with, for every arc, cost - (u[from] - u[to]) >= 0 where the flow could grow
 *                and <= 0 where it could shrink (complementary slackness);
 *   infeasible:  u is 1 on a set of nodes and 0 elsewhere, such that the arcs leaving the set can carry less than the
 * arcs entering it must (Hoffman's condition, violated). Both are the same for the same input on every machine: the
 * simplex is deterministic, and the potentials are brought to bounded size by shortest paths, whatever LEMON's spanning
 * tree left.
 *
 * Units: cost times flow, summed, must fit 62 bits. Errors: DJ_PLAN_ERROR. Threads: no shared state.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef struct {
    guint from, to;
    gint64 lower, upper; /* 0 <= lower <= upper */
    gint64 cost;         /* per unit */
} DjFlowArc;

/* `flow` has n_arcs elements (left alone when infeasible), `potential` has n_nodes. */
gboolean dj_flow_solve(guint n_nodes, const DjFlowArc *arcs, gsize n_arcs, gint64 *flow, gint64 *potential,
                       gboolean *feasible, GError **error);

G_END_DECLS
