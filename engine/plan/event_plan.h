/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an event to everything that is said about its plan: meetings, proof, fairness, reasons, changes against what was
 * published. Reports and commands read only this. The event must outlive it. Errors: DJ_PLAN_ERROR. Threads: no shared
 * state.
 */
#pragma once

#include "engine/plan/clash.h"
#include "engine/plan/comfort.h"
#include "engine/plan/event.h"
#include "engine/plan/explain.h"
#include "engine/plan/fairness.h"
#include "engine/plan/replan.h"

G_BEGIN_DECLS

/* A published meeting, by persons, so that it can be found again in a changed event. */
typedef struct {
    char *who[2]; /* ids in role 0 and role 1 */
    guint slot, table;
    char *need_key, *patent_key; /* as in DjEventPair; NULL where the event file names none */
} DjEventMeeting;

typedef enum {
    DJ_EVENT_PLAN_CANCELLED, /* was published, is impossible now */
    DJ_EVENT_PLAN_DROPPED,   /* was published, could stay, had to be given up */
    DJ_EVENT_PLAN_MOVED,     /* same two persons, another slot; a move that is not forced counts among the fewest */
    DJ_EVENT_PLAN_RESEATED,  /* same slot, another table */
    DJ_EVENT_PLAN_ADDED,
} DjEventChangeKind;

typedef struct {
    DjEventChangeKind kind;
    const char *who[2];        /* ids */
    guint old_slot, old_table; /* DJ_PLAN_NONE: was not */
    guint slot, table;         /* DJ_PLAN_NONE: is not any more */
    guint pair;                /* in the event, or DJ_PLAN_NONE */
    gboolean forced;           /* moved: where it was, it is impossible now */
} DjEventChange;

typedef struct {
    const DjEvent *event;
    DjEventProblem *numbers; /* with fairness applied: what the certificate speaks of */
    DjPlan *plan;
    guint version;
    guint
        tables; /* in use: those of the event, and the spare ones that had to be opened, which have the last numbers */
    GArray *changes; /* DjEventChange, by kind, then pair; empty for a first plan */
    gboolean replanned;
    const GPtrArray *published; /* replanned: DjEventMeeting of the version before */
    DjPlanMeeting *old;         /* the same in the numbers of the event; pair DJ_PLAN_NONE: is no candidate now */
    DjReplan *moves;            /* replanned: what was released and why; its plan is `plan` */
    DjPlanComfort comfort;
    gint64 threshold; /* fairness best: points that everybody's best meeting reaches, or the own most; else 0 */
    gboolean priced;  /* is `price` known? It is not when the limits contradict each other */
    DjPlanPrice price;
    gint64 *possible;       /* points per person if nobody else came */
    DjPlanBlock *block;     /* the contradiction, when there is one */
    GPtrArray *relaxations; /* DjPlanRelaxation, with it */
    DjPlanClash *clash;     /* no plan for the timetable alone: why; NULL also where no small reason was found */
} DjEventPlan;

/* Spare tables: the fewest with which a plan is found; where all of them do not help, the reasons hold with all of
 * them. published: NULL, or elements DjEventMeeting of the version before, which must outlive the plan too. */
DjEventPlan *dj_event_plan_make(const DjEvent *event, const GPtrArray *published, guint version,
                                const DjPlanOptions *options, GError **error);
void dj_event_plan_free(DjEventPlan *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjEventPlan, dj_event_plan_free)

void dj_event_plan_meeting_free(gpointer meeting);

/* What the certificate proves about points: no plan of the same fairness has more. */
gint64 dj_event_plan_bound(const DjEventPlan *session);
/* Is the plan proved best: by the certificate, or only by the search? */
typedef enum {
    DJ_EVENT_PLAN_UNPROVED,
    DJ_EVENT_PLAN_BY_SEARCH,
    DJ_EVENT_PLAN_BY_CERTIFICATE,
} DjEventProof;
DjEventProof dj_event_plan_proof(const DjEventPlan *session);
/* Changes by kind. Returns how many of the moved ones are forced. */
guint dj_event_plan_count_changes(const DjEventPlan *session, guint n[DJ_EVENT_PLAN_ADDED + 1]);
/* Replanned: is it proved that fewer published meetings cannot move? */
DjEventProof dj_event_plan_moves_proof(const DjEventPlan *session);

G_END_DECLS
