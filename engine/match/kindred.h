/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kindred words (相关词): which words of a need bring it close to a patent by the word vectors, though the patent does
 * not say them, and the word of the patent that is nearest to each in meaning: 隔膜 ~ 电解质膜.
 *
 * The vector of a text is a weighted sum of its words', so the product of need and patent is a sum over the words of
 * the need. Of what the vectors add to a pairing, a word's share is its positive part of that sum. Words that stand in
 * both texts are shown as such elsewhere, boilerplate and words that nobody may see are never named, and a pair that
 * shares a character is left to the shared words.
 *
 * Apart from the cosines of words (doubles, + - * / sqrt) all is integers. A DjKindred belongs to one thread; what
 * depends on the need alone is prepared once. */
#pragma once
#include "engine/match/need.h"

#define DJ_KINDRED_MOST 3 /* pairs per pairing */

typedef struct DjKindred DjKindred;

/* model is borrowed for its life. */
DjKindred *dj_kindred_new(const DjModel *model);
void dj_kindred_free(DjKindred *kindred);

/* Words of the texts that anybody may see; those of the others count in the sum and are never named. What texts
 * point to is borrowed until the next call, texts themselves are not. */
void dj_kindred_set_need(DjKindred *kindred, DjQueryScratch *scratch, const DjQueryTools *tools,
                         const DjNeedText *texts, gsize n_texts);

/* From now on a patent's record stays as it is, at its address, for the life of kindred: what was read of it is kept,
 * within a bound of memory, and not read again. */
void dj_kindred_keep_patents(DjKindred *kindred);

/* Reads the words of a patent and fills the vector that the matrix holds of it. */
void dj_kindred_set_patent(DjKindred *kindred, DjAnalyzer *analyzer, const DjRecord *patent,
                           gint8 vector[DJ_SEMANTIC_DIM]);

/* A word of the patent. */
typedef struct {
    int field;
    guint32 begin, end; /* bytes in the field's text */
    guint32 n_chars;
    guint32 id; /* in the model, DJ_SEMANTIC_NO_WORD when it was not learned */
} DjKindredWord;

/* Words of one field of the patent, in reading order. */
const DjKindredWord *dj_kindred_words(const DjKindred *kindred, int field, guint *n);

typedef struct {
    const DjNeedText *need;       /* text that the word stands in */
    guint32 need_begin, need_end; /* bytes */
    const DjKindredWord *patent;  /* where it stands first */
    gint64 raw;                   /* its share of the total given */
} DjKindredPair;

/* The strongest words; total > 0 is what the vectors add to the pairing. Fills pairs, best first, valid until the next
 * patent or need; their shares add up to no more than total. Returns how many. */
guint dj_kindred_find(DjKindred *kindred, gint64 total, DjKindredPair pairs[DJ_KINDRED_MOST]);
