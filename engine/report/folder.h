/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An output folder that appears at once and complete: files are written beside it and the two are exchanged. Its file
 * .duijie-lists names what we wrote, so that nothing else is ever deleted. */
#pragma once
#include <glib.h>

#define DJ_FOLDER_MANIFEST ".duijie-lists"

typedef struct {
    char *path;        /* where it is to appear */
    char *temporary;   /* where it is being written */
    GString *manifest; /* "sha256  name" lines */
} DjFolder;

/* Refuses a folder that holds files which we did not write. Creates the parent folders. */
gboolean dj_folder_begin(DjFolder *folder, const char *path, GError **error);
/* Path of a file inside, to be freed. */
char *dj_folder_path(const DjFolder *folder, const char *name);
/* Enters a finished file into the manifest; note_file computes its sha256. */
void dj_folder_note(DjFolder *folder, const char *name, const char *sha256);
gboolean dj_folder_note_file(DjFolder *folder, const char *name, GError **error);
/* Puts it in place. */
gboolean dj_folder_publish(DjFolder *folder, GError **error);
/* Frees; removes the temporary folder when it was not published. */
void dj_folder_clear(DjFolder *folder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjFolder, dj_folder_clear)
