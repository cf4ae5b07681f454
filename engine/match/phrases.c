/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/phrases.h"
#include <string.h>

typedef struct {
    gunichar *text;
    guint32 length, number;
} Phrase;

struct DjPhrases {
    GArray *list;      /* Phrase; after sealing by first character, longest first */
    GHashTable *known; /* normalised UTF-8 -> number + 1 */
    GHashTable *first; /* first character -> index of its first phrase + 1 */
};

static void phrase_clear(gpointer data)
{
    g_free(((Phrase *)data)->text);
}

DjPhrases *dj_phrases_new(void)
{
    DjPhrases *phrases = g_new0(DjPhrases, 1);
    phrases->list = g_array_new(FALSE, FALSE, sizeof(Phrase));
    g_array_set_clear_func(phrases->list, phrase_clear);
    phrases->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    phrases->first = g_hash_table_new(NULL, NULL);
    return phrases;
}

void dj_phrases_free(DjPhrases *phrases)
{
    if (!phrases)
        return;
    g_array_unref(phrases->list);
    g_hash_table_unref(phrases->known);
    g_hash_table_unref(phrases->first);
    g_free(phrases);
}

guint32 dj_phrases_add(DjPhrases *phrases, DjNormaliser *normaliser, const char *text)
{
    gsize n;
    const DjNormalChar *chars = dj_normaliser_run(normaliser, text, -1, &n);
    if (n == 0)
        return DJ_PHRASE_NONE;
    Phrase phrase = {.text = g_new(gunichar, n), .length = (guint32)n, .number = phrases->list->len};
    GString *key = g_string_new(NULL);
    for (gsize i = 0; i < n; i++) {
        phrase.text[i] = chars[i].c;
        g_string_append_unichar(key, chars[i].c);
    }
    gpointer known = g_hash_table_lookup(phrases->known, key->str);
    if (known) {
        g_free(phrase.text);
        g_string_free(key, TRUE);
        return GPOINTER_TO_UINT(known) - 1;
    }
    g_hash_table_insert(phrases->known, g_string_free(key, FALSE), GUINT_TO_POINTER(phrase.number + 1));
    g_array_append_val(phrases->list, phrase);
    return phrase.number;
}

static gint compare_phrases(gconstpointer a, gconstpointer b)
{
    const Phrase *x = a, *y = b;
    if (x->text[0] != y->text[0])
        return x->text[0] < y->text[0] ? -1 : 1;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

void dj_phrases_seal(DjPhrases *phrases)
{
    g_array_sort(phrases->list, compare_phrases);
    for (guint i = 0; i < phrases->list->len; i++) {
        gpointer first = GUINT_TO_POINTER(g_array_index(phrases->list, Phrase, i).text[0]);
        if (!g_hash_table_contains(phrases->first, first))
            g_hash_table_insert(phrases->first, first, GUINT_TO_POINTER(i + 1));
    }
}

static gboolean is_latin(gunichar c)
{
    return c < 0x80 && g_ascii_isalnum((char)c);
}

static gboolean stands_at(const Phrase *phrase, const DjNormalChar *chars, gsize at, gsize n)
{
    gsize end = at + phrase->length;
    if (end > n || (end < n && is_latin(chars[end - 1].c) && is_latin(chars[end].c)))
        return FALSE;
    for (guint32 i = 1; i < phrase->length; i++)
        if (phrase->text[i] != chars[at + i].c)
            return FALSE;
    return TRUE;
}

void dj_phrases_scan(const DjPhrases *phrases, DjNormaliser *normaliser, const char *text, DjPhraseHit hit,
                     gpointer user)
{
    gsize n;
    const DjNormalChar *chars = dj_normaliser_run(normaliser, text, -1, &n);
    for (gsize at = 0; at < n;) {
        gboolean inside_word = at > 0 && is_latin(chars[at].c) && is_latin(chars[at - 1].c);
        guint first =
            inside_word ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(phrases->first, GUINT_TO_POINTER(chars[at].c)));
        const Phrase *found = NULL;
        for (guint i = first; first > 0 && i <= phrases->list->len && !found; i++) {
            const Phrase *phrase = &g_array_index(phrases->list, Phrase, i - 1);
            if (phrase->text[0] != chars[at].c)
                break;
            if (stands_at(phrase, chars, at, n))
                found = phrase; /* longest first */
        }
        if (found)
            hit(found->number, chars[at].begin, chars[at + found->length - 1].end, user);
        at += found ? found->length : 1;
    }
}
