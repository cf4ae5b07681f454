/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draft of an event from the workspace's pairings: part of `duijie event`. */
#pragma once
#include "app/app.h"

typedef struct {
    const char *name;   /* of the event, and its id */
    const char *chains; /* ids or names separated by commas; NULL = all */
    const char *date;   /* YYYY-MM-DD; NULL = the day of the run */
    const char *out;    /* folder for EVENT.yaml and pairs.csv, made if need be; files that are there are kept */
    guint slots, tables;
    guint most[2]; /* enterprises, inventors at most */
    guint min[2];  /* meetings wanted for each of them */
    int min_score; /* candidates begin at this score; -1: where lists do */
} DjEventNewOptions;

/* Returns an exit code. */
int dj_app_event_new(DjApp *app, const DjEventNewOptions *options, GError **error);
