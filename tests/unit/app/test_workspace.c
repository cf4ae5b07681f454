/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding, making and locking a workspace. */
#include "app/workspace.h"
#include "tests/unit/config/fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static DjApp app_for(const char *folder)
{
    return (DjApp){.command = "import", .workspace = g_strdup(folder)};
}

/* Where the temporary folder is reached through a link, the plain path is what is found. */
static char *scratch(void)
{
    g_autofree char *folder = fixture_folder();
    char *real = realpath(folder, NULL);
    cr_assert_not_null(real);
    char *copy = g_strdup(real);
    free(real);
    return copy;
}

Test(workspace, is_made_once_and_found_from_below)
{
    g_autofree char *top = scratch();
    g_autofree char *folder = g_build_filename(top, "a", "b", NULL);
    g_autoptr(GError) error = NULL;
    cr_assert(dj_workspace_create(folder, &error), "%s", error ? error->message : "");
    cr_assert_not(dj_workspace_create(folder, &error));
    cr_assert(strstr(error->message, "is a workspace already"));

    g_autofree char *deep = g_build_filename(folder, "x", "y", NULL);
    cr_assert_eq(g_mkdir_with_parents(deep, 0700), 0);
    g_autofree char *found = dj_workspace_find(deep);
    cr_assert_str_eq(found, folder);
    g_autofree char *none = dj_workspace_find(top);
    cr_assert_null(none);
    folder_remove(top);
}

Test(workspace, missing_ones_are_told_apart)
{
    g_autofree char *top = scratch();
    g_autoptr(GError) error = NULL;
    DjApp app = app_for(top);
    cr_assert_null(dj_workspace_open(&app, DJ_WORKSPACE_READ, &error));
    cr_assert(strstr(error->message, "not a workspace"), "%s", error->message);
    g_clear_error(&error);
    g_free(app.workspace);
    app.workspace = g_build_filename(top, "gone", NULL);
    cr_assert_null(dj_workspace_open(&app, DJ_WORKSPACE_READ, &error));
    cr_assert(strstr(error->message, "no such folder"), "%s", error->message);
    g_free(app.workspace);
    folder_remove(top);
}

Test(workspace, second_job_learns_who_is_at_work)
{
    g_autofree char *folder = scratch();
    g_autoptr(GError) error = NULL;
    cr_assert(dj_workspace_create(folder, &error));
    DjApp app = app_for(folder);
    DjWorkspace *job = dj_workspace_open(&app, DJ_WORKSPACE_JOB, &error);
    cr_assert_not_null(job, "%s", error ? error->message : "");

    /* flock belongs to the open file: a second opening in this process is refused as another process would be */
    DjApp other = app_for(folder);
    other.command = "index";
    cr_assert_null(dj_workspace_open(&other, DJ_WORKSPACE_JOB, &error));
    cr_assert_eq(dj_app_exit_code(error), DJ_EXIT_BUSY);
    g_autofree char *holder = g_strdup_printf("process %d (duijie import) is at work", (int)getpid());
    cr_assert(strstr(error->message, holder), "%s", error->message);
    g_clear_error(&error);

    DjWorkspace *reader = dj_workspace_open(&other, DJ_WORKSPACE_READ, &error);
    cr_assert_not_null(reader, "readers and decisions do not wait for a job");
    dj_workspace_close(reader);
    dj_workspace_close(job);
    DjWorkspace *next = dj_workspace_open(&other, DJ_WORKSPACE_JOB, &error);
    cr_assert_not_null(next, "the lock ends with the job");
    dj_workspace_close(next);
    g_free(app.workspace);
    g_free(other.workspace);
    folder_remove(folder);
}
