/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words to suggest (联想词): those of the public titles of patents and of the lexicon, nothing else, so that a
 * suggestion can never repeat what somebody told in confidence. Read-only when made; shared by threads, each with an
 * analyser of its own. */
#pragma once
#include "engine/match/lexicon.h"
#include "engine/match/match.h"
#include "engine/text/analyzer.h"

typedef struct DjSuggestWords DjSuggestWords;

/* Reads the titles of all patents. lexicon is borrowed. */
DjSuggestWords *dj_suggest_words_new(const DjRecordSource *records, const DjLexicon *lexicon, GError **error);
void dj_suggest_words_free(DjSuggestWords *words);

/* How the end of text may go on: words that begin with the longest end of it that begins any, most frequent first, at
 * most `most`. *replaced: bytes at the end of text that each word stands for. Borrowed words; free the array. */
GPtrArray *dj_suggest_words_complete(const DjSuggestWords *words, const char *text, guint most, gsize *replaced);

/* Words that text lacks and that could be added to it: what the lexicon has for its words, then words that two or more
 * of the titles share and few other titles have. Of char *, free the array. */
GPtrArray *dj_suggest_words_related(const DjSuggestWords *words, DjAnalyzer *analyzer, const char *text,
                                    const GPtrArray *titles, guint most, GError **error);
