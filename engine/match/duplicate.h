/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that say the same (疑似重复): pairs that share most of their pieces, proposed with evidence for a person to
 * decide, or gathered under the first text that they are like.
 *
 *   likeness(x, y) = |X ∩ Y| / |X ∪ Y| over the sets of pieces (so many characters in a row) of the folded texts
 * without punctuation (Jaccard)
 *
 * Exact but for pieces whose 32-bit hashes collide: candidates come from an index of rare pieces that any pair of that
 * likeness must share (prefix filter: Chaudhuri, Ganti and Kaushik, ICDE 2006), and each is counted in full. The same
 * texts in the same order give the same answer. Memory: 4 bytes per distinct piece of a text. Belongs to one thread. */
#pragma once
#include "engine/text/normal.h"

typedef struct DjDuplicates DjDuplicates;

/* piece: characters of a piece, 2 to 8. */
DjDuplicates *dj_duplicates_new(guint piece, GError **error);
void dj_duplicates_free(DjDuplicates *duplicates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjDuplicates, dj_duplicates_free)

/* Texts are numbered from 0 in the order of adding. One with fewer characters than a piece has is like nothing. */
void dj_duplicates_add(DjDuplicates *duplicates, const char *text);

typedef struct {
    guint a, b; /* a < b */
    guint shared, all;
} DjLikeness;

/* Appends every pair of at least `permille` (1 to 1000) thousandths, by a, then b. */
void dj_duplicates_find(const DjDuplicates *duplicates, guint permille, GArray *out);

/* first[t] receives the number of the first text that t is like and that is like no earlier one itself, t where there
 * is none: so whatever stands under one text is like that text, and likeness is never handed on from text to text.
 * Texts of fewer than `least` pieces are too short to tell and stand alone. */
void dj_duplicates_lead(const DjDuplicates *duplicates, guint permille, guint least, guint32 *first);
