/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions are kept under the sha256 of their cookie, so that a look-up in the table tells nothing about how much of a
 * guess was right. */
#include "app/web/auth.h"

#include "engine/store/user.h"
#include <string.h>

#define LIFE         (10 * 3600 * G_TIME_SPAN_SECOND)
#define MAX_SESSIONS 10000

typedef struct {
    char *token, *csrf;
    gint64 until;
} Session;

struct DjSessions {
    GMutex mutex;
    GHashTable *by_hash; /* sha256 of the cookie -> Session */
};

static void session_free(gpointer data)
{
    Session *session = data;
    g_free(session->token);
    g_free(session->csrf);
    g_free(session);
}

DjSessions *dj_sessions_new(void)
{
    DjSessions *sessions = g_new0(DjSessions, 1);
    g_mutex_init(&sessions->mutex);
    sessions->by_hash = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, session_free);
    return sessions;
}

void dj_sessions_free(DjSessions *sessions)
{
    g_hash_table_unref(sessions->by_hash);
    g_mutex_clear(&sessions->mutex);
    g_free(sessions);
}

static char *hash_of(const char *cookie)
{
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, cookie, -1);
}

static gboolean is_over(gpointer key, gpointer value, gpointer now)
{
    (void)key;
    return ((const Session *)value)->until < *(const gint64 *)now;
}

char *dj_sessions_begin(DjSessions *sessions, const char *token, gint64 now, GError **error)
{
    g_autofree char *cookie = dj_token_new(error), *csrf = cookie ? dj_token_new(error) : NULL;
    if (!csrf)
        return NULL;
    Session *session = g_new(Session, 1);
    *session = (Session){.token = g_strdup(token), .csrf = g_steal_pointer(&csrf), .until = now + LIFE};
    g_mutex_lock(&sessions->mutex);
    g_hash_table_foreach_remove(sessions->by_hash, is_over, &now);
    if (g_hash_table_size(sessions->by_hash) >= MAX_SESSIONS)
        g_hash_table_remove_all(sessions->by_hash); /* everybody signs in again; memory stays bounded */
    g_hash_table_insert(sessions->by_hash, hash_of(cookie), session);
    g_mutex_unlock(&sessions->mutex);
    return g_steal_pointer(&cookie);
}

gboolean dj_sessions_find(DjSessions *sessions, const char *cookie, gint64 now, char **token, char **csrf)
{
    g_autofree char *hash = hash_of(cookie);
    g_mutex_lock(&sessions->mutex);
    const Session *session = g_hash_table_lookup(sessions->by_hash, hash);
    gboolean good = session && session->until >= now;
    if (good) {
        *token = g_strdup(session->token);
        *csrf = g_strdup(session->csrf);
    }
    g_mutex_unlock(&sessions->mutex);
    return good;
}

void dj_sessions_end(DjSessions *sessions, const char *cookie)
{
    g_autofree char *hash = hash_of(cookie);
    g_mutex_lock(&sessions->mutex);
    g_hash_table_remove(sessions->by_hash, hash);
    g_mutex_unlock(&sessions->mutex);
}

gboolean dj_secret_equal(const char *a, const char *b)
{
    gsize n = strlen(a);
    if (n != strlen(b))
        return FALSE;
    guint8 differ = 0;
    for (gsize i = 0; i < n; i++)
        differ |= (guint8)(a[i] ^ b[i]);
    return differ == 0;
}

char *dj_cookie_find(const char *header, const char *name)
{
    g_auto(GStrv) items = g_strsplit(header, ";", 64);
    gsize n = strlen(name);
    for (char **item = items; *item; item++) {
        const char *text = g_strstrip(*item);
        if (strncmp(text, name, n) == 0 && text[n] == '=')
            return g_strdup(text + n + 1);
    }
    return NULL;
}
