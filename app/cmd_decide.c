/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/worth.h"
#include "engine/store/decision.h"

#include <stdio.h>
#include <stdlib.h>

/* As a JSON text, "" when there is no index to tell. Free it. */
static char *worth_now(DjSession *session, const char *patent, const char *need, GError **error)
{
    json_t *worth = NULL;
    if (!dj_session_worth(session, patent, need, &worth, error))
        return NULL;
    char *text = worth ? json_dumps(worth, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    char *data = g_strdup(text ? text : "");
    free(text);
    json_decref(worth);
    return data;
}

int dj_cmd_decide(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *note = NULL, *who = NULL;
    const GOptionEntry entries[] = {
        {"note", 0, 0, G_OPTION_ARG_FILENAME, &note, "the reason; needed for reject, pin and ban", "TEXT"},
        {"who", 0, 0, G_OPTION_ARG_FILENAME, &who, "who decides (default: the user's login name)", "NAME"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(app, "accept|reject|pin|ban|clear PATENT NEED",
                      "Records a decision about a pairing. It is kept with date and person; `clear` takes it back.\n"
                      "Nothing waits for a running job.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    DjDecisionKind kind;
    if (argc != 4) {
        dj_app_usage(app, error, "a decision, a patent and a need are wanted");
        return DJ_EXIT_USAGE;
    }
    if (!dj_decision_kind_parse(argv[1], &kind) || kind > DJ_DECISION_CLEAR) {
        dj_app_usage(app, error, "\"%s\" is none of accept, reject, pin, ban, clear", argv[1]);
        return DJ_EXIT_USAGE;
    }
    if (!note && (kind == DJ_DECISION_REJECT || kind == DJ_DECISION_PIN || kind == DJ_DECISION_BAN)) {
        dj_app_usage(app, error, "%s needs a reason: --note TEXT", argv[1]);
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_WRITE, error);
    g_autofree char *patent = NULL, *need = NULL;
    if (!session || !dj_session_find_pair(session, argv + 2, &patent, &need, error))
        return DJ_EXIT_FAILED;
    g_autofree char *data = worth_now(session, patent, need, error);
    if (!data)
        return DJ_EXIT_FAILED;
    /* taken as file names above, because GLib would refuse Chinese words in a C locale */
    g_autofree char *reason = g_utf8_make_valid(note ? note : "", -1);
    g_autofree char *person = g_utf8_make_valid(who ? who : g_get_user_name(), -1);
    DjDecision decision = {.kind = kind,
                           .need = need,
                           .patent = patent,
                           .who = person,
                           .recorded_at = app->now,
                           .note = reason,
                           .data = data};
    if (!dj_store_add_decision(session->workspace->store, &decision, NULL, error))
        return DJ_EXIT_FAILED;
    printf("%s：%s × %s\n", dj_decision_kind_label(kind), need, patent);
    return DJ_EXIT_DONE;
}
