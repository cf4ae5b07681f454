/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slot by slot. Whoever has a table takes it again if it is free; the others take the table that is free for the
 * longest of their further meetings, so that those who come later do not push them away. */
#include "engine/plan/tables.h"

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

static guint count_changes(const Seating *s, const guint *order)
{
    guint changes = 0;
    for (guint i = 0; i < s->problem->n_persons; i++)
        s->own[i] = DJ_PLAN_NONE;
    for (guint k = 0; k < s->n; k++) {
        guint i = sitter(s, order[k]), table = s->meetings[order[k]].table;
        changes += s->own[i] != DJ_PLAN_NONE && s->own[i] != table;
        s->own[i] = table;
    }
    return changes;
}

guint dj_plan_seat(const DjPlanProblem *problem, DjPlanMeeting *meetings, guint n, const guint8 *keep)
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
    for (guint first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && meetings[order[end]].slot == meetings[order[first]].slot;)
            end++;
        seat_slot(&s, order, first, end);
    }
    return count_changes(&s, order);
}
