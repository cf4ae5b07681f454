/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A need (技术需求), or a free question, as weighted terms and one vector: what the kernel multiplies with documents.
 *
 *   q(t) = s(tf in title, k3) + content_weight * s(tf in content, k3') * n(t),   s(f, k) = f (k + 1) / (f + k)
 *          + lexicon_weight * weight of the entry * (the same with tf 1), for terms that only the lexicon brings
 *   single characters count char_weight; weights become u8 by 255 / largest q of this need
 *   a    = DJ_TOTAL_ONE / sigma,  sigma^2 = sum over terms of q^2 * variance(t)
 *   b    = semantic_weight * DJ_TOTAL_ONE / scale^2 of the vectors
 *
 * What lies within an empty word of the lexicon is no term of the need, in either channel.
 * a comes from the model and the need alone, so chains, gates and new patents move no other score. */
#pragma once
#include "engine/match/lexicon.h"
#include "engine/match/model.h"

typedef enum { DJ_NEED_SIDE_TITLE, DJ_NEED_SIDE_CONTENT } DjNeedSide;

/* One text of a need. */
typedef struct {
    const char *text;
    int field; /* index in the need table, -1 = free question */
    DjNeedSide side;
    DjPrivacy privacy;
} DjNeedText;

/* What needs are turned into queries with; borrowed, read-only, may be shared by threads. */
typedef struct {
    const DjModel *model;
    const DjLexicon *lexicon; /* NULL = none */
    const DjScoring *scoring;
} DjQueryTools;

typedef struct {
    const char *key; /* unit letter and term, owned by the query */
    guint32 length;
    guint8 weight; /* u8 need weight, may be 0 */
    DjLexUnit unit;
    gboolean related; /* only the lexicon brings it */
} DjQueryTerm;

typedef struct {
    GString *arena;
    GArray *terms; /* DjQueryTerm, ascending by key */
    gint8 vec[DJ_SEMANTIC_DIM];
    gboolean has_vec;
    gint64 a;
    gint64 self_total; /* total of the need matched with its own text as a document */
} DjQuery;

void dj_query_init(DjQuery *query);
void dj_query_clear(DjQuery *query);

/* The texts of a need record that take part in matching; at most DJ_NEED_MAX_TEXTS. Borrowed from the record. */
#define DJ_NEED_MAX_TEXTS 8
gsize dj_need_texts(const DjRecord *need, DjNeedText out[DJ_NEED_MAX_TEXTS]);
/* An enterprise without a need: its main product is the title, its field the content. */
gsize dj_enterprise_texts(const DjRecord *enterprise, DjNeedText out[DJ_NEED_MAX_TEXTS]);
/* A free question: up to its first line break, or all of a short one, is the title. *title is a copy to free. */
gsize dj_question_texts(const char *text, char **title, DjNeedText out[DJ_NEED_MAX_TEXTS]);

/* Scratch of one thread. */
typedef struct {
    DjAnalyzer *analyzer;
    DjNormaliser *normaliser;
    GArray *spans; /* DjLexiconSpan */
    GArray *terms; /* DjTerm */
} DjQueryScratch;
gboolean dj_query_scratch_init(DjQueryScratch *scratch, GError **error);
void dj_query_scratch_clear(DjQueryScratch *scratch);

/* Terms of a need's text: what dj_analyzer_split gives, without those that lie within an empty word of the lexicon
 * (while boilerplate is muted). Valid until the next split with scratch. */
const DjTerm *dj_need_split(DjQueryScratch *scratch, const DjQueryTools *tools, const char *text, guint units,
                            gsize *n_terms);

/* Fills query (cleared first). member: chains of the need, for terms of the lexicon that mean something only there. A
 * need without any term gives a query without terms. */
void dj_query_fill(DjQuery *query, DjQueryScratch *scratch, const DjQueryTools *tools, const DjNeedText *texts,
                   gsize n_texts, const DjMembership *member, guint n_member);

/* Words of the texts with their weights in the need's vector (DjSemanticWeight, distinct, in order of appearance); the
 * model must have words. Free with g_array_unref. */
GArray *dj_need_word_weights(DjQueryScratch *scratch, const DjQueryTools *tools, const DjNeedText *texts,
                             gsize n_texts);

/* Weight of one unit of cosine in a total; 0 when the channel is off or the model has no words. */
gint64 dj_query_dense_weight(const DjModel *model, const DjScoring *scoring);
