/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole run as one workbook 配对清单.xlsx: an overview (概览) and a sheet per chain with frozen head, filter,
 * widths and print set-up. More than max_rows rows are split, in the same order, into 配对清单-1.xlsx, -2 and so on,
 * each with the overview of the whole run. Rows stream to disk; memory does not grow with them. The creation date in
 * the file is the date of the run, so the bytes are stable. */
#pragma once
#include "engine/report/list_run.h"

/* Appends the names of the files written in `folder` to `names`. max_rows > 0. */
gboolean dj_list_xlsx_write(const DjListRun *run, const char *folder, guint max_rows, GPtrArray *names, GError **error);
