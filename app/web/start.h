/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages and the API start as jobs: kinds, their names for people, and their command lines. */
#pragma once
#include "app/web/request.h"

#define DJ_JOB_MONTHLY "monthly" /* a month, "YYYY-MM", into the months of the workspace (months.h) */
#define DJ_JOB_VERIFY  "verify"  /* one of these months, by the name of its folder, made again and compared */
#define DJ_JOB_PUBLISH "publish" /* its recommendations recorded as pushed */

/* Starts a job of a kind that needs no file: "index", "train", "match", or one of the above with its month. 400 for
 * another kind or no month, 404 for a month that is not there or not the caller's, 409 while another job is at work. */
gboolean dj_start_work(DjRequest *request, const char *kind, const char *month, guint *number, GError **error);
/* Starts a prepared job (job.h) with these words, in the name of whoever asks. */
gboolean dj_start_job(DjRequest *request, guint number, const char *kind, const char *title, const char *about,
                      const char *const *words, GError **error);
/* Number of a job in a path; 404 when it is none. */
gboolean dj_start_number(const char *text, guint *number, GError **error);
/* 303 to the page of a job. */
void dj_start_show(DjRequest *request, guint number);
