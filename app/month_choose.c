/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source -> enterprise: `floor` units that are worth more than all points together, then up to `most` for nothing;
 * enterprise -> patent: one unit, worth its points; patent -> source: up to `cap`. */
#include "app/month_cover.h"
#include "engine/plan/flow.h"

static DjFlowArc arc(guint from, guint to, gint64 upper, gint64 cost)
{
    return (DjFlowArc){.from = from, .to = to, .lower = 0, .upper = upper, .cost = cost};
}

gboolean dj_month_choose(const DjCoverCandidate *candidates, guint n, guint n_enterprises, guint n_patents, guint floor,
                         guint most, guint cap, guint8 *chosen, gint64 *value, gint64 *bound, GError **error)
{
    gint64 all = 1;
    gsize n_arcs = (gsize)n + 2 * n_enterprises + n_patents, a = 0;
    guint n_nodes = 1 + n_enterprises + n_patents;
    g_autofree DjFlowArc *arcs = g_try_new(DjFlowArc, n_arcs + 1);
    g_autofree gint64 *flow = g_try_new0(gint64, n_arcs + 1), *potential = g_try_new0(gint64, n_nodes);
    gboolean feasible;
    if (!arcs || !flow || !potential) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM, "coverage: no memory for the flow");
        return FALSE;
    }
    for (guint i = 0; i < n; i++) {
        arcs[a++] =
            arc(1 + candidates[i].enterprise, 1 + n_enterprises + candidates[i].patent, 1, -candidates[i].points);
        all += candidates[i].points;
    }
    guint owed = MIN(floor, most);
    for (guint e = 0; e < n_enterprises; e++) {
        arcs[a++] = arc(0, 1 + e, owed, -all);
        arcs[a++] = arc(0, 1 + e, most - owed, 0);
    }
    for (guint p = 0; p < n_patents; p++)
        arcs[a++] = arc(1 + n_enterprises + p, 0, cap, 0);
    if (!dj_flow_solve(n_nodes, arcs, a, flow, potential, &feasible, error))
        return FALSE;
    g_assert(feasible); /* no lower bounds: nothing chosen is a circulation */
    *value = *bound = 0;
    for (gsize i = 0; i < a; i++) {
        gint64 reduced = arcs[i].cost - (potential[arcs[i].from] - potential[arcs[i].to]);
        *value -= flow[i] * arcs[i].cost;
        *bound += MAX(0, -reduced) * arcs[i].upper; /* weak duality: no circulation is worth more */
    }
    for (guint i = 0; i < n; i++)
        chosen[i] = flow[i] > 0;
    return TRUE;
}
