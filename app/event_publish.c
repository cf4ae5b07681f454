/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event_publish.h"

#include "app/event_conflicts.h"
#include "app/workspace.h"
#include "config/event_file.h"
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

static guint find_person(const DjEvent *event, const char *id)
{
    guint i = 0;
    while (i < event->persons->len && strcmp(dj_event_person(event, i)->id, id) != 0)
        i++;
    return i;
}

/* NULL when the two may meet by the event as it is now. */
static const char *why_not(const DjEvent *event, const DjEventMeeting *meeting)
{
    guint who[2] = {find_person(event, meeting->who[0]), find_person(event, meeting->who[1])};
    for (guint role = 0; role < 2; role++) {
        if (who[role] == event->persons->len)
            return "no participant any more";
        if (dj_event_person(event, who[role])->gone)
            return "dropped out";
        if (!(dj_event_person(event, who[role])->open >> meeting->slot & 1))
            return "not there at that time";
    }
    for (guint p = 0; p < event->pairs->len; p++) {
        const DjEventPair *pair = dj_event_pair(event, p);
        if (pair->who[0] == who[0] && pair->who[1] == who[1])
            return pair->rule != DJ_PLAN_BAN ? NULL : pair->rule_reason ? pair->rule_reason : "banned";
    }
    return "no pair any more";
}

static gboolean is_still_allowed(DjApp *app, const char *file, const char *plan, GError **error)
{
    guint banned;
    g_autoptr(DjEvent) event = dj_event_file_load(file, NULL, error);
    g_autoptr(GPtrArray) meetings = event ? dj_event_plan_read_meetings(plan, NULL, error) : NULL;
    if (!meetings || !dj_app_event_conflicts(app, event, &banned, error))
        return FALSE;
    for (guint m = 0; m < meetings->len; m++) {
        const DjEventMeeting *meeting = meetings->pdata[m];
        const char *why = why_not(event, meeting);
        if (!why)
            continue;
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "the plan is out of date: %s and %s may not meet: %s; plan again", meeting->who[0], meeting->who[1],
                    why);
        return FALSE;
    }
    return TRUE;
}

int dj_app_event_publish(DjApp *app, const char *folder, const char *file, GError **error)
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
    if (file && !is_still_allowed(app, file, plan, error))
        return DJ_EXIT_FAILED;
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
