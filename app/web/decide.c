/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/decide.h"

#include "app/web/server.h"

#define MAX_NOTE 1000 /* characters */

gboolean dj_web_decide(DjRequest *request, const char *kind, const char *need, const char *patent, const char *note,
                       gint64 *id, GError **error)
{
    DjDecisionKind what;
    g_autofree char *reason = g_strstrip(g_strdup(note ? note : ""));
    if (!kind || !dj_decision_kind_parse(kind, &what) || what > DJ_DECISION_CLEAR)
        return dj_web_fail(error, 400, "请选一种决定：接受、拒绝、必见、禁配、撤回");
    if ((what == DJ_DECISION_REJECT || what == DJ_DECISION_BAN) && *reason == '\0')
        return dj_web_fail(error, 400, "%s要写原因", dj_decision_kind_label(what));
    if (g_utf8_strlen(reason, -1) > MAX_NOTE)
        return dj_web_fail(error, 400, "原因最多 %d 字", MAX_NOTE);
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    g_autoptr(DjRecord) asked = dj_desk_record(request->desk, DJ_TABLE_NEED, need, error);
    g_autoptr(DjRecord) offered = asked ? dj_desk_record(request->desk, DJ_TABLE_PATENT, patent, error) : NULL;
    g_autoptr(DjStore) store = offered ? dj_web_store(request->web, DJ_STORE_WRITE, error) : NULL;
    if (!store)
        return FALSE;
    g_autofree char *moment = dj_web_moment(request->web);
    DjDecision decision = {.kind = what,
                           .need = need,
                           .patent = patent,
                           .who = request->user.name,
                           .recorded_at = moment,
                           .note = reason,
                           .data = ""};
    return dj_store_add_decision(store, &decision, id, error);
}
