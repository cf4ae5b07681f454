/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of files that must survive a power cut, and their removal. Errors are of G_FILE_ERROR. */
#pragma once
#include <glib.h>

/* Syncs one file, or one folder's list of names. */
gboolean dj_durable_sync_file(const char *path, GError **error);
/* Syncs everything below a folder, and the folder. */
gboolean dj_durable_sync_tree(const char *folder, GError **error);
/* Removes a folder and what is in it, without following links; does what it can. */
void dj_durable_remove_tree(const char *folder);
