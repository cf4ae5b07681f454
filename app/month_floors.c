/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/month_floors.h"
#include "engine/report/month.h"
#include <string.h>

/* One value of one kind: 市州 宜昌市. */
typedef struct {
    DjFloorBy by;
    char *value;
    guint least, standing;
    int side;     /* of its group; -1: it crosses */
    guint number; /* group or crossing floor; DJ_PLAN_NONE: no record has it so far */
} Entry;

struct DjMonthFloors {
    const GArray *floors;
    const DjResultSet *set;
    gboolean used[DJ_N_FLOORS];
    DjFloorBy nested[2][DJ_N_FLOORS]; /* per side: kinds that are groups, the widest first */
    guint n_nested[2];
    GHashTable *entries; /* "by\nvalue" -> Entry */
    GPtrArray *in_order; /* Entry, as they came */
    GPtrArray *lists;    /* guint arrays handed out */
    gboolean settled;
};

static void entry_free(gpointer data)
{
    g_free(((Entry *)data)->value);
    g_free(data);
}

static int side_of(DjFloorBy by)
{
    return by == DJ_FLOOR_CITY || by == DJ_FLOOR_AREA                      ? 0
           : by == DJ_FLOOR_INSTITUTION || by == DJ_FLOOR_INSTITUTION_KIND ? 1
                                                                           : -1;
}

/* First owner, city and so on; NULL where the record says nothing. Free it. */
static char *value_of(const DjMonthFloors *floors, DjFloorBy by, const DjRecord *enterprise, const DjRecord *patent,
                      const DjPairing *pairing)
{
    static const int fields[] = {DJ_ENTERPRISE_CITY, DJ_ENTERPRISE_AREA, DJ_PATENT_OWNERS, DJ_PATENT_INSTITUTION_KIND};
    if (by == DJ_FLOOR_CHAIN)
        return pairing && *pairing->chain ? g_strdup(pairing->chain) : NULL;
    if (by == DJ_FLOOR_TIER) {
        for (guint i = 0; pairing && i < floors->set->chains->len; i++) {
            const DjResultChain *chain = floors->set->chains->pdata[i];
            if (strcmp(chain->id, pairing->chain) == 0 && chain->tier && *chain->tier)
                return g_strdup(chain->tier);
        }
        return NULL;
    }
    const DjRecord *record = side_of(by) == 0 ? enterprise : patent;
    const char *text = record ? dj_record_get(record, fields[by]) : NULL;
    return text ? g_strndup(text, strcspn(text, "\n")) : NULL;
}

/* Does every value of `fine` lie in one value of `wide`? */
static gboolean lies_in(const DjMonthFloors *floors, DjFloorBy fine, DjFloorBy wide, GHashTable *const records[2])
{
    g_autoptr(GHashTable) in = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < 2; i++) {
        GHashTableIter iter;
        gpointer record;
        g_hash_table_iter_init(&iter, records[i]);
        while (g_hash_table_iter_next(&iter, NULL, &record)) {
            char *value = value_of(floors, fine, record, NULL, NULL);
            g_autofree char *above = value_of(floors, wide, record, NULL, NULL);
            const char *known = value ? g_hash_table_lookup(in, value) : NULL;
            if (known && strcmp(known, above ? above : "") != 0) {
                g_free(value);
                return FALSE;
            }
            if (value && !known)
                g_hash_table_insert(in, value, g_strdup(above ? above : ""));
            else
                g_free(value);
        }
    }
    return TRUE;
}

static void nest(DjMonthFloors *floors, DjFloorBy by, GHashTable *owed)
{
    int side = side_of(by);
    GHashTable *const records[2] = {floors->set->enterprises, owed};
    if (floors->used[by])
        return;
    floors->used[by] = TRUE;
    if (side < 0)
        return;
    DjFloorBy *nested = floors->nested[side];
    guint n = floors->n_nested[side];
    if (n > 0 && side == 0 && lies_in(floors, nested[n - 1], by, records)) {
        nested[n] = nested[n - 1];
        nested[n - 1] = by;
    } else if (n == 0 || (side == 0 && lies_in(floors, by, nested[n - 1], records))) {
        nested[n] = by;
    } else {
        return;
    }
    floors->n_nested[side]++;
}

DjMonthFloors *dj_month_floors_new(const GArray *list, const DjResultSet *set, GHashTable *owed)
{
    DjMonthFloors *floors = g_new0(DjMonthFloors, 1);
    floors->floors = list;
    floors->set = set;
    floors->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    floors->in_order = g_ptr_array_new_with_free_func(entry_free);
    floors->lists = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < list->len; i++)
        nest(floors, g_array_index(list, DjFloor, i).by, owed);
    return floors;
}

void dj_month_floors_free(DjMonthFloors *floors)
{
    g_hash_table_unref(floors->entries);
    g_ptr_array_unref(floors->in_order);
    g_ptr_array_unref(floors->lists);
    g_free(floors);
}

static gboolean is_nested(const DjMonthFloors *floors, DjFloorBy by)
{
    int side = side_of(by);
    for (guint i = 0; side >= 0 && i < floors->n_nested[side]; i++)
        if (floors->nested[side][i] == by)
            return TRUE;
    return FALSE;
}

static Entry *entry_of(DjMonthFloors *floors, DjFloorBy by, const char *value)
{
    char *key = g_strdup_printf("%d\n%s", by, value);
    Entry *entry = g_hash_table_lookup(floors->entries, key);
    if (entry) {
        g_free(key);
        return entry;
    }
    entry = g_new0(Entry, 1);
    *entry = (Entry){.by = by,
                     .value = g_strdup(value),
                     .least = dj_floors_least(floors->floors, by, value),
                     .side = is_nested(floors, by) ? side_of(by) : -1,
                     .number = DJ_PLAN_NONE};
    g_hash_table_insert(floors->entries, key, entry);
    g_ptr_array_add(floors->in_order, entry);
    return entry;
}

static guint still_owed(const DjMonthFloors *floors, const Entry *entry)
{
    guint standing = floors->settled ? entry->standing : 0; /* taken off by settle */
    return entry->least > standing ? entry->least - standing : 0;
}

static guint group_of(DjMonthFloors *floors, Entry *entry, guint parent, GArray *groups)
{
    if (entry->number == DJ_PLAN_NONE) {
        DjCoverNode group = {.least = still_owed(floors, entry), .most = G_MAXINT32, .parent = parent};
        entry->number = groups->len;
        g_array_append_val(groups, group);
    }
    return entry->number;
}

static guint crossing_of(DjMonthFloors *floors, Entry *entry, GArray *crossing)
{
    if (entry->number == DJ_PLAN_NONE) {
        guint least = still_owed(floors, entry);
        entry->number = crossing->len;
        g_array_append_val(crossing, least);
    }
    return entry->number;
}

guint dj_month_floors_group(DjMonthFloors *floors, int side, const DjRecord *record, GArray *groups)
{
    guint parent = DJ_PLAN_NONE;
    for (guint i = 0; i < floors->n_nested[side]; i++) {
        DjFloorBy by = floors->nested[side][i];
        g_autofree char *value = value_of(floors, by, side == 0 ? record : NULL, side == 1 ? record : NULL, NULL);
        if (value)
            parent = group_of(floors, entry_of(floors, by, value), parent, groups);
    }
    return parent;
}

const guint *dj_month_floors_crossing(DjMonthFloors *floors, const DjRecord *enterprise, const DjRecord *patent,
                                      const DjPairing *pairing, GArray *crossing)
{
    guint list[DJ_N_FLOORS + 1], n = 0;
    for (int by = 0; by < DJ_N_FLOORS; by++) {
        if (!floors->used[by] || is_nested(floors, (DjFloorBy)by))
            continue;
        g_autofree char *value = value_of(floors, (DjFloorBy)by, enterprise, patent, pairing);
        Entry *entry = value ? entry_of(floors, (DjFloorBy)by, value) : NULL;
        if (entry && entry->least > 0)
            list[n++] = crossing_of(floors, entry, crossing);
    }
    if (n == 0)
        return NULL;
    list[n++] = DJ_PLAN_NONE;
    g_ptr_array_add(floors->lists, g_memdup2(list, n * sizeof *list));
    return floors->lists->pdata[floors->lists->len - 1];
}

void dj_month_floors_standing(DjMonthFloors *floors, const DjRecord *enterprise, const DjRecord *patent,
                              const DjPairing *pairing)
{
    for (int by = 0; by < DJ_N_FLOORS; by++) {
        g_autofree char *value = floors->used[by] ? value_of(floors, (DjFloorBy)by, enterprise, patent, pairing) : NULL;
        if (value)
            entry_of(floors, (DjFloorBy)by, value)->standing++;
    }
}

void dj_month_floors_settle(DjMonthFloors *floors, GArray *const groups[2], GArray *crossing)
{
    for (guint i = 0; i < floors->floors->len; i++) {
        const DjFloor *floor = &g_array_index(floors->floors, DjFloor, i);
        if (floor->of)
            entry_of(floors, floor->by, floor->of);
    }
    floors->settled = TRUE;
    for (guint i = 0; i < floors->in_order->len; i++) {
        Entry *entry = floors->in_order->pdata[i];
        if (entry->side >= 0) {
            GArray *own = groups[entry->side];
            guint group = group_of(floors, entry, DJ_PLAN_NONE, own);
            g_array_index(own, DjCoverNode, group).least = still_owed(floors, entry);
        } else if (entry->least > 0) {
            guint floor = crossing_of(floors, entry, crossing);
            g_array_index(crossing, guint, floor) = still_owed(floors, entry);
        }
    }
}

static gint compare_rows(gconstpointer a, gconstpointer b)
{
    const DjFloorRow *x = *(DjFloorRow *const *)a, *y = *(DjFloorRow *const *)b;
    return x->order != y->order ? (x->order < y->order ? -1 : 1) : strcmp(x->of, y->of);
}

GPtrArray *dj_month_floors_rows(const DjMonthFloors *floors, const DjCoverChoice *result)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)dj_floor_row_free);
    for (guint i = 0; i < floors->in_order->len; i++) {
        const Entry *entry = floors->in_order->pdata[i];
        if (entry->least == 0 || entry->number == DJ_PLAN_NONE)
            continue;
        DjFloorRow *row = g_new0(DjFloorRow, 1);
        row->order = (guint)entry->by;
        row->by = dj_floor_name(entry->by);
        row->label = dj_floor_label(entry->by);
        row->of = g_strdup(entry->value);
        row->name =
            g_strdup(entry->by == DJ_FLOOR_CHAIN ? dj_result_chain_name(floors->set, entry->value) : entry->value);
        row->least = entry->least;
        row->standing = entry->standing;
        row->missing =
            entry->side >= 0 ? result->lacks_group[entry->side][entry->number] : result->lacks_crossing[entry->number];
        g_ptr_array_add(rows, row);
    }
    g_ptr_array_sort(rows, compare_rows);
    return rows;
}
