/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probable duplicates (疑似重复): pairs of texts that share most of their two-character pieces. Proposed with evidence,
 * decided by a person.
 *
 *   likeness(x, y) = |X ∩ Y| / |X ∪ Y| over the sets of bigrams of the folded texts without punctuation (Jaccard)
 *
 * Exact: candidates come from an index of rare bigrams that any pair of that likeness must share (prefix filter:
 * Chaudhuri, Ganti and Kaushik, ICDE 2006), and each is counted in full. The same texts give the same pairs. Belongs to
 * one thread. */
#pragma once
#include "engine/text/normal.h"

typedef struct DjDuplicates DjDuplicates;

DjDuplicates *dj_duplicates_new(GError **error);
void dj_duplicates_free(DjDuplicates *duplicates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjDuplicates, dj_duplicates_free)

/* Texts are numbered from 0 in the order of adding. One with fewer than two characters is like nothing. */
void dj_duplicates_add(DjDuplicates *duplicates, const char *text);

typedef struct {
    guint a, b; /* a < b */
    guint shared, all;
} DjLikeness;

/* Appends every pair of at least `permille` (1 to 1000) thousandths, by a, then b. */
void dj_duplicates_find(const DjDuplicates *duplicates, guint permille, GArray *out);
