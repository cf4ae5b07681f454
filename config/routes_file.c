/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/routes_file.h"

#include "config/yaml.h"
#include <string.h>

#define ROUTES_FILE "routes/unmet.yaml"

static void reason_clear(gpointer data)
{
    DjRouteReason *reason = data;
    g_free(reason->id);
    g_free(reason->label);
    g_free(reason->route);
}

void dj_routes_free(DjRoutes *routes)
{
    if (!routes)
        return;
    g_array_unref(routes->reasons);
    g_free(routes);
}

const DjRouteReason *dj_routes_find(const DjRoutes *routes, const char *id)
{
    for (guint i = 0; i < routes->reasons->len; i++) {
        const DjRouteReason *reason = &g_array_index(routes->reasons, DjRouteReason, i);
        if (strcmp(reason->id, id) == 0)
            return reason;
    }
    return NULL;
}

static gboolean read_key(const DjYamlNode *item, const char *key, const char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(item, key, error);
    return node && dj_yaml_read_text(node, out, error) &&
           (**out != '\0' || dj_yaml_fail(node, error, "must not be empty"));
}

static gboolean read_reasons(const DjYamlNode *list, DjRoutes *routes, GError **error)
{
    static const char *const allowed[] = {"id", "label", "route", NULL};
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    for (guint i = 0; i < list->items->len; i++) {
        const DjYamlNode *item = list->items->pdata[i];
        const char *id, *label, *route;
        if (!dj_yaml_expect_keys(item, allowed, error) || !read_key(item, "id", &id, error) ||
            !read_key(item, "label", &label, error) || !read_key(item, "route", &route, error))
            return FALSE;
        if (dj_routes_find(routes, id))
            return dj_yaml_fail(item, error, "there is a reason \"%s\" already", id);
        DjRouteReason reason = {g_strdup(id), g_strdup(label), g_strdup(route)};
        g_array_append_val(routes->reasons, reason);
    }
    return routes->reasons->len > 0 || dj_yaml_fail(list, error, "must not be empty");
}

DjRoutes *dj_routes_file_load(const DjConfigSource *source, GError **error)
{
    static const char *const allowed[] = {"id", "version", "reasons", NULL};
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, ROUTES_FILE, &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    if (!doc)
        return NULL;
    g_autoptr(DjRoutes) routes = g_new0(DjRoutes, 1);
    routes->reasons = g_array_new(FALSE, FALSE, sizeof(DjRouteReason));
    g_array_set_clear_func(routes->reasons, reason_clear);
    const DjYamlNode *root = dj_yaml_root(doc), *list;
    if (!dj_yaml_expect_keys(root, allowed, error) || !(list = dj_yaml_require(root, "reasons", error)) ||
        !read_reasons(list, routes, error))
        return NULL;
    return g_steal_pointer(&routes);
}
