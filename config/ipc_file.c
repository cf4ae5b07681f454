/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/ipc_file.h"

#include "config/yaml.h"
#include <string.h>

#define SHIPPED "ipc/titles-zh.yaml"
#define COLUMNS "ipc/columns.yaml"

static DjYaml *read_yaml(const DjConfigSource *source, const char *name, GError **error)
{
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, name, &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    return dj_yaml_parse(label, text ? text : "", length, NULL, error);
}

static gboolean add_shipped(DjIpcTitles *titles, const DjConfigSource *source, GError **error)
{
    static const char *const allowed[] = {"version", "titles", NULL};
    g_autoptr(DjYaml) doc = read_yaml(source, SHIPPED, error);
    const DjYamlNode *map = NULL;
    if (!doc || !dj_yaml_expect_keys(dj_yaml_root(doc), allowed, error) ||
        !(map = dj_yaml_require(dj_yaml_root(doc), "titles", error)) || !dj_yaml_expect(map, DJ_YAML_MAP, error))
        return FALSE;
    for (guint i = 0; i < map->items->len; i++) {
        const DjYamlNode *item = map->items->pdata[i];
        const char *title;
        DjIpc code;
        if (!dj_yaml_read_text(item, &title, error))
            return FALSE;
        if (!dj_ipc_parse(item->key, &code))
            return dj_yaml_fail(item, error, "\"%s\" is no IPC code", item->key);
        dj_ipc_titles_add(titles, &code, title); /* the imported table is there already */
    }
    return TRUE;
}

/* "H01M10<tab>二次电池", '#' begins a remark. */
DjIpcTitles *dj_ipc_file_load_table(const DjConfigSource *source, GError **error)
{
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_new();
    if (!dj_config_source_has(source, DJ_IPC_TABLE_FILE))
        return g_steal_pointer(&titles);
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, DJ_IPC_TABLE_FILE, &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *text = g_strndup(data ? data : "", length);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        char *tab = strchr(lines[i], '\t');
        DjIpc code;
        if (*lines[i] == '#' || *lines[i] == '\0')
            continue;
        if (tab)
            *tab = '\0';
        if (!tab || tab[1] == '\0' || !g_utf8_validate(tab + 1, -1, NULL) || !dj_ipc_parse(lines[i], &code)) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                        "%s: line %u: not a code, a tab and a title; remove it and import the table again", label,
                        i + 1);
            return NULL;
        }
        dj_ipc_titles_add(titles, &code, tab + 1);
    }
    return g_steal_pointer(&titles);
}

DjIpcTitles *dj_ipc_file_load(const DjConfigSource *source, GError **error)
{
    g_autoptr(DjIpcTitles) titles = dj_ipc_file_load_table(source, error);
    if (!titles || (dj_config_source_has(source, SHIPPED) && !add_shipped(titles, source, error)))
        return NULL;
    return g_steal_pointer(&titles);
}

static void append_row(const DjIpc *code, const char *title, gpointer user)
{
    g_autofree char *symbol = dj_ipc_format(code);
    g_string_append_printf(user, "%s\t%s\n", symbol, title);
}

char *dj_ipc_file_text(const DjIpcTitles *titles, const char *origin)
{
    GString *out = g_string_new("# Imported by `duijie import ipc-titles`. Remove the file to go back to the shipped "
                                "titles.\n# ");
    g_string_append_printf(out, "%s\n", origin);
    dj_ipc_titles_each(titles, append_row, out);
    return g_string_free(out, FALSE);
}

static gboolean read_names(const DjYaml *doc, const char *key, char ***out, GError **error)
{
    const DjYamlNode *list = dj_yaml_require(dj_yaml_root(doc), key, error);
    if (!list || !dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (guint i = 0; i < list->items->len; i++) {
        const char *name;
        if (!dj_yaml_read_text(list->items->pdata[i], &name, error))
            return FALSE;
        g_strv_builder_add(names, name);
    }
    *out = g_strv_builder_end(names);
    return TRUE;
}

gboolean dj_ipc_file_columns(const DjConfigSource *source, char ***code, char ***title, GError **error)
{
    static const char *const allowed[] = {"code", "title", NULL};
    g_autoptr(DjYaml) doc = read_yaml(source, COLUMNS, error);
    if (!doc || !dj_yaml_expect_keys(dj_yaml_root(doc), allowed, error) || !read_names(doc, "code", code, error))
        return FALSE;
    if (read_names(doc, "title", title, error))
        return TRUE;
    g_clear_pointer(code, g_strfreev);
    return FALSE;
}
