/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/answer.h"
#include "app/command.h"
#include "app/session.h"

#include <stdio.h>
#include <string.h>

int dj_cmd_query(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *audience_name = NULL, *kernel = NULL;
    gboolean as_json = FALSE, ungrouped = FALSE;
    int top = 10;
    const GOptionEntry entries[] = {
        {"json", 'j', 0, G_OPTION_ARG_NONE, &as_json, "answer as one JSON object", NULL},
        {"top", 'n', 0, G_OPTION_ARG_INT, &top, "number of results (default 10)", "N"},
        {"ungrouped", 0, 0, G_OPTION_ARG_NONE, &ungrouped,
         "show every member of a patent family and every near-duplicate (setting list.group)", NULL},
        {"audience", 'a', 0, G_OPTION_ARG_FILENAME, &audience_name,
         "public (default), participant, owner, organiser or centre", "AUDIENCE"},
        {"kernel", 'k', 0, G_OPTION_ARG_FILENAME, &kernel, "instruction set (default: setting run.kernel)", "NAME"},
        G_OPTION_ENTRY_NULL};
    DjAudience audience = DJ_AUDIENCE_PUBLIC;
    if (!dj_app_parse(
            app, "TEXT",
            "Finds the patents that fit a problem told in plain words, best first, with the words that speak\n"
            "for each. Only what passes the gate on the day of the run is shown.",
            entries, &argc, &argv, error) ||
        !dj_session_check_kernel(app, kernel, error))
        return DJ_EXIT_USAGE;
    if (top < 1 || top > 1000 || (audience_name && !dj_audience_parse(audience_name, &audience))) {
        dj_app_usage(app, error,
                     top < 1 || top > 1000 ? "--top: must lie between 1 and 1000" : "--audience: unknown audience");
        return DJ_EXIT_USAGE;
    }
    g_autofree char *joined = g_strjoinv(" ", argv + 1);
    g_autofree char *text = g_utf8_make_valid(joined, -1);
    g_strstrip(text);
    if (*text == '\0') {
        dj_app_usage(app, error, "what is the problem? duijie query TEXT");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    if (!session || !dj_session_load_corpus(session, error))
        return DJ_EXIT_FAILED;
    DjMatchOptions options;
    dj_session_match_options(session, 1, kernel, &options);
    options.progress = NULL;
    options.top = (guint)top;
    options.group = options.group && !ungrouped;
    DjRecordSource records = dj_session_records(session);
    DjQuestion question = {.text = text, .top = (guint)top};
    g_autoptr(DjResultSet) result = dj_match_question(session->corpus, &records, &options, &question, error);
    if (!result)
        return DJ_EXIT_FAILED;
    dj_session_sign(session, result);
    g_autofree char *answer =
        as_json ? dj_answer_json(result, text, audience) : dj_answer_text(result, audience, app->today);
    fputs(answer, stdout);
    return DJ_EXIT_DONE;
}
