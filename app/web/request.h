/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request and its response, as a handler sees them. Belongs to one thread. Errors of DJ_WEB_ERROR carry an HTTP
 * status as code and a Chinese sentence for whoever asked; all other errors become 500 (404 for G_IO_ERROR_NOT_FOUND)
 * with a fixed sentence, and their message goes to the log alone. */
#pragma once
#include "app/web/serving.h"
#include "engine/store/user.h"

#define DJ_WEB_ERROR (dj_web_error_quark())
GQuark dj_web_error_quark(void);
/* Always FALSE. */
gboolean dj_web_fail(GError **error, int status, const char *format, ...) G_GNUC_PRINTF(3, 4);

typedef struct DjWeb DjWeb;       /* the server: server.h */
typedef struct DjUpload DjUpload; /* a file that came with a form: upload.h */

#define DJ_WEB_MAX_CAPTURES 2

typedef struct {
    DjWeb *web;
    const char *method; /* HEAD counts as GET */
    const char *path;
    char *capture[DJ_WEB_MAX_CAPTURES]; /* parts of the path that stand for {} */
    GHashTable *query;                  /* name -> value after '?'; the last one counts */
    const char *type;                   /* of the body, "" = none */
    GString *body;
    GHashTable *form; /* name -> GPtrArray of values, when the body is a form; else NULL */
    DjUpload *upload; /* of a route that takes a file; else NULL */
    char *client;     /* address without port */
    gboolean api;     /* under /api/: errors are JSON */

    gboolean signed_in, by_cookie;
    DjUser user;
    char *csrf;         /* of the session, NULL without one */
    char *cookie;       /* that stands for it, NULL without one */
    DjRecord *own;      /* the enterprise that the user speaks for; see access.h */
    gboolean shows_own; /* the page holds what only the owner of its records may see */
    DjDesk *desk;       /* NULL while there is no index */

    guint status;
    const char *out_type;
    GString *out;
    int file;           /* sent in place of out, and closed then; -1 = none */
    GPtrArray *headers; /* name, value, name, value … */
} DjRequest;

/* Decodes + and %XX of a form or a query; NULL when that gives no UTF-8 text. Free it. */
char *dj_form_decode(const char *text, gsize length);
/* First value of a form field, NULL when there is none; all of them, never NULL. */
const char *dj_request_field(const DjRequest *request, const char *name);
const GPtrArray *dj_request_fields(const DjRequest *request, const char *name);
/* Parses an application/x-www-form-urlencoded body into form; 400 when it is not one or holds bytes that are no UTF-8.
 */
gboolean dj_request_read_form(DjRequest *request, GError **error);
/* A whole number from the query within [least, most], or the default where it is absent; 400 otherwise. */
gboolean dj_request_number(const DjRequest *request, const char *name, int least, int most, int otherwise, int *out,
                           GError **error);

/* What whoever asks may see. */
DjAudience dj_request_audience(const DjRequest *request);
/* 503 while there is no index. */
gboolean dj_request_needs_desk(const DjRequest *request, GError **error);

void dj_response_header(DjRequest *request, const char *name, const char *value);
/* 303 to a path of ours. */
void dj_response_redirect(DjRequest *request, const char *path);
