/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress of long work: a bar with rate and time left on a terminal, a line per phase elsewhere. Belongs to one
 * thread at a time. */
#pragma once
#include <glib.h>
#include <stdio.h>

typedef struct DjProgressBar DjProgressBar;

/* out is not closed. quiet: nothing is shown, but cancelling still works. */
DjProgressBar *dj_progress_new(FILE *out, gboolean quiet);
/* For a program that started this one: twice a second, and at the start of a phase, a line
 * "PHASE<tab>DONE<tab>TOTAL<tab>MILLISECONDS" (since the phase began). out is closed with the bar. */
DjProgressBar *dj_progress_new_lines(FILE *out);
/* Ends the last phase and frees; NULL is fine. */
void dj_progress_free(DjProgressBar *bar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjProgressBar, dj_progress_free)

/* The callback of the library (indexer/train.h DjProgress): a new phase ends the one before; total 0 = not known.
 * FALSE when the user asked for the end. */
gboolean dj_progress_tell(const char *phase, guint64 done, guint64 total, gpointer bar);
/* Ends the phase that runs, so that other text can be printed. */
void dj_progress_end_phase(DjProgressBar *bar);

/* One line of the bar, at most `columns` wide: "analyse texts [####    ] 12,345/45,000 27 % 8,210/s, 4 s left". */
char *dj_progress_line(const char *phase, guint64 done, guint64 total, double seconds, guint columns);
/* "45,000". */
char *dj_progress_count(guint64 number);
