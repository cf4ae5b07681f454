/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session without an index says what to do; options follow the settings. */
#include "app/session.h"
#include "tests/unit/config/fixture.h"

#include <string.h>

static DjApp app_for(const char *folder)
{
    return (DjApp){.command = "match",
                   .workspace = g_strdup(folder),
                   .config = g_strdup(DJ_SOURCE_DIR "/config"),
                   .now = g_strdup("2026-11-01T00:00:00"),
                   .today = 20758};
}

static void app_clear(DjApp *app)
{
    g_free(app->workspace);
    g_free(app->config);
    g_free(app->now);
}

static DjSession *open_session(const DjApp *app)
{
    g_autoptr(GError) error = NULL;
    DjSession *session = dj_session_open(app, DJ_WORKSPACE_WRITE, &error);
    cr_assert_not_null(session, "%s", error ? error->message : "");
    return session;
}

Test(session, without_an_index_says_what_to_run)
{
    g_autofree char *folder = fixture_folder();
    g_autoptr(GError) error = NULL;
    cr_assert(dj_workspace_create(folder, &error));
    DjApp app = app_for(folder);
    DjSession *session = open_session(&app);
    cr_assert_not(dj_session_load_corpus(session, &error));
    cr_assert(strstr(error->message, "run `duijie index`"), "%s", error->message);
    dj_session_close(session);
    app_clear(&app);
    folder_remove(folder);
}

Test(session, options_follow_the_settings_of_the_workspace)
{
    g_autofree char *folder = fixture_folder();
    g_autoptr(GError) error = NULL;
    cr_assert(dj_workspace_create(folder, &error));
    fixture_write(folder, "settings.yaml",
                  "list:\n  top: 7\n  min_score: 31\nrun:\n  threads: 3\n  kernel: scalar\n  kernel_memory: 64\n");
    DjApp app = app_for(folder);
    DjSession *session = open_session(&app);
    DjMatchOptions options;
    dj_session_match_options(session, 0, NULL, &options);
    cr_assert_eq(options.top, 7);
    cr_assert_eq(options.scoring.min_score, 31);
    cr_assert_eq(options.threads, 3);
    cr_assert_str_eq(options.kernel, "scalar");
    cr_assert_eq(options.memory_limit, (gsize)64 * 1024 * 1024);
    cr_assert_eq(options.now, 20758);
    cr_assert_eq(options.tools.scoring, &options.scoring);
    dj_session_match_options(session, 5, "auto", &options);
    cr_assert_eq(options.threads, 5, "the option goes before the setting");
    cr_assert_null(options.kernel, "auto leaves the choice to the kernel");
    dj_session_close(session);
    app_clear(&app);
    folder_remove(folder);
}

Test(session, settings_are_kept_by_the_hash_that_signs_results)
{
    g_autofree char *folder = fixture_folder();
    g_autoptr(GError) error = NULL;
    cr_assert(dj_workspace_create(folder, &error));
    DjApp app = app_for(folder);
    DjSession *session = open_session(&app);
    cr_assert(dj_session_keep_settings(session, &error), "%s", error ? error->message : "");
    g_autoptr(GBytes) kept = dj_store_get_blob(session->workspace->store, "settings", session->settings_hash, &error);
    cr_assert_not_null(kept, "%s", error ? error->message : "");
    cr_assert(g_bytes_equal(kept, session->bundle));
    dj_session_close(session);
    app_clear(&app);
    folder_remove(folder);
}

Test(session, kernels_are_checked_before_the_work)
{
    DjApp app = {.command = "match"};
    g_autoptr(GError) error = NULL;
    cr_assert(dj_session_check_kernel(&app, NULL, &error));
    cr_assert(dj_session_check_kernel(&app, "auto", &error));
    cr_assert(dj_session_check_kernel(&app, "scalar", &error));
    cr_assert_not(dj_session_check_kernel(&app, "scalr", &error));
    cr_assert(strstr(error->message, "did you mean \"scalar\"?"), "%s", error->message);
    cr_assert_eq(dj_app_exit_code(error), DJ_EXIT_USAGE);
}
