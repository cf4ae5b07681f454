/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTTP server: libmicrohttpd on one side, the table of routes on the other. Every thread of a small pool waits for
 * many connections, so a slow client costs a socket and no thread; an answer is computed in one go. Nothing here waits
 * for an import or a build: those are other processes. */
#pragma once
#include "app/web/auth.h"
#include "app/web/job.h"
#include "app/web/limits.h"
#include "app/web/pairing_list.h"
#include "app/web/request.h"

typedef struct {
    const char *host;              /* numeric address */
    guint16 port;                  /* 0: any free one */
    const char *certificate, *key; /* PEM texts, NULL = plain HTTP */
    gboolean behind_proxy;         /* of ours, which speaks TLS: the last of X-Forwarded-For is the client */
    guint threads;
    guint per_minute;                             /* anonymous questions per address, 0 = no bound */
    gint64 request_seconds;                       /* longest time to bring a request */
    gint64 upload_seconds;                        /* the same of one with a file */
    const char *program;                          /* path of duijie, for jobs */
    guint jobs_kept;                              /* with what was uploaded for them and what they made, 1 or more */
    gboolean fixed_day;                           /* the day of app stays; else it follows the clock */
    void (*log)(const char *line, gpointer user); /* called from any thread */
    gpointer log_user;
} DjServeOptions;

/* Starts; app is borrowed for the server's life. */
DjWeb *dj_web_start(const DjApp *app, const DjServeOptions *options, GError **error);
guint16 dj_web_port(const DjWeb *web);
/* Ends after the answers that are under way. */
void dj_web_stop(DjWeb *web);

/* ---- for handlers ---- */

const DjApp *dj_web_app(const DjWeb *web);
DjSessions *dj_web_sessions(DjWeb *web);
DjLimits *dj_web_limits(DjWeb *web);
/* Whether browsers come over TLS. */
gboolean dj_web_is_secure(const DjWeb *web);
DjJobs *dj_web_jobs(DjWeb *web);
DjPairingCache *dj_web_pairings(DjWeb *web);
const char *dj_web_folder(const DjWeb *web);
/* One line of the log, whatever it holds. */
void dj_web_say(const DjWeb *web, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The moment of a fact that is recorded now, "YYYY-MM-DDTHH:MM:SS"; the fixed day where there is one. Free it. */
char *dj_web_moment(const DjWeb *web);
/* A store handle of the caller's own, for one short transaction. */
DjStore *dj_web_store(const DjWeb *web, DjStoreMode mode, GError **error);
