/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import_titles.h"
#include "config/ipc_file.h"
#include "indexer/ipc_titles.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_COMPLAINTS 20

static void add_earlier(const DjIpc *code, const char *title, gpointer user)
{
    dj_ipc_titles_add(user, code, title);
}

static gboolean keep(const DjApp *app, const DjWorkspace *workspace, const DjConfigSource *source, DjIpcTitles *titles,
                     const char *path, GError **error)
{
    g_autoptr(DjIpcTitles) earlier = dj_ipc_file_load_table(source, error);
    if (!earlier)
        return FALSE;
    dj_ipc_titles_each(earlier, add_earlier, titles);
    g_autofree char *target = g_build_filename(workspace->folder, "config", DJ_IPC_TABLE_FILE, NULL);
    g_autofree char *folder = g_path_get_dirname(target), *base = g_path_get_basename(path);
    g_autofree char *name = g_utf8_make_valid(base, -1);
    g_strdelimit(name, "\r\n", ' ');
    g_autofree char *origin = g_strdup_printf("last: %.10s from %s", app->now, name);
    g_autofree char *text = dj_ipc_file_text(titles, origin);
    if (g_mkdir_with_parents(folder, 0755) != 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s cannot be made", folder);
        return FALSE;
    }
    if (!g_file_set_contents_full(target, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                  error))
        return FALSE;
    printf("table: %s, %u titles\n", target, dj_ipc_titles_count(titles));
    return TRUE;
}

static void print_result(const char *path, const DjIpcImportResult *result, guint n_titles)
{
    printf("%s: IPC titles, %s\n", path, result->format);
    for (guint i = 0; i < MIN(result->complaints->len, SHOWN_COMPLAINTS); i++)
        printf("    %s\n", (const char *)result->complaints->pdata[i]);
    if (result->n_rejected > SHOWN_COMPLAINTS)
        printf("    … and %" G_GINT64_FORMAT " more\n", result->n_rejected - SHOWN_COMPLAINTS);
    for (guint i = 0; i < result->reject_files->len; i++)
        printf("  rejected rows, to be mended and imported again: %s\n", (const char *)result->reject_files->pdata[i]);
    printf("titles %u, repeated %" G_GINT64_FORMAT ", rejected %" G_GINT64_FORMAT "\n", n_titles, result->n_repeated,
           result->n_rejected);
}

int dj_import_ipc_titles(const DjApp *app, const DjWorkspace *workspace, const DjConfigSource *source,
                         const DjReaderOptions *limits, const char *path, gboolean dry_run, GError **error)
{
    g_auto(GStrv) code = NULL, title = NULL;
    if (!dj_ipc_file_columns(source, &code, &title, error))
        return DJ_EXIT_FAILED;
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *name = g_strconcat("ipc-titles-", base, NULL);
    g_autofree char *rejects = g_build_filename(workspace->folder, "rejects", name, NULL);
    const DjIpcImport import = {.path = path,
                                .code_columns = (const char *const *)code,
                                .title_columns = (const char *const *)title,
                                .rejects_folder = dry_run ? NULL : rejects,
                                .day = app->today,
                                .limits = *limits};
    g_auto(DjIpcImportResult) result = {0};
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_import(&import, &result, error);
    if (!titles)
        return DJ_EXIT_FAILED;
    print_result(path, &result, dj_ipc_titles_count(titles));
    if (dry_run)
        printf("dry run: nothing was recorded\n");
    else if (!keep(app, workspace, source, titles, path, error))
        return DJ_EXIT_FAILED;
    return result.n_rejected > 0 ? DJ_EXIT_REJECTED : DJ_EXIT_DONE;
}
