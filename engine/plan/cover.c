/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/cover.h"
#include "engine/plan/cover_flow.h"
#include <string.h>

#define MAX_CUTS 80 /* of one round; then the gap says how far it came */

void dj_cover_choice_clear(DjCoverChoice *choice)
{
    g_free(choice->chosen);
    for (int side = 0; side < 2; side++) {
        g_free(choice->lacks_member[side]);
        g_free(choice->lacks_group[side]);
    }
    g_free(choice->lacks_crossing);
    *choice = (DjCoverChoice){0};
}

/* ---- counting ---- */

static const DjCoverPair *pair_at(const DjCoverProblem *problem, guint i)
{
    return &g_array_index(problem->pairs, DjCoverPair, i);
}

static guint n_crossing(const DjCoverProblem *problem)
{
    return problem->crossing ? problem->crossing->len : 0;
}

/* Chosen pairs of every crossing floor. */
static void count_crossing(const DjCoverProblem *problem, const guint8 *chosen, guint *n)
{
    memset(n, 0, n_crossing(problem) * sizeof *n);
    for (guint i = 0; i < problem->pairs->len; i++)
        for (const guint *f = chosen[i] ? pair_at(problem, i)->crossing : NULL; f && *f != DJ_PLAN_NONE; f++)
            n[*f]++;
}

/* Turns a count into what is missing. */
static guint lack(guint *n, guint least)
{
    return *n = least > *n ? least - *n : 0;
}

static void count_side(const DjCoverProblem *problem, DjCoverChoice *choice, int side)
{
    const GArray *members = problem->members[side], *groups = problem->groups[side];
    guint *of_member = g_new0(guint, MAX(members->len, 1)), *of_group = g_new0(guint, MAX(groups->len, 1));
    for (guint i = 0; i < problem->pairs->len; i++)
        of_member[pair_at(problem, i)->member[side]] += choice->chosen[i];
    for (guint m = 0; m < members->len; m++)
        for (guint g = g_array_index(members, DjCoverNode, m).parent; g != DJ_PLAN_NONE;
             g = g_array_index(groups, DjCoverNode, g).parent)
            of_group[g] += of_member[m];
    g_free(choice->lacks_member[side]);
    g_free(choice->lacks_group[side]);
    choice->lacks_member[side] = of_member;
    choice->lacks_group[side] = of_group;
    for (guint m = 0; m < members->len; m++) {
        const DjCoverNode *member = &g_array_index(members, DjCoverNode, m);
        choice->missing += lack(&of_member[m], MIN(member->least, member->most));
    }
    for (guint g = 0; g < groups->len; g++)
        choice->missing += lack(&of_group[g], g_array_index(groups, DjCoverNode, g).least);
}

void dj_cover_count(const DjCoverProblem *problem, DjCoverChoice *choice)
{
    choice->points = 0;
    choice->missing = 0;
    for (guint i = 0; i < problem->pairs->len; i++)
        choice->points += choice->chosen[i] ? pair_at(problem, i)->points : 0;
    for (int side = 0; side < 2; side++)
        count_side(problem, choice, side);
    g_free(choice->lacks_crossing);
    choice->lacks_crossing = g_new0(guint, n_crossing(problem) + 1);
    count_crossing(problem, choice->chosen, choice->lacks_crossing);
    for (guint f = 0; f < n_crossing(problem); f++)
        choice->missing += lack(&choice->lacks_crossing[f], g_array_index(problem->crossing, guint, f));
    choice->value = choice->points - choice->worth * choice->missing;
}

/* ---- one round: the pairs as they are ---- */

/* More than all points that can be had, listed or kept back. FALSE: the sums would not fit. */
static gboolean find_worth(const DjCoverProblem *problem, gint64 *worth)
{
    __int128 points = 1, owed = 1;
    for (guint i = 0; i < problem->pairs->len; i++)
        points += pair_at(problem, i)->points;
    for (guint m = 0; m < problem->members[0]->len; m++)
        if (problem->kept_back)
            points += (__int128)MAX(0, g_array_index(problem->kept_back, gint64, m)) *
                      g_array_index(problem->members[0], DjCoverNode, m).most;
    for (int side = 0; side < 2; side++) {
        for (guint g = 0; g < problem->groups[side]->len; g++)
            owed += g_array_index(problem->groups[side], DjCoverNode, g).least;
        for (guint m = 0; m < problem->members[side]->len; m++)
            owed += g_array_index(problem->members[side], DjCoverNode, m).least;
    }
    for (guint f = 0; f < n_crossing(problem); f++)
        owed += g_array_index(problem->crossing, guint, f);
    *worth = (gint64)points;
    return points * owed < G_GINT64_CONSTANT(1) << 60;
}

static void take_better(const DjCoverProblem *problem, DjCoverChoice *choice, const guint8 *chosen, gboolean first)
{
    DjCoverChoice other = {.chosen = g_memdup2(chosen, MAX(problem->pairs->len, 1)),
                           .worth = choice->worth,
                           .bound = choice->bound,
                           .n_rounds = choice->n_rounds,
                           .n_flows = choice->n_flows};
    dj_cover_count(problem, &other);
    if (first || other.value > choice->value) {
        dj_cover_choice_clear(choice);
        *choice = other;
    } else {
        dj_cover_choice_clear(&other);
    }
}

/* Lagrange's bound at these prices, the choice that reaches it, and the plane that it adds to the master. */
static gboolean try_prices(const DjCoverProblem *problem, DjCoverChoice *choice, const gint64 *price, gboolean first,
                           guint8 *short_of, DjCoverMaster *master, GError **error)
{
    guint n = n_crossing(problem), n_members = problem->members[0]->len;
    g_autofree guint8 *chosen = g_new0(guint8, MAX(problem->pairs->len, 1)),
                      *lacking = g_new0(guint8, MAX(n_members, 1));
    gint64 bound;
    if (!dj_cover_flow(problem, choice->worth, n > 0 ? price : NULL, chosen, &bound, lacking, error))
        return FALSE;
    choice->n_flows++;
    gint64 height = bound; /* of the plane: the bound less what these prices earn */
    g_autofree guint *count = g_new0(guint, n + 1);
    g_autofree gint64 *slope = g_new0(gint64, n + 1);
    count_crossing(problem, chosen, count);
    for (guint f = 0; f < n; f++) {
        gint64 owed = g_array_index(problem->crossing, guint, f);
        slope[f] = (gint64)count[f] - owed;
        height -= price[f] * (gint64)count[f];
        bound -= price[f] * owed;
    }
    if (first || bound < choice->bound) {
        choice->bound = bound;
        memcpy(short_of, lacking, n_members);
    }
    take_better(problem, choice, chosen, first);
    if (master)
        dj_cover_master_add(master, height, slope);
    return TRUE;
}

static gboolean choose_crossing(const DjCoverProblem *problem, DjCoverChoice *choice, gint64 *price, guint8 *short_of,
                                GError **error)
{
    guint n = n_crossing(problem);
    gint64 box = 1, least;
    for (guint i = 0; i < problem->pairs->len; i++)
        box = MAX(box, pair_at(problem, i)->points);
    g_autoptr(DjCoverMaster) master = dj_cover_master_new(n);
    for (guint f = 0; f < n; f++)
        price[f] = MIN(price[f], choice->worth); /* what is missing costs no more; worth falls as lists get longer */
    for (guint cut = 0; cut < MAX_CUTS; cut++) {
        if (!try_prices(problem, choice, price, cut == 0, short_of, master, error))
            return FALSE;
        if (choice->bound == choice->value)
            break;
        if (!dj_cover_master_solve(master, box, price, &least, error))
            return FALSE;
        gboolean edge = FALSE;
        for (guint f = 0; f < n; f++)
            edge = edge || price[f] == box;
        if (edge && box < choice->worth) /* a floor that costs more than a pair is worth */
            box = MIN(choice->worth, 8 * box);
        else if (least >= choice->bound)
            break; /* the bound is as low as it gets */
    }
    return TRUE;
}

gboolean dj_cover_choose(DjCoverProblem *problem, DjCoverChoice *choice, GError **error)
{
    *choice = (DjCoverChoice){0};
    g_autoptr(GArray) price =
        g_array_new(FALSE, TRUE, sizeof(gint64)); /* of the crossing floors; deepening may add some */
    for (guint round = 0;; round++) {
        g_array_set_size(price, n_crossing(problem) + 1);
        gint64 *prices = (gint64 *)(gpointer)price->data;
        g_autofree guint8 *short_of = g_new0(guint8, MAX(problem->members[0]->len, 1));
        if (!find_worth(problem, &choice->worth)) {
            g_set_error_literal(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INPUT,
                                "coverage: points and floors are too large for 64-bit sums");
            return FALSE;
        }
        choice->n_rounds = round;
        if (!(n_crossing(problem) > 0 ? choose_crossing(problem, choice, prices, short_of, error)
                                      : try_prices(problem, choice, prices, TRUE, short_of, NULL, error)))
            return FALSE;
        if (!problem->deepen || round == problem->max_rounds || !memchr(short_of, 1, problem->members[0]->len))
            return TRUE;
        if (!problem->deepen(problem, short_of, problem->user, error))
            return FALSE;
    }
}
