/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/comfort.h"

static guint count_bits(guint64 bits)
{
    return (guint)__builtin_popcountll(bits);
}

/* Bits `from` to `to`, both included. */
static guint64 stretch(guint from, guint to)
{
    return (G_MAXUINT64 >> (63 - to)) & (G_MAXUINT64 << from);
}

guint dj_plan_idle_of(const DjPlanProblem *problem, guint person, guint64 busy)
{
    if (busy == 0)
        return 0;
    guint first = (guint)__builtin_ctzll(busy), last = 63 - (guint)__builtin_clzll(busy);
    return count_bits(problem->persons[person].open & stretch(first, last) & ~busy);
}

/* ---- the least that one person waits ---- */

typedef struct {
    guint64 open[DJ_PLAN_SLOTS_MAX]; /* per meeting: slots in which both are there */
    guint n;
    guint64 within;              /* slots that may be used */
    gint8 at[DJ_PLAN_SLOTS_MAX]; /* slot -> meeting or -1 */
} Matching;

/* Augmenting path (Kuhn): puts meeting m into a slot that no path has tried yet. */
static gboolean place(Matching *matching, guint m, guint64 *tried)
{
    for (guint64 left = matching->open[m] & matching->within & ~*tried; left;
         left = matching->open[m] & matching->within & ~*tried) {
        guint t = (guint)__builtin_ctzll(left);
        *tried |= G_GUINT64_CONSTANT(1) << t;
        if (matching->at[t] < 0 || place(matching, (guint)matching->at[t], tried)) {
            matching->at[t] = (gint8)m;
            return TRUE;
        }
    }
    return FALSE;
}

/* Can all meetings be placed in the slots from..to? */
static gboolean fits(Matching *matching, guint64 within)
{
    matching->within = within;
    for (guint t = 0; t < DJ_PLAN_SLOTS_MAX; t++)
        matching->at[t] = -1;
    for (guint m = 0; m < matching->n; m++) {
        guint64 tried = 0;
        if (!place(matching, m, &tried))
            return FALSE;
    }
    return TRUE;
}

static guint least_idle(const DjPlanProblem *problem, guint person, Matching *matching)
{
    guint64 open = problem->persons[person].open & dj_plan_all_slots(problem);
    guint least = G_MAXUINT;
    for (guint from = 0; from < problem->slots; from++)
        for (guint to = from; to < problem->slots; to++) {
            guint64 within = open & stretch(from, to);
            if (count_bits(within) < matching->n || count_bits(within) - matching->n >= least)
                continue;
            if (!fits(matching, within))
                continue;
            least = count_bits(within) - matching->n;
            if (least == 0)
                return 0;
            break; /* a longer stretch from here waits longer */
        }
    return least == G_MAXUINT ? 0 : least; /* never: the plan itself is such a stretch */
}

/* ---- counting ---- */

typedef struct {
    guint64 *busy; /* per person */
    guint *met[2]; /* per person and role: number of meetings */
    guint *first;  /* per person: where its meetings begin in `list` */
    guint *list;   /* meetings by person */
} Counts;

static void count(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n, Counts *c)
{
    for (guint m = 0; m < n; m++)
        for (guint role = 0; role < 2; role++) {
            guint i = problem->pairs[meetings[m].pair].who[role];
            c->busy[i] |= G_GUINT64_CONSTANT(1) << meetings[m].slot;
            c->met[role][i]++;
        }
    guint at = 0;
    for (guint i = 0; i < problem->n_persons; i++) {
        c->first[i] = at;
        at += c->met[0][i] + c->met[1][i];
    }
    g_autofree guint *filled = g_new0(guint, problem->n_persons + 1);
    for (guint m = 0; m < n; m++)
        for (guint role = 0; role < 2; role++) {
            guint i = problem->pairs[meetings[m].pair].who[role];
            c->list[c->first[i] + filled[i]++] = m;
        }
}

static guint idle_bound(const DjPlanProblem *problem, const DjPlanMeeting *meetings, const Counts *c)
{
    guint bound = 0;
    for (guint i = 0; i < problem->n_persons; i++) {
        Matching matching = {.n = c->met[0][i] + c->met[1][i]};
        if (matching.n < 2)
            continue;
        for (guint k = 0; k < matching.n; k++)
            matching.open[k] = dj_plan_pair_open(problem, meetings[c->list[c->first[i] + k]].pair);
        bound += least_idle(problem, i, &matching);
    }
    return bound;
}

static guint table_changes(const DjPlanProblem *problem, const DjPlanMeeting *meetings, const Counts *c)
{
    guint changes = 0, table[DJ_PLAN_SLOTS_MAX];
    for (guint i = 0; i < problem->n_persons; i++) {
        guint64 sits = 0;
        for (guint k = c->first[i]; k < c->first[i] + c->met[0][i] + c->met[1][i]; k++) {
            const DjPlanMeeting *meeting = &meetings[c->list[k]];
            if (problem->pairs[meeting->pair].who[1] != i)
                continue;
            sits |= G_GUINT64_CONSTANT(1) << meeting->slot;
            table[meeting->slot] = meeting->table;
        }
        guint last = DJ_PLAN_NONE;
        for (; sits; sits &= sits - 1) {
            guint now = table[__builtin_ctzll(sits)];
            changes += last != DJ_PLAN_NONE && now != last;
            last = now;
        }
    }
    return changes;
}

static guint table_bound(const DjPlanProblem *problem, const Counts *c)
{
    guint bound = 0;
    for (guint j = 1; j <= problem->slots; j++) {
        guint many = 0; /* persons with more than slots / (j + 1) meetings */
        for (guint i = 0; i < problem->n_persons; i++)
            many += c->met[1][i] * (j + 1) > problem->slots;
        if (many > (guint64)j * problem->tables)
            bound = MAX(bound, many - j * problem->tables);
    }
    return bound;
}

DjPlanComfort dj_plan_comfort(const DjPlanProblem *problem, const DjPlanMeeting *meetings, guint n)
{
    gsize persons = (gsize)problem->n_persons + 1;
    g_autofree guint64 *busy = g_new0(guint64, persons);
    g_autofree guint *counts = g_new0(guint, 3 * persons);
    g_autofree guint *list = g_new0(guint, 2 * (gsize)n + 1);
    Counts c = {.busy = busy, .met = {counts, counts + persons}, .first = counts + 2 * persons, .list = list};
    count(problem, meetings, n, &c);
    DjPlanComfort out = {.table_changes = table_changes(problem, meetings, &c),
                         .table_bound = table_bound(problem, &c),
                         .idle_bound = idle_bound(problem, meetings, &c)};
    for (guint i = 0; i < problem->n_persons; i++)
        out.idle += dj_plan_idle_of(problem, i, busy[i]);
    return out;
}
