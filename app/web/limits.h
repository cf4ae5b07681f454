/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds on what a client may take: so many anonymous questions a minute per address, and so many seconds for a
 * connection to bring a whole request. Shared by threads. Times are monotonic microseconds. */
#pragma once
#include <glib.h>

typedef struct DjLimits DjLimits;

/* per_minute 0: no bound on questions. longest: time to bring a request. */
DjLimits *dj_limits_new(guint per_minute, gint64 longest);
void dj_limits_free(DjLimits *limits);

/* Takes one question from the client's bucket, which holds a minute's worth; FALSE when it is empty, then *wait is the
 * number of seconds until there is one. */
gboolean dj_limits_take(DjLimits *limits, const char *client, gint64 now, guint *wait);

/* Connections by socket: opened, at work on a whole request (no deadline), waiting for the next one, closed. */
void dj_limits_opened(DjLimits *limits, int socket, gint64 now);
void dj_limits_working(DjLimits *limits, int socket);
void dj_limits_waiting(DjLimits *limits, int socket, gint64 now);
void dj_limits_closed(DjLimits *limits, int socket);
/* Ends the connections that have waited too long for their request. Returns how many. */
guint dj_limits_sweep(DjLimits *limits, gint64 now);
