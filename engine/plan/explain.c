/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cut of the infeasible flow proves the contradiction but may hold limits that it does not need. Minima are left
 * out one by one: first as long as the same prices prove the rest impossible, which takes no flow, then as long as any
 * flow does; what remains is irreducible. Large events have work for some of the second kind only. */
#include "engine/plan/explain.h"

#include "engine/plan/select.h"

#include <string.h>

enum { PAIRS_VISITED = 3000000 }; /* by all flows together: at this rate about a second */

typedef struct {
    DjPlanProblem problem; /* a copy with some minima left out */
    DjPlanPerson *persons;
    DjPlanGroup *groups;
    guint8 *rule;
    const DjPlanPrices *prices; /* impossible means: by these prices; NULL: by a flow */
    guint flows;                /* that may still be solved */
    gboolean cut_short;         /* none was left where one was needed */
} Draft;

static void draft_init(Draft *draft, const DjPlanProblem *problem)
{
    draft->problem = *problem;
    memset(draft->problem.fair_step, 0, sizeof draft->problem.fair_step);
    draft->persons = g_memdup2(problem->persons, problem->n_persons * sizeof *draft->persons);
    draft->groups = g_memdup2(problem->groups, problem->n_groups * sizeof *draft->groups);
    draft->rule = g_new(guint8, problem->n_pairs + 1);
    draft->problem.persons = draft->persons;
    draft->problem.groups = draft->groups;
    for (guint p = 0; p < problem->n_pairs; p++)
        draft->rule[p] = (guint8)problem->pairs[p].rule;
}

static void draft_clear(Draft *draft)
{
    g_free(draft->persons);
    g_free(draft->groups);
    g_free(draft->rule);
}

void dj_plan_block_free(DjPlanBlock *block)
{
    if (!block)
        return;
    g_array_unref(block->needy);
    g_array_unref(block->floors);
    g_array_unref(block->musts);
    g_array_unref(block->scarce);
    g_array_unref(block->caps);
    dj_plan_prices_free(block->prices);
    g_free(block);
}

static DjPlanBlock *block_new(const DjPlanProblem *problem, GError **error)
{
    DjPlanPrices *prices = dj_plan_prices_new(problem, error);
    if (!prices)
        return NULL;
    DjPlanBlock *block = g_new0(DjPlanBlock, 1);
    block->needy = g_array_new(FALSE, FALSE, sizeof(guint));
    block->floors = g_array_new(FALSE, FALSE, sizeof(guint));
    block->musts = g_array_new(FALSE, FALSE, sizeof(guint));
    block->scarce = g_array_new(FALSE, FALSE, sizeof(guint));
    block->caps = g_array_new(FALSE, FALSE, sizeof(guint));
    block->prices = prices;
    return block;
}

/* Limits that contradict themselves, which no flow is needed for. */
static gboolean explain_single(const DjPlanProblem *problem, DjPlanBlock *block)
{
    for (guint i = 0; i < problem->n_persons; i++)
        if (dj_plan_person_need(problem, i) > dj_plan_person_room(problem, i)) {
            g_array_append_val(block->needy, i);
            g_array_append_val(block->scarce, i);
            block->required = dj_plan_person_need(problem, i);
            block->available = dj_plan_person_room(problem, i);
            return TRUE;
        }
    for (guint p = 0; p < problem->n_pairs; p++)
        if (problem->pairs[p].rule == DJ_PLAN_MUST && dj_plan_pair_open(problem, p) == 0) {
            g_array_append_val(block->musts, p);
            block->required = 1;
            return TRUE;
        }
    return FALSE;
}

/* `shortfall` meetings are missing. Pairs of the reduced problem need its rules for the bound. */
static gboolean shortfall_of(const Draft *draft, const DjPlanPrices *prices, gint64 *shortfall, GError **error)
{
    g_autofree DjPlanPair *pairs = g_memdup2(draft->problem.pairs, draft->problem.n_pairs * sizeof *pairs);
    DjPlanProblem reduced = draft->problem;
    reduced.pairs = pairs;
    for (guint p = 0; p < reduced.n_pairs; p++)
        pairs[p].rule = (DjPlanRule)draft->rule[p];
    gint64 bound = 0;
    if (!dj_plan_bound(&reduced, prices, TRUE, &bound, error))
        return FALSE;
    *shortfall = -bound;
    return TRUE;
}

/* May what is left be possible? Without work left, yes: then nothing more is left out. */
static gboolean possible(Draft *draft, gboolean *answer, GError **error)
{
    gint64 shortfall = 0;
    if (draft->prices) {
        gboolean ok = shortfall_of(draft, draft->prices, &shortfall, error);
        *answer = shortfall <= 0;
        return ok;
    }
    *answer = draft->cut_short = draft->cut_short || draft->flows == 0;
    if (draft->cut_short)
        return TRUE;
    draft->flows--;
    DjPlanSelectOptions options = {.rule = draft->rule};
    g_autoptr(DjPlanSelection) selection = dj_plan_select(&draft->problem, &options, error);
    if (!selection)
        return FALSE;
    *answer = selection->feasible;
    return TRUE;
}

/* Leaves out every minimum that the contradiction does not need. */
static gboolean reduce(Draft *draft, GError **error)
{
    gboolean works = FALSE;
    for (guint g = 0; g < draft->problem.n_groups; g++) {
        guint old = draft->groups[g].min;
        draft->groups[g].min = 0;
        if (old > 0 && !possible(draft, &works, error))
            return FALSE;
        if (old > 0 && works)
            draft->groups[g].min = old;
    }
    for (guint p = 0; p < draft->problem.n_pairs; p++) {
        if (draft->rule[p] != DJ_PLAN_MUST)
            continue;
        draft->rule[p] = DJ_PLAN_FREE;
        if (!possible(draft, &works, error))
            return FALSE;
        if (works)
            draft->rule[p] = DJ_PLAN_MUST;
    }
    for (guint i = 0; i < draft->problem.n_persons; i++) {
        guint need = dj_plan_person_need(&draft->problem, i);
        DjPlanPerson old = draft->persons[i];
        draft->persons[i].min = 0;
        draft->persons[i].best_from = 0;
        if (need > 0 && !possible(draft, &works, error))
            return FALSE;
        if (need > 0 && works)
            draft->persons[i] = old;
    }
    return TRUE;
}

/* The rows of the proof, by the sign of their price. Positive prices belong to limits that are in the way. */
static void read_block(const Draft *draft, DjPlanBlock *block)
{
    const DjPlanProblem *problem = &draft->problem;
    const DjPlanPrices *prices = block->prices;
    for (guint i = 0; i < problem->n_persons; i++) {
        guint need = dj_plan_person_need(problem, i);
        gint64 price = MAX(prices->person[0][i], prices->person[1][i]);
        if (need > 0) {
            g_array_append_val(block->needy, i);
            block->required += need;
        }
        if (price > 0)
            g_array_append_val(block->scarce, i);
    }
    for (guint g = 0; g < problem->n_groups; g++) {
        if (problem->groups[g].min > 0) {
            g_array_append_val(block->floors, g);
            block->required += problem->groups[g].min;
        }
        if (prices->group[g] > 0)
            g_array_append_val(block->caps, g);
    }
    for (guint p = 0; p < problem->n_pairs; p++)
        if (draft->rule[p] == DJ_PLAN_MUST) {
            g_array_append_val(block->musts, p);
            block->required++;
        }
    block->tables = prices->total > 0;
}

/* Takes the prices of the proof where what is left is impossible. */
static gboolean prove(const Draft *draft, DjPlanBlock *block, gboolean *impossible, GError **error)
{
    DjPlanSelectOptions options = {.rule = draft->rule};
    g_autoptr(DjPlanSelection) selection = dj_plan_select(&draft->problem, &options, error);
    if (!selection)
        return FALSE;
    *impossible = !selection->feasible;
    dj_plan_prices_free(block->prices);
    block->prices = g_steal_pointer(&selection->prices);
    return TRUE;
}

/* `block` holds the proof for all limits together. */
static gboolean explain_flow(Draft *draft, DjPlanBlock *block, GError **error)
{
    draft->prices = block->prices;
    gboolean ok = reduce(draft, error);
    draft->prices = NULL;
    draft->flows = PAIRS_VISITED / (draft->problem.n_pairs + 1);
    gboolean impossible = FALSE;
    if (!ok || !reduce(draft, error) || !prove(draft, block, &impossible, error))
        return FALSE;
    block->irreducible = !draft->cut_short;
    read_block(draft, block);
    gint64 shortfall = 0;
    if (!shortfall_of(draft, block->prices, &shortfall, error))
        return FALSE;
    if (!impossible || shortfall <= 0) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_SOLVER, "event: the cut does not prove the contradiction");
        return FALSE;
    }
    block->available = block->required - shortfall;
    return TRUE;
}

DjPlanBlock *dj_plan_explain(const DjPlanProblem *problem, GError **error)
{
    if (!dj_plan_problem_check(problem, error))
        return NULL;
    g_autoptr(DjPlanBlock) block = block_new(problem, error);
    if (!block)
        return NULL;
    block->irreducible = explain_single(problem, block);
    if (block->irreducible)
        return g_steal_pointer(&block);
    Draft draft = {0};
    draft_init(&draft, problem);
    gboolean impossible = FALSE;
    gboolean ok = prove(&draft, block, &impossible, error) && (!impossible || explain_flow(&draft, block, error));
    draft_clear(&draft);
    return ok && impossible ? g_steal_pointer(&block) : NULL;
}

static void relaxation_free(gpointer data)
{
    DjPlanRelaxation *relaxation = data;
    g_array_unref(relaxation->changes);
    g_free(relaxation);
}

static void add_change(DjPlanRelaxation *out, gboolean is_group, guint index, guint from, guint to)
{
    DjPlanChange change = {.is_group = is_group, .index = index, .from = from, .to = to};
    g_array_append_val(out->changes, change);
    out->missing += from > to ? from - to : to - from;
}

/* Compares what the soft selection does with the limits as they stand. */
static void read_changes(const DjPlanProblem *problem, const DjPlanSelection *selection, DjPlanRelaxation *out)
{
    g_autofree guint *met = g_new0(guint, problem->n_persons + 1);
    g_autofree guint *in_group = g_new0(guint, problem->n_groups + 1);
    for (guint k = 0; k < selection->n_pairs; k++)
        for (guint role = 0; role < 2; role++) {
            guint i = problem->pairs[selection->pairs[k]].who[role];
            met[i]++;
            for (guint g = problem->persons[i].group[role]; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
                in_group[g]++;
        }
    for (guint i = 0; i < problem->n_persons; i++) {
        guint need = dj_plan_person_need(problem, i), room = dj_plan_person_room(problem, i);
        if (out->kind == DJ_PLAN_LOWER_MINIMA && met[i] < need)
            add_change(out, FALSE, i, need, met[i]);
        if (out->kind == DJ_PLAN_RAISE_MAXIMA && met[i] > room)
            add_change(out, FALSE, i, room, met[i]);
    }
    for (guint g = 0; g < problem->n_groups; g++) {
        const DjPlanGroup *group = &problem->groups[g];
        if (out->kind == DJ_PLAN_LOWER_MINIMA && in_group[g] < group->min)
            add_change(out, TRUE, g, group->min, in_group[g]);
        if (out->kind == DJ_PLAN_RAISE_MAXIMA && in_group[g] > group->max)
            add_change(out, TRUE, g, group->max, in_group[g]);
    }
    guint seats = problem->slots * problem->tables;
    if (out->kind == DJ_PLAN_ADD_TABLES && selection->n_pairs > seats)
        add_change(out, FALSE, 0, problem->tables, (selection->n_pairs + problem->slots - 1) / problem->slots);
    out->value = selection->value;
}

static gint compare_relaxations(gconstpointer a, gconstpointer b)
{
    const DjPlanRelaxation *x = *(const DjPlanRelaxation *const *)a, *y = *(const DjPlanRelaxation *const *)b;
    if (x->missing != y->missing)
        return x->missing < y->missing ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return (gint)x->kind - (gint)y->kind;
}

GPtrArray *dj_plan_relax(const DjPlanProblem *problem, GError **error)
{
    static const DjPlanSoft soft[] = {
        [DJ_PLAN_LOWER_MINIMA] = DJ_PLAN_SOFT_MIN,
        [DJ_PLAN_RAISE_MAXIMA] = DJ_PLAN_SOFT_MAX,
        [DJ_PLAN_ADD_TABLES] = DJ_PLAN_SOFT_TABLES,
    };
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(relaxation_free);
    for (guint kind = 0; kind < G_N_ELEMENTS(soft); kind++) {
        DjPlanSelectOptions options = {.soft = soft[kind]};
        g_autoptr(DjPlanSelection) selection = dj_plan_select(problem, &options, error);
        if (!selection)
            return NULL;
        if (!selection->feasible)
            continue; /* no change of this kind helps */
        DjPlanRelaxation *relaxation = g_new0(DjPlanRelaxation, 1);
        relaxation->kind = (DjPlanRelaxKind)kind;
        relaxation->changes = g_array_new(FALSE, FALSE, sizeof(DjPlanChange));
        read_changes(problem, selection, relaxation);
        g_ptr_array_add(out, relaxation);
    }
    g_ptr_array_sort(out, compare_relaxations);
    return g_steal_pointer(&out);
}
