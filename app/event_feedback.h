/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of the meetings (会后反馈): the filled sheet becomes dated facts, and the facts are counted. Part of
 * `duijie event`.
 *
 * A fact is a decision of kind outcome (engine/store/decision.h) about the need and the patent that the event file
 * names, with data {"event", "demand", "supply", "answer": model/outcome.h, and what the pairing was worth then}. The
 * same answer given again is no new fact; a changed one is, and the last one counts. */
#pragma once
#include "app/app.h"

typedef struct {
    const char *event;   /* folder of a plan, or the id of an event whose plan was published in the workspace */
    const char *file;    /* the filled sheet; NULL: only count what is known */
    const char *who;     /* who hands it in; NULL: the user's login name */
    const char *rejects; /* folder for rejected rows; NULL: that of the workspace */
    gboolean dry_run;    /* check and count the file alone; no workspace is needed for a folder */
    gboolean ids;        /* every figure lists its meetings */
} DjEventFeedbackOptions;

/* Returns an exit code: 3 where rows were rejected. */
int dj_app_event_feedback(DjApp *app, const DjEventFeedbackOptions *options, GError **error);
