/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the phases of a job took, for standard error only: nothing of it may reach an output. One thread. */
#pragma once
#include <glib.h>

typedef struct DjTimings DjTimings;
DjTimings *dj_timings_new(void);
void dj_timings_free(DjTimings *timings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjTimings, dj_timings_free)

/* From now on time goes to the phase (a static text; NULL: to none); one that ran before goes on counting where it
 * stopped. Returns the phase that ran until now, to come back to it. timings may be NULL: nothing is counted. */
const char *dj_timings_phase(DjTimings *timings, const char *phase);
/* A line per phase in the order of their first beginning, with wall time, its share, and processor time of all threads;
 * then the sum and the peak of the process's memory. Free it. */
char *dj_timings_text(DjTimings *timings);
