/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plain table as a workbook: one sheet of text cells under a frozen header, in constant memory. Cells stay text, so
 * that codes keep their zeros and the table can be imported as it is. The same rows and day give the same bytes. */
#pragma once
#include <glib.h>

/* What a cell of a workbook can hold, in characters; longer texts do not fit into one. */
#define DJ_XLSX_CELL_MAX 32767

typedef struct DjTableXlsx DjTableXlsx;

/* Begins the file; titles and width (in characters) per column; day: creation date, days since 1970-01-01. */
DjTableXlsx *dj_table_xlsx_new(const char *path, const char *sheet, const char *const *titles, const int *widths,
                               gsize n_columns, int day);
/* Next row; "" or NULL is an empty cell. FALSE when a cell does not fit or the disk is full. */
gboolean dj_table_xlsx_add(DjTableXlsx *table, const char *const *cells, GError **error);
/* Finishes the file and frees the table, on error too. */
gboolean dj_table_xlsx_finish(DjTableXlsx *table, GError **error);
