/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sparse matrix of co-occurrence, as PPMI and its transpose at once. Internal to engine/semantic. */
#ifndef DJ_SEMANTIC_COOCCURRENCE_H
#define DJ_SEMANTIC_COOCCURRENCE_H

#include <glib.h>

#define DJ_NO_WORD G_MAXUINT32

/* Texts as ids 0..n_words-1 one after the other; DJ_NO_WORD keeps the place of a word outside the vocabulary. */
typedef struct {
    const guint32 *ids;
    const guint64 *text_offsets; /* n_texts + 1 */
    guint32 n_texts;
    guint32 n_words;
} DjOccurrences;

/*
 * ln n_xy is symmetric, PPMI is not (only the context probability is smoothed). So one symmetric matrix is kept and
 * both products are derived:  PPMI(x, y) = max(0, value(x, y) - row_log[x] - context_log[y]).
 * Entries that are zero in both directions are not stored.
 */
typedef struct {
    guint32 n;
    guint64 *rows; /* n + 1 */
    guint32 *columns;
    float *values;      /* ln n_xy */
    float *row_log;     /* ln n_x */
    float *context_log; /* ln p_y */
} DjPpmi;

void dj_ppmi_clear(DjPpmi *ppmi);

/*
 * Counts and fills *ppmi. *too_many is set, and nothing is filled, when there are more than max_pairs entries. Fails
 * with G_IO_ERROR_NO_SPACE.
 */
gboolean dj_ppmi_build(DjPpmi *ppmi, const DjOccurrences *texts, guint32 window, guint64 max_pairs, gboolean *too_many,
                       GError **error);

#endif
