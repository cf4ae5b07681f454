/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session (对接会) with its names and words, and how it turns into the plain numbers of problem.h.
 *
 * Ownership: a DjEvent owns everything it points to; texts may be NULL where nothing is known. Positions in `persons`
 * and `pairs` are the indices of the problem. Threads: read-only once built.
 */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef enum {
    DJ_EVENT_DEMAND,  /* enterprise 企业 */
    DJ_EVENT_SUPPLY,  /* inventor 发明人 */
    DJ_EVENT_AGENCY,  /* service agency 服务机构 */
    DJ_EVENT_FINANCE, /* bank, fund 金融机构 */
    DJ_EVENT_BOTH,    /* asks and answers */
    DJ_EVENT_N_SIDES,
} DjEventSide;

/* Does one of this side ask (role 0), or answer (role 1)? Those of both sides do either. */
gboolean dj_event_side_has(DjEventSide side, guint role);
const char *dj_event_side_key(DjEventSide side);  /* "demand", as in files */
const char *dj_event_side_name(DjEventSide side); /* "企业", as on sheets */

typedef enum {
    DJ_EVENT_FAIR_POINTS, /* limits, then points */
    DJ_EVENT_FAIR_COUNTS, /* limits, then even numbers of meetings, then points */
    DJ_EVENT_FAIR_BEST,   /* limits, then the best meeting of who has the worst one, then points */
} DjEventFairness;

typedef struct {
    char *id, *name, *organisation, *concern; /* concern: group of companies 集团 */
    char *city, *chain, *tier, *team;
    char *contact, *need; /* need: what this person is looking for or brings, for the sheet */
    DjEventSide side;
    guint min, max;
    guint lowered_from; /* the minimum that was asked for before it was lowered; 0: it was not */
    guint64 open;
    gboolean gone; /* dropped out: no limits and no slot; stays in the event so that its pairs keep their meaning */
} DjEventPerson;

typedef struct {
    char *name;
    guint max;
} DjEventTeam;

typedef enum {
    DJ_EVENT_BY_CITY,
    DJ_EVENT_BY_CHAIN,
    DJ_EVENT_BY_TIER,
    DJ_EVENT_N_BY,
} DjEventBy;
const char *dj_event_by_key(DjEventBy by);

typedef struct {
    guint role;
    DjEventBy by;
    char *value;
    guint min, lowered_from; /* as of a person */
} DjEventFloor;

enum { DJ_EVENT_REASONS = 3 };

/* What two participants may talk about: one patent, for a need. */
typedef struct {
    gint64 points;
    gint64 level;                                     /* 匹配度 0..100, -1 when not given */
    char *patent, *title, *why[DJ_EVENT_REASONS];     /* three lines of evidence */
    char *fee, *term, *maturity, *unknown, *question; /* key facts and what to ask */
    char *need_key, *patent_key; /* records of a workspace, so that what comes of the meeting finds its pairing */
} DjEventTopic;

/* Two participants meet once, whatever they have to talk about. The meeting is worth its best topic: two patents of one
 * inventor are not worth the meetings of two inventors. */
typedef struct {
    guint who[2]; /* persons in role 0 and role 1 */
    gint64 points;
    DjPlanRule rule;
    char *rule_reason; /* why it must or must not take place */
    GPtrArray *topics; /* DjEventTopic, best first; none where nothing is said of the pair */
} DjEventPair;

typedef struct {
    char *id, *name, *date, *place, *checkin, *organiser; /* date: YYYY-MM-DD */
    guint slots, minutes, tables;
    guint spare_tables;             /* 备用桌: opened only where there is no plan without, as few as will do */
    guint start[DJ_PLAN_SLOTS_MAX]; /* minutes after midnight */
    DjEventFairness fairness;
    GPtrArray *persons; /* DjEventPerson * */
    GPtrArray *pairs;   /* DjEventPair * */
    GPtrArray *teams;   /* DjEventTeam * */
    GPtrArray *floors;  /* DjEventFloor * */
} DjEvent;

DjEvent *dj_event_new(void);
void dj_event_free(DjEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjEvent, dj_event_free)

DjEventPerson *dj_event_person(const DjEvent *event, guint index);
DjEventPair *dj_event_pair(const DjEvent *event, guint index);
/* Adds an empty person or pair. */
DjEventPerson *dj_event_add_person(DjEvent *event);
DjEventPair *dj_event_add_pair(DjEvent *event);

/* The best topic of a pair; an empty one where it has none. */
const DjEventTopic *dj_event_lead(const DjEventPair *pair);
DjEventTopic *dj_event_topic_new(gint64 points);
/* Takes the topic over, in its place; of equals the earlier one stays in front. Of one patent the better topic is kept.
 * The points of the pair follow. */
void dj_event_take_topic(DjEventPair *pair, DjEventTopic *topic);
void dj_event_drop_topic(DjEventPair *pair, guint k);
/* Do the meetings of this person count towards the floor? */
gboolean dj_event_in_floor(const DjEventPerson *person, const DjEventFloor *floor);
/* "18:45" into `out`, which holds 6 characters. */
void dj_event_clock(guint minutes, char out[6]);

/* Bans every free pair whose two persons belong to one organisation or one concern, or one to the concern that the
 * other is. Returns how many. A pair that must meet although it is in conflict is left alone: the organiser has
 * decided. */
guint dj_event_ban_conflicts(DjEvent *event);

/* The problem and what it stands on. Groups: first the floors, then the teams, in the order of the event. */
typedef struct {
    DjPlanProblem problem;
    DjPlanPerson *persons;
    DjPlanGroup *groups;
    DjPlanPair *pairs;
    char **group_names; /* n_groups, for messages and sheets */
} DjEventProblem;

/* What is wrong with a floor or a team: which one, and why. Free the message. */
typedef struct {
    const char *list; /* "floors" or "teams" */
    guint index;
    char *message;
} DjEventFault;

/* TRUE, and *fault is filled, when the limits of groups cross: floors of one side by two properties, a team with
 * members under two floors; or when a value has two floors, or a team a member who does not answer. */
gboolean dj_event_find_fault(const DjEvent *event, DjEventFault *fault);

/* Fails where there is a fault. */
DjEventProblem *dj_event_problem(const DjEvent *event, GError **error);
void dj_event_problem_free(DjEventProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjEventProblem, dj_event_problem_free)

G_END_DECLS
