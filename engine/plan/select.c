/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits become a network: source -> groups of role 0 -> person -> pair -> person -> groups of role 1 -> sink ->
 * source. An arc is a row of the certificate, and the price of the row is the difference of the potentials at its ends:
 * along one meeting the differences add up to nothing, so the potentials turn into prices without any further thought.
 */
#include "engine/plan/select.h"

#include "engine/plan/flow.h"

enum { SOURCE = 0, SINK = 1 };

typedef struct {
    const DjPlanProblem *problem;
    const DjPlanSelectOptions *options;
    guint8 *roles;    /* per person */
    guint *person[2]; /* node of the person in this role, or DJ_PLAN_NONE */
    guint *best[2];   /* node behind which the good meetings are, or DJ_PLAN_NONE */
    guint first_group;
    guint n_nodes;
    GArray *arcs;     /* DjFlowArc */
    gsize first_pair; /* arcs of pairs are the last ones, in the order of the pairs that may meet */
    gint64 soft_cost;
} Network;

void dj_plan_selection_free(DjPlanSelection *selection)
{
    if (!selection)
        return;
    g_free(selection->pairs);
    dj_plan_prices_free(selection->prices);
    g_free(selection);
}

static DjPlanRule rule_of(const Network *net, guint pair)
{
    DjPlanRule rule = net->options->rule ? net->options->rule[pair] : net->problem->pairs[pair].rule;
    return rule == DJ_PLAN_FREE && dj_plan_pair_open(net->problem, pair) == 0 ? DJ_PLAN_BAN : rule;
}

static void add_arc(Network *net, guint from, guint to, gint64 lower, gint64 upper, gint64 cost)
{
    DjFlowArc arc = {.from = from, .to = to, .lower = lower, .upper = upper, .cost = cost};
    g_array_append_val(net->arcs, arc);
}

/* A row low <= d <= high between two nodes; what is soft about it gets arcs of its own. In role 1 the arcs point away
 * from the person, which is the caller's concern. */
static void add_row(Network *net, guint from, guint to, gint64 low, gint64 high, gint64 high_soft)
{
    DjPlanSoft soft = net->options->soft;
    if (low > 0 && (soft & DJ_PLAN_SOFT_MIN)) {
        /* every meeting up to the minimum saves the cost of a missed one */
        add_arc(net, from, to, 0, MIN(low, high), -net->soft_cost);
        low = MIN(low, high);
        add_arc(net, from, to, 0, high - low, 0);
    } else {
        add_arc(net, from, to, low, high, 0);
    }
    if ((soft & DJ_PLAN_SOFT_MAX) && high_soft > high)
        add_arc(net, from, to, 0, high_soft - high, net->soft_cost);
}

static guint group_node(const Network *net, guint group, guint role)
{
    return group == DJ_PLAN_NONE ? (role == 0 ? SOURCE : SINK) : net->first_group + group;
}

static void add_groups(Network *net)
{
    const DjPlanProblem *problem = net->problem;
    for (guint g = 0; g < problem->n_groups; g++) {
        const DjPlanGroup *group = &problem->groups[g];
        guint outer = group_node(net, group->parent, group->role), inner = net->first_group + g;
        gint64 most = MAX(problem->n_pairs, group->min);
        gint64 high = group->max == DJ_PLAN_NONE ? most : group->max;
        add_row(net, group->role == 0 ? outer : inner, group->role == 0 ? inner : outer, group->min, high, most);
    }
}

/* One arc per meeting: its reward falls with every further one, so the cheapest flow takes them in order. */
static void add_fair_row(Network *net, guint i, guint from, guint to)
{
    const DjPlanProblem *problem = net->problem;
    guint need = dj_plan_person_need(problem, i), room = dj_plan_person_room(problem, i);
    for (guint k = 1; k <= room; k++)
        add_arc(net, from, to, k <= need ? 1 : 0, 1, -dj_plan_fair_reward(problem, &problem->persons[i], k));
}

static void add_person(Network *net, guint i, guint role)
{
    const DjPlanProblem *problem = net->problem;
    const DjPlanPerson *person = &problem->persons[i];
    guint outer = group_node(net, person->group[role], role), inner = net->n_nodes++;
    guint from = role == 0 ? outer : inner, to = role == 0 ? inner : outer;
    net->person[role][i] = inner;
    gint64 low = dj_plan_person_need(problem, i), high = dj_plan_person_room(problem, i);
    if (net->roles[i] == 3) {
        low = net->options->role_low[role] ? net->options->role_low[role][i] : 0;
        high = net->options->role_high[role] ? net->options->role_high[role][i] : high;
        add_row(net, from, to, low, high, high);
    } else if (person->fair && dj_plan_is_fair(problem) && !net->options->soft) {
        add_fair_row(net, i, from, to);
    } else {
        add_row(net, from, to, low, high, problem->slots);
    }
    if (person->best_from > 0) {
        guint good = net->n_nodes++;
        net->best[role][i] = good;
        add_row(net, role == 0 ? inner : good, role == 0 ? good : inner, 1, MAX(high, 1), problem->slots);
    }
}

static guint pair_end(const Network *net, const DjPlanPair *pair, guint role)
{
    guint i = pair->who[role];
    gboolean good = net->best[role][i] != DJ_PLAN_NONE && pair->points >= net->problem->persons[i].best_from;
    return good ? net->best[role][i] : net->person[role][i];
}

static void build(Network *net)
{
    const DjPlanProblem *problem = net->problem;
    net->first_group = 2;
    net->n_nodes = 2 + problem->n_groups;
    gint64 seats = (gint64)problem->slots * problem->tables;
    add_arc(net, SINK, SOURCE, 0, seats, 0);
    if (net->options->soft & DJ_PLAN_SOFT_TABLES)
        add_arc(net, SINK, SOURCE, 0, problem->n_pairs, net->soft_cost);
    add_groups(net);
    for (guint i = 0; i < problem->n_persons; i++)
        for (guint role = 0; role < 2; role++) {
            net->person[role][i] = net->best[role][i] = DJ_PLAN_NONE;
            /* who may meet nobody still has a minimum, and stands in role 0 */
            if ((net->roles[i] | (net->roles[i] == 0)) & (1u << role))
                add_person(net, i, role);
        }
    net->first_pair = net->arcs->len;
    for (guint p = 0; p < problem->n_pairs; p++) {
        DjPlanRule rule = rule_of(net, p);
        if (rule != DJ_PLAN_BAN)
            add_arc(net, pair_end(net, &problem->pairs[p], 0), pair_end(net, &problem->pairs[p], 1),
                    rule == DJ_PLAN_MUST, 1, -problem->pairs[p].points);
    }
}

/* Limits that contradict themselves are no network: a lower bound above its upper bound. */
static gboolean hopeless(const Network *net)
{
    const DjPlanProblem *problem = net->problem;
    if (!(net->options->soft & DJ_PLAN_SOFT_MIN))
        for (guint i = 0; i < problem->n_persons; i++)
            if (dj_plan_person_need(problem, i) > dj_plan_person_room(problem, i))
                return TRUE;
    for (guint p = 0; p < problem->n_pairs; p++)
        if (rule_of(net, p) == DJ_PLAN_MUST && dj_plan_pair_open(problem, p) == 0)
            return TRUE;
    return FALSE;
}

static void read_prices(const Network *net, const gint64 *u, DjPlanPrices *prices)
{
    const DjPlanProblem *problem = net->problem;
    prices->total = u[SINK] - u[SOURCE];
    for (guint g = 0; g < problem->n_groups; g++) {
        const DjPlanGroup *group = &problem->groups[g];
        gint64 step = u[group_node(net, group->parent, group->role)] - u[net->first_group + g];
        prices->group[g] = group->role == 0 ? step : -step;
    }
    for (guint i = 0; i < problem->n_persons; i++) {
        for (guint role = 0; role < 2; role++) {
            if (net->person[role][i] == DJ_PLAN_NONE)
                continue;
            gint64 sign = role == 0 ? 1 : -1;
            guint outer = group_node(net, problem->persons[i].group[role], role), inner = net->person[role][i];
            prices->person[role][i] = sign * (u[outer] - u[inner]);
            if (net->best[role][i] != DJ_PLAN_NONE)
                prices->best[role][i] = sign * (u[inner] - u[net->best[role][i]]);
        }
        if (net->roles[i] != 3) {
            guint role = net->roles[i] == 2 ? 1 : 0;
            prices->person[!role][i] = prices->person[role][i];
            prices->best[!role][i] = prices->best[role][i];
        }
    }
}

static void read_pairs(const Network *net, const gint64 *flow, DjPlanSelection *selection)
{
    const DjPlanProblem *problem = net->problem;
    g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree guint *met = g_new0(guint, problem->n_persons);
    gsize arc = net->first_pair;
    for (guint p = 0; p < problem->n_pairs; p++) {
        if (rule_of(net, p) == DJ_PLAN_BAN || flow[arc++] == 0)
            continue;
        g_array_append_val(chosen, p);
        selection->value += problem->pairs[p].points;
        selection->objective += problem->pairs[p].points;
        for (guint role = 0; role < 2; role++) {
            guint i = problem->pairs[p].who[role];
            selection->objective += dj_plan_fair_reward(problem, &problem->persons[i], ++met[i]);
        }
    }
    selection->n_pairs = chosen->len;
    selection->pairs = (guint *)g_array_free(g_steal_pointer(&chosen), FALSE);
}

static gboolean solve(Network *net, DjPlanSelection *selection, GError **error)
{
    build(net);
    gsize n_arcs = net->arcs->len;
    g_autofree gint64 *flow = g_try_new(gint64, n_arcs);
    g_autofree gint64 *u = g_try_new(gint64, net->n_nodes);
    if (!flow || !u) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "event: no memory for a network of %zu arcs", n_arcs);
        return FALSE;
    }
    if (!dj_flow_solve(net->n_nodes, (const DjFlowArc *)net->arcs->data, n_arcs, flow, u, &selection->feasible, error))
        return FALSE;
    if (!net->options->soft)
        read_prices(net, u, selection->prices);
    if (selection->feasible)
        read_pairs(net, flow, selection);
    return TRUE;
}

DjPlanSelection *dj_plan_select(const DjPlanProblem *problem, const DjPlanSelectOptions *options, GError **error)
{
    static const DjPlanSelectOptions none = {0};
    if (!dj_plan_problem_check(problem, error))
        return NULL;
    g_autoptr(DjPlanSelection) selection = g_new0(DjPlanSelection, 1);
    selection->prices = dj_plan_prices_new(problem, error);
    if (!selection->prices)
        return NULL;
    Network net = {.problem = problem, .options = options ? options : &none};
    g_autofree guint8 *roles = net.roles = g_new(guint8, problem->n_persons);
    dj_plan_roles(problem, roles);
    g_autofree guint *nodes = g_new(guint, 4 * (gsize)problem->n_persons);
    for (guint role = 0; role < 2; role++) {
        net.person[role] = nodes + role * (gsize)problem->n_persons;
        net.best[role] = nodes + (2 + role) * (gsize)problem->n_persons;
    }
    /* One missed meeting outweighs all points that a plan could have: no plan has more meetings than pairs or
     * person-slots. */
    gint64 meetings = MIN((gint64)problem->n_pairs, (gint64)problem->n_persons * problem->slots);
    gint64 top = 1;
    for (guint p = 0; p < problem->n_pairs; p++)
        top = MAX(top, problem->pairs[p].points);
    net.soft_cost = meetings * top + 1;
    g_autoptr(GArray) arcs = g_array_new(FALSE, FALSE, sizeof(DjFlowArc));
    net.arcs = arcs;
    if (!hopeless(&net) && !solve(&net, selection, error))
        return NULL;
    return g_steal_pointer(&selection);
}
