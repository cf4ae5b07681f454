/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a result (of a job, a month, an event) as people look for them: grouped by what they are for, with
 * counts and sizes, and all of them as one ZIP. Names are relative to a folder, with '/'. */
#pragma once
#include "app/web/request.h"

/* Names of all files in a folder and the folders right in it, ascending; hidden ones and links are left out. */
GPtrArray *dj_file_list_find(const char *folder);
/* Appends the groups; the first is open. Links lead to PREFIX/NAME. labels (may be NULL): name -> what to call it. */
void dj_file_list_put(GString *out, const GPtrArray *names, const char *folder, const char *prefix, GHashTable *labels);
/* "12 KB", "1.2 MB"; free it. */
char *dj_file_list_size(guint64 bytes);
/* Answers with TITLE.zip, which also holds a MANIFEST of their hashes (indexer/archive.h). */
gboolean dj_file_list_send_zip(DjRequest *request, const GPtrArray *names, const char *folder, const char *title,
                               GError **error);
