/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/jobs.h"

int dj_cmd_train(DjApp *app, int argc, char **argv, GError **error)
{
    int threads = 0;
    const GOptionEntry entries[] = {
        {"threads", 't', 0, G_OPTION_ARG_INT, &threads, "workers (default: setting run.threads)", "N"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(app, NULL,
                      "Learns which words matter and which are alike from everything imported so far, and stores that\n"
                      "as a model. Rarely needed: every index after it uses the same model, so that scores of one\n"
                      "month compare with those of the next. `duijie index` trains by itself where there is none.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 1 || threads < 0) {
        dj_app_usage(app, error, argc > 1 ? "takes no arguments" : "--threads: must not be negative");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_JOB, error);
    g_autofree char *model = NULL;
    if (!session || !dj_session_keep_settings(session, error) || !dj_job_train(session, threads, &model, error))
        return DJ_EXIT_FAILED;
    return DJ_EXIT_DONE;
}
