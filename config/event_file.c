/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/event_file.h"

#include "config/event.h"
#include "indexer/reader.h"

static gboolean read_row(DjEventLoader *loader, const DjRow *row, const char *file, GError **error)
{
    if (row->problem) {
        g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_FIELD, "%s: row %" G_GINT64_FORMAT ": %s", file, row->number,
                    row->problem);
        return FALSE;
    }
    g_autofree const char **cells = g_new(const char *, row->n_cells + 1);
    for (gsize c = 0; c < row->n_cells; c++)
        cells[c] = row->cells[c].text;
    return dj_event_add_row(loader, row->number, cells, row->n_cells, error);
}

static gboolean read_table(DjEventLoader *loader, const DjYamlNode *root, gboolean participants, const char *folder,
                           const char *name, GError **error)
{
    g_autofree char *path = g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(folder, name, NULL);
    DjReaderOptions options = {0};
    g_autoptr(GError) why = NULL;
    g_autoptr(DjReader) reader = dj_reader_open(path, &options, &why);
    if (!reader) {
        const DjYamlNode *named = dj_yaml_get(root, participants ? "participants" : "pairs");
        return g_str_has_prefix(why->message, path) ? dj_yaml_fail(named, error, "%s", why->message)
                                                    : dj_yaml_fail(named, error, "%s: %s", path, why->message);
    }
    gboolean more = TRUE, begun = FALSE;
    while (more) {
        DjRow row;
        if (!dj_reader_next(reader, &row, &more, error))
            return FALSE;
        if (!begun) {
            /* JSON names its columns with the first object, so they are asked for after it */
            gsize n = 0;
            const char *const *columns = dj_reader_columns(reader, &n);
            if (!dj_event_begin_table(loader, participants, path, columns, n, error))
                return FALSE;
            begun = TRUE;
        }
        if (more && !read_row(loader, &row, path, error))
            return FALSE;
    }
    return TRUE;
}

DjEvent *dj_event_file_load(const char *path, guint *n_conflicts, GError **error)
{
    g_autoptr(DjYaml) yaml = dj_yaml_load(path, NULL, error);
    g_autoptr(DjEventLoader) loader = yaml ? dj_event_load(yaml, error) : NULL;
    if (!loader)
        return NULL;
    const DjYamlNode *root = dj_yaml_root(yaml);
    g_autofree char *folder = g_path_get_dirname(path);
    const char *participants = dj_event_participants_file(loader), *pairs = dj_event_pairs_file(loader);
    if ((participants && !read_table(loader, root, TRUE, folder, participants, error)) ||
        (pairs && !read_table(loader, root, FALSE, folder, pairs, error)))
        return NULL;
    return dj_event_finish(loader, n_conflicts, error);
}
