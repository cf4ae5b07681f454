/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people decided, as it stands after a given decision: wishes about pairs and about taking part, and which records
 * are one and the same. */
#pragma once
#include "engine/match/match.h"
#include "engine/store/decision.h"

typedef struct {
    DjWishes wishes;
    GArray *identities; /* DjIdentity */
    gint64 last;
} DjDecided;

/* All decisions with numbers up to `last` (G_MAXINT64 = all). */
DjDecided *dj_decided_read(DjStore *store, gint64 last, GError **error);
void dj_decided_free(DjDecided *decided);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjDecided, dj_decided_free)

/* Pairs of interest: need key -> set of patent keys. */
GHashTable *dj_pair_table_new(void);
void dj_pair_table_add(GHashTable *table, const char *need, const char *patent);
gboolean dj_pair_table_has(GHashTable *table, const char *need, const char *patent);
