/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/worth.h"

gboolean dj_session_worth(DjSession *session, const char *patent, const char *need, json_t **worth, GError **error)
{
    *worth = NULL;
    g_autoptr(GError) no_index = NULL;
    if ((!session->corpus && !dj_session_load_corpus(session, &no_index)) ||
        dj_corpus_find(session->corpus, patent) == DJ_STRINGS_NONE)
        return TRUE;
    DjMatchOptions options;
    dj_session_match_options(session, 1, NULL, &options);
    options.progress = NULL;
    DjRecordSource records = dj_session_records(session);
    DjWhy why;
    if (!dj_match_why(session->corpus, &records, &options, patent, need, &why, error))
        return FALSE;
    *worth = json_pack("{s:i, s:I, s:i, s:i}", "permille", why.pairing->permille, "points",
                       (json_int_t)why.pairing->points, "rank", (int)why.rank, "score", why.pairing->score);
    dj_why_clear(&why);
    return TRUE;
}
