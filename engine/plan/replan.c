/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breadth first over sets of released meetings. A set that leaves no plan comes back from the planner with the kept
 * meetings on which the proof rests, a conflict; every plan releases one of them, so the set is extended by each in
 * turn. A set that leaves a known conflict whole is extended without asking again. Whatever size has a plan first is
 * the smallest, and every set of that size that has a plan is met on the way. */
#include "engine/plan/replan.h"

#include "engine/plan/select.h"

#include <string.h>

enum { DEFAULT_PLANS = 200, MAX_SETS = 200000 };

typedef struct {
    const DjPlanProblem *problem;
    const DjPlanMeeting *published;
    guint n;
    guint8 *possible; /* per published meeting */
    const DjReplanOptions *options;
    GPtrArray *conflicts; /* DjPlanConflict met so far */
    GPtrArray *guesses;   /* the same, where the planner did not get to the end */
    guint8 *keep_slot;
    guint *keep_table;
    guint tried;
    gboolean reproducible; /* no plan was ended by the clock */
} Replanner;

void dj_replan_free(DjReplan *replan)
{
    if (!replan)
        return;
    dj_plan_free(replan->plan);
    g_free(replan->released);
    g_free(replan->cancelled);
    if (replan->conflicts)
        g_ptr_array_unref(replan->conflicts);
    g_free(replan);
}

static gboolean holds(const GArray *set, guint value)
{
    for (guint k = 0; k < set->len; k++)
        if (g_array_index(set, guint, k) == value)
            return TRUE;
    return FALSE;
}

static DjPlan *plan_without(Replanner *r, const GArray *released, GError **error)
{
    memset(r->keep_slot, DJ_PLAN_NO_SLOT, r->problem->n_pairs);
    for (guint k = 0; k < r->n; k++)
        if (r->possible[k] && !holds(released, k)) {
            r->keep_slot[r->published[k].pair] = (guint8)r->published[k].slot;
            r->keep_table[r->published[k].pair] = r->published[k].table;
        }
    DjPlanOptions options = r->options->plan;
    options.keep_slot = r->keep_slot;
    options.keep_table = r->keep_table;
    r->tried++;
    return dj_plan_make(r->problem, &options, error);
}

/* A published meeting in the new plan at its old slot was not given up after all. */
static void note_released(const Replanner *r, DjReplan *out)
{
    g_autofree guint8 *slot = g_malloc(r->problem->n_pairs + 1);
    memset(slot, DJ_PLAN_NO_SLOT, r->problem->n_pairs + 1);
    for (guint m = 0; out->plan->meetings && m < out->plan->n; m++)
        slot[out->plan->meetings[m].pair] = (guint8)out->plan->meetings[m].slot;
    out->released = g_new(guint, r->n + 1);
    out->cancelled = g_new(guint, r->n + 1);
    for (guint k = 0; k < r->n; k++) {
        if (!r->possible[k])
            out->cancelled[out->n_cancelled++] = k;
        else if (slot[r->published[k].pair] != r->published[k].slot)
            out->released[out->n_released++] = k;
    }
}

/* set + {k}, ascending, unless it was met already */
static void extend(const GArray *set, guint k, GHashTable *seen, GQueue *queue)
{
    GArray *longer = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_vals(longer, set->data, set->len);
    guint at = 0;
    while (at < longer->len && g_array_index(longer, guint, at) < k)
        at++;
    g_array_insert_val(longer, at, k);
    GBytes *name = g_bytes_new(longer->data, longer->len * sizeof(guint));
    if (g_hash_table_add(seen, name))
        g_queue_push_tail(queue, longer);
    else
        g_array_unref(longer);
}

/* The kept meetings on which the proof that there is no plan rests: they cannot all be kept. */
static DjPlanConflict *conflict_of(const Replanner *r, const DjPlan *plan, const GArray *released)
{
    DjPlanConflict *conflict = g_new0(DjPlanConflict, 1);
    conflict->meetings = g_new(guint, r->n + 1);
    for (guint k = 0; k < r->n; k++)
        if (r->possible[k] && plan->blamed[r->published[k].pair] && !holds(released, k))
            conflict->meetings[conflict->n++] = k;
    return conflict;
}

/* A conflict that the set leaves whole, or NULL. */
static const DjPlanConflict *find_conflict(const Replanner *r, const GArray *set)
{
    for (guint c = 0; c < r->conflicts->len; c++) {
        const DjPlanConflict *conflict = g_ptr_array_index(r->conflicts, c);
        gboolean hit = FALSE;
        for (guint k = 0; k < conflict->n && !hit; k++)
            hit = holds(set, conflict->meetings[k]);
        if (!hit)
            return conflict;
    }
    return NULL;
}

static void take_plan(DjReplan *out, DjPlan *plan)
{
    dj_plan_free(out->plan);
    out->plan = plan;
}

/* Asks the planner. *conflict: NULL where the set has a plan, else what every plan has to release more; it belongs to
 * the replanner. */
static gboolean ask(Replanner *r, const GArray *set, DjReplan *out, const DjPlanConflict **conflict, GError **error)
{
    g_autoptr(DjPlan) plan = plan_without(r, set, error);
    *conflict = NULL;
    if (!plan)
        return FALSE;
    r->reproducible = r->reproducible && plan->reproducible;
    if (plan->meetings && plan->status != DJ_PLAN_OPTIMAL)
        out->most = FALSE; /* more points may be possible with this set */
    if (!plan->meetings) {
        /* undecided: the set might have had a plan, and the conflict is a guess */
        gboolean sure = plan->status == DJ_PLAN_INFEASIBLE;
        DjPlanConflict *met = conflict_of(r, plan, set);
        g_ptr_array_add(sure ? r->conflicts : r->guesses, met);
        out->fewest = out->fewest && sure;
        *conflict = met;
    }
    gboolean first = !out->plan, planned = out->plan && out->plan->meetings;
    if (first || (plan->meetings && (!planned || plan->objective > out->plan->objective)))
        take_plan(out, g_steal_pointer(&plan));
    return TRUE;
}

/* No plan was found, and it is not proved that there is none: one that may give up everything. */
static gboolean give_up_all(Replanner *r, DjReplan *out, GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint k = 0; k < r->n; k++)
        g_array_append_val(all, k);
    DjPlan *plan = plan_without(r, all, error);
    if (plan)
        take_plan(out, plan);
    return plan != NULL;
}

static gboolean search(Replanner *r, DjReplan *out, GError **error)
{
    GQueue queue = G_QUEUE_INIT;
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    guint max_plans = r->options->max_plans > 0 ? r->options->max_plans : DEFAULT_PLANS;
    guint size = G_MAXUINT; /* of the sets that have a plan */
    gboolean ok = TRUE;
    out->fewest = out->most = TRUE;
    g_queue_push_tail(&queue, g_array_new(FALSE, FALSE, sizeof(guint)));
    while (ok && !g_queue_is_empty(&queue)) {
        g_autoptr(GArray) set = g_queue_pop_head(&queue);
        if (set->len > size)
            break;
        if (r->tried >= max_plans || g_hash_table_size(seen) >= MAX_SETS) {
            out->fewest = out->fewest && size < G_MAXUINT;
            out->most = FALSE;
            break;
        }
        const DjPlanConflict *conflict = find_conflict(r, set);
        ok = conflict || ask(r, set, out, &conflict, error);
        if (ok && !conflict)
            size = set->len;
        for (guint k = 0; conflict && k < conflict->n; k++)
            extend(set, conflict->meetings[k], seen, &queue);
    }
    g_queue_clear_full(&queue, (GDestroyNotify)g_array_unref);
    gboolean open = size == G_MAXUINT && !(out->fewest && out->most);
    return ok && (!open || give_up_all(r, out, error));
}

/* Does the limits' relaxation show the conflict by itself? Then its prices say so. */
static gboolean prove(const Replanner *r, DjPlanConflict *conflict, gboolean *proved, GError **error)
{
    guint blocked = DJ_PLAN_NONE;
    g_autofree DjPlanPair *pairs =
        dj_plan_kept_pairs(r->problem, r->published, conflict->meetings, conflict->n, &blocked);
    *proved = blocked != DJ_PLAN_NONE;
    if (*proved)
        return TRUE;
    DjPlanProblem kept = *r->problem;
    kept.pairs = pairs;
    g_autoptr(DjPlanSelection) selection = dj_plan_select(&kept, NULL, error);
    if (!selection)
        return FALSE;
    *proved = !selection->feasible;
    if (*proved)
        conflict->prices = g_steal_pointer(&selection->prices);
    return TRUE;
}

/* Hands out the conflicts that are proved by themselves, as few as prove as much. */
static gboolean certify(Replanner *r, DjReplan *out, GError **error)
{
    if (!out->plan->meetings) {
        out->conflicts = g_ptr_array_new();
        return TRUE;
    }
    for (guint c = r->conflicts->len; c-- > 0;) {
        gboolean proved = FALSE;
        if (!prove(r, g_ptr_array_index(r->conflicts, c), &proved, error))
            return FALSE;
        if (!proved)
            g_ptr_array_remove_index(r->conflicts, c);
    }
    out->bound = dj_plan_fewest_hits(r->conflicts);
    for (guint c = r->conflicts->len; c-- > 0;) {
        DjPlanConflict *left_out = g_ptr_array_steal_index(r->conflicts, c);
        if (dj_plan_fewest_hits(r->conflicts) == out->bound)
            dj_plan_conflict_free(left_out);
        else
            g_ptr_array_insert(r->conflicts, (gint)c, left_out);
    }
    out->conflicts = g_ptr_array_ref(r->conflicts);
    return TRUE;
}

DjReplan *dj_plan_again(const DjPlanProblem *problem, const DjPlanMeeting *published, guint n,
                        const DjReplanOptions *options, GError **error)
{
    static const DjReplanOptions none = {0};
    if (!dj_plan_problem_check(problem, error))
        return NULL;
    g_autofree guint8 *possible = g_new0(guint8, n + 1);
    g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func(dj_plan_conflict_free);
    g_autoptr(GPtrArray) guesses = g_ptr_array_new_with_free_func(dj_plan_conflict_free);
    for (guint k = 0; k < n; k++)
        possible[k] = dj_plan_can_keep(problem, &published[k]);
    g_autofree guint8 *keep_slot = g_malloc(problem->n_pairs + 1);
    g_autofree guint *keep_table = g_new0(guint, problem->n_pairs + 1);
    Replanner r = {.problem = problem,
                   .published = published,
                   .n = n,
                   .possible = possible,
                   .options = options ? options : &none,
                   .conflicts = conflicts,
                   .guesses = guesses,
                   .reproducible = TRUE,
                   .keep_slot = keep_slot,
                   .keep_table = keep_table};
    g_autoptr(DjReplan) out = g_new0(DjReplan, 1);
    if (!search(&r, out, error) || !certify(&r, out, error))
        return NULL;
    out->plan->reproducible = r.reproducible;
    note_released(&r, out);
    return g_steal_pointer(&out);
}
