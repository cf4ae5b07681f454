/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of one chain as CSV: UTF-8 with BOM, CRLF, RFC 4180 quoting, made to be opened by a double click in Excel
 * and WPS. Cells that these programs would run as a formula (= + - @ and their full-width forms, tab, CR at the start)
 * or ruin as a number (long digits, leading zeros) start with a tab: it keeps them text, is not seen, and an import
 * trims it away. Numbers are plain. */
#pragma once
#include "engine/report/list_run.h"

gboolean dj_list_csv_write(const DjListRun *run, const DjListChain *chain, const char *path, char **sha256,
                           GError **error);
