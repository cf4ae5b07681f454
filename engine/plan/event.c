/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From names to numbers. Floors of one role must divide by one property, so that their groups lie side by side; a team
 * lies within one of them: that is what keeps all limits nested, and the selection exact. */
#include "engine/plan/event.h"

#include "engine/model/ident.h"

#include <string.h>

gboolean dj_event_side_has(DjEventSide side, guint role)
{
    return side == DJ_EVENT_BOTH || (side == DJ_EVENT_DEMAND) == (role == 0);
}

const char *dj_event_side_key(DjEventSide side)
{
    static const char *const keys[] = {"demand", "supply", "agency", "finance", "both"};
    return keys[side];
}

const char *dj_event_side_name(DjEventSide side)
{
    static const char *const names[] = {"企业", "发明人", "服务机构", "金融机构", "双方"};
    return names[side];
}

const char *dj_event_by_key(DjEventBy by)
{
    static const char *const keys[] = {"city", "chain", "tier"};
    return keys[by];
}

static void person_free(gpointer data)
{
    DjEventPerson *person = data;
    char *const texts[] = {person->id,    person->name, person->organisation, person->concern, person->city,
                           person->chain, person->tier, person->team,         person->contact, person->need};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(person);
}

static void topic_free(gpointer data)
{
    DjEventTopic *topic = data;
    char *const texts[] = {topic->patent,  topic->title,    topic->fee,      topic->term,      topic->maturity,
                           topic->unknown, topic->question, topic->need_key, topic->patent_key};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    for (guint i = 0; i < DJ_EVENT_REASONS; i++)
        g_free(topic->why[i]);
    g_free(topic);
}

static void pair_free(gpointer data)
{
    DjEventPair *pair = data;
    g_free(pair->rule_reason);
    g_ptr_array_unref(pair->topics);
    g_free(pair);
}

static void team_free(gpointer data)
{
    DjEventTeam *team = data;
    g_free(team->name);
    g_free(team);
}

static void floor_free(gpointer data)
{
    DjEventFloor *floor = data;
    g_free(floor->value);
    g_free(floor);
}

DjEvent *dj_event_new(void)
{
    DjEvent *event = g_new0(DjEvent, 1);
    event->persons = g_ptr_array_new_with_free_func(person_free);
    event->pairs = g_ptr_array_new_with_free_func(pair_free);
    event->teams = g_ptr_array_new_with_free_func(team_free);
    event->floors = g_ptr_array_new_with_free_func(floor_free);
    return event;
}

void dj_event_free(DjEvent *event)
{
    if (!event)
        return;
    g_ptr_array_unref(event->persons);
    g_ptr_array_unref(event->pairs);
    g_ptr_array_unref(event->teams);
    g_ptr_array_unref(event->floors);
    char *const texts[] = {event->id, event->name, event->date, event->place, event->checkin, event->organiser};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(event);
}

DjEventPerson *dj_event_person(const DjEvent *event, guint index)
{
    return g_ptr_array_index(event->persons, index);
}

DjEventPair *dj_event_pair(const DjEvent *event, guint index)
{
    return g_ptr_array_index(event->pairs, index);
}

DjEventPerson *dj_event_add_person(DjEvent *event)
{
    DjEventPerson *person = g_new0(DjEventPerson, 1);
    g_ptr_array_add(event->persons, person);
    return person;
}

DjEventPair *dj_event_add_pair(DjEvent *event)
{
    DjEventPair *pair = g_new0(DjEventPair, 1);
    pair->topics = g_ptr_array_new_with_free_func(topic_free);
    g_ptr_array_add(event->pairs, pair);
    return pair;
}

/* ---- topics ---- */

const DjEventTopic *dj_event_lead(const DjEventPair *pair)
{
    static const DjEventTopic nothing = {.level = -1};
    return pair->topics->len > 0 ? g_ptr_array_index(pair->topics, 0) : &nothing;
}

DjEventTopic *dj_event_topic_new(gint64 points)
{
    DjEventTopic *topic = g_new0(DjEventTopic, 1);
    topic->points = points;
    topic->level = -1;
    return topic;
}

static const char *patent_of(const DjEventTopic *topic)
{
    const char *patent = topic->patent_key ? topic->patent_key : topic->patent;
    return patent ? patent : topic->title;
}

void dj_event_take_topic(DjEventPair *pair, DjEventTopic *topic)
{
    guint at = 0;
    for (guint k = 0; k < pair->topics->len; k++) {
        const DjEventTopic *known = g_ptr_array_index(pair->topics, k);
        if (g_strcmp0(patent_of(known), patent_of(topic)) != 0)
            continue;
        if (known->points >= topic->points) {
            topic_free(topic);
            return;
        }
        g_ptr_array_remove_index(pair->topics, k);
        break;
    }
    while (at < pair->topics->len &&
           ((const DjEventTopic *)g_ptr_array_index(pair->topics, at))->points >= topic->points)
        at++;
    g_ptr_array_insert(pair->topics, (gint)at, topic);
    pair->points = dj_event_lead(pair)->points;
}

void dj_event_drop_topic(DjEventPair *pair, guint k)
{
    g_ptr_array_remove_index(pair->topics, k);
    if (pair->topics->len > 0)
        pair->points = dj_event_lead(pair)->points;
}

void dj_event_clock(guint minutes, char out[6])
{
    g_snprintf(out, 6, "%02u:%02u", minutes / 60 % 24, minutes % 60);
}

static gboolean same_organisation(const char *a, const char *b)
{
    if (!a || !b || !*a || !*b)
        return FALSE;
    g_autofree char *x = dj_org_name_fold(a);
    g_autofree char *y = dj_org_name_fold(b);
    return strcmp(x, y) == 0;
}

guint dj_event_ban_conflicts(DjEvent *event)
{
    guint n = 0;
    for (guint p = 0; p < event->pairs->len; p++) {
        DjEventPair *pair = dj_event_pair(event, p);
        const DjEventPerson *a = dj_event_person(event, pair->who[0]), *b = dj_event_person(event, pair->who[1]);
        gboolean organisation = same_organisation(a->organisation, b->organisation);
        gboolean concern = same_organisation(a->concern, b->concern) ||
                           same_organisation(a->concern, b->organisation) ||
                           same_organisation(a->organisation, b->concern);
        if (pair->rule != DJ_PLAN_FREE || !(organisation || concern))
            continue;
        pair->rule = DJ_PLAN_BAN;
        pair->rule_reason = g_strdup(organisation ? "同一单位" : "同一集团");
        n++;
    }
    return n;
}

static const char *property(const DjEventPerson *person, DjEventBy by)
{
    return by == DJ_EVENT_BY_CITY ? person->city : by == DJ_EVENT_BY_CHAIN ? person->chain : person->tier;
}

gboolean dj_event_in_floor(const DjEventPerson *person, const DjEventFloor *floor)
{
    return dj_event_side_has(person->side, floor->role) && g_strcmp0(property(person, floor->by), floor->value) == 0;
}

static gboolean fault_at(DjEventFault *fault, const char *list, guint index, char *message)
{
    *fault = (DjEventFault){.list = list, .index = index, .message = message};
    return FALSE;
}

static gboolean place_floors(const DjEvent *event, DjEventProblem *out, DjEventFault *fault)
{
    guint first[2] = {DJ_PLAN_NONE, DJ_PLAN_NONE};
    for (guint f = 0; f < event->floors->len; f++) {
        const DjEventFloor *floor = g_ptr_array_index(event->floors, f);
        if (first[floor->role] == DJ_PLAN_NONE)
            first[floor->role] = f;
        const DjEventFloor *other = g_ptr_array_index(event->floors, first[floor->role]);
        if (other->by != floor->by)
            return fault_at(
                fault, "floors", f,
                g_strdup_printf("is by %s, but floors[%u] of the same side is by %s, and a participant can fall under "
                                "both, so the limits cross; keep floors by one property per side",
                                dj_event_by_key(floor->by), first[floor->role], dj_event_by_key(other->by)));
        out->groups[f] =
            (DjPlanGroup){.parent = DJ_PLAN_NONE, .role = floor->role, .min = floor->min, .max = DJ_PLAN_NONE};
        out->group_names[f] = g_strdup(floor->value);
        for (guint i = 0; i < event->persons->len; i++) {
            const DjEventPerson *person = dj_event_person(event, i);
            if (!dj_event_in_floor(person, floor))
                continue;
            if (out->persons[i].group[floor->role] != DJ_PLAN_NONE)
                return fault_at(fault, "floors", f,
                                g_strdup_printf("value \"%s\" has a floor already: floors[%u]", floor->value,
                                                out->persons[i].group[floor->role]));
            out->persons[i].group[floor->role] = f;
        }
    }
    return TRUE;
}

/* "city 云汀市", "no floor" */
static const char *floor_words(const DjEvent *event, guint f, char buffer[128])
{
    const DjEventFloor *floor = f == DJ_PLAN_NONE ? NULL : g_ptr_array_index(event->floors, f);
    g_snprintf(buffer, 128, "%s %s", floor ? dj_event_by_key(floor->by) : "no", floor ? floor->value : "floor");
    return buffer;
}

static gboolean place_team(const DjEvent *event, DjEventProblem *out, guint t, DjEventFault *fault)
{
    const DjEventTeam *team = g_ptr_array_index(event->teams, t);
    const DjEventPerson *first = NULL;
    guint g = event->floors->len + t;
    out->groups[g] = (DjPlanGroup){.parent = DJ_PLAN_NONE, .role = 1, .max = team->max};
    out->group_names[g] = g_strdup(team->name);
    for (guint i = 0; i < event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(event, i);
        if (g_strcmp0(person->team, team->name) != 0)
            continue;
        if (!dj_event_side_has(person->side, 1))
            return fault_at(
                fault, "teams", t,
                g_strdup_printf("%s of team \"%s\" does not answer, so no cap applies", person->id, team->name));
        guint outer = out->persons[i].group[1];
        if (first && outer != out->groups[g].parent) {
            char here[128], there[128];
            return fault_at(
                fault, "teams", t,
                g_strdup_printf("%s (%s) and %s (%s) of team \"%s\" fall under different floors, so the limits cross; "
                                "drop the cap or the floor",
                                first->id, floor_words(event, out->groups[g].parent, there), person->id,
                                floor_words(event, outer, here), team->name));
        }
        out->groups[g].parent = outer;
        out->persons[i].group[1] = g;
        first = first ? first : person;
    }
    return TRUE;
}

/* Room for the groups, and everybody in the innermost one of each role. */
static gboolean place_groups(const DjEvent *event, DjEventProblem *out, DjEventFault *fault)
{
    guint n = event->floors->len + event->teams->len;
    out->groups = g_new0(DjPlanGroup, n + 1);
    out->group_names = g_new0(char *, n + 1);
    for (guint i = 0; i < event->persons->len; i++)
        out->persons[i].group[0] = out->persons[i].group[1] = DJ_PLAN_NONE;
    if (!place_floors(event, out, fault))
        return FALSE;
    for (guint t = 0; t < event->teams->len; t++)
        if (!place_team(event, out, t, fault))
            return FALSE;
    return TRUE;
}

gboolean dj_event_find_fault(const DjEvent *event, DjEventFault *fault)
{
    g_autoptr(DjEventProblem) scratch = g_new0(DjEventProblem, 1);
    scratch->persons = g_new0(DjPlanPerson, event->persons->len + 1);
    return !place_groups(event, scratch, fault);
}

DjEventProblem *dj_event_problem(const DjEvent *event, GError **error)
{
    g_autoptr(DjEventProblem) out = g_new0(DjEventProblem, 1);
    guint n_groups = event->floors->len + event->teams->len;
    out->persons = g_new0(DjPlanPerson, event->persons->len + 1);
    out->pairs = g_try_new0(DjPlanPair, (gsize)event->pairs->len + 1);
    if (!out->pairs) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_MEMORY, "event: no memory for %u pairs", event->pairs->len);
        return NULL;
    }
    for (guint i = 0; i < event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(event, i);
        out->persons[i] = (DjPlanPerson){.min = person->min, .max = person->max, .open = person->open};
    }
    for (guint p = 0; p < event->pairs->len; p++) {
        const DjEventPair *pair = dj_event_pair(event, p);
        out->pairs[p] = (DjPlanPair){.who = {pair->who[0], pair->who[1]}, .points = pair->points, .rule = pair->rule};
    }
    DjEventFault fault;
    if (!place_groups(event, out, &fault)) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_INPUT, "%s[%u]: %s", fault.list, fault.index, fault.message);
        g_free(fault.message);
        return NULL;
    }
    out->problem = (DjPlanProblem){.persons = out->persons,
                                   .n_persons = event->persons->len,
                                   .groups = out->groups,
                                   .n_groups = n_groups,
                                   .pairs = out->pairs,
                                   .n_pairs = event->pairs->len,
                                   .slots = event->slots,
                                   .tables = event->tables};
    if (!dj_plan_problem_check(&out->problem, error))
        return NULL;
    return g_steal_pointer(&out);
}

void dj_event_problem_free(DjEventProblem *problem)
{
    if (!problem)
        return;
    g_free(problem->persons);
    g_free(problem->groups);
    g_free(problem->pairs);
    g_strfreev(problem->group_names);
    g_free(problem);
}
