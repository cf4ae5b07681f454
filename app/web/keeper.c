/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/keeper.h"

#include "app/web/server.h"

struct DjKeeper {
    DjWeb *web;
    GMutex mutex; /* of serving and stop */
    GCond wake;
    DjServing *serving; /* NULL while there is no index */
    char *why_not;      /* last message about it that was logged; the thread's own */
    gboolean stop;
    GThread *thread;
};

DjServing *dj_keeper_serving(DjKeeper *keeper)
{
    g_mutex_lock(&keeper->mutex);
    DjServing *serving = keeper->serving ? dj_serving_ref(keeper->serving) : NULL;
    g_mutex_unlock(&keeper->mutex);
    return serving;
}

static gboolean is_current(const DjWeb *web, DjServing *serving, int today)
{
    if (!serving || dj_serving_today(serving) != today)
        return FALSE;
    g_autoptr(DjStore) store = dj_web_store(web, DJ_STORE_READ, NULL);
    DjGeneration generation = {0};
    gboolean found = FALSE;
    if (!store || !dj_store_current_generation(store, &generation, &found, NULL) || !found)
        return TRUE; /* cannot be read just now: what we have stays good */
    gboolean same = generation.number == dj_serving_session(serving)->generation.number;
    dj_generation_clear(&generation);
    return same;
}

static void renew(DjKeeper *keeper)
{
    DjApp app = *dj_web_app(keeper->web);
    g_autofree char *moment = dj_web_moment(keeper->web), *now = NULL;
    dj_app_parse_now(moment, &now, &app.today);
    app.now = now;
    g_autoptr(DjServing) old = dj_keeper_serving(keeper);
    if (is_current(keeper->web, old, app.today))
        return;
    g_autoptr(GError) error = NULL;
    DjServing *fresh = dj_serving_new(&app, &error);
    if (!fresh) {
        if (g_strcmp0(keeper->why_not, error->message) != 0)
            dj_web_say(keeper->web, "no new index to serve: %s", error->message);
        g_free(keeper->why_not);
        keeper->why_not = g_strdup(error->message);
        return;
    }
    g_clear_pointer(&keeper->why_not, g_free);
    g_mutex_lock(&keeper->mutex);
    DjServing *before = keeper->serving;
    keeper->serving = fresh;
    g_mutex_unlock(&keeper->mutex);
    dj_serving_unref(before);
    dj_web_say(keeper->web, "serving generation %" G_GINT64_FORMAT " on %.10s",
               dj_serving_session(fresh)->generation.number, now);
}

static gpointer keep(gpointer data)
{
    DjKeeper *keeper = data;
    for (;;) {
        g_mutex_lock(&keeper->mutex);
        gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND;
        while (!keeper->stop && g_cond_wait_until(&keeper->wake, &keeper->mutex, until))
            continue;
        gboolean stop = keeper->stop;
        g_mutex_unlock(&keeper->mutex);
        if (stop)
            return NULL;
        dj_limits_sweep(dj_web_limits(keeper->web), g_get_monotonic_time());
        renew(keeper);
    }
}

DjKeeper *dj_keeper_new(DjWeb *web)
{
    DjKeeper *keeper = g_new0(DjKeeper, 1);
    keeper->web = web;
    g_mutex_init(&keeper->mutex);
    g_cond_init(&keeper->wake);
    renew(keeper);
    keeper->thread = g_thread_new("keeper", keep, keeper);
    return keeper;
}

void dj_keeper_free(DjKeeper *keeper)
{
    g_mutex_lock(&keeper->mutex);
    keeper->stop = TRUE;
    g_cond_signal(&keeper->wake);
    g_mutex_unlock(&keeper->mutex);
    g_thread_join(keeper->thread);
    dj_serving_unref(keeper->serving);
    g_free(keeper->why_not);
    g_cond_clear(&keeper->wake);
    g_mutex_clear(&keeper->mutex);
    g_free(keeper);
}
