/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an organiser changes in an event file by a plain form: who comes, when, how often they meet; how many tables.
 * The rest of the file stays as somebody wrote it. Errors: DJ_YAML_ERROR. Threads: no shared state. */
#pragma once

#include "engine/plan/event.h"

G_BEGIN_DECLS

typedef enum {
    DJ_EVENT_EDIT_MIN,
    DJ_EVENT_EDIT_MAX,
    DJ_EVENT_EDIT_ARRIVES,
    DJ_EVENT_EDIT_LEAVES,
    DJ_EVENT_N_EDITS,
} DjEventEditField;
/* "min", as in files */
const char *dj_event_edit_key(DjEventEditField field);

/* One who is in the file's list of participants. */
typedef struct {
    const char *id;
    const char *values[DJ_EVENT_N_EDITS]; /* NULL: as it is; "": taken away, so that the limits of the side count */
    gboolean remove;                      /* out of the list; pairs and rules must not name them */
} DjEventGuestEdit;

/* One more participant, with an id of its own. */
typedef struct {
    DjEventSide side;
    const char *name, *organisation, *need; /* organisation, need: "" for none */
    const char *min;
    const char *const *meets; /* ids whom this one must meet; ends with NULL */
} DjEventNewGuest;

typedef struct {
    const char *tables, *spare_tables; /* NULL: as it is */
    const DjEventGuestEdit *guests;
    guint n_guests;
    const char *const *dropouts;  /* ids of all who do not come, ends with NULL; NULL: as it is */
    const DjEventNewGuest *added; /* or NULL */
} DjEventEdit;

/* The text of the event file with the changes; what they make of it is checked by whoever loads it. Free it. */
char *dj_event_edit(const char *text, const DjEventEdit *edit, GError **error);

G_END_DECLS
