/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of a model, for training and applying only. All arrays are owned by the model. */
#ifndef DJ_SEMANTIC_MODEL_PRIVATE_H
#define DJ_SEMANTIC_MODEL_PRIVATE_H

#include "engine/semantic/apply.h"

struct DjSemanticModel {
    gint references;
    guint32 n_words;
    guint32 n_chars;
    guint32 n_common;
    char *text;            /* all words, one after the other */
    guint32 *text_offsets; /* n_words + 1 */
    guint32 *chars;        /* n_chars */
    gint8 *vectors;        /* (n_words + n_chars) * DJ_SEMANTIC_DIM */
    guint32 *strength;     /* n_words + n_chars */
    guint16 *need_weight;  /* n_words + n_chars */
    guint32 log_tf[DJ_SEMANTIC_MAX_TF + 1];
    gint32 common[DJ_SEMANTIC_MAX_COMMON][DJ_SEMANTIC_DIM];
};

/* A model with room for n_words words of text_size bytes together, all zero; NULL when memory is short. */
DjSemanticModel *dj_semantic_new(guint32 n_words, guint32 n_chars, gsize text_size);

/* The first half of dj_semantic_embed, which training needs to find the common directions: the normalised sum of the
 * words before those are taken out. FALSE when it is zero. */
gboolean dj_semantic_sum_words(const DjSemanticModel *model, const DjSemanticWeight *weights, gsize n_weights,
                               double out[DJ_SEMANTIC_DIM]);

#endif
