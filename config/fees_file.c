/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/fees_file.h"

#include "config/yaml.h"

#define FEES_FILE "fees/guidance.yaml"

static gboolean read_number(const DjYamlNode *root, const char *key, gint64 most, gint64 *out, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(root, key, error);
    return node && dj_yaml_read_int(node, 1, most, out, error);
}

gboolean dj_fees_file_load(const DjConfigSource *source, DjFeeGuidance *out, GError **error)
{
    static const char *const allowed[] = {
        "id", "version", "min_sample", "most_yuan", "most_percent_of_sales", "most_percent_of_profit", NULL};
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, FEES_FILE, &label, error);
    if (!bytes)
        return FALSE;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    const DjYamlNode *root = doc ? dj_yaml_root(doc) : NULL;
    return root && dj_yaml_expect_keys(root, allowed, error) &&
           read_number(root, "min_sample", 1000000, &out->min_sample, error) &&
           read_number(root, "most_yuan", G_MAXINT64, &out->most_yuan, error) &&
           read_number(root, "most_percent_of_sales", 100, &out->most_percent_of_sales, error) &&
           read_number(root, "most_percent_of_profit", 100, &out->most_percent_of_profit, error);
}
