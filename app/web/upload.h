/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receiving a form with a file (multipart/form-data): fields are kept, the file goes to the disk as it comes, so that
 * its size is never in memory. Belongs to one request. */
#pragma once
#include <glib.h>
#include <microhttpd.h>

typedef struct DjUpload {
    char *path; /* of the file on the disk */
    char *name; /* as the sender calls it, made safe: no folders, no control characters, not empty */
    guint64 size;
    struct MHD_PostProcessor *parser;
    GHashTable *form; /* of the request: name -> GPtrArray of values */
    gsize form_bytes;
    guint64 most; /* bytes of the file */
    int fd;
    int status; /* 0, or the HTTP status of what went wrong */
    const char *problem;
} DjUpload;

/* folder: where the file goes, made when missing. form: borrowed. NULL when the body is no such form. */
DjUpload *dj_upload_new(struct MHD_Connection *connection, const char *folder, GHashTable *form, guint64 most);
/* Removes the file, unless path was taken (set to NULL). NULL is fine. */
void dj_upload_free(DjUpload *upload);

void dj_upload_take(DjUpload *upload, const char *data, gsize size);
/* The body has ended. DJ_WEB_ERROR when it was too large, broken, or could not be written. */
gboolean dj_upload_finish(DjUpload *upload, GError **error);

/* Removes what an earlier server left behind. */
void dj_upload_clean(const char *folder);
