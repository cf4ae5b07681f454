/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the first rows of a table is its header: office sheets begin with titles, and group headings stand over
 * merged cells. */
#pragma once
#include "indexer/reader.h"

/* Rows looked at. */
#define DJ_HEADER_WINDOW 10

typedef struct {
    guint first;       /* index of the first row of the header among the rows given */
    guint n_rows;      /* 1, or 2 where a row of group headings stands over it */
    GPtrArray *titles; /* of char *, one per column; all different, none empty */
} DjHeader;

/* rows: GPtrArray of GPtrArray of char * (cells, "" where empty), at least one. Takes the row, or the pair of rows,
 * with the most known titles; the first row where fewer than two are known. */
DjHeader *dj_header_find(const GPtrArray *rows, const DjReaderOptions *options);
void dj_header_free(DjHeader *header);
