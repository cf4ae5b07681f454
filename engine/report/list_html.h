/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printable pages of the lists: one per chain and an index. Each stands alone (its stylesheet is inside), runs no
 * script and prints on A4. */
#pragma once
#include "engine/report/list_run.h"

/* At most max_rows pairings per direction; what is left out is said, with a link to the table that has it. */
gboolean dj_list_html_write_chain(const DjListRun *run, const DjListChain *chain, guint max_rows, const char *path,
                                  char **sha256, GError **error);
/* tables: names of the workbooks, linked above the list of chains. */
gboolean dj_list_html_write_index(const DjListRun *run, const GPtrArray *tables, const char *path, char **sha256,
                                  GError **error);
