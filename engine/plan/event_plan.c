/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/event_plan.h"

#include "engine/plan/polish.h"

#include <stdlib.h>
#include <string.h>

void dj_event_plan_meeting_free(gpointer data)
{
    DjEventMeeting *meeting = data;
    g_free(meeting->who[0]);
    g_free(meeting->who[1]);
    g_free(meeting->need_key);
    g_free(meeting->patent_key);
    g_free(meeting);
}

void dj_event_plan_free(DjEventPlan *session)
{
    if (!session)
        return;
    dj_event_problem_free(session->numbers);
    dj_plan_free(session->plan);
    g_array_unref(session->changes);
    g_free(session->possible);
    g_free(session->old);
    dj_replan_free(session->moves);
    dj_plan_block_free(session->block);
    dj_plan_clash_free(session->clash);
    if (session->relaxations)
        g_ptr_array_unref(session->relaxations);
    g_free(session);
}

/* Where both persons still are in the event and may meet, the pair; otherwise DJ_PLAN_NONE. */
static GHashTable *index_pairs(const DjEvent *event)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint p = 0; p < event->pairs->len; p++) {
        const DjEventPair *pair = dj_event_pair(event, p);
        g_hash_table_insert(index,
                            g_strdup_printf("%s\n%s", dj_event_person(event, pair->who[0])->id,
                                            dj_event_person(event, pair->who[1])->id),
                            GUINT_TO_POINTER(p + 1));
    }
    return index;
}

static DjPlanMeeting *find_published(const DjEvent *event, const GPtrArray *published)
{
    g_autoptr(GHashTable) index = index_pairs(event);
    DjPlanMeeting *out = g_new0(DjPlanMeeting, published->len + 1);
    for (guint k = 0; k < published->len; k++) {
        const DjEventMeeting *old = g_ptr_array_index(published, k);
        g_autofree char *key = g_strdup_printf("%s\n%s", old->who[0], old->who[1]);
        guint found = GPOINTER_TO_UINT(g_hash_table_lookup(index, key));
        out[k] = (DjPlanMeeting){.pair = found - 1, .slot = old->slot, .table = old->table};
    }
    return out;
}

static int compare_changes(gconstpointer a, gconstpointer b)
{
    const DjEventChange *x = a, *y = b;
    if (x->kind != y->kind)
        return (int)x->kind - (int)y->kind;
    int order = g_strcmp0(x->who[0], y->who[0]);
    return order ? order : g_strcmp0(x->who[1], y->who[1]);
}

static void list_changes(DjEventPlan *session, const GPtrArray *published)
{
    const DjPlanMeeting *old = session->old;
    const DjReplan *replan = session->moves;
    const DjEvent *event = session->event;
    const DjPlan *plan = session->plan;
    g_autofree guint *now = g_new0(guint, event->pairs->len + 1);
    g_autofree gboolean *before = g_new0(gboolean, event->pairs->len + 1);
    g_autofree gboolean *impossible = g_new0(gboolean, published->len + 1);
    for (guint m = 0; m < plan->n; m++)
        now[plan->meetings[m].pair] = m + 1;
    for (guint k = 0; k < replan->n_cancelled; k++)
        impossible[replan->cancelled[k]] = TRUE;
    for (guint k = 0; k < published->len; k++) {
        const DjEventMeeting *was = g_ptr_array_index(published, k);
        const DjPlanMeeting *is = NULL;
        if (old[k].pair != DJ_PLAN_NONE) {
            before[old[k].pair] = TRUE;
            if (now[old[k].pair] > 0)
                is = &plan->meetings[now[old[k].pair] - 1];
        }
        if (is && is->slot == was->slot && is->table == was->table)
            continue;
        DjEventChange change = {.who = {was->who[0], was->who[1]},
                                .old_slot = was->slot,
                                .old_table = was->table,
                                .slot = is ? is->slot : DJ_PLAN_NONE,
                                .table = is ? is->table : DJ_PLAN_NONE,
                                .pair = old[k].pair,
                                .forced = impossible[k]};
        if (is)
            change.kind = is->slot == was->slot ? DJ_EVENT_PLAN_RESEATED : DJ_EVENT_PLAN_MOVED;
        else
            change.kind = impossible[k] ? DJ_EVENT_PLAN_CANCELLED : DJ_EVENT_PLAN_DROPPED;
        g_array_append_val(session->changes, change);
    }
    for (guint m = 0; m < plan->n; m++) {
        guint p = plan->meetings[m].pair;
        if (before[p])
            continue;
        const DjEventPair *pair = dj_event_pair(event, p);
        DjEventChange change = {
            .kind = DJ_EVENT_PLAN_ADDED,
            .who = {dj_event_person(event, pair->who[0])->id, dj_event_person(event, pair->who[1])->id},
            .old_slot = DJ_PLAN_NONE,
            .old_table = DJ_PLAN_NONE,
            .slot = plan->meetings[m].slot,
            .table = plan->meetings[m].table,
            .pair = p};
        g_array_append_val(session->changes, change);
    }
    g_array_sort(session->changes, compare_changes);
}

/* More comfort with the same pairs; published meetings that kept their slot stay where they are. */
static void polish(DjEventPlan *session, const DjPlanMeeting *published, guint n)
{
    const DjPlanProblem *problem = &session->numbers->problem;
    DjPlan *plan = session->plan;
    g_autofree guint8 *slot = g_malloc(problem->n_pairs + 1);
    g_autofree guint8 *keep = g_new0(guint8, plan->n + 1);
    memset(slot, DJ_PLAN_NO_SLOT, problem->n_pairs + 1);
    for (guint k = 0; k < n; k++)
        if (published[k].pair != DJ_PLAN_NONE)
            slot[published[k].pair] = (guint8)published[k].slot;
    for (guint m = 0; m < plan->n; m++)
        keep[m] = slot[plan->meetings[m].pair] == plan->meetings[m].slot;
    dj_plan_polish(problem, plan->meetings, plan->n, keep);
    session->comfort = dj_plan_comfort(problem, plan->meetings, plan->n);
}

typedef struct {
    guint table, chain, meetings;
    gboolean spare;
} Place;

static int compare_tables(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->spare != y->spare)
        return x->spare ? 1 : -1;
    if (x->chain != y->chain)
        return x->chain < y->chain ? -1 : 1;
    return x->table < y->table ? -1 : x->table > y->table;
}

static int compare_use(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->meetings != y->meetings)
        return x->meetings < y->meetings ? -1 : 1;
    return x->table > y->table ? -1 : x->table < y->table;
}

/* Numbers the tables so that those of one chain stand together and the least used ones are the spare ones, last; who
 * meets whom and when stays. Chains come in the order of the persons, and a table belongs to the chain of its first
 * meeting. */
static void number_tables(DjEventPlan *session)
{
    const DjEvent *event = session->event;
    DjPlan *plan = session->plan;
    g_autoptr(GHashTable) chains = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree Place *places = g_new0(Place, session->tables);
    g_autofree guint *number = g_new(guint, session->tables);
    for (guint t = 0; t < session->tables; t++)
        places[t] = (Place){.table = t, .chain = G_MAXUINT};
    for (guint i = 0; i < event->persons->len; i++) {
        const char *chain = dj_event_person(event, i)->chain;
        if (chain && !g_hash_table_contains(chains, chain))
            g_hash_table_insert(chains, (gpointer)chain, GUINT_TO_POINTER(g_hash_table_size(chains)));
    }
    for (guint m = plan->n; m-- > 0;) {
        const char *chain = dj_event_person(event, dj_event_pair(event, plan->meetings[m].pair)->who[1])->chain;
        places[plan->meetings[m].table].chain =
            chain ? GPOINTER_TO_UINT(g_hash_table_lookup(chains, chain)) : G_MAXUINT - 1;
        places[plan->meetings[m].table].meetings++;
    }
    qsort(places, session->tables, sizeof *places, compare_use);
    for (guint t = 0; t < session->tables - event->tables; t++)
        places[t].spare = TRUE;
    qsort(places, session->tables, sizeof *places, compare_tables);
    for (guint t = 0; t < session->tables; t++)
        number[places[t].table] = t;
    for (guint m = 0; m < plan->n; m++)
        plan->meetings[m].table = number[plan->meetings[m].table];
    qsort(plan->meetings, plan->n, sizeof *plan->meetings, dj_plan_compare_places);
}

static gboolean replan(DjEventPlan *session, const GPtrArray *published, const DjPlanOptions *options, GError **error)
{
    session->published = published;
    session->old = find_published(session->event, published);
    DjReplanOptions again = {0};
    if (options)
        again.plan = *options;
    session->moves = dj_plan_again(&session->numbers->problem, session->old, published->len, &again, error);
    if (!session->moves)
        return FALSE;
    session->plan = g_steal_pointer(&session->moves->plan);
    session->replanned = TRUE;
    if (session->plan->meetings) {
        polish(session, session->old, published->len);
        list_changes(session, published);
    }
    return TRUE;
}

static gboolean apply_fairness(DjEventPlan *session, GError **error)
{
    DjEventProblem *numbers = session->numbers;
    switch (session->event->fairness) {
    case DJ_EVENT_FAIR_COUNTS:
        return dj_plan_favour_counts(&numbers->problem, numbers->persons, error);
    case DJ_EVENT_FAIR_BEST:
        return dj_plan_favour_best(&numbers->problem, numbers->persons, &session->threshold, error);
    default:
        return TRUE;
    }
}

static gboolean find_clash(DjEventPlan *session, GError **error)
{
    if (session->plan->status != DJ_PLAN_INFEASIBLE || session->block)
        return TRUE;
    g_autoptr(GError) why = NULL;
    session->clash = dj_plan_clash(&session->numbers->problem, &why);
    if (!why)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
}

/* With so many tables. */
static DjEventPlan *make(const DjEvent *event, guint tables, const GPtrArray *published, guint version,
                         const DjPlanOptions *options, GError **error)
{
    g_autoptr(DjEventPlan) session = g_new0(DjEventPlan, 1);
    session->event = event;
    session->version = version;
    session->tables = tables;
    session->changes = g_array_new(FALSE, FALSE, sizeof(DjEventChange));
    session->numbers = dj_event_problem(event, error);
    if (!session->numbers)
        return NULL;
    session->numbers->problem.tables = tables;
    session->possible = dj_plan_possible_points(&session->numbers->problem);
    g_autoptr(GError) why = NULL;
    session->block = dj_plan_explain(&session->numbers->problem, &why);
    if (why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return NULL;
    }
    if (session->block) {
        session->relaxations = dj_plan_relax(&session->numbers->problem, error);
        if (!session->relaxations)
            return NULL;
    } else {
        session->priced = TRUE;
        if (!dj_plan_price(&session->numbers->problem, &session->price, error) || !apply_fairness(session, error))
            return NULL;
    }
    if (published) {
        if (!replan(session, published, options, error))
            return NULL;
    } else {
        session->plan = dj_plan_make(&session->numbers->problem, options, error);
        if (session->plan && session->plan->meetings) {
            polish(session, NULL, 0);
            number_tables(session);
        }
    }
    if (session->plan && !find_clash(session, error))
        return NULL;
    return session->plan ? g_steal_pointer(&session) : NULL;
}

static gboolean is_refused(const DjEventPlan *session)
{
    return session && session->plan->status == DJ_PLAN_INFEASIBLE;
}

/* The fewest tables that the limits ask for, more than there are; the timetable may ask for more. */
static guint tables_wanted(const DjEventPlan *session)
{
    for (guint k = 0; session->relaxations && k < session->relaxations->len; k++) {
        const DjPlanRelaxation *way = g_ptr_array_index(session->relaxations, k);
        if (way->kind == DJ_PLAN_ADD_TABLES && way->changes->len > 0)
            return g_array_index(way->changes, DjPlanChange, 0).to;
    }
    return session->tables + 1;
}

DjEventPlan *dj_event_plan_make(const DjEvent *event, const GPtrArray *published, guint version,
                                const DjPlanOptions *options, GError **error)
{
    guint low = event->tables, high = event->tables + event->spare_tables;
    /* a table that was opened before stays open: people have its number */
    for (guint k = 0; published && k < published->len; k++)
        low = MAX(low, MIN(high, ((const DjEventMeeting *)g_ptr_array_index(published, k))->table + 1));
    DjEventPlan *best = make(event, low, published, version, options, error);
    if (!is_refused(best) || low == high)
        return best;
    low = MIN(high, tables_wanted(best));
    dj_event_plan_free(best);
    best = make(event, high, published, version, options, error);
    if (!best || !best->plan->meetings)
        return best;
    /* more tables never make a plan impossible; the first guess is nearly always the answer */
    for (guint next = low; low < high; next = low + (high - low) / 2) {
        g_autoptr(DjEventPlan) other = make(event, next, published, version, options, error);
        if (!other) {
            dj_event_plan_free(best);
            return NULL;
        }
        gboolean by_clock = !other->plan->reproducible;
        if (other->plan->meetings) {
            dj_event_plan_free(best);
            best = g_steal_pointer(&other);
            high = next;
        } else {
            low = next + 1;
        }
        if (by_clock) {
            best->plan->reproducible = FALSE;
            break;
        }
    }
    return best;
}

gint64 dj_event_plan_bound(const DjEventPlan *session)
{
    const DjPlan *plan = session->plan;
    return plan->meetings ? plan->value + (plan->bound - plan->objective) : plan->bound;
}

DjEventProof dj_event_plan_proof(const DjEventPlan *session)
{
    const DjPlan *plan = session->plan;
    if (!plan->meetings || plan->status != DJ_PLAN_OPTIMAL)
        return DJ_EVENT_PLAN_UNPROVED;
    if (session->replanned && !session->moves->most && plan->bound != plan->objective)
        return DJ_EVENT_PLAN_UNPROVED;
    return plan->bound == plan->objective ? DJ_EVENT_PLAN_BY_CERTIFICATE : DJ_EVENT_PLAN_BY_SEARCH;
}

DjEventProof dj_event_plan_moves_proof(const DjEventPlan *session)
{
    const DjReplan *moves = session->moves;
    if (moves->bound == moves->n_released)
        return DJ_EVENT_PLAN_BY_CERTIFICATE;
    return moves->fewest ? DJ_EVENT_PLAN_BY_SEARCH : DJ_EVENT_PLAN_UNPROVED;
}

guint dj_event_plan_count_changes(const DjEventPlan *session, guint n[DJ_EVENT_PLAN_ADDED + 1])
{
    guint forced = 0;
    memset(n, 0, (DJ_EVENT_PLAN_ADDED + 1) * sizeof *n);
    for (guint k = 0; k < session->changes->len; k++) {
        const DjEventChange *change = &g_array_index(session->changes, DjEventChange, k);
        n[change->kind]++;
        forced += change->kind == DJ_EVENT_PLAN_MOVED && change->forced;
    }
    return forced;
}
