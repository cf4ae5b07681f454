/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who must not meet at a session (利益冲突), as far as the workspace knows: own patents, the same group, declared
 * competitors and avoided parties (engine/match/party.h), and pairs that people rejected or banned. */
#pragma once
#include "app/wishes.h"
#include "app/workspace.h"
#include "engine/match/party.h"
#include "engine/plan/event.h"

/* All enterprises as they are now. `decided` must outlive them. Free with dj_parties_free. */
DjParties *dj_app_parties(DjWorkspace *workspace, const DjDecided *decided, GError **error);

/* Bans the free pairs of the event that are in conflict; *n counts them. Pairs that must meet are left alone and told
 * on standard error: the organiser has decided. Without -w and where no folder upward is a workspace, nothing is known
 * and nothing is banned. */
gboolean dj_app_event_conflicts(const DjApp *app, DjEvent *event, guint *n, GError **error);
