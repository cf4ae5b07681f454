/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small workspace of the sample's records in a folder that goes with the program. */
#pragma once
#include "app/command.h"
#include "indexer/durable.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static DjApp fuzz_app;

/* What the workspace has: nothing, a few records, or a generation of them too, so that questions are answered, and
 * quickly. */
typedef enum { FUZZ_SITE_EMPTY, FUZZ_SITE_RECORDS, FUZZ_SITE_INDEX } FuzzSite;

static inline void fuzz_site_remove(void)
{
    dj_durable_remove_tree(fuzz_app.workspace);
}

static inline void fuzz_site_command(int (*command)(DjApp *, int, char **, GError **), const char *const *words)
{
    g_autoptr(GError) error = NULL;
    DjApp app = fuzz_app;
    app.workspace = g_strdup(fuzz_app.workspace);
    app.now = g_strdup(fuzz_app.now);
    app.config = g_strdup(fuzz_app.config);
    app.command = words[0];
    g_auto(GStrv) argv = g_strdupv((char **)words);
    g_autofree char **shown = g_memdup2(argv, sizeof(char *) * (g_strv_length(argv) + 1)); /* options are moved out */
    const int code = command(&app, (int)g_strv_length(argv), shown, &error);
    dj_progress_free(app.progress);
    g_free(app.workspace);
    g_free(app.now);
    g_free(app.config);
    if (code != DJ_EXIT_DONE && code != DJ_EXIT_REJECTED) {
        fprintf(stderr, "%s: %s\n", words[0], error ? error->message : "failed");
        exit(2);
    }
}

/* The header and the first n records of a table of the sample, which has one record per line. */
static inline void fuzz_site_import(const char *what, const char *name, guint n)
{
    g_autofree char *from = g_build_filename(DJ_SOURCE_DIR, "datasets/sample", name, NULL);
    g_autofree char *to = g_build_filename(fuzz_app.workspace, name, NULL), *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(from, &text, NULL, &error)) {
        fprintf(stderr, "%s\n", error->message);
        exit(2);
    }
    char *end = text;
    for (guint line = 0; line <= n && *end; line++) {
        end += strcspn(end, "\n");
        end += *end != '\0';
    }
    g_file_set_contents(to, text, end - text, NULL);
    fuzz_site_command(dj_cmd_import, (const char *const[]){"import", what, to, NULL});
}

static inline void fuzz_site_make(FuzzSite has)
{
    g_autofree char *folder = g_dir_make_tmp("duijie-fuzz-XXXXXX", NULL);
    g_autofree char *settings = g_build_filename(folder, "settings.yaml", NULL);
    fuzz_app = (DjApp){.workspace = g_strdup(folder),
                       .config = g_build_filename(DJ_SOURCE_DIR, "config", NULL),
                       .now = g_strdup("2026-11-01T00:00:00"),
                       .today = 20758,
                       .quiet = TRUE,
                       .command = "fuzz"};
    atexit(fuzz_site_remove);
    fflush(stdout);
    const int shown = dup(STDOUT_FILENO); /* the commands talk */
    dup2(STDERR_FILENO, STDOUT_FILENO);
    fuzz_site_command(dj_cmd_init, (const char *const[]){"init", folder, NULL});
    g_file_set_contents(settings, "train:\n  power_iterations: 1\n  max_vocabulary: 1000\n", -1, NULL);
    if (has >= FUZZ_SITE_RECORDS) {
        fuzz_site_import("patents", "patents-1-universities.csv", 12);
        fuzz_site_import("needs", "needs-1.csv", 6);
    }
    if (has >= FUZZ_SITE_INDEX)
        fuzz_site_command(dj_cmd_index, (const char *const[]){"index", "--threads", "1", NULL});
    fflush(stdout);
    dup2(shown, STDOUT_FILENO);
    close(shown);
}
