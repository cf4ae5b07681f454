/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/lexicon.h"
#include <string.h>

typedef struct {
    char **terms;
    guint32 *phrase;   /* number of each term's phrase */
    gboolean *context; /* per term */
    guint16 *chains;
    guint n_terms, n_chains;
    int weight;
} Entry;

struct DjLexicon {
    DjPhrases *phrases;
    GPtrArray *entries;   /* Entry */
    GPtrArray *by_phrase; /* GArray of guint: entries that hold the phrase */
    DjPhrases *empty;     /* words */
};

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_strfreev(entry->terms);
    g_free(entry->phrase);
    g_free(entry->context);
    g_free(entry->chains);
    g_free(entry);
}

DjLexicon *dj_lexicon_new(void)
{
    DjLexicon *lexicon = g_new0(DjLexicon, 1);
    lexicon->phrases = dj_phrases_new();
    lexicon->entries = g_ptr_array_new_with_free_func(entry_free);
    lexicon->by_phrase = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    lexicon->empty = dj_phrases_new();
    return lexicon;
}

void dj_lexicon_free(DjLexicon *lexicon)
{
    if (!lexicon)
        return;
    dj_phrases_free(lexicon->phrases);
    g_ptr_array_unref(lexicon->entries);
    g_ptr_array_unref(lexicon->by_phrase);
    dj_phrases_free(lexicon->empty);
    g_free(lexicon);
}

void dj_lexicon_add(DjLexicon *lexicon, DjNormaliser *normaliser, const char *const *terms, int weight,
                    const char *const *context, const guint16 *chains, guint n_chains)
{
    Entry *entry = g_new0(Entry, 1);
    guint number = lexicon->entries->len;
    entry->n_terms = g_strv_length((char **)terms);
    entry->terms = g_strdupv((char **)terms);
    entry->phrase = g_new(guint32, entry->n_terms);
    entry->context = g_new0(gboolean, entry->n_terms);
    entry->chains = g_memdup2(chains, n_chains * sizeof *chains);
    entry->n_chains = n_chains;
    entry->weight = weight;
    for (guint i = 0; i < entry->n_terms; i++) {
        entry->phrase[i] = dj_phrases_add(lexicon->phrases, normaliser, terms[i]);
        entry->context[i] = context && g_strv_contains(context, terms[i]);
        if (entry->phrase[i] == DJ_PHRASE_NONE)
            continue;
        while (lexicon->by_phrase->len <= entry->phrase[i])
            g_ptr_array_add(lexicon->by_phrase, g_array_new(FALSE, FALSE, sizeof(guint)));
        g_array_append_val(lexicon->by_phrase->pdata[entry->phrase[i]], number);
    }
    g_ptr_array_add(lexicon->entries, entry);
}

void dj_lexicon_add_empty(DjLexicon *lexicon, DjNormaliser *normaliser, const char *word)
{
    dj_phrases_add(lexicon->empty, normaliser, word);
}

void dj_lexicon_each_term(const DjLexicon *lexicon, void (*visit)(const char *term, gpointer user), gpointer user)
{
    for (guint i = 0; i < lexicon->entries->len; i++) {
        const Entry *entry = lexicon->entries->pdata[i];
        for (guint t = 0; t < entry->n_terms; t++)
            visit(entry->terms[t], user);
    }
}

void dj_lexicon_seal(DjLexicon *lexicon)
{
    dj_phrases_seal(lexicon->phrases);
    dj_phrases_seal(lexicon->empty);
}

guint dj_lexicon_n_entries(const DjLexicon *lexicon)
{
    return lexicon->entries->len;
}

typedef struct {
    const DjLexicon *lexicon;
    const DjMembership *member;
    guint n_member;
    DjLexiconVisit visit;
    gpointer user;
} Expansion;

static gboolean at_home(const Expansion *expansion, const Entry *entry)
{
    for (guint i = 0; i < entry->n_chains; i++)
        for (guint j = 0; j < expansion->n_member; j++)
            if (entry->chains[i] == expansion->member[j].chain)
                return TRUE;
    return FALSE;
}

static void expand_hit(guint32 phrase, guint32 begin, guint32 end, gpointer user)
{
    const Expansion *expansion = user;
    const GArray *entries = expansion->lexicon->by_phrase->pdata[phrase];
    for (guint e = 0; e < entries->len; e++) {
        const Entry *entry = expansion->lexicon->entries->pdata[g_array_index(entries, guint, e)];
        gboolean home = at_home(expansion, entry);
        guint self = 0;
        while (entry->phrase[self] != phrase)
            self++;
        if (entry->context[self] && !home)
            continue;
        for (guint i = 0; i < entry->n_terms; i++)
            if (entry->phrase[i] != phrase && (!entry->context[i] || home))
                expansion->visit(entry->terms[i], entry->weight, begin, end, expansion->user);
    }
}

void dj_lexicon_expand(const DjLexicon *lexicon, DjNormaliser *normaliser, const char *text, const DjMembership *member,
                       guint n_member, DjLexiconVisit visit, gpointer user)
{
    Expansion expansion = {lexicon, member, n_member, visit, user};
    dj_phrases_scan(lexicon->phrases, normaliser, text, expand_hit, &expansion);
}

static void note_span(guint32 phrase, guint32 begin, guint32 end, gpointer user)
{
    (void)phrase;
    DjLexiconSpan span = {begin, end};
    g_array_append_val((GArray *)user, span);
}

void dj_lexicon_find_empty(const DjLexicon *lexicon, DjNormaliser *normaliser, const char *text, GArray *spans)
{
    dj_phrases_scan(lexicon->empty, normaliser, text, note_span, spans);
}
