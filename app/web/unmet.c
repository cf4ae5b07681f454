/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/unmet.h"

#include "app/web/asked.h"
#include "app/web/server.h"
#include <string.h>

#define MAX_TITLE   60
#define MAX_DETAIL  1000
#define MAX_CONTACT 100
#define MAX_A_DAY   500 /* from the public page, all addresses together */

static gboolean is_short(const char *text, const char *what, glong most, GError **error)
{
    return g_utf8_strlen(text, -1) <= most || dj_web_fail(error, 400, "%s最多 %ld 字", what, most);
}

typedef struct {
    const char *moment;
    guint n;
} Today;

static gboolean count_today(const DjUnmet *unmet, gpointer user)
{
    Today *today = user;
    if (strncmp(unmet->recorded_at, today->moment, strlen("YYYY-MM-DD")) != 0)
        return FALSE;
    today->n += *unmet->who == '\0';
    return TRUE;
}

gboolean dj_web_add_unmet(DjRequest *request, DjUnmet *unmet, const char **route, gint64 *id, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    const DjRouteReason *reason = dj_routes_find(dj_serving_routes(request->desk->serving), unmet->reason);
    if (!reason)
        return dj_web_fail(error, 400, "请选一个原因");
    if (*unmet->text == '\0')
        return dj_web_fail(error, 400, "没有提问的内容");
    if (!is_short(unmet->text, "提问", DJ_ASK_MAX_CHARS, error) || !is_short(unmet->title, "题目", MAX_TITLE, error) ||
        !is_short(unmet->detail, "补充", MAX_DETAIL, error) ||
        !is_short(unmet->contact, "联系方式", MAX_CONTACT, error))
        return FALSE;
    g_autoptr(DjStore) store = dj_web_store(request->web, DJ_STORE_WRITE, error);
    if (!store)
        return FALSE;
    g_autofree char *moment = dj_web_moment(request->web);
    Today today = {moment, 0};
    if (!request->signed_in && !dj_store_each_unmet(store, 0, count_today, &today, error))
        return FALSE;
    if (today.n >= MAX_A_DAY)
        return dj_web_fail(error, 429, "今天收到的太多了，请明天再来，或者直接联系主办方");
    unmet->route = reason->route;
    unmet->who = request->signed_in ? request->user.name : "";
    unmet->recorded_at = moment;
    *route = reason->route;
    gboolean ok = dj_store_add_unmet(store, unmet, id, error);
    unmet->recorded_at = NULL;
    return ok;
}

const char *dj_web_unmet_reason(const DjRequest *request, const char *id)
{
    const DjRouteReason *reason = dj_routes_find(dj_serving_routes(request->desk->serving), id);
    return reason ? reason->label : id;
}

json_t *dj_web_unmet_json(const DjRequest *request, const DjUnmet *unmet)
{
    json_t *object = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "id", (json_int_t)unmet->id, "title",
                               unmet->title, "reason", unmet->reason, "route", unmet->route, "who", unmet->who,
                               "recorded_at", unmet->recorded_at, "contact", unmet->contact);
    if (dj_request_audience(request) == DJ_AUDIENCE_CENTRE) {
        json_object_set_new(object, "text", json_string(unmet->text));
        json_object_set_new(object, "detail", json_string(unmet->detail));
    }
    return object;
}
