/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file being written: text is appended to `text`, leaves in large blocks, and is on the disk when close returns TRUE.
 * Not shared between threads. */
#pragma once
#include <glib.h>

typedef struct {
    char *path;
    int fd;
    GString *text;  /* append here, then call dj_out_file_drain */
    GChecksum *sum; /* sha256 of what was written */
} DjOutFile;

/* Creates the file; it must not exist. */
gboolean dj_out_file_open(DjOutFile *file, const char *path, GError **error);
/* Writes the text out when there is enough of it; call it after every row. */
gboolean dj_out_file_drain(DjOutFile *file, GError **error);
/* Writes the rest, syncs and closes. sha256, in hexadecimal, to be freed; may be NULL. */
gboolean dj_out_file_close(DjOutFile *file, char **sha256, GError **error);
/* Closes and frees whatever is still open; the file stays. Does nothing after a close. */
void dj_out_file_clear(DjOutFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjOutFile, dj_out_file_clear)
