/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Semantic model (语义模型): what training learned about words, in integers only, as bytes that can be stored and
 * hashed.
 *
 *   words        the vocabulary, distinct, in ascending byte order; a word id is its index
 *   vectors      int8 [n_words][DJ_SEMANTIC_DIM]: direction of each word, its largest entry +-127
 *   strength     per word: idf * length of the direction, as an integer below 2^DJ_SEMANTIC_STRENGTH_BITS with one
 * scale for all words (only ratios matter, the sum is normalised) need_weight  per word: n(w) in 0..65535, the
 * need-side idf that mutes boilerplate (套话) of need texts log_tf       1 + ln(tf) in 16.16 fixed point for tf
 * = 1..DJ_SEMANTIC_MAX_TF; larger counts use the last entry common       int32 [n_common][DJ_SEMANTIC_DIM] in units of
 * 2^-30: orthonormal directions that all texts share and that are taken out of every vector
 *
 * Logarithms are computed in training and stored here, because libm's log differs in bits between systems.
 *
 * The byte form is little-endian: magic, version, counts, then the arrays in the order above. It is a pure function of
 * the content. A model is immutable and may be shared by threads.
 */
#ifndef DJ_SEMANTIC_MODEL_H
#define DJ_SEMANTIC_MODEL_H

#include <glib.h>

G_BEGIN_DECLS

#define DJ_SEMANTIC_DIM           256
#define DJ_SEMANTIC_STRENGTH_BITS 20
#define DJ_SEMANTIC_MAX_TF        64
#define DJ_SEMANTIC_MAX_COMMON    8
#define DJ_SEMANTIC_NO_WORD       G_MAXUINT32

typedef struct DjSemanticModel DjSemanticModel;

/* A word as a slice of somebody's buffer, not terminated. */
typedef struct {
    const char *bytes;
    guint32 length;
} DjSemanticWord;

DjSemanticModel *dj_semantic_ref(DjSemanticModel *model);
void dj_semantic_unref(DjSemanticModel *model); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjSemanticModel, dj_semantic_unref)

/* New bytes, owned by the caller. */
GBytes *dj_semantic_serialize(const DjSemanticModel *model);

/* Checks every count, offset and order before it believes them; G_IO_ERROR_INVALID_DATA says which one is wrong. */
DjSemanticModel *dj_semantic_parse(GBytes *bytes, GError **error);

guint32 dj_semantic_get_n_words(const DjSemanticModel *model);

/* Id of the word, or DJ_SEMANTIC_NO_WORD. Binary search. */
guint32 dj_semantic_find_word(const DjSemanticModel *model, const char *bytes, gsize length);

DjSemanticWord dj_semantic_get_word(const DjSemanticModel *model, guint32 word);

/* Ids that one word can stand for. */
#define DJ_SEMANTIC_MAX_PARTS 8

/*
 * The ids that stand for a word: its own, or, when it was not learned, those of its first Han characters that the model
 * knows. Returns how many, 0..DJ_SEMANTIC_MAX_PARTS. A text is embedded by counting these ids.
 */
guint dj_semantic_look_up(const DjSemanticModel *model, const char *bytes, gsize length,
                          guint32 ids[DJ_SEMANTIC_MAX_PARTS]);

/* DJ_SEMANTIC_DIM entries, owned by the model. Not normalised: compare directions. */
const gint8 *dj_semantic_get_vector(const DjSemanticModel *model, guint32 word);

/* n(w) in 0..65535, 65535 for a word that no need text holds. */
guint16 dj_semantic_get_need_weight(const DjSemanticModel *model, guint32 word);

/* 1 + ln(tf) in 16.16 fixed point; 0 for tf = 0. */
guint32 dj_semantic_get_log_tf(const DjSemanticModel *model, guint32 tf);

G_END_DECLS

#endif
