/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers that ranking depends on, as plain integers (hundredths unless said otherwise), so that every machine
 * computes the same. config/ fills a DjScoring from the settings; dj_scoring_default() gives the shipped values.
 * Source of the recipe and of the values: the measured study summarised in bench/README.md, section quality. */
#pragma once
#include <glib.h>

/* Fields of a patent that are indexed. The letter is the first of the index prefix (engine/search/search.h). */
typedef enum {
    DJ_DOC_TITLE,     /* T */
    DJ_DOC_ABSTRACT,  /* A */
    DJ_DOC_CLAIM,     /* C */
    DJ_DOC_FIELDS,    /* F application fields */
    DJ_DOC_PRODUCTS,  /* P */
    DJ_DOC_KEYWORDS,  /* K */
    DJ_DOC_ADVANTAGE, /* V advantage and indicators */
    DJ_N_DOC_FIELDS
} DjDocField;

/* Units of the lexical channel. */
typedef enum { DJ_LEX_BIGRAM, DJ_LEX_CHAR, DJ_N_LEX_UNITS } DjLexUnit;

typedef struct {
    /* documents: part of the model, because its statistics were taken under them */
    int doc_weight[DJ_N_DOC_FIELDS]; /* tf counts this much per occurrence */
    int k1, b;                       /* BM25 */
    /* needs */
    int char_weight;            /* single characters against bigrams */
    int title_k3;               /* saturation of title tf: f (k + 1) / (f + k) */
    int content_k3;             /* saturation of content tf */
    int content_weight;         /* content against title */
    int lexicon_weight;         /* a word that only the lexicon brings against one that the need says */
    int semantic_weight;        /* cosine 1 is worth this many deviations of the lexical score, in hundredths */
    int semantic_content;       /* content words against title words in the need's vector */
    gboolean boilerplate;       /* weight content terms by n(t), learned from the need library */
    gboolean lexical, semantic; /* channels */
    /* features outside the kernel, in points; their sum is the bound B */
    int chain_points, ipc_points, indicator_points;
    int quality_points; /* 0: quality is shown and changes no order */
    /* lists */
    int points_per_deviation; /* a total of one deviation of the lexical score is this many points */
    int min_score;            /* lists begin here, 0 to 100 */
} DjScoring;

DjScoring dj_scoring_default(void);
char dj_doc_field_letter(DjDocField field);

/* One deviation of the lexical score is this much of a total (fixed point). */
#define DJ_TOTAL_ONE (G_GINT64_CONSTANT(1) << 24)
