/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floors of coverage/floors.yaml over the enterprises, patents and pairings of a month, as groups and crossing
 * floors of a coverage. Internal to month_choose.
 *
 * On the enterprises' side city and area nest when every value of one lies in one value of the other; then both are
 * groups, else the one that the file names later crosses. On the patents' side, where deepening may bring new ones, the
 * kind that the file names first is the group. Chains and tiers belong to pairings and cross. */
#pragma once
#include "config/floors_file.h"
#include "engine/match/result.h"
#include "engine/plan/cover.h"

typedef struct DjMonthFloors DjMonthFloors;

/* floors, set and owed (enterprise key -> DjRecord) are borrowed. */
DjMonthFloors *dj_month_floors_new(const GArray *floors, const DjResultSet *set, GHashTable *owed);
void dj_month_floors_free(DjMonthFloors *floors);

/* Innermost group of a record of that side (may be NULL); groups (DjCoverNode) gets those that are new. */
guint dj_month_floors_group(DjMonthFloors *floors, int side, const DjRecord *record, GArray *groups);
/* Crossing floors that count the pairing, as DjCoverPair wants them; crossing (guint) gets those that are new. */
const guint *dj_month_floors_crossing(DjMonthFloors *floors, const DjRecord *enterprise, const DjRecord *patent,
                                      const DjPairing *pairing, GArray *crossing);
/* Counts a recommendation that was pushed before and still stands. */
void dj_month_floors_standing(DjMonthFloors *floors, const DjRecord *enterprise, const DjRecord *patent,
                              const DjPairing *pairing);
/* Adds what is owed to values that nobody has, and takes off what stands already. Once, after the lists are in. */
void dj_month_floors_settle(DjMonthFloors *floors, GArray *const groups[2], GArray *crossing);
/* DjFloorRow of every floor, by kind and value. */
GPtrArray *dj_month_floors_rows(const DjMonthFloors *floors, const DjCoverChoice *result);
