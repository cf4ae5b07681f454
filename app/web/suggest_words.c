/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/suggest_words.h"

#include "engine/report/projection.h"
#include <string.h>

#define MIN_CHARS   2
#define MAX_CHARS   10
#define MAX_END     8  /* characters of a text's end that are looked up */
#define COMMON_PART 20 /* a word in more than one title of so many is too common to be worth adding */

typedef struct {
    char *text;
    guint n; /* titles */
} Word;

struct DjSuggestWords {
    const DjLexicon *lexicon;
    GArray *words;       /* Word, ascending by bytes */
    GHashTable *by_text; /* text -> Word number + 1 */
    guint n_titles;
};

/* ---- reading ---- */

/* Words of a title, and pairs of neighbours: the dictionary cuts 氮化铝 in two. pair: such a one. */
static void each_word(DjAnalyzer *analyzer, const char *title, void (*visit)(const char *, gboolean, gpointer),
                      gpointer user)
{
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, title, -1, DJ_UNIT_WORD, &n);
    for (gsize i = 0; i < n; i++) {
        for (gsize j = i; j < MIN(n, i + 2); j++) {
            guint chars = terms[i].n_chars + (j > i ? terms[j].n_chars : 0);
            gboolean apart = j > i && terms[j].begin != terms[i].end;
            if (apart || chars < MIN_CHARS || chars > MAX_CHARS)
                continue;
            g_autofree char *text = g_strndup(title + terms[i].begin, terms[j].end - terms[i].begin);
            if (!g_ascii_isdigit(*text))
                visit(text, j > i, user);
        }
    }
}

typedef struct {
    DjAnalyzer *analyzer;
    GHashTable *counts; /* word -> number of titles; pairs too */
    GHashTable *seen;   /* in this title */
    guint n_titles;
} Reading;

static void count_word(const char *word, gboolean pair, gpointer user)
{
    Reading *reading = user;
    (void)pair;
    if (!g_hash_table_add(reading->seen, g_strdup(word)))
        return;
    gpointer key, n = NULL;
    if (g_hash_table_lookup_extended(reading->counts, word, &key, &n))
        g_hash_table_insert(reading->counts, g_strdup(word), GUINT_TO_POINTER(GPOINTER_TO_UINT(n) + 1));
    else
        g_hash_table_insert(reading->counts, g_strdup(word), GUINT_TO_POINTER(1));
}

static gboolean read_title(const DjRecord *patent, gpointer user)
{
    Reading *reading = user;
    const char *title = dj_projection_field(DJ_AUDIENCE_PUBLIC, patent, DJ_PATENT_TITLE);
    if (!title)
        return TRUE;
    reading->n_titles++;
    g_hash_table_remove_all(reading->seen);
    each_word(reading->analyzer, title, count_word, reading);
    return TRUE;
}

static gint compare_words(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Word *)a)->text, ((const Word *)b)->text);
}

static void word_clear(gpointer data)
{
    g_free(((Word *)data)->text);
}

static void add_lexicon_term(const char *term, gpointer user)
{
    GHashTable *counts = user;
    if (!g_hash_table_contains(counts, term) && g_utf8_strlen(term, -1) >= MIN_CHARS)
        g_hash_table_insert(counts, g_strdup(term), NULL);
}

/* A pair of words that stands in one title only is mostly an accident. */
static gboolean is_kept(const char *word, guint n)
{
    return n != 1 || g_utf8_strlen(word, -1) <= 4;
}

DjSuggestWords *dj_suggest_words_new(const DjRecordSource *records, const DjLexicon *lexicon, GError **error)
{
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                          seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reading reading = {.analyzer = dj_analyzer_new(error), .counts = counts, .seen = seen};
    if (!reading.analyzer)
        return NULL;
    gboolean ok = records->each(records->user, DJ_TABLE_PATENT, read_title, &reading, error);
    dj_analyzer_free(reading.analyzer);
    if (!ok)
        return NULL;
    dj_lexicon_each_term(lexicon, add_lexicon_term, counts);
    DjSuggestWords *words = g_new0(DjSuggestWords, 1);
    words->lexicon = lexicon;
    words->n_titles = reading.n_titles;
    words->words = g_array_new(FALSE, FALSE, sizeof(Word));
    g_array_set_clear_func(words->words, word_clear);
    GHashTableIter iter;
    gpointer text, n;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &text, &n)) {
        Word word = {.n = GPOINTER_TO_UINT(n)};
        if (!is_kept(text, word.n))
            continue;
        word.text = g_strdup(text);
        g_array_append_val(words->words, word);
    }
    g_array_sort(words->words, compare_words);
    words->by_text = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < words->words->len; i++)
        g_hash_table_insert(words->by_text, g_array_index(words->words, Word, i).text, GUINT_TO_POINTER(i + 1));
    return words;
}

void dj_suggest_words_free(DjSuggestWords *words)
{
    if (!words)
        return;
    g_hash_table_unref(words->by_text);
    g_array_unref(words->words);
    g_free(words);
}

/* ---- completing ---- */

static gint compare_use(gconstpointer a, gconstpointer b)
{
    const Word *x = *(const Word *const *)a, *y = *(const Word *const *)b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return strcmp(x->text, y->text);
}

/* Words that begin with prefix and are longer; of Word *. */
static GPtrArray *longer_words(const DjSuggestWords *words, const char *prefix)
{
    gsize length = strlen(prefix);
    guint low = 0, high = words->words->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (strcmp(g_array_index(words->words, Word, middle).text, prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    GPtrArray *out = g_ptr_array_new();
    for (; low < words->words->len; low++) {
        Word *word = &g_array_index(words->words, Word, low);
        if (strncmp(word->text, prefix, length) != 0)
            break;
        if (word->text[length])
            g_ptr_array_add(out, word);
    }
    g_ptr_array_sort(out, compare_use);
    return out;
}

GPtrArray *dj_suggest_words_complete(const DjSuggestWords *words, const char *text, guint most, gsize *replaced)
{
    const char *start = text + strlen(text);
    GPtrArray *out = g_ptr_array_new();
    *replaced = 0;
    for (int i = 0; i < MAX_END && start > text; i++) {
        const char *before = g_utf8_prev_char(start);
        if (!g_unichar_isalnum(g_utf8_get_char(before)))
            break;
        start = before;
    }
    for (; *start; start = g_utf8_next_char(start)) {
        g_autoptr(GPtrArray) found = longer_words(words, start);
        for (guint i = 0; i < MIN(most, found->len); i++)
            g_ptr_array_add(out, ((const Word *)found->pdata[i])->text);
        *replaced = strlen(start);
        if (out->len > 0)
            return out;
    }
    return out;
}

/* ---- related words ---- */

typedef struct {
    const DjSuggestWords *words;
    const char *text;
    GPtrArray *out;     /* owned texts */
    GHashTable *counts; /* word -> titles of these */
    GHashTable *seen;
    guint most;
} Relating;

static void add_related(Relating *relating, const char *word)
{
    if (relating->out->len >= relating->most || strstr(relating->text, word))
        return;
    for (guint i = 0; i < relating->out->len; i++)
        if (strstr(relating->out->pdata[i], word) || strstr(word, relating->out->pdata[i]))
            return;
    g_ptr_array_add(relating->out, g_strdup(word));
}

static void add_expansion(const char *term, int weight, guint32 begin, guint32 end, gpointer user)
{
    (void)weight;
    (void)begin;
    (void)end;
    Relating *relating = user;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(relating->words->by_text, term));
    if (known && g_array_index(relating->words->words, Word, known - 1).n > 0) /* else it would find nothing */
        add_related(relating, term);
}

static void count_related(const char *word, gboolean pair, gpointer user)
{
    Relating *relating = user;
    (void)pair;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(relating->words->by_text, word));
    if (!known || !g_hash_table_add(relating->seen, GUINT_TO_POINTER(known)))
        return;
    Word *kept = &g_array_index(relating->words->words, Word, known - 1);
    if (kept->n * COMMON_PART > relating->words->n_titles)
        return;
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(relating->counts, kept));
    g_hash_table_insert(relating->counts, kept, GUINT_TO_POINTER(n + 1));
}

typedef struct {
    const Word *word;
    guint n;
} Shared;

static gint compare_shared(gconstpointer a, gconstpointer b)
{
    const Shared *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return strcmp(x->word->text, y->word->text);
}

GPtrArray *dj_suggest_words_related(const DjSuggestWords *words, DjAnalyzer *analyzer, const char *text,
                                    const GPtrArray *titles, guint most, GError **error)
{
    DjNormaliser *normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!normaliser)
        return NULL;
    g_autoptr(GHashTable) counts = g_hash_table_new(g_direct_hash, g_direct_equal),
                          seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    Relating relating = {words, text, g_ptr_array_new_with_free_func(g_free), counts, seen, most};
    dj_lexicon_expand(words->lexicon, normaliser, text, NULL, 0, add_expansion, &relating);
    dj_normaliser_free(normaliser);
    for (guint i = 0; i < titles->len; i++) {
        g_hash_table_remove_all(seen);
        each_word(analyzer, titles->pdata[i], count_related, &relating);
    }
    g_autoptr(GArray) shared = g_array_new(FALSE, FALSE, sizeof(Shared));
    GHashTableIter iter;
    gpointer word, n;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &word, &n)) {
        Shared one = {word, GPOINTER_TO_UINT(n)};
        if (one.n >= 2)
            g_array_append_val(shared, one);
    }
    g_array_sort(shared, compare_shared);
    for (guint i = 0; i < shared->len; i++)
        add_related(&relating, g_array_index(shared, Shared, i).word->text);
    return relating.out;
}
