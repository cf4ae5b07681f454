/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes all lists of a run into a folder, or nothing:
 *
 *   index.html                      the chains with their counts
 *   <chain-id>-<name>.html, .csv    one list per chain; 未归链 for records in no chain
 *   配对清单.xlsx                   the whole run (or 配对清单-1.xlsx, -2 … when it is long)
 *   pairings.jsonl                  the whole run, for programs
 *   .duijie-lists                   sha256 of each file, as sha256sum -c reads it; it marks the folder as ours
 *
 * The files are written into a folder beside it, synced, and exchanged with it in one step: a reader sees the old lists
 * or the new ones, and a crash leaves the old ones. An existing folder is replaced only when it is empty or holds
 * nothing but files that .duijie-lists names. Nothing depends on the clock: same result set, same bytes. */
#pragma once
#include "engine/report/folder.h"
#include "engine/report/list_run.h"

typedef struct {
    guint xlsx_rows;   /* pairings per workbook, at most 1,000,000; 0 = 100,000 */
    guint html_rows;   /* pairings per list on a page, G_MAXUINT = all; 0 = 1,000, which is about 140 printed pages. A
                        * page says what it leaves out; the other formats hold everything. */
    const char *title; /* above all lists; NULL = 供需配对清单 */
    const DjListTable *table; /* a sheet of the first workbook after the overview; NULL = none */
    const char *const *also;  /* further files of the folder that the first page names, ended by NULL; NULL = none */
} DjListsOptions;

gboolean dj_lists_write(const DjResultSet *set, DjAudience audience, const char *folder, const DjListsOptions *options,
                        GError **error);

/* The same files into a folder that is being written, beside others. Sets run->digest. */
gboolean dj_lists_write_into(DjListRun *run, const DjListsOptions *options, DjFolder *folder, GError **error);
