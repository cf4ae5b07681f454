/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet 会后反馈 that came back (XLSX, CSV or any format of reader.h) -> outcomes of the meetings of a plan.
 *
 * A row is known by the ids of its two participants. Every row is checked by itself: a meeting that the plan does not
 * have, another evening's sheet, a word that is on no list, a date that is none, answers that contradict each other or
 * an earlier row reject it, with column, value and a reason in Chinese. A row without answers says nothing. Columns
 * that the sheet does not know are passed over. Errors: DJ_READ_ERROR, GFileError. Threads: no shared state. */
#pragma once
#include "engine/model/outcome.h"
#include "indexer/reader.h"

G_BEGIN_DECLS

typedef struct {
    const char *path;
    const char *event;             /* id */
    const GPtrArray *meetings;     /* DjEventMeeting, see engine/plan/event_plan.h */
    const char *rejects_folder;    /* where the list of rejected rows goes; NULL: none is written */
    int day;                       /* creation date of that list, days since 1970-01-01 */
    const DjReaderOptions *limits; /* NULL: the defaults */
} DjFeedbackOptions;

typedef struct {
    GPtrArray *outcomes; /* per meeting: DjOutcome, or NULL where nothing was said */
    guint n_rows, n_blank, n_rejected;
    GPtrArray *messages;     /* char *, one per rejected row */
    GPtrArray *reject_files; /* char * */
} DjFeedback;

DjFeedback *dj_feedback_read(const DjFeedbackOptions *options, GError **error);
void dj_feedback_free(DjFeedback *feedback);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjFeedback, dj_feedback_free)

G_END_DECLS
