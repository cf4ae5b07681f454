/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV and TSV (RFC 4180, and what offices make of it): quoted line ends, doubled quotes, LF, CRLF, lone CR, a missing
 * last line end, comma, tab or semicolon. A cell that begins with a quote is taken as it stands, up to its delimiter,
 * where its closing quote is missing or stands in front of something else than a delimiter or line end, or where a
 * quoted line end would give the row another number of cells than the first row has and a plain one would not: one
 * stray quote must not swallow the rows behind it. */
#pragma once
#include "indexer/reader.h"
#include "indexer/source.h"

typedef struct DjCsv DjCsv;

/* Owns source. The delimiter is told from the first line. */
DjCsv *dj_csv_open(DjSource *source, const DjReaderOptions *options, GError **error);
void dj_csv_close(DjCsv *csv);
/* Rows as they stand, header and blank ones included (a blank row has no cells). */
gboolean dj_csv_next(DjCsv *csv, DjRow *row, gboolean *more, GError **error);
char dj_csv_delimiter(const DjCsv *csv);
DjSource *dj_csv_source(DjCsv *csv);
