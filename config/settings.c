/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table is expanded three times: into constant rows, into a setter and into a getter, so that a setting is one line
 * of settings.def and nothing else. */
#include "config/settings.h"

#include "config/taxonomy_file.h"
#include "config/yaml.h"
#include <string.h>

#define RESULT TRUE
#define RUN    FALSE

static const DjSetting rows[] = {
#define DJ_SETTING_INT(member, section, key, def, low, high, unit, effect, help)                                       \
    {section, key, unit, help, DJ_SETTING_INT, low, high, #def, effect},
#define DJ_SETTING_BOOL(member, section, key, def, effect, help)                                                       \
    {section, key, "", help, DJ_SETTING_BOOL, 0, 1, #def, effect},
#define DJ_SETTING_TEXT(member, section, key, def, effect, help)                                                       \
    {section, key, "", help, DJ_SETTING_TEXT, 0, 0, def, effect},
#include "config/settings.def"
};

/* Position of each row; the names are made of the line in settings.def, which is unique. */
#define ROW_NAME_(line) ROW_##line
#define ROW_NAME(line)  ROW_NAME_(line)
enum {
#define DJ_SETTING_INT(...)  ROW_NAME(__LINE__),
#define DJ_SETTING_BOOL(...) ROW_NAME(__LINE__),
#define DJ_SETTING_TEXT(...) ROW_NAME(__LINE__),
#include "config/settings.def"
    N_ROWS
};

static const struct {
    const char *section, *help;
} sections[] = {
#define DJ_SETTINGS_SECTION(section, help) {section, help},
#include "config/settings.def"
};

guint dj_settings_count(void)
{
    return N_ROWS;
}

const DjSetting *dj_settings_at(guint index)
{
    g_return_val_if_fail(index < N_ROWS, NULL);
    return &rows[index];
}

static void set_number(DjSettings *settings, guint index, gint64 value)
{
    switch (index) {
#define DJ_SETTING_INT(member, ...)                                                                                    \
    case ROW_NAME(__LINE__):                                                                                           \
        settings->member = value;                                                                                      \
        break;
#define DJ_SETTING_BOOL(member, ...)                                                                                   \
    case ROW_NAME(__LINE__):                                                                                           \
        settings->member = value != 0;                                                                                 \
        break;
#include "config/settings.def"
    default:
        g_assert_not_reached();
    }
}

static void set_text(DjSettings *settings, guint index, const char *value)
{
    switch (index) {
#define DJ_SETTING_TEXT(member, ...)                                                                                   \
    case ROW_NAME(__LINE__):                                                                                           \
        g_free(settings->member);                                                                                      \
        settings->member = g_strdup(value);                                                                            \
        break;
#include "config/settings.def"
    default:
        g_assert_not_reached();
    }
}

char *dj_settings_value(const DjSettings *settings, guint index)
{
    switch (index) {
#define DJ_SETTING_INT(member, ...)                                                                                    \
    case ROW_NAME(__LINE__):                                                                                           \
        return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)settings->member);
#define DJ_SETTING_BOOL(member, ...)                                                                                   \
    case ROW_NAME(__LINE__):                                                                                           \
        return g_strdup(settings->member ? "true" : "false");
#define DJ_SETTING_TEXT(member, ...)                                                                                   \
    case ROW_NAME(__LINE__):                                                                                           \
        return g_strdup(settings->member);
#include "config/settings.def"
    default:
        g_return_val_if_reached(NULL);
    }
}

DjSettings *dj_settings_new(void)
{
    DjSettings *settings = g_new0(DjSettings, 1);
    settings->origin = g_new0(char *, N_ROWS);
    dj_semantic_options_init(&settings->semantic);
    for (guint i = 0; i < N_ROWS; i++) {
        const DjSetting *row = &rows[i];
        if (row->type == DJ_SETTING_TEXT) {
            set_text(settings, i, row->default_text);
            continue;
        }
        /* Bounds may be named constants in the table; defaults are literals. */
        gint64 value = row->type == DJ_SETTING_BOOL ? strcmp(row->default_text, "true") == 0
                                                    : g_ascii_strtoll(row->default_text, NULL, 10);
        set_number(settings, i, value);
    }
    return settings;
}

void dj_settings_free(DjSettings *settings)
{
    if (!settings)
        return;
#define DJ_SETTING_TEXT(member, ...) g_free(settings->member);
#include "config/settings.def"
    for (guint i = 0; i < N_ROWS; i++)
        g_free(settings->origin[i]);
    g_free(settings->origin);
    g_free(settings);
}

/* A text setting names a file or a variant: letters, digits, '-', '_' and '.'. */
static gboolean read_word(const DjYamlNode *node, const char **out, GError **error)
{
    if (!dj_yaml_read_text(node, out, error))
        return FALSE;
    for (const char *p = *out; *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr("-_", *p) && !(*p == '.' && p > *out))
            return dj_yaml_fail(node, error, "must be a name of letters, digits, '-', '_' and '.': \"%s\"", *out);
    return **out != '\0' || dj_yaml_fail(node, error, "must not be empty");
}

static gboolean apply_row(DjSettings *settings, guint index, const DjYamlNode *node, const char *label, GError **error)
{
    const DjSetting *row = &rows[index];
    gint64 number = 0;
    gboolean truth = FALSE;
    const char *text = NULL;
    switch (row->type) {
    case DJ_SETTING_INT:
        if (!dj_yaml_read_int(node, row->low, row->high, &number, error))
            return FALSE;
        set_number(settings, index, number);
        break;
    case DJ_SETTING_BOOL:
        if (!dj_yaml_read_bool(node, &truth, error))
            return FALSE;
        set_number(settings, index, truth);
        break;
    case DJ_SETTING_TEXT:
        if (!read_word(node, &text, error))
            return FALSE;
        set_text(settings, index, text);
        break;
    }
    g_free(settings->origin[index]);
    settings->origin[index] = g_strdup_printf("%s:%u", label, node->line);
    return TRUE;
}

static gboolean apply_section(DjSettings *settings, const char *section, const DjYamlNode *map, const char *label,
                              GError **error)
{
    const char *allowed[N_ROWS + 1];
    guint index_of[N_ROWS];
    guint n = 0;
    for (guint i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].section, section) == 0) {
            index_of[n] = i;
            allowed[n++] = rows[i].key;
        }
    allowed[n] = NULL;
    if (!dj_yaml_expect_keys(map, allowed, error))
        return FALSE;
    for (guint k = 0; k < n; k++) {
        const DjYamlNode *node = dj_yaml_get(map, allowed[k]);
        if (node && !apply_row(settings, index_of[k], node, label, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean apply_file(DjSettings *settings, const DjConfigSource *source, const char *name, GError **error)
{
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, name, &label, error);
    if (!bytes)
        return FALSE;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    if (!doc)
        return FALSE;
    const char *allowed[G_N_ELEMENTS(sections) + 1];
    for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
        allowed[i] = sections[i].section;
    allowed[G_N_ELEMENTS(sections)] = NULL;
    const DjYamlNode *root = dj_yaml_root(doc);
    if (!dj_yaml_expect_keys(root, allowed, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(sections); i++) {
        const DjYamlNode *map = dj_yaml_get(root, sections[i].section);
        if (map && !apply_section(settings, sections[i].section, map, label, error))
            return FALSE;
    }
    return TRUE;
}

DjSettings *dj_settings_load(const DjConfigSource *source, GError **error)
{
    g_autoptr(DjSettings) settings = dj_settings_new();
    if (!dj_config_source_is_bundle(source) && !apply_file(settings, source, "default.yaml", error))
        return NULL;
    if (dj_config_source_has(source, "settings.yaml") && !apply_file(settings, source, "settings.yaml", error))
        return NULL;
    return g_steal_pointer(&settings);
}

char *dj_settings_write_default(void)
{
    g_autoptr(GString) out = g_string_new(
        "# Settings of duijie, made from config/settings.def by `duijie settings --default`.\n"
        "# Change them in settings.yaml of a workspace: the same sections with only the keys that differ.\n");
    for (guint s = 0; s < G_N_ELEMENTS(sections); s++) {
        g_string_append_printf(out, "\n# %s\n%s:\n", sections[s].help, sections[s].section);
        for (guint i = 0; i < N_ROWS; i++) {
            const DjSetting *row = &rows[i];
            if (strcmp(row->section, sections[s].section) != 0)
                continue;
            g_string_append_printf(out, "  # %s", row->help);
            if (row->type == DJ_SETTING_INT)
                g_string_append_printf(out, " (%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s%s)", row->low, row->high,
                                       *row->unit ? ", " : "", row->unit);
            g_string_append_printf(out, "\n  %s: %s\n", row->key, row->default_text);
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

char *dj_settings_write_result(const DjSettings *settings)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint s = 0; s < G_N_ELEMENTS(sections); s++) {
        gboolean opened = FALSE;
        for (guint i = 0; i < N_ROWS; i++) {
            if (!rows[i].decides_result || strcmp(rows[i].section, sections[s].section) != 0)
                continue;
            if (!opened)
                g_string_append_printf(out, "%s:\n", sections[s].section);
            opened = TRUE;
            g_autofree char *value = dj_settings_value(settings, i);
            g_string_append_printf(out, "  %s: %s\n", rows[i].key, value);
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

GBytes *dj_settings_bundle(const DjSettings *settings, const DjConfigSource *source, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(names, g_strdup_printf("chains/%s.yaml", settings->taxonomy));
    g_autofree char *base = NULL;
    if (!dj_taxonomy_file_base(source, settings->taxonomy, &base, error))
        return NULL;
    if (base)
        g_ptr_array_add(names, g_strdup_printf("chains/%s.yaml", base));
    g_ptr_array_add(names, g_strdup_printf("rules/%s.yaml", settings->gate));
    static const char *const folders[] = {"calibration", "coverage", "ipc", "lexicon", "mapping", "quality", "units"};
    for (gsize f = 0; f < G_N_ELEMENTS(folders); f++) {
        g_auto(GStrv) list = dj_config_source_list(source, folders[f]);
        for (char **name = list; *name; name++)
            g_ptr_array_add(names, g_strdup(*name));
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *own = dj_settings_write_result(settings);
    return dj_config_source_bundle(source, own, (const char *const *)names->pdata, error);
}
