/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/asked.h"

void dj_asked_init(DjAsked *asked)
{
    *asked = (DjAsked){.top = 10};
    dj_filter_init(&asked->filter);
}

void dj_asked_clear(DjAsked *asked)
{
    g_clear_pointer(&asked->text, g_free);
    g_clear_pointer(&asked->found, g_free);
    g_clear_pointer(&asked->set, dj_result_set_free);
    dj_filter_clear(&asked->filter);
}

gboolean dj_asked_run(DjAsked *asked, DjRequest *request, const char *text, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    if (g_utf8_strlen(text, -1) > DJ_ASK_MAX_CHARS)
        return dj_web_fail(error, 400, "最多 %d 字，请写要点", DJ_ASK_MAX_CHARS);
    const DjSession *session = dj_serving_session(request->desk->serving);
    asked->text = dj_filter_take_fields(&asked->filter, session, text, error);
    if (!asked->text)
        return FALSE;
    if (*asked->text == '\0')
        return dj_web_fail(error, 400, "请写一段：想解决什么、现在怎么做、指标要到多少");
    g_autofree guint64 *admit = NULL;
    if (!dj_filter_is_empty(&asked->filter)) {
        DjIndex *index = dj_desk_index(request->desk, error);
        admit = index ? dj_filter_apply(&asked->filter, index, error) : NULL;
        if (!admit)
            return FALSE;
    }
    asked->found = g_new0(guint64, dj_corpus_n_docs(session->corpus) / 64 + 1);
    DjQuestion question = {
        .text = asked->text, .top = asked->top, .admit = admit, .found = asked->found, .n_found = &asked->n_found};
    DjRecordSource records = dj_desk_records(request->desk);
    asked->set = dj_asker_question(dj_serving_asker(request->desk->serving), &records, &question, error);
    if (asked->set)
        dj_session_sign(session, asked->set);
    return asked->set != NULL;
}
