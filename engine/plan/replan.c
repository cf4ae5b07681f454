/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breadth first over sets of released meetings. A set that leaves no plan comes back from the planner with the kept
 * meetings on which the proof rests; every plan releases one of them, so the set is extended by each in turn. Whatever
 * size has a plan first is the smallest, and every set of that size that has a plan is met on the way. */
#include "engine/plan/replan.h"

#include <string.h>

enum { DEFAULT_PLANS = 200 };

typedef struct {
    const DjPlanProblem *problem;
    const DjPlanMeeting *published;
    guint n;
    guint8 *possible; /* per published meeting */
    const DjReplanOptions *options;
    guint8 *keep_slot;
    guint *keep_table;
    guint tried;
} Replanner;

void dj_replan_free(DjReplan *replan)
{
    if (!replan)
        return;
    dj_plan_free(replan->plan);
    g_free(replan->released);
    g_free(replan->cancelled);
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

static gboolean search(Replanner *r, DjReplan *out, GError **error)
{
    GQueue queue = G_QUEUE_INIT;
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    g_queue_push_tail(&queue, g_array_new(FALSE, FALSE, sizeof(guint)));
    guint max_plans = r->options->max_plans > 0 ? r->options->max_plans : DEFAULT_PLANS;
    guint size = G_MAXUINT; /* of the sets that have a plan */
    gboolean ok = TRUE;
    out->fewest = TRUE;
    while (ok && !g_queue_is_empty(&queue)) {
        g_autoptr(GArray) set = g_queue_pop_head(&queue);
        if (set->len > size)
            break;
        if (r->tried >= max_plans && out->plan) {
            out->fewest = out->fewest && out->plan->meetings != NULL;
            break;
        }
        g_autoptr(DjPlan) plan = plan_without(r, set, error);
        ok = plan != NULL;
        if (!ok)
            break;
        if (plan->status == DJ_PLAN_UNDECIDED)
            out->fewest = FALSE; /* this set might have had a plan */
        if (plan->meetings) {
            size = set->len;
            if (!out->plan || !out->plan->meetings || plan->objective > out->plan->objective) {
                dj_plan_free(out->plan);
                out->plan = g_steal_pointer(&plan);
            }
        } else {
            for (guint k = 0; k < r->n; k++)
                if (r->possible[k] && plan->blamed[r->published[k].pair] && !holds(set, k))
                    extend(set, k, seen, &queue);
            if (!out->plan)
                out->plan = g_steal_pointer(&plan);
        }
    }
    g_queue_clear_full(&queue, (GDestroyNotify)g_array_unref);
    return ok;
}

DjReplan *dj_plan_again(const DjPlanProblem *problem, const DjPlanMeeting *published, guint n,
                        const DjReplanOptions *options, GError **error)
{
    static const DjReplanOptions none = {0};
    if (!dj_plan_problem_check(problem, error))
        return NULL;
    g_autofree guint8 *possible = g_new0(guint8, n + 1);
    for (guint k = 0; k < n; k++) {
        const DjPlanMeeting *old = &published[k];
        if (old->pair >= problem->n_pairs)
            continue;
        possible[k] = problem->pairs[old->pair].rule != DJ_PLAN_BAN && old->slot < problem->slots &&
                      old->table < problem->tables && (dj_plan_pair_open(problem, old->pair) >> old->slot & 1);
    }
    g_autofree guint8 *keep_slot = g_malloc(problem->n_pairs + 1);
    g_autofree guint *keep_table = g_new0(guint, problem->n_pairs + 1);
    Replanner r = {.problem = problem,
                   .published = published,
                   .n = n,
                   .possible = possible,
                   .options = options ? options : &none,
                   .keep_slot = keep_slot,
                   .keep_table = keep_table};
    g_autoptr(DjReplan) out = g_new0(DjReplan, 1);
    if (!search(&r, out, error))
        return NULL;
    note_released(&r, out);
    return g_steal_pointer(&out);
}
