/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a job about a month came to: what `duijie verify` and `duijie monthly publish` print, in Chinese for its page.
 */
#pragma once
#include <glib.h>

/* A line of the log in words for people; NULL for any other line. Free it. */
char *dj_job_verdict(const char *line);
/* The messages that are known, for a test to hold against their sources: NULL past the last. */
const char *dj_job_verdict_said(gsize i);
