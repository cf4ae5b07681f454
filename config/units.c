/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows are handed on as text; engine/text/units.c checks what they say, this file that they are there. */
#include "config/units.h"

#include "config/yaml.h"

static gboolean read_optional(const DjYamlNode *row, const char *key, const char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(row, key);
    *out = NULL;
    return !node || dj_yaml_read_text(node, out, error);
}

static gboolean read_required(const DjYamlNode *row, const char *key, const char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(row, key, error);
    return node && dj_yaml_read_text(node, out, error);
}

static gboolean add_row(DjUnits *units, const DjYamlNode *row, GError **error)
{
    static const char *const keys[] = {"symbol",   "dimension", "factor",     "offset",
                                       "prefixes", "aliases",   "not_before", NULL};
    DjUnitSpec spec;
    if (!dj_yaml_expect_keys(row, keys, error) || !read_required(row, "symbol", &spec.symbol, error) ||
        !read_required(row, "dimension", &spec.dimension, error) ||
        !read_required(row, "factor", &spec.factor, error) || !read_optional(row, "offset", &spec.offset, error) ||
        !read_optional(row, "prefixes", &spec.prefixes, error) ||
        !read_optional(row, "not_before", &spec.not_before, error)) {
        return FALSE;
    }
    const DjYamlNode *list = dj_yaml_get(row, "aliases");
    g_autoptr(GPtrArray) aliases = g_ptr_array_new();
    if (list && !dj_yaml_expect(list, DJ_YAML_LIST, error)) {
        return FALSE;
    }
    for (guint i = 0; list && i < list->items->len; i++) {
        const char *alias;
        if (!dj_yaml_read_text(list->items->pdata[i], &alias, error)) {
            return FALSE;
        }
        g_ptr_array_add(aliases, (gpointer)alias);
    }
    g_ptr_array_add(aliases, NULL);
    spec.aliases = (const char *const *)aliases->pdata;
    g_autoptr(GError) problem = NULL;
    return dj_units_add(units, &spec, &problem) || dj_yaml_fail(row, error, "%s", problem->message);
}

static DjUnits *read_units(const DjYaml *doc, GError **error)
{
    static const char *const keys[] = {"units", NULL};
    if (!doc || !dj_yaml_expect_keys(dj_yaml_root(doc), keys, error))
        return NULL;
    const DjYamlNode *rows = dj_yaml_require(dj_yaml_root(doc), "units", error);
    if (!rows || !dj_yaml_expect(rows, DJ_YAML_LIST, error))
        return NULL;
    g_autoptr(DjUnits) units = dj_units_new();
    for (guint i = 0; i < rows->items->len; i++)
        if (!add_row(units, rows->items->pdata[i], error))
            return NULL;
    return g_steal_pointer(&units);
}

DjUnits *dj_units_load(const char *path, GError **error)
{
    g_autoptr(DjYaml) doc = dj_yaml_load(path, NULL, error);
    return read_units(doc, error);
}

DjUnits *dj_units_file_load(const DjConfigSource *source, GError **error)
{
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, "units/units.yaml", &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    return read_units(doc, error);
}
