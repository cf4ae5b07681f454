/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs (任务) that people start from a page: an import, an index, lists, a month, an event's plan. A job is this
 * program again, as a child process with a command line: it takes the job lock as any command does, its end or crash
 * touches no request, and SIGTERM ends it in order. One runs at a time. It ends when the server ends.
 *
 * Each has a folder web/jobs/N in the workspace, which outlives the server, until it is too old (see kept):
 *
 *   job.json   what, by whom, since when, how it ended
 *   log        what the command printed
 *   in/ out/   files it was given; its results
 *
 * Shared by threads. */
#pragma once
#include <glib.h>

typedef enum {
    DJ_JOB_RUNNING,
    DJ_JOB_DONE,
    DJ_JOB_REJECTED,   /* done, but rows were rejected */
    DJ_JOB_FAILED,     /* the log says why */
    DJ_JOB_CANCELLED,  /* by a person */
    DJ_JOB_INTERRUPTED /* the server ended */
} DjJobState;
const char *dj_job_state_name(DjJobState state);  /* "running" … */
const char *dj_job_state_label(DjJobState state); /* 进行中 … */

typedef struct {
    guint number;
    char *kind;            /* "index", "check" …: see start.h */
    char *title;           /* 建立索引 */
    char *about;           /* file, month or event that it is about; "" = none */
    char *who, *audience;  /* who started it, and whose eyes its results are for: "organiser" or "centre" */
    char *started, *ended; /* "YYYY-MM-DDTHH:MM:SS"; ended NULL while it runs */
    DjJobState state;
    char *folder; /* absolute */
    /* while it runs */
    char *phase;         /* NULL: not known yet */
    int percent;         /* of the phase, -1 = not known */
    gint64 seconds_left; /* of the phase, -1 = not known */
} DjJob;
void dj_job_free(DjJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjJob, dj_job_free)

typedef struct DjJobs DjJobs;

/* program: path of duijie. config and day (both may be NULL) are passed on to the commands. kept (1 or more): so many
 * of the newest jobs stay when one ends, older ones go with all their files. Strings are copied. */
DjJobs *dj_jobs_new(const char *workspace, const char *program, const char *config, const char *day, guint kept);
/* Ends the running job and waits for it. */
void dj_jobs_free(DjJobs *jobs);

/* A folder for a job that is to be started, with in/ and out/; *number is its number. Discard it when nothing comes of
 * it. */
char *dj_jobs_prepare(DjJobs *jobs, guint *number, GError **error);
void dj_jobs_discard(DjJobs *jobs, guint number);

typedef struct {
    const char *kind, *title, *about, *who, *audience, *moment;
    const char *const *words; /* command and arguments, NULL-terminated */
} DjJobOrder;
/* Starts a prepared job. DJ_WEB_ERROR 409, in words for people, while another job of this server or of a terminal is at
 * work; then the folder is discarded. */
gboolean dj_jobs_start(DjJobs *jobs, guint number, const DjJobOrder *order, GError **error);
/* 409 as above; TRUE when a job could start now. */
gboolean dj_jobs_are_free(DjJobs *jobs, GError **error);
/* Asks the job for its end; FALSE when it does not run. */
gboolean dj_jobs_cancel(DjJobs *jobs, guint number);

/* NULL when there is none. */
DjJob *dj_jobs_get(DjJobs *jobs, guint number);
/* The newest first, at most so many. Elements DjJob, owned by the array. */
GPtrArray *dj_jobs_list(DjJobs *jobs, guint most);
