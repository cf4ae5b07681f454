/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Depth first over meetings, fewest slots first. A person's open meetings must also fit distinct slots (Hall's
 * condition, by matching), which finds most contradictions at the top. Every contradiction names the persons whose
 * limits it used; a meeting of none of them had no part in it, so the search jumps back over it, and the proof as a
 * whole only speaks of the meetings of the persons named at the end. */
#include "engine/plan/search.h"

#include <string.h>

typedef struct {
    DjGrid *grid;
    guint64 max_steps, steps;
    guint8 *blamed; /* per person, then one for the tables of a slot */
    guint *first;   /* per person: its meetings are list[first[i]] .. list[first[i + 1] - 1] */
    guint *list;
} Search;

static guint count_bits(guint64 bits)
{
    guint n = 0;
    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

static guint64 choices(const Search *search, guint meeting)
{
    return dj_grid_free(search->grid, meeting) & dj_grid_roomy(search->grid);
}

/* One augmenting path of the matching of a person's meetings with slots. */
static gboolean augment(const guint64 *may, guint k, gint *taken_by, guint64 *seen)
{
    guint64 left = may[k] & ~*seen;
    while (left) {
        guint t = (guint)__builtin_ctzll(left);
        *seen |= G_GUINT64_CONSTANT(1) << t;
        if (taken_by[t] < 0 || augment(may, (guint)taken_by[t], taken_by, seen)) {
            taken_by[t] = (gint)k;
            return TRUE;
        }
        left = may[k] & ~*seen;
    }
    return FALSE;
}

static void blame(Search *search, guint person)
{
    search->blamed[person] = 1;
}

static void blame_meeting(Search *search, guint meeting)
{
    blame(search, dj_grid_person(search->grid, meeting, 0));
    blame(search, dj_grid_person(search->grid, meeting, 1));
    if (dj_grid_roomy(search->grid) != dj_plan_all_slots(search->grid->problem))
        blame(search, search->grid->problem->n_persons);
}

/* Do the open meetings of the person still fit distinct slots? Otherwise blames whoever narrowed them. */
static gboolean person_fits(Search *search, guint person)
{
    DjGrid *grid = search->grid;
    guint64 may[DJ_PLAN_SLOTS_MAX];
    guint open[DJ_PLAN_SLOTS_MAX], n = 0;
    gint taken_by[DJ_PLAN_SLOTS_MAX];
    memset(taken_by, -1, sizeof taken_by);
    guint64 seen = 0;
    gboolean fits = TRUE;
    for (guint k = search->first[person]; k < search->first[person + 1] && fits; k++) {
        guint m = search->list[k];
        if (grid->slot[m] != DJ_PLAN_NO_SLOT)
            continue;
        if (n == DJ_PLAN_SLOTS_MAX) {
            fits = FALSE;
            break;
        }
        open[n] = m;
        may[n] = choices(search, m);
        seen = 0;
        fits = augment(may, n, taken_by, &seen);
        n++;
    }
    if (fits)
        return TRUE;
    blame(search, person);
    for (guint k = 0; k < n; k++)
        blame_meeting(search, open[k]);
    return FALSE;
}

static gboolean both_fit(Search *search, guint meeting)
{
    return person_fits(search, dj_grid_person(search->grid, meeting, 0)) &&
           person_fits(search, dj_grid_person(search->grid, meeting, 1));
}

/* The open meeting with the fewest choices, the first of those; DJ_PLAN_NONE when all are placed. */
static guint pick(const Search *search)
{
    guint best = DJ_PLAN_NONE, fewest = G_MAXUINT;
    for (guint m = 0; m < search->grid->n; m++) {
        if (search->grid->slot[m] != DJ_PLAN_NO_SLOT)
            continue;
        guint n = count_bits(choices(search, m));
        if (n < fewest) {
            fewest = n;
            best = m;
        }
    }
    return best;
}

static gboolean involved(const Search *search, guint meeting)
{
    return search->blamed[dj_grid_person(search->grid, meeting, 0)] ||
           search->blamed[dj_grid_person(search->grid, meeting, 1)] || search->blamed[search->grid->problem->n_persons];
}

/* Recursion depth is the number of open meetings; a frame is small. */
static DjTimetableStatus descend(Search *search)
{
    DjGrid *grid = search->grid;
    guint m = pick(search);
    if (m == DJ_PLAN_NONE)
        return DJ_TIMETABLE_FOUND;
    guint64 left = choices(search, m);
    if (!left) {
        blame_meeting(search, m);
        return DJ_TIMETABLE_NONE;
    }
    while (left) {
        guint best = DJ_PLAN_NO_SLOT;
        for (guint t = 0; t < grid->problem->slots; t++)
            if ((left >> t & 1) && (best == DJ_PLAN_NO_SLOT || grid->load[t] < grid->load[best]))
                best = t;
        left &= ~(G_GUINT64_CONSTANT(1) << best);
        if (++search->steps > search->max_steps)
            return DJ_TIMETABLE_LIMIT;
        dj_grid_place(grid, m, best);
        DjTimetableStatus status = both_fit(search, m) ? descend(search) : DJ_TIMETABLE_NONE;
        if (status != DJ_TIMETABLE_NONE)
            return status;
        dj_grid_remove(grid, m);
        if (!involved(search, m))
            return DJ_TIMETABLE_NONE; /* another slot for m would not help */
    }
    blame_meeting(search, m);
    return DJ_TIMETABLE_NONE;
}

static void index_persons(Search *search)
{
    const DjGrid *grid = search->grid;
    guint n = grid->problem->n_persons;
    for (guint m = 0; m < grid->n; m++)
        for (guint role = 0; role < 2; role++)
            search->first[dj_grid_person(grid, m, role) + 1]++;
    for (guint i = 0; i < n; i++)
        search->first[i + 1] += search->first[i];
    g_autofree guint *next = g_memdup2(search->first, n * sizeof *next);
    for (guint m = 0; m < grid->n; m++)
        for (guint role = 0; role < 2; role++)
            search->list[next[dj_grid_person(grid, m, role)]++] = m;
}

DjTimetableStatus dj_timetable_search(DjGrid *grid, guint64 max_steps, guint64 *steps, guint8 *core)
{
    guint n = grid->problem->n_persons;
    g_autofree guint8 *blamed = g_new0(guint8, n + 1);
    g_autofree guint *first = g_new0(guint, n + 1);
    g_autofree guint *list = g_new(guint, 2 * (gsize)grid->n + 1);
    Search search = {.grid = grid, .max_steps = max_steps, .blamed = blamed, .first = first, .list = list};
    index_persons(&search);
    DjTimetableStatus status = DJ_TIMETABLE_FOUND;
    for (guint i = 0; i < n && status == DJ_TIMETABLE_FOUND; i++)
        if (!person_fits(&search, i))
            status = DJ_TIMETABLE_NONE;
    if (status == DJ_TIMETABLE_FOUND)
        status = descend(&search);
    *steps += search.steps;
    for (guint m = 0; m < grid->n; m++)
        core[m] = status == DJ_TIMETABLE_NONE && involved(&search, m);
    return status;
}
