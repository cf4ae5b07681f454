/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gets which recommendation on paper: pages of enterprises and institutions, coverage, and what publishing records.
 *
 * The pages of enterprises are chosen by exact flow over the month's lists: first as many of the recommendations owed
 * (setting monthly.floor) as can be, then most points; no enterprise gets more than monthly.sheet, no patent stands on
 * more than monthly.patent_cap pages. What was pushed before and has not changed since is not chosen again. */
#pragma once
#include "app/month.h"
#include "engine/report/month.h"

typedef struct {
    GPtrArray *sheets, *coverage, *pushes; /* DjMonthSheet, DjCoverageRow, DjPush */
    guint n_owed, n_covered;
    guint n_candidates;  /* enterprise and patent pairs that could have been chosen */
    gint64 value, bound; /* of the choice, and what its prices prove to be the most; equal */
} DjMonthCover;

gboolean dj_month_cover(DjWorkspace *workspace, const DjMonthVersion *version, const DjResultSet *set,
                        DjMonthCover *cover, GError **error);
void dj_month_cover_clear(DjMonthCover *cover);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjMonthCover, dj_month_cover_clear)

/* sha256 over both records as they are: what was pushed. Free it. */
char *dj_month_digest(const DjRecord *need, const DjRecord *patent);

/* The choice alone: candidates (enterprise and patent numbers, points >= 0, each pair once); chosen receives 0 or 1.
 * *bound: the dual bound on the objective, which is points + n_floor * (sum of all points + 1). */
typedef struct {
    guint enterprise, patent;
    gint64 points;
} DjCoverCandidate;
gboolean dj_month_choose(const DjCoverCandidate *candidates, guint n, guint n_enterprises, guint n_patents, guint floor,
                         guint most, guint cap, guint8 *chosen, gint64 *value, gint64 *bound, GError **error);
