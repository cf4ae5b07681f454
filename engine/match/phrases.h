/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of phrases and where they stand in a text: at each place from the left the longest phrase wins and hides what
 * it overlaps, so 葡萄糖 does not count as 葡萄. Comparison is on normalised text (folded). A phrase that begins or
 * ends with a Latin letter or digit needs a word border there. Sealed sets are read-only and may be shared by threads.
 */
#pragma once
#include "engine/text/normal.h"

typedef struct DjPhrases DjPhrases;

DjPhrases *dj_phrases_new(void);
void dj_phrases_free(DjPhrases *phrases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPhrases, dj_phrases_free)

/* Number of the phrase: the same one for phrases that are equal when normalised. DJ_PHRASE_NONE for one without any
 * character. */
#define DJ_PHRASE_NONE G_MAXUINT32
guint32 dj_phrases_add(DjPhrases *phrases, DjNormaliser *normaliser, const char *text);
/* Builds the search table. */
void dj_phrases_seal(DjPhrases *phrases);

/* Calls hit for every phrase of the text, left to right, with its place in bytes. */
typedef void (*DjPhraseHit)(guint32 phrase, guint32 begin, guint32 end, gpointer user);
void dj_phrases_scan(const DjPhrases *phrases, DjNormaliser *normaliser, const char *text, DjPhraseHit hit,
                     gpointer user);
