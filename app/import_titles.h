/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `duijie import ipc-titles FILE`: a table of IPC titles becomes part of the workspace's configuration. */
#pragma once
#include "app/workspace.h"
#include "config/source.h"
#include "indexer/reader.h"

/* Reads the file and, unless dry_run, adds it to config/ipc/titles.tsv of the workspace: a code that is there
 * already gets the new title. Returns an exit code; prints what was read and rejected. */
int dj_import_ipc_titles(const DjApp *app, const DjWorkspace *workspace, const DjConfigSource *source,
                         const DjReaderOptions *limits, const char *path, gboolean dry_run, GError **error);
