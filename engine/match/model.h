/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model (模型): what `duijie train` learned from the records, stored as a fact with a hash, and used by every build
 * and match until the next training. Statistics are integers; a score never depends on the machine.
 *
 *   impact of term t in document d    w = idf(t) * tf (k1 + 1) / (tf + k1 (1 - b + b * length / average))
 *   stored as                         u8 = max(1, round(255 w / largest)), at most 255
 *   idf(t) = ln(1 + (N - df + .5) / (df + .5))            BM25, Robertson and Zaragoza 2009
 *   n(t)   = max(0, ln((M + 1) / (m + .5)) / ln(M + 1))   need-side weight: mutes boilerplate, M need texts, m with t
 *   variance of a term's impact over all N documents (0 where it is absent): predicts a need's deviation of scores
 *
 * A term that the model has not seen has df 0 and m 0. A DjModel is read-only and may be shared by threads. */
#pragma once
#include "engine/match/document.h"
#include "engine/match/pack.h"
#include "engine/semantic/apply.h"

typedef struct {
    guint32 idf;      /* 16.16 */
    guint32 need;     /* n(t), 16.16 */
    guint32 variance; /* of the u8 impact, 16.16 */
} DjTermStat;

typedef struct {
    DjPack pack;
    char *hash;      /* sha256 of the bytes */
    DjStrings terms; /* unit letter and term */
    const DjTermStat *stats;
    DjTermStat unseen;
    gint64 n_docs, n_needs;
    guint32 average_length[DJ_N_LEX_UNITS]; /* hundredths */
    guint32 largest;                        /* impact that becomes 255, 16.16 */
    DjScoring scoring;                      /* document side only: weights, k1, b */
    DjSemanticModel *semantic;              /* NULL: trained without word vectors */
} DjModel;

DjModel *dj_model_parse(GBytes *bytes, GError **error);
void dj_model_free(DjModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjModel, dj_model_free)

/* key: unit letter and term. */
const DjTermStat *dj_model_find(const DjModel *model, const char *key, gsize length);
/* tf and length in hundredths. The raw impact is the formula above; the other is its stored form. */
double dj_model_raw_impact(const DjModel *model, const DjTermStat *stat, guint32 tf, guint32 length, DjLexUnit unit);
guint8 dj_model_impact(const DjModel *model, const DjTermStat *stat, guint32 tf, guint32 length, DjLexUnit unit);

/* Vector of a document from its words; zero where there is no model of words or no known word. learned (may be NULL)
 * gets the id of each word, DJ_SEMANTIC_NO_WORD for one that was not learned. */
void dj_model_embed_words(const DjModel *model, const DjTerm *words, gsize n, guint32 *learned,
                          gint8 out[DJ_SEMANTIC_DIM]);

/* ---- learning the lexical part ---- */

typedef struct DjModelBuilder DjModelBuilder;
DjModelBuilder *dj_model_builder_new(const DjScoring *scoring);
void dj_model_builder_free(DjModelBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjModelBuilder, dj_model_builder_free)
void dj_model_builder_add_doc(DjModelBuilder *builder, const DjDocument *document);
/* Distinct terms of one need text: bigrams and characters of text as the analyser splits it (repeats are counted once).
 */
void dj_model_builder_add_need(DjModelBuilder *builder, DjAnalyzer *analyzer, const char *const *texts, gsize n_texts);
/* semantic may be NULL. The same input gives the same bytes. */
GBytes *dj_model_builder_finish(DjModelBuilder *builder, const DjSemanticModel *semantic, GError **error);
