/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of the event loader share. Private to config/. */
#pragma once

#include "config/event.h"

struct DjEventLoader {
    const DjYaml *yaml;
    DjEvent *event;
    GHashTable *by_id;   /* id -> index + 1 */
    GHashTable *by_pair; /* gint64 of both indices -> DjEventPair * */
    guint min[DJ_EVENT_N_SIDES], max[DJ_EVENT_N_SIDES];
    char *participants_file, *pairs_file;
    /* the table that is being read */
    char *table_file;
    gboolean participants;
    guint *columns; /* column of the file -> position in the field table */
    char **titles;  /* as the file writes them, for messages */
    gsize n_columns;
};

gboolean dj_event_parse_clock(const char *text, guint *minutes);
gboolean dj_event_parse_side(const char *text, DjEventSide *side);
/* Slots that lie between arriving and leaving, in minutes after midnight. */
guint64 dj_event_present(const DjEvent *event, guint arrives, guint leaves);

/* Takes the slot that begins at this minute out of `open`; FALSE when none does. */
gboolean dj_event_leave_slot(const DjEvent *event, guint at, guint64 *open);

/* NULL when the id is taken. */
DjEventPerson *dj_event_new_person(DjEventLoader *loader, const char *id, DjEventSide side);
gboolean dj_event_find_person(const DjEventLoader *loader, const char *id, guint *index);

/* Why these two cannot be a pair at all, or NULL. */
const char *dj_event_cannot_pair(const DjEvent *event, guint demand, guint supply);
DjEventPair *dj_event_find_pair(const DjEventLoader *loader, guint demand, guint supply);
DjEventPair *dj_event_take_pair(DjEventLoader *loader, guint demand, guint supply, gint64 points);
