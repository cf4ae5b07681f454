/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed-in browsers. A session lives in memory for a working day: a random cookie stands for the token that was
 * given, and the token is looked up again for every request, so a revoked one ends its sessions at once. Shared by
 * threads. */
#pragma once
#include <glib.h>

typedef struct DjSessions DjSessions;

DjSessions *dj_sessions_new(void);
void dj_sessions_free(DjSessions *sessions);

/* Value of the new session's cookie, to be freed; NULL with error when the system has no random bytes. now: monotonic
 * microseconds. */
char *dj_sessions_begin(DjSessions *sessions, const char *token, gint64 now, GError **error);
/* Token and CSRF value of a cookie, both to be freed; FALSE when it is unknown or old. */
gboolean dj_sessions_find(DjSessions *sessions, const char *cookie, gint64 now, char **token, char **csrf);
void dj_sessions_end(DjSessions *sessions, const char *cookie);

/* Equal, in a time that depends on the lengths alone. */
gboolean dj_secret_equal(const char *a, const char *b);
/* Value of one cookie in a Cookie header, to be freed; NULL when it is not there. */
char *dj_cookie_find(const char *header, const char *name);
