/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever was given a table for the evening sits there; then slot by slot. Whoever has a table takes it again if it is
 * free; the others take the table that is free for the longest of their further meetings, so that those who come later
 * do not push them away. */
#include "engine/plan/tables.h"

#include <stdlib.h>

typedef struct {
    guint person, meetings;
} Sitter;

static int compare_sitters(const void *a, const void *b)
{
    const Sitter *x = a, *y = b;
    if (x->meetings != y->meetings)
        return x->meetings > y->meetings ? -1 : 1;
    return x->person < y->person ? -1 : x->person > y->person;
}

/* Largest first; into the fullest table that has room, or into the emptiest. */
static guint pack(const DjPlanProblem *problem, const Sitter *sitters, guint n, gboolean fullest, guint *table_of)
{
    g_autofree guint *used = g_new0(guint, problem->tables);
    guint left = 0;
    for (guint k = 0; k < n; k++) {
        guint best = DJ_PLAN_NONE;
        for (guint t = 0; t < problem->tables; t++)
            if (used[t] + sitters[k].meetings <= problem->slots &&
                (best == DJ_PLAN_NONE || (fullest ? used[t] > used[best] : used[t] < used[best])))
                best = t;
        table_of[sitters[k].person] = best;
        if (best == DJ_PLAN_NONE)
            left++;
        else
            used[best] += sitters[k].meetings;
    }
    return left;
}

guint dj_plan_pack(const DjPlanProblem *problem, const guint *pairs, guint n, guint *table_of)
{
    g_autofree guint *met = g_new0(guint, problem->n_persons + 1);
    g_autofree Sitter *sitters = g_new(Sitter, problem->n_persons + 1);
    guint n_sitters = 0;
    for (guint k = 0; k < n; k++)
        met[problem->pairs[pairs[k]].who[1]]++;
    for (guint i = 0; i < problem->n_persons; i++) {
        table_of[i] = DJ_PLAN_NONE;
        if (met[i] > 0)
            sitters[n_sitters++] = (Sitter){.person = i, .meetings = met[i]};
    }
    qsort(sitters, n_sitters, sizeof *sitters, compare_sitters);
    guint left = pack(problem, sitters, n_sitters, FALSE, table_of);
    return left == 0 ? 0 : pack(problem, sitters, n_sitters, TRUE, table_of);
}

typedef struct {
    const DjPlanProblem *problem;
    DjPlanMeeting *meetings;
    guint n;
    gint *at;         /* slot * tables + table -> meeting or -1 */
    guint *own;       /* per person of role 1: its table, or DJ_PLAN_NONE */
    guint *last_slot; /* per person of role 1: its last meeting of the evening */
    guint *owner;     /* per table: who sat there last, or DJ_PLAN_NONE */
    guint8 *done;     /* per meeting */
} Seating;

static guint sitter(const Seating *s, guint meeting)
{
    return s->problem->pairs[s->meetings[meeting].pair].who[1];
}

static void seat(Seating *s, guint meeting, guint table)
{
    DjPlanMeeting *m = &s->meetings[meeting];
    m->table = table;
    s->at[(gsize)m->slot * s->problem->tables + table] = (gint)meeting;
    s->own[sitter(s, meeting)] = table;
    s->owner[table] = sitter(s, meeting);
    s->done[meeting] = TRUE;
}

/* A free table; one without a user who will come back is better, then the lowest number. */
static guint free_table(const Seating *s, guint slot)
{
    guint second = DJ_PLAN_NONE;
    for (guint table = 0; table < s->problem->tables; table++) {
        if (s->at[(gsize)slot * s->problem->tables + table] >= 0)
            continue;
        guint user = s->owner[table];
        if (user == DJ_PLAN_NONE || s->own[user] != table || s->last_slot[user] < slot)
            return table;
        if (second == DJ_PLAN_NONE)
            second = table;
    }
    return second;
}

static void seat_slot(Seating *s, const guint *order, guint first, guint end)
{
    guint slot = s->meetings[order[first]].slot;
    for (guint k = first; k < end; k++) {
        guint m = order[k];
        guint own = s->own[sitter(s, m)];
        if (!s->done[m] && own != DJ_PLAN_NONE && s->at[(gsize)slot * s->problem->tables + own] < 0 &&
            s->owner[own] == sitter(s, m))
            seat(s, m, own);
    }
    for (guint k = first; k < end; k++)
        if (!s->done[order[k]])
            seat(s, order[k], free_table(s, slot));
}

static void seat_packed(Seating *s)
{
    g_autofree guint *table_of = g_new(guint, s->problem->n_persons + 1);
    g_autofree guint *pairs = g_new(guint, s->n + 1);
    for (guint m = 0; m < s->n; m++)
        pairs[m] = s->meetings[m].pair;
    dj_plan_pack(s->problem, pairs, s->n, table_of);
    for (guint m = 0; m < s->n; m++) {
        guint table = table_of[sitter(s, m)];
        if (table != DJ_PLAN_NONE && s->at[(gsize)s->meetings[m].slot * s->problem->tables + table] < 0)
            seat(s, m, table);
    }
}

void dj_plan_seat(const DjPlanProblem *problem, DjPlanMeeting *meetings, guint n, const guint8 *keep)
{
    gsize cells = (gsize)problem->slots * problem->tables;
    g_autofree gint *at = g_new(gint, cells);
    g_autofree guint *own = g_new(guint, problem->n_persons + 1);
    g_autofree guint *last_slot = g_new0(guint, problem->n_persons + 1);
    g_autofree guint *owner = g_new(guint, problem->tables);
    g_autofree guint8 *done = g_new0(guint8, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    Seating s = {.problem = problem,
                 .meetings = meetings,
                 .n = n,
                 .at = at,
                 .own = own,
                 .last_slot = last_slot,
                 .owner = owner,
                 .done = done};
    for (gsize c = 0; c < cells; c++)
        at[c] = -1;
    for (guint i = 0; i < problem->n_persons; i++)
        own[i] = DJ_PLAN_NONE;
    for (guint table = 0; table < problem->tables; table++)
        owner[table] = DJ_PLAN_NONE;
    guint filled = 0;
    for (guint slot = 0; slot < problem->slots; slot++)
        for (guint m = 0; m < n; m++)
            if (meetings[m].slot == slot) {
                order[filled++] = m;
                last_slot[sitter(&s, m)] = slot;
            }
    /* what is kept comes first, latest slot first, so that a person's own table is that of the earliest kept meeting */
    for (guint k = n; keep && k-- > 0;)
        if (keep[order[k]])
            seat(&s, order[k], meetings[order[k]].table);
    if (!keep)
        seat_packed(&s);
    for (guint first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && meetings[order[end]].slot == meetings[order[first]].slot;)
            end++;
        seat_slot(&s, order, first, end);
    }
}
