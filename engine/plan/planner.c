/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branch and bound over selections. A node stores only what it adds to its parent; the arrays that the selection needs
 * are written out when the node's turn comes. What the nodes leave open is asked as one integer program. */
#include "engine/plan/planner.h"

#include "engine/plan/program.h"
#include "engine/plan/select.h"
#include "engine/plan/tables.h"

#include <string.h>

enum { DEFAULT_NODES = 60, DIVE_STEPS = 200 };

typedef struct Node Node;
struct Node {
    const Node *parent;
    GArray *pairs; /* Decision: pairs decided here */
    guint person;  /* person in both roles whose counts are bounded here, or DJ_PLAN_NONE */
    guint8 low[2], high[2];
    gint64 bound; /* objective of the selection, or of the parent's while that is unknown */
    guint depth, id;
    DjPlanSelection *selection; /* NULL: not solved yet */
};

typedef struct {
    guint pair;
    DjPlanRule rule;
} Decision;

typedef struct {
    const DjPlanProblem *problem;
    const DjPlanOptions *options;
    DjPlan *plan;
    guint8 *roles;
    guint8 *base; /* rules of the root: the problem's, kept meetings, pairs without a slot left */
    guint8 *rule;
    guint8 *low[2], *high[2];
    guint8 *fixed;    /* slot per chosen pair */
    GPtrArray *nodes; /* all, for their memory */
    GSequence *open;
    gboolean stopped;
} Planner;

static void node_free(gpointer data)
{
    Node *node = data;
    g_array_unref(node->pairs);
    dj_plan_selection_free(node->selection);
    g_free(node);
}

void dj_plan_free(DjPlan *plan)
{
    if (!plan)
        return;
    g_free(plan->meetings);
    dj_plan_prices_free(plan->prices);
    g_free(plan->blamed);
    g_free(plan);
}

/* Highest bound first; among equals the deepest, which is closest to a plan; then the oldest. */
static gint compare_nodes(gconstpointer a, gconstpointer b, gpointer unused)
{
    (void)unused;
    const Node *x = a, *y = b;
    if (x->bound != y->bound)
        return x->bound > y->bound ? -1 : 1;
    if (x->depth != y->depth)
        return x->depth > y->depth ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static Node *new_node(Planner *planner, const Node *parent)
{
    Node *node = g_new0(Node, 1);
    node->parent = parent;
    node->pairs = g_array_new(FALSE, FALSE, sizeof(Decision));
    node->person = DJ_PLAN_NONE;
    node->bound = parent ? parent->bound : G_MAXINT64;
    node->depth = parent ? parent->depth + 1 : 0;
    node->id = planner->nodes->len;
    g_ptr_array_add(planner->nodes, node);
    return node;
}

static void decide(Node *node, guint pair, DjPlanRule rule)
{
    Decision decision = {.pair = pair, .rule = rule};
    g_array_append_val(node->pairs, decision);
}

static void write_out(Planner *planner, const Node *node)
{
    const DjPlanProblem *problem = planner->problem;
    memcpy(planner->rule, planner->base, problem->n_pairs);
    for (guint role = 0; role < 2; role++)
        for (guint i = 0; i < problem->n_persons; i++) {
            planner->low[role][i] = 0;
            planner->high[role][i] = (guint8)dj_plan_person_room(problem, i);
        }
    for (const Node *at = node; at; at = at->parent) {
        for (guint k = 0; k < at->pairs->len; k++) {
            const Decision *decision = &g_array_index(at->pairs, Decision, k);
            planner->rule[decision->pair] = (guint8)decision->rule;
        }
        for (guint role = 0; role < 2 && at->person != DJ_PLAN_NONE; role++) {
            guint8 *low = &planner->low[role][at->person], *high = &planner->high[role][at->person];
            *low = MAX(*low, at->low[role]);
            *high = MIN(*high, at->high[role]);
        }
    }
}

static DjPlanSelection *select_for(Planner *planner, const Node *node, GError **error)
{
    write_out(planner, node);
    DjPlanSelectOptions options = {.rule = planner->rule,
                                   .role_low = {planner->low[0], planner->low[1]},
                                   .role_high = {planner->high[0], planner->high[1]}};
    return dj_plan_select(planner->problem, &options, error);
}

/* Kept meetings become must-meets, and whoever has no free slot in common beside them cannot meet. */
static void set_base_rules(Planner *planner)
{
    const DjPlanProblem *problem = planner->problem;
    const guint8 *keep = planner->options->keep_slot;
    g_autofree guint64 *busy = g_new0(guint64, problem->n_persons + 1);
    for (guint p = 0; p < problem->n_pairs; p++) {
        planner->base[p] = (guint8)problem->pairs[p].rule;
        if (!keep || keep[p] == DJ_PLAN_NO_SLOT)
            continue;
        planner->base[p] = DJ_PLAN_MUST;
        for (guint role = 0; role < 2; role++)
            busy[problem->pairs[p].who[role]] |= G_GUINT64_CONSTANT(1) << keep[p];
    }
    for (guint p = 0; keep && p < problem->n_pairs; p++) {
        guint64 taken = busy[problem->pairs[p].who[0]] | busy[problem->pairs[p].who[1]];
        if (planner->base[p] == DJ_PLAN_FREE && (dj_plan_pair_open(problem, p) & ~taken) == 0)
            planner->base[p] = DJ_PLAN_BAN;
    }
}

static gboolean is_kept(const Planner *planner, guint pair)
{
    return planner->options->keep_slot && planner->options->keep_slot[pair] != DJ_PLAN_NO_SLOT;
}

static void blame_person(Planner *planner, guint person)
{
    for (guint p = 0; p < planner->problem->n_pairs; p++)
        if (is_kept(planner, p) &&
            (planner->problem->pairs[p].who[0] == person || planner->problem->pairs[p].who[1] == person))
            planner->plan->blamed[p] = 1;
}

/* Which kept meetings does the proof rest on? Those whose presence costs something at these prices, and those that
 * stand in the only slots of a pair that would help. planner->rule still holds the rules of the node. */
static void blame_limits(Planner *planner, const DjPlanPrices *prices)
{
    const DjPlanProblem *problem = planner->problem;
    if (!planner->options->keep_slot)
        return;
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        gint64 cost = prices->total;
        for (guint role = 0; role < 2; role++) {
            const DjPlanPerson *person = &problem->persons[pair->who[role]];
            cost += prices->person[role][pair->who[role]];
            if (person->best_from > 0 && pair->points >= person->best_from)
                cost += prices->best[role][pair->who[role]];
            for (guint g = person->group[role]; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
                cost += prices->group[g];
        }
        gboolean blocked = planner->base[p] == DJ_PLAN_BAN && pair->rule != DJ_PLAN_BAN;
        if (is_kept(planner, p) && cost > 0)
            planner->plan->blamed[p] = 1;
        if (blocked && cost < 0) {
            blame_person(planner, pair->who[0]);
            blame_person(planner, pair->who[1]);
        }
    }
}

static gboolean out_of_work(Planner *planner)
{
    const DjPlanOptions *options = planner->options;
    if (options->cancelled && options->cancelled(options->data)) {
        planner->plan->reproducible = FALSE;
        return TRUE;
    }
    return planner->plan->nodes >= (options->max_nodes > 0 ? options->max_nodes : DEFAULT_NODES);
}

/* A person in both roles with more meetings than one evening holds, or fewer than its minimum. */
static guint find_torn(const Planner *planner, const DjPlanSelection *selection, guint counts[2])
{
    const DjPlanProblem *problem = planner->problem;
    g_autofree guint *met = g_new0(guint, 2 * (gsize)problem->n_persons + 1);
    for (guint k = 0; k < selection->n_pairs; k++)
        for (guint role = 0; role < 2; role++)
            met[2 * (gsize)problem->pairs[selection->pairs[k]].who[role] + role]++;
    for (guint i = 0; i < problem->n_persons; i++) {
        counts[0] = met[2 * i];
        counts[1] = met[2 * i + 1];
        guint sum = counts[0] + counts[1];
        if (planner->roles[i] == 3 && (sum > dj_plan_person_room(problem, i) || sum < dj_plan_person_need(problem, i)))
            return i;
    }
    return DJ_PLAN_NONE;
}

static void push(Planner *planner, Node *node)
{
    g_sequence_insert_sorted(planner->open, node, compare_nodes, NULL);
}

/* Two cases for the count in role 0: at most what it is now, or one more; role 1 follows from the limits of the sum. */
static void split_person(Planner *planner, const Node *node, guint person, const guint counts[2])
{
    const DjPlanProblem *problem = planner->problem;
    guint room = dj_plan_person_room(problem, person), need = dj_plan_person_need(problem, person);
    gboolean too_many = counts[0] + counts[1] > room;
    /* cut where the present counts break the limit in both cases */
    guint cut = too_many ? (counts[0] > 0 ? counts[0] - 1 : 0) : counts[0];
    write_out(planner, node);
    for (guint upper = 0; upper < 2; upper++) {
        guint low = upper ? cut + 1 : 0, high = upper ? room : cut;
        low = MAX(low, planner->low[0][person]);
        high = MIN(high, planner->high[0][person]);
        if (low > high)
            continue;
        Node *child = new_node(planner, node);
        child->person = person;
        child->low[0] = (guint8)low;
        child->high[0] = (guint8)high;
        child->low[1] = (guint8)(need > high ? need - high : 0);
        child->high[1] = (guint8)(room - low);
        if (MAX(child->low[1], planner->low[1][person]) <= MIN(child->high[1], planner->high[1][person]))
            push(planner, child);
    }
}

/* The cases of a core: its meetings by rising points, so that the first case gives up least. */
static void split_core(Planner *planner, const Node *node, const DjTimetable *timetable)
{
    const DjPlanProblem *problem = planner->problem;
    g_autoptr(GArray) free = g_array_new(FALSE, FALSE, sizeof(guint));
    write_out(planner, node);
    for (guint k = 0; k < timetable->n_core; k++) {
        guint pair = node->selection->pairs[timetable->core[k]];
        if (is_kept(planner, pair))
            planner->plan->blamed[pair] = 1;
        if (planner->rule[pair] == DJ_PLAN_MUST)
            continue;
        guint at = free->len;
        while (at > 0 && problem->pairs[g_array_index(free, guint, at - 1)].points > problem->pairs[pair].points)
            at--;
        g_array_insert_val(free, at, pair);
    }
    for (guint k = 0; k < free->len; k++) {
        Node *child = new_node(planner, node);
        for (guint j = 0; j < k; j++)
            decide(child, g_array_index(free, guint, j), DJ_PLAN_MUST);
        decide(child, g_array_index(free, guint, k), DJ_PLAN_BAN);
        push(planner, child);
    }
}

static DjTimetable *timetable_for(Planner *planner, const DjPlanSelection *selection, GError **error)
{
    const guint8 *keep = planner->options->keep_slot;
    for (guint k = 0; k < selection->n_pairs; k++)
        planner->fixed[k] = keep ? keep[selection->pairs[k]] : DJ_PLAN_NO_SLOT;
    return dj_timetable_find(planner->problem, selection->pairs, selection->n_pairs, keep ? planner->fixed : NULL,
                             planner->options->max_steps, error);
}

/* The meetings with their pairs and slots; tables come here. */
static void take_plan(Planner *planner, DjPlanMeeting *meetings, guint n)
{
    DjPlan *plan = planner->plan;
    g_free(plan->meetings);
    plan->meetings = meetings;
    plan->n = n;
    g_autofree guint8 *keep = g_new0(guint8, n + 1);
    for (guint k = 0; k < n && planner->options->keep_table; k++)
        if (is_kept(planner, meetings[k].pair)) {
            keep[k] = 1;
            meetings[k].table = planner->options->keep_table[meetings[k].pair];
        }
    dj_plan_seat(planner->problem, meetings, n, planner->options->keep_table ? keep : NULL);
    qsort(meetings, n, sizeof *meetings, dj_plan_compare_places);
    plan->value = dj_plan_value(planner->problem, meetings, n);
    plan->objective = dj_plan_objective(planner->problem, meetings, n);
}

static void take_timetable(Planner *planner, const DjPlanSelection *selection, const DjTimetable *timetable)
{
    DjPlanMeeting *meetings = g_new0(DjPlanMeeting, selection->n_pairs + 1);
    for (guint k = 0; k < selection->n_pairs; k++)
        meetings[k] = (DjPlanMeeting){.pair = selection->pairs[k], .slot = timetable->slot[k]};
    take_plan(planner, meetings, selection->n_pairs);
}

/* Work ran out: gives up, one after the other, the cheapest meeting that is in the way, until a timetable is found. */
static gboolean dive(Planner *planner, GError **error)
{
    Node *node = new_node(planner, NULL);
    for (guint step = 0; step < DIVE_STEPS; step++) {
        g_autoptr(DjPlanSelection) selection = select_for(planner, node, error);
        if (!selection)
            return FALSE;
        guint counts[2];
        if (!selection->feasible || find_torn(planner, selection, counts) != DJ_PLAN_NONE)
            return TRUE;
        g_autoptr(DjTimetable) timetable = timetable_for(planner, selection, error);
        if (!timetable)
            return FALSE;
        if (timetable->status == DJ_TIMETABLE_FOUND) {
            take_timetable(planner, selection, timetable);
            return TRUE;
        }
        guint n = timetable->status == DJ_TIMETABLE_NONE ? timetable->n_core : selection->n_pairs;
        guint cheapest = DJ_PLAN_NONE;
        for (guint k = 0; k < n; k++) {
            guint pair = selection->pairs[timetable->status == DJ_TIMETABLE_NONE ? timetable->core[k] : k];
            if (planner->rule[pair] == DJ_PLAN_FREE &&
                (cheapest == DJ_PLAN_NONE ||
                 planner->problem->pairs[pair].points < planner->problem->pairs[cheapest].points))
                cheapest = pair;
        }
        if (cheapest == DJ_PLAN_NONE)
            return TRUE;
        decide(node, cheapest, DJ_PLAN_BAN);
    }
    return TRUE;
}

/* Solves the node if it is not solved yet. FALSE in *alive: nothing below it. */
static gboolean open_node(Planner *planner, Node *node, gboolean *alive, GError **error)
{
    *alive = TRUE;
    if (node->selection)
        return TRUE;
    planner->plan->nodes++;
    node->selection = select_for(planner, node, error);
    if (!node->selection)
        return FALSE;
    if (!node->selection->feasible) {
        blame_limits(planner, node->selection->prices);
        *alive = FALSE;
        return TRUE;
    }
    node->bound = MIN(node->bound, node->selection->objective);
    GSequenceIter *top = g_sequence_get_begin_iter(planner->open);
    if (!g_sequence_iter_is_end(top) && compare_nodes(g_sequence_get(top), node, NULL) < 0) {
        push(planner, node); /* its turn comes later */
        *alive = FALSE;
    }
    return TRUE;
}

/* One node; TRUE in *done ends the search. */
static gboolean step(Planner *planner, gboolean *done, GError **error)
{
    GSequenceIter *top = g_sequence_get_begin_iter(planner->open);
    Node *node = g_sequence_get(top);
    g_sequence_remove(top);
    gboolean alive = TRUE;
    if (!open_node(planner, node, &alive, error))
        return FALSE;
    if (!alive)
        return TRUE;
    guint counts[2];
    guint torn = find_torn(planner, node->selection, counts);
    if (torn != DJ_PLAN_NONE) {
        split_person(planner, node, torn, counts);
    } else {
        g_autoptr(DjTimetable) timetable = timetable_for(planner, node->selection, error);
        if (!timetable)
            return FALSE;
        if (timetable->status == DJ_TIMETABLE_FOUND) {
            take_timetable(planner, node->selection, timetable);
            planner->plan->status = DJ_PLAN_OPTIMAL;
            *done = TRUE;
        } else if (timetable->status == DJ_TIMETABLE_NONE) {
            split_core(planner, node, timetable);
        } else {
            push(planner, node); /* keeps its bound for the report */
            planner->stopped = *done = TRUE;
        }
    }
    if (!planner->stopped)
        g_clear_pointer(&node->selection, dj_plan_selection_free);
    return TRUE;
}

/* The whole question at once, slots included. */
static gboolean ask_program(Planner *planner, GError **error)
{
    const DjPlanOptions *options = planner->options;
    DjPlan *plan = planner->plan;
    DjPlanProgramOptions ask = {
        .keep_slot = options->keep_slot, .cancelled = options->cancelled, .data = options->data};
    g_autoptr(DjPlanProgram) program = dj_plan_program(planner->problem, &ask, error);
    if (!program)
        return FALSE;
    plan->asked_program = TRUE;
    plan->reproducible = plan->reproducible && !program->cancelled;
    plan->searched_bound = MIN(plan->searched_bound, program->bound);
    if (program->infeasible)
        plan->status = DJ_PLAN_INFEASIBLE;
    for (guint p = 0; p < planner->problem->n_pairs && program->infeasible; p++)
        if (is_kept(planner, p))
            plan->blamed[p] = 1; /* no more is known than that they cannot all stay */
    if (program->meetings)
        take_plan(planner, g_steal_pointer(&program->meetings), program->n);
    return TRUE;
}

/* Work ran out: the bound is that of the best open node. */
static gboolean finish_stopped(Planner *planner, GError **error)
{
    DjPlan *plan = planner->plan;
    if (plan->reproducible && !ask_program(planner, error))
        return FALSE;
    if (plan->status == DJ_PLAN_INFEASIBLE)
        return TRUE;
    if (!plan->meetings && !dive(planner, error))
        return FALSE;
    plan->status = plan->meetings ? DJ_PLAN_SUBOPTIMAL : DJ_PLAN_UNDECIDED;
    if (plan->meetings && plan->objective == plan->searched_bound)
        plan->status = DJ_PLAN_OPTIMAL;
    return TRUE;
}

static gboolean search(Planner *planner, GError **error)
{
    push(planner, new_node(planner, NULL));
    gboolean done = FALSE;
    while (!done && !g_sequence_is_empty(planner->open)) {
        if (out_of_work(planner)) {
            planner->stopped = TRUE;
            break;
        }
        if (!step(planner, &done, error))
            return FALSE;
    }
    DjPlan *plan = planner->plan;
    if (plan->status == DJ_PLAN_OPTIMAL) {
        plan->searched_bound = plan->objective;
    } else if (!planner->stopped) {
        plan->status = DJ_PLAN_INFEASIBLE;
    } else {
        const Node *top = g_sequence_get(g_sequence_get_begin_iter(planner->open));
        plan->searched_bound = top->bound;
        return finish_stopped(planner, error);
    }
    return TRUE;
}

/* The bound that everybody can check belongs to the limits as the caller gave them, without kept slots. */
static gboolean certify(Planner *planner, GError **error)
{
    DjPlan *plan = planner->plan;
    g_autoptr(DjPlanSelection) root = dj_plan_select(planner->problem, NULL, error);
    if (!root)
        return FALSE;
    plan->prices = g_steal_pointer(&root->prices);
    if (!root->feasible) /* known even where the search was stopped before it began */
        plan->status = DJ_PLAN_INFEASIBLE;
    if (plan->status == DJ_PLAN_INFEASIBLE) {
        plan->prices_prove = !root->feasible;
        return TRUE;
    }
    if (!dj_plan_bound(planner->problem, plan->prices, FALSE, &plan->bound, error))
        return FALSE;
    plan->searched_bound = MIN(plan->searched_bound, plan->bound);
    if (plan->meetings && plan->objective == plan->searched_bound)
        plan->status = DJ_PLAN_OPTIMAL; /* however early the search was stopped */
    /* whatever the search did, a plan leaves this file only after the independent check */
    if (plan->meetings && !dj_plan_check(planner->problem, plan->meetings, plan->n, FALSE, error)) {
        g_prefix_error(error, "planner: ");
        return FALSE;
    }
    return TRUE;
}

DjPlan *dj_plan_make(const DjPlanProblem *problem, const DjPlanOptions *options, GError **error)
{
    static const DjPlanOptions none = {0};
    if (!dj_plan_problem_check(problem, error))
        return NULL;
    g_autoptr(DjPlan) plan = g_new0(DjPlan, 1);
    plan->status = DJ_PLAN_UNDECIDED;
    plan->reproducible = TRUE;
    plan->searched_bound = G_MAXINT64;
    gsize persons = problem->n_persons + 1, pairs = (gsize)problem->n_pairs + 1;
    plan->blamed = g_try_malloc0(pairs);
    g_autofree guint8 *block = g_try_malloc0(3 * pairs + 5 * persons);
    if (!plan->blamed || !block) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "event: no memory for %u pairs", problem->n_pairs);
        return NULL;
    }
    g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(node_free);
    GSequence *open = g_sequence_new(NULL);
    guint8 *tail = block + 3 * pairs;
    Planner planner = {.problem = problem,
                       .options = options ? options : &none,
                       .plan = plan,
                       .base = block,
                       .rule = block + pairs,
                       .fixed = block + 2 * pairs,
                       .roles = tail,
                       .low = {tail + persons, tail + 2 * persons},
                       .high = {tail + 3 * persons, tail + 4 * persons},
                       .nodes = nodes,
                       .open = open};
    dj_plan_roles(problem, planner.roles);
    set_base_rules(&planner);
    gboolean ok = search(&planner, error) && certify(&planner, error);
    g_sequence_free(open);
    return ok ? g_steal_pointer(&plan) : NULL;
}
