/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of rejected rows (退回清单): UTF-8 CSV with a byte order mark, the five columns below and then the columns
 * of the file as they were, so that a person mends the cells in a spreadsheet and imports the list as it is. */
#pragma once
#include "indexer/reader.h"

#define DJ_REJECT_COLUMNS 5
extern const char *const dj_reject_columns[DJ_REJECT_COLUMNS]; /* 文件, 行, 列, 值, 原因 */

/* TRUE when the titles begin with these columns: the file is a list of rejects, mended. */
gboolean dj_rejects_are_titles(const char *const *titles, gsize n);

typedef struct DjRejects DjRejects;

/* Writes rejects.csv in folder, made when missing; nothing is made before the first rejected row. A table with other
 * columns (in a ZIP of several files) goes to rejects-2.csv and so on. The files appear under their names only in
 * dj_rejects_finish, so that a list can be mended, imported and replaced in one folder. */
DjRejects *dj_rejects_new(const char *folder);
void dj_rejects_free(DjRejects *rejects); /* without finish: nothing is left behind */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjRejects, dj_rejects_free)

typedef struct {
    const char *file;
    gint64 row;
    const char *column, *value; /* "" where the whole row is meant */
    const char *reason;
} DjReject;
/* titles and cells: of the file, without leading reject columns. */
gboolean dj_rejects_add(DjRejects *rejects, const DjReject *reject, const char *const *titles, gsize n_titles,
                        const DjCell *cells, gsize n_cells, GError **error);
/* Gives the files their names and writes each as a workbook too (rejects.xlsx), except where a cell is too long for
 * one. day: creation date in the workbooks. paths (may be NULL) gets the names of the files written. */
gboolean dj_rejects_finish(DjRejects *rejects, int day, GPtrArray *paths, GError **error);

/* Removes the lists of an earlier reading of the same file, which are out of date once no row is rejected any more. */
void dj_rejects_forget(const char *folder);
