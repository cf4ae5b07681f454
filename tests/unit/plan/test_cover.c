/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of a coverage against every choice there is, on small instances: whole matrices of pairs of which the
 * lists show only a part, members and nested groups on both sides with floors that often cannot be kept, and crossing
 * floors. */
#include "engine/plan/cover.h"
#include <criterion/criterion.h>
#include <string.h>

enum { MAX_PAIRS = 14, MAX_MEMBERS = 5 };

typedef struct {
    DjCoverProblem problem; /* as the lists stand */
    GArray *all;            /* DjCoverPair: the whole matrix, by member 0, most points first */
    guint shown[MAX_MEMBERS], of[MAX_MEMBERS];
    guint n_calls;
    guint lists[MAX_PAIRS][3]; /* crossing floors of the pairs */
} Case;

static const DjCoverPair *all_pair(const Case *c, guint i)
{
    return &g_array_index(c->all, DjCoverPair, i);
}

static guint first_of(const Case *c, guint member)
{
    guint first = 0;
    for (guint m = 0; m < member; m++)
        first += c->of[m];
    return first;
}

static void show(Case *c, guint member, guint n)
{
    guint first = first_of(c, member);
    for (; c->shown[member] < MIN(n, c->of[member]); c->shown[member]++)
        g_array_append_val(c->problem.pairs, *all_pair(c, first + c->shown[member]));
    gint64 *kept_back = &g_array_index(c->problem.kept_back, gint64, member);
    *kept_back = c->shown[member] < c->of[member] ? all_pair(c, first + c->shown[member])->points : -1;
}

static gboolean deepen(DjCoverProblem *problem, const guint8 *wanted, gpointer user, GError **error)
{
    Case *c = user;
    (void)error;
    c->n_calls++;
    for (guint m = 0; m < problem->members[0]->len; m++)
        if (wanted[m])
            show(c, m, c->shown[m] + 1);
    return TRUE;
}

static GArray *nodes(GRand *rand, guint n, guint n_groups, gboolean members)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(DjCoverNode));
    for (guint i = 0; i < n; i++) {
        DjCoverNode node = {.least = (guint)g_rand_int_range(rand, 0, members ? 3 : 5),
                            .most = members ? (guint)g_rand_int_range(rand, 1, 4) : G_MAXINT32,
                            .parent = DJ_PLAN_NONE};
        guint above = members ? n_groups : i; /* a group's parent is a smaller group */
        if (above > 0 && g_rand_int_range(rand, 0, 4) > 0)
            node.parent = (guint)g_rand_int_range(rand, 0, (gint)above);
        g_array_append_val(list, node);
    }
    return list;
}

static gint by_member_then_points(gconstpointer a, gconstpointer b)
{
    const DjCoverPair *x = a, *y = b;
    if (x->member[0] != y->member[0])
        return x->member[0] < y->member[0] ? -1 : 1;
    return (x->points < y->points) - (x->points > y->points);
}

static void make_case(Case *c, GRand *rand, guint n_crossing)
{
    *c = (Case){.all = g_array_new(FALSE, FALSE, sizeof(DjCoverPair))};
    DjCoverProblem *p = &c->problem;
    guint n_groups[2], n[2];
    for (int side = 0; side < 2; side++) {
        n_groups[side] = (guint)g_rand_int_range(rand, 0, 3);
        n[side] = (guint)g_rand_int_range(rand, 1, MAX_MEMBERS);
        p->groups[side] = nodes(rand, n_groups[side], 0, FALSE);
        p->members[side] = nodes(rand, n[side], n_groups[side], TRUE);
    }
    p->pairs = g_array_new(FALSE, FALSE, sizeof(DjCoverPair));
    p->kept_back = g_array_new(FALSE, TRUE, sizeof(gint64));
    g_array_set_size(p->kept_back, n[0]);
    p->crossing = n_crossing ? g_array_new(FALSE, FALSE, sizeof(guint)) : NULL;
    for (guint f = 0; f < n_crossing; f++) {
        guint least = (guint)g_rand_int_range(rand, 1, 5);
        g_array_append_val(p->crossing, least);
    }
    for (guint a = 0; a < n[0]; a++)
        for (guint b = 0; b < n[1] && c->all->len < MAX_PAIRS; b++) {
            guint *list = c->lists[c->all->len], k = 0;
            if (g_rand_int_range(rand, 0, 4) == 0)
                continue;
            for (guint f = 0; f < n_crossing; f++)
                if (g_rand_boolean(rand))
                    list[k++] = f;
            list[k] = DJ_PLAN_NONE;
            DjCoverPair pair = {{a, b}, g_rand_int_range(rand, 0, 60), list};
            g_array_append_val(c->all, pair);
            c->of[a]++;
        }
    g_array_sort(c->all, by_member_then_points);
    p->deepen = deepen;
    p->user = c;
    p->max_rounds = 100;
    for (guint a = 0; a < n[0]; a++)
        show(c, a, (guint)g_rand_int_range(rand, 0, 3));
}

static void clear_case(Case *c)
{
    for (int side = 0; side < 2; side++) {
        g_array_unref(c->problem.members[side]);
        g_array_unref(c->problem.groups[side]);
    }
    g_array_unref(c->problem.pairs);
    g_array_unref(c->problem.kept_back);
    if (c->problem.crossing)
        g_array_unref(c->problem.crossing);
    g_array_unref(c->all);
}

static const DjCoverNode *member(const Case *c, int side, guint i)
{
    return &g_array_index(c->problem.members[side], DjCoverNode, i);
}

static gboolean under(const Case *c, int side, guint m, guint group)
{
    for (guint g = member(c, side, m)->parent; g != DJ_PLAN_NONE;
         g = g_array_index(c->problem.groups[side], DjCoverNode, g).parent)
        if (g == group)
            return TRUE;
    return FALSE;
}

/* Value of a choice of the whole matrix by the definition; FALSE when it breaks a limit. */
static gboolean value_of(const Case *c, guint mask, gint64 worth, gint64 *value)
{
    guint missing = 0;
    *value = 0;
    for (guint i = 0; i < c->all->len; i++)
        *value += mask >> i & 1 ? all_pair(c, i)->points : 0;
    for (int side = 0; side < 2; side++) {
        for (guint m = 0; m < c->problem.members[side]->len; m++) {
            guint n = 0, least = MIN(member(c, side, m)->least, member(c, side, m)->most);
            for (guint i = 0; i < c->all->len; i++)
                n += (mask >> i & 1) && all_pair(c, i)->member[side] == m;
            if (n > member(c, side, m)->most)
                return FALSE;
            missing += least > n ? least - n : 0;
        }
        for (guint g = 0; g < c->problem.groups[side]->len; g++) {
            guint n = 0, least = g_array_index(c->problem.groups[side], DjCoverNode, g).least;
            for (guint i = 0; i < c->all->len; i++)
                n += (mask >> i & 1) && under(c, side, all_pair(c, i)->member[side], g);
            missing += least > n ? least - n : 0;
        }
    }
    for (guint f = 0; c->problem.crossing && f < c->problem.crossing->len; f++) {
        guint n = 0, least = g_array_index(c->problem.crossing, guint, f);
        for (guint i = 0; i < c->all->len; i++)
            for (const guint *at = all_pair(c, i)->crossing; (mask >> i & 1) && *at != DJ_PLAN_NONE; at++)
                n += *at == f;
        missing += least > n ? least - n : 0;
    }
    *value -= worth * missing;
    return TRUE;
}

static gint64 best_of_all(const Case *c, gint64 worth)
{
    gint64 best = G_MININT64, value;
    for (guint mask = 0; mask < 1u << c->all->len; mask++)
        if (value_of(c, mask, worth, &value))
            best = MAX(best, value);
    return best;
}

static guint mask_of(const Case *c, const DjCoverChoice *choice)
{
    guint mask = 0;
    for (guint i = 0; i < c->problem.pairs->len; i++)
        for (guint k = 0; k < c->all->len; k++)
            if (choice->chosen[i] &&
                memcmp(all_pair(c, k)->member, g_array_index(c->problem.pairs, DjCoverPair, i).member,
                       sizeof(guint[2])) == 0)
                mask |= 1u << k;
    return mask;
}

Test(cover, nested_floors_are_exact_over_pairs_that_no_list_shows)
{
    GRand *rand = g_rand_new_with_seed(11);
    guint n_missing = 0, n_partly = 0;
    for (int round = 0; round < 400; round++) {
        Case c;
        g_autoptr(GError) error = NULL;
        g_auto(DjCoverChoice) choice = {0};
        make_case(&c, rand, 0);
        cr_assert(dj_cover_choose(&c.problem, &choice, &error), "%s", error ? error->message : "");
        gint64 value, best = best_of_all(&c, choice.worth);
        cr_assert(value_of(&c, mask_of(&c, &choice), choice.worth, &value), "round %d breaks a limit", round);
        cr_expect_eq(value, choice.value, "round %d", round);
        cr_expect_eq(choice.value, best, "round %d: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, round, choice.value,
                     best);
        cr_expect_eq(choice.bound, best, "round %d", round);
        n_missing += choice.missing > 0;
        n_partly += c.problem.pairs->len < c.all->len;
        clear_case(&c);
    }
    cr_expect_gt(n_missing, 50, "%u", n_missing);
    cr_expect_gt(n_partly, 50, "lists were always made complete"); /* or the prices prove nothing */
    g_rand_free(rand);
}

Test(cover, lists_that_cannot_be_deepened_leave_an_honest_gap)
{
    GRand *rand = g_rand_new_with_seed(12);
    guint n_gaps = 0;
    for (int round = 0; round < 200; round++) {
        Case c;
        g_auto(DjCoverChoice) choice = {0};
        make_case(&c, rand, 0);
        c.problem.max_rounds = 0;
        cr_assert(dj_cover_choose(&c.problem, &choice, NULL));
        gint64 best = best_of_all(&c, choice.worth);
        cr_expect(choice.value <= best && best <= choice.bound, "round %d", round);
        n_gaps += choice.value < choice.bound;
        clear_case(&c);
    }
    cr_expect_gt(n_gaps, 20);
    g_rand_free(rand);
}

Test(cover, crossing_floors_have_a_bound_and_a_small_gap)
{
    GRand *rand = g_rand_new_with_seed(13);
    guint n_exact = 0;
    const int rounds = 200;
    for (int round = 0; round < rounds; round++) {
        Case c;
        g_autoptr(GError) error = NULL;
        g_auto(DjCoverChoice) choice = {0};
        make_case(&c, rand, 1 + (guint)round % 2);
        cr_assert(dj_cover_choose(&c.problem, &choice, &error), "%s", error ? error->message : "");
        gint64 value, best = best_of_all(&c, choice.worth);
        cr_assert(value_of(&c, mask_of(&c, &choice), choice.worth, &value), "round %d breaks a limit", round);
        cr_expect_eq(value, choice.value, "round %d", round);
        cr_expect(choice.value <= best && best <= choice.bound,
                  "round %d: %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, round, choice.value, best,
                  choice.bound);
        n_exact += choice.value == best;
        clear_case(&c);
    }
    cr_expect_geq(n_exact, rounds * 7 / 10, "%u", n_exact);
    g_rand_free(rand);
}
