/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranking: the kernel's lists over all chains of a run, with the features added, cut to what a list holds. Internal to
 * engine/match. Exact under the full score: the slack that the kernel gets is the bound of the features. */
#pragma once
#include "engine/match/demand.h"

typedef struct {
    guint32 need; /* index in DjSides.needs */
    guint32 doc;
    gint64 base;
    gint64 order;  /* dj_order_of */
    gint64 points; /* base points and feature points */
    gint16 home;   /* chain number, -1 = 未归链 */
    guint8 score;  /* 0 to 100 */
    guint8 low;    /* boolean: fewer points than a list begins with, dj_sides_least_points */
    guint32 rank;  /* within the need or the patent, from 1 */
} DjRanked;

/* Fills order, points, score and home of one pair from its base total. */
void dj_rank_pair(const DjSides *sides, DjRanked *pair);

/* Appends DjRanked to out: the best `top` of every need (by_patent FALSE) or patent, ordered by need (patent) and rank.
 */
gboolean dj_rank(const DjSides *sides, gboolean by_patent, GArray *out, GError **error);

/* Appends the best pair of every wanted need (one byte per need), low or not, ordered by need; none where even the best
 * has no points. The result is exact as lists are. */
gboolean dj_rank_nearest(const DjSides *sides, const guint8 *wanted, GArray *out, GError **error);

/* Chains of the run: TRUE when chain number c (n_chains = 未归链) takes part. */
gboolean dj_rank_takes(const DjSides *sides, guint chain);

/* A pairing from a ranked pair: keys, chains, score, points; parts and gate are left to dj_match_explain_pair. */
DjPairing *dj_match_make_pairing(const DjSides *sides, const DjRanked *pair, DjDirection direction);
/* Evidence, indicators and gate of a pair whose need the explainer has been set to. wanted: what the need asks for in
 * numbers, with its texts. parser may be NULL where wanted is empty. */
void dj_match_explain_pair(const DjSides *sides, DjExplainer *explainer, DjQuantityParser *parser, const GArray *wanted,
                           const DjRanked *pair, const DjRecord *patent, DjPairing *pairing);

/* Judges the quality of every patent of the set, where criteria are in force. */
void dj_match_judge_quality(const DjMatchOptions *options, DjResultSet *set);

/* Ranks and explains loaded sides, as dj_match does after loading. */
DjResultSet *dj_match_sides(const DjSides *sides, const DjRecordSource *records, GError **error);
