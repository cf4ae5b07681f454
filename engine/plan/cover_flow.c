/* SPDX-License-Identifier: GPL-3.0-or-later */
/* root -> groups of side 0 -> its members -> pairs -> members of side 1 -> its groups -> root. Into (out of) each group
 * and member lead two arcs: one of what it is owed, every unit of which earns `worth`, and one for the rest. */
#include "engine/plan/cover_flow.h"
#include "engine/plan/flow.h"

enum { ROOT = 0 };

typedef struct {
    const DjCoverProblem *problem;
    guint group[2], member[2]; /* first node of each kind */
    guint n_nodes;
    GArray *arcs; /* DjFlowArc; those of the pairs come first */
} Network;

static const DjCoverNode *node_at(const GArray *nodes, guint i)
{
    return &g_array_index(nodes, DjCoverNode, i);
}

static void add_arc(Network *net, int side, guint parent, guint node, gint64 upper, gint64 cost)
{
    DjFlowArc arc = {.from = side == 0 ? parent : node, .to = side == 0 ? node : parent, .upper = upper, .cost = cost};
    if (upper > 0)
        g_array_append_val(net->arcs, arc);
}

static void add_node(Network *net, int side, guint node, const DjCoverNode *limits, gint64 most, gint64 worth)
{
    guint parent = limits->parent == DJ_PLAN_NONE ? ROOT : net->group[side] + limits->parent;
    gint64 owed = MIN(limits->least, most);
    add_arc(net, side, parent, node, owed, -worth);
    add_arc(net, side, parent, node, most - owed, 0);
}

static gint64 worth_of(const DjCoverPair *pair, const gint64 *price)
{
    gint64 worth = pair->points;
    for (const guint *floor = pair->crossing; price && floor && *floor != DJ_PLAN_NONE; floor++)
        worth += price[*floor];
    return worth;
}

static void build(Network *net, gint64 worth, const gint64 *price)
{
    const DjCoverProblem *problem = net->problem;
    gint64 most = 0; /* that can be chosen, pairs that are kept back included */
    for (guint m = 0; m < problem->members[0]->len; m++)
        most += node_at(problem->members[0], m)->most;
    net->n_nodes = 1;
    for (int side = 0; side < 2; side++) {
        net->group[side] = net->n_nodes;
        net->member[side] = net->group[side] + problem->groups[side]->len;
        net->n_nodes = net->member[side] + problem->members[side]->len;
    }
    for (guint i = 0; i < problem->pairs->len; i++) {
        const DjCoverPair *pair = &g_array_index(problem->pairs, DjCoverPair, i);
        DjFlowArc arc = {.from = net->member[0] + pair->member[0],
                         .to = net->member[1] + pair->member[1],
                         .upper = 1,
                         .cost = -worth_of(pair, price)};
        g_array_append_val(net->arcs, arc);
    }
    for (int side = 0; side < 2; side++) {
        for (guint g = 0; g < problem->groups[side]->len; g++)
            add_node(net, side, net->group[side] + g, node_at(problem->groups[side], g), most, worth);
        for (guint m = 0; m < problem->members[side]->len; m++) {
            const DjCoverNode *member = node_at(problem->members[side], m);
            add_node(net, side, net->member[side] + m, member, MIN(member->most, most), worth);
        }
    }
}

/* Worth of all floors of members and groups: what the circulation earns besides points when nothing is missing. */
static gint64 worth_of_floors(const DjCoverProblem *problem, gint64 worth)
{
    gint64 owed = 0;
    for (int side = 0; side < 2; side++) {
        for (guint g = 0; g < problem->groups[side]->len; g++)
            owed += node_at(problem->groups[side], g)->least;
        for (guint m = 0; m < problem->members[side]->len; m++)
            owed += MIN(node_at(problem->members[side], m)->least, node_at(problem->members[side], m)->most);
    }
    return owed * worth;
}

/* Optimal prices are seldom unique. These two moves keep every arc's condition and let a pair that is kept back look as
 * dear as it can: what no pair flows through on side 1 asks the most that its way to the root allows, and a member of
 * side 0 that is full asks what its weakest chosen pair is worth. */
static void ease(const Network *net, const gint64 *flow, gint64 *potential)
{
    const DjCoverProblem *problem = net->problem;
    const DjFlowArc *arcs = (const DjFlowArc *)(gpointer)net->arcs->data;
    guint n_pairs = problem->pairs->len;
    g_autofree gint64 *through = g_new0(gint64, net->n_nodes), *least = g_new(gint64, net->n_nodes);
    for (guint i = 0; i < net->arcs->len; i++)
        if (i >= n_pairs)
            through[arcs[i].from >= net->group[1] ? arcs[i].from : arcs[i].to] += flow[i];
    /* arcs of side 1 stand in the order groups, members; a group's parent comes before it */
    for (guint i = n_pairs; i < net->arcs->len; i++) {
        guint v = arcs[i].from;
        if (v < net->group[1] || through[v] > 0)
            continue;
        gboolean again = i > n_pairs && arcs[i - 1].from == v;
        gint64 limit = potential[arcs[i].to] + arcs[i].cost;
        potential[v] = again ? MIN(potential[v], limit) : limit;
    }
    for (guint v = 0; v < net->n_nodes; v++)
        least[v] = G_MININT64;
    for (guint i = 0; i < n_pairs; i++)
        if (flow[i] > 0)
            least[arcs[i].from] = MAX(least[arcs[i].from], potential[arcs[i].to] + arcs[i].cost);
    for (guint m = 0; m < problem->members[0]->len; m++) {
        guint v = net->member[0] + m;
        if (through[v] > 0 && through[v] == node_at(problem->members[0], m)->most)
            potential[v] = least[v];
    }
}

/* A pair that nobody has listed may go to any patent, known or not, and count for every crossing floor: it helps only
 * when its points exceed what the cheapest of them asks. Where they do, the member's price is raised until they do not,
 * which costs at most its `most` pairs each. */
static gint64 price_kept_back(const Network *net, const gint64 *potential, const gint64 *price, guint8 *short_of)
{
    const DjCoverProblem *problem = net->problem;
    gint64 cheapest = potential[ROOT], extra = 0, cost = 0;
    for (guint v = net->group[1]; v < net->n_nodes; v++)
        cheapest = MIN(cheapest, potential[v]);
    for (guint f = 0; price && f < problem->crossing->len; f++)
        extra += price[f];
    for (guint m = 0; problem->kept_back && m < problem->members[0]->len; m++) {
        gint64 points = g_array_index(problem->kept_back, gint64, m);
        gint64 over = points + extra - (cheapest - potential[net->member[0] + m]);
        if (points < 0 || over <= 0)
            continue;
        cost += over * node_at(problem->members[0], m)->most;
        if (short_of)
            short_of[m] = 1;
    }
    return cost;
}

gboolean dj_cover_flow(const DjCoverProblem *problem, gint64 worth, const gint64 *price, guint8 *chosen, gint64 *bound,
                       guint8 *short_of, GError **error)
{
    Network net = {.problem = problem, .arcs = g_array_new(FALSE, FALSE, sizeof(DjFlowArc))};
    build(&net, worth, price);
    const DjFlowArc *arcs = (const DjFlowArc *)(gpointer)net.arcs->data;
    g_autofree gint64 *flow = g_try_new0(gint64, MAX(net.arcs->len, 1)), *potential = g_try_new0(gint64, net.n_nodes);
    gboolean feasible = FALSE, ok = flow && potential;
    if (!ok)
        g_set_error_literal(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "coverage: no memory for the flow");
    ok = ok && dj_flow_solve(net.n_nodes, arcs, net.arcs->len, flow, potential, &feasible, error);
    if (ok) {
        ease(&net, flow, potential);
        g_assert(feasible); /* no lower bounds: nothing chosen is a circulation */
        *bound = -worth_of_floors(problem, worth);
        for (guint i = 0; i < net.arcs->len; i++) { /* weak duality: no circulation is worth more */
            gint64 reduced = arcs[i].cost - (potential[arcs[i].from] - potential[arcs[i].to]);
            *bound += MAX(0, -reduced) * arcs[i].upper;
        }
        *bound += price_kept_back(&net, potential, price, short_of);
        for (guint i = 0; i < problem->pairs->len; i++)
            chosen[i] = flow[i] > 0;
    }
    g_array_unref(net.arcs);
    return ok;
}
