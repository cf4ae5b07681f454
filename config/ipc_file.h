/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/ipc <-> DjIpcTitles (IPC 标题). A full table that a workspace imported is its config/ipc/titles.tsv, which
 * stands over the shipped titles-zh.yaml: a code that the table has shows the table's title, another one ours (older
 * codes that patents still carry). Both are part of the settings bundle, so a past month shows the titles of its day.
 */
#pragma once
#include "config/source.h"
#include "engine/model/ipc_titles.h"

/* Name of the imported table in a configuration folder. */
#define DJ_IPC_TABLE_FILE "ipc/titles.tsv"

/* A source without titles gives an empty table. Errors name file and line. */
DjIpcTitles *dj_ipc_file_load(const DjConfigSource *source, GError **error);

/* The imported table alone, empty where there is none. */
DjIpcTitles *dj_ipc_file_load_table(const DjConfigSource *source, GError **error);

/* The table as the text of titles.tsv, ascending by code; origin: where it comes from, one line. Free it. */
char *dj_ipc_file_text(const DjIpcTitles *titles, const char *origin);

/* What the columns of a table may be called (ipc/columns.yaml): NULL-terminated, free with g_strfreev. */
gboolean dj_ipc_file_columns(const DjConfigSource *source, char ***code, char ***title, GError **error);
