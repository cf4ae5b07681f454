/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threshold accepting (Dueck and Scheuer, 1990) with a falling integer threshold; the best plan seen is what stays. */
#include "engine/plan/polish.h"

#include "engine/plan/comfort.h"

#include <stdlib.h>
#include <string.h>

enum {
    WORK_PER_MEETING = 6000, /* meetings moved or looked at, for each meeting of the plan */
    MAX_WORK = 16000000,
    CHANGE_WEIGHT = 1 << 26, /* a table change outweighs any number of idle slots */
};

typedef struct {
    const DjPlanProblem *problem;
    DjPlanMeeting *meetings;
    guint n;
    const guint8 *keep;
    gint *person_at; /* person * slots + slot -> meeting or -1 */
    gint *table_at;  /* table * slots + slot -> meeting or -1 */
    guint64 *busy;   /* per person */
    guint *mark;     /* per meeting: round in which it was collected */
    guint *seen;     /* per person: the same */
    guint *chain;    /* meetings that hang together */
    guint n_chain, round;
    guint64 work, random;
} Polish;

static guint below(Polish *p, guint n)
{
    /* splitmix64: published by Steele, Lea and Flood, 2014 */
    guint64 z = p->random += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return (guint)((z ^ (z >> 31)) % n);
}

static guint who(const Polish *p, guint m, guint role)
{
    return p->problem->pairs[p->meetings[m].pair].who[role];
}

static gint *seat(const Polish *p, guint m)
{
    return &p->table_at[(gsize)p->meetings[m].table * p->problem->slots + p->meetings[m].slot];
}

static gint *place(const Polish *p, guint m, guint role)
{
    return &p->person_at[(gsize)who(p, m, role) * p->problem->slots + p->meetings[m].slot];
}

static void collect(Polish *p, gint m)
{
    if (m < 0 || p->mark[m] == p->round)
        return;
    p->mark[m] = p->round;
    p->chain[p->n_chain++] = (guint)m;
}

/* All meetings of the slots a and b that hang together with `start`; FALSE when one of them cannot change its slot. */
static gboolean gather(Polish *p, guint start, guint a, guint b)
{
    const guint slots = p->problem->slots;
    p->round++;
    p->n_chain = 0;
    collect(p, (gint)start);
    for (guint k = 0; k < p->n_chain; k++) {
        guint m = p->chain[k], to = p->meetings[m].slot == a ? b : a;
        if ((p->keep && p->keep[m]) || !(dj_plan_pair_open(p->problem, p->meetings[m].pair) >> to & 1))
            return FALSE;
        for (guint role = 0; role < 2; role++)
            collect(p, p->person_at[(gsize)who(p, m, role) * slots + to]);
        collect(p, p->table_at[(gsize)p->meetings[m].table * slots + to]);
    }
    return TRUE;
}

static void swap_chain(Polish *p, guint a, guint b)
{
    const guint64 both = G_GUINT64_CONSTANT(1) << a | G_GUINT64_CONSTANT(1) << b;
    for (guint k = 0; k < p->n_chain; k++) {
        guint m = p->chain[k];
        *seat(p, m) = -1;
        for (guint role = 0; role < 2; role++) {
            *place(p, m, role) = -1;
            p->busy[who(p, m, role)] &= ~(G_GUINT64_CONSTANT(1) << p->meetings[m].slot & both);
        }
    }
    for (guint k = 0; k < p->n_chain; k++) {
        guint m = p->chain[k];
        p->meetings[m].slot = p->meetings[m].slot == a ? b : a;
        *seat(p, m) = (gint)m;
        for (guint role = 0; role < 2; role++) {
            *place(p, m, role) = (gint)m;
            p->busy[who(p, m, role)] |= G_GUINT64_CONSTANT(1) << p->meetings[m].slot;
        }
    }
}

static guint changes_of(const Polish *p, guint person)
{
    guint changes = 0, last = DJ_PLAN_NONE;
    for (guint64 left = p->busy[person]; left; left &= left - 1) {
        gint m = p->person_at[(gsize)person * p->problem->slots + (guint)__builtin_ctzll(left)];
        if (who(p, (guint)m, 1) != person)
            continue;
        guint table = p->meetings[m].table;
        changes += last != DJ_PLAN_NONE && table != last;
        last = table;
    }
    return changes;
}

/* What the persons of the chain put up with. */
static gint64 burden(Polish *p)
{
    gint64 sum = 0;
    p->round++;
    for (guint k = 0; k < p->n_chain; k++)
        for (guint role = 0; role < 2; role++) {
            guint i = who(p, p->chain[k], role);
            if (p->seen[i] == p->round)
                continue;
            p->seen[i] = p->round;
            sum += (gint64)CHANGE_WEIGHT * changes_of(p, i) + dj_plan_idle_of(p->problem, i, p->busy[i]);
        }
    return sum;
}

static void swap_tables(Polish *p, guint m, gint there, guint from, guint to)
{
    *seat(p, m) = there;
    p->meetings[m].table = to;
    *seat(p, m) = (gint)m;
    if (there >= 0)
        p->meetings[there].table = from;
}

/* Tries one exchange; the change of the burden, 0 where nothing was done. */
static gint64 exchange(Polish *p, gint64 threshold)
{
    guint start = below(p, p->n), a = p->meetings[start].slot, b = below(p, p->problem->slots);
    p->work++;
    if (a == b)
        return 0;
    gboolean can = gather(p, start, a, b);
    p->work += p->n_chain;
    if (!can)
        return 0;
    gint64 before = burden(p);
    swap_chain(p, a, b);
    gint64 change = burden(p) - before;
    p->work += 2 * (guint64)p->n_chain;
    if (change <= threshold)
        return change;
    swap_chain(p, a, b);
    return 0;
}

/* Tries to bring a meeting to the table of another one of the same sitter; whoever is there takes its table. */
static gint64 reseat(Polish *p, gint64 threshold)
{
    guint m = below(p, p->n), sitter = who(p, m, 1);
    gint own = p->person_at[(gsize)sitter * p->problem->slots + below(p, p->problem->slots)];
    p->work++;
    if (own < 0 || who(p, (guint)own, 1) != sitter || p->meetings[own].table == p->meetings[m].table)
        return 0;
    guint from = p->meetings[m].table, to = p->meetings[own].table;
    gint there = p->table_at[(gsize)to * p->problem->slots + p->meetings[m].slot];
    if (p->keep && (p->keep[m] || (there >= 0 && p->keep[there])))
        return 0;
    p->n_chain = 0;
    p->chain[p->n_chain++] = m;
    if (there >= 0)
        p->chain[p->n_chain++] = (guint)there;
    gint64 before = burden(p);
    swap_tables(p, m, there, from, to);
    gint64 change = burden(p) - before;
    p->work += 2;
    if (change <= threshold)
        return change;
    swap_tables(p, m, there, to, from);
    return 0;
}

static void run(Polish *p)
{
    const DjPlanComfort start = dj_plan_comfort(p->problem, p->meetings, p->n);
    const guint64 work = MIN((guint64)WORK_PER_MEETING * p->n, MAX_WORK);
    const gint64 goal = (gint64)CHANGE_WEIGHT * start.table_bound + start.idle_bound;
    gint64 now = (gint64)CHANGE_WEIGHT * start.table_changes + start.idle, best = now;
    g_autofree DjPlanMeeting *best_plan = g_memdup2(p->meetings, sizeof *p->meetings * p->n);
    while (p->work < work && best > goal) {
        /* thresholds 3, 2, 1, 0: a quarter of the work each */
        gint64 threshold = 3 - (gint64)(p->work * 4 / work);
        gboolean seats = now >= CHANGE_WEIGHT && below(p, 4) == 0;
        now += seats ? reseat(p, threshold) : exchange(p, threshold);
        if (now < best) {
            best = now;
            memcpy(best_plan, p->meetings, sizeof *p->meetings * p->n);
        }
    }
    memcpy(p->meetings, best_plan, sizeof *p->meetings * p->n);
}

void dj_plan_polish(const DjPlanProblem *problem, DjPlanMeeting *meetings, guint n, const guint8 *keep)
{
    gsize cells = (gsize)problem->n_persons * problem->slots, seats = (gsize)problem->tables * problem->slots;
    if (n < 2 || problem->slots < 2)
        return;
    g_autofree gint *person_at = g_new(gint, cells);
    g_autofree gint *table_at = g_new(gint, seats);
    g_autofree guint64 *busy = g_new0(guint64, problem->n_persons);
    g_autofree guint *marks = g_new0(guint, 2 * (gsize)n + problem->n_persons);
    memset(person_at, 0xff, cells * sizeof *person_at);
    memset(table_at, 0xff, seats * sizeof *table_at);
    Polish p = {.problem = problem,
                .meetings = meetings,
                .n = n,
                .keep = keep,
                .person_at = person_at,
                .table_at = table_at,
                .busy = busy,
                .mark = marks,
                .chain = marks + n,
                .seen = marks + 2 * (gsize)n,
                .random = 1};
    for (guint m = 0; m < n; m++) {
        *seat(&p, m) = (gint)m;
        for (guint role = 0; role < 2; role++) {
            *place(&p, m, role) = (gint)m;
            busy[who(&p, m, role)] |= G_GUINT64_CONSTANT(1) << meetings[m].slot;
        }
    }
    run(&p);
    qsort(meetings, n, sizeof *meetings, dj_plan_compare_places);
}
