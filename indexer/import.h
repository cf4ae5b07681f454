/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import (导入): one file into one table of the store.
 *
 * A column that the file lacks and a cell that is empty leave what is stored; the word 清空 removes it. Of several rows
 * with one key the last wins. The same file twice changes nothing. Nothing is stored before the file was read to its
 * end. See README.md for the rules of acceptance. Thread rule: that of the store. */
#pragma once
#include "engine/store/store.h"
#include "indexer/fit.h"
#include "indexer/reader.h"

typedef struct {
    const char *path;
    const char *name; /* how messages and the history call the file; NULL: path without folders */
    DjTable table;
    const DjMapping *mapping;
    const DjMapping *const *others; /* by table, as for dj_fit_better; NULL: nothing is compared */
    const char *recorded_at;        /* YYYY-MM-DDTHH:MM:SS */
    gboolean dry_run;               /* count and report, store nothing; the store may be open for reading */
    const char *rejects_folder;     /* NULL: no list of rejected rows is written */
    DjReaderOptions limits;         /* is_title and user are set by the import */
    guint threads;                  /* that read rows; 0 counts as 1. The outcome is the same for any number. */
    guint max_messages;             /* warnings and stubs kept as text; default 200. All are counted. */
    /* Called now and then while reading and while storing, from the calling thread; may be NULL. total is 0 where it is
     * not known. */
    void (*progress)(const char *phase, gint64 done, gint64 total, gpointer user);
    /* TRUE stops the import before anything is stored (G_IO_ERROR_CANCELLED); may be NULL. */
    gboolean (*cancelled)(gpointer user);
    gpointer user;
} DjImportOptions;

#define DJ_IMPORT_FIRST 5

typedef struct {
    gint64 imported, updated, unchanged, rejected; /* rows; a row that a later one replaced counts as unchanged */
    gint64 n_warnings, n_stubs;
    GPtrArray *warnings;        /* of char *, Chinese, the first max_messages of n_warnings */
    GPtrArray *stubs;           /* of char *, names of enterprises that only a need names */
    GPtrArray *unknown_columns; /* of char *, kept with the records */
    GPtrArray *reject_files;    /* of char *, paths */
    GPtrArray *first;           /* of DjRecord, the first DJ_IMPORT_FIRST rows that were accepted, as understood */
    char *format;               /* "CSV, GB18030" */
    gboolean fits_better;       /* another table: the file was imported as asked all the same */
    DjFit fit;                  /* of the first part that does */
} DjImportResult;
void dj_import_result_clear(DjImportResult *result);

/* result is initialised here; clear it in any case. Message on error: "import NAME: row R, …". */
gboolean dj_import_file(DjStore *store, const DjImportOptions *options, DjImportResult *result, GError **error);
