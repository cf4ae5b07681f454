/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Training of word vectors (词向量) from the user's own texts:
 *
 *   vocabulary   words in at least min_texts texts, the max_vocabulary most widespread of them, in byte order
 *   n_xy         co-occurrence within `window` words on each side, weight 1/distance, a word with itself skipped
 *   PPMI(x, y) = max(0, ln(n_xy / (n_x p_y))),  p_y = n_y^.75 / sum n^.75
 *   U            rows of the left singular vectors of the truncated decomposition, the singular values dropped
 *   characters   V_c = mean of U_w over the words w that hold the Han character c, weighted by sqrt(df_w)
 *   directions   U_w + composition * mean of V_c over the Han characters of w: words that share a character
 * lean towards each other, which steadies the rare ones. A word that was not learned is its characters idf_w      =
 * ln(T / df_w) over the T texts common       first right singular vectors of the matrix of all normalised texts, sum (1
 * + ln tf) idf_w U_w n(w)       = max(0, ln((M + 1) / (m_w + .5)) / ln(M + 1)), m_w of M need texts hold w
 *
 * Sources: Levy, Goldberg, Dagan, Improving distributional similarity with lessons learned from word embeddings, TACL
 * 2015 (PPMI, smoothed context distribution); Halko, Martinsson, Tropp, Finding structure with randomness, SIAM Review
 * 2011; Mu, Viswanath, All-but-the-top, ICLR 2018 (common directions).
 *
 * Limits. Memory: 4 bytes per kept word occurrence, 8 per non-zero of the PPMI matrix, 4.9 KB per vocabulary word
 * while the decomposition runs. Time is proportional to the non-zeros; when there are more than max_pairs of them, the
 * vocabulary is halved (the most widespread words stay) until it fits, and the statistics tell.
 *
 * The result depends on the texts, their order, the options and, in the last bits, on the CPU type and thread count
 * (BLAS); it is stored, and what is done with it is exact. A corpus without two words that co-occur gives a valid
 * model without words.
 *
 * Thread rule: a trainer belongs to one thread; it starts and joins its own. OpenBLAS's thread count is process-wide
 * and is set by dj_semantic_trainer_finish.
 */
#ifndef DJ_SEMANTIC_TRAIN_H
#define DJ_SEMANTIC_TRAIN_H

#include "engine/semantic/model.h"

G_BEGIN_DECLS

typedef enum {
    DJ_SEMANTIC_SUPPLY,
    DJ_SEMANTIC_NEED,  /* counts towards n(w) */
    DJ_SEMANTIC_OTHER, /* teaches words only: imported texts */
} DjSemanticRole;

/* `done` runs from 0 to 1 within a stage. Return FALSE to cancel: training then fails with G_IO_ERROR_CANCELLED. */
typedef gboolean (*DjSemanticProgress)(gpointer data, const char *stage, double done);

typedef struct {
    guint32 max_words_per_text; /* the rest of a text is not looked at */
    guint32 window;
    guint32 min_texts;
    guint32 max_vocabulary;
    guint64 max_occurrences; /* texts that would exceed it are left out and counted in the statistics */
    guint64 max_pairs;
    guint32 power_iterations;
    guint32 composition; /* hundredths; 0 leaves characters out of the model */
    guint32 n_common;    /* 0..DJ_SEMANTIC_MAX_COMMON */
    guint32 n_threads;
    guint64 seed;
    DjSemanticProgress progress; /* or NULL */
    gpointer progress_data;
} DjSemanticOptions;

typedef struct {
    guint32 n_texts;
    guint32 n_texts_left_out;
    guint64 n_occurrences;
    guint32 n_words;
    guint64 n_pairs;      /* non-zeros of the PPMI matrix */
    guint32 n_halvings;   /* of the vocabulary, to keep within max_pairs */
    guint32 n_dimensions; /* below DJ_SEMANTIC_DIM for a tiny corpus */
} DjSemanticStatistics;

typedef struct DjSemanticTrainer DjSemanticTrainer;

/* The recipe as measured: 400 words, window 8, 3 texts, 100,000 words, 60 M occurrences, 60 M pairs, 8 iterations, 3.
 */
void dj_semantic_options_init(DjSemanticOptions *options);

DjSemanticTrainer *dj_semantic_trainer_new(const DjSemanticOptions *options);
void dj_semantic_trainer_free(DjSemanticTrainer *trainer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjSemanticTrainer, dj_semantic_trainer_free)

/*
 * Adds one text as its words in order. The words are copied; what is empty or not UTF-8 never enters the vocabulary.
 * Fails only with G_IO_ERROR_NO_SPACE; a text left out for max_occurrences is not a failure.
 */
gboolean dj_semantic_trainer_add(DjSemanticTrainer *trainer, DjSemanticRole role, const DjSemanticWord *words,
                                 gsize n_words, GError **error);

/*
 * Trains. The trainer's texts are used up: free it afterwards. statistics may be NULL.
 * Fails with G_IO_ERROR_CANCELLED, G_IO_ERROR_NO_SPACE, or G_IO_ERROR_FAILED when LAPACK does not converge.
 */
DjSemanticModel *dj_semantic_trainer_finish(DjSemanticTrainer *trainer, DjSemanticStatistics *statistics,
                                            GError **error);

G_END_DECLS

#endif
