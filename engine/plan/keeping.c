/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/keeping.h"

enum { MAX_HIT_STEPS = 200000 };

void dj_plan_conflict_free(gpointer data)
{
    DjPlanConflict *conflict = data;
    if (!conflict)
        return;
    g_free(conflict->meetings);
    dj_plan_prices_free(conflict->prices);
    g_free(conflict);
}

gboolean dj_plan_can_keep(const DjPlanProblem *problem, const DjPlanMeeting *published)
{
    return published->pair < problem->n_pairs && problem->pairs[published->pair].rule != DJ_PLAN_BAN &&
           published->slot < problem->slots && published->table < problem->tables &&
           (dj_plan_pair_open(problem, published->pair) >> published->slot & 1);
}

DjPlanPair *dj_plan_kept_pairs(const DjPlanProblem *problem, const DjPlanMeeting *published, const guint *kept, guint n,
                               guint *blocked)
{
    g_autofree guint64 *busy = g_new0(guint64, problem->n_persons + 1);
    g_autofree guint8 *stays = g_new0(guint8, problem->n_pairs + 1);
    DjPlanPair *pairs = g_new(DjPlanPair, problem->n_pairs + 1);
    *blocked = DJ_PLAN_NONE;
    for (guint k = 0; k < n; k++) {
        const DjPlanMeeting *meeting = &published[kept[k]];
        stays[meeting->pair] = 1;
        for (guint role = 0; role < 2; role++)
            busy[problem->pairs[meeting->pair].who[role]] |= G_GUINT64_CONSTANT(1) << meeting->slot;
    }
    for (guint p = 0; p < problem->n_pairs; p++) {
        pairs[p] = problem->pairs[p];
        if (stays[p]) {
            pairs[p].rule = DJ_PLAN_MUST;
            continue;
        }
        guint64 taken = busy[pairs[p].who[0]] | busy[pairs[p].who[1]];
        if (dj_plan_pair_open(problem, p) & ~taken)
            continue;
        if (pairs[p].rule == DJ_PLAN_MUST && *blocked == DJ_PLAN_NONE)
            *blocked = p;
        pairs[p].rule = DJ_PLAN_BAN;
    }
    return pairs;
}

static gboolean unproved(GError **error, const char *why)
{
    g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INVALID, "conflict of published meetings: %s", why);
    return FALSE;
}

gboolean dj_plan_check_conflict(const DjPlanProblem *problem, const DjPlanMeeting *published,
                                const DjPlanConflict *conflict, GError **error)
{
    for (guint k = 0; k < conflict->n; k++)
        if (!dj_plan_can_keep(problem, &published[conflict->meetings[k]]))
            return unproved(error, "one of them is impossible by itself");
    guint blocked = DJ_PLAN_NONE;
    g_autofree DjPlanPair *pairs = dj_plan_kept_pairs(problem, published, conflict->meetings, conflict->n, &blocked);
    if (blocked != DJ_PLAN_NONE)
        return TRUE;
    if (!conflict->prices)
        return unproved(error, "no must-meet is left without a slot");
    DjPlanProblem kept = *problem;
    kept.pairs = pairs;
    gint64 bound = 0;
    if (!dj_plan_bound(&kept, conflict->prices, TRUE, &bound, error))
        return FALSE;
    return bound < 0 || unproved(error, "its prices do not prove it");
}

typedef struct {
    const GPtrArray *conflicts;
    GArray *chosen; /* meetings */
    guint64 steps;
} Hitting;

static gboolean is_hit(const Hitting *h, const DjPlanConflict *conflict)
{
    for (guint k = 0; k < conflict->n; k++)
        for (guint c = 0; c < h->chosen->len; c++)
            if (conflict->meetings[k] == g_array_index(h->chosen, guint, c))
                return TRUE;
    return FALSE;
}

/* Can `more` further meetings hit what is not hit yet? TRUE as well when the work runs out: then nothing is proved. */
static gboolean can_hit(Hitting *h, guint more)
{
    const DjPlanConflict *shortest = NULL;
    if (h->steps++ >= MAX_HIT_STEPS)
        return TRUE;
    for (guint c = 0; c < h->conflicts->len; c++) {
        const DjPlanConflict *conflict = g_ptr_array_index(h->conflicts, c);
        if ((!shortest || conflict->n < shortest->n) && !is_hit(h, conflict))
            shortest = conflict;
    }
    if (!shortest)
        return TRUE;
    for (guint k = 0; k < shortest->n && more > 0; k++) {
        g_array_append_val(h->chosen, shortest->meetings[k]);
        gboolean can = can_hit(h, more - 1);
        g_array_set_size(h->chosen, h->chosen->len - 1);
        if (can)
            return TRUE;
    }
    return FALSE;
}

guint dj_plan_fewest_hits(const GPtrArray *conflicts)
{
    for (guint c = 0; c < conflicts->len; c++)
        if (((const DjPlanConflict *)g_ptr_array_index(conflicts, c))->n == 0)
            return G_MAXUINT;
    Hitting h = {.conflicts = conflicts, .chosen = g_array_new(FALSE, FALSE, sizeof(guint))};
    guint fewest = 0;
    while (!can_hit(&h, fewest))
        fewest++;
    g_array_unref(h.chosen);
    return fewest;
}
