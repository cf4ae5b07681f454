/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words with weights -> one int8 vector of DJ_SEMANTIC_DIM entries, the same bits on every machine.
 *
 *   v = sum over words of weight * strength * direction         exact, in 64-bit integers, so the order does not matter
 *   v = v / |v|;  v = v - sum (v . c) c  over the common directions;  v = v / |v|      double, only + - * / sqrt
 *   out = round(DJ_SEMANTIC_SCALE * v), clipped to +-127
 *
 * Hence for two outputs a and b: cosine = a . b / DJ_SEMANTIC_SCALE^2 up to rounding, and |a . b| < 2^22 fits int32.
 * Training rotates the space at random, which spreads the length over all coordinates (deviation 1/16 each): 127 / 400
 * is five deviations, so clipping is rare and harmless.
 *
 * Thread rule: pure functions of an immutable model.
 */
#ifndef DJ_SEMANTIC_APPLY_H
#define DJ_SEMANTIC_APPLY_H

#include "engine/semantic/model.h"

G_BEGIN_DECLS

#define DJ_SEMANTIC_SCALE 400

/* Weights are 16.16 fixed point below 16; larger ones count as the largest. */
#define DJ_SEMANTIC_ONE        (1u << 16)
#define DJ_SEMANTIC_MAX_WEIGHT ((16u << 16) - 1)

/* More words than this in one text are not looked at, which keeps the sums within 64 bits. */
#define DJ_SEMANTIC_MAX_WORDS 65536

typedef struct {
    guint32 word; /* id of a word or character; DJ_SEMANTIC_NO_WORD is skipped. A word may occur several times: its
                     weights add up */
    guint32 weight;
} DjSemanticWeight;

/* Fills out; all zero, and FALSE, when no word has a vector (its cosine with everything is 0). */
gboolean dj_semantic_embed(const DjSemanticModel *model, const DjSemanticWeight *weights, gsize n_weights,
                           gint8 out[DJ_SEMANTIC_DIM]);

/* a . b of two embeddings. The kernel has fast variants of the same sum; this one is for single pairs. */
gint32 dj_semantic_dot(const gint8 a[DJ_SEMANTIC_DIM], const gint8 b[DJ_SEMANTIC_DIM]);

/* What a word of this weight (16.16) adds to the product with a direction: 2^-16 weight * strength * (vector .
 * direction). Exact, below 2^47. */
gint64 dj_semantic_get_product(const DjSemanticModel *model, guint32 word, guint32 weight,
                               const gint8 direction[DJ_SEMANTIC_DIM]);

/* Cosine of two words' directions in thousandths, -1000..1000, for evidence such as 隔膜 ~ 电解质膜. */
gint32 dj_semantic_get_similarity(const DjSemanticModel *model, guint32 a, guint32 b);

G_END_DECLS

#endif
