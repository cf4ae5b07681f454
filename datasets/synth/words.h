/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words and sentences of the generator. A word is a function of the seed, its space and its rank: nothing is stored. */
#pragma once
#include <glib.h>

/* splitmix64 (Steele, Lea, Flood 2014): state in, number out. */
typedef guint64 DjSynthRandom;
guint64 dj_synth_next(DjSynthRandom *random);
/* 0 … n - 1; n > 0. */
guint32 dj_synth_below(DjSynthRandom *random, guint32 n);
/* Independent stream for (seed, a, b). */
DjSynthRandom dj_synth_stream(guint64 seed, guint64 a, guint64 b);

typedef struct DjSynthWords DjSynthWords;

/* NULL with an error when this system's iconv does not know GB2312, which the characters come from. */
DjSynthWords *dj_synth_words_new(guint64 seed, GError **error);
void dj_synth_words_free(DjSynthWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjSynthWords, dj_synth_words_free)

/* What one record speaks about. */
typedef struct {
    guint topic; /* chain, from 0 */
    guint niche; /* subject within the topic: records of one niche share rare words */
    gboolean need;
} DjSynthSubject;

#define DJ_SYNTH_NICHES 250 /* per topic */

/* Distinct terms of one record so far. */
typedef struct DjSynthTerms DjSynthTerms;
DjSynthTerms *dj_synth_terms_new(void);
void dj_synth_terms_free(DjSynthTerms *terms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjSynthTerms, dj_synth_terms_free)
void dj_synth_terms_clear(DjSynthTerms *terms);
guint dj_synth_terms_count(const DjSynthTerms *terms);

/* Appends a title of a few words, counting its terms. */
void dj_synth_title(DjSynthWords *words, DjSynthRandom *random, const DjSynthSubject *subject, DjSynthTerms *terms,
                    GString *out);
/* Appends sentences until `terms` counts at least `target` terms. */
void dj_synth_body(DjSynthWords *words, DjSynthRandom *random, const DjSynthSubject *subject, DjSynthTerms *terms,
                   guint target, GString *out);
/* Appends a name of n characters that no other id below 500,000 has. */
void dj_synth_name(const DjSynthWords *words, guint32 id, guint n, GString *out);
