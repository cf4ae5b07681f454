/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What counts for a pair outside the kernel, and the one way from totals to points. Pure functions. */
#pragma once
#include "engine/match/chain.h"
#include "engine/match/scoring.h"
#include "engine/model/ipc_titles.h"

/* Features outside the kernel, in points; never negative. */
typedef struct {
    gint64 chain, ipc, indicator, quality;
    DjPrivacy quality_privacy;   /* class of the facts that quality rests on */
    char *chain_text, *ipc_text; /* in words, NULL when 0 points; free with dj_features_clear */
} DjFeatures;
void dj_features_clear(DjFeatures *features);

/* Chain points: chain_points * min(weight of the need, weight of the patent) / 100 for the best common chain (*home, or
 * -1 without one). IPC points: all for the same main group, half for the same subclass. texts: fill the words too,
 * an IPC code with its title (titles NULL: the code alone). */
void dj_features_compute(DjFeatures *features, const DjTaxonomy *taxonomy, const DjIpcTitles *titles,
                         const DjScoring *scoring, const DjMembership *need, guint n_need, const DjMembership *patent,
                         guint n_patent, const DjIpc *need_ipc, guint n_need_ipc, const DjIpc *patent_ipc,
                         guint n_patent_ipc, gboolean texts, int *home);
/* Points of indicators and of quality are the caller's (indicator.h, quality.h). */
static inline gint64 dj_features_sum(const DjFeatures *features)
{
    return features->chain + features->ipc + features->indicator + features->quality;
}
/* Largest sum that features can give. */
gint64 dj_features_bound(const DjScoring *scoring);

/* Points of a total, rounded once: half up. */
gint64 dj_points_of_total(const DjScoring *scoring, gint64 total);
/* Smallest total that gives at least `points`. */
gint64 dj_total_of_points(const DjScoring *scoring, gint64 points);

/* What lists are ordered by: base total and feature points on one exact scale (DJ_TOTAL_ONE is one point). */
gint64 dj_order_of(const DjScoring *scoring, gint64 base, gint64 feature_points);
