/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/event_plan_changes.h"

#include "engine/plan/keeping.h"

#include <string.h>

typedef struct {
    DjPlanMeeting *meetings; /* as published; pair DJ_PLAN_NONE: is no candidate now */
    guint n;
} Published;

static gboolean read_published(const json_t *list, const DjPlanFile *p, Published *out, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    out->n = (guint)json_array_size(list);
    out->meetings = g_new0(DjPlanMeeting, out->n + 1);
    for (guint k = 0; k < out->n; k++) {
        const json_t *item = json_array_get(list, k);
        const char *demand = json_string_value(json_array_get(item, 0));
        const char *supply = json_string_value(json_array_get(item, 1));
        gint64 slot = 0, table = 0;
        if (json_array_size(item) != 4 || !demand || !supply ||
            !dj_plan_file_number(json_array_get(item, 2), 1, G_MAXINT32, -1, &slot) ||
            !dj_plan_file_number(json_array_get(item, 3), 1, G_MAXINT32, -1, &table) || slot < 1 || table < 1)
            return dj_plan_file_fail(error, "plan.json: published meeting %u cannot be read", k + 1);
        if (!g_hash_table_add(seen, g_strdup_printf("%s\n%s", demand, supply)))
            return dj_plan_file_fail(error, "plan.json: %s and %s were published twice", demand, supply);
        out->meetings[k] = (DjPlanMeeting){
            .pair = dj_plan_file_pair(p, demand, supply), .slot = (guint)slot - 1, .table = (guint)table - 1};
    }
    return TRUE;
}

static gboolean check_conflict(const json_t *item, guint c, const DjPlanFile *p, const Published *published,
                               GPtrArray *conflicts, GError **error)
{
    const json_t *list = json_object_get(item, "meetings"), *prices = json_object_get(item, "prices");
    DjPlanConflict *conflict = g_new0(DjPlanConflict, 1);
    g_ptr_array_add(conflicts, conflict);
    conflict->meetings = g_new0(guint, json_array_size(list) + 1);
    for (guint k = 0; k < json_array_size(list); k++) {
        gint64 at = -1;
        if (!dj_plan_file_number(json_array_get(list, k), 0, (gint64)published->n - 1, -1, &at) ||
            at < (conflict->n > 0 ? (gint64)conflict->meetings[conflict->n - 1] + 1 : 0))
            return dj_plan_file_fail(error, "plan.json: conflict %u names no published meeting", c + 1);
        conflict->meetings[conflict->n++] = (guint)at;
    }
    if (!json_is_null(prices) && !(conflict->prices = dj_plan_file_prices(prices, p, error)))
        return FALSE;
    if (conflict->n > 0 && dj_plan_check_conflict(&p->problem, published->meetings, conflict, error))
        return TRUE;
    if (conflict->n == 0)
        return dj_plan_file_fail(error, "plan.json: conflict %u is empty", c + 1);
    g_prefix_error(error, "plan.json: ");
    return FALSE;
}

/* Where the meeting of a pair is now: position in the plan + 1, 0 without one. */
static guint *index_meetings(const DjPlanFile *p, const DjPlanMeeting *meetings, guint n)
{
    guint *now = g_new0(guint, p->problem.n_pairs + 1);
    for (guint m = 0; m < n; m++)
        now[meetings[m].pair] = m + 1;
    return now;
}

static void note_change(GHashTable *changes, const char *kind, const char *demand, const char *supply, gint64 old_slot,
                        gint64 old_table, gint64 slot, gint64 table)
{
    g_hash_table_add(changes, g_strdup_printf("%s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                                              " %" G_GINT64_FORMAT,
                                              kind, demand, supply, old_slot, old_table, slot, table));
}

/* The changes as the two plans show them. Slots and tables count from 1, 0: none. */
static GHashTable *find_changes(const json_t *plan, const DjPlanFile *p, const Published *published,
                                const DjPlanMeeting *meetings, guint n, const guint *now)
{
    GHashTable *changes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const json_t *before = json_object_get(json_object_get(plan, "changes"), "published");
    const json_t *after = json_object_get(plan, "meetings");
    g_autofree guint8 *was = g_new0(guint8, p->problem.n_pairs + 1);
    for (guint k = 0; k < published->n; k++) {
        const DjPlanMeeting *old = &published->meetings[k];
        const DjPlanMeeting *is =
            old->pair != DJ_PLAN_NONE && now[old->pair] > 0 ? &meetings[now[old->pair] - 1] : NULL;
        if (old->pair != DJ_PLAN_NONE)
            was[old->pair] = 1;
        if (is && is->slot == old->slot && is->table == old->table)
            continue;
        const char *kind = is ? (is->slot == old->slot ? "reseated" : "moved")
                              : (dj_plan_can_keep(&p->problem, old) ? "dropped" : "cancelled");
        const json_t *item = json_array_get(before, k);
        note_change(changes, kind, json_string_value(json_array_get(item, 0)),
                    json_string_value(json_array_get(item, 1)), old->slot + 1, old->table + 1, is ? is->slot + 1 : 0,
                    is ? is->table + 1 : 0);
    }
    for (guint m = 0; m < n; m++)
        if (!was[meetings[m].pair]) {
            const json_t *item = json_array_get(after, m);
            note_change(changes, "added", json_string_value(json_object_get(item, "demand")),
                        json_string_value(json_object_get(item, "supply")), 0, 0, meetings[m].slot + 1,
                        meetings[m].table + 1);
        }
    return changes;
}

static gboolean check_change_list(const json_t *list, GHashTable *expected, GError **error)
{
    g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint k = 0; k < json_array_size(list); k++) {
        const json_t *item = json_array_get(list, k);
        const json_t *old = json_object_get(item, "old"), *new = json_object_get(item, "new");
        note_change(
            said, json_string_value(json_object_get(item, "kind")), json_string_value(json_object_get(item, "demand")),
            json_string_value(json_object_get(item, "supply")), json_integer_value(json_object_get(old, "slot")),
            json_integer_value(json_object_get(old, "table")), json_integer_value(json_object_get(new, "slot")),
            json_integer_value(json_object_get(new, "table")));
    }
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, said);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (!g_hash_table_contains(expected, key))
            return dj_plan_file_fail(error, "plan.json: this change did not happen: %s", (const char *)key);
    if (g_hash_table_size(said) != g_hash_table_size(expected) || json_array_size(list) != g_hash_table_size(said))
        return dj_plan_file_fail(error, "plan.json: lists %zu of %u changes", json_array_size(list),
                                 g_hash_table_size(expected));
    return TRUE;
}

static gboolean check_moves(const json_t *changes, const DjPlanFile *p, const Published *published,
                            const DjPlanMeeting *meetings, const guint *now, DjEventCheck *out, GError **error)
{
    g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func(dj_plan_conflict_free);
    const json_t *list = json_object_get(changes, "conflicts");
    guint moves = 0;
    for (guint k = 0; k < published->n; k++) {
        const DjPlanMeeting *old = &published->meetings[k];
        if (dj_plan_can_keep(&p->problem, old))
            moves += now[old->pair] == 0 || meetings[now[old->pair] - 1].slot != old->slot;
    }
    for (guint c = 0; c < json_array_size(list); c++)
        if (!check_conflict(json_array_get(list, c), c, p, published, conflicts, error))
            return FALSE;
    guint bound = dj_plan_fewest_hits(conflicts);
    const char *proof = json_string_value(json_object_get(changes, "proof"));
    gboolean fewest = json_is_true(json_object_get(changes, "fewest_moves_proved"));
    if (json_integer_value(json_object_get(changes, "moves")) != moves ||
        json_integer_value(json_object_get(changes, "bound")) != bound)
        return dj_plan_file_fail(error, "plan.json: %u published meetings moved, and at least %u had to", moves, bound);
    if ((g_strcmp0(proof, "certificate") == 0) != (moves == bound) || fewest != (g_strcmp0(proof, "none") != 0))
        return dj_plan_file_fail(error, "plan.json: the moves are not proved in the way it says");
    out->moves = moves;
    out->moves_bound = bound;
    return TRUE;
}

gboolean dj_event_plan_check_changes(const json_t *plan, const DjPlanFile *p, const DjPlanMeeting *meetings, guint n,
                                     DjEventCheck *out, GError **error)
{
    const json_t *changes = json_object_get(plan, "changes");
    if (json_is_null(changes))
        return TRUE;
    Published published = {0};
    g_autofree guint *now = index_meetings(p, meetings, n);
    gboolean ok = json_is_object(changes) || dj_plan_file_fail(error, "plan.json: changes cannot be read");
    ok = ok && read_published(json_object_get(changes, "published"), p, &published, error);
    if (ok) {
        g_autoptr(GHashTable) expected = find_changes(plan, p, &published, meetings, n, now);
        ok = check_change_list(json_object_get(changes, "list"), expected, error) &&
             check_moves(changes, p, &published, meetings, now, out, error);
    }
    out->replanned = ok;
    g_free(published.meetings);
    return ok;
}
