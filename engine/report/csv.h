/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV for people: UTF-8 with BOM, CRLF, RFC 4180 quoting, and a guard against what spreadsheets make of formulas and
 * long numbers. Safe from any thread. */
#pragma once
#include "engine/report/out_file.h"

#define DJ_CSV_BOM "\xEF\xBB\xBF"

/* One cell. is_text: may look like a formula or a long number and must stay text. */
void dj_csv_cell(GString *out, const char *text, gboolean is_text);
/* n texts (NULL is empty), commas between them, and the line end. */
void dj_csv_row(GString *out, const char *const *cells, gsize n);
