/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"
#include "config/rules_file.h"
#include "engine/report/gate_text.h"

#include <stdio.h>
#include <string.h>

/* Ids of all rule sets, or the one asked for. Free with g_strfreev. */
static char **rule_ids(const DjSession *session, const char *wanted)
{
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    g_auto(GStrv) files = dj_config_source_list(session->source, "rules");
    for (char **file = files; *file && !wanted; file++) {
        if (!g_str_has_suffix(*file, ".yaml"))
            continue;
        g_autofree char *base = g_path_get_basename(*file);
        base[strlen(base) - strlen(".yaml")] = '\0';
        g_strv_builder_add(ids, base);
    }
    if (wanted)
        g_strv_builder_add(ids, wanted);
    return g_strv_builder_end(ids);
}

static DjRecord *fetch(const DjSession *session, const char *text, gint64 point, GError **error)
{
    DjTable table;
    g_autofree char *key = NULL;
    if (!dj_workspace_find_record(session->workspace, text, &table, &key, error))
        return NULL;
    g_autoptr(DjRecord) record = dj_record_new(table);
    gboolean found = FALSE;
    if (!dj_store_get(session->workspace->store, table, key, point, record, &found, error))
        return NULL;
    if (!found)
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s was not recorded yet at that time", key);
    return found ? g_steal_pointer(&record) : NULL;
}

static gboolean explain(const DjSession *session, const char *rules_id, const DjRecord *record, int day,
                        DjAudience audience, GString *out, GError **error)
{
    g_auto(GStrv) ids = rule_ids(session, rules_id);
    for (char **id = ids; *id; id++) {
        g_autoptr(DjRuleSet) rules = dj_rules_file_load(session->source, *id, error);
        if (!rules)
            return FALSE;
        if (rules->table == record->table) {
            g_string_append_c(out, '\n');
            dj_gate_text(out, audience, rules, record, day);
        } else if (rules_id) {
            return dj_app_usage(session->app, error, "%s speaks of %s, %s is one of the %s", rules_id,
                                dj_table_name(rules->table), record->key, dj_table_name(record->table));
        }
    }
    return TRUE;
}

int dj_cmd_gate(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *audience_name = NULL, *as_of = NULL, *rules = NULL;
    const GOptionEntry entries[] = {
        {"rules", 'r', 0, G_OPTION_ARG_FILENAME, &rules, "rule set in config/rules (default: all that speak of it)",
         "SET"},
        {"audience", 'a', 0, G_OPTION_ARG_FILENAME, &audience_name,
         "public (default), participant, owner, organiser or centre", "AUDIENCE"},
        {"as-of", 0, 0, G_OPTION_ARG_FILENAME, &as_of, "the record, and the day, to judge by", "DATE"},
        G_OPTION_ENTRY_NULL};
    DjAudience audience = DJ_AUDIENCE_PUBLIC;
    if (!dj_app_parse(app, "ID",
                      "Judges one record under rule sets: each rule with met, not met or unknown, the value that it\n"
                      "looked at, the sentence it comes from, and what to ask whom.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc != 2 || (audience_name && !dj_audience_parse(audience_name, &audience))) {
        dj_app_usage(app, error, argc != 2 ? "one ID is needed" : "--audience: unknown audience");
        return DJ_EXIT_USAGE;
    }
    g_autofree char *moment = NULL;
    int day = app->today;
    if (as_of && !dj_app_parse_now(as_of, &moment, &day)) {
        dj_app_usage(app, error, "--as-of: not a date (YYYY-MM-DD): %s", as_of);
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    gint64 point = DJ_POINT_NOW;
    if (!session || (as_of && !dj_store_point_at(session->workspace->store, as_of, &point, error)))
        return DJ_EXIT_FAILED;
    g_autoptr(DjRecord) record = fetch(session, argv[1], point, error);
    g_autoptr(GString) out = g_string_new(NULL);
    if (!record || !explain(session, rules, record, day, audience, out, error))
        return DJ_EXIT_FAILED;
    printf("%s　%s\n%s", record->key, dj_record_title(record), out->str);
    return DJ_EXIT_DONE;
}
