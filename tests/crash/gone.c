/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders that may not be written to, and files and folders that vanish (只读与消失) while a command runs. Each ends
 * with an error that names what it is about, or with success where the command has read all that it needed; nothing is
 * made anew where a folder was; and once the folder may be written to, or is back, the workspace is whole.
 *
 * use: gone DUIJIE INTERPOSE SAMPLE */
#include "scene.h"
#include <glib/gstdio.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static void failed(const char *command, const char *what, const char *detail)
{
    n_failures++;
    fprintf(stderr, "gone: %s: %s\n%s\n", command, what, detail);
}

/* Ended with exit code 1, and said every one of the words (NULL-terminated). */
static void expect_refusal(const char *command, int status, const char *output, const char *const *words)
{
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 1)
        failed(command, "does not end with exit code 1", output);
    for (; *words; words++)
        if (!strstr(output, *words))
            failed(command, *words, output);
}

static void expect_whole(const char *command, const char *before)
{
    g_autofree char *check = NULL, *now = NULL;
    const int status = run("check", NULL, 0, &check);
    if (!check_passes(status, check))
        failed(command, "check does not pass", check);
    now = contents();
    if (before && strcmp(now, before) != 0)
        failed(command, "the workspace is another", "");
}

/* ---- no leave to write ---- */

/* The administrator may write everywhere; programs that are run from now on may not. Nothing to do for other users. */
static void become_ordinary(void)
{
    g_autofree char *folder = g_build_filename(scratch, "closed", NULL), *file = g_build_filename(folder, "file", NULL);
    const char *const touch[] = {"touch", file, NULL};
    int status = 0;
    prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
    prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH);
    if (g_mkdir(folder, 0555) != 0 ||
        !g_spawn_sync(NULL, (char **)touch, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                      NULL, &status, NULL) ||
        status == 0)
        give_up(folder, "can be written to all the same, so nothing would be tried");
}

static void close_folder(const char *folder)
{
    run_tool("chmod", "-R", "a-w", folder);
}

static void open_folder(const char *folder)
{
    run_tool("chmod", "-R", "u+w", folder);
}

static guint try_closed_workspace(const char *needs, const char *state)
{
    g_autofree char *import = g_strconcat("import needs ", needs, NULL);
    const char *const writers[] = {import,
                                   "train --threads 1",
                                   "index --rebuild --threads 1",
                                   "decide accept ZL201919000675.6 N-0401 --note 合适",
                                   "user add 示例办 --role organiser",
                                   "match --out OUT/more --audience organiser --threads 1",
                                   "monthly publish OUT/month",
                                   "upgrade"};
    take_state(state);
    g_autofree char *before = contents();
    for (gsize i = 0; i < G_N_ELEMENTS(writers); i++) {
        g_autofree char *output = NULL;
        take_state(state);
        close_folder(work);
        const int status = run(writers[i], NULL, 0, &output);
        expect_refusal(writers[i], status, output, (const char *const[]){work, "may you write", NULL});
        open_folder(work);
        expect_whole(writers[i], before);
    }
    return G_N_ELEMENTS(writers);
}

/* Who only reads needs no leave while a server or another reader has the store open; alone, SQLite makes a file. */
static guint try_closed_reading(const char *state)
{
    static const char *const readers[] = {"check", "query 陶瓷", "backup OUT/backup.zip"};
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        g_autofree char *output = NULL, *shared = g_build_filename(work, "duijie.db-shm", NULL);
        take_state(state);
        g_unlink(shared);
        close_folder(work);
        const int status = run(readers[i], NULL, 0, &output);
        expect_refusal(readers[i], status, output, (const char *const[]){work, "may you write", "copy", NULL});
        open_folder(work);
        expect_whole(readers[i], NULL);
    }
    return G_N_ELEMENTS(readers);
}

static guint try_closed_outputs(const char *state)
{
    static const char *const writers[] = {"match --out OUT/more --audience organiser --threads 1",
                                          "monthly 2026-12 --as-of 2026-12-01 --out OUT/more --threads 1",
                                          "backup OUT/backup.zip"};
    for (gsize i = 0; i < G_N_ELEMENTS(writers); i++) {
        g_autofree char *output = NULL;
        take_state(state);
        close_folder(out);
        const int status = run(writers[i], NULL, 0, &output);
        expect_refusal(writers[i], status, output, (const char *const[]){out, "ermission denied", NULL});
        open_folder(out);
        expect_whole(writers[i], NULL);
    }
    return G_N_ELEMENTS(writers);
}

/* ---- what vanishes ---- */

/* Moves `gone` away before each opening of it, one after the other. Returns the number of points. */
static guint try_vanishing(const char *state, const char *command, const char *gone)
{
    g_autofree char *away = g_strconcat(gone, ".gone", NULL);
    guint n = 0;
    g_setenv("DUIJIE_CRASH_GONE", gone, TRUE);
    for (;; n++) {
        g_autofree char *output = NULL;
        take_state(state);
        const int status = run(command, "gone", n + 1, &output);
        if (calls_begun() <= n)
            break;
        if (!g_file_test(away, G_FILE_TEST_EXISTS))
            give_up(command, "nothing vanished");
        if (g_file_test(gone, G_FILE_TEST_EXISTS))
            failed(command, "is there again", gone);
        if (!WIFEXITED(status) || WEXITSTATUS(status) > 3)
            failed(command, "crashed", output);
        /* between two files of its own lexicon, the rest is the shipped one, which is of another taxonomy */
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && !strstr(output, "/config/lexicon/"))
            expect_refusal(command, status, output, (const char *const[]){gone, NULL});
        if (g_rename(away, gone) != 0)
            give_up(away, "cannot be moved back");
        expect_whole(command, NULL);
    }
    if (n == 0)
        give_up(command, "opens nothing that vanishes");
    return n;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "use: gone DUIJIE INTERPOSE SAMPLE\n");
        return 2;
    }
    set_scene(argv);
    become_ordinary();
    g_autofree char *patents = excerpt(argv[3], "patents-1-universities.csv", 1, RECORDS);
    g_autofree char *needs = excerpt(argv[3], "needs-1.csv", 1, RECORDS);
    g_autofree char *more = excerpt(argv[3], "needs-1.csv", 1 + RECORDS, RECORDS);
    g_autofree char *import_patents = g_strconcat("import patents ", patents, NULL);
    g_autofree char *import_needs = g_strconcat("import needs ", needs, NULL);
    g_autofree char *import_more = g_strconcat("import needs ", more, NULL);
    g_autofree char *generation = g_build_filename(work, "gen-1", NULL);
    const char *const preparation[] = {import_patents, import_needs, "index --threads 1",
                                       "monthly 2026-11 --as-of 2026-11-01 --out OUT/month --threads 1"};
    for (gsize i = 0; i < G_N_ELEMENTS(preparation); i++) {
        g_autofree char *output = NULL;
        const int status = run(preparation[i], NULL, 0, &output);
        if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 3))
            give_up(preparation[i], output);
    }
    save_state("ready");
    printf("closed workspace  %u\n", try_closed_workspace(more, "ready"));
    printf("closed, reading   %u\n", try_closed_reading("ready"));
    printf("closed outputs    %u\n", try_closed_outputs("ready"));
    const struct {
        const char *command, *gone;
    } cases[] = {
        {import_more, more},
        {"query 陶瓷", generation},
        {"check", generation},
        {"match --out OUT/more --audience organiser --threads 1", generation},
        {import_more, work},
        {"train --threads 1", work},
        {"index --rebuild --threads 1", work},
        {"match --out OUT/more --audience organiser --threads 1", work},
        {"monthly publish OUT/month", work},
        {"event publish OUT/plan", work},
        {"backup OUT/backup.zip", work},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const guint n = try_vanishing("ready", cases[i].command, cases[i].gone);
        g_autofree char *name = g_path_get_basename(cases[i].gone);
        printf("%-17s %u  %s\n", name, n, cases[i].command);
        fflush(stdout);
    }
    return strike_scene("gone");
}
