/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a file as records, in the order of the file, read by several threads.
 *
 * Workers take turns: one reads the next few hundred rows from the reader, then turns them into records while another
 * reads on, and hands them over when those before have been handed over. So the callbacks see the same calls in the
 * same order for any number of threads, one at a time. Memory is bounded by the batches, one per worker. */
#pragma once
#include "indexer/row.h"

/* The columns of a table, as long as they stay the same. */
typedef struct {
    guint part;      /* of the reader */
    char *part_name; /* of the file inside a ZIP, else NULL */
    char *sheets;    /* of a workbook, for messages; else NULL */
    char **titles;   /* ends with NULL */
    gsize n;
    char **form; /* the enterprise that filled in an official form: DJ_FORM_ENTERPRISE_COLUMNS; else NULL */
} DjColumns;

typedef struct {
    DjRow row;
    const guint8 *hash;          /* of the row, see dj_binding_hash_row */
    DjRecord *record;            /* of no use where problem or fault is set; may be changed */
    const DjComplaint *warnings; /* of its values */
    guint n_warnings;
    const DjComplaint *fault; /* a wrong identifier, else NULL */
} DjBoundRow;

/* What is passed lives until the callback returns. FALSE with error stops everything. */
typedef struct {
    /* New columns; unknown: of char *, those that mean nothing. Called at least once, unless reading fails at once. */
    gboolean (*begin)(const DjColumns *columns, const DjBinding *binding, const GPtrArray *unknown, gpointer user,
                      GError **error);
    gboolean (*take)(const DjBoundRow *row, const DjColumns *columns, const DjBinding *binding, gpointer user,
                     GError **error);
    /* The stored record that a row with this hash is known to have nothing new for, 0 = the row must be understood.
     * Called from any worker, beside all others. */
    gint64 (*find)(const guint8 *hash, gpointer user);
    /* Called instead of take, in its turn, for a row that was found: known is its stored record, record has no fields
     * but those of passing. *passed FALSE: take it after all. */
    gboolean (*pass)(const DjRow *row, const DjRecord *record, gint64 known, gboolean *passed, gpointer user,
                     GError **error);
    const int *passing; /* fields that pass looks at, ends with -1 */
    /* Called now and then, and only from the calling thread; it may run beside the others. */
    gboolean (*report)(gint64 done, gint64 total, gpointer user, GError **error);
} DjRowsSink;

/* threads: workers including the calling thread; 0 counts as 1. The reader is used under a lock, by any of them. */
gboolean dj_rows_each(DjReader *reader, const DjMapping *mapping, DjTable table, guint threads, const DjRowsSink *sink,
                      gpointer user, GError **error);
