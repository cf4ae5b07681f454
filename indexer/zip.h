/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ZIP files as sources of bytes, with limits against files that unpack to more than anybody meant to send. */
#pragma once
#include "indexer/reader.h"
#include "indexer/source.h"

typedef struct DjZip DjZip;

DjZip *dj_zip_open(const char *path, const DjReaderOptions *options, GError **error);
void dj_zip_close(DjZip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjZip, dj_zip_close)

gsize dj_zip_n_entries(const DjZip *zip);
/* Name of an entry as UTF-8 (GB18030 names are converted); lives until the next call. */
const char *dj_zip_name(DjZip *zip, gsize entry);
/* Position of the entry with exactly this name, -1 = none. */
gssize dj_zip_find(DjZip *zip, const char *name);
/* The zip must outlive the source. Position and size count compressed bytes. */
DjSource *dj_zip_open_entry(DjZip *zip, gsize entry, GError **error);
/* Unpacks an entry into a temporary file without a name left behind in the file system; *path lives as long as the
 * descriptor that is returned, -1 on error. */
int dj_zip_extract(DjZip *zip, gsize entry, char **path, GError **error);
