/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A test is a map whose keys say what kind it is. Everything is checked against the field table here, so that judging a
 * record can never meet a field of the wrong type. */
#include "config/rules_file.h"

#include "config/yaml.h"
#include "engine/model/ident.h"
#include <string.h>

typedef struct {
    DjTable table;
} Reader;

static DjTest *read_test(const Reader *reader, const DjYamlNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjTest, dj_test_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjRule, dj_rule_free)

static gboolean read_required(const DjYamlNode *map, const char *key, const char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(map, key, error);
    return node && dj_yaml_read_text(node, out, error) &&
           (**out != '\0' || dj_yaml_fail(node, error, "must not be empty"));
}

static gboolean read_field(const Reader *reader, const DjYamlNode *node, const DjField **out, GError **error)
{
    const char *name = NULL;
    if (!dj_yaml_read_text(node, &name, error))
        return FALSE;
    *out = dj_field_find(reader->table, name);
    return *out || dj_yaml_fail(node, error, "%s have no field \"%s\"", dj_table_name(reader->table), name);
}

static gboolean is_number(const DjField *field)
{
    return field->type == DJ_TYPE_NUMBER || field->type == DJ_TYPE_MONEY || field->type == DJ_TYPE_PERCENT ||
           field->type == DJ_TYPE_MATURITY;
}

static gboolean read_number(const DjYamlNode *node, double *out, GError **error)
{
    const char *text = NULL;
    if (!dj_yaml_read_text(node, &text, error))
        return FALSE;
    char *end = NULL;
    *out = g_ascii_strtod(text, &end);
    if (!node->plain || end == text || *end != '\0' || strpbrk(text, "xXnNiIpP"))
        return dj_yaml_fail(node, error, "not a number: \"%s\"", text);
    return TRUE;
}

/* ---- combinations ---- */

static gboolean read_children(const Reader *reader, const DjYamlNode *list, DjTest *test, GError **error)
{
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    if (list->items->len == 0)
        return dj_yaml_fail(list, error, "holds no test");
    for (guint i = 0; i < list->items->len; i++) {
        DjTest *child = read_test(reader, list->items->pdata[i], error);
        if (!child)
            return FALSE;
        g_ptr_array_add(test->children, child);
    }
    return TRUE;
}

static DjTest *read_combination(const Reader *reader, const DjYamlNode *map, GError **error)
{
    static const struct {
        const char *word;
        DjTestKind kind;
    } words[] = {{"all", DJ_TEST_ALL}, {"any", DJ_TEST_ANY}, {"not", DJ_TEST_NOT}};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const DjYamlNode *node = dj_yaml_get(map, words[i].word);
        if (!node)
            continue;
        const char *const allowed[] = {words[i].word, NULL};
        if (!dj_yaml_expect_keys(map, allowed, error))
            return NULL;
        g_autoptr(DjTest) test = dj_test_new(words[i].kind);
        if (words[i].kind == DJ_TEST_NOT) {
            DjTest *child = read_test(reader, node, error);
            if (!child)
                return NULL;
            g_ptr_array_add(test->children, child);
        } else if (!read_children(reader, node, test, error)) {
            return NULL;
        }
        return g_steal_pointer(&test);
    }
    dj_yaml_fail(map, error, "needs one of all, any, not, present, missing, judgement or field");
    return NULL;
}

static DjTest *negate(DjTest *test)
{
    DjTest *outer = dj_test_new(DJ_TEST_NOT);
    g_ptr_array_add(outer->children, test);
    return outer;
}

/* `otherwise: unknown`: the sentence may be confirmed by this field, never refuted. */
static gboolean read_otherwise(const DjYamlNode *map, DjTest *test, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(map, "otherwise");
    const char *word = NULL;
    if (!node)
        return TRUE;
    if (!dj_yaml_read_text(node, &word, error))
        return FALSE;
    if (strcmp(word, "unknown") != 0)
        return dj_yaml_fail(node, error, "can only be unknown: \"%s\"", word);
    test->doubt = TRUE;
    return TRUE;
}

static DjTest *read_presence(const Reader *reader, const DjYamlNode *map, const char *word, GError **error)
{
    const char *const allowed[] = {word, "otherwise", NULL};
    const DjField *field = NULL;
    if (!dj_yaml_expect_keys(map, allowed, error) || !read_field(reader, dj_yaml_get(map, word), &field, error))
        return NULL;
    g_autoptr(DjTest) test = dj_test_new(DJ_TEST_PRESENT);
    test->field = field->index;
    if (strcmp(word, "missing") == 0)
        test = negate(g_steal_pointer(&test));
    return read_otherwise(map, test, error) ? g_steal_pointer(&test) : NULL;
}

/* ---- tests of one field ---- */

static gboolean read_values(const DjField *field, const DjYamlNode *list, DjTest *test, GError **error)
{
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    if (list->items->len == 0)
        return dj_yaml_fail(list, error, "holds no value");
    test->values = g_new0(char *, list->items->len + 1);
    for (guint i = 0; i < list->items->len; i++) {
        const char *value = NULL;
        if (!dj_yaml_read_text(list->items->pdata[i], &value, error))
            return FALSE;
        if (field->type == DJ_TYPE_BOOL && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
            return dj_yaml_fail(list->items->pdata[i], error, "%s is \"yes\" or \"no\", never \"%s\"", field->name,
                                value);
        test->values[i] = g_strdup(value);
    }
    return TRUE;
}

static gboolean read_reference(const Reader *reader, const DjField *field, const DjYamlNode *map,
                               const DjYamlNode *node, DjTest *test, GError **error)
{
    if (field->type != DJ_TYPE_DATE)
        return dj_yaml_fail(map, error, "%s is not a date", field->name);
    const char *word = NULL;
    if (!dj_yaml_read_text(node, &word, error))
        return FALSE;
    if (strcmp(word, "now") != 0) {
        const DjField *other = NULL;
        if (!read_field(reader, node, &other, error))
            return FALSE;
        if (other->type != DJ_TYPE_DATE)
            return dj_yaml_fail(node, error, "%s is not a date", other->name);
        test->reference = other->index;
    }
    const DjYamlNode *days = dj_yaml_get(map, "plus_days"), *years = dj_yaml_get(map, "plus_years");
    gint64 number = 0;
    if (days) {
        if (!dj_yaml_read_int(days, -100000, 100000, &number, error))
            return FALSE;
        test->plus_days += (int)number;
    }
    if (years) {
        if (!dj_yaml_read_int(years, -200, 200, &number, error))
            return FALSE;
        test->plus_years = (int)number;
    }
    return TRUE;
}

static gboolean read_share(const Reader *reader, const DjField *field, const DjYamlNode *map, const DjYamlNode *number,
                           DjTest *test, GError **error)
{
    if (!is_number(field))
        return dj_yaml_fail(map, error, "%s is not a number", field->name);
    const DjYamlNode *share_of = dj_yaml_get(map, "share_of");
    if (share_of) {
        const DjField *other = NULL;
        if (!read_field(reader, share_of, &other, error))
            return FALSE;
        if (!is_number(other))
            return dj_yaml_fail(share_of, error, "%s is not a number", other->name);
        if (test->kind != DJ_TEST_AT_LEAST)
            return dj_yaml_fail(share_of, error, "a share can only be compared by at_least");
        test->kind = DJ_TEST_SHARE;
        test->other = other->index;
    }
    return read_number(number, &test->number, error);
}

static gboolean read_absent(const DjYamlNode *map, DjTest *test, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(map, "absent");
    const char *word = NULL;
    if (!node)
        return TRUE;
    if (!dj_yaml_read_text(node, &word, error))
        return FALSE;
    if (strcmp(word, "met") == 0)
        test->absent = DJ_ABSENT_MET;
    else if (strcmp(word, "not_met") == 0)
        test->absent = DJ_ABSENT_NOT_MET;
    else if (strcmp(word, "unknown") != 0)
        return dj_yaml_fail(node, error, "must be met, not_met or unknown: \"%s\"", word);
    return TRUE;
}

/* The comparisons: what they become, whether they take an offset of dates, and whether the answer is turned round. */
static const struct {
    const char *word;
    DjTestKind kind;
    gboolean is_date, negated;
    int plus_days; /* "after" is "not before the day after" */
} comparisons[] = {
    {"one_of", DJ_TEST_ONE_OF, FALSE, FALSE, 0},     {"none_of", DJ_TEST_ONE_OF, FALSE, TRUE, 0},
    {"contains", DJ_TEST_CONTAINS, FALSE, FALSE, 0}, {"contains_none", DJ_TEST_CONTAINS, FALSE, TRUE, 0},
    {"begins", DJ_TEST_BEGINS, FALSE, FALSE, 0},     {"valid", DJ_TEST_VALID, FALSE, FALSE, 0},
    {"not_after", DJ_TEST_BEFORE, TRUE, FALSE, 0},   {"before", DJ_TEST_BEFORE, TRUE, FALSE, -1},
    {"not_before", DJ_TEST_AFTER, TRUE, FALSE, 0},   {"after", DJ_TEST_AFTER, TRUE, FALSE, 1},
    {"at_least", DJ_TEST_AT_LEAST, FALSE, FALSE, 0}, {"at_most", DJ_TEST_AT_MOST, FALSE, FALSE, 0},
};

static DjTest *read_comparison(const Reader *reader, const DjYamlNode *map, GError **error)
{
    const DjField *field = NULL;
    if (!read_field(reader, dj_yaml_get(map, "field"), &field, error))
        return NULL;
    int chosen = -1;
    for (gsize i = 0; i < G_N_ELEMENTS(comparisons); i++) {
        if (!dj_yaml_get(map, comparisons[i].word))
            continue;
        if (chosen >= 0) {
            dj_yaml_fail(map, error, "has both %s and %s; use all", comparisons[chosen].word, comparisons[i].word);
            return NULL;
        }
        chosen = (int)i;
    }
    if (chosen < 0) {
        dj_yaml_fail(map, error,
                     "compares %s with nothing: one_of, none_of, contains, contains_none, begins, valid, before, "
                     "not_before, after, not_after, at_least or at_most is missing",
                     field->name);
        return NULL;
    }
    const char *word = comparisons[chosen].word;
    g_autoptr(DjTest) test = dj_test_new(comparisons[chosen].kind);
    test->field = field->index;
    test->plus_days = comparisons[chosen].plus_days;
    const DjYamlNode *node = dj_yaml_get(map, word);
    gboolean ok;
    if (comparisons[chosen].is_date) {
        const char *const allowed[] = {"field", word, "plus_days", "plus_years", "absent", "otherwise", NULL};
        ok = dj_yaml_expect_keys(map, allowed, error) && read_reference(reader, field, map, node, test, error);
    } else if (test->kind == DJ_TEST_AT_LEAST || test->kind == DJ_TEST_AT_MOST) {
        const char *const allowed[] = {"field", word, "share_of", "absent", "otherwise", NULL};
        ok = dj_yaml_expect_keys(map, allowed, error) && read_share(reader, field, map, node, test, error);
    } else {
        const char *const allowed[] = {"field", word, "absent", "otherwise", NULL};
        ok = dj_yaml_expect_keys(map, allowed, error) && read_values(field, node, test, error);
    }
    if (!ok || !read_absent(map, test, error))
        return NULL;
    if (!comparisons[chosen].negated)
        return read_otherwise(map, test, error) ? g_steal_pointer(&test) : NULL;
    /* `absent` speaks of the whole sentence, also where it is turned round */
    if (test->absent != DJ_ABSENT_UNKNOWN)
        test->absent = test->absent == DJ_ABSENT_MET ? DJ_ABSENT_NOT_MET : DJ_ABSENT_MET;
    g_autoptr(DjTest) outer = negate(g_steal_pointer(&test));
    return read_otherwise(map, outer, error) ? g_steal_pointer(&outer) : NULL;
}

static DjTest *read_judgement(const DjYamlNode *map, GError **error)
{
    static const char *const allowed[] = {"judgement", NULL};
    const char *text = NULL;
    if (!dj_yaml_expect_keys(map, allowed, error) || !read_required(map, "judgement", &text, error))
        return NULL;
    DjTest *test = dj_test_new(DJ_TEST_JUDGEMENT);
    test->values = g_new0(char *, 2);
    test->values[0] = g_strdup(text);
    return test;
}

static DjTest *read_test(const Reader *reader, const DjYamlNode *node, GError **error)
{
    if (!dj_yaml_expect(node, DJ_YAML_MAP, error))
        return NULL;
    if (dj_yaml_get(node, "field"))
        return read_comparison(reader, node, error);
    if (dj_yaml_get(node, "present"))
        return read_presence(reader, node, "present", error);
    if (dj_yaml_get(node, "missing"))
        return read_presence(reader, node, "missing", error);
    if (dj_yaml_get(node, "judgement"))
        return read_judgement(node, error);
    return read_combination(reader, node, error);
}

DjTest *dj_rules_file_read_test(DjTable table, const DjYamlNode *node, GError **error)
{
    const Reader reader = {table};
    return read_test(&reader, node, error);
}

/* ---- rules and sets ---- */

static DjRule *read_rule(const Reader *reader, const DjYamlNode *node, const DjYamlNode *default_applies,
                         GError **error)
{
    static const char *const allowed[] = {"id",  "name",    "source", "hard", "publish_unknown",
                                          "ask", "applies", "test",   NULL};
    const char *id, *name, *origin, *ask = NULL;
    if (!dj_yaml_expect_keys(node, allowed, error) || !read_required(node, "id", &id, error) ||
        !read_required(node, "name", &name, error) || !read_required(node, "source", &origin, error) ||
        !read_required(node, "ask", &ask, error))
        return NULL;
    g_autoptr(DjRule) rule = dj_rule_new();
    const DjYamlNode *hard = dj_yaml_require(node, "hard", error);
    const DjYamlNode *publish = dj_yaml_get(node, "publish_unknown");
    const DjYamlNode *test = dj_yaml_require(node, "test", error);
    if (!hard || !dj_yaml_read_bool(hard, &rule->hard, error) ||
        (publish && !dj_yaml_read_bool(publish, &rule->publish_unknown, error)) || !test)
        return NULL;
    rule->test = read_test(reader, test, error);
    if (!rule->test)
        return NULL;
    const DjYamlNode *applies = dj_yaml_get(node, "applies") ? dj_yaml_get(node, "applies") : default_applies;
    if (applies && !(rule->applies = read_test(reader, applies, error)))
        return NULL;
    rule->id = g_strdup(id);
    rule->name = g_strdup(name);
    rule->source = g_strdup(origin);
    rule->ask = g_strdup(ask);
    return g_steal_pointer(&rule);
}

static gboolean read_rules(const Reader *reader, const DjYamlNode *root, DjRuleSet *set, GError **error)
{
    const DjYamlNode *list = dj_yaml_require(root, "rules", error);
    if (!list || !dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    if (list->items->len == 0)
        return dj_yaml_fail(list, error, "holds no rule");
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < list->items->len; i++) {
        DjRule *rule = read_rule(reader, list->items->pdata[i], dj_yaml_get(root, "applies"), error);
        if (!rule)
            return FALSE;
        g_ptr_array_add(set->rules, rule);
        if (!g_hash_table_add(ids, rule->id))
            return dj_yaml_fail(list->items->pdata[i], error, "there is another rule \"%s\"", rule->id);
    }
    return TRUE;
}

DjRuleSet *dj_rules_file_load(const DjConfigSource *source, const char *id, GError **error)
{
    g_autofree char *name = g_strdup_printf("rules/%s.yaml", id);
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, name, &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    if (!doc)
        return NULL;
    static const char *const allowed[] = {"id",         "version", "date",  "jurisdiction",
                                          "applies_to", "applies", "rules", NULL};
    const DjYamlNode *root = dj_yaml_root(doc);
    const char *own_id, *version, *date, *jurisdiction, *table;
    if (!dj_yaml_expect_keys(root, allowed, error) || !read_required(root, "id", &own_id, error) ||
        !read_required(root, "version", &version, error) || !read_required(root, "date", &date, error) ||
        !read_required(root, "jurisdiction", &jurisdiction, error) || !read_required(root, "applies_to", &table, error))
        return NULL;
    Reader reader;
    int day;
    g_autoptr(DjRuleSet) set = dj_rule_set_new();
    gboolean ok =
        (strcmp(own_id, id) == 0 ||
         dj_yaml_fail(dj_yaml_get(root, "id"), error, "must be \"%s\", as the file is named", id)) &&
        (dj_day_parse(date, &day) || dj_yaml_fail(dj_yaml_get(root, "date"), error, "not a date: \"%s\"", date)) &&
        (dj_table_parse(table, &reader.table) ||
         dj_yaml_fail(dj_yaml_get(root, "applies_to"), error, "must be patents, needs or enterprises: \"%s\"", table));
    if (!ok)
        return NULL;
    set->id = g_strdup(id);
    set->version = g_strdup(version);
    set->date = g_strdup(date);
    set->jurisdiction = g_strdup(jurisdiction);
    set->table = reader.table;
    return read_rules(&reader, root, set, error) ? g_steal_pointer(&set) : NULL;
}
