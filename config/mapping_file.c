/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/mapping_file.h"
#include "config/yaml.h"
#include <string.h>

/* ---- words ---- */

static gboolean expect_list(const DjYamlNode *node, GError **error)
{
    return dj_yaml_expect(node, DJ_YAML_LIST, error);
}

static gboolean read_words(const DjYamlNode *map, DjWords *words, DjFieldType type, GError **error)
{
    if (!map)
        return TRUE;
    if (!dj_yaml_expect(map, DJ_YAML_MAP, error))
        return FALSE;
    for (guint i = 0; i < map->items->len; i++) {
        const DjYamlNode *list = map->items->pdata[i];
        if (!expect_list(list, error))
            return FALSE;
        dj_words_add(words, type, list->key, list->key);
        for (guint j = 0; j < list->items->len; j++) {
            const char *word;
            if (!dj_yaml_read_text(list->items->pdata[j], &word, error))
                return FALSE;
            dj_words_add(words, type, word, list->key);
        }
    }
    return TRUE;
}

/* node: a scalar, or a key, that names a field of the table. */
static const DjField *find_field(const DjYamlNode *node, const char *name, DjTable table, GError **error)
{
    const DjField *field = dj_field_find(table, name);
    if (!field)
        dj_yaml_fail(node, error, "%s has no field \"%s\"", dj_table_name(table), name);
    return field;
}

/* field -> words */
static gboolean read_known_fields(const DjYamlNode *map, DjTable table, DjGlossary *glossary, GError **error)
{
    if (!dj_yaml_expect(map, DJ_YAML_MAP, error))
        return FALSE;
    for (guint i = 0; i < map->items->len; i++) {
        const DjYamlNode *list = map->items->pdata[i];
        const DjField *field = find_field(list, list->key, table, error);
        if (!field || !expect_list(list, error))
            return FALSE;
        for (guint j = 0; j < list->items->len; j++) {
            const char *word;
            if (!dj_yaml_read_text(list->items->pdata[j], &word, error))
                return FALSE;
            dj_glossary_add(glossary, field, word, FALSE);
        }
    }
    return TRUE;
}

/* table -> field -> words that mean something there, besides those that the code and the rules know. */
static gboolean read_known(const DjYamlNode *map, DjGlossary *glossary, GError **error)
{
    if (!map)
        return TRUE;
    if (!dj_yaml_expect(map, DJ_YAML_MAP, error))
        return FALSE;
    for (guint i = 0; i < map->items->len; i++) {
        const DjYamlNode *fields = map->items->pdata[i];
        DjTable table;
        if (!dj_table_parse(fields->key, &table))
            return dj_yaml_fail(fields, error, "no table \"%s\"", fields->key);
        if (!read_known_fields(fields, table, glossary, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean load_words(DjWords *words, const char *path, const char *data, gsize length, GError **error)
{
    static const char *const keys[] = {"empty", "whole", "bool", "patent_kind", "maturity", "money", "known", NULL};
    g_autoptr(DjYaml) doc = dj_yaml_parse(path, data, length, NULL, error);
    if (!doc)
        return FALSE;
    const DjYamlNode *root = dj_yaml_root(doc), *empty, *whole;
    if (!dj_yaml_expect(root, DJ_YAML_MAP, error) || !dj_yaml_expect_keys(root, keys, error) ||
        !(empty = dj_yaml_require(root, "empty", error)) || !expect_list(empty, error) ||
        !(whole = dj_yaml_require(root, "whole", error)) || !expect_list(whole, error))
        return FALSE;
    const char *word;
    for (guint i = 0; i < empty->items->len; i++) {
        if (!dj_yaml_read_text(empty->items->pdata[i], &word, error))
            return FALSE;
        dj_words_add_empty(words, word);
    }
    for (guint i = 0; i < whole->items->len; i++) {
        if (!dj_yaml_read_text(whole->items->pdata[i], &word, error))
            return FALSE;
        g_hash_table_add(words->whole, g_strdup(word));
    }
    return read_words(dj_yaml_get(root, "bool"), words, DJ_TYPE_BOOL, error) &&
           read_words(dj_yaml_get(root, "patent_kind"), words, DJ_TYPE_PATENT_KIND, error) &&
           read_words(dj_yaml_get(root, "maturity"), words, DJ_TYPE_MATURITY, error) &&
           read_words(dj_yaml_get(root, "money"), words, DJ_TYPE_MONEY, error) &&
           read_known(dj_yaml_get(root, "known"), words->glossary, error);
}

/* ---- tables ---- */

static gboolean add_title(DjTableMapping *out, const DjYamlNode *node, const char *title, DjMappedColumn column,
                          GError **error)
{
    return dj_mapping_add_title(out, title, column) ||
           dj_yaml_fail(node, error, "\"%s\" has another meaning already", title);
}

static gboolean read_titles(const DjYamlNode *map, DjTable table, DjTableMapping *out, GError **error)
{
    if (!map)
        return TRUE;
    if (!dj_yaml_expect(map, DJ_YAML_MAP, error))
        return FALSE;
    for (guint i = 0; i < map->items->len; i++) {
        const DjYamlNode *list = map->items->pdata[i];
        const DjField *field = find_field(list, list->key, table, error);
        if (!field || !expect_list(list, error))
            return FALSE;
        for (guint j = 0; j < list->items->len; j++) {
            const DjYamlNode *item = list->items->pdata[j];
            const DjMappedColumn column = {DJ_RULE_VALUE, field->index, -1, (int)j + 1};
            const char *title;
            if (!dj_yaml_read_text(item, &title, error) || !add_title(out, item, title, column, error))
                return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_rule(const DjYamlNode *node, DjTable table, DjTableMapping *out, GError **error)
{
    static const char *const keys[] = {"title", "rule", "to", NULL};
    const DjYamlNode *title_node, *rule_node, *to;
    const char *title, *rule;
    DjMappedColumn column = {DJ_RULE_VALUE, -1, -1, 0};
    if (!dj_yaml_expect(node, DJ_YAML_MAP, error) || !dj_yaml_expect_keys(node, keys, error) ||
        !(title_node = dj_yaml_require(node, "title", error)) || !dj_yaml_read_text(title_node, &title, error) ||
        !(rule_node = dj_yaml_require(node, "rule", error)) || !dj_yaml_read_text(rule_node, &rule, error) ||
        !(to = dj_yaml_require(node, "to", error)) || !expect_list(to, error))
        return FALSE;
    guint wanted = 1;
    if (strcmp(rule, "join_words") == 0) {
        column.rule = DJ_RULE_JOIN_WORDS;
    } else if (strcmp(rule, "date_range") == 0) {
        column.rule = DJ_RULE_DATE_RANGE;
        wanted = 2;
    } else {
        return dj_yaml_fail(rule_node, error, "no rule \"%s\"; there are join_words and date_range", rule);
    }
    if (to->items->len != wanted)
        return dj_yaml_fail(to, error, "%s needs %u field%s", rule, wanted, wanted > 1 ? "s" : "");
    for (guint i = 0; i < wanted; i++) {
        const char *name;
        const DjField *field;
        if (!dj_yaml_read_text(to->items->pdata[i], &name, error) ||
            !(field = find_field(to->items->pdata[i], name, table, error)))
            return FALSE;
        *(i ? &column.field_end : &column.field) = field->index;
    }
    return add_title(out, title_node, title, column, error);
}

static gboolean read_constants(const DjYamlNode *map, DjTable table, const DjWords *words, DjTableMapping *out,
                               GError **error)
{
    if (!map)
        return TRUE;
    if (!dj_yaml_expect(map, DJ_YAML_MAP, error))
        return FALSE;
    for (guint i = 0; i < map->items->len; i++) {
        const DjYamlNode *node = map->items->pdata[i];
        const DjField *field = find_field(node, node->key, table, error);
        const char *text;
        if (!field || !dj_yaml_read_text(node, &text, error))
            return FALSE;
        g_autoptr(GString) value = g_string_new(NULL);
        g_autofree char *why = NULL;
        if (dj_value_read(words, field, text, strlen(text), FALSE, NULL, value, &why) != DJ_VALUE_OK)
            return dj_yaml_fail(node, error, "not a value of %s: %s", field->name, why ? why : "empty");
        dj_mapping_set_constant(out, field, value->str);
    }
    return TRUE;
}

static gboolean read_table(const DjYamlNode *node, DjMapping *mapping, GError **error)
{
    static const char *const keys[] = {"titles", "rules", "constants", "ignore", NULL};
    DjTable table;
    if (!dj_table_parse(node->key, &table))
        return dj_yaml_fail(node, error, "no table \"%s\"", node->key);
    if (!dj_yaml_expect(node, DJ_YAML_MAP, error) || !dj_yaml_expect_keys(node, keys, error))
        return FALSE;
    DjTableMapping *out = dj_mapping_add_table(mapping, table);
    const DjYamlNode *rules = dj_yaml_get(node, "rules"), *ignore = dj_yaml_get(node, "ignore");
    if ((rules && !expect_list(rules, error)) || (ignore && !expect_list(ignore, error)))
        return FALSE;
    for (guint i = 0; rules && i < rules->items->len; i++)
        if (!read_rule(rules->items->pdata[i], table, out, error))
            return FALSE;
    for (guint i = 0; ignore && i < ignore->items->len; i++) {
        const char *title;
        const DjMappedColumn column = {DJ_RULE_IGNORE, -1, -1, 0};
        if (!dj_yaml_read_text(ignore->items->pdata[i], &title, error) ||
            !add_title(out, ignore->items->pdata[i], title, column, error))
            return FALSE;
    }
    return read_titles(dj_yaml_get(node, "titles"), table, out, error) &&
           read_constants(dj_yaml_get(node, "constants"), table, mapping->words, out, error);
}

/* ---- the official form ---- */

static gboolean read_kind(const DjYamlNode *node, DjFormRules *rules, GError **error)
{
    static const char *const keys[] = {"name", "route", "words", NULL};
    const DjYamlNode *name_node, *route_node, *words_node;
    const char *name, *route = NULL;
    if (!dj_yaml_expect(node, DJ_YAML_MAP, error) || !dj_yaml_expect_keys(node, keys, error) ||
        !(name_node = dj_yaml_require(node, "name", error)) || !dj_yaml_read_text(name_node, &name, error))
        return FALSE;
    route_node = dj_yaml_get(node, "route");
    words_node = dj_yaml_get(node, "words");
    if (route_node && !dj_yaml_read_text(route_node, &route, error))
        return FALSE;
    if (words_node && !route)
        return dj_yaml_fail(words_node, error, "words choose what goes to a route: there must be one");
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    if (words_node && !expect_list(words_node, error))
        return FALSE;
    for (guint i = 0; words_node && i < words_node->items->len; i++) {
        const char *word;
        if (!dj_yaml_read_text(words_node->items->pdata[i], &word, error))
            return FALSE;
        g_ptr_array_add(words, (gpointer)word);
    }
    g_ptr_array_add(words, NULL);
    dj_form_rules_add(rules, name, route, words_node ? (char **)words->pdata : NULL);
    return TRUE;
}

static gboolean read_form(const DjYamlNode *node, DjMapping *mapping, GError **error)
{
    static const char *const keys[] = {"title", "kinds", NULL};
    const DjYamlNode *title_node, *kinds;
    const char *title;
    if (!node)
        return TRUE;
    if (!dj_yaml_expect(node, DJ_YAML_MAP, error) || !dj_yaml_expect_keys(node, keys, error) ||
        !(title_node = dj_yaml_require(node, "title", error)) || !dj_yaml_read_text(title_node, &title, error) ||
        !(kinds = dj_yaml_require(node, "kinds", error)) || !expect_list(kinds, error))
        return FALSE;
    mapping->form = dj_form_rules_new(title);
    for (guint i = 0; i < kinds->items->len; i++)
        if (!read_kind(kinds->items->pdata[i], mapping->form, error))
            return FALSE;
    return TRUE;
}

static gboolean load_tables(DjMapping *mapping, const char *path, const char *data, gsize length, GError **error)
{
    static const char *const keys[] = {"mapping", "tables", "form", NULL};
    g_autoptr(DjYaml) doc = dj_yaml_parse(path, data, length, NULL, error);
    if (!doc)
        return FALSE;
    const DjYamlNode *root = dj_yaml_root(doc), *name, *tables;
    const char *text;
    if (!dj_yaml_expect(root, DJ_YAML_MAP, error) || !dj_yaml_expect_keys(root, keys, error) ||
        !(name = dj_yaml_require(root, "mapping", error)) || !dj_yaml_read_text(name, &text, error) ||
        !(tables = dj_yaml_require(root, "tables", error)) || !dj_yaml_expect(tables, DJ_YAML_MAP, error))
        return FALSE;
    mapping->name = g_strdup(text);
    for (guint i = 0; i < tables->items->len; i++)
        if (!read_table(tables->items->pdata[i], mapping, error))
            return FALSE;
    return read_form(dj_yaml_get(root, "form"), mapping, error);
}

/* Always NULL. */
static GBytes *refuse_layout(const DjConfigSource *source, const char *layout, GError **error)
{
    g_auto(GStrv) names = dj_config_source_list(source, "mapping");
    g_autoptr(GString) known = g_string_new(NULL);
    for (char **name = names; *name; name++)
        if (g_str_has_suffix(*name, ".yaml") && strcmp(*name, "mapping/words.yaml") != 0)
            g_string_append_printf(known, "%s%.*s", known->len ? ", " : "",
                                   (int)(strlen(*name) - strlen("mapping/") - strlen(".yaml")),
                                   *name + strlen("mapping/"));
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no layout %s; the layouts are %s", layout,
                known->str);
    return NULL;
}

static GBytes *read_layout(const DjConfigSource *source, const char *layout, char **label, GError **error)
{
    if (!strchr(layout, '/') && !g_str_has_suffix(layout, ".yaml")) {
        g_autofree char *name = g_strdup_printf("mapping/%s.yaml", layout);
        return dj_config_source_has(source, name) ? dj_config_source_read(source, name, label, error)
                                                  : refuse_layout(source, layout, error);
    }
    char *data;
    gsize length;
    *label = g_strdup(layout);
    return g_file_get_contents(layout, &data, &length, error) ? g_bytes_new_take(data, length) : NULL;
}

DjMapping *dj_mapping_load(const DjConfigSource *source, const char *layout, GError **error)
{
    g_autoptr(DjMapping) mapping = dj_mapping_new(NULL);
    g_autofree char *words_label = NULL, *label = NULL;
    g_autoptr(GBytes) words = dj_config_source_read(source, "mapping/words.yaml", &words_label, error);
    if (!words)
        return NULL;
    gsize words_length, length;
    const char *words_data = g_bytes_get_data(words, &words_length);
    if (!load_words(mapping->words, words_label, words_data, words_length, error))
        return NULL;
    g_autoptr(GBytes) tables = read_layout(source, layout, &label, error);
    if (!tables)
        return NULL;
    const char *data = g_bytes_get_data(tables, &length);
    if (!load_tables(mapping, label, data, length, error))
        return NULL;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)data, (gssize)length);
    g_checksum_update(sum, (const guchar *)words_data, (gssize)words_length);
    mapping->hash = g_strdup(g_checksum_get_string(sum));
    return g_steal_pointer(&mapping);
}
