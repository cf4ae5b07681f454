/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups (备份): the facts and the workspace's own settings as one archive. What can be made again from them is left
 * out: generations, lists of rejects, lists and months. */
#pragma once
#include "app/workspace.h"

/* Writes the archive at path while others use the workspace. *n receives the number of files in it. */
gboolean dj_backup_write(const DjWorkspace *workspace, const DjApp *app, const char *path, gsize *n, GError **error);
/* Makes the workspace `folder` from an archive, at once or not at all: the folder must be absent or empty. The facts
 * are checked before; *version receives that of their tables. */
gboolean dj_backup_restore(const DjApp *app, const char *path, const char *folder, gint64 *version, GError **error);
