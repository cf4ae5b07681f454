/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event_publish.h"

#include "app/workspace.h"
#include "engine/plan/event_plan_json.h"

#include <stdio.h>
#include <string.h>

static char *read_text(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
}

static char *record(DjWorkspace *workspace, const char *prefix, const char *id, const char *text, const char *now,
                    GError **error)
{
    g_autofree char *kind = g_strconcat(prefix, id, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    char *hash = NULL;
    return dj_store_put_blob(workspace->store, kind, bytes, now, &hash, error) ? hash : NULL;
}

int dj_app_event_publish(DjApp *app, const char *folder, GError **error)
{
    g_autofree char *problem = read_text(folder, "problem.json", error);
    g_autofree char *plan = problem ? read_text(folder, "plan.json", error) : NULL;
    g_autofree char *id = plan ? dj_event_plan_read_id(plan, error) : NULL;
    DjEventCheck check;
    if (!id || !dj_event_plan_verify(problem, plan, &check, error))
        return DJ_EXIT_FAILED;
    if (!check.feasible) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: there is no plan to publish", folder);
        return DJ_EXIT_FAILED;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_WRITE, error);
    if (!workspace)
        return DJ_EXIT_FAILED;
    g_autofree char *problem_hash = record(workspace, "event-problem:", id, problem, app->now, error);
    g_autofree char *hash = problem_hash ? record(workspace, "event-plan:", id, plan, app->now, error) : NULL;
    if (!hash)
        return DJ_EXIT_FAILED;
    printf("published %s: %u meetings, plan %.12s%s\n", id, check.meetings, hash,
           check.by_clock ? "; it was ended by the clock, so planning again may give another one" : "");
    return DJ_EXIT_DONE;
}

char *dj_app_event_published(DjApp *app, const char *event_id, GError **error)
{
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    if (!workspace)
        return NULL;
    g_autofree char *kind = g_strconcat("event-plan:", event_id, NULL);
    g_autoptr(GError) why = NULL;
    g_autofree char *hash = dj_store_latest_blob(workspace->store, kind, &why);
    if (why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return NULL;
    }
    if (!hash) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "no plan of %s was published in this workspace; name its folder with --published", event_id);
        return NULL;
    }
    g_autoptr(GBytes) bytes = dj_store_get_blob(workspace->store, kind, hash, error);
    return bytes ? g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : NULL;
}
