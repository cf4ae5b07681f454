/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/identities.h"

typedef struct {
    GArray *identities;
    gint64 last;
} Reading;

void dj_identities_note(GArray *identities, const DjDecision *decision)
{
    if (decision->kind == DJ_DECISION_SAME || decision->kind == DJ_DECISION_DISTINCT)
        dj_identities_add(identities, decision->need, decision->patent, decision->kind == DJ_DECISION_SAME);
}

static gboolean read_decision(const DjDecision *decision, gpointer user)
{
    Reading *reading = user;
    if (decision->id > reading->last)
        return FALSE;
    dj_identities_note(reading->identities, decision);
    return TRUE;
}

GArray *dj_identities_read(DjStore *store, gint64 last, GError **error)
{
    Reading reading = {dj_identities_new(), last};
    if (dj_store_each_decision(store, NULL, read_decision, &reading, error))
        return reading.identities;
    g_array_unref(reading.identities);
    return NULL;
}
