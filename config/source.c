/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One small interface in front of folders and bundles, so that every loader reads today's files and a past month's in
 * the same way. */
#include "config/source.h"

#include <jansson.h>
#include <string.h>

struct DjConfigSource {
    char *folder, *workspace;
    json_t *bundle; /* object of name -> text; NULL: folders */
};

/* A name is a relative path inside the configuration: no way out of the folder. */
static gboolean name_is_safe(const char *name)
{
    return name[0] != '\0' && name[0] != '/' && !strstr(name, "..") && !strchr(name, '\\');
}

static char *path_in_workspace(const DjConfigSource *source, const char *name)
{
    if (!source->workspace)
        return NULL;
    if (strcmp(name, "settings.yaml") == 0)
        return g_build_filename(source->workspace, name, NULL);
    return g_build_filename(source->workspace, "config", name, NULL);
}

/* The file that `name` means, or NULL. */
static char *find_path(const DjConfigSource *source, const char *name)
{
    if (!name_is_safe(name))
        return NULL;
    g_autofree char *own = path_in_workspace(source, name);
    if (own && g_file_test(own, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer(&own);
    if (strcmp(name, "settings.yaml") == 0)
        return NULL;
    g_autofree char *shipped = g_build_filename(source->folder, name, NULL);
    return g_file_test(shipped, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&shipped) : NULL;
}

DjConfigSource *dj_config_source_new(const char *folder, const char *workspace, GError **error)
{
    g_autofree char *probe = g_build_filename(folder, "default.yaml", NULL);
    if (!g_file_test(probe, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "%s: not a configuration folder of duijie (it has no default.yaml)", folder);
        return NULL;
    }
    DjConfigSource *source = g_new0(DjConfigSource, 1);
    source->folder = g_strdup(folder);
    source->workspace = g_strdup(workspace);
    return source;
}

DjConfigSource *dj_config_source_from_bundle(GBytes *bundle, GError **error)
{
    gsize length = 0;
    const char *bytes = g_bytes_get_data(bundle, &length);
    json_error_t why;
    json_t *object = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &why);
    if (!object || !json_is_object(object)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "settings bundle: %s", object ? "no object" : why.text);
        json_decref(object);
        return NULL;
    }
    const char *name;
    json_t *text;
    json_object_foreach(object, name, text)
    {
        if (!json_is_string(text)) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "settings bundle: \"%s\" is no text", name);
            json_decref(object);
            return NULL;
        }
    }
    DjConfigSource *source = g_new0(DjConfigSource, 1);
    source->bundle = object;
    return source;
}

void dj_config_source_free(DjConfigSource *source)
{
    if (!source)
        return;
    g_free(source->folder);
    g_free(source->workspace);
    json_decref(source->bundle);
    g_free(source);
}

gboolean dj_config_source_is_bundle(const DjConfigSource *source)
{
    return source->bundle != NULL;
}

gboolean dj_config_source_has(const DjConfigSource *source, const char *name)
{
    if (source->bundle)
        return json_object_get(source->bundle, name) != NULL;
    g_autofree char *path = find_path(source, name);
    return path != NULL;
}

GBytes *dj_config_source_read(const DjConfigSource *source, const char *name, char **label, GError **error)
{
    if (source->bundle) {
        const json_t *text = json_object_get(source->bundle, name);
        if (!text) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s: not in the settings bundle", name);
            return NULL;
        }
        *label = g_strdup_printf("bundle:%s", name);
        return g_bytes_new(json_string_value(text), json_string_length(text));
    }
    g_autofree char *path = find_path(source, name);
    if (!path) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s: no such file in %s%s%s", name, source->folder,
                    source->workspace ? " or below config/ in " : "", source->workspace ? source->workspace : "");
        return NULL;
    }
    char *data = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &data, &length, error))
        return NULL;
    *label = g_steal_pointer(&path);
    return g_bytes_new_take(data, length);
}

static void add_folder(GHashTable *names, const char *path, const char *subfolder)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *entry;
    while (dir && (entry = g_dir_read_name(dir)))
        if (g_str_has_suffix(entry, ".yaml") || g_str_has_suffix(entry, ".tsv"))
            g_hash_table_add(names, g_strdup_printf("%s/%s", subfolder, entry));
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **dj_config_source_list(const DjConfigSource *source, const char *subfolder)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (source->bundle) {
        g_autofree char *prefix = g_strdup_printf("%s/", subfolder);
        const char *name;
        json_t *text;
        json_object_foreach(source->bundle, name, text)
        {
            if (g_str_has_prefix(name, prefix))
                g_hash_table_add(names, g_strdup(name));
        }
    } else {
        g_autofree char *shipped = g_build_filename(source->folder, subfolder, NULL);
        add_folder(names, shipped, subfolder);
        g_autofree char *own = path_in_workspace(source, subfolder);
        if (own)
            add_folder(names, own, subfolder);
    }
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(sorted, g_strdup(key));
    g_ptr_array_sort(sorted, compare_names);
    g_ptr_array_add(sorted, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&sorted), FALSE);
}

static gboolean add_text(json_t *bundle, const char *name, const char *text, gsize length, GError **error)
{
    json_t *value = json_stringn(text, length);
    if (!value) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not valid UTF-8", name);
        return FALSE;
    }
    json_object_set_new(bundle, name, value);
    return TRUE;
}

GBytes *dj_config_source_bundle(const DjConfigSource *source, const char *settings, const char *const *names,
                                GError **error)
{
    json_t *bundle = json_object();
    gboolean ok = add_text(bundle, "settings.yaml", settings, strlen(settings), error);
    for (gsize i = 0; ok && names[i]; i++) {
        g_autofree char *label = NULL;
        g_autoptr(GBytes) bytes = dj_config_source_read(source, names[i], &label, error);
        gsize length = 0;
        const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
        ok = bytes && add_text(bundle, names[i], text ? text : "", length, error);
    }
    char *out = ok ? json_dumps(bundle, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(bundle);
    /* g_bytes_new_with_free_func: jansson's memory is free()d by libc, as GLib's */
    return out ? g_bytes_new_with_free_func(out, strlen(out), free, out) : NULL;
}
