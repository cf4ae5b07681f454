/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing. Keys come in a fixed order; jansson keeps it. */
#include "engine/plan/event_plan_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const proofs[] = {"none", "search", "certificate"}; /* DjEventProof */

static char *dump(json_t *root, size_t flags)
{
    char *text = json_dumps(root, flags);
    char *out = g_strconcat(text, "\n", NULL);
    free(text);
    json_decref(root);
    return out;
}

static json_t *index_or_null(guint index)
{
    return index == DJ_PLAN_NONE ? json_null() : json_integer(index);
}

static const char *id_of(const DjEventPlan *session, guint person)
{
    return dj_event_person(session->event, person)->id;
}

char *dj_event_problem_json(const DjEventPlan *session)
{
    const DjPlanProblem *problem = &session->numbers->problem;
    json_t *persons = json_array(), *groups = json_array(), *pairs = json_array(), *steps = json_array();
    for (guint i = 0; i < problem->n_persons; i++) {
        const DjPlanPerson *person = &problem->persons[i];
        g_autofree char *open = g_strdup_printf("%" G_GINT64_MODIFIER "x", person->open);
        json_array_append_new(persons,
                              json_pack("{s:s, s:i, s:i, s:s, s:[o, o], s:I, s:b}", "id", id_of(session, i), "min",
                                        (int)person->min, "max", (int)person->max, "open", open, "group",
                                        index_or_null(person->group[0]), index_or_null(person->group[1]), "best_from",
                                        (json_int_t)person->best_from, "fair", person->fair));
    }
    for (guint g = 0; g < problem->n_groups; g++) {
        const DjPlanGroup *group = &problem->groups[g];
        json_array_append_new(groups, json_pack("{s:s, s:o, s:i, s:i, s:o}", "name", session->numbers->group_names[g],
                                                "parent", index_or_null(group->parent), "role", (int)group->role, "min",
                                                (int)group->min, "max", index_or_null(group->max)));
    }
    for (guint p = 0; p < problem->n_pairs; p++) {
        const DjPlanPair *pair = &problem->pairs[p];
        json_array_append_new(pairs, json_pack("[i, i, I, i]", (int)pair->who[0], (int)pair->who[1],
                                               (json_int_t)pair->points, (int)pair->rule));
    }
    for (guint k = 1; k <= DJ_PLAN_SLOTS_MAX && problem->fair_step[k] > 0; k++)
        json_array_append_new(steps, json_integer(problem->fair_step[k]));
    return dump(json_pack("{s:s, s:i, s:i, s:o, s:o, s:o, s:o}", "format", "duijie-problem-1", "slots",
                          (int)problem->slots, "tables", (int)problem->tables, "fair_step", steps, "persons", persons,
                          "groups", groups, "pairs", pairs),
                JSON_COMPACT);
}

static json_t *slots_json(const DjEvent *event)
{
    json_t *slots = json_array();
    for (guint t = 0; t < event->slots; t++) {
        char start[6], end[6];
        dj_event_clock(event->start[t], start);
        dj_event_clock(event->start[t] + event->minutes, end);
        json_array_append_new(slots, json_pack("{s:i, s:s, s:s}", "slot", (int)t + 1, "start", start, "end", end));
    }
    return slots;
}

static json_t *meetings_json(const DjEventPlan *session)
{
    json_t *meetings = json_array();
    for (guint m = 0; m < session->plan->n; m++) {
        const DjPlanMeeting *meeting = &session->plan->meetings[m];
        const DjEventPair *pair = dj_event_pair(session->event, meeting->pair);
        json_t *item = json_pack("{s:s, s:s, s:i, s:i, s:I}", "demand", id_of(session, pair->who[0]), "supply",
                                 id_of(session, pair->who[1]), "slot", (int)meeting->slot + 1, "table",
                                 (int)meeting->table + 1, "points", (json_int_t)pair->points);
        const DjEventTopic *topic = dj_event_lead(pair);
        if (topic->need_key)
            json_object_set_new(item, "need", json_string(topic->need_key));
        if (topic->patent_key)
            json_object_set_new(item, "patent", json_string(topic->patent_key));
        json_array_append_new(meetings, item);
    }
    return meetings;
}

static json_t *limits_json(const DjEventPlan *session)
{
    json_t *limits = json_object();
    for (guint i = 0; i < session->event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(session->event, i);
        json_object_set_new(limits, person->id,
                            json_pack("{s:i, s:i}", "min", (int)person->min, "max", (int)person->max));
    }
    return limits;
}

static json_t *persons_json(const DjEventPlan *session)
{
    const DjEvent *event = session->event;
    g_autofree guint *met = g_new0(guint, event->persons->len + 1);
    g_autofree gint64 *points = g_new0(gint64, event->persons->len + 1);
    for (guint m = 0; m < session->plan->n; m++) {
        const DjEventPair *pair = dj_event_pair(event, session->plan->meetings[m].pair);
        for (guint role = 0; role < 2; role++) {
            met[pair->who[role]]++;
            points[pair->who[role]] += pair->points;
        }
    }
    json_t *persons = json_object();
    for (guint i = 0; i < event->persons->len; i++)
        json_object_set_new(persons, id_of(session, i),
                            json_pack("{s:s, s:i, s:I, s:I}", "side",
                                      dj_event_side_key(dj_event_person(event, i)->side), "meetings", (int)met[i],
                                      "points", (json_int_t)points[i], "possible", (json_int_t)session->possible[i]));
    return persons;
}

static json_t *prices_json(const DjEventPlan *session, const DjPlanPrices *prices)
{
    json_t *persons = json_object(), *groups = json_array();
    for (guint i = 0; i < prices->n_persons; i++) {
        gint64 p0 = prices->person[0][i], p1 = prices->person[1][i], b0 = prices->best[0][i], b1 = prices->best[1][i];
        if (p0 != 0 || p1 != 0 || b0 != 0 || b1 != 0)
            json_object_set_new(
                persons, id_of(session, i),
                json_pack("[I, I, I, I]", (json_int_t)p0, (json_int_t)p1, (json_int_t)b0, (json_int_t)b1));
    }
    for (guint g = 0; g < prices->n_groups; g++)
        json_array_append_new(groups, json_integer(prices->group[g]));
    return json_pack("{s:I, s:o, s:o}", "total", (json_int_t)prices->total, "groups", groups, "persons", persons);
}

static json_t *ids_json(const DjEventPlan *session, const GArray *persons)
{
    json_t *ids = json_array();
    for (guint k = 0; k < persons->len; k++)
        json_array_append_new(ids, json_string(id_of(session, g_array_index(persons, guint, k))));
    return ids;
}

static json_t *pair_json(const DjEventPlan *session, guint p)
{
    const DjEventPair *pair = dj_event_pair(session->event, p);
    return json_pack("[s, s]", id_of(session, pair->who[0]), id_of(session, pair->who[1]));
}

static json_t *relaxation_json(const DjEventPlan *session, const DjPlanRelaxation *way)
{
    static const char *const kinds[] = {"lower minima", "raise maxima", "add tables"};
    json_t *changes = json_array();
    for (guint k = 0; k < way->changes->len; k++) {
        const DjPlanChange *change = &g_array_index(way->changes, DjPlanChange, k);
        const char *what = change->is_group                  ? session->numbers->group_names[change->index]
                           : way->kind == DJ_PLAN_ADD_TABLES ? "tables"
                                                             : id_of(session, change->index);
        json_array_append_new(changes,
                              json_pack("{s:s, s:s, s:i, s:i}", "of", change->is_group ? "group" : "participant",
                                        "name", what, "from", (int)change->from, "to", (int)change->to));
    }
    return json_pack("{s:s, s:i, s:I, s:o}", "kind", kinds[way->kind], "meetings", (int)way->missing, "value",
                     (json_int_t)way->value, "changes", changes);
}

static json_t *floors_json(const DjEventPlan *session, const GArray *floors)
{
    json_t *out = json_array();
    for (guint k = 0; k < floors->len; k++) {
        guint g = g_array_index(floors, guint, k);
        json_array_append_new(out, json_pack("{s:i, s:s}", "group", (int)g, "name", session->numbers->group_names[g]));
    }
    return out;
}

static json_t *musts_json(const DjEventPlan *session, const GArray *musts)
{
    json_t *out = json_array();
    for (guint k = 0; k < musts->len; k++)
        json_array_append_new(out, pair_json(session, g_array_index(musts, guint, k)));
    return out;
}

/* A few requirements that no timetable meets together; null where none were found. */
static json_t *clash_json(const DjEventPlan *session)
{
    const DjPlanClash *clash = session->clash;
    if (!clash)
        return json_pack("{s:s, s:n}", "because", "timetable", "group");
    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:b}", "because", "timetable", "required", (json_int_t)clash->required,
                     "group", ids_json(session, clash->needy), "floors", floors_json(session, clash->floors), "must",
                     musts_json(session, clash->musts), "irreducible", clash->irreducible);
}

static json_t *infeasible_json(const DjEventPlan *session)
{
    const DjPlanBlock *block = session->block;
    if (session->plan->status != DJ_PLAN_INFEASIBLE)
        return json_null();
    if (!block)
        return clash_json(session);
    json_t *caps = json_array(), *ways = json_array();
    for (guint k = 0; k < block->caps->len; k++)
        json_array_append_new(caps, json_string(session->numbers->group_names[g_array_index(block->caps, guint, k)]));
    for (guint k = 0; k < session->relaxations->len; k++)
        json_array_append_new(ways, relaxation_json(session, g_ptr_array_index(session->relaxations, k)));
    return json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "because", "limits", "required",
                     (json_int_t)block->required, "available", (json_int_t)block->available, "group",
                     ids_json(session, block->needy), "floors", floors_json(session, block->floors), "must",
                     musts_json(session, block->musts), "scarce", ids_json(session, block->scarce), "caps", caps,
                     "tables", block->tables, "relaxations", ways);
}

static json_t *published_json(const DjEventPlan *session)
{
    json_t *out = json_array();
    for (guint k = 0; k < session->published->len; k++) {
        const DjEventMeeting *was = g_ptr_array_index(session->published, k);
        json_array_append_new(
            out, json_pack("[s, s, i, i]", was->who[0], was->who[1], (int)was->slot + 1, (int)was->table + 1));
    }
    return out;
}

/* Published meetings (counted from 0) of which one at least had to be given up, and the prices that prove it. */
static json_t *conflicts_json(const DjEventPlan *session)
{
    json_t *out = json_array();
    for (guint c = 0; c < session->moves->conflicts->len; c++) {
        const DjPlanConflict *conflict = g_ptr_array_index(session->moves->conflicts, c);
        json_t *meetings = json_array();
        for (guint k = 0; k < conflict->n; k++)
            json_array_append_new(meetings, json_integer(conflict->meetings[k]));
        json_array_append_new(out, json_pack("{s:o, s:o}", "meetings", meetings, "prices",
                                             conflict->prices ? prices_json(session, conflict->prices) : json_null()));
    }
    return out;
}

static json_t *changes_json(const DjEventPlan *session)
{
    static const char *const kinds[] = {"cancelled", "dropped", "moved", "reseated", "added"};
    if (!session->replanned || !session->plan->meetings)
        return json_null();
    json_t *list = json_array();
    for (guint k = 0; k < session->changes->len; k++) {
        const DjEventChange *change = &g_array_index(session->changes, DjEventChange, k);
        json_t *item = json_pack("{s:s, s:s, s:s}", "kind", kinds[change->kind], "demand", change->who[0], "supply",
                                 change->who[1]);
        if (change->old_slot != DJ_PLAN_NONE)
            json_object_set_new(
                item, "old",
                json_pack("{s:i, s:i}", "slot", (int)change->old_slot + 1, "table", (int)change->old_table + 1));
        if (change->slot != DJ_PLAN_NONE)
            json_object_set_new(
                item, "new", json_pack("{s:i, s:i}", "slot", (int)change->slot + 1, "table", (int)change->table + 1));
        json_array_append_new(list, item);
    }
    const DjReplan *moves = session->moves;
    DjEventProof proof = dj_event_plan_moves_proof(session);
    return json_pack("{s:i, s:i, s:b, s:s, s:o, s:o, s:o}", "moves", (int)moves->n_released, "bound", (int)moves->bound,
                     "fewest_moves_proved", proof != DJ_EVENT_PLAN_UNPROVED, "proof", proofs[proof], "list", list,
                     "published", published_json(session), "conflicts", conflicts_json(session));
}

static json_t *fairness_json(const DjEventPlan *session)
{
    static const char *const modes[] = {"points", "counts", "best"};
    json_t *out = json_pack("{s:s}", "mode", modes[session->event->fairness]);
    if (session->event->fairness == DJ_EVENT_FAIR_BEST)
        json_object_set_new(out, "threshold", json_integer(session->threshold));
    if (session->priced) {
        json_object_set_new(out, "value_without_minima", json_integer(session->price.free_value));
        json_object_set_new(out, "below_minimum_then", json_integer(session->price.below_min));
        json_object_set_new(out, "value_with_limits", json_integer(session->price.limits_value));
    }
    return out;
}

/* No timetable of the same meetings has fewer than `bound`. */
static json_t *comfort_json(guint count, guint bound)
{
    return json_pack("{s:i, s:i, s:s}", "count", (int)count, "bound", (int)bound, "is",
                     count == bound ? "optimal" : "heuristic");
}

static const char *status_word(const DjEventPlan *session)
{
    if (session->plan->meetings)
        return dj_event_plan_proof(session) == DJ_EVENT_PLAN_UNPROVED ? "suboptimal" : "optimal";
    return session->plan->status == DJ_PLAN_INFEASIBLE ? "infeasible" : "undecided";
}

char *dj_event_plan_json(const DjEventPlan *session, const char *problem_json, const char *audience)
{
    const DjEvent *event = session->event;
    const DjPlan *plan = session->plan;
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, problem_json, -1);
    json_t *root = json_object();
    json_object_set_new(root, "format", json_string("duijie-plan-1"));
    json_object_set_new(root, "event",
                        json_pack("{s:s, s:s, s:s, s:s?}", "id", event->id, "name", event->name, "date", event->date,
                                  "place", event->place));
    json_object_set_new(root, "version", json_integer(session->version));
    json_object_set_new(root, "audience", json_string(audience));
    json_object_set_new(root, "status", json_string(status_word(session)));
    json_object_set_new(root, "reproducible", json_boolean(plan->reproducible));
    if (plan->meetings) {
        gint64 bound = dj_event_plan_bound(session);
        json_object_set_new(root, "value", json_integer(plan->value));
        json_object_set_new(root, "bound", json_integer(bound));
        json_object_set_new(root, "gap", json_integer(bound - plan->value));
        json_object_set_new(root, "proof", json_string(proofs[dj_event_plan_proof(session)]));
        json_object_set_new(root, "table_changes",
                            comfort_json(session->comfort.table_changes, session->comfort.table_bound));
        json_object_set_new(root, "idle_slots", comfort_json(session->comfort.idle, session->comfort.idle_bound));
    }
    json_object_set_new(root, "infeasible", infeasible_json(session));
    json_object_set_new(root, "fairness", fairness_json(session));
    json_object_set_new(root, "changes", changes_json(session));
    json_object_set_new(root, "slots", slots_json(event));
    json_object_set_new(root, "tables", json_integer(session->tables));
    json_object_set_new(root, "spare_tables_opened", json_integer(session->tables - event->tables));
    json_object_set_new(root, "limits", limits_json(session));
    json_object_set_new(root, "participants", persons_json(session));
    json_object_set_new(root, "meetings", meetings_json(session));
    const DjPlanPrices *prices = session->block ? session->block->prices : plan->prices;
    json_object_set_new(root, "certificate", prices_json(session, prices));
    json_object_set_new(root, "problem_sha256", json_string(sum));
    return dump(root, JSON_INDENT(1));
}
