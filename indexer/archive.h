/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of files as one ZIP that names their hashes, and back: the form of a backup (备份).
 *
 * The first entry, MANIFEST, holds a line that says what the archive is, and for each further entry "sha256  name".
 * Names are relative, with '/'. The same files and date give the same bytes. An archive that was written was also read
 * back. Errors are of G_FILE_ERROR, DJ_READ_ERROR or G_IO_ERROR_CANCELLED and name the archive. */
#pragma once
#include "indexer/train.h"

typedef struct {
    const char *name;
    const char *path; /* file to be packed; must not change meanwhile */
} DjArchiveFile;

/* Writes the archive beside path, reads it back, and puts it in place at once, synced. What stands there is replaced
 * when it is an archive of the same title, and else refused. title: one line, of which the first two words say the
 * kind. now: "YYYY-MM-DDTHH:MM:SS". */
gboolean dj_archive_write(const char *path, const char *title, const DjArchiveFile *files, gsize n, const char *now,
                          DjProgress progress, gpointer user, GError **error);

/* Unpacks all entries below folder, which exists and is empty, and compares them with the manifest; each file is
 * synced. The title must begin with kind. Every name passes `wanted` first, and never leads out of the folder. */
gboolean dj_archive_extract(const char *path, const char *kind, gboolean (*wanted)(const char *name),
                            const char *folder, DjProgress progress, gpointer user, GError **error);
