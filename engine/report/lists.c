/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/lists.h"
#include "engine/report/folder.h"
#include "engine/report/list_csv.h"
#include "engine/report/list_html.h"
#include "engine/report/list_jsonl.h"
#include "engine/report/list_unmet.h"
#include "engine/report/list_xlsx.h"

#define XLSX_ROWS     100000
#define HTML_ROWS     1000
#define XLSX_ROWS_MAX 1000000 /* a sheet of Excel ends at 1,048,576 */

static gboolean write_chain(const DjListRun *run, const DjListChain *chain, guint html_rows, DjFolder *folder,
                            GError **error)
{
    g_autofree char *html = g_strconcat(chain->file, ".html", NULL), *csv = g_strconcat(chain->file, ".csv", NULL);
    g_autofree char *html_path = dj_folder_path(folder, html), *csv_path = dj_folder_path(folder, csv);
    g_autofree char *html_sum = NULL, *csv_sum = NULL;
    if (!dj_list_html_write_chain(run, chain, html_rows, html_path, &html_sum, error) ||
        !dj_list_csv_write(run, chain, csv_path, &csv_sum, error))
        return FALSE;
    dj_folder_note(folder, html, html_sum);
    dj_folder_note(folder, csv, csv_sum);
    return TRUE;
}

static gboolean write_all(DjListRun *run, guint xlsx_rows, guint html_rows, const char *const *also, DjFolder *folder,
                          GError **error)
{
    /* first, because every other format names its hash */
    g_autofree char *jsonl = dj_folder_path(folder, "pairings.jsonl");
    if (!dj_list_jsonl_write(run, jsonl, &run->digest, error))
        return FALSE;
    dj_folder_note(folder, "pairings.jsonl", run->digest);

    g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(g_free);
    if (!dj_list_xlsx_write(run, folder->temporary, xlsx_rows, tables, error))
        return FALSE;
    for (guint i = 0; i < tables->len; i++)
        if (!dj_folder_note_file(folder, tables->pdata[i], error))
            return FALSE;

    for (guint i = 0; i < run->chains->len; i++)
        if (!write_chain(run, run->chains->pdata[i], html_rows, folder, error))
            return FALSE;

    if (g_hash_table_size(run->set->unmet) > 0) {
        g_autofree char *path = dj_folder_path(folder, DJ_UNMET_FILE), *hash = NULL;
        if (!dj_list_unmet_write(run, path, &hash, error))
            return FALSE;
        dj_folder_note(folder, DJ_UNMET_FILE, hash);
    }

    for (; also && *also; also++)
        g_ptr_array_add(tables, g_strdup(*also));
    g_autofree char *index = dj_folder_path(folder, "index.html"), *sum = NULL;
    if (!dj_list_html_write_index(run, tables, index, &sum, error))
        return FALSE;
    dj_folder_note(folder, "index.html", sum);
    return TRUE;
}

gboolean dj_lists_write_into(DjListRun *run, const DjListsOptions *options, DjFolder *folder, GError **error)
{
    guint xlsx_rows = options && options->xlsx_rows ? MIN(options->xlsx_rows, XLSX_ROWS_MAX) : XLSX_ROWS;
    guint html_rows = options && options->html_rows ? options->html_rows : HTML_ROWS;
    if (options && options->title)
        run->title = options->title;
    run->table = options ? options->table : NULL;
    return write_all(run, xlsx_rows, html_rows, options ? options->also : NULL, folder, error);
}

gboolean dj_lists_write(const DjResultSet *set, DjAudience audience, const char *folder, const DjListsOptions *options,
                        GError **error)
{
    g_autoptr(DjListRun) run = dj_list_run_new(set, audience, error);
    if (!run)
        return FALSE;
    g_auto(DjFolder) out = {0};
    return dj_folder_begin(&out, folder, error) && dj_lists_write_into(run, options, &out, error) &&
           dj_folder_publish(&out, error);
}
