/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 会后反馈.xlsx, the sheet that goes out and comes back: a row per meeting, the answers of model/outcome.h with
 * drop-down lists. The reader (indexer/feedback.h) knows the columns by these titles, whatever their order. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    DJ_FEEDBACK_TIME,
    DJ_FEEDBACK_TABLE,
    DJ_FEEDBACK_DEMAND, /* id of who asks; with the next id the meeting's name */
    DJ_FEEDBACK_DEMAND_NAME,
    DJ_FEEDBACK_SUPPLY, /* id of who answers */
    DJ_FEEDBACK_SUPPLY_NAME,
    DJ_FEEDBACK_KEPT, /* the answers begin here */
    DJ_FEEDBACK_DEMAND_RATING,
    DJ_FEEDBACK_SUPPLY_RATING,
    DJ_FEEDBACK_REASON,
    DJ_FEEDBACK_NEXT_STEP,
    DJ_FEEDBACK_OWNER,
    DJ_FEEDBACK_DUE,   /* and end here */
    DJ_FEEDBACK_EVENT, /* so that the sheet of another evening is noticed */
    DJ_N_FEEDBACK_COLUMNS
} DjFeedbackColumn;

extern const char *const dj_feedback_columns[DJ_N_FEEDBACK_COLUMNS];

G_END_DECLS
