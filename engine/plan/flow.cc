/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only C++ of plan/: LEMON is a header library of templates. Exceptions end in guard(), at the border to C. */
/* LEMON first: it has members called MAX, which is a macro of GLib. */
#include <lemon/circulation.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include "engine/plan/flow.h"

#include <deque>
#include <exception>
#include <new>
#include <stdexcept>
#include <vector>

namespace
{

using Graph = lemon::SmartDigraph;
using Simplex = lemon::NetworkSimplex<Graph, gint64, gint64>;

template <typename Work> gboolean guard(GError **error, Work work) noexcept
{
    try {
        work();
        return TRUE;
    } catch (const std::bad_alloc &) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "flow: no memory");
    } catch (const std::exception &fault) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_SOLVER, "flow: %s", fault.what());
    } catch (...) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_SOLVER, "flow: unknown exception");
    }
    return FALSE;
}

/* Neither LEMON nor the potentials check for overflow, so nothing may come near it. */
void check_size(const DjFlowArc *arcs, gsize n_arcs)
{
    gint64 sum = 0;
    for (gsize a = 0; a < n_arcs; a++) {
        gint64 cost = 0;
        if (__builtin_mul_overflow(arcs[a].cost < 0 ? -arcs[a].cost : arcs[a].cost, arcs[a].upper + 1, &cost) ||
            __builtin_add_overflow(sum, cost, &sum) || sum > G_MAXINT64 / 8)
            throw std::range_error("points and limits are too large for 64-bit sums");
    }
}

/* Shortest distances in the residual network, begun at LEMON's potentials: they are right up to the nodes that its
 * spanning tree holds by an artificial arc, so few steps are left. There is no negative cycle, because the flow is
 * optimal. */
void settle_potentials(guint n_nodes, const DjFlowArc *arcs, gsize n_arcs, const gint64 *flow, gint64 *potential)
{
    std::vector<gsize> first(n_nodes + 1, 0), at(2 * n_arcs);
    for (gsize a = 0; a < n_arcs; a++) {
        first[arcs[a].from]++;
        first[arcs[a].to]++;
    }
    gsize sum = 0;
    for (guint v = 0; v <= n_nodes; v++) {
        gsize count = v < n_nodes ? first[v] : 0;
        first[v] = sum;
        sum += count;
    }
    std::vector<gsize> next(first.begin(), first.end() - 1);
    for (gsize a = 0; a < n_arcs; a++) {
        at[next[arcs[a].from]++] = a;
        at[next[arcs[a].to]++] = a;
    }

    std::deque<guint> queue;
    std::vector<bool> queued(n_nodes, true);
    for (guint v = 0; v < n_nodes; v++)
        queue.push_back(v);
    while (!queue.empty()) {
        guint v = queue.front();
        queue.pop_front();
        queued[v] = false;
        for (gsize k = first[v]; k < first[v + 1]; k++) {
            const DjFlowArc &arc = arcs[at[k]];
            bool forward = arc.from == v;
            if (forward ? flow[at[k]] >= arc.upper : flow[at[k]] <= arc.lower)
                continue;
            guint w = forward ? arc.to : arc.from;
            gint64 there = potential[v] + (forward ? arc.cost : -arc.cost);
            if (there >= potential[w])
                continue;
            potential[w] = there;
            if (!queued[w]) {
                queued[w] = true;
                queue.push_back(w);
            }
        }
    }
}

void find_barrier(const Graph &graph, const Graph::ArcMap<gint64> &lower, const Graph::ArcMap<gint64> &upper,
                  gint64 *potential)
{
    Graph::NodeMap<gint64> supply(graph, 0);
    lemon::Circulation<Graph, Graph::ArcMap<gint64>, Graph::ArcMap<gint64>, Graph::NodeMap<gint64>> circulation(
        graph, lower, upper, supply);
    if (circulation.run())
        throw std::logic_error("the simplex found no circulation where there is one");
    for (int v = 0; v < graph.nodeNum(); v++)
        potential[v] = circulation.barrier(Graph::nodeFromId(v)) ? 1 : 0;
}

} // namespace

extern "C" gboolean dj_flow_solve(guint n_nodes, const DjFlowArc *arcs, gsize n_arcs, gint64 *flow, gint64 *potential,
                                  gboolean *feasible, GError **error)
{
    return guard(error, [&] {
        check_size(arcs, n_arcs);
        Graph graph;
        graph.reserveNode((int)n_nodes);
        graph.reserveArc((int)n_arcs);
        for (guint v = 0; v < n_nodes; v++)
            graph.addNode();
        Graph::ArcMap<gint64> lower(graph), upper(graph), cost(graph);
        for (gsize a = 0; a < n_arcs; a++) {
            Graph::Arc arc = graph.addArc(Graph::nodeFromId((int)arcs[a].from), Graph::nodeFromId((int)arcs[a].to));
            lower[arc] = arcs[a].lower;
            upper[arc] = arcs[a].upper;
            cost[arc] = arcs[a].cost;
        }
        Simplex simplex(graph);
        simplex.lowerMap(lower).upperMap(upper).costMap(cost);
        Simplex::ProblemType status = simplex.run();
        if (status == Simplex::UNBOUNDED)
            throw std::logic_error("unbounded although every arc is bounded");
        *feasible = status == Simplex::OPTIMAL;
        if (!*feasible) {
            find_barrier(graph, lower, upper, potential);
            return;
        }
        for (gsize a = 0; a < n_arcs; a++)
            flow[a] = simplex.flow(Graph::arcFromId((int)a));
        const gint64 artificial = G_MAXINT64 / 2 + 1; /* LEMON's cost of an artificial arc */
        for (guint v = 0; v < n_nodes; v++) {
            gint64 u = simplex.potential(Graph::nodeFromId((int)v));
            potential[v] = u > artificial / 2 ? u - artificial : u < -artificial / 2 ? u + artificial : u;
        }
        settle_potentials(n_nodes, arcs, n_arcs, flow, potential);
        /* LEMON's and Bellman's sign: cost + u[from] - u[to] >= 0. Ours prices what flows out. */
        for (guint v = 0; v < n_nodes; v++)
            potential[v] = -potential[v];
    });
}
