/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changed since the month before, and why.
 *
 * The state of a pair is its place on its need's list, 0 when it is not listed. For a pair whose state changed, one
 * class of input after the other is put back to the month before; the first that restores the state is the cause:
 *
 *   patent       its own patent's record               need         needs and enterprises
 *   gate         rules and day, for its own patent     decision     what people decided
 *   taxonomy, lexicon, model, weights                  competitors  records and gates of all other patents
 *   combined     none alone; detail names those that move it
 *
 * Putting a class back is one run for all pairs, and only for classes that differ: the own patent's revert takes the
 * pair's total from that run and places it among this month's competitors, because records of other patents move no
 * total. */
#pragma once
#include "app/month.h"
#include "engine/report/month.h"

/* Appends DjChange for every pair on either month's lists, by need, then place. */
gboolean dj_month_diff(DjMonthRunner *runner, const DjMonthVersion *before, const DjMonthVersion *now,
                       const DjResultSet *set_before, const DjResultSet *set_now, GPtrArray *changes, GError **error);
/* Without a month before: everything is new, of cause `first`. */
void dj_month_diff_first(const DjResultSet *set_now, GPtrArray *changes);
