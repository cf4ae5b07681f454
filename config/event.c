/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The YAML part of an event; rows of tables are in event_rows.c. */
#include "config/event_private.h"
#include "engine/model/ident.h"

#include <string.h>

gboolean dj_event_parse_clock(const char *text, guint *minutes)
{
    guint hour = 0, minute = 0;
    gsize n = strlen(text);
    if (n > 5 && g_str_has_suffix(text, ":00"))
        n -= 3; /* a time of a spreadsheet says its seconds */
    if (n < 4 || n > 5 || text[n - 3] != ':')
        return FALSE;
    for (gsize k = 0; k < n; k++)
        if (k != n - 3 && !g_ascii_isdigit(text[k]))
            return FALSE;
    for (gsize k = 0; k + 3 < n; k++)
        hour = hour * 10 + (guint)(text[k] - '0');
    minute = (guint)(text[n - 2] - '0') * 10 + (guint)(text[n - 1] - '0');
    *minutes = hour * 60 + minute;
    return hour < 24 && minute < 60;
}

gboolean dj_event_parse_side(const char *text, DjEventSide *side)
{
    static const struct {
        const char *word;
        DjEventSide side;
    } words[] = {{"企业", DJ_EVENT_DEMAND},   {"需求方", DJ_EVENT_DEMAND},   {"发明人", DJ_EVENT_SUPPLY},
                 {"供给方", DJ_EVENT_SUPPLY}, {"服务机构", DJ_EVENT_AGENCY}, {"金融机构", DJ_EVENT_FINANCE},
                 {"双方", DJ_EVENT_BOTH}};
    for (guint s = 0; s < DJ_EVENT_N_SIDES; s++)
        if (strcmp(text, dj_event_side_key((DjEventSide)s)) == 0) {
            *side = (DjEventSide)s;
            return TRUE;
        }
    for (guint k = 0; k < G_N_ELEMENTS(words); k++)
        if (strcmp(text, words[k].word) == 0) {
            *side = words[k].side;
            return TRUE;
        }
    return FALSE;
}

static gboolean read_optional_text(const DjYamlNode *map, const char *key, char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(map, key);
    const char *text = NULL;
    if (!node || dj_yaml_is_null(node))
        return TRUE;
    if (!dj_yaml_read_text(node, &text, error))
        return FALSE;
    g_free(*out);
    *out = g_strdup(text);
    return TRUE;
}

static gboolean read_count(const DjYamlNode *map, const char *key, guint low, guint high, guint *out, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(map, key);
    gint64 value = 0;
    if (!node)
        return TRUE;
    if (!dj_yaml_read_int(node, low, high, &value, error))
        return FALSE;
    *out = (guint)value;
    return TRUE;
}

static gboolean read_required_count(const DjYamlNode *map, const char *key, guint low, guint high, guint *out,
                                    GError **error)
{
    return dj_yaml_require(map, key, error) && read_count(map, key, low, high, out, error);
}

static gboolean read_clock(const DjYamlNode *node, guint *out, GError **error)
{
    const char *text = NULL;
    if (!dj_yaml_read_text(node, &text, error))
        return FALSE;
    if (!dj_event_parse_clock(text, out))
        return dj_yaml_fail(node, error, "must be a time such as \"18:30\": \"%s\"", text);
    return TRUE;
}

static gboolean read_side(const DjYamlNode *node, DjEventSide *side, GError **error)
{
    const char *text = NULL;
    if (!dj_yaml_read_text(node, &text, error))
        return FALSE;
    if (!dj_event_parse_side(text, side))
        return dj_yaml_fail(node, error, "must be demand, supply, agency, finance or both: \"%s\"", text);
    return TRUE;
}

static gboolean read_breaks(const DjYamlNode *list, guint count, guint *pause, GError **error)
{
    static const char *const keys[] = {"after", "minutes", NULL};
    if (!list)
        return TRUE;
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    for (guint k = 0; k < list->items->len; k++) {
        const DjYamlNode *item = g_ptr_array_index(list->items, k);
        guint after = 0, minutes = 0;
        if (!dj_yaml_expect_keys(item, keys, error) || !read_required_count(item, "after", 1, count, &after, error) ||
            !read_required_count(item, "minutes", 1, 600, &minutes, error))
            return FALSE;
        pause[after] += minutes;
    }
    return TRUE;
}

static gboolean read_slots(const DjYamlNode *map, DjEvent *event, GError **error)
{
    static const char *const keys[] = {"first", "minutes", "count", "gap", "breaks", NULL};
    guint first = 0, gap = 0;
    guint pause[DJ_PLAN_SLOTS_MAX + 1] = {0};
    if (!map || !dj_yaml_expect_keys(map, keys, error))
        return FALSE;
    const DjYamlNode *start = dj_yaml_require(map, "first", error);
    if (!start || !read_clock(start, &first, error) ||
        !read_required_count(map, "minutes", 1, 240, &event->minutes, error) ||
        !read_required_count(map, "count", 1, DJ_PLAN_SLOTS_MAX, &event->slots, error) ||
        !read_count(map, "gap", 0, 240, &gap, error) ||
        !read_breaks(dj_yaml_get(map, "breaks"), event->slots, pause, error))
        return FALSE;
    guint at = first;
    for (guint t = 0; t < event->slots; t++) {
        at += pause[t];
        event->start[t] = at;
        at += event->minutes + gap;
    }
    if (event->start[event->slots - 1] + event->minutes > 24 * 60)
        return dj_yaml_fail(map, error, "the last slot ends after midnight");
    return TRUE;
}

static gboolean read_limits(const DjYamlNode *map, DjEventLoader *loader, GError **error)
{
    static const char *const sides[] = {"demand", "supply", "agency", "finance", "both", NULL};
    static const char *const keys[] = {"min", "max", NULL};
    for (guint s = 0; s < DJ_EVENT_N_SIDES; s++)
        loader->max[s] = loader->event->slots;
    if (!map)
        return TRUE;
    if (!dj_yaml_expect_keys(map, sides, error))
        return FALSE;
    for (guint s = 0; s < DJ_EVENT_N_SIDES; s++) {
        const DjYamlNode *side = dj_yaml_get(map, sides[s]);
        if (!side)
            continue;
        if (!dj_yaml_expect_keys(side, keys, error) ||
            !read_count(side, "min", 0, loader->event->slots, &loader->min[s], error) ||
            !read_count(side, "max", 0, loader->event->slots, &loader->max[s], error))
            return FALSE;
        if (loader->min[s] > loader->max[s])
            return dj_yaml_fail(side, error, "minimum %u is above maximum %u", loader->min[s], loader->max[s]);
    }
    return TRUE;
}

gboolean dj_event_leave_slot(const DjEvent *event, guint at, guint64 *open)
{
    for (guint t = 0; t < event->slots; t++)
        if (event->start[t] == at) {
            *open &= ~(G_GUINT64_CONSTANT(1) << t);
            return TRUE;
        }
    return FALSE;
}

static gboolean read_absent(const DjYamlNode *list, const DjEvent *event, guint64 *open, GError **error)
{
    if (!list)
        return TRUE;
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    for (guint k = 0; k < list->items->len; k++) {
        const DjYamlNode *item = g_ptr_array_index(list->items, k);
        guint at = 0;
        if (!read_clock(item, &at, error))
            return FALSE;
        if (!dj_event_leave_slot(event, at, open))
            return dj_yaml_fail(item, error, "no slot begins at %s", item->text);
    }
    return TRUE;
}

guint64 dj_event_present(const DjEvent *event, guint arrives, guint leaves)
{
    guint64 open = 0;
    for (guint t = 0; t < event->slots; t++)
        if (event->start[t] >= arrives && event->start[t] + event->minutes <= leaves)
            open |= G_GUINT64_CONSTANT(1) << t;
    return open;
}

DjEventPerson *dj_event_new_person(DjEventLoader *loader, const char *id, DjEventSide side)
{
    if (g_hash_table_contains(loader->by_id, id))
        return NULL;
    DjEventPerson *person = dj_event_add_person(loader->event);
    person->id = g_strdup(id);
    person->side = side;
    person->min = loader->min[side];
    person->max = loader->max[side];
    person->open = dj_event_present(loader->event, 0, G_MAXUINT);
    g_hash_table_insert(loader->by_id, person->id, GUINT_TO_POINTER(loader->event->persons->len));
    return person;
}

gboolean dj_event_find_person(const DjEventLoader *loader, const char *id, guint *index)
{
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(loader->by_id, id));
    *index = found - 1;
    return found > 0;
}

static gboolean read_person(const DjYamlNode *map, DjEventLoader *loader, GError **error)
{
    static const char *const keys[] = {"id",    "side",    "name",   "organisation", "concern", "city",
                                       "chain", "tier",    "team",   "contact",      "need",    "min",
                                       "max",   "arrives", "leaves", "absent",       NULL};
    if (!dj_yaml_expect_keys(map, keys, error))
        return FALSE;
    const DjYamlNode *id_node = dj_yaml_require(map, "id", error);
    const DjYamlNode *side_node = id_node ? dj_yaml_require(map, "side", error) : NULL;
    const char *id = NULL;
    DjEventSide side = DJ_EVENT_DEMAND;
    if (!side_node || !dj_yaml_read_text(id_node, &id, error) || !read_side(side_node, &side, error))
        return FALSE;
    DjEventPerson *person = dj_event_new_person(loader, id, side);
    if (!person)
        return dj_yaml_fail(id_node, error, "participant \"%s\" occurs twice", id);
    const struct {
        const char *key;
        char **to;
    } texts[] = {{"name", &person->name},       {"organisation", &person->organisation},
                 {"concern", &person->concern}, {"city", &person->city},
                 {"chain", &person->chain},     {"tier", &person->tier},
                 {"team", &person->team},       {"contact", &person->contact},
                 {"need", &person->need}};
    for (guint k = 0; k < G_N_ELEMENTS(texts); k++)
        if (!read_optional_text(map, texts[k].key, texts[k].to, error))
            return FALSE;
    const DjYamlNode *arrives = dj_yaml_get(map, "arrives"), *leaves = dj_yaml_get(map, "leaves");
    guint from = 0, until = G_MAXUINT;
    if ((arrives && !read_clock(arrives, &from, error)) || (leaves && !read_clock(leaves, &until, error)) ||
        !read_count(map, "min", 0, loader->event->slots, &person->min, error) ||
        !read_count(map, "max", 0, loader->event->slots, &person->max, error))
        return FALSE;
    person->open = dj_event_present(loader->event, from, until);
    if (!dj_yaml_get(map, "min"))
        person->min = MIN(person->min, person->max);
    if (person->min > person->max)
        return dj_yaml_fail(map, error, "minimum %u is above maximum %u", person->min, person->max);
    return read_absent(dj_yaml_get(map, "absent"), loader->event, &person->open, error);
}

static gboolean read_list(const DjYamlNode *list, DjEventLoader *loader,
                          gboolean (*read)(const DjYamlNode *, DjEventLoader *, GError **), GError **error)
{
    if (!list)
        return TRUE;
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    for (guint k = 0; k < list->items->len; k++)
        if (!read(g_ptr_array_index(list->items, k), loader, error))
            return FALSE;
    return TRUE;
}

static gboolean read_team(const DjYamlNode *map, DjEventLoader *loader, GError **error)
{
    static const char *const keys[] = {"name", "max", NULL};
    DjEventTeam *team = g_new0(DjEventTeam, 1);
    g_ptr_array_add(loader->event->teams, team);
    return dj_yaml_expect_keys(map, keys, error) && dj_yaml_require(map, "name", error) &&
           read_optional_text(map, "name", &team->name, error) &&
           read_required_count(map, "max", 0, DJ_PLAN_PAIRS_MAX, &team->max, error);
}

static gboolean read_floor(const DjYamlNode *map, DjEventLoader *loader, GError **error)
{
    static const char *const keys[] = {"side", "by", "value", "min", NULL};
    DjEventFloor *floor = g_new0(DjEventFloor, 1);
    g_ptr_array_add(loader->event->floors, floor);
    if (!dj_yaml_expect_keys(map, keys, error))
        return FALSE;
    const DjYamlNode *side_node = dj_yaml_require(map, "side", error);
    const DjYamlNode *by_node = side_node ? dj_yaml_require(map, "by", error) : NULL;
    DjEventSide side = DJ_EVENT_DEMAND;
    const char *by = NULL;
    if (!by_node || !read_side(side_node, &side, error) || !dj_yaml_read_text(by_node, &by, error))
        return FALSE;
    if (side == DJ_EVENT_BOTH)
        return dj_yaml_fail(side_node, error, "a floor belongs to one side");
    floor->role = side == DJ_EVENT_DEMAND ? 0 : 1;
    for (floor->by = DJ_EVENT_BY_CITY; floor->by < DJ_EVENT_N_BY; floor->by++)
        if (strcmp(by, dj_event_by_key(floor->by)) == 0)
            break;
    if (floor->by == DJ_EVENT_N_BY)
        return dj_yaml_fail(by_node, error, "must be city, chain or tier: \"%s\"", by);
    return dj_yaml_require(map, "value", error) && read_optional_text(map, "value", &floor->value, error) &&
           read_required_count(map, "min", 0, DJ_PLAN_PAIRS_MAX, &floor->min, error);
}

static gboolean read_fairness(const DjYamlNode *node, DjEvent *event, GError **error)
{
    static const char *const words[] = {"points", "counts", "best"};
    const char *text = NULL;
    if (!node)
        return TRUE;
    if (!dj_yaml_read_text(node, &text, error))
        return FALSE;
    for (guint k = 0; k < G_N_ELEMENTS(words); k++)
        if (strcmp(text, words[k]) == 0) {
            event->fairness = (DjEventFairness)k;
            return TRUE;
        }
    return dj_yaml_fail(node, error, "must be points, counts or best: \"%s\"", text);
}

static gboolean read_participants(const DjYamlNode *node, DjEventLoader *loader, GError **error)
{
    const char *file = NULL;
    if (!node)
        return FALSE;
    if (node->kind != DJ_YAML_SCALAR)
        return read_list(node, loader, read_person, error);
    if (!dj_yaml_read_text(node, &file, error))
        return FALSE;
    loader->participants_file = g_strdup(file);
    return TRUE;
}

static gboolean read_date(const DjYamlNode *root, DjEvent *event, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(root, "date", error);
    int day = 0;
    if (!node || !read_optional_text(root, "date", &event->date, error))
        return FALSE;
    if (!event->date || strlen(event->date) != 10 || !dj_day_parse(event->date, &day))
        return dj_yaml_fail(node, error, "must be a date such as 2026-05-15");
    return TRUE;
}

static gboolean read_event(const DjYamlNode *root, DjEventLoader *loader, GError **error)
{
    static const char *const keys[] = {
        "id",     "name",         "date",   "place",    "checkin", "organiser",    "slots",
        "tables", "spare_tables", "limits", "fairness", "teams",   "participants", "floors",
        "pairs",  "must",         "ban",    "dropouts", NULL};
    DjEvent *event = loader->event;
    return dj_yaml_expect_keys(root, keys, error) && dj_yaml_require(root, "id", error) &&
           read_optional_text(root, "id", &event->id, error) && dj_yaml_require(root, "name", error) &&
           read_optional_text(root, "name", &event->name, error) && read_date(root, event, error) &&
           read_optional_text(root, "place", &event->place, error) &&
           read_optional_text(root, "checkin", &event->checkin, error) &&
           read_optional_text(root, "organiser", &event->organiser, error) &&
           read_slots(dj_yaml_require(root, "slots", error), event, error) &&
           read_required_count(root, "tables", 1, 100000, &event->tables, error) &&
           read_count(root, "spare_tables", 0, 1000, &event->spare_tables, error) &&
           read_limits(dj_yaml_get(root, "limits"), loader, error) &&
           read_fairness(dj_yaml_get(root, "fairness"), event, error) &&
           read_list(dj_yaml_get(root, "teams"), loader, read_team, error) &&
           read_list(dj_yaml_get(root, "floors"), loader, read_floor, error) &&
           read_participants(dj_yaml_require(root, "participants", error), loader, error) &&
           read_optional_text(root, "pairs", &loader->pairs_file, error);
}

DjEventLoader *dj_event_load(const DjYaml *yaml, GError **error)
{
    g_autoptr(DjEventLoader) loader = g_new0(DjEventLoader, 1);
    loader->yaml = yaml;
    loader->event = dj_event_new();
    loader->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    loader->by_pair = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    if (!read_event(dj_yaml_root(yaml), loader, error))
        return NULL;
    return g_steal_pointer(&loader);
}

void dj_event_loader_free(DjEventLoader *loader)
{
    if (!loader)
        return;
    dj_event_free(loader->event);
    g_hash_table_unref(loader->by_id);
    g_hash_table_unref(loader->by_pair);
    g_free(loader->participants_file);
    g_free(loader->pairs_file);
    g_free(loader->table_file);
    g_free(loader->columns);
    g_strfreev(loader->titles);
    g_free(loader);
}

const char *dj_event_participants_file(const DjEventLoader *loader)
{
    return loader->participants_file;
}

const char *dj_event_pairs_file(const DjEventLoader *loader)
{
    return loader->pairs_file;
}

static gboolean read_end(const DjYamlNode *map, const char *key, DjEventLoader *loader, guint *index, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(map, key, error);
    const char *id = NULL;
    if (!node || !dj_yaml_read_text(node, &id, error))
        return FALSE;
    if (!dj_event_find_person(loader, id, index))
        return dj_yaml_fail(node, error, "no participant \"%s\"", id);
    return TRUE;
}

static gboolean read_rule(const DjYamlNode *map, DjEventLoader *loader, DjPlanRule rule, GError **error)
{
    static const char *const keys[] = {"demand", "supply", "reason", NULL};
    guint a = 0, b = 0;
    if (!dj_yaml_expect_keys(map, keys, error) || !read_end(map, "demand", loader, &a, error) ||
        !read_end(map, "supply", loader, &b, error))
        return FALSE;
    DjEventPair *pair = dj_event_find_pair(loader, a, b);
    if (!pair) {
        const char *why = dj_event_cannot_pair(loader->event, a, b);
        if (why)
            return dj_yaml_fail(map, error, "%s", why);
        /* a must-meet needs no points to be planned */
        pair = dj_event_take_pair(loader, a, b, 0);
    }
    if (pair->rule != DJ_PLAN_FREE)
        return dj_yaml_fail(map, error, "the same two participants have a rule already");
    for (guint role = 0; role < 2 && rule == DJ_PLAN_MUST; role++)
        if (dj_event_person(loader->event, pair->who[role])->gone)
            return dj_yaml_fail(map, error, "%s is among the dropouts",
                                dj_event_person(loader->event, pair->who[role])->id);
    pair->rule = rule;
    return read_optional_text(map, "reason", &pair->rule_reason, error);
}

static gboolean read_must(const DjYamlNode *map, DjEventLoader *loader, GError **error)
{
    return read_rule(map, loader, DJ_PLAN_MUST, error);
}

static gboolean read_ban(const DjYamlNode *map, DjEventLoader *loader, GError **error)
{
    return read_rule(map, loader, DJ_PLAN_BAN, error);
}

static gboolean read_dropout(const DjYamlNode *node, DjEventLoader *loader, GError **error)
{
    const char *id = NULL;
    guint index = 0;
    if (!dj_yaml_read_text(node, &id, error))
        return FALSE;
    if (!dj_event_find_person(loader, id, &index))
        return dj_yaml_fail(node, error, "no participant \"%s\"", id);
    DjEventPerson *person = dj_event_person(loader->event, index);
    person->gone = TRUE;
    person->min = person->max = 0;
    person->open = 0;
    return TRUE;
}

/* A misspelt city or team would make a floor that nobody can meet, or a cap that binds nobody. */
static gboolean check_members(const DjEventLoader *loader, const DjYamlNode *root, GError **error)
{
    const DjEvent *event = loader->event;
    for (guint f = 0; f < event->floors->len; f++) {
        const DjEventFloor *floor = g_ptr_array_index(event->floors, f);
        gboolean any = FALSE;
        for (guint i = 0; i < event->persons->len && !any; i++)
            any = dj_event_in_floor(dj_event_person(event, i), floor);
        if (!any)
            return dj_yaml_fail(g_ptr_array_index(dj_yaml_get(root, "floors")->items, f), error,
                                "no participant of this side has %s \"%s\"", dj_event_by_key(floor->by), floor->value);
    }
    for (guint t = 0; t < event->teams->len; t++) {
        const DjEventTeam *team = g_ptr_array_index(event->teams, t);
        gboolean any = FALSE;
        for (guint i = 0; i < event->persons->len && !any; i++)
            any = g_strcmp0(dj_event_person(event, i)->team, team->name) == 0;
        if (!any)
            return dj_yaml_fail(g_ptr_array_index(dj_yaml_get(root, "teams")->items, t), error,
                                "no participant belongs to team \"%s\"", team->name);
    }
    return TRUE;
}

DjEvent *dj_event_finish(DjEventLoader *loader, guint *n_conflicts, GError **error)
{
    const DjYamlNode *root = dj_yaml_root(loader->yaml);
    if (!read_list(dj_yaml_get(root, "dropouts"), loader, read_dropout, error) ||
        !read_list(dj_yaml_get(root, "must"), loader, read_must, error) ||
        !read_list(dj_yaml_get(root, "ban"), loader, read_ban, error) || !check_members(loader, root, error))
        return NULL;
    DjEventFault fault;
    if (dj_event_find_fault(loader->event, &fault)) {
        g_autofree char *message = fault.message;
        dj_yaml_fail(g_ptr_array_index(dj_yaml_get(root, fault.list)->items, fault.index), error, "%s", message);
        return NULL;
    }
    guint n = dj_event_ban_conflicts(loader->event);
    if (n_conflicts)
        *n_conflicts = n;
    return g_steal_pointer(&loader->event);
}
