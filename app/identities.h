/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions about duplicates, read from the store. */
#pragma once
#include "engine/match/identity.h"
#include "engine/store/decision.h"

/* Takes a decision in when it is about two records being one; others are passed over. */
void dj_identities_note(GArray *identities, const DjDecision *decision);
/* All that stand with numbers up to `last` (G_MAXINT64 = all). */
GArray *dj_identities_read(DjStore *store, gint64 last, GError **error);
