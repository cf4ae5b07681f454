/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lexicon (词典): terms that stand for each other, and empty words. A need that says 锂电池 also asks for LIB, for
 * less than if it had said so; 要么 and 行业领先 ask for nothing. Data in config/lexicon; filled by the loader, then
 * sealed: read-only, may be shared by threads. */
#pragma once
#include "engine/match/chain.h"
#include "engine/match/phrases.h"

typedef struct DjLexicon DjLexicon;

DjLexicon *dj_lexicon_new(void);
void dj_lexicon_free(DjLexicon *lexicon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjLexicon, dj_lexicon_free)

/* terms: NULL-terminated, two or more. weight 1..100: what a match is worth against the same word (100 = the same
 * thing). context: terms of the entry that stand for the others only in a record of one of the chains; may be NULL. */
void dj_lexicon_add(DjLexicon *lexicon, DjNormaliser *normaliser, const char *const *terms, int weight,
                    const char *const *context, const guint16 *chains, guint n_chains);
/* A word that says nothing of what is wanted. */
void dj_lexicon_add_empty(DjLexicon *lexicon, DjNormaliser *normaliser, const char *word);
void dj_lexicon_seal(DjLexicon *lexicon);
guint dj_lexicon_n_entries(const DjLexicon *lexicon);
/* Every term of every entry, as written. */
void dj_lexicon_each_term(const DjLexicon *lexicon, void (*visit)(const char *term, gpointer user), gpointer user);

/* For every term of the lexicon in text calls visit with each other term of its entry. member: chains of the record. */
typedef void (*DjLexiconVisit)(const char *term, int weight, guint32 begin, guint32 end, gpointer user);
void dj_lexicon_expand(const DjLexicon *lexicon, DjNormaliser *normaliser, const char *text, const DjMembership *member,
                       guint n_member, DjLexiconVisit visit, gpointer user);

/* Where empty words stand in a text, in bytes. */
typedef struct {
    guint32 begin, end;
} DjLexiconSpan;

/* Appends those of text to spans (DjLexiconSpan): apart, ascending. */
void dj_lexicon_find_empty(const DjLexicon *lexicon, DjNormaliser *normaliser, const char *text, GArray *spans);
