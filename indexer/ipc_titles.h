/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of IPC titles from a file of any format that the reader knows: one column of codes, one of titles. Nothing is
 * stored here; the caller keeps what was read. */
#pragma once
#include "engine/model/ipc_titles.h"
#include "indexer/reader.h"

typedef struct {
    const char *path;
    const char *const *code_columns, *const *title_columns; /* titles that the columns may have, NULL-terminated */
    const char *rejects_folder;                             /* NULL: no list of rejected rows is written */
    int day;                                                /* creation date in the workbook of rejected rows */
    DjReaderOptions limits;
} DjIpcImport;

typedef struct {
    gint64 n_rows, n_repeated, n_rejected; /* repeated: the same code with the same title once more */
    GPtrArray *complaints;   /* of char *, Chinese, the first rows that were rejected, with their reasons */
    GPtrArray *reject_files; /* of char * */
    char *format;
} DjIpcImportResult;
void dj_ipc_import_result_clear(DjIpcImportResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjIpcImportResult, dj_ipc_import_result_clear)

/* NULL with an error when the file cannot be read, lacks a column, or holds no usable row. A row is rejected when its
 * code is none of the IPC, its title is empty or too long, or an earlier row gives the code another title. */
DjIpcTitles *dj_ipc_titles_import(const DjIpcImport *import, DjIpcImportResult *result, GError **error);
