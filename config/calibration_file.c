/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/calibration_file.h"

#include "config/yaml.h"
#include <jansson.h>
#include <string.h>

#define MAX_POINTS 1000000

static gboolean read_knots(const DjYamlNode *list, GArray *knots, GError **error)
{
    static const char *const allowed[] = {"points", "permille", NULL};
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    for (guint i = 0; i < list->items->len; i++) {
        const DjYamlNode *item = list->items->pdata[i];
        gint64 points, permille;
        const DjYamlNode *place, *value;
        if (!dj_yaml_expect_keys(item, allowed, error) || !(place = dj_yaml_require(item, "points", error)) ||
            !(value = dj_yaml_require(item, "permille", error)) ||
            !dj_yaml_read_int(place, -MAX_POINTS, MAX_POINTS, &points, error) ||
            !dj_yaml_read_int(value, 0, 1000, &permille, error))
            return FALSE;
        const DjKnot *last = i > 0 ? &g_array_index(knots, DjKnot, i - 1) : NULL;
        if (last && (points <= last->points || permille < last->permille))
            return dj_yaml_fail(item, error, "points must rise and permille must not fall");
        DjKnot knot = {points, (int)permille};
        g_array_append_val(knots, knot);
    }
    return knots->len > 0 || dj_yaml_fail(list, error, "must not be empty");
}

DjCalibration *dj_calibration_file_load(const DjConfigSource *source, GError **error)
{
    static const char *const allowed[] = {"id", "version", "source", "limits", "knots", NULL};
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, DJ_CALIBRATION_FILE, &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length), *origin;
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    if (!doc)
        return NULL;
    const DjYamlNode *root = dj_yaml_root(doc), *from, *list;
    g_autoptr(GArray) knots = g_array_new(FALSE, FALSE, sizeof(DjKnot));
    if (!dj_yaml_expect_keys(root, allowed, error) || !(from = dj_yaml_require(root, "source", error)) ||
        !dj_yaml_read_text(from, &origin, error) || !(list = dj_yaml_require(root, "knots", error)) ||
        !read_knots(list, knots, error))
        return NULL;
    return dj_calibration_new((const DjKnot *)(gpointer)knots->data, knots->len, origin);
}

GBytes *dj_calibration_to_json(const DjCalibration *calibration)
{
    json_t *knots = json_array();
    for (guint i = 0; i < calibration->knots->len; i++) {
        const DjKnot *knot = &g_array_index(calibration->knots, DjKnot, i);
        json_array_append_new(knots, json_pack("[I,i]", (json_int_t)knot->points, knot->permille));
    }
    json_t *root = json_pack("{s:s, s:o}", "source", calibration->source, "knots", knots);
    char *text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    GBytes *bytes = g_bytes_new(text, strlen(text));
    free(text);
    json_decref(root);
    return bytes;
}

DjCalibration *dj_calibration_from_json(GBytes *bytes, GError **error)
{
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length), *source;
    json_error_t problem;
    json_t *root = json_loadb(text, length, 0, &problem), *list;
    g_autoptr(GArray) knots = g_array_new(FALSE, FALSE, sizeof(DjKnot));
    DjCalibration *calibration = NULL;
    if (json_unpack_ex(root, &problem, 0, "{s:s, s:o}", "source", &source, "knots", &list) == 0 &&
        json_is_array(list)) {
        size_t i;
        json_t *item;
        json_array_foreach(list, i, item)
        {
            DjKnot knot = {json_integer_value(json_array_get(item, 0)),
                           (int)json_integer_value(json_array_get(item, 1))};
            g_array_append_val(knots, knot);
        }
        calibration = dj_calibration_new((const DjKnot *)(gpointer)knots->data, knots->len, source);
    }
    if (!calibration)
        g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_FIELD, "stored calibration is damaged");
    json_decref(root);
    return calibration;
}
