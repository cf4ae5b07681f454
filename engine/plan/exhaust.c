/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A place is a pair in a slot. An unmet requirement needs one more of its open places; each is tried in turn and closed
 * for the turns after it, so that no set of meetings is looked at twice. Meetings that no requirement asks for are
 * never needed. */
#include "engine/plan/exhaust.h"

enum { MEETINGS_MAX = 2000 };

typedef struct {
    const DjPlanProblem *problem;
    guint64 work;
    guint *met;     /* per person */
    guint *good;    /* per person: meetings that reach best_from */
    guint *members; /* per group: meetings of its members */
    guint *seated;  /* per slot */
    guint64 *busy;  /* per person: slots */
    guint64 *open;  /* per pair: places not closed; a pair that meets has none */
    guint8 *meets;  /* per pair */
    guint n;
} Search;

/* Takes or takes back a meeting. */
static void place(Search *s, guint p, guint slot, gboolean take)
{
    const DjPlanPair *pair = &s->problem->pairs[p];
    guint step = take ? 1 : (guint)-1;
    for (guint role = 0; role < 2; role++) {
        guint i = pair->who[role];
        const DjPlanPerson *person = &s->problem->persons[i];
        s->met[i] += step;
        s->busy[i] ^= G_GUINT64_CONSTANT(1) << slot;
        if (person->best_from > 0 && pair->points >= person->best_from)
            s->good[i] += step;
        for (guint g = person->group[role]; g != DJ_PLAN_NONE; g = s->problem->groups[g].parent)
            s->members[g] += step;
    }
    s->seated[slot] += step;
    s->meets[p] = take;
    s->n += step;
}

static guint64 places_of(Search *s, guint p)
{
    const DjPlanProblem *problem = s->problem;
    const DjPlanPair *pair = &problem->pairs[p];
    if (s->meets[p])
        return 0;
    guint64 places = s->open[p];
    for (guint role = 0; role < 2 && places; role++) {
        guint i = pair->who[role];
        places &= ~s->busy[i];
        if (s->met[i] >= problem->persons[i].max)
            return 0;
        for (guint g = problem->persons[i].group[role]; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
            if (problem->groups[g].max != DJ_PLAN_NONE && s->members[g] >= problem->groups[g].max)
                return 0;
    }
    for (guint t = 0; t < problem->slots; t++)
        if (s->seated[t] >= problem->tables)
            places &= ~(G_GUINT64_CONSTANT(1) << t);
    return places;
}

typedef struct {
    enum { MUST_MEET, COUNT, GOOD, FLOOR } kind;
    guint index;
} Requirement;

static gboolean in_group(const DjPlanProblem *problem, guint person, guint role, guint group)
{
    for (guint g = problem->persons[person].group[role]; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
        if (g == group)
            return TRUE;
    return FALSE;
}

static gboolean serves(const DjPlanProblem *problem, guint p, const Requirement *r)
{
    const DjPlanPair *pair = &problem->pairs[p];
    switch (r->kind) {
    case MUST_MEET:
        return p == r->index;
    case FLOOR:
        return in_group(problem, pair->who[problem->groups[r->index].role], problem->groups[r->index].role, r->index);
    case GOOD:
        if (pair->points < problem->persons[r->index].best_from)
            return FALSE;
        /* fall through */
    default:
        return pair->who[0] == r->index || pair->who[1] == r->index;
    }
}

/* Places that would serve it; at least `missing` of them have to be used. */
static guint count_places(Search *s, const Requirement *r)
{
    guint n = 0;
    s->work -= MIN(s->work, s->problem->n_pairs);
    for (guint p = 0; p < s->problem->n_pairs; p++)
        if (serves(s->problem, p, r))
            n += (guint)__builtin_popcountll(places_of(s, p));
    return n;
}

static void consider(Search *s, Requirement r, guint missing, Requirement *best, guint *fewest)
{
    if (missing == 0 || *fewest == 0 || s->work == 0)
        return;
    guint n = count_places(s, &r);
    if (n < missing)
        n = 0;
    if (n < *fewest) {
        *fewest = n;
        *best = r;
    }
}

/* FALSE: everything is met. *fewest 0: something cannot be met any more. */
static gboolean choose(Search *s, Requirement *best, guint *fewest)
{
    const DjPlanProblem *problem = s->problem;
    *fewest = G_MAXUINT;
    for (guint p = 0; p < problem->n_pairs; p++)
        if (problem->pairs[p].rule == DJ_PLAN_MUST)
            consider(s, (Requirement){MUST_MEET, p}, !s->meets[p], best, fewest);
    for (guint i = 0; i < problem->n_persons; i++) {
        const DjPlanPerson *person = &problem->persons[i];
        consider(s, (Requirement){COUNT, i}, person->min - MIN(person->min, s->met[i]), best, fewest);
        consider(s, (Requirement){GOOD, i}, person->best_from > 0 && s->good[i] == 0, best, fewest);
    }
    for (guint g = 0; g < problem->n_groups; g++)
        consider(s, (Requirement){FLOOR, g}, problem->groups[g].min - MIN(problem->groups[g].min, s->members[g]), best,
                 fewest);
    return *fewest != G_MAXUINT;
}

static DjPlanExhaust search(Search *s);

/* All places of one pair in turn; they stay closed until the requirement has been tried wholly. */
static DjPlanExhaust try_pair(Search *s, guint p)
{
    for (guint64 places = places_of(s, p); places; places &= places - 1) {
        guint slot = (guint)__builtin_ctzll(places);
        s->open[p] &= ~(G_GUINT64_CONSTANT(1) << slot);
        place(s, p, slot, TRUE);
        DjPlanExhaust found = search(s);
        place(s, p, slot, FALSE);
        if (found != DJ_PLAN_EXHAUST_NONE)
            return found;
    }
    return DJ_PLAN_EXHAUST_NONE;
}

static DjPlanExhaust search(Search *s)
{
    Requirement r = {0};
    guint fewest = 0;
    gboolean unmet = choose(s, &r, &fewest);
    if (s->work == 0 || s->n >= MEETINGS_MAX)
        return DJ_PLAN_EXHAUST_LIMIT;
    if (!unmet)
        return DJ_PLAN_EXHAUST_SOME;
    if (fewest == 0)
        return DJ_PLAN_EXHAUST_NONE;
    g_autofree guint64 *before = g_memdup2(s->open, s->problem->n_pairs * sizeof *before);
    DjPlanExhaust found = DJ_PLAN_EXHAUST_NONE;
    for (guint p = 0; p < s->problem->n_pairs && found == DJ_PLAN_EXHAUST_NONE; p++)
        if (serves(s->problem, p, &r))
            found = try_pair(s, p);
    for (guint p = 0; p < s->problem->n_pairs; p++)
        s->open[p] = before[p];
    return found;
}

DjPlanExhaust dj_plan_exhaust(const DjPlanProblem *problem, guint64 work)
{
    gsize n = problem->n_persons + 1;
    g_autofree guint *counts = g_new0(guint, 2 * n + problem->n_groups + problem->slots);
    g_autofree guint64 *busy = g_new0(guint64, n);
    g_autofree guint64 *open = g_new0(guint64, problem->n_pairs + 1);
    g_autofree guint8 *meets = g_new0(guint8, problem->n_pairs + 1);
    Search s = {.problem = problem,
                .work = work,
                .met = counts,
                .good = counts + n,
                .members = counts + 2 * n,
                .seated = counts + 2 * n + problem->n_groups,
                .busy = busy,
                .open = open,
                .meets = meets};
    for (guint p = 0; p < problem->n_pairs; p++)
        open[p] = problem->pairs[p].rule == DJ_PLAN_BAN ? 0 : dj_plan_pair_open(problem, p);
    return search(&s);
}
