/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"
#include "engine/report/pairing_text.h"

#include <stdio.h>
#include <string.h>

static gboolean print_record(const DjSession *session, const char *text, gint64 point, DjAudience audience,
                             GError **error)
{
    DjTable table;
    g_autofree char *key = NULL;
    if (!dj_workspace_find_record(session->workspace, text, &table, &key, error))
        return FALSE;
    g_autoptr(DjRecord) record = dj_record_new(table);
    gboolean found = FALSE;
    if (!dj_store_get(session->workspace->store, table, key, point, record, &found, error))
        return FALSE;
    if (!found) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s was not recorded yet at that time", key);
        return FALSE;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    dj_record_text(out, audience, record, session->ipc_titles);
    g_autoptr(DjQuality) quality =
        table == DJ_TABLE_PATENT ? dj_quality_judge(session->criteria, record, session->app->today) : NULL;
    if (quality)
        dj_quality_text(out, audience, quality);
    printf("%s (%s)\n%s", key, dj_kind_name(dj_record_kind(record)), out->str);
    return TRUE;
}

int dj_cmd_show(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *audience_name = NULL, *as_of = NULL;
    const GOptionEntry entries[] = {
        {"audience", 'a', 0, G_OPTION_ARG_FILENAME, &audience_name,
         "public (default), participant, owner, organiser or centre", "AUDIENCE"},
        {"as-of", 0, 0, G_OPTION_ARG_FILENAME, &as_of, "as it was recorded by the end of this day", "DATE"},
        G_OPTION_ENTRY_NULL};
    DjAudience audience = DJ_AUDIENCE_PUBLIC;
    if (!dj_app_parse(app, "ID…",
                      "Shows records with everything that the audience may see. ID is a key, a patent number in any\n"
                      "spelling, or the beginning of one key.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc < 2 || (audience_name && !dj_audience_parse(audience_name, &audience))) {
        dj_app_usage(app, error, argc < 2 ? "an ID is needed" : "--audience: unknown audience");
        return DJ_EXIT_USAGE;
    }
    g_autofree char *checked = NULL;
    int day;
    if (as_of && !dj_app_parse_now(as_of, &checked, &day)) {
        dj_app_usage(app, error, "--as-of: not a date (YYYY-MM-DD): %s", as_of);
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    gint64 point = DJ_POINT_NOW;
    if (!session || (as_of && !dj_store_point_at(session->workspace->store, as_of, &point, error)))
        return DJ_EXIT_FAILED;
    for (int i = 1; i < argc; i++) {
        if (i > 1)
            putchar('\n');
        if (!print_record(session, argv[i], point, audience, error))
            return DJ_EXIT_FAILED;
    }
    return DJ_EXIT_DONE;
}
