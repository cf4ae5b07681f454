/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The circulation of a coverage without its crossing floors, and the master program that prices those. Internal to
 * cover.
 */
#pragma once

#include "engine/plan/cover.h"

G_BEGIN_DECLS

/* Best choice when a pair is worth its points plus the prices of the crossing floors that count it. chosen has a byte
 * per pair. *bound proves the largest value of that, deficits of members and groups counted by worth, over listed pairs
 * and those kept back; short_of (per member of side 0, may be NULL) receives 1 where a pair kept back could help. */
gboolean dj_cover_flow(const DjCoverProblem *problem, gint64 worth, const gint64 *price, guint8 *chosen, gint64 *bound,
                       guint8 *short_of, GError **error);

/* Cutting planes of a function L of n prices >= 0 that is the maximum of planes; each known plane is
 * height + sum slope[i] * price[i]. Finds the prices, at most `box`, where the known planes' maximum is least. */
typedef struct DjCoverMaster DjCoverMaster;
DjCoverMaster *dj_cover_master_new(guint n);
void dj_cover_master_free(DjCoverMaster *master);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjCoverMaster, dj_cover_master_free)
void dj_cover_master_add(DjCoverMaster *master, gint64 height, const gint64 *slope);
/* price receives rounded values; *least the maximum there, rounded down. */
gboolean dj_cover_master_solve(DjCoverMaster *master, gint64 box, gint64 *price, gint64 *least, GError **error);

G_END_DECLS
