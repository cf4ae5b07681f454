/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/grid.h"

#include <string.h>

static guint64 bit(guint slot)
{
    return G_GUINT64_CONSTANT(1) << slot;
}

guint dj_grid_person(const DjGrid *grid, guint meeting, guint role)
{
    return grid->problem->pairs[grid->pairs[meeting]].who[role];
}

gboolean dj_grid_init(DjGrid *grid, const DjPlanProblem *problem, const guint *pairs, guint n, const guint8 *fixed,
                      GError **error)
{
    memset(grid, 0, sizeof *grid);
    grid->problem = problem;
    grid->pairs = pairs;
    grid->n = n;
    grid->cap = problem->tables;
    gsize cells = (gsize)problem->n_persons * problem->slots;
    grid->domain = g_try_new(guint64, n + 1);
    grid->slot = g_try_new(guint8, n + 1);
    grid->chain = g_try_new(guint, n + 1);
    grid->at = g_try_new(gint, cells + 1);
    grid->busy = g_try_new0(guint64, problem->n_persons + 1);
    grid->load = g_new0(guint, problem->slots);
    if (!grid->domain || !grid->slot || !grid->chain || !grid->at || !grid->busy) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "event: no memory for the timetable of %u persons",
                    problem->n_persons);
        dj_grid_clear(grid);
        return FALSE;
    }
    for (gsize c = 0; c < cells; c++)
        grid->at[c] = -1;
    for (guint m = 0; m < n; m++) {
        guint64 open = dj_plan_pair_open(problem, pairs[m]);
        grid->domain[m] = fixed && fixed[m] != DJ_PLAN_NO_SLOT ? open & bit(fixed[m]) : open;
        grid->slot[m] = DJ_PLAN_NO_SLOT;
    }
    return TRUE;
}

void dj_grid_clear(DjGrid *grid)
{
    g_free(grid->domain);
    g_free(grid->slot);
    g_free(grid->chain);
    g_free(grid->at);
    g_free(grid->busy);
    g_free(grid->load);
    memset(grid, 0, sizeof *grid);
}

static gint *cell(const DjGrid *grid, guint person, guint slot)
{
    return &grid->at[(gsize)person * grid->problem->slots + slot];
}

void dj_grid_place(DjGrid *grid, guint meeting, guint slot)
{
    grid->slot[meeting] = (guint8)slot;
    grid->load[slot]++;
    for (guint role = 0; role < 2; role++) {
        guint i = dj_grid_person(grid, meeting, role);
        *cell(grid, i, slot) = (gint)meeting;
        grid->busy[i] |= bit(slot);
    }
}

void dj_grid_remove(DjGrid *grid, guint meeting)
{
    guint slot = grid->slot[meeting];
    grid->slot[meeting] = DJ_PLAN_NO_SLOT;
    grid->load[slot]--;
    for (guint role = 0; role < 2; role++) {
        guint i = dj_grid_person(grid, meeting, role);
        *cell(grid, i, slot) = -1;
        grid->busy[i] &= ~bit(slot);
    }
}

guint64 dj_grid_free(const DjGrid *grid, guint meeting)
{
    return grid->domain[meeting] & ~grid->busy[dj_grid_person(grid, meeting, 0)] &
           ~grid->busy[dj_grid_person(grid, meeting, 1)];
}

guint64 dj_grid_roomy(const DjGrid *grid)
{
    guint64 roomy = 0;
    for (guint t = 0; t < grid->problem->slots; t++)
        if (grid->load[t] < grid->cap)
            roomy |= bit(t);
    return roomy;
}

gboolean dj_grid_place_free(DjGrid *grid, guint meeting)
{
    guint64 free = dj_grid_free(grid, meeting) & dj_grid_roomy(grid);
    if (!free)
        return FALSE;
    guint best = DJ_PLAN_NO_SLOT;
    for (guint t = 0; t < grid->problem->slots; t++)
        if ((free & bit(t)) && (best == DJ_PLAN_NO_SLOT || grid->load[t] < grid->load[best]))
            best = t;
    dj_grid_place(grid, meeting, best);
    return TRUE;
}

/* The chain of slots s and t that begins at the person with the meeting in s, into grid->chain; `end` is its last
 * person. 0 when a meeting on it may not change its slot. A chain that closes to a cycle ends before its first meeting.
 */
static guint follow_chain(DjGrid *grid, guint person, guint s, guint t, guint *end)
{
    guint length = 0;
    gint meeting = *cell(grid, person, s);
    gint first = meeting;
    while (meeting >= 0) {
        guint here = grid->slot[meeting], there = here == s ? t : s;
        if (!(grid->domain[meeting] & bit(there)))
            return 0;
        grid->chain[length++] = (guint)meeting;
        guint a = dj_grid_person(grid, (guint)meeting, 0), b = dj_grid_person(grid, (guint)meeting, 1);
        person = person == a ? b : a;
        meeting = *cell(grid, person, there);
        if (meeting == first)
            break;
    }
    *end = person;
    return length;
}

static void swap_chain(DjGrid *grid, guint length, guint s, guint t)
{
    g_autofree guint8 *old = g_new(guint8, length);
    for (guint k = 0; k < length; k++) {
        old[k] = grid->slot[grid->chain[k]];
        dj_grid_remove(grid, grid->chain[k]);
    }
    for (guint k = 0; k < length; k++)
        dj_grid_place(grid, grid->chain[k], old[k] == s ? t : s);
}

static gboolean try_chain(DjGrid *grid, guint meeting, guint s, guint t)
{
    /* s is free at the person in role 0, t at the one in role 1, whose meeting in s must make room */
    guint a = dj_grid_person(grid, meeting, 0), b = dj_grid_person(grid, meeting, 1), end = 0;
    guint length = follow_chain(grid, b, s, t, &end);
    if (length == 0 || end == a)
        return FALSE;
    /* an odd chain moves one meeting net from s to t */
    guint odd = length % 2;
    if (grid->load[s] - odd + 1 > grid->cap || grid->load[t] + odd > grid->cap)
        return FALSE;
    swap_chain(grid, length, s, t);
    dj_grid_place(grid, meeting, s);
    return TRUE;
}

gboolean dj_grid_place_chain(DjGrid *grid, guint meeting)
{
    guint64 at_a = grid->domain[meeting] & ~grid->busy[dj_grid_person(grid, meeting, 0)];
    guint64 at_b = ~grid->busy[dj_grid_person(grid, meeting, 1)] & dj_plan_all_slots(grid->problem);
    for (guint s = 0; s < grid->problem->slots; s++)
        for (guint t = 0; (at_a & bit(s)) && t < grid->problem->slots; t++)
            if (s != t && (at_b & bit(t)) && !(at_b & bit(s)) && try_chain(grid, meeting, s, t))
                return TRUE;
    return FALSE;
}

gboolean dj_grid_shift(DjGrid *grid, guint from, guint to)
{
    for (guint m = 0; m < grid->n; m++) {
        if (grid->slot[m] != from)
            continue;
        for (guint role = 0; role < 2; role++) {
            guint i = dj_grid_person(grid, m, role), end = 0;
            if (grid->busy[i] & bit(to))
                continue; /* not an end of a chain */
            guint length = follow_chain(grid, i, from, to, &end);
            if (length % 2 == 0)
                continue;
            swap_chain(grid, length, from, to);
            return TRUE;
        }
    }
    return FALSE;
}
