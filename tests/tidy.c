/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tidy COMMAND…: runs a test with a folder of its own as TMPDIR, and answers with its exit code. A test that passed and
 * left a file in the folder, or a process behind, fails after all; both are named. Whatever the outcome, what is left
 * is removed, processes by their id. */
#include "tests/folder.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 5 /* seconds that processes may take to end after the test has */

/* How many things lie in a folder; names them. */
static int look_into(const char *folder)
{
    int n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir)); n++)
        fprintf(stderr, "tidy: left behind: %s\n", name);
    return n;
}

/* ---- processes: those whose parent ended become children of this one ---- */

static void take_in_orphans(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static GArray *children(void)
{
    GArray *pids = g_array_new(FALSE, FALSE, sizeof(pid_t));
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid()), *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    for (char *at = text; at && *at;) {
        char *end;
        pid_t pid = (pid_t)strtol(at, &end, 10);
        if (end == at)
            break;
        g_array_append_val(pids, pid);
        at = end;
    }
    return pids;
}

/* Waits for all children; FALSE when some are still at work when the time is up. */
static gboolean wait_for_all(int seconds)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    gint64 until = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
    for (;;) {
        pid_t ended = waitpid(-1, NULL, WNOHANG);
        if (ended < 0)
            return TRUE;
        gint64 left = until - g_get_monotonic_time();
        if (ended == 0 && left <= 0)
            return FALSE;
        struct timespec time = {left / G_USEC_PER_SEC, left % G_USEC_PER_SEC * 1000};
        if (ended == 0)
            sigtimedwait(&set, NULL, &time);
    }
}

/* Ends what is left, and what comes to us when it ends; how many there were. */
static int end_processes(gboolean tell)
{
    int n = 0;
    while (!wait_for_all(n == 0 ? PATIENCE : 1)) {
        g_autoptr(GArray) pids = children();
        for (guint i = 0; i < pids->len; i++, n++) {
            pid_t pid = g_array_index(pids, pid_t, i);
            g_autofree char *path = g_strdup_printf("/proc/%d/comm", (int)pid), *name = NULL;
            g_file_get_contents(path, &name, NULL, NULL);
            if (tell)
                fprintf(stderr, "tidy: still at work: %d %s", (int)pid, name ? name : "?\n");
            kill(pid, SIGKILL);
        }
    }
    return n;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = argc > 1 ? g_dir_make_tmp("duijie-test-XXXXXX", &error) : NULL;
    if (!folder) {
        fprintf(stderr, "tidy: %s\n", error ? error->message : "a command is needed");
        return 2;
    }
    sigset_t set, old;
    int status;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &old);
    take_in_orphans();
    pid_t child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &old, NULL);
        g_setenv("TMPDIR", folder, TRUE);
        execvp(argv[1], argv + 1);
        fprintf(stderr, "tidy: %s: %s\n", argv[1], g_strerror(errno));
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 2;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    int left = end_processes(code == 0) + (code == 0 ? look_into(folder) : 0);
    folder_remove(folder);
    return code == 0 && left > 0 ? 1 : code;
}
