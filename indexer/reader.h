/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers: files of any format -> rows of named cells, streaming.
 *
 * The format is told from the content, not from the name: XLSX, ZIP of other files, JSON array, JSON Lines, CSV, TSV.
 * Nothing grows with the size of the file, only with the longest row, up to the limits below; going over a limit is an
 * error that names the row. A reader belongs to one thread. */
#pragma once
#include "indexer/form.h"
#include <glib.h>

#define DJ_READ_ERROR (dj_read_error_quark())
GQuark dj_read_error_quark(void);
typedef enum {
    DJ_READ_ERROR_FORMAT, /* broken, or of no format that is understood */
    DJ_READ_ERROR_LIMIT   /* larger than a limit allows */
} DjReadError;

/* 0 in a number means its default. */
typedef struct {
    gsize max_row_bytes;      /* one row or object; default 16 MiB */
    gsize max_columns;        /* default 1024 */
    guint64 max_expanded;     /* bytes that come out of one compressed file; default 4 GiB */
    guint max_ratio;          /* expanded to compressed, once past 16 MiB; default 200 */
    guint max_strings;        /* shared strings of an XLSX file; default 4,000,000 */
    guint64 max_string_bytes; /* all of them together; default 512 MiB */
    const char *sheet;        /* name of the XLSX sheet; NULL = the first */
    /* Does this text occur as a column title? Decides which of the first rows is the header. NULL: the first row. */
    gboolean (*is_title)(const char *text, gpointer user);
    gpointer user;
    const DjFormRules *form; /* the official form is understood and gives its needs as rows; NULL: it is not */
} DjReaderOptions;

typedef struct {
    const char *text; /* UTF-8, ends with NUL; NULL = the row has no such cell */
    gsize length;
    gboolean list; /* items joined by '\n', from a JSON array: not to be split otherwise */
} DjCell;

typedef struct {
    gint64 number;       /* row of the sheet or CSV table, header included, from 1; object of a JSON file, from 1 */
    const DjCell *cells; /* valid until the next call */
    gsize n_cells;       /* at most the number of columns, unless problem is set */
    const char *problem; /* not NULL: the row cannot be used; why, in Chinese, for the reject list */
} DjRow;

typedef struct DjReader DjReader;

/* Opens the file and finds its header. */
DjReader *dj_reader_open(const char *path, const DjReaderOptions *options, GError **error);
void dj_reader_close(DjReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjReader, dj_reader_close)

/* Next row that is not blank. *more FALSE at the end. */
gboolean dj_reader_next(DjReader *reader, DjRow *row, gboolean *more, GError **error);

/* Column titles. The array grows while a JSON file brings new names, and is another one after dj_reader_part changed.
 */
const char *const *dj_reader_columns(DjReader *reader, gsize *n);
/* Counts the tables that were begun: 1, and more in a ZIP of several files. Columns are to be looked up again. */
guint dj_reader_part(DjReader *reader);
/* Name of the file inside a ZIP, else NULL. */
const char *dj_reader_part_name(DjReader *reader);
/* Names of the documents and pictures in a ZIP so far, which are not read. */
const GPtrArray *dj_reader_passed_over(DjReader *reader);
/* Names of all sheets of the workbook that is being read, for messages; NULL: it is none. */
const char *dj_reader_sheets(DjReader *reader);
/* The official form that the current table is, NULL where it is none. */
const DjForm *dj_reader_form(DjReader *reader);
/* "CSV, GB18030", "XLSX" … for the report of an import. */
const char *dj_reader_format(DjReader *reader);
/* Bytes consumed and size of the file, for progress. */
void dj_reader_progress(DjReader *reader, gint64 *done, gint64 *total);
