/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Months (月度清单) that were made into WORKSPACE/months/NAME: what each holds, and its files. A file is served only
 * when the month's manifest names it. A folder made for the centre is the centre's alone. */
#pragma once
#include "app/web/request.h"
#include <jansson.h>

#define DJ_MONTHS_FOLDER "months"

typedef struct {
    char *name, *folder;
    json_t *manifest;
} DjMonthFolder;
void dj_month_folder_free(DjMonthFolder *month);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjMonthFolder, dj_month_folder_free)

/* Those that the caller may see, newest name first; of DjMonthFolder. */
GPtrArray *dj_months_list(const DjRequest *request);
/* 404 when there is none, or it is not the caller's to see. */
DjMonthFolder *dj_month_folder_open(const DjRequest *request, const char *name, GError **error);

/* Number of its files, with the manifest: as `duijie verify` and the ZIP count. */
guint dj_month_folder_n_files(const DjMonthFolder *month);
/* 公开, 组织者 …; "" when the manifest names no audience. */
const char *dj_month_folder_audience(const DjMonthFolder *month);
/* How often each pair of values stands in two columns of one of its tables: "value\tother" -> count, in g_hash_table of
 * uints. second may be NULL. */
GHashTable *dj_month_folder_count(const DjMonthFolder *month, const char *file, const char *first, const char *second,
                                  GError **error);
/* Whether every file has the sum that the manifest names: NULL without error when it has, else the name of the first
 * that has not; free it. */
char *dj_month_folder_damaged(const DjMonthFolder *month, GError **error);
/* Names of its files, the manifest last, that the manifest speaks of; and what to call the sheets among them, whose
 * names hold codes: file -> enterprise or institution, as the sheet itself is headed. Both owned by the caller. */
GPtrArray *dj_month_folder_files(const DjMonthFolder *month);
GHashTable *dj_month_folder_labels(const DjMonthFolder *month, const GPtrArray *files);
/* Fills the response with a file. */
gboolean dj_month_folder_send(DjRequest *request, const DjMonthFolder *month, const char *file, GError **error);
