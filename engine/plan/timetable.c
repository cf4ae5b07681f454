/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three answers in this order: edge colouring where it is certain to work, repair where there is some room (both first
 * in a way that spares table changes), and the complete search where repair gives up. A SAT solver and an integer
 * program were measured on the same question and were far slower. */
#include "engine/plan/timetable.h"

#include "engine/plan/grid.h"
#include "engine/plan/search.h"
#include "engine/plan/tables.h"

#include <string.h>

enum {
    DEFAULT_STEPS = 200000,
    SHRINK_STEPS = 2000,  /* for each meeting that is tried to be left out of a core */
    SHRINK_CORE_MAX = 64, /* larger cores are not worth it */
};

void dj_timetable_free(DjTimetable *timetable)
{
    if (!timetable)
        return;
    g_free(timetable->slot);
    g_free(timetable->core);
    g_free(timetable);
}

/* Meetings of each person in this role among the chosen pairs. */
static guint *count_meetings(const DjGrid *grid, guint role)
{
    guint *count = g_new0(guint, grid->problem->n_persons + 1);
    for (guint m = 0; m < grid->n; m++)
        count[dj_grid_person(grid, m, role)]++;
    return count;
}

/* Is everybody there all evening, in one role, with at most as many meetings as slots, and nothing fixed? */
static gboolean is_plain(const DjGrid *grid)
{
    const DjPlanProblem *problem = grid->problem;
    g_autofree guint *asks = count_meetings(grid, 0);
    g_autofree guint *answers = count_meetings(grid, 1);
    for (guint i = 0; i < problem->n_persons; i++)
        if ((asks[i] > 0 && answers[i] > 0) || MAX(asks[i], answers[i]) > problem->slots)
            return FALSE;
    for (guint m = 0; m < grid->n; m++)
        if (grid->domain[m] != dj_plan_all_slots(problem))
            return FALSE;
    return grid->n <= (guint64)problem->slots * problem->tables;
}

/* Evens out the slots as far as single chains can. Each shift brings two slots closer together, so this ends. */
static void balance(DjGrid *grid)
{
    guint slots = grid->problem->slots;
    gboolean moved = TRUE;
    while (moved) {
        moved = FALSE;
        for (guint from = 0; from < slots; from++)
            for (guint to = 0; to < slots; to++)
                while (grid->load[from] > grid->load[to] + 1 && dj_grid_shift(grid, from, to))
                    moved = TRUE;
    }
}

static gboolean colour(DjGrid *grid)
{
    grid->cap = G_MAXUINT;
    for (guint m = 0; m < grid->n; m++)
        if (!dj_grid_place_free(grid, m) && !dj_grid_place_chain(grid, m))
            return FALSE;
    grid->cap = grid->problem->tables;
    balance(grid);
    return TRUE;
}

static gboolean within_tables(const DjGrid *grid)
{
    for (guint t = 0; t < grid->problem->slots; t++)
        if (grid->load[t] > grid->problem->tables)
            return FALSE;
    return TRUE;
}

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

/* Where more persons of role 1 take part than there are tables, the evening is cut into shifts: each of them keeps one
 * table for one shift and does not move. Sets the domains; FALSE when the counts do not allow it. */
static gboolean make_shifts(DjGrid *grid)
{
    const DjPlanProblem *problem = grid->problem;
    g_autofree guint *count = count_meetings(grid, 1);
    g_autofree Sitter *sitters = g_new(Sitter, problem->n_persons + 1);
    guint n = 0;
    for (guint i = 0; i < problem->n_persons; i++)
        if (count[i] > 0)
            sitters[n++] = (Sitter){.person = i, .meetings = count[i]};
    guint shifts = (n + problem->tables - 1) / problem->tables;
    if (shifts < 2 || shifts > problem->slots)
        return FALSE;
    qsort(sitters, n, sizeof *sitters, compare_sitters);

    g_autofree guint *members = g_new0(guint, shifts);
    g_autofree guint *load = g_new0(guint, shifts);
    g_autofree guint *shift_of = g_new0(guint, problem->n_persons);
    g_autofree guint *guests = g_new0(guint, (gsize)shifts * problem->n_persons); /* meetings of role 0 per shift */
    for (guint k = 0; k < n; k++) {
        guint best = shifts;
        for (guint s = 0; s < shifts; s++) {
            guint length = problem->slots * (s + 1) / shifts - problem->slots * s / shifts;
            gboolean fits = members[s] < problem->tables && sitters[k].meetings <= length &&
                            load[s] + sitters[k].meetings <= length * problem->tables;
            for (guint m = 0; m < grid->n && fits; m++)
                if (dj_grid_person(grid, m, 1) == sitters[k].person)
                    fits = guests[(gsize)s * problem->n_persons + dj_grid_person(grid, m, 0)] < length;
            if (fits && (best == shifts || load[s] < load[best]))
                best = s;
        }
        if (best == shifts)
            return FALSE;
        shift_of[sitters[k].person] = best;
        members[best]++;
        load[best] += sitters[k].meetings;
        for (guint m = 0; m < grid->n; m++)
            if (dj_grid_person(grid, m, 1) == sitters[k].person)
                guests[(gsize)best * problem->n_persons + dj_grid_person(grid, m, 0)]++;
    }
    for (guint m = 0; m < grid->n; m++) {
        guint s = shift_of[dj_grid_person(grid, m, 1)];
        for (guint t = 0; t < problem->slots; t++)
            if (t < problem->slots * s / shifts || t >= problem->slots * (s + 1) / shifts)
                grid->domain[m] &= ~(G_GUINT64_CONSTANT(1) << t);
    }
    return TRUE;
}

/* Meetings that stand in the way of placing m in slot t: at most its two persons' and, when the tables are taken, one
 * more. */
static guint obstacles(const DjGrid *grid, guint m, guint t, const guint *weight, guint out[3])
{
    guint n = 0;
    for (guint role = 0; role < 2; role++) {
        gint other = grid->at[(gsize)dj_grid_person(grid, m, role) * grid->problem->slots + t];
        if (other >= 0 && (n == 0 || out[0] != (guint)other))
            out[n++] = (guint)other;
    }
    if (n > 0 || grid->load[t] < grid->cap)
        return n;
    guint lightest = DJ_PLAN_NONE;
    for (guint k = 0; k < grid->n; k++)
        if (grid->slot[k] == t && (lightest == DJ_PLAN_NONE || weight[k] < weight[lightest]))
            lightest = k;
    out[n++] = lightest;
    return n;
}

/* Puts the meeting where it disturbs least, and sends away whoever is there. A meeting that is sent away gains weight,
 * so the same two do not chase each other for ever. */
static void force(DjGrid *grid, guint m, guint *weight, GQueue *queue)
{
    guint best = DJ_PLAN_NO_SLOT;
    guint64 least = G_MAXUINT64;
    guint out[3];
    for (guint t = 0; t < grid->problem->slots; t++) {
        if (!(grid->domain[m] >> t & 1))
            continue;
        guint n = obstacles(grid, m, t, weight, out);
        guint64 cost = 0;
        for (guint k = 0; k < n; k++)
            cost += 1 + (guint64)weight[out[k]];
        if (cost < least) {
            least = cost;
            best = t;
        }
    }
    guint n = obstacles(grid, m, best, weight, out);
    for (guint k = 0; k < n; k++) {
        dj_grid_remove(grid, out[k]);
        weight[out[k]]++;
        g_queue_push_tail(queue, GUINT_TO_POINTER(out[k]));
    }
    dj_grid_place(grid, m, best);
}

/* A slot that both have free, but whose tables are taken: move one meeting from there to a slot with room. */
static gboolean make_room(DjGrid *grid, guint m)
{
    guint64 full = dj_grid_free(grid, m), roomy = dj_grid_roomy(grid);
    for (guint from = 0; from < grid->problem->slots; from++)
        for (guint to = 0; (full >> from & 1) && to < grid->problem->slots; to++)
            if ((roomy >> to & 1) && dj_grid_shift(grid, from, to))
                return dj_grid_place_free(grid, m);
    return FALSE;
}

static gboolean repair(DjGrid *grid, guint64 max_steps, guint64 *steps)
{
    g_autofree guint *weight = g_new0(guint, grid->n + 1);
    GQueue queue = G_QUEUE_INIT;
    /* fewest slots first, in the order of the meetings */
    for (guint size = 0; size <= grid->problem->slots; size++)
        for (guint m = 0; m < grid->n; m++)
            if ((guint)__builtin_popcountll(grid->domain[m]) == size)
                g_queue_push_tail(&queue, GUINT_TO_POINTER(m));
    guint64 used = 0;
    while (!g_queue_is_empty(&queue) && used++ < max_steps) {
        guint m = GPOINTER_TO_UINT(g_queue_pop_head(&queue));
        if (!dj_grid_place_free(grid, m) && !dj_grid_place_chain(grid, m) && !make_room(grid, m))
            force(grid, m, weight, &queue);
    }
    gboolean done = g_queue_is_empty(&queue);
    g_queue_clear(&queue);
    *steps += used;
    return done;
}

typedef struct {
    const DjPlanProblem *problem;
    const guint *pairs;
    const guint8 *fixed;
} Question;

/* Searches completely through the meetings named in `which` (positions), and reduces `which` to the core when there is
 * none. */
static gboolean search_subset(const Question *q, GArray *which, guint64 max_steps, guint64 *steps,
                              DjTimetableStatus *status, GError **error)
{
    guint n = which->len;
    g_autofree guint *pairs = g_new(guint, n + 1);
    g_autofree guint8 *fixed = g_new(guint8, n + 1);
    g_autofree guint8 *core = g_new0(guint8, n + 1);
    for (guint k = 0; k < n; k++) {
        guint m = g_array_index(which, guint, k);
        pairs[k] = q->pairs[m];
        fixed[k] = q->fixed ? q->fixed[m] : DJ_PLAN_NO_SLOT;
    }
    DjGrid grid;
    if (!dj_grid_init(&grid, q->problem, pairs, n, fixed, error))
        return FALSE;
    *status = dj_timetable_search(&grid, max_steps, steps, core);
    dj_grid_clear(&grid);
    if (*status != DJ_TIMETABLE_NONE)
        return TRUE;
    guint kept = 0;
    for (guint k = 0; k < n; k++)
        if (core[k])
            g_array_index(which, guint, kept++) = g_array_index(which, guint, k);
    g_array_set_size(which, kept);
    return TRUE;
}

/* Leaves out one meeting after the other as long as the rest still has no timetable. */
static gboolean shrink_core(const Question *q, GArray *core, guint64 *steps, GError **error)
{
    for (guint k = core->len; core->len <= SHRINK_CORE_MAX && k-- > 0;) {
        if (k >= core->len)
            continue;
        g_autoptr(GArray) rest = g_array_new(FALSE, FALSE, sizeof(guint));
        g_array_append_vals(rest, core->data, core->len);
        g_array_remove_index(rest, k);
        DjTimetableStatus status;
        if (!search_subset(q, rest, SHRINK_STEPS, steps, &status, error))
            return FALSE;
        if (status == DJ_TIMETABLE_NONE) {
            g_array_set_size(core, 0);
            g_array_append_vals(core, rest->data, rest->len);
        }
    }
    return TRUE;
}

static gboolean answer_found(DjTimetable *out, DjGrid *grid)
{
    out->status = DJ_TIMETABLE_FOUND;
    out->slot = g_steal_pointer(&grid->slot);
    dj_grid_clear(grid);
    return TRUE;
}

/* With more persons of role 1 than tables, several share one. Placed as meetings of the tables, nobody has to change: a
 * table with at most as many meetings as slots is coloured like a person (Koenig holds for parallel edges too). Who
 * found no table, or asks as well, stays a person. Leaves `out` empty where this does not succeed. */
static gboolean place_by_tables(const Question *q, guint n, gboolean plain, guint64 max_steps, DjTimetable *out,
                                GError **error)
{
    const DjPlanProblem *problem = q->problem;
    g_autofree guint *table_of = g_new(guint, problem->n_persons + 1);
    g_autofree guint8 *asks = g_new0(guint8, problem->n_persons + 1);
    g_autofree DjPlanPerson *persons = g_new0(DjPlanPerson, (gsize)problem->n_persons + problem->tables);
    g_autofree DjPlanPair *pairs = g_new0(DjPlanPair, n + 1);
    g_autofree guint *all = g_new(guint, n + 1);
    dj_plan_pack(problem, q->pairs, n, table_of);
    for (guint i = 0; i < problem->n_persons + problem->tables; i++)
        persons[i].open = dj_plan_all_slots(problem);
    for (guint k = 0; k < n; k++)
        asks[problem->pairs[q->pairs[k]].who[0]] = TRUE;
    for (guint k = 0; k < n; k++) {
        const DjPlanPair *pair = &problem->pairs[q->pairs[k]];
        guint sitter = pair->who[1], table = table_of[sitter];
        gboolean shares = table != DJ_PLAN_NONE && !asks[sitter];
        all[k] = k;
        pairs[k] = (DjPlanPair){.who = {pair->who[0], shares ? problem->n_persons + table : sitter}};
    }
    const DjPlanProblem shared = {.persons = persons,
                                  .n_persons = problem->n_persons + problem->tables,
                                  .pairs = pairs,
                                  .n_pairs = n,
                                  .slots = problem->slots,
                                  .tables = problem->tables};
    DjGrid grid;
    if (!dj_grid_init(&grid, &shared, all, n, NULL, error))
        return FALSE;
    for (guint k = 0; k < n; k++)
        grid.domain[k] = dj_plan_pair_open(problem, q->pairs[k]);
    if (plain ? colour(&grid) && within_tables(&grid) : repair(&grid, max_steps, &out->steps))
        return answer_found(out, &grid);
    dj_grid_clear(&grid);
    return TRUE;
}

static gboolean find(const Question *q, guint n, guint64 max_steps, DjTimetable *out, GError **error)
{
    DjGrid grid;
    if (!dj_grid_init(&grid, q->problem, q->pairs, n, q->fixed, error))
        return FALSE;
    if (is_plain(&grid)) {
        if (make_shifts(&grid) && colour(&grid) && within_tables(&grid))
            return answer_found(out, &grid);
        dj_grid_clear(&grid);
        if (!place_by_tables(q, n, TRUE, 0, out, error))
            return FALSE;
        if (out->slot)
            return TRUE;
        if (!dj_grid_init(&grid, q->problem, q->pairs, n, q->fixed, error))
            return FALSE;
        if (colour(&grid) && within_tables(&grid))
            return answer_found(out, &grid);
    }
    dj_grid_clear(&grid);

    /* the contradictions that show at once, before any work is spent on repair */
    g_autoptr(GArray) core = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint m = 0; m < n; m++)
        g_array_append_val(core, m);
    DjTimetableStatus status = DJ_TIMETABLE_NONE;
    if (n <= (guint64)q->problem->slots * q->problem->tables && !search_subset(q, core, 0, &out->steps, &status, error))
        return FALSE;
    if (status == DJ_TIMETABLE_LIMIT && !q->fixed &&
        (!place_by_tables(q, n, FALSE, MIN(max_steps, 2000 + 20 * (guint64)n), out, error) || out->slot))
        return out->slot != NULL;
    if (status == DJ_TIMETABLE_LIMIT) {
        if (!dj_grid_init(&grid, q->problem, q->pairs, n, q->fixed, error))
            return FALSE;
        if (repair(&grid, MIN(max_steps, 2000 + 20 * (guint64)n), &out->steps))
            return answer_found(out, &grid);
        dj_grid_clear(&grid);
        if (!dj_grid_init(&grid, q->problem, q->pairs, n, q->fixed, error))
            return FALSE;
        g_autofree guint8 *involved = g_new0(guint8, n + 1);
        status = dj_timetable_search(&grid, max_steps, &out->steps, involved);
        if (status == DJ_TIMETABLE_FOUND)
            return answer_found(out, &grid);
        dj_grid_clear(&grid);
        g_array_set_size(core, 0);
        for (guint m = 0; m < n; m++)
            if (involved[m])
                g_array_append_val(core, m);
    }
    out->status = status;
    if (status == DJ_TIMETABLE_NONE) {
        if (!shrink_core(q, core, &out->steps, error))
            return FALSE;
        out->n_core = core->len;
        out->core = (guint *)g_array_free(g_steal_pointer(&core), FALSE);
    }
    return TRUE;
}

DjTimetable *dj_timetable_find(const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *fixed,
                               guint64 max_steps, GError **error)
{
    g_autoptr(DjTimetable) out = g_new0(DjTimetable, 1);
    const Question question = {.problem = problem, .pairs = pairs, .fixed = fixed};
    if (!find(&question, n, max_steps > 0 ? max_steps : DEFAULT_STEPS, out, error))
        return NULL;
    return g_steal_pointer(&out);
}
