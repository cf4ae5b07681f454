/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft of an event file from pairing lists: enterprises whose needs are paired, inventors who speak for the patents,
 * and the pairings' points and evidence, for an organiser to edit and plan. An inventor of several patents is one
 * participant.
 *
 * Evidence is shown to both sides of the table, so it is cut to what a participant may see; names of the enterprises
 * that are to be invited come from the organiser's view. Same result set, same texts.
 */
#pragma once

#include "engine/match/result.h"

G_BEGIN_DECLS

typedef struct {
    const char *id, *name, *date; /* date: YYYY-MM-DD */
    guint max_demand, max_supply; /* the best paired ones are proposed */
    guint slots, tables;
} DjEventDraftOptions;

typedef struct {
    char *yaml, *pairs_csv; /* EVENT.yaml, and the pairs.csv that it names */
    guint n_demand, n_supply, n_pairs;
} DjEventDraft;

DjEventDraft *dj_event_draft(const DjResultSet *set, const DjEventDraftOptions *options);
void dj_event_draft_free(DjEventDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjEventDraft, dj_event_draft_free)

G_END_DECLS
