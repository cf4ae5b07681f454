/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records and pairings as plain text for a terminal: what `duijie show` and `duijie why` print. Chinese, one fact per
 * line, nothing that the audience may not see. Appended to `out`, every line ends in '\n'. Safe from any thread. */
#pragma once
#include "engine/match/quality.h"
#include "engine/model/ipc_titles.h"
#include "engine/report/projection.h"

/* Label and value in words, in table order, of every field that has a value and may be seen; the strings are the
 * call's. Returns how many others there are. titles: of IPC codes, NULL = none. */
typedef void (*DjFactVisit)(const char *label, const char *value, gpointer user);
guint dj_record_each_fact(DjAudience audience, const DjRecord *record, const DjIpcTitles *titles, DjFactVisit visit,
                          gpointer user);

/* All fields that have a value and may be seen, in table order, then how many others there are. titles: of IPC codes,
 * NULL = none. */
void dj_record_text(GString *out, DjAudience audience, const DjRecord *record, const DjIpcTitles *titles);

/* Title lines, points that add up, rules, and what to ask. need: NULL for a question; enterprise may be NULL.
 * quality: of the patent, may be NULL. chain_name: of the home chain. now: day of the run. */
void dj_pairing_text(GString *out, DjAudience audience, const DjPairing *pairing, const DjRecord *need,
                     const DjRecord *patent, const DjRecord *enterprise, const DjQuality *quality,
                     const char *chain_name, int now);

/* Quality of a patent with its criteria, one per line. */
void dj_quality_text(GString *out, DjAudience audience, const DjQuality *quality);
