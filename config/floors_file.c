/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/floors_file.h"

#include "config/yaml.h"
#include <string.h>

#define MOST 1000000 /* recommendations */

static const struct {
    const char *name, *label;
} kinds[DJ_N_FLOORS] = {{"city", "市州"},        {"area", "片区"},
                        {"institution", "机构"}, {"institution_kind", "机构类型"},
                        {"chain", "产业链"},     {"tier", "层级"}};

const char *dj_floor_name(DjFloorBy by)
{
    return kinds[by].name;
}

const char *dj_floor_label(DjFloorBy by)
{
    return kinds[by].label;
}

static void floor_clear(gpointer data)
{
    g_free(((DjFloor *)data)->of);
}

/* Pairings know their chain by its id; people write its name. */
static gboolean resolve_chain(const DjYamlNode *of, const DjTaxonomy *taxonomy, DjFloor *entry, GError **error)
{
    guint chain;
    if (entry->by != DJ_FLOOR_CHAIN || !entry->of)
        return TRUE;
    if (!dj_taxonomy_find(taxonomy, entry->of, &chain))
        return dj_yaml_fail(of, error, "no chain of the taxonomy has this id or name: \"%s\"", entry->of);
    g_free(entry->of);
    entry->of = g_strdup(dj_taxonomy_chain(taxonomy, chain).id);
    return TRUE;
}

static gboolean read_floor(const DjYamlNode *item, const DjTaxonomy *taxonomy, GArray *floors, GError **error)
{
    static const char *const allowed[] = {"by", "of", "least", NULL};
    const DjYamlNode *by, *least, *of;
    const char *name, *value = NULL;
    gint64 number;
    if (!dj_yaml_expect_keys(item, allowed, error) || !(by = dj_yaml_require(item, "by", error)) ||
        !dj_yaml_read_text(by, &name, error) || !(least = dj_yaml_require(item, "least", error)) ||
        !dj_yaml_read_int(least, 0, MOST, &number, error) ||
        ((of = dj_yaml_get(item, "of")) && !dj_yaml_read_text(of, &value, error)))
        return FALSE;
    DjFloor entry = {.by = DJ_N_FLOORS, .of = g_strdup(value), .least = (guint)number};
    for (int k = 0; k < DJ_N_FLOORS; k++)
        if (strcmp(name, kinds[k].name) == 0)
            entry.by = (DjFloorBy)k;
    if (entry.by == DJ_N_FLOORS) {
        floor_clear(&entry);
        return dj_yaml_fail(by, error, "must be city, area, institution, institution_kind, chain or tier, not \"%s\"",
                            name);
    }
    if (!resolve_chain(of, taxonomy, &entry, error)) {
        floor_clear(&entry);
        return FALSE;
    }
    g_array_append_val(floors, entry);
    return TRUE;
}

GArray *dj_floors_file_load(const DjConfigSource *source, const DjTaxonomy *taxonomy, GError **error)
{
    static const char *const allowed[] = {"floors", NULL};
    g_autoptr(GArray) floors = g_array_new(FALSE, FALSE, sizeof(DjFloor));
    g_array_set_clear_func(floors, floor_clear);
    if (!dj_config_source_has(source, DJ_FLOORS_FILE))
        return g_steal_pointer(&floors);
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, DJ_FLOORS_FILE, &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    const DjYamlNode *root = doc ? dj_yaml_root(doc) : NULL, *list;
    if (!root || !dj_yaml_expect_keys(root, allowed, error) || !(list = dj_yaml_require(root, "floors", error)) ||
        !dj_yaml_expect(list, DJ_YAML_LIST, error))
        return NULL;
    for (guint i = 0; i < list->items->len; i++)
        if (!read_floor(list->items->pdata[i], taxonomy, floors, error))
            return NULL;
    return g_steal_pointer(&floors);
}

guint dj_floors_least(const GArray *floors, DjFloorBy by, const char *value)
{
    guint each = 0, own = 0;
    gboolean named = FALSE;
    for (guint i = 0; i < floors->len; i++) {
        const DjFloor *entry = &g_array_index(floors, DjFloor, i);
        if (entry->by != by)
            continue;
        if (!entry->of) {
            each = entry->least;
        } else if (strcmp(entry->of, value) == 0) {
            own = entry->least;
            named = TRUE;
        }
    }
    return named ? own : each;
}
