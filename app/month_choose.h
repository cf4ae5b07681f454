/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pairings stand on the pages of enterprises: the month's lists as a coverage (engine/plan/cover.h).
 *
 * An enterprise's candidates are its listed pairings, the better one where two of its needs list one patent or two like
 * patents; what was pushed before and has not changed since is none, and counts as kept already. An enterprise gets at
 * most monthly.sheet, a patent stands on at most monthly.patent_cap pages; monthly.floor is owed to enterprises of
 * 专精特新, coverage/floors.yaml owes to cities, institutions, chains and so on. Lists are deepened until no pair below
 * their ends could help. */
#pragma once
#include "app/month.h"
#include "engine/report/month.h"

typedef struct {
    const char *enterprise;
    const DjPairing *pairing; /* explained */
    char *digest;             /* of its records */
} DjMonthPick;

typedef struct {
    GArray *picks;        /* DjMonthPick */
    GHashTable *standing; /* enterprise key -> number of its recommendations that were pushed and still stand */
    GPtrArray *floors;    /* DjFloorRow: every floor of coverage/floors.yaml that applied */
    guint n_candidates, n_rounds, n_flows, n_missing;
    gint64 points, value, bound;
    /* what the picks live in */
    GPtrArray *sets; /* DjResultSet: of lists that were deepened; the last one, explained, holds the records too */
    GPtrArray *keys;
} DjMonthChoice;

/* pushed: "need\npatent" -> digest of the last push. owed: keys of enterprises that the floor is owed to. */
gboolean dj_month_choose(DjMonthRunner *runner, const DjMonthVersion *version, const DjResultSet *set,
                         GHashTable *pushed, GHashTable *owed, DjMonthChoice *choice, GError **error);
void dj_month_choice_clear(DjMonthChoice *choice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjMonthChoice, dj_month_choice_clear)

/* sha256 over both records as they are: what was pushed. Free it. */
char *dj_month_digest(const DjRecord *need, const DjRecord *patent);
