/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words of a field mean something to whatever reads it later: names of industry chains, states, words of the
 * gate. A value that is none of them is kept as it was written, with a warning: it would be taken for something else
 * without a word. The words are those of the code and the configuration that interpret them, see
 * config/glossary_file.h. Constant once filled, then safe from any thread. */
#pragma once
#include "engine/match/chain.h"
#include "engine/match/rule.h"

typedef struct DjGlossary DjGlossary;
DjGlossary *dj_glossary_new(void);
void dj_glossary_free(DjGlossary *glossary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjGlossary, dj_glossary_free)

/* offered: messages advise to write it, in the order of these calls. A field without an offered word takes any. */
void dj_glossary_add(DjGlossary *glossary, const DjField *field, const char *word, gboolean offered);
/* Takes both. The fields of declared chains know the chains of the taxonomy, a field with words those that the tests of
 * the rules name. suggest: the nearest of some words, NULL = none is near; may be NULL. */
void dj_glossary_set_chains(DjGlossary *glossary, DjTaxonomy *taxonomy,
                            const char *(*suggest)(const char *word, const char *const *words));
void dj_glossary_set_rules(DjGlossary *glossary, DjRuleSet *rules);
/* Appends what tells one set of words from another. */
void dj_glossary_sign(const DjGlossary *glossary, GString *out);

/* value: canonical. NULL where all of it is known, else what to write instead, in Chinese; free it. */
char *dj_glossary_complain(const DjGlossary *glossary, const DjField *field, const char *value);
