/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/list_csv.h"
#include "engine/report/csv.h"
#include "engine/report/list_columns.h"

static void append_row(GString *out, const DjListCells *cells)
{
    for (guint i = 0; i < dj_list_n_columns(); i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        dj_csv_cell(out, dj_list_cells_text(cells, i)->str, dj_list_column(i)->kind == DJ_CELL_TEXT);
    }
    g_string_append(out, "\r\n");
}

gboolean dj_list_csv_write(const DjListRun *run, const DjListChain *chain, const char *path, char **sha256,
                           GError **error)
{
    g_auto(DjOutFile) file = {0};
    if (!dj_out_file_open(&file, path, error))
        return FALSE;
    g_string_append(file.text, DJ_CSV_BOM);
    for (guint i = 0; i < dj_list_n_columns(); i++)
        g_string_append_printf(file.text, "%s%s", i > 0 ? "," : "", dj_list_column(i)->title);
    g_string_append(file.text, "\r\n");

    g_auto(DjListRow) row;
    g_auto(DjListCells) cells;
    dj_list_row_init(&row, run);
    dj_list_cells_init(&cells);
    for (int d = 0; d < DJ_N_DIRECTIONS; d++) {
        for (guint i = 0; i < chain->pairings[d]->len; i++) {
            dj_list_row_set(&row, chain, (DjDirection)d, i);
            dj_list_cells_fill(&cells, &row);
            append_row(file.text, &cells);
            if (!dj_out_file_drain(&file, error))
                return FALSE;
        }
    }
    return dj_out_file_close(&file, sha256, error);
}
