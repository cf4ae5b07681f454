/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/calibration_file.h"

#include "config/yaml.h"
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
    const char *text = g_bytes_get_data(bytes, &length), *origin, *limits = NULL;
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    if (!doc)
        return NULL;
    const DjYamlNode *root = dj_yaml_root(doc), *from, *list, *beyond = dj_yaml_get(root, "limits");
    g_autoptr(GArray) knots = g_array_new(FALSE, FALSE, sizeof(DjKnot));
    if (!dj_yaml_expect_keys(root, allowed, error) || !(from = dj_yaml_require(root, "source", error)) ||
        !dj_yaml_read_text(from, &origin, error) || (beyond && !dj_yaml_read_text(beyond, &limits, error)) ||
        !(list = dj_yaml_require(root, "knots", error)) || !read_knots(list, knots, error))
        return NULL;
    DjCalibration *calibration = dj_calibration_new((const DjKnot *)(gpointer)knots->data, knots->len, origin);
    calibration->limits = g_strdup(limits); /* read_knots has checked what new() refuses */
    return calibration;
}

/* A double-quoted YAML scalar. */
static void append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, (guchar)*p < 0x20 ? ' ' : *p);
    }
    g_string_append_c(out, '"');
}

char *dj_calibration_file_text(const DjCalibration *calibration, const char *date)
{
    GString *out =
        g_string_new("# Learned by `duijie calibrate` from the decisions of this workspace. Remove the file to go "
                     "back to the shipped curve.\nid: workspace\nversion: \"");
    g_string_append_printf(out, "%s\"\nsource: ", date);
    append_quoted(out, calibration->source);
    g_string_append(out, "\nknots:\n");
    for (guint i = 0; i < calibration->knots->len; i++) {
        const DjKnot *knot = &g_array_index(calibration->knots, DjKnot, i);
        g_string_append_printf(out, "  - {points: %" G_GINT64_FORMAT ", permille: %d}\n", knot->points, knot->permille);
    }
    return g_string_free(out, FALSE);
}
