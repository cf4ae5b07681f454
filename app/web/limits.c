/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libmicrohttpd bounds the time between two bytes, not that of a request: a client that sends a byte now and then would
 * keep its place for ever. So sockets that have not brought a whole request in time are shut down here; the library
 * then closes them. A socket leaves the table before the library closes it, so a number is never shut down for its next
 * owner. */
#include "app/web/limits.h"

#include <sys/socket.h>

#define MAX_CLIENTS 10000

typedef struct {
    double tokens;
    gint64 at;
} Bucket;

struct DjLimits {
    GMutex mutex;
    guint per_minute;
    gint64 longest;      /* time to bring a request */
    GHashTable *buckets; /* address -> Bucket */
    GHashTable *sockets; /* number -> since when it waits, 0 = at work */
};

DjLimits *dj_limits_new(guint per_minute, gint64 longest)
{
    DjLimits *limits = g_new0(DjLimits, 1);
    g_mutex_init(&limits->mutex);
    limits->per_minute = per_minute;
    limits->longest = longest;
    limits->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    limits->sockets = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    return limits;
}

void dj_limits_free(DjLimits *limits)
{
    g_hash_table_unref(limits->buckets);
    g_hash_table_unref(limits->sockets);
    g_mutex_clear(&limits->mutex);
    g_free(limits);
}

static void fill(const DjLimits *limits, Bucket *bucket, gint64 now)
{
    double more = (double)(now - bucket->at) / (60.0 * G_TIME_SPAN_SECOND) * limits->per_minute;
    bucket->tokens = MIN(bucket->tokens + more, limits->per_minute);
    bucket->at = now;
}

typedef struct {
    const DjLimits *limits;
    gint64 now;
} Full;

/* A full bucket says the same as none. */
static gboolean is_full(gpointer key, gpointer value, gpointer user)
{
    (void)key;
    const Full *full = user;
    fill(full->limits, value, full->now);
    return ((Bucket *)value)->tokens >= full->limits->per_minute;
}

gboolean dj_limits_take(DjLimits *limits, const char *client, gint64 now, guint *wait)
{
    *wait = 0;
    if (limits->per_minute == 0)
        return TRUE;
    g_mutex_lock(&limits->mutex);
    Bucket *bucket = g_hash_table_lookup(limits->buckets, client);
    if (!bucket) {
        if (g_hash_table_size(limits->buckets) >= MAX_CLIENTS) {
            Full full = {limits, now};
            g_hash_table_foreach_remove(limits->buckets, is_full, &full);
            if (g_hash_table_size(limits->buckets) >= MAX_CLIENTS)
                g_hash_table_remove_all(limits->buckets);
        }
        bucket = g_new(Bucket, 1);
        *bucket = (Bucket){limits->per_minute, now};
        g_hash_table_insert(limits->buckets, g_strdup(client), bucket);
    }
    fill(limits, bucket, now);
    gboolean ok = bucket->tokens >= 1;
    if (ok)
        bucket->tokens -= 1;
    else
        *wait = 1 + (guint)((1 - bucket->tokens) * 60 / limits->per_minute);
    g_mutex_unlock(&limits->mutex);
    return ok;
}

static void set_since(DjLimits *limits, int socket, gint64 since)
{
    g_mutex_lock(&limits->mutex);
    gint64 *slot = g_hash_table_lookup(limits->sockets, GINT_TO_POINTER(socket));
    if (slot)
        *slot = since;
    g_mutex_unlock(&limits->mutex);
}

void dj_limits_opened(DjLimits *limits, int socket, gint64 now)
{
    gint64 *since = g_new(gint64, 1);
    *since = now;
    g_mutex_lock(&limits->mutex);
    g_hash_table_replace(limits->sockets, GINT_TO_POINTER(socket), since);
    g_mutex_unlock(&limits->mutex);
}

void dj_limits_working(DjLimits *limits, int socket)
{
    set_since(limits, socket, 0);
}

void dj_limits_waiting(DjLimits *limits, int socket, gint64 now)
{
    set_since(limits, socket, now);
}

void dj_limits_closed(DjLimits *limits, int socket)
{
    g_mutex_lock(&limits->mutex);
    g_hash_table_remove(limits->sockets, GINT_TO_POINTER(socket));
    g_mutex_unlock(&limits->mutex);
}

guint dj_limits_sweep(DjLimits *limits, gint64 now)
{
    guint n = 0;
    GHashTableIter iter;
    gpointer socket, since;
    g_mutex_lock(&limits->mutex);
    g_hash_table_iter_init(&iter, limits->sockets);
    while (g_hash_table_iter_next(&iter, &socket, &since)) {
        gint64 *at = since;
        if (*at == 0 || now - *at <= limits->longest)
            continue;
        shutdown(GPOINTER_TO_INT(socket), SHUT_RDWR);
        *at = 0; /* once is enough */
        n++;
    }
    g_mutex_unlock(&limits->mutex);
    return n;
}
