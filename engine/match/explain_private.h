/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of explaining share: splitting and weighing with the parts (explain.c), and the runs of words
 * that stand in both texts (explain_runs.c). */
#pragma once
#include "engine/match/explain.h"
#include "engine/match/kindred.h"

#define DJ_EXPLAIN_NONE G_MAXUINT32

/* A place of a bigram or plain run in a text. */
typedef struct {
    guint32 term;       /* index of the query term, DJ_EXPLAIN_NONE when the need does not have it */
    guint32 position;   /* normalised characters */
    guint32 begin, end; /* bytes */
} Place;

typedef struct {
    int field;
    const char *text;
    DjNeedSide side;
    DjPrivacy privacy;
    GArray *places;  /* Place, in text order */
    GArray *words;   /* guint32 pairs: position of the first character of each word, and of the one after its last */
    guint32 n_chars; /* terms of the other unit */
} Side;

/* A term that the lexicon brings for words of the need. */
typedef struct {
    char *text;
    guint need_text;    /* index of the side that says the other word */
    guint32 begin, end; /* that word, in bytes */
    GArray *places;     /* Place of the term's own bigrams */
} Related;

typedef struct {
    guint need_text, patent_text; /* indices of sides */
    guint32 need_at, patent_at;   /* first place */
    guint32 n;                    /* places */
    gint64 raw;                   /* sum of contributions */
    const Related *related;       /* NULL: the same words on both sides */
    guint32 skip, shown;          /* places before the shown phrase, and in it; 0 shown: only fragments of words */
} Run;

struct DjExplainer {
    DjQueryTools tools;
    DjQueryScratch scratch;
    const DjQuery *query;
    GHashTable *index; /* GBytes-like key -> term index + 1, keys borrowed from the query's arena through `keys` */
    GStringChunk *keys;
    GArray *need;    /* Side */
    GArray *related; /* Related */
    GArray *patent;  /* Side */
    GArray *tf;      /* guint32 per query term, hundredths */
    GArray *raw;     /* gint64 per query term: weight * impact * a */
    GArray *owner; /* guint8 per query term: DjPrivacy + 1 of the widest audience that sees it in the need; 0 = none */
    GArray *stat;  /* const DjTermStat * per query term, found once for all pairings of the need */
    gint64 dense_weight;
    DjKindred *kindred;
};

/* Index of a term of the need, DJ_EXPLAIN_NONE when it has no such term. */
guint32 dj_explain_find_term(const DjExplainer *explainer, DjLexUnit unit, const char *bytes, guint32 length);

/* Fills side->words: what may begin and end a shown phrase. */
void dj_explain_split_words(DjExplainer *explainer, Side *side);

/* The longest runs of places that stand in both texts (Run, heaviest first). Their terms are taken out of
 * explainer->raw. Free with g_array_unref. */
GArray *dj_explain_find_runs(DjExplainer *explainer);
