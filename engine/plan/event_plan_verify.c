/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking. Of plan/ only problem.h, certificate.h, comfort.h, exhaust.h, keeping.h and only.h are used here and in the
 * two files beside it: a mistake of the planner cannot hide. */
#include "engine/plan/comfort.h"
#include "engine/plan/event_plan_changes.h"
#include "engine/plan/event_plan_file.h"
#include "engine/plan/event_plan_json.h"
#include "engine/plan/exhaust.h"
#include "engine/plan/only.h"

#include <string.h>

static const guint64 EXHAUST_WORK = 300000000; /* about a second */

static gboolean is_number(const json_t *root, const char *key, gint64 value)
{
    const json_t *said = json_object_get(root, key);
    return json_is_integer(said) && json_integer_value(said) == value;
}

static gboolean check_limits(const json_t *plan, const DjPlanFile *p, GError **error)
{
    const json_t *limits = json_object_get(plan, "limits");
    GHashTableIter iter;
    gpointer id, index;
    if (!is_number(plan, "tables", p->problem.tables) ||
        json_array_size(json_object_get(plan, "slots")) != p->problem.slots)
        return dj_plan_file_fail(error, "plan.json: slots and tables are not those of the problem");
    if (json_object_size(limits) != p->problem.n_persons)
        return dj_plan_file_fail(error, "plan.json: limits are not those of the problem");
    g_hash_table_iter_init(&iter, p->by_id);
    while (g_hash_table_iter_next(&iter, &id, &index)) {
        const DjPlanPerson *person = &p->persons[GPOINTER_TO_UINT(index) - 1];
        const json_t *said = json_object_get(limits, id);
        if (!is_number(said, "min", person->min) || !is_number(said, "max", person->max))
            return dj_plan_file_fail(error, "plan.json: the limits of %s are not those of the problem",
                                     (const char *)id);
    }
    return TRUE;
}

static gboolean check_participants(const json_t *plan, const DjPlanFile *p, const DjPlanMeeting *meetings, guint n,
                                   GError **error)
{
    const json_t *participants = json_object_get(plan, "participants");
    g_autofree guint *met = g_new0(guint, p->problem.n_persons + 1);
    g_autofree gint64 *points = g_new0(gint64, p->problem.n_persons + 1);
    for (guint m = 0; m < n; m++)
        for (guint role = 0; role < 2; role++) {
            const DjPlanPair *pair = &p->pairs[meetings[m].pair];
            met[pair->who[role]]++;
            points[pair->who[role]] += pair->points;
        }
    GHashTableIter iter;
    gpointer id, index;
    g_hash_table_iter_init(&iter, p->by_id);
    while (g_hash_table_iter_next(&iter, &id, &index)) {
        guint i = GPOINTER_TO_UINT(index) - 1;
        const json_t *said = json_object_get(participants, id);
        if (!is_number(said, "meetings", met[i]) || !is_number(said, "points", points[i]))
            return dj_plan_file_fail(error, "plan.json: %s has %u meetings and %" G_GINT64_FORMAT " points",
                                     (const char *)id, met[i], points[i]);
    }
    return TRUE;
}

/* Puts back what the file blames. */
static gboolean add_blamed(DjPlanOnly *only, const json_t *said, const DjPlanFile *p, GError **error)
{
    const json_t *persons = json_object_get(said, "group"), *musts = json_object_get(said, "must");
    const json_t *floors = json_object_get(said, "floors");
    for (guint k = 0; k < json_array_size(persons); k++) {
        guint i = dj_plan_file_lookup(p->by_id, json_string_value(json_array_get(persons, k)));
        if (i == DJ_PLAN_NONE)
            return dj_plan_file_fail(error, "plan.json: the group names somebody who does not take part");
        dj_plan_only_person(only, i, TRUE);
    }
    for (guint k = 0; k < json_array_size(musts); k++) {
        const json_t *item = json_array_get(musts, k);
        guint pair = dj_plan_file_pair(p, json_string_value(json_array_get(item, 0)),
                                       json_string_value(json_array_get(item, 1)));
        if (json_array_size(item) != 2 || pair == DJ_PLAN_NONE || p->pairs[pair].rule != DJ_PLAN_MUST)
            return dj_plan_file_fail(error, "plan.json: the group names a must-meet that is none");
        dj_plan_only_must(only, pair, TRUE);
    }
    for (guint k = 0; k < json_array_size(floors); k++) {
        gint64 g = -1;
        if (!dj_plan_file_number(json_object_get(json_array_get(floors, k), "group"), 0,
                                 (gint64)p->problem.n_groups - 1, -1, &g) ||
            g < 0)
            return dj_plan_file_fail(error, "plan.json: the group names a floor that is none");
        dj_plan_only_floor(only, (guint)g, TRUE);
    }
    return TRUE;
}

/* The group alone already asks for more than the prices leave to it. */
static gboolean check_block(const json_t *said, const DjPlanFile *p, const DjPlanPrices *prices, GError **error)
{
    DjPlanOnly only;
    gint64 bound = 0;
    dj_plan_only_init(&only, &p->problem);
    gboolean ok = add_blamed(&only, said, p, error) && dj_plan_bound(&only.problem, prices, TRUE, &bound, error);
    if (ok && (bound >= 0 || !is_number(said, "required", only.required) ||
               !is_number(said, "available", only.required + bound)))
        ok = dj_plan_file_fail(
            error, "plan.json: its group requires %" G_GINT64_FORMAT " meetings, and %" G_GINT64_FORMAT " are possible",
            only.required, only.required + bound);
    dj_plan_only_clear(&only);
    return ok;
}

/* No timetable meets the group's requirements: tried exhaustively. */
static gboolean check_clash(const json_t *said, const DjPlanFile *p, GError **error)
{
    if (!json_is_array(json_object_get(said, "group")))
        return dj_plan_file_fail(error, "plan.json: says that there is no timetable, and names no group to check");
    DjPlanOnly only;
    dj_plan_only_init(&only, &p->problem);
    gboolean ok = add_blamed(&only, said, p, error);
    DjPlanExhaust found = ok ? dj_plan_exhaust(&only.problem, EXHAUST_WORK) : DJ_PLAN_EXHAUST_LIMIT;
    if (ok && found == DJ_PLAN_EXHAUST_SOME)
        ok = dj_plan_file_fail(error, "plan.json: a timetable meets what its group requires");
    else if (ok && found == DJ_PLAN_EXHAUST_LIMIT)
        ok = dj_plan_file_fail(error, "plan.json: its group is too large to be checked without the planner");
    else if (ok && !is_number(said, "required", only.required))
        ok = dj_plan_file_fail(error, "plan.json: its group requires %" G_GINT64_FORMAT " meetings", only.required);
    dj_plan_only_clear(&only);
    return ok;
}

static gboolean check_infeasible(const json_t *plan, const DjPlanFile *p, const DjPlanPrices *prices, DjEventCheck *out,
                                 GError **error)
{
    const json_t *said = json_object_get(plan, "infeasible");
    if (json_array_size(json_object_get(plan, "meetings")) > 0)
        return dj_plan_file_fail(error, "plan.json: holds meetings and says that there is no plan");
    if (!check_participants(plan, p, NULL, 0, error))
        return FALSE;
    out->by_timetable = g_strcmp0(json_string_value(json_object_get(said, "because")), "timetable") == 0;
    if (out->by_timetable)
        return check_clash(said, p, error);
    if (!dj_plan_bound(&p->problem, prices, TRUE, &out->bound, error))
        return FALSE;
    if (out->bound >= 0)
        return dj_plan_file_fail(error, "plan.json: says that there is no plan, and its certificate does not prove it");
    return check_block(said, p, prices, error);
}

static gboolean check_comfort(const json_t *plan, const char *key, guint count, guint bound, GError **error)
{
    const json_t *said = json_object_get(plan, key);
    const char *is = json_string_value(json_object_get(said, "is"));
    if (json_integer_value(json_object_get(said, "count")) != count ||
        json_integer_value(json_object_get(said, "bound")) != bound ||
        g_strcmp0(is, count == bound ? "optimal" : "heuristic") != 0)
        return dj_plan_file_fail(error, "plan.json: %s should be %u, bound %u", key, count, bound);
    return TRUE;
}

static gboolean check_plan(const json_t *plan, const DjPlanFile *p, const DjPlanPrices *prices, DjEventCheck *out,
                           GError **error)
{
    const json_t *list = json_object_get(plan, "meetings");
    guint n = (guint)json_array_size(list);
    g_autofree DjPlanMeeting *meetings = g_new0(DjPlanMeeting, n + 1);
    for (guint m = 0; m < n; m++)
        if (!dj_plan_file_meeting(json_array_get(list, m), m, p, &meetings[m], error))
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
    const char *status = json_string_value(json_object_get(plan, "status"));
    const char *proof = json_string_value(json_object_get(plan, "proof"));
    gboolean unproved = g_strcmp0(proof, "none") == 0;
    if (open == 0 ? g_strcmp0(proof, "certificate") != 0 : !unproved && g_strcmp0(proof, "search") != 0)
        return dj_plan_file_fail(error, "plan.json: the value is not proved in the way it says");
    if (g_strcmp0(status, unproved ? "suboptimal" : "optimal") != 0 ||
        !json_is_null(json_object_get(plan, "infeasible")))
        return dj_plan_file_fail(error, "plan.json: status does not agree with the proof");
    if (!check_participants(plan, p, meetings, n, error))
        return FALSE;
    if (!dj_event_plan_check_changes(plan, p, meetings, n, out, error))
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
            return dj_plan_file_fail(error, "plan.json: %s should be %" G_GINT64_FORMAT, said[k].key, said[k].value);
    }
    return TRUE;
}

static gboolean verify(const json_t *problem_root, const json_t *plan, const char *problem_json, DjEventCheck *out,
                       GError **error)
{
    if (g_strcmp0(json_string_value(json_object_get(plan, "format")), "duijie-plan-1") != 0)
        return dj_plan_file_fail(error, "plan.json: not of the format duijie-plan-1");
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, problem_json, -1);
    if (g_strcmp0(sum, json_string_value(json_object_get(plan, "problem_sha256"))) != 0)
        return dj_plan_file_fail(error, "plan.json: was made for another problem.json");
    DjPlanFile p = {0};
    const char *status = json_string_value(json_object_get(plan, "status"));
    gboolean ok = dj_plan_file_problem(problem_root, &p, error);
    g_autoptr(DjPlanPrices) prices = ok ? dj_plan_file_prices(json_object_get(plan, "certificate"), &p, error) : NULL;
    ok = prices != NULL && check_limits(plan, &p, error);
    if (ok && json_is_integer(json_object_get(plan, "value")))
        ok = check_plan(plan, &p, prices, out, error);
    else if (ok && g_strcmp0(status, "infeasible") == 0)
        ok = check_infeasible(plan, &p, prices, out, error);
    else if (ok)
        ok = dj_plan_file_fail(error, "plan.json: holds neither a plan nor a proof that there is none");
    out->by_clock = json_is_false(json_object_get(plan, "reproducible"));
    dj_plan_file_clear(&p);
    return ok;
}

gboolean dj_event_plan_verify(const char *problem_json, const char *plan_json, DjEventCheck *out, GError **error)
{
    memset(out, 0, sizeof *out);
    json_t *problem = dj_plan_file_parse("problem.json", problem_json, error);
    json_t *plan = problem ? dj_plan_file_parse("plan.json", plan_json, error) : NULL;
    gboolean ok = plan && verify(problem, plan, problem_json, out, error);
    json_decref(problem);
    json_decref(plan);
    return ok;
}

GPtrArray *dj_event_plan_read_meetings(const char *plan_json, guint *version, GError **error)
{
    json_t *plan = dj_plan_file_parse("plan.json", plan_json, error);
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
        ok = demand && supply && dj_plan_file_number(json_object_get(item, "slot"), 1, DJ_PLAN_SLOTS_MAX, -1, &slot) &&
             dj_plan_file_number(json_object_get(item, "table"), 1, G_MAXINT32, -1, &table) && slot > 0 && table > 0;
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
        dj_plan_file_fail(error, "plan.json: meeting %u cannot be read", out->len + 1);
    if (version)
        *version = (guint)json_integer_value(json_object_get(plan, "version"));
    json_decref(plan);
    return ok ? g_steal_pointer(&out) : NULL;
}

char *dj_event_plan_read_id(const char *plan_json, GError **error)
{
    json_t *plan = dj_plan_file_parse("plan.json", plan_json, error);
    if (!plan)
        return NULL;
    char *id = g_strdup(json_string_value(json_object_get(json_object_get(plan, "event"), "id")));
    if (!id)
        dj_plan_file_fail(error, "plan.json: names no event");
    json_decref(plan);
    return id;
}
