/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/sums.h"
#include "indexer/source.h"
#include <string.h>

#define NAME "SHA256SUMS"
enum { BLOCK = 1 << 16 };

static char *sum_of(const char *path, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(DjSource) source = dj_source_open_file(path, error);
    g_autofree char *block = g_malloc(BLOCK);
    gssize got = source ? 0 : -1;
    while (source && (got = dj_source_read(source, block, BLOCK, error)) > 0)
        g_checksum_update(sum, (const guchar *)block, got);
    return got < 0 ? NULL : g_strdup(g_checksum_get_string(sum));
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "sum  sub/name" for each file, ascending. */
static char *list_sums(const char *folder, const char *sub, GError **error)
{
    g_autofree char *inside = g_build_filename(folder, sub, NULL);
    g_autoptr(GDir) dir = g_dir_open(inside, 0, error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) out = g_string_new(NULL);
    if (!dir)
        return NULL;
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(inside, names->pdata[i], NULL), *sum = sum_of(path, error);
        if (!sum)
            return NULL;
        g_string_append_printf(out, "%s  %s/%s\n", sum, sub, (const char *)names->pdata[i]);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean dj_sums_write(const char *folder, const char *sub, GError **error)
{
    g_autofree char *path = g_build_filename(folder, NAME, NULL), *text = list_sums(folder, sub, error);
    return text && g_file_set_contents(path, text, -1, error);
}

gboolean dj_sums_verify(const char *folder, const char *sub, GError **error)
{
    g_autofree char *path = g_build_filename(folder, NAME, NULL), *expected = NULL, *found = NULL;
    if (!g_file_get_contents(path, &expected, NULL, error) || !(found = list_sums(folder, sub, error)))
        return FALSE;
    if (strcmp(expected, found) == 0)
        return TRUE;
    g_auto(GStrv) wanted = g_strsplit(expected, "\n", -1), have = g_strsplit(found, "\n", -1);
    guint i = 0;
    while (wanted[i] && have[i] && strcmp(wanted[i], have[i]) == 0)
        i++;
    const char *line = have[i] && *have[i] ? have[i] : wanted[i] ? wanted[i] : "";
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "generation file %s/%s is not what was written", folder,
                strlen(line) > 66 ? line + 66 : NAME);
    return FALSE;
}
