/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/saved.h"

#include "app/web/server.h"

static gint64 point_of(const DjRequest *request)
{
    return dj_serving_session(request->desk->serving)->corpus->point;
}

gboolean dj_saved_add(DjRequest *request, const DjAsked *asked, gint64 *id, GError **error)
{
    g_autoptr(DjStore) store = dj_web_store(request->web, DJ_STORE_WRITE, error);
    if (!store)
        return FALSE;
    g_autofree char *filter = dj_asked_filter_json(asked), *moment = dj_web_moment(request->web);
    DjSavedQuestion question = {.user = request->user.id,
                                .text = asked->given,
                                .filter = filter,
                                .point = point_of(request),
                                .recorded_at = moment};
    g_autoptr(GError) failed = NULL;
    if (dj_store_save_question(store, &question, DJ_SAVED_MAX, id, &failed))
        return TRUE;
    if (g_error_matches(failed, DJ_STORE_ERROR, DJ_STORE_ERROR_EXISTS))
        return dj_web_fail(error, 409, "最多保存 %d 条提问，请先删掉几条", DJ_SAVED_MAX);
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

static gboolean take(DjRequest *request, const DjSavedQuestion *saved, DjAsked *asked, GError **error)
{
    json_t *filter = json_loads(saved->filter, 0, NULL);
    g_free(asked->given);
    asked->given = g_strdup(saved->text);
    asked->top = DJ_SAVED_TOP;
    gboolean ok = dj_asked_read_json(asked, request, filter, error);
    json_decref(filter);
    return ok;
}

gboolean dj_saved_run(DjRequest *request, const DjSavedQuestion *saved, DjAsked *asked, GError **error)
{
    return take(request, saved, asked, error) && dj_asked_run(asked, request, error);
}

typedef struct {
    DjRequest *request;
    gint64 id, point;
    DjAsked *asked;
    gboolean found, ok;
    GError **error;
} Looking;

static gboolean look(const DjSavedQuestion *saved, gpointer user)
{
    Looking *looking = user;
    if (saved->id != looking->id)
        return TRUE;
    looking->found = TRUE;
    looking->point = saved->point;
    looking->ok = take(looking->request, saved, looking->asked, looking->error);
    return FALSE;
}

static gboolean parse_id(const char *text, gint64 *id, GError **error)
{
    return g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, id, NULL) || dj_web_fail(error, 404, "没有这条提问");
}

gboolean dj_saved_read(DjRequest *request, const char *id, DjAsked *asked, gint64 *point, GError **error)
{
    Looking looking = {.request = request, .asked = asked, .error = error};
    if (!parse_id(id, &looking.id, error) || !dj_request_needs_desk(request, error) ||
        !dj_store_each_saved(request->desk->store, request->user.id, look, &looking, error))
        return FALSE;
    *point = looking.point;
    if (!looking.found)
        return dj_web_fail(error, 404, "没有这条提问");
    return looking.ok;
}

gboolean dj_saved_seen(DjRequest *request, const char *id, GError **error)
{
    gint64 number;
    gboolean found;
    g_autofree char *moment = dj_web_moment(request->web);
    g_autoptr(DjStore) store = parse_id(id, &number, error) ? dj_web_store(request->web, DJ_STORE_WRITE, error) : NULL;
    return store && dj_store_saved_seen(store, request->user.id, number, point_of(request), moment, &found, error) &&
           (found || dj_web_fail(error, 404, "没有这条提问"));
}

gboolean dj_saved_forget(DjRequest *request, const char *id, GError **error)
{
    gint64 number;
    gboolean found;
    g_autoptr(DjStore) store = parse_id(id, &number, error) ? dj_web_store(request->web, DJ_STORE_WRITE, error) : NULL;
    return store && dj_store_forget_question(store, request->user.id, number, &found, error) &&
           (found || dj_web_fail(error, 404, "没有这条提问"));
}
