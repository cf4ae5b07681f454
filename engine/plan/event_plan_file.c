/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan/event_plan_file.h"

#include <string.h>

gboolean dj_plan_file_fail(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INVALID, message);
    return FALSE;
}

void dj_plan_file_clear(DjPlanFile *p)
{
    g_free(p->persons);
    g_free(p->groups);
    g_free(p->pairs);
    g_clear_pointer(&p->by_id, g_hash_table_unref);
    g_clear_pointer(&p->by_pair, g_hash_table_unref);
}

json_t *dj_plan_file_parse(const char *name, const char *text, GError **error)
{
    json_error_t where;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        dj_plan_file_fail(error, "%s: line %d, column %d: %s", name, where.line, where.column, where.text);
    return root;
}

gboolean dj_plan_file_number(const json_t *value, gint64 low, gint64 high, gint64 otherwise, gint64 *out)
{
    if (json_is_null(value))
        *out = otherwise;
    else if (json_is_integer(value))
        *out = json_integer_value(value);
    else
        return FALSE;
    return json_is_null(value) || (*out >= low && *out <= high);
}

static gboolean read_person(const json_t *item, guint i, DjPlanFile *p, GError **error)
{
    DjPlanPerson *person = &p->persons[i];
    const char *id = json_string_value(json_object_get(item, "id"));
    const char *open = json_string_value(json_object_get(item, "open"));
    const json_t *group = json_object_get(item, "group");
    gint64 low = 0, high = 0, g0 = 0, g1 = 0, best = 0;
    if (!id || !open || !g_ascii_string_to_unsigned(open, 16, 0, G_MAXUINT64, &person->open, NULL) ||
        !dj_plan_file_number(json_object_get(item, "min"), 0, G_MAXINT32, -1, &low) ||
        !dj_plan_file_number(json_object_get(item, "max"), 0, G_MAXINT32, -1, &high) ||
        !dj_plan_file_number(json_array_get(group, 0), 0, G_MAXINT32, DJ_PLAN_NONE, &g0) ||
        !dj_plan_file_number(json_array_get(group, 1), 0, G_MAXINT32, DJ_PLAN_NONE, &g1) ||
        !dj_plan_file_number(json_object_get(item, "best_from"), 0, DJ_PLAN_POINTS_MAX, -1, &best) || low < 0 ||
        high < 0 || best < 0)
        return dj_plan_file_fail(error, "problem.json: participant %u cannot be read", i);
    person->min = (guint)low;
    person->max = (guint)high;
    person->group[0] = (guint)g0;
    person->group[1] = (guint)g1;
    person->best_from = best;
    person->fair = json_is_true(json_object_get(item, "fair"));
    if (!g_hash_table_insert(p->by_id, g_strdup(id), GUINT_TO_POINTER(i + 1)))
        return dj_plan_file_fail(error, "problem.json: participant %s occurs twice", id);
    return TRUE;
}

static gboolean read_group(const json_t *item, guint g, DjPlanFile *p, GError **error)
{
    gint64 parent = 0, role = 0, low = 0, high = 0;
    if (!dj_plan_file_number(json_object_get(item, "parent"), 0, G_MAXINT32, DJ_PLAN_NONE, &parent) ||
        !dj_plan_file_number(json_object_get(item, "role"), 0, 1, -1, &role) ||
        !dj_plan_file_number(json_object_get(item, "min"), 0, G_MAXINT32, -1, &low) ||
        !dj_plan_file_number(json_object_get(item, "max"), 0, G_MAXINT32, DJ_PLAN_NONE, &high) || role < 0 || low < 0)
        return dj_plan_file_fail(error, "problem.json: group %u cannot be read", g);
    p->groups[g] = (DjPlanGroup){.parent = (guint)parent, .role = (guint)role, .min = (guint)low, .max = (guint)high};
    return TRUE;
}

static gboolean read_pair(const json_t *item, guint k, DjPlanFile *p, GError **error)
{
    gint64 v[4];
    for (guint c = 0; c < 4; c++)
        if (!dj_plan_file_number(json_array_get(item, c), 0, G_MAXINT32, -1, &v[c]) || v[c] < 0)
            return dj_plan_file_fail(error, "problem.json: pair %u cannot be read", k);
    if (v[3] > DJ_PLAN_BAN)
        return dj_plan_file_fail(error, "problem.json: pair %u has no such rule", k);
    p->pairs[k] = (DjPlanPair){.who = {(guint)v[0], (guint)v[1]}, .points = v[2], .rule = (DjPlanRule)v[3]};
    g_hash_table_insert(p->by_pair, g_strdup_printf("%u %u", p->pairs[k].who[0], p->pairs[k].who[1]),
                        GUINT_TO_POINTER(k + 1));
    return TRUE;
}

gboolean dj_plan_file_problem(const json_t *root, DjPlanFile *p, GError **error)
{
    const json_t *persons = json_object_get(root, "persons"), *groups = json_object_get(root, "groups");
    const json_t *pairs = json_object_get(root, "pairs"), *steps = json_object_get(root, "fair_step");
    gint64 slots = 0, tables = 0;
    if (g_strcmp0(json_string_value(json_object_get(root, "format")), "duijie-problem-1") != 0)
        return dj_plan_file_fail(error, "problem.json: not of the format duijie-problem-1");
    if (!dj_plan_file_number(json_object_get(root, "slots"), 1, DJ_PLAN_SLOTS_MAX, -1, &slots) ||
        !dj_plan_file_number(json_object_get(root, "tables"), 1, G_MAXINT32, -1, &tables) || slots < 0 || tables < 0 ||
        json_array_size(steps) > DJ_PLAN_SLOTS_MAX)
        return dj_plan_file_fail(error, "problem.json: slots, tables or fair_step cannot be read");
    p->persons = g_new0(DjPlanPerson, json_array_size(persons) + 1);
    p->groups = g_new0(DjPlanGroup, json_array_size(groups) + 1);
    p->pairs = g_new0(DjPlanPair, json_array_size(pairs) + 1);
    p->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    p->by_pair = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint k = 0; k < json_array_size(persons); k++)
        if (!read_person(json_array_get(persons, k), k, p, error))
            return FALSE;
    for (guint k = 0; k < json_array_size(groups); k++)
        if (!read_group(json_array_get(groups, k), k, p, error))
            return FALSE;
    for (guint k = 0; k < json_array_size(pairs); k++)
        if (!read_pair(json_array_get(pairs, k), k, p, error))
            return FALSE;
    p->problem = (DjPlanProblem){.persons = p->persons,
                                 .n_persons = (guint)json_array_size(persons),
                                 .groups = p->groups,
                                 .n_groups = (guint)json_array_size(groups),
                                 .pairs = p->pairs,
                                 .n_pairs = (guint)json_array_size(pairs),
                                 .slots = (guint)slots,
                                 .tables = (guint)tables};
    for (guint k = 0; k < json_array_size(steps); k++)
        p->problem.fair_step[k + 1] = json_integer_value(json_array_get(steps, k));
    return dj_plan_problem_check(&p->problem, error);
}

guint dj_plan_file_lookup(GHashTable *table, const char *key)
{
    return key ? GPOINTER_TO_UINT(g_hash_table_lookup(table, key)) - 1 : DJ_PLAN_NONE;
}

guint dj_plan_file_pair(const DjPlanFile *p, const char *demand, const char *supply)
{
    g_autofree char *key =
        g_strdup_printf("%u %u", dj_plan_file_lookup(p->by_id, demand), dj_plan_file_lookup(p->by_id, supply));
    return dj_plan_file_lookup(p->by_pair, key);
}

gboolean dj_plan_file_meeting(const json_t *item, guint m, const DjPlanFile *p, DjPlanMeeting *out, GError **error)
{
    const char *demand = json_string_value(json_object_get(item, "demand"));
    const char *supply = json_string_value(json_object_get(item, "supply"));
    guint a = dj_plan_file_lookup(p->by_id, demand), b = dj_plan_file_lookup(p->by_id, supply);
    gint64 slot = 0, table = 0;
    if (a == DJ_PLAN_NONE || b == DJ_PLAN_NONE ||
        !dj_plan_file_number(json_object_get(item, "slot"), 1, G_MAXINT32, -1, &slot) ||
        !dj_plan_file_number(json_object_get(item, "table"), 1, G_MAXINT32, -1, &table) || slot < 1 || table < 1)
        return dj_plan_file_fail(error, "plan.json: meeting %u cannot be read", m + 1);
    guint pair = dj_plan_file_pair(p, demand, supply);
    if (pair == DJ_PLAN_NONE)
        return dj_plan_file_fail(error, "plan.json: %s and %s are no candidates", demand, supply);
    if (json_integer_value(json_object_get(item, "points")) != p->pairs[pair].points)
        return dj_plan_file_fail(error, "plan.json: the points of %s and %s are not those of the problem", demand,
                                 supply);
    *out = (DjPlanMeeting){.pair = pair, .slot = (guint)slot - 1, .table = (guint)table - 1};
    return TRUE;
}

DjPlanPrices *dj_plan_file_prices(const json_t *root, const DjPlanFile *p, GError **error)
{
    g_autoptr(DjPlanPrices) prices = dj_plan_prices_new(&p->problem, error);
    if (!prices)
        return NULL;
    const json_t *groups = json_object_get(root, "groups");
    json_t *persons = json_object_get(root, "persons");
    prices->total = json_integer_value(json_object_get(root, "total"));
    if (json_array_size(groups) != p->problem.n_groups) {
        dj_plan_file_fail(error, "plan.json: the certificate has prices for %zu of %u groups", json_array_size(groups),
                          p->problem.n_groups);
        return NULL;
    }
    for (guint g = 0; g < p->problem.n_groups; g++)
        prices->group[g] = json_integer_value(json_array_get(groups, g));
    const char *id;
    json_t *item;
    json_object_foreach(persons, id, item)
    {
        guint i = dj_plan_file_lookup(p->by_id, id);
        if (i == DJ_PLAN_NONE) {
            dj_plan_file_fail(error, "plan.json: the certificate names %s, who does not take part", id);
            return NULL;
        }
        for (guint role = 0; role < 2; role++) {
            prices->person[role][i] = json_integer_value(json_array_get(item, role));
            prices->best[role][i] = json_integer_value(json_array_get(item, 2 + role));
        }
    }
    return g_steal_pointer(&prices);
}
