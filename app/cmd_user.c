/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/workspace.h"
#include "engine/store/user.h"

#include <stdio.h>
#include <string.h>

#define MAX_NAME 60

static gboolean print_user(const DjUser *user, const char *recorded_at, const char *revoked_at, gpointer data)
{
    (void)data;
    printf("%s\t%s\t%s\tadded %.10s", user->name, dj_role_name(user->role), *user->enterprise ? user->enterprise : "-",
           recorded_at);
    if (revoked_at)
        printf("\trevoked %.10s", revoked_at);
    printf("\n");
    return TRUE;
}

/* Names stand in logs, on pages and in files. */
static gboolean is_name(const char *name)
{
    if (!g_utf8_validate(name, -1, NULL) || g_utf8_strlen(name, -1) > MAX_NAME)
        return FALSE;
    for (const char *p = name; *p; p = g_utf8_next_char(p))
        if (!g_unichar_isalnum(g_utf8_get_char(p)) && !strchr("._@-", *p))
            return FALSE;
    return *name != '\0';
}

static int add(DjApp *app, const char *name, const char *role_name, const char *enterprise, GError **error)
{
    DjRole role;
    if (!role_name || !dj_role_parse(role_name, &role)) {
        dj_app_usage(app, error, "--role must be enterprise, institution, organiser or centre");
        return DJ_EXIT_USAGE;
    }
    if (!is_name(name)) {
        dj_app_usage(app, error, "a name has up to %d letters and digits, and . _ @ -: %s", MAX_NAME, name);
        return DJ_EXIT_USAGE;
    }
    if (enterprise && role != DJ_ROLE_ENTERPRISE) {
        dj_app_usage(app, error, "--enterprise goes with --role enterprise");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_WRITE, error);
    if (!workspace)
        return DJ_EXIT_FAILED;
    g_autofree char *key = NULL;
    if (enterprise) {
        DjTable table;
        if (!dj_workspace_find_record(workspace, enterprise, &table, &key, error))
            return DJ_EXIT_FAILED;
        if (table != DJ_TABLE_ENTERPRISE) {
            dj_app_usage(app, error, "--enterprise: %s is one of the %s", key, dj_table_name(table));
            return DJ_EXIT_USAGE;
        }
    }
    g_autofree char *token = dj_token_new(error);
    if (!token || !dj_store_add_user(workspace->store, name, role, key, token, app->now, error))
        return DJ_EXIT_FAILED;
    printf("%s\n", token);
    fprintf(stderr, "this token of %s is shown once; the workspace keeps only its hash\n", name);
    return DJ_EXIT_DONE;
}

static int revoke_user(DjApp *app, const char *name, GError **error)
{
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_WRITE, error);
    gboolean found = FALSE;
    if (!workspace || !dj_store_revoke_user(workspace->store, name, app->now, &found, error))
        return DJ_EXIT_FAILED;
    if (found) {
        printf("%s may no longer sign in\n", name);
        return DJ_EXIT_DONE;
    }
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "no user %s is in force (see `duijie user list`)", name);
    return DJ_EXIT_FAILED;
}

int dj_cmd_user(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *role = NULL, *enterprise = NULL;
    const GOptionEntry entries[] = {
        {"role", 'r', 0, G_OPTION_ARG_FILENAME, &role, "enterprise, institution, organiser or centre", "ROLE"},
        {"enterprise", 'e', 0, G_OPTION_ARG_FILENAME, &enterprise,
         "record that a user of role enterprise speaks for: it sees the needs of this one", "ID"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(app, "add NAME --role ROLE | revoke NAME | list",
                      "Who may sign in to `duijie serve`. A new user's token is printed once, to be handed over.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc == 3 && strcmp(argv[1], "add") == 0)
        return add(app, argv[2], role, enterprise, error);
    if (argc == 3 && strcmp(argv[1], "revoke") == 0)
        return revoke_user(app, argv[2], error);
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
        return workspace && dj_store_each_user(workspace->store, print_user, NULL, error) ? DJ_EXIT_DONE
                                                                                          : DJ_EXIT_FAILED;
    }
    dj_app_usage(app, error, "say what to do: add NAME, revoke NAME or list");
    return DJ_EXIT_USAGE;
}
