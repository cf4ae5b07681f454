/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/criteria_file.h"

#include "config/rules_file.h"
#include "config/yaml.h"
#include <string.h>

#define MAX_POINTS 1000

static gboolean read_name(const DjYamlNode *map, const char *key, char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(map, key, error);
    const char *text;
    if (!node || !dj_yaml_read_text(node, &text, error))
        return FALSE;
    *out = g_strdup(text);
    return *text != '\0' || dj_yaml_fail(node, error, "must not be empty");
}

static gboolean read_levels(const DjYamlNode *list, DjCriterion *criterion, GError **error)
{
    static const char *const allowed[] = {"points", "when", NULL};
    gint64 last = MAX_POINTS;
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    for (guint i = 0; i < list->items->len; i++) {
        const DjYamlNode *level = list->items->pdata[i], *points, *when;
        gint64 value;
        if (!dj_yaml_expect_keys(level, allowed, error) || !(points = dj_yaml_require(level, "points", error)) ||
            !dj_yaml_read_int(points, 0, MAX_POINTS, &value, error) || !(when = dj_yaml_require(level, "when", error)))
            return FALSE;
        if (value > last)
            return dj_yaml_fail(points, error, "levels stand best first");
        DjTest *test = dj_rules_file_read_test(DJ_TABLE_PATENT, when, error);
        if (!test)
            return FALSE;
        dj_criterion_add_level(criterion, test, (int)value);
        last = value;
    }
    return criterion->most > 0 || dj_yaml_fail(list, error, "no level gives a point");
}

static DjCriterion *read_criterion(const DjYamlNode *node, GError **error)
{
    static const char *const allowed[] = {"id", "name", "dimension", "source", "applies", "levels", NULL};
    g_autoptr(DjCriterion) criterion = dj_criterion_new();
    const DjYamlNode *levels;
    if (!dj_yaml_expect_keys(node, allowed, error) || !read_name(node, "id", &criterion->id, error) ||
        !read_name(node, "name", &criterion->name, error) ||
        !read_name(node, "dimension", &criterion->dimension, error) ||
        !read_name(node, "source", &criterion->source, error) || !(levels = dj_yaml_require(node, "levels", error)) ||
        !read_levels(levels, criterion, error))
        return NULL;
    const DjYamlNode *applies = dj_yaml_get(node, "applies");
    if (applies && !(criterion->applies = dj_rules_file_read_test(DJ_TABLE_PATENT, applies, error)))
        return NULL;
    return g_steal_pointer(&criterion);
}

static gboolean read_criteria(const DjYamlNode *root, DjCriteria *criteria, GError **error)
{
    const DjYamlNode *list = dj_yaml_require(root, "criteria", error);
    if (!list || !dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < list->items->len; i++) {
        DjCriterion *criterion = read_criterion(list->items->pdata[i], error);
        if (!criterion)
            return FALSE;
        g_ptr_array_add(criteria->criteria, criterion);
        if (!g_hash_table_add(ids, criterion->id))
            return dj_yaml_fail(list->items->pdata[i], error, "there is another criterion \"%s\"", criterion->id);
    }
    return list->items->len > 0 || dj_yaml_fail(list, error, "holds no criterion");
}

gboolean dj_criteria_file_load(const DjConfigSource *source, DjCriteria **out, GError **error)
{
    static const char *const allowed[] = {"id", "version", "min_known", "criteria", NULL};
    *out = NULL;
    if (!dj_config_source_has(source, DJ_CRITERIA_FILE))
        return TRUE;
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, DJ_CRITERIA_FILE, &label, error);
    if (!bytes)
        return FALSE;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    if (!doc)
        return FALSE;
    const DjYamlNode *root = dj_yaml_root(doc), *least;
    g_autoptr(DjCriteria) criteria = dj_criteria_new();
    gint64 min_known;
    if (!dj_yaml_expect_keys(root, allowed, error) || !read_name(root, "id", &criteria->id, error) ||
        !read_name(root, "version", &criteria->version, error) ||
        !(least = dj_yaml_require(root, "min_known", error)) || !dj_yaml_read_int(least, 0, 100, &min_known, error) ||
        !read_criteria(root, criteria, error))
        return FALSE;
    criteria->min_known = (int)min_known;
    *out = g_steal_pointer(&criteria);
    return TRUE;
}
