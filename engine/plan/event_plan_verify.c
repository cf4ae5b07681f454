/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading back and checking. Of plan/ only problem.h, certificate.h, comfort.h and keeping.h are used here: a mistake
 * of the planner cannot hide. */
#include "engine/plan/certificate.h"
#include "engine/plan/comfort.h"
#include "engine/plan/event_plan_json.h"
#include "engine/plan/keeping.h"

#include <jansson.h>
#include <string.h>

typedef struct {
    DjPlanProblem problem;
    DjPlanPerson *persons;
    DjPlanGroup *groups;
    DjPlanPair *pairs;
    GHashTable *by_id;   /* id -> index + 1 */
    GHashTable *by_pair; /* "a b" -> index + 1 */
} Problem;

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean fail(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INVALID, message);
    return FALSE;
}

static void problem_clear(Problem *p)
{
    g_free(p->persons);
    g_free(p->groups);
    g_free(p->pairs);
    g_clear_pointer(&p->by_id, g_hash_table_unref);
    g_clear_pointer(&p->by_pair, g_hash_table_unref);
}

static json_t *parse(const char *name, const char *text, GError **error)
{
    json_error_t where;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        fail(error, "%s: line %d, column %d: %s", name, where.line, where.column, where.text);
    return root;
}

/* A whole number between the limits, or `otherwise` where the value is null. */
static gboolean read_number(const json_t *value, gint64 low, gint64 high, gint64 otherwise, gint64 *out)
{
    if (json_is_null(value))
        *out = otherwise;
    else if (json_is_integer(value))
        *out = json_integer_value(value);
    else
        return FALSE;
    return json_is_null(value) || (*out >= low && *out <= high);
}

static gboolean read_person(const json_t *item, guint i, Problem *p, GError **error)
{
    DjPlanPerson *person = &p->persons[i];
    const char *id = json_string_value(json_object_get(item, "id"));
    const char *open = json_string_value(json_object_get(item, "open"));
    const json_t *group = json_object_get(item, "group");
    gint64 low = 0, high = 0, g0 = 0, g1 = 0, best = 0;
    if (!id || !open || !g_ascii_string_to_unsigned(open, 16, 0, G_MAXUINT64, &person->open, NULL) ||
        !read_number(json_object_get(item, "min"), 0, G_MAXINT32, -1, &low) ||
        !read_number(json_object_get(item, "max"), 0, G_MAXINT32, -1, &high) ||
        !read_number(json_array_get(group, 0), 0, G_MAXINT32, DJ_PLAN_NONE, &g0) ||
        !read_number(json_array_get(group, 1), 0, G_MAXINT32, DJ_PLAN_NONE, &g1) ||
        !read_number(json_object_get(item, "best_from"), 0, DJ_PLAN_POINTS_MAX, -1, &best) || low < 0 || high < 0 ||
        best < 0)
        return fail(error, "problem.json: participant %u cannot be read", i);
    person->min = (guint)low;
    person->max = (guint)high;
    person->group[0] = (guint)g0;
    person->group[1] = (guint)g1;
    person->best_from = best;
    person->fair = json_is_true(json_object_get(item, "fair"));
    if (!g_hash_table_insert(p->by_id, g_strdup(id), GUINT_TO_POINTER(i + 1)))
        return fail(error, "problem.json: participant %s occurs twice", id);
    return TRUE;
}

static gboolean read_group(const json_t *item, guint g, Problem *p, GError **error)
{
    gint64 parent = 0, role = 0, low = 0, high = 0;
    if (!read_number(json_object_get(item, "parent"), 0, G_MAXINT32, DJ_PLAN_NONE, &parent) ||
        !read_number(json_object_get(item, "role"), 0, 1, -1, &role) ||
        !read_number(json_object_get(item, "min"), 0, G_MAXINT32, -1, &low) ||
        !read_number(json_object_get(item, "max"), 0, G_MAXINT32, DJ_PLAN_NONE, &high) || role < 0 || low < 0)
        return fail(error, "problem.json: group %u cannot be read", g);
    p->groups[g] = (DjPlanGroup){.parent = (guint)parent, .role = (guint)role, .min = (guint)low, .max = (guint)high};
    return TRUE;
}

static gboolean read_pair(const json_t *item, guint k, Problem *p, GError **error)
{
    gint64 v[4];
    for (guint c = 0; c < 4; c++)
        if (!read_number(json_array_get(item, c), 0, G_MAXINT32, -1, &v[c]) || v[c] < 0)
            return fail(error, "problem.json: pair %u cannot be read", k);
    if (v[3] > DJ_PLAN_BAN)
        return fail(error, "problem.json: pair %u has no such rule", k);
    p->pairs[k] = (DjPlanPair){.who = {(guint)v[0], (guint)v[1]}, .points = v[2], .rule = (DjPlanRule)v[3]};
    g_hash_table_insert(p->by_pair, g_strdup_printf("%u %u", p->pairs[k].who[0], p->pairs[k].who[1]),
                        GUINT_TO_POINTER(k + 1));
    return TRUE;
}

static gboolean read_problem(const json_t *root, Problem *p, GError **error)
{
    const json_t *persons = json_object_get(root, "persons"), *groups = json_object_get(root, "groups");
    const json_t *pairs = json_object_get(root, "pairs"), *steps = json_object_get(root, "fair_step");
    gint64 slots = 0, tables = 0;
    if (g_strcmp0(json_string_value(json_object_get(root, "format")), "duijie-problem-1") != 0)
        return fail(error, "problem.json: not of the format duijie-problem-1");
    if (!read_number(json_object_get(root, "slots"), 1, DJ_PLAN_SLOTS_MAX, -1, &slots) ||
        !read_number(json_object_get(root, "tables"), 1, G_MAXINT32, -1, &tables) || slots < 0 || tables < 0 ||
        json_array_size(steps) > DJ_PLAN_SLOTS_MAX)
        return fail(error, "problem.json: slots, tables or fair_step cannot be read");
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

static guint lookup(GHashTable *table, const char *key)
{
    return key ? GPOINTER_TO_UINT(g_hash_table_lookup(table, key)) - 1 : DJ_PLAN_NONE;
}

static gboolean read_meeting(const json_t *item, guint m, const Problem *p, DjPlanMeeting *out, GError **error)
{
    const char *demand = json_string_value(json_object_get(item, "demand"));
    const char *supply = json_string_value(json_object_get(item, "supply"));
    guint a = lookup(p->by_id, demand), b = lookup(p->by_id, supply);
    gint64 slot = 0, table = 0;
    if (a == DJ_PLAN_NONE || b == DJ_PLAN_NONE ||
        !read_number(json_object_get(item, "slot"), 1, G_MAXINT32, -1, &slot) ||
        !read_number(json_object_get(item, "table"), 1, G_MAXINT32, -1, &table) || slot < 1 || table < 1)
        return fail(error, "plan.json: meeting %u cannot be read", m + 1);
    g_autofree char *key = g_strdup_printf("%u %u", a, b);
    guint pair = lookup(p->by_pair, key);
    if (pair == DJ_PLAN_NONE)
        return fail(error, "plan.json: %s and %s are no candidates", demand, supply);
    if (json_integer_value(json_object_get(item, "points")) != p->pairs[pair].points)
        return fail(error, "plan.json: the points of %s and %s are not those of the problem", demand, supply);
    *out = (DjPlanMeeting){.pair = pair, .slot = (guint)slot - 1, .table = (guint)table - 1};
    return TRUE;
}

static DjPlanPrices *read_prices(const json_t *root, const Problem *p, GError **error)
{
    g_autoptr(DjPlanPrices) prices = dj_plan_prices_new(&p->problem, error);
    if (!prices)
        return NULL;
    const json_t *groups = json_object_get(root, "groups");
    json_t *persons = json_object_get(root, "persons");
    prices->total = json_integer_value(json_object_get(root, "total"));
    if (json_array_size(groups) != p->problem.n_groups) {
        fail(error, "plan.json: the certificate has prices for %zu of %u groups", json_array_size(groups),
             p->problem.n_groups);
        return NULL;
    }
    for (guint g = 0; g < p->problem.n_groups; g++)
        prices->group[g] = json_integer_value(json_array_get(groups, g));
    const char *id;
    json_t *item;
    json_object_foreach(persons, id, item)
    {
        guint i = lookup(p->by_id, id);
        if (i == DJ_PLAN_NONE) {
            fail(error, "plan.json: the certificate names %s, who does not take part", id);
            return NULL;
        }
        for (guint role = 0; role < 2; role++) {
            prices->person[role][i] = json_integer_value(json_array_get(item, role));
            prices->best[role][i] = json_integer_value(json_array_get(item, 2 + role));
        }
    }
    return g_steal_pointer(&prices);
}

static gboolean check_infeasible(const Problem *p, const DjPlanPrices *prices, DjEventCheck *out, GError **error)
{
    gint64 bound = 0;
    if (!dj_plan_bound(&p->problem, prices, TRUE, &bound, error))
        return FALSE;
    if (bound >= 0)
        return fail(error, "plan.json: says that there is no plan, and its certificate does not prove it");
    out->bound = bound;
    return TRUE;
}

static gboolean check_comfort(const json_t *plan, const char *key, guint count, guint bound, GError **error)
{
    const json_t *said = json_object_get(plan, key);
    const char *is = json_string_value(json_object_get(said, "is"));
    if (json_integer_value(json_object_get(said, "count")) != count ||
        json_integer_value(json_object_get(said, "bound")) != bound ||
        g_strcmp0(is, count == bound ? "optimal" : "heuristic") != 0)
        return fail(error, "plan.json: %s should be %u, bound %u", key, count, bound);
    return TRUE;
}

/* ---- what a version changed ---- */

typedef struct {
    DjPlanMeeting *meetings; /* as published; pair DJ_PLAN_NONE: is no candidate now */
    guint n;
} Published;

static gboolean read_published(const json_t *list, const Problem *p, Published *out, GError **error)
{
    out->n = (guint)json_array_size(list);
    out->meetings = g_new0(DjPlanMeeting, out->n + 1);
    for (guint k = 0; k < out->n; k++) {
        const json_t *item = json_array_get(list, k);
        gint64 slot = 0, table = 0;
        if (!read_number(json_array_get(item, 2), 1, G_MAXINT32, -1, &slot) ||
            !read_number(json_array_get(item, 3), 1, G_MAXINT32, -1, &table) || slot < 1 || table < 1)
            return fail(error, "plan.json: published meeting %u cannot be read", k + 1);
        g_autofree char *key = g_strdup_printf("%u %u", lookup(p->by_id, json_string_value(json_array_get(item, 0))),
                                               lookup(p->by_id, json_string_value(json_array_get(item, 1))));
        out->meetings[k] =
            (DjPlanMeeting){.pair = lookup(p->by_pair, key), .slot = (guint)slot - 1, .table = (guint)table - 1};
    }
    return TRUE;
}

static gboolean check_conflict(const json_t *item, guint c, const Problem *p, const Published *published,
                               GPtrArray *conflicts, GError **error)
{
    const json_t *list = json_object_get(item, "meetings"), *prices = json_object_get(item, "prices");
    DjPlanConflict *conflict = g_new0(DjPlanConflict, 1);
    g_ptr_array_add(conflicts, conflict);
    conflict->meetings = g_new0(guint, json_array_size(list) + 1);
    for (guint k = 0; k < json_array_size(list); k++) {
        gint64 at = -1;
        if (!read_number(json_array_get(list, k), 0, (gint64)published->n - 1, -1, &at) || at < 0)
            return fail(error, "plan.json: conflict %u names no published meeting", c + 1);
        conflict->meetings[conflict->n++] = (guint)at;
    }
    if (!json_is_null(prices) && !(conflict->prices = read_prices(prices, p, error)))
        return FALSE;
    if (conflict->n > 0 && dj_plan_check_conflict(&p->problem, published->meetings, conflict, error))
        return TRUE;
    if (conflict->n == 0)
        return fail(error, "plan.json: conflict %u is empty", c + 1);
    g_prefix_error(error, "plan.json: ");
    return FALSE;
}

/* Where the meeting of a pair is now: position in the plan + 1, 0 without one. */
static guint *index_meetings(const Problem *p, const DjPlanMeeting *meetings, guint n)
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
static GHashTable *find_changes(const json_t *plan, const Problem *p, const Published *published,
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
            return fail(error, "plan.json: this change did not happen: %s", (const char *)key);
    if (g_hash_table_size(said) != g_hash_table_size(expected) || json_array_size(list) != g_hash_table_size(said))
        return fail(error, "plan.json: lists %zu of %u changes", json_array_size(list), g_hash_table_size(expected));
    return TRUE;
}

static gboolean check_moves(const json_t *changes, const Problem *p, const Published *published,
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
        return fail(error, "plan.json: %u published meetings moved, and at least %u had to", moves, bound);
    if ((g_strcmp0(proof, "certificate") == 0) != (moves == bound) || fewest != (g_strcmp0(proof, "none") != 0))
        return fail(error, "plan.json: the moves are not proved in the way it says");
    out->moves = moves;
    out->moves_bound = bound;
    return TRUE;
}

static gboolean check_changes(const json_t *plan, const Problem *p, const DjPlanMeeting *meetings, guint n,
                              DjEventCheck *out, GError **error)
{
    const json_t *changes = json_object_get(plan, "changes");
    if (json_is_null(changes))
        return TRUE;
    Published published = {0};
    g_autofree guint *now = index_meetings(p, meetings, n);
    gboolean ok = json_is_object(changes) || fail(error, "plan.json: changes cannot be read");
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

static gboolean check_plan(const json_t *plan, const Problem *p, const DjPlanPrices *prices, DjEventCheck *out,
                           GError **error)
{
    const json_t *list = json_object_get(plan, "meetings");
    guint n = (guint)json_array_size(list);
    g_autofree DjPlanMeeting *meetings = g_new0(DjPlanMeeting, n + 1);
    for (guint m = 0; m < n; m++)
        if (!read_meeting(json_array_get(list, m), m, p, &meetings[m], error))
            return FALSE;
    if (!dj_plan_check(&p->problem, meetings, n, FALSE, error) ||
        !dj_plan_bound(&p->problem, prices, FALSE, &out->bound, error))
        return FALSE;
    out->feasible = TRUE;
    out->meetings = n;
    out->value = dj_plan_value(&p->problem, meetings, n);
    /* the certificate bounds points and fairness together; what it leaves open is open for points */
    gint64 open = out->bound - dj_plan_objective(&p->problem, meetings, n);
    out->bound = out->value + open;
    out->optimal = open == 0;
    if (!check_changes(plan, p, meetings, n, out, error))
        return FALSE;
    const DjPlanComfort comfort = dj_plan_comfort(&p->problem, meetings, n);
    if (!check_comfort(plan, "table_changes", comfort.table_changes, comfort.table_bound, error) ||
        !check_comfort(plan, "idle_slots", comfort.idle, comfort.idle_bound, error))
        return FALSE;
    const struct {
        const char *key;
        gint64 value;
    } said[] = {{"value", out->value}, {"bound", out->bound}, {"gap", open}};
    for (guint k = 0; k < G_N_ELEMENTS(said); k++) {
        const json_t *value = json_object_get(plan, said[k].key);
        if (!json_is_integer(value) || json_integer_value(value) != said[k].value)
            return fail(error, "plan.json: %s should be %" G_GINT64_FORMAT, said[k].key, said[k].value);
    }
    return TRUE;
}

static gboolean verify(const json_t *problem_root, const json_t *plan, const char *problem_json, DjEventCheck *out,
                       GError **error)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, problem_json, -1);
    if (g_strcmp0(sum, json_string_value(json_object_get(plan, "problem_sha256"))) != 0)
        return fail(error, "plan.json: was made for another problem.json");
    Problem p = {0};
    const char *status = json_string_value(json_object_get(plan, "status"));
    gboolean ok = read_problem(problem_root, &p, error);
    g_autoptr(DjPlanPrices) prices = ok ? read_prices(json_object_get(plan, "certificate"), &p, error) : NULL;
    ok = prices != NULL;
    if (ok && json_is_integer(json_object_get(plan, "value")))
        ok = check_plan(plan, &p, prices, out, error);
    else if (ok && g_strcmp0(status, "infeasible") == 0)
        ok = check_infeasible(&p, prices, out, error);
    else if (ok)
        ok = fail(error, "plan.json: holds neither a plan nor a proof that there is none");
    problem_clear(&p);
    return ok;
}

gboolean dj_event_plan_verify(const char *problem_json, const char *plan_json, DjEventCheck *out, GError **error)
{
    memset(out, 0, sizeof *out);
    json_t *problem = parse("problem.json", problem_json, error);
    json_t *plan = problem ? parse("plan.json", plan_json, error) : NULL;
    gboolean ok = plan && verify(problem, plan, problem_json, out, error);
    json_decref(problem);
    json_decref(plan);
    return ok;
}

GPtrArray *dj_event_plan_read_meetings(const char *plan_json, guint *version, GError **error)
{
    json_t *plan = parse("plan.json", plan_json, error);
    if (!plan)
        return NULL;
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(dj_event_plan_meeting_free);
    const json_t *list = json_object_get(plan, "meetings");
    gboolean ok = TRUE;
    for (guint m = 0; m < json_array_size(list) && ok; m++) {
        const json_t *item = json_array_get(list, m);
        const char *demand = json_string_value(json_object_get(item, "demand"));
        const char *supply = json_string_value(json_object_get(item, "supply"));
        gint64 slot = 0, table = 0;
        ok = demand && supply && read_number(json_object_get(item, "slot"), 1, DJ_PLAN_SLOTS_MAX, -1, &slot) &&
             read_number(json_object_get(item, "table"), 1, G_MAXINT32, -1, &table) && slot > 0 && table > 0;
        if (!ok)
            break;
        DjEventMeeting *meeting = g_new0(DjEventMeeting, 1);
        *meeting = (DjEventMeeting){.who = {g_strdup(demand), g_strdup(supply)},
                                    .slot = (guint)slot - 1,
                                    .table = (guint)table - 1,
                                    .need_key = g_strdup(json_string_value(json_object_get(item, "need"))),
                                    .patent_key = g_strdup(json_string_value(json_object_get(item, "patent")))};
        g_ptr_array_add(out, meeting);
    }
    if (!ok)
        fail(error, "plan.json: meeting %u cannot be read", out->len + 1);
    if (version)
        *version = (guint)json_integer_value(json_object_get(plan, "version"));
    json_decref(plan);
    return ok ? g_steal_pointer(&out) : NULL;
}

char *dj_event_plan_read_id(const char *plan_json, GError **error)
{
    json_t *plan = parse("plan.json", plan_json, error);
    if (!plan)
        return NULL;
    char *id = g_strdup(json_string_value(json_object_get(json_object_get(plan, "event"), "id")));
    if (!id)
        fail(error, "plan.json: names no event");
    json_decref(plan);
    return id;
}
