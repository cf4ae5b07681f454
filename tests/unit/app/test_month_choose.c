/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of pages against every choice there is, on small random instances; and its bound. */
#include "app/month_cover.h"
#include <criterion/criterion.h>

typedef struct {
    const DjCoverCandidate *candidates;
    guint n, n_enterprises, n_patents, floor, most, cap;
    gint64 all; /* worth of one owed recommendation */
} Instance;

/* Value of a choice by the definition, -1 when it breaks a limit. */
static gint64 value_of(const Instance *in, guint mask)
{
    guint of_enterprise[8] = {0}, of_patent[8] = {0};
    gint64 value = 0;
    for (guint i = 0; i < in->n; i++)
        if (mask >> i & 1) {
            value += in->candidates[i].points;
            if (++of_enterprise[in->candidates[i].enterprise] > in->most ||
                ++of_patent[in->candidates[i].patent] > in->cap)
                return -1;
        }
    for (guint e = 0; e < in->n_enterprises; e++)
        value += in->all * MIN(of_enterprise[e], MIN(in->floor, in->most));
    return value;
}

Test(month_choose, is_the_best_of_all_choices_and_its_prices_prove_it)
{
    GRand *rand = g_rand_new_with_seed(7);
    for (int round = 0; round < 300; round++) {
        DjCoverCandidate candidates[12];
        Instance in = {.candidates = candidates,
                       .n_enterprises = (guint)g_rand_int_range(rand, 1, 5),
                       .n_patents = (guint)g_rand_int_range(rand, 1, 5),
                       .floor = (guint)g_rand_int_range(rand, 1, 4),
                       .most = (guint)g_rand_int_range(rand, 1, 5),
                       .cap = (guint)g_rand_int_range(rand, 1, 4),
                       .all = 1};
        for (guint e = 0; e < in.n_enterprises; e++)
            for (guint p = 0; p < in.n_patents && in.n < 12; p++)
                if (g_rand_int_range(rand, 0, 3) > 0) {
                    candidates[in.n++] = (DjCoverCandidate){e, p, g_rand_int_range(rand, 0, 100)};
                    in.all += candidates[in.n - 1].points;
                }
        guint8 chosen[12] = {0};
        gint64 value, bound, best = 0;
        g_autoptr(GError) error = NULL;
        cr_assert(dj_month_choose(candidates, in.n, in.n_enterprises, in.n_patents, in.floor, in.most, in.cap, chosen,
                                  &value, &bound, &error),
                  "%s", error ? error->message : "");
        guint mask = 0;
        for (guint i = 0; i < in.n; i++)
            mask |= (guint)chosen[i] << i;
        for (guint any = 0; any < 1u << in.n; any++)
            best = MAX(best, value_of(&in, any));
        cr_expect_eq(value_of(&in, mask), best, "round %d", round);
        cr_expect_eq(value, best, "round %d", round);
        cr_expect_eq(bound, best, "round %d", round);
    }
    g_rand_free(rand);
}
