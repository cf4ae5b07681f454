/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs as such, with small programs in the place of duijie: progress, cancelling, a crash, the end of the server. */
#include "app/web/job.h"
#include "app/web/request.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define KEPT 3

/* A workspace folder with a program that does what `lines` says; it may wait for ever at the pipe "never". */
typedef struct {
    char *folder, *program;
    DjJobs *jobs;
} Yard;

static void yard_open(Yard *yard, const char *lines)
{
    yard->folder = g_dir_make_tmp("duijie-job-XXXXXX", NULL);
    yard->program = g_build_filename(yard->folder, "program", NULL);
    g_autofree char *never = g_build_filename(yard->folder, "never", NULL);
    g_autofree char *text = g_strdup_printf("#!/bin/sh\nnever=%s\n%s\n", never, lines);
    cr_assert_eq(mkfifo(never, 0600), 0);
    cr_assert(g_file_set_contents_full(yard->program, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
    yard->jobs = dj_jobs_new(yard->folder, yard->program, NULL, "2026-11-01", KEPT);
}

static void yard_close(Yard *yard)
{
    const char *remove[] = {"rm", "-rf", yard->folder, NULL};
    dj_jobs_free(yard->jobs);
    cr_assert(g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
    g_free(yard->folder);
    g_free(yard->program);
}

static gboolean try_start(Yard *yard, guint *number, GError **error)
{
    static const char *const words[] = {"index", "--rebuild", NULL};
    g_autofree char *folder = dj_jobs_prepare(yard->jobs, number, error);
    DjJobOrder order = {"index", "建立索引", "", "甲", "organiser", "2026-11-01T00:00:00", words};
    return folder && dj_jobs_start(yard->jobs, *number, &order, error);
}

/* Looks until the job is in another state than `state` or, with a phase wanted, has told one. */
static DjJob *wait_beyond(Yard *yard, guint number, DjJobState state, gboolean phase)
{
    gint64 until = g_get_monotonic_time() + 30 * G_TIME_SPAN_SECOND;
    while (g_get_monotonic_time() < until) {
        DjJob *job = dj_jobs_get(yard->jobs, number);
        cr_assert_not_null(job);
        if (job->state != state || (phase && job->phase))
            return job;
        dj_job_free(job);
    }
    cr_assert_fail("nothing happens to job %u", number);
    return NULL;
}

static char *log_of(const DjJob *job)
{
    g_autofree char *path = g_build_filename(job->folder, "log", NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

Test(web_job, a_job_tells_its_progress_is_alone_and_can_be_cancelled)
{
    Yard yard;
    guint number, second;
    yard_open(&yard, "printf 'score\\t50\\t200\\t2000\\n' >&3\nexec cat $never");
    cr_assert(try_start(&yard, &number, NULL));
    cr_expect_eq(number, 1);
    g_autoptr(DjJob) running = wait_beyond(&yard, number, DJ_JOB_RUNNING, TRUE);
    cr_expect_eq(running->state, DJ_JOB_RUNNING);
    cr_expect_str_eq(running->phase, "score");
    cr_expect_eq(running->percent, 25);
    cr_expect_eq(running->seconds_left, 6);

    g_autoptr(GError) busy = NULL;
    cr_expect_not(try_start(&yard, &second, &busy));
    cr_expect(g_error_matches(busy, DJ_WEB_ERROR, 409));
    cr_expect(strstr(busy->message, "建立索引，甲 发起"), "%s", busy->message);
    cr_expect_null(dj_jobs_get(yard.jobs, second));

    cr_expect(dj_jobs_cancel(yard.jobs, number));
    g_autoptr(DjJob) ended = wait_beyond(&yard, number, DJ_JOB_RUNNING, FALSE);
    cr_expect_eq(ended->state, DJ_JOB_CANCELLED);
    cr_expect_not(dj_jobs_cancel(yard.jobs, number));
    yard_close(&yard);
}

Test(web_job, what_a_job_says_and_how_it_ends_is_kept)
{
    static const struct {
        const char *lines, *log;
        DjJobState state;
    } cases[] = {{"echo \"$@\"; exit 0", "--now 2026-11-01 index --progress-fd 3 --rebuild\n", DJ_JOB_DONE},
                 {"echo three rows >&2; exit 3", "three rows\n", DJ_JOB_REJECTED},
                 {"exit 1", "", DJ_JOB_FAILED},
                 {"kill -SEGV $$", "ended by signal 11\n", DJ_JOB_FAILED},
                 {"printf 'a\\tb\\n\\n\\t\\t\\t\\t\\t\\nscore\\t9\\t0\\t-1\\n' >&3", "", DJ_JOB_DONE},
                 {"head -c 3000000 /dev/zero >&3", "", DJ_JOB_DONE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Yard yard;
        guint number;
        yard_open(&yard, cases[i].lines);
        cr_assert(try_start(&yard, &number, NULL));
        g_autoptr(DjJob) job = wait_beyond(&yard, number, DJ_JOB_RUNNING, FALSE);
        g_autofree char *log = log_of(job);
        cr_expect_eq(job->state, cases[i].state, "%s: %s", cases[i].lines, dj_job_state_name(job->state));
        cr_expect(g_str_has_suffix(log, cases[i].log), "%s: %s", cases[i].lines, log);
        yard_close(&yard);
    }
}

Test(web_job, a_program_that_cannot_run_is_told)
{
    Yard yard;
    guint number;
    yard_open(&yard, "");
    g_remove(yard.program);
    cr_assert(try_start(&yard, &number, NULL));
    g_autoptr(DjJob) job = wait_beyond(&yard, number, DJ_JOB_RUNNING, FALSE);
    g_autofree char *log = log_of(job);
    cr_expect_eq(job->state, DJ_JOB_FAILED);
    cr_expect(*log);
    yard_close(&yard);
}

Test(web_job, the_end_of_the_server_ends_the_job_and_the_next_one_knows)
{
    Yard yard;
    guint number;
    yard_open(&yard, "printf 'read\\t1\\t2\\t1\\n' >&3\nexec cat $never");
    cr_assert(try_start(&yard, &number, NULL));
    dj_job_free(wait_beyond(&yard, number, DJ_JOB_RUNNING, TRUE));
    dj_jobs_free(yard.jobs);
    yard.jobs = dj_jobs_new(yard.folder, yard.program, NULL, NULL, KEPT);
    g_autoptr(DjJob) job = dj_jobs_get(yard.jobs, number);
    cr_assert_not_null(job);
    cr_expect_eq(job->state, DJ_JOB_INTERRUPTED);
    g_autoptr(GPtrArray) list = dj_jobs_list(yard.jobs, 5);
    cr_expect_eq(list->len, 1);
    yard_close(&yard);
}

/* A folder of results as deep as those of a month. */
static void leave_files(const DjJob *job)
{
    g_autofree char *deep = g_build_filename(job->folder, "out", "2026-11", NULL);
    g_autofree char *made = g_build_filename(deep, "c1.xlsx", NULL);
    g_autofree char *given = g_build_filename(job->folder, "in", "needs.csv", NULL);
    cr_assert_eq(g_mkdir(deep, 0700), 0);
    cr_assert(g_file_set_contents(made, "made", -1, NULL) && g_file_set_contents(given, "given", -1, NULL));
}

Test(web_job, the_oldest_jobs_go_with_all_their_files_and_no_number_comes_twice)
{
    Yard yard;
    guint number = 0;
    yard_open(&yard, "exit 0");
    for (guint i = 1; i <= KEPT + 3; i++) {
        cr_assert(try_start(&yard, &number, NULL));
        cr_expect_eq(number, i);
        g_autoptr(DjJob) job = wait_beyond(&yard, number, DJ_JOB_RUNNING, FALSE);
        leave_files(job);
    }
    g_autoptr(GPtrArray) list = dj_jobs_list(yard.jobs, 100);
    cr_assert_eq(list->len, KEPT);
    for (guint i = 0; i < list->len; i++)
        cr_expect_eq(((DjJob *)list->pdata[i])->number, KEPT + 3 - i);
    g_autofree char *gone = g_build_filename(yard.folder, "web", "jobs", "3", NULL);
    g_autofree char *there = g_build_filename(yard.folder, "web", "jobs", "4", "in", "needs.csv", NULL);
    cr_expect_not(g_file_test(gone, G_FILE_TEST_EXISTS));
    cr_expect(g_file_test(there, G_FILE_TEST_EXISTS));
    yard_close(&yard);
}

Test(web_job, a_job_that_ends_does_not_go_however_many_are_prepared_after_it)
{
    Yard yard;
    guint number, other;
    yard_open(&yard, "printf 'read\\t1\\t2\\t1\\n' >&3\nexec cat $never");
    cr_assert(try_start(&yard, &number, NULL));
    for (guint i = 0; i < KEPT + 2; i++) { /* forms whose files are on the way */
        g_autofree char *folder = dj_jobs_prepare(yard.jobs, &other, NULL);
        cr_expect_not_null(folder);
    }
    dj_job_free(wait_beyond(&yard, number, DJ_JOB_RUNNING, TRUE));
    cr_assert(dj_jobs_cancel(yard.jobs, number));
    g_autoptr(DjJob) ended = wait_beyond(&yard, number, DJ_JOB_RUNNING, FALSE);
    cr_expect_eq(ended->state, DJ_JOB_CANCELLED);
    yard_close(&yard);
}
