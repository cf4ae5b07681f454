/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/event/peers.h"

#include <stdlib.h>

#ifdef HAVE_GLPK
#include <glpk.h>
#endif

typedef struct {
    const DjPlanProblem *problem;
    guint *met;
    guint64 *free;
    guint *load;
    guint8 *taken; /* per pair */
    PeerResult result;
} Evening;

static void evening_init(Evening *e, const DjPlanProblem *problem)
{
    *e = (Evening){.problem = problem};
    e->met = g_new0(guint, problem->n_persons);
    e->free = g_new0(guint64, problem->n_persons);
    e->load = g_new0(guint, problem->slots);
    e->taken = g_new0(guint8, problem->n_pairs + 1);
    for (guint i = 0; i < problem->n_persons; i++)
        e->free[i] = problem->persons[i].open & dj_plan_all_slots(problem);
}

static PeerResult evening_end(Evening *e)
{
    for (guint i = 0; i < e->problem->n_persons; i++)
        e->result.below_min += e->met[i] < e->problem->persons[i].min;
    g_free(e->met);
    g_free(e->free);
    g_free(e->load);
    g_free(e->taken);
    return e->result;
}

/* The emptiest slot that both have free, or the number of slots. */
static guint common_slot(const Evening *e, guint pair)
{
    const DjPlanPair *p = &e->problem->pairs[pair];
    guint64 open = e->free[p->who[0]] & e->free[p->who[1]];
    guint best = e->problem->slots;
    for (guint t = 0; t < e->problem->slots; t++)
        if ((open >> t & 1) && e->load[t] < e->problem->tables &&
            (best == e->problem->slots || e->load[t] < e->load[best]))
            best = t;
    return best;
}

static gboolean may_meet(const Evening *e, guint pair)
{
    const DjPlanPair *p = &e->problem->pairs[pair];
    return !e->taken[pair] && p->rule != DJ_PLAN_BAN && e->met[p->who[0]] < e->problem->persons[p->who[0]].max &&
           e->met[p->who[1]] < e->problem->persons[p->who[1]].max && common_slot(e, pair) < e->problem->slots;
}

static void hold(Evening *e, guint pair, guint slot)
{
    for (guint role = 0; role < 2; role++)
        e->free[e->problem->pairs[pair].who[role]] &= ~(G_GUINT64_CONSTANT(1) << slot);
}

static void meet(Evening *e, guint pair)
{
    guint slot = common_slot(e, pair);
    hold(e, pair, slot);
    e->load[slot]++;
    e->taken[pair] = 1;
    e->met[e->problem->pairs[pair].who[0]]++;
    e->met[e->problem->pairs[pair].who[1]]++;
    e->result.meetings++;
    e->result.value += e->problem->pairs[pair].points;
}

static int by_points(gconstpointer a, gconstpointer b, gpointer data)
{
    const DjPlanProblem *problem = data;
    guint x = *(const guint *)a, y = *(const guint *)b;
    if (problem->pairs[x].points != problem->pairs[y].points)
        return problem->pairs[x].points > problem->pairs[y].points ? -1 : 1;
    return x < y ? -1 : x > y;
}

static guint *best_first(const DjPlanProblem *problem)
{
    guint *order = g_new(guint, problem->n_pairs + 1);
    for (guint p = 0; p < problem->n_pairs; p++)
        order[p] = p;
    g_qsort_with_data(order, (gint)problem->n_pairs, sizeof *order, by_points, (gpointer)problem);
    return order;
}

static gboolean lacks(const Evening *e, guint person)
{
    return e->met[person] < e->problem->persons[person].min;
}

PeerResult peer_greedy(const DjPlanProblem *problem)
{
    Evening e;
    evening_init(&e, problem);
    g_autofree guint *order = best_first(problem);
    for (guint pass = 0; pass < 3; pass++)
        for (guint k = 0; k < problem->n_pairs; k++) {
            const DjPlanPair *pair = &problem->pairs[order[k]];
            gboolean now = pass == 0   ? pair->rule == DJ_PLAN_MUST
                           : pass == 1 ? lacks(&e, pair->who[0]) || lacks(&e, pair->who[1])
                                       : TRUE;
            if (now && may_meet(&e, order[k]))
                meet(&e, order[k]);
        }
    return evening_end(&e);
}

static guint64 next(guint64 *state)
{
    guint64 z = *state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

PeerResult peer_self_scheduling(const DjPlanProblem *problem, guint64 seed)
{
    Evening e;
    evening_init(&e, problem);
    g_autofree guint *order = best_first(problem);
    g_autofree guint *guests = g_new(guint, problem->n_persons + 1);
    gint64 top = 1;
    for (guint p = 0; p < problem->n_pairs; p++)
        top = MAX(top, problem->pairs[p].points);
    for (guint round = 0; round < problem->slots; round++) {
        for (guint i = 0; i < problem->n_persons; i++)
            guests[i] = i;
        for (guint i = problem->n_persons; i > 1; i--) {
            guint k = (guint)(next(&seed) % i), swap = guests[k];
            guests[k] = guests[i - 1];
            guests[i - 1] = swap;
        }
        for (guint g = 0; g < problem->n_persons; g++)
            for (guint k = 0; k < problem->n_pairs; k++) {
                guint pair = order[k];
                if (problem->pairs[pair].who[0] != guests[g] || !may_meet(&e, pair))
                    continue;
                guint percent = 40 + (guint)(problem->pairs[pair].points * 45 / top), luck = (guint)(next(&seed) % 100);
                if (luck < percent)
                    meet(&e, pair);
                else if (luck >= 90)
                    hold(&e, pair, common_slot(&e, pair)); /* never answered */
                e.taken[pair] = 1;
                break;
            }
    }
    return evening_end(&e);
}

gboolean peer_glpk(const DjPlanProblem *problem, guint seconds, gint64 *value)
{
#ifdef HAVE_GLPK
    glp_term_out(GLP_OFF);
    glp_prob *lp = glp_create_prob();
    glp_set_obj_dir(lp, GLP_MAX);
    guint n = problem->n_persons;
    glp_add_rows(lp, (int)n + 1);
    for (guint i = 0; i < n; i++) {
        guint low = problem->persons[i].min, high = dj_plan_person_room(problem, i);
        glp_set_row_bnds(lp, (int)i + 1, low == high ? GLP_FX : GLP_DB, low, high);
    }
    glp_set_row_bnds(lp, (int)n + 1, GLP_UP, 0, (double)problem->slots * problem->tables);
    glp_add_cols(lp, (int)problem->n_pairs);
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        int rows[4] = {0, (int)pair->who[0] + 1, (int)pair->who[1] + 1, (int)n + 1};
        double ones[4] = {0, 1, 1, 1};
        glp_set_mat_col(lp, (int)p + 1, 3, rows, ones);
        glp_set_obj_coef(lp, (int)p + 1, (double)pair->points);
        gboolean possible = pair->rule != DJ_PLAN_BAN && dj_plan_pair_open(problem, p) != 0;
        double low = pair->rule == DJ_PLAN_MUST;
        glp_set_col_bnds(lp, (int)p + 1, possible && low < 1 ? GLP_DB : GLP_FX, low, possible ? 1 : 0);
    }
    glp_smcp options;
    glp_init_smcp(&options);
    options.tm_lim = (int)seconds * 1000;
    gboolean ok = glp_simplex(lp, &options) == 0 && glp_get_status(lp) == GLP_OPT;
    *value = (gint64)(glp_get_obj_val(lp) + 0.5);
    glp_delete_prob(lp);
    glp_free_env();
    return ok;
#else
    (void)problem, (void)seconds, (void)value;
    return FALSE;
#endif
}
