/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the participants' and pairs' tables. Which reader they come from (CSV, XLSX) is the caller's concern. */
#include "config/event_private.h"

#include <string.h>

typedef struct {
    const char *key, *alias; /* column titles */
    gsize offset;            /* of the char * in the record; 0: read by code below */
} Field;

#define PERSON(field) G_STRUCT_OFFSET(DjEventPerson, field)
#define TOPIC(field)  G_STRUCT_OFFSET(DjEventTopic, field)

enum { P_ID, P_SIDE, P_MIN, P_MAX, P_ARRIVES, P_LEAVES, P_ABSENT };
static const Field person_fields[] = {
    [P_ID] = {"id", "编号", 0},
    [P_SIDE] = {"side", "参会方", 0},
    [P_MIN] = {"min", "最少场次", 0},
    [P_MAX] = {"max", "最多场次", 0},
    [P_ARRIVES] = {"arrives", "到场时间", 0},
    [P_LEAVES] = {"leaves", "离场时间", 0},
    [P_ABSENT] = {"absent", "缺席时段", 0},
    {"name", "名称", PERSON(name)},
    {"organisation", "单位", PERSON(organisation)},
    {"concern", "集团", PERSON(concern)},
    {"city", "市州", PERSON(city)},
    {"chain", "产业链", PERSON(chain)},
    {"tier", "梯度", PERSON(tier)},
    {"team", "团队", PERSON(team)},
    {"contact", "联系方式", PERSON(contact)},
    {"need", "需求", PERSON(need)},
};

enum { Q_DEMAND, Q_SUPPLY, Q_POINTS, Q_LEVEL };
static const Field pair_fields[] = {
    [Q_DEMAND] = {"demand", "企业编号", 0},    [Q_SUPPLY] = {"supply", "发明人编号", 0},
    [Q_POINTS] = {"points", "点数", 0},        [Q_LEVEL] = {"level", "匹配度", 0},
    {"patent", "专利号", TOPIC(patent)},       {"title", "专利名称", TOPIC(title)},
    {"why1", "理由一", TOPIC(why[0])},         {"why2", "理由二", TOPIC(why[1])},
    {"why3", "理由三", TOPIC(why[2])},         {"fee", "许可费", TOPIC(fee)},
    {"term", "许可期", TOPIC(term)},           {"maturity", "成熟度", TOPIC(maturity)},
    {"unknown", "待核", TOPIC(unknown)},       {"question", "请当面问", TOPIC(question)},
    {"need_key", "需求编号", TOPIC(need_key)}, {"patent_key", "专利编号", TOPIC(patent_key)},
};

static const Field *table_of(const DjEventLoader *loader, guint *n)
{
    *n = loader->participants ? G_N_ELEMENTS(person_fields) : G_N_ELEMENTS(pair_fields);
    return loader->participants ? person_fields : pair_fields;
}

/* What the file calls the field; the key where it has no such column. */
static const char *title_of(const DjEventLoader *loader, const char *key)
{
    guint n = 0;
    const Field *fields = table_of(loader, &n);
    for (gsize c = 0; c < loader->n_columns && loader->titles; c++)
        if (loader->columns[c] < n && strcmp(fields[loader->columns[c]].key, key) == 0)
            return loader->titles[c];
    return key;
}

static gboolean fail(const DjEventLoader *loader, gint64 row, const char *column, GError **error, const char *format,
                     ...) G_GNUC_PRINTF(5, 6);
static gboolean fail(const DjEventLoader *loader, gint64 row, const char *column, GError **error, const char *format,
                     ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    if (column)
        column = title_of(loader, column);
    g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_FIELD, "%s: row %" G_GINT64_FORMAT "%s%s: %s", loader->table_file,
                row, column ? ", column " : "", column ? column : "", message);
    return FALSE;
}

static char *known_titles(const Field *fields, guint n)
{
    GString *out = g_string_new(NULL);
    for (guint f = 0; f < n; f++)
        g_string_append_printf(out, "%s%s (%s)", f > 0 ? ", " : "", fields[f].alias, fields[f].key);
    return g_string_free(out, FALSE);
}

gboolean dj_event_begin_table(DjEventLoader *loader, gboolean participants, const char *file,
                              const char *const *columns, gsize n_columns, GError **error)
{
    loader->participants = participants;
    g_free(loader->table_file);
    loader->table_file = g_strdup(file);
    g_free(loader->columns);
    loader->columns = g_new(guint, n_columns + 1);
    loader->n_columns = 0;
    g_strfreev(loader->titles);
    loader->titles = g_new0(char *, n_columns + 1);
    guint n_fields = 0, n_needed = participants ? 2 : 3;
    const Field *fields = table_of(loader, &n_fields);
    guint64 seen = 0;
    for (gsize c = 0; c < n_columns; c++) {
        guint f = 0;
        g_autofree char *title = g_strstrip(g_strdup(columns[c]));
        while (f < n_fields && strcmp(title, fields[f].key) != 0 && strcmp(title, fields[f].alias) != 0)
            f++;
        if (f == n_fields) {
            g_autofree char *known = known_titles(fields, n_fields);
            return fail(loader, 1, title, error, "unknown column; known are %s", known);
        }
        if (seen >> f & 1)
            return fail(loader, 1, columns[c], error, "the column occurs twice");
        seen |= G_GUINT64_CONSTANT(1) << f;
        loader->columns[c] = f;
        loader->titles[c] = g_steal_pointer(&title);
        loader->n_columns = c + 1;
    }
    for (guint f = 0; f < n_needed; f++)
        if (!(seen >> f & 1))
            return fail(loader, 1, fields[f].key, error, "the column is missing");
    return TRUE;
}

static gboolean parse_number(const DjEventLoader *loader, gint64 row, const Field *field, const char *text, gint64 high,
                             gint64 *out, GError **error)
{
    if (g_ascii_string_to_signed(text, 10, 0, high, out, NULL))
        return TRUE;
    return fail(loader, row, field->key, error, "must be a whole number from 0 to %" G_GINT64_FORMAT ": \"%s\"", high,
                text);
}

static gboolean parse_clock(const DjEventLoader *loader, gint64 row, const Field *field, const char *text, guint *out,
                            GError **error)
{
    if (!text || dj_event_parse_clock(text, out))
        return TRUE;
    return fail(loader, row, field->key, error, "must be a time such as 18:30: \"%s\"", text);
}

/* "19:00、19:15" */
static gboolean parse_absent(const DjEventLoader *loader, gint64 row, const char *text, guint64 *open, GError **error)
{
    g_auto(GStrv) times = g_strsplit_set(text ? text : "", ",; \n", -1);
    for (char **time = times; *time; time++) {
        g_auto(GStrv) parts = g_strsplit(*time, "、", -1);
        for (char **part = parts; *part; part++) {
            guint at = 0;
            if (!**part)
                continue;
            if (!parse_clock(loader, row, &person_fields[P_ABSENT], *part, &at, error))
                return FALSE;
            if (!dj_event_leave_slot(loader->event, at, open))
                return fail(loader, row, person_fields[P_ABSENT].key, error, "no slot begins at %s", *part);
        }
    }
    return TRUE;
}

static void set_texts(gpointer record, const Field *fields, guint n_fields, const char *const *value)
{
    for (guint f = 0; f < n_fields; f++) {
        char **to = G_STRUCT_MEMBER_P(record, fields[f].offset);
        if (fields[f].offset == 0)
            continue;
        g_free(*to);
        *to = g_strdup(value[f]);
    }
}

static gboolean add_person(DjEventLoader *loader, gint64 row, const char *const *value, GError **error)
{
    const Field *fields = person_fields;
    const guint slots = loader->event->slots;
    DjEventSide side = DJ_EVENT_DEMAND;
    if (!value[P_ID])
        return fail(loader, row, fields[P_ID].key, error, "is empty");
    if (!value[P_SIDE] || !dj_event_parse_side(value[P_SIDE], &side))
        return fail(loader, row, fields[P_SIDE].key, error, "must be demand, supply, agency, finance or both: \"%s\"",
                    value[P_SIDE] ? value[P_SIDE] : "");
    DjEventPerson *person = dj_event_new_person(loader, value[P_ID], side);
    if (!person)
        return fail(loader, row, fields[P_ID].key, error, "participant \"%s\" occurs twice", value[P_ID]);
    gint64 low = person->min, high = person->max;
    guint from = 0, until = G_MAXUINT;
    if ((value[P_MIN] && !parse_number(loader, row, &fields[P_MIN], value[P_MIN], slots, &low, error)) ||
        (value[P_MAX] && !parse_number(loader, row, &fields[P_MAX], value[P_MAX], slots, &high, error)) ||
        !parse_clock(loader, row, &fields[P_ARRIVES], value[P_ARRIVES], &from, error) ||
        !parse_clock(loader, row, &fields[P_LEAVES], value[P_LEAVES], &until, error))
        return FALSE;
    if (!value[P_MIN])
        low = MIN(low, high);
    if (low > high)
        return fail(loader, row, NULL, error, "minimum is above maximum");
    person->min = (guint)low;
    person->max = (guint)high;
    person->open = dj_event_present(loader->event, from, until);
    if (!parse_absent(loader, row, value[P_ABSENT], &person->open, error))
        return FALSE;
    set_texts(person, fields, G_N_ELEMENTS(person_fields), value);
    return TRUE;
}

const char *dj_event_cannot_pair(const DjEvent *event, guint demand, guint supply)
{
    if (demand == supply)
        return "a participant cannot meet itself";
    if (!dj_event_side_has(dj_event_person(event, demand)->side, 0))
        return "the participant under \"demand\" does not ask (side is neither demand nor both)";
    if (!dj_event_side_has(dj_event_person(event, supply)->side, 1))
        return "the participant under \"supply\" does not answer (side is demand)";
    return NULL;
}

static gint64 pair_key(guint a, guint b)
{
    return (gint64)MIN(a, b) * DJ_PLAN_PERSONS_MAX + MAX(a, b);
}

DjEventPair *dj_event_find_pair(const DjEventLoader *loader, guint demand, guint supply)
{
    gint64 key = pair_key(demand, supply);
    return g_hash_table_lookup(loader->by_pair, &key);
}

DjEventPair *dj_event_take_pair(DjEventLoader *loader, guint demand, guint supply, gint64 points)
{
    DjEventPair *pair = dj_event_add_pair(loader->event);
    pair->who[0] = demand;
    pair->who[1] = supply;
    pair->points = points;
    gint64 key = pair_key(demand, supply);
    g_hash_table_insert(loader->by_pair, g_memdup2(&key, sizeof key), pair);
    return pair;
}

static gboolean find_end(DjEventLoader *loader, gint64 row, const Field *field, const char *id, guint *index,
                         GError **error)
{
    if (!id)
        return fail(loader, row, field->key, error, "is empty");
    if (!dj_event_find_person(loader, id, index))
        return fail(loader, row, field->key, error,
                    "no participant \"%s\"; who dropped out stays in the list and is named under dropouts", id);
    return TRUE;
}

static gboolean add_pair(DjEventLoader *loader, gint64 row, const char *const *value, GError **error)
{
    const Field *fields = pair_fields;
    guint a = 0, b = 0;
    gint64 points = 0, level = -1;
    if (!find_end(loader, row, &fields[Q_DEMAND], value[Q_DEMAND], &a, error) ||
        !find_end(loader, row, &fields[Q_SUPPLY], value[Q_SUPPLY], &b, error))
        return FALSE;
    if (!value[Q_POINTS])
        return fail(loader, row, fields[Q_POINTS].key, error, "is empty");
    if (!parse_number(loader, row, &fields[Q_POINTS], value[Q_POINTS], DJ_PLAN_POINTS_MAX, &points, error) ||
        (value[Q_LEVEL] && !parse_number(loader, row, &fields[Q_LEVEL], value[Q_LEVEL], 100, &level, error)))
        return FALSE;
    const char *why = dj_event_cannot_pair(loader->event, a, b);
    if (why)
        return fail(loader, row, NULL, error, "%s", why);
    DjEventPair *pair = dj_event_find_pair(loader, a, b);
    DjEventTopic *topic = dj_event_topic_new(points);
    topic->level = level;
    set_texts(topic, fields, G_N_ELEMENTS(pair_fields), value);
    if (!pair)
        pair = dj_event_take_pair(loader, a, b, points);
    dj_event_take_topic(pair, topic); /* the same inventor may come with several patents */
    return TRUE;
}

gboolean dj_event_add_row(DjEventLoader *loader, gint64 row, const char *const *cells, gsize n_cells, GError **error)
{
    const char *value[G_N_ELEMENTS(person_fields) + G_N_ELEMENTS(pair_fields)] = {NULL};
    if (n_cells > loader->n_columns)
        return fail(loader, row, NULL, error, "%zu cells in a table of %zu columns", n_cells, loader->n_columns);
    for (gsize c = 0; c < n_cells; c++)
        if (cells[c] && *cells[c])
            value[loader->columns[c]] = cells[c];
    return loader->participants ? add_person(loader, row, value, error) : add_pair(loader, row, value, error);
}
