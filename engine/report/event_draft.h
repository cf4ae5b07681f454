/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft of an event file from pairing lists: enterprises whose needs are paired, inventors who speak for the patents,
 * and the pairings' points and evidence, for an organiser to edit and plan. An inventor of several patents is one
 * participant, who meets an enterprise once: the table of pairs has a row per patent, the best three, and the meeting
 * is worth the best.
 *
 * Evidence is shown to both sides of the table, so it is cut to what a participant may see; names of the enterprises
 * that are to be invited come from the organiser's view. Same result set, same texts.
 */
#pragma once

#include "engine/match/party.h"
#include "engine/match/result.h"

G_BEGIN_DECLS

/* Elements of arrays: those who ask, those who answer. */
typedef struct {
    const char *id, *name, *date; /* date: YYYY-MM-DD */
    guint most[2];                /* guests at most */
    guint min[2];                 /* meetings wanted for everybody, at most `slots` */
    guint slots, tables;          /* tables: at most; no more are proposed than can be in use at once */
    int min_score;                /* that the pairings of the set begin at, for a remark */
    const DjParties *parties;     /* proposed guests whom they keep apart are banned from meeting; NULL: nobody */
} DjEventDraftOptions;

typedef struct {
    char *yaml, *pairs_csv; /* EVENT.yaml, and the pairs.csv that it names */
    guint n[2], n_pairs, tables;
    guint max[2];        /* meetings of one guest at most */
    GArray *promised[2]; /* guint by number of the guest: meetings that everybody can have at once, at most `min` */
} DjEventDraft;

/* Keys of all needs that the enterprises that would be proposed have in the set, so that these can be paired in depth:
 * a set of which only the points are known will do. Free with g_hash_table_unref. */
GHashTable *dj_event_draft_needs(const DjResultSet *set, const DjEventDraftOptions *options);

/* Where the candidates do not give everybody the wanted minimum, the draft asks for what they give, and says so.
 * Errors: DJ_PLAN_ERROR. */
DjEventDraft *dj_event_draft(const DjResultSet *set, const DjEventDraftOptions *options, GError **error);
/* How many are promised less than wanted. */
guint dj_event_draft_short(const DjEventDraft *draft, guint role, guint wanted);
void dj_event_draft_free(DjEventDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjEventDraft, dj_event_draft_free)

G_END_DECLS
