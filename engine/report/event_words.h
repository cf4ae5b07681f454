/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writers of an event share: the plan by person, and words. Private to report/. */
#pragma once

#include "engine/plan/event_plan.h"
#include "engine/report/page.h"

typedef struct {
    const DjEventPlan *made;
    const DjEvent *event;
    GArray **of_person;        /* per person: indices of its meetings by slot */
    DjEventChangeKind *change; /* per meeting of the plan, where changed[m] */
    gboolean *changed;
    char *seal; /* the first digits of the sha256 of plan.json */
} DjEventView;

void dj_event_view_init(DjEventView *view, const DjEventPlan *made, const char *plan_json);
void dj_event_view_clear(DjEventView *view);

const DjPlanMeeting *dj_event_view_meeting(const DjEventView *view, guint meeting);
const DjEventPair *dj_event_view_pair(const DjEventView *view, guint meeting);
/* The person across the table. */
const DjEventPerson *dj_event_view_other(const DjEventView *view, guint meeting, guint person);
/* Name, or the id where there is none. */
const char *dj_event_person_name(const DjEventPerson *person);
/* "18:30" for a slot. */
void dj_event_slot_clock(const DjEvent *event, guint slot, char out[6]);
/* File name made of the id: letters, digits, '-' and '_' and everything outside ASCII stay. New string. */
char *dj_event_file_name(const DjEvent *event, guint person, const char *prefix, const char *suffix);

/* The writers: each appends a whole document. */
void dj_event_page(GString *out, const DjEventView *view);
/* Its parts: why there is no plan; what a later version changed; the timetable by name. */
void dj_event_refusal(GString *out, const DjEventView *view);
void dj_event_changes(GString *out, const DjEventView *view);
void dj_event_people(GString *out, const DjEventView *view);
/* The changes that one person has to know of, for its sheet; nothing where there are none. */
void dj_event_changes_of(GString *out, const DjEventView *view, guint person);
gboolean dj_event_is_changed_for(const DjEventView *view, guint person);
void dj_event_person_sheets(GString *out, const DjEventView *view); /* all who ask */
void dj_event_one_sheet(GString *out, const DjEventView *view, guint person);
void dj_event_organisation_sheets(GString *out, const DjEventView *view); /* all who answer, by organisation */
void dj_event_changed_sheets(GString *out, const DjEventView *view); /* of a later version: whoever a change touches */
void dj_event_table_signs(GString *out, const DjEventView *view);
void dj_event_calendar(GString *out, const DjEventView *view, guint person); /* iCalendar, RFC 5545 */
gboolean dj_event_xlsx(const DjEventView *view, const char *path, GError **error);
gboolean dj_event_feedback_xlsx(const DjEventView *view, const char *path, GError **error);
/* Foot of a page: version, date, hash of the plan. Free with g_strfreev. */
char **dj_event_provenance(const DjEventView *view);
