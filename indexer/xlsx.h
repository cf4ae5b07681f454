/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XLSX (ECMA-376): the rows of one sheet, streaming. Cells come as a person sees them: dates as YYYY-MM-DD, percentages
 * with their sign, other numbers in plain decimals. Shared strings stay in memory up to 64 MiB, the rest of them in a
 * temporary file. A document type declaration, with which an XML file can make itself large, is refused. */
#pragma once
#include "indexer/reader.h"
#include "indexer/zip.h"

typedef struct DjXlsx DjXlsx;

/* Is this ZIP file a workbook? */
gboolean dj_xlsx_is_workbook(DjZip *zip);
/* Owns zip. */
DjXlsx *dj_xlsx_open(DjZip *zip, const DjReaderOptions *options, GError **error);
void dj_xlsx_close(DjXlsx *xlsx);
/* Rows as they stand; blank ones that the file mentions have no cells. */
gboolean dj_xlsx_next(DjXlsx *xlsx, DjRow *row, gboolean *more, GError **error);
const char *dj_xlsx_sheet(const DjXlsx *xlsx);
/* Names of all sheets that are not hidden, for messages: "说明, 需求". */
const char *dj_xlsx_sheets(const DjXlsx *xlsx);
void dj_xlsx_progress(const DjXlsx *xlsx, gint64 *done, gint64 *total);
