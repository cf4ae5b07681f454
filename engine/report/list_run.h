/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One writing of lists: the result set cut by chain and direction, and the row that all formats write. */
#pragma once
#include "engine/match/result.h"
#include "engine/report/projection.h"

#define DJ_REPORT_ERROR (dj_report_error_quark())
GQuark dj_report_error_quark(void);
typedef enum {
    DJ_REPORT_ERROR_RESULT, /* the result set contradicts itself */
    DJ_REPORT_ERROR_FOLDER, /* the output folder is not ours */
    DJ_REPORT_ERROR_XLSX    /* libxlsxwriter reports an error */
} DjReportError;

#define DJ_N_DIRECTIONS 2

typedef struct {
    const DjResultChain *chain;
    char *file;                           /* "c11-电子信息材料", a safe file name without suffix */
    GPtrArray *pairings[DJ_N_DIRECTIONS]; /* const DjPairing, in the set's order */
} DjListChain;

typedef enum { DJ_CELL_TEXT, DJ_CELL_NUMBER, DJ_CELL_DATE } DjCellKind;

typedef struct {
    const char *title;
    DjCellKind kind;
    int width; /* in digits, as spreadsheets count */
} DjListColumn;

/* A further sheet of the workbook. */
typedef struct {
    const char *name;
    const DjListColumn *columns;
    guint n_columns;
    GPtrArray *rows; /* char **, a cell per column; a NUMBER that is not digits alone is written as text */
} DjListTable;

/* Read-only after dj_list_run_new; borrows the set. */
typedef struct {
    const DjResultSet *set;
    const char *title;        /* 供需配对清单, or what dj_lists_write_into is told; borrowed */
    const DjListTable *table; /* borrowed; NULL = none */
    DjAudience audience;
    int now;           /* day of the run */
    GPtrArray *chains; /* DjListChain in the set's order */
    char *digest;      /* sha256 of pairings.jsonl, set once it is written */
} DjListRun;

/* NULL when the set has no date, or a pairing names a chain, need or patent that the set does not hold,
 * or when needs of several enterprises would go to one owner. */
DjListRun *dj_list_run_new(const DjResultSet *set, DjAudience audience, GError **error);
void dj_list_run_free(DjListRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjListRun, dj_list_run_free)

/* "第 3 代" or, where no generation is named, "资料至第 12 批"; free it. */
char *dj_list_run_facts(const DjListRun *run);
/* Sentences of provenance, for the foot of every page and the overview sheet: audience, generation, hashes; NULL-
 * terminated, free with g_strfreev. */
char **dj_list_run_provenance(const DjListRun *run);

/* One pairing with its records. The records are read through the projection only. */
typedef struct {
    const DjListRun *run;
    const DjListChain *chain;
    guint number; /* place on the chain's list of this direction, from 1 */
    DjPairingView view;
    const DjRecord *need;       /* NULL for a question */
    const DjRecord *patent;     /* never NULL */
    const DjRecord *enterprise; /* already projected */
    const DjQuality *quality;   /* of the patent, NULL where it was not judged */
} DjListRow;

void dj_list_row_init(DjListRow *row, const DjListRun *run);
/* i-th pairing of the chain in this direction. */
void dj_list_row_set(DjListRow *row, const DjListChain *chain, DjDirection direction, guint i);
void dj_list_row_clear(DjListRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjListRow, dj_list_row_clear)

/* Whether the need of the row has no adequate patent, so that the row only shows the nearest one. */
gboolean dj_list_row_unmet(const DjListRow *row);

/* What a row says of its records; "" or NULL where there is nothing to say. */
const char *dj_list_row_need_title(const DjListRow *row);
const char *dj_list_row_patent_title(const DjListRow *row);
/* Name of the enterprise, NULL when the audience may not know it, "" when nobody does. */
const char *dj_list_row_enterprise(const DjListRow *row);
/* Its city, else the region that the need states; NULL when unknown or withheld. */
const char *dj_list_row_region(const DjListRow *row);
/* Patent number, or the identifier in the source for what has none; the key where there is neither. */
const char *dj_list_row_patent_number(const DjListRow *row);
