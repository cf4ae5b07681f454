/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words are drawn by Zipf's law from a general vocabulary, the vocabulary of the topic, and the few words of a niche;
 * their characters by Zipf's law from the 3,755 common ones of GB2312. Runs of words then give bigrams across word
 * borders, and with them the long tail that real text has. Shares and offsets below were set by comparing document
 * frequencies with those of real patents (see README.md). */
#include "datasets/synth/words.h"
#include <string.h>

enum {
    FIRST_ROW = 16, /* of GB2312: its level 1, the common characters, is rows 16 to 55 */
    LAST_ROW = 55,
    N_CHARS = 3755,
    N_GENERAL = 3000,
    N_TOPIC = 2500,
    N_PARTICLES = 10, /* general words of one character, such as 的 */
    NICHE_WORDS = 14,
    REPEATED = 26, /* of a hundred draws, phrases */
    FOLLOWED = 85, /* of a hundred other words */
    FOLLOWERS = 5,
    MAX_WORD = 4
};

typedef struct {
    guint8 n;
    gunichar c[MAX_WORD];
} Word;

enum { SPACE_GENERAL, SPACE_NEED, SPACE_TOPIC = 16, SPACE_NICHE = 4096 };

struct DjSynthWords {
    guint64 seed;
    gunichar chars[N_CHARS];                     /* shuffled: rank -> character */
    guint64 *char_sum, *general_sum, *topic_sum; /* cumulated weights by rank */
};

struct DjSynthTerms {
    GHashTable *seen; /* of 64-bit codes kept as keys: unit and characters, or the hash of a plain run */
    GArray *said;     /* of Word: what the record said so far, in order */
};

/* ---- random numbers ---- */

guint64 dj_synth_next(DjSynthRandom *random)
{
    guint64 z = *random += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

guint32 dj_synth_below(DjSynthRandom *random, guint32 n)
{
    return (guint32)(((dj_synth_next(random) >> 32) * n) >> 32);
}

DjSynthRandom dj_synth_stream(guint64 seed, guint64 a, guint64 b)
{
    DjSynthRandom random = seed;
    random = dj_synth_next(&random) ^ a;
    random = dj_synth_next(&random) ^ b;
    dj_synth_next(&random);
    return random;
}

/* Weight of rank r is proportional to 1 / (r + offset). */
static guint64 *zipf_sums(guint n, guint offset)
{
    guint64 *sum = g_new(guint64, n), total = 0;
    for (guint r = 0; r < n; r++)
        sum[r] = total += (G_GUINT64_CONSTANT(1) << 40) / (r + offset);
    return sum;
}

static guint zipf_draw(DjSynthRandom *random, const guint64 *sum, guint n)
{
    guint64 at = dj_synth_next(random) % sum[n - 1];
    guint low = 0, high = n - 1;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (sum[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- vocabulary ---- */

DjSynthWords *dj_synth_words_new(guint64 seed, GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    for (int row = FIRST_ROW; row <= LAST_ROW; row++)
        for (int cell = 1; cell <= 94 && bytes->len < 2 * N_CHARS; cell++) {
            g_string_append_c(bytes, (char)(0xA0 + row));
            g_string_append_c(bytes, (char)(0xA0 + cell));
        }
    g_autofree char *text = g_convert(bytes->str, (gssize)bytes->len, "UTF-8", "GB2312", NULL, NULL, error);
    if (!text)
        return NULL;
    DjSynthWords *words = g_new0(DjSynthWords, 1);
    words->seed = seed;
    const char *p = text;
    for (int i = 0; i < N_CHARS; i++, p = g_utf8_next_char(p))
        words->chars[i] = g_utf8_get_char(p);
    DjSynthRandom random = dj_synth_stream(seed, 1, 0);
    for (guint32 i = N_CHARS - 1; i > 0; i--) {
        guint32 j = dj_synth_below(&random, i + 1);
        gunichar held = words->chars[i];
        words->chars[i] = words->chars[j];
        words->chars[j] = held;
    }
    words->char_sum = zipf_sums(N_CHARS, 8);
    words->general_sum = zipf_sums(N_GENERAL, 2);
    words->topic_sum = zipf_sums(N_TOPIC, 15);
    return words;
}

void dj_synth_words_free(DjSynthWords *words)
{
    if (!words)
        return;
    g_free(words->char_sum);
    g_free(words->general_sum);
    g_free(words->topic_sum);
    g_free(words);
}

/* The word of this rank in this space: 1 character for particles, else 2 (of ten: six), 3 or 4. */
static Word make_word(const DjSynthWords *words, guint space, guint rank)
{
    DjSynthRandom random = dj_synth_stream(words->seed, 2 + space, rank);
    static const guint lengths[] = {2, 2, 2, 2, 2, 2, 3, 3, 4, 4};
    guint n = lengths[dj_synth_below(&random, G_N_ELEMENTS(lengths))];
    if (space == SPACE_GENERAL && rank < N_PARTICLES)
        n = 1;
    Word word = {.n = (guint8)n};
    for (guint i = 0; i < n; i++)
        word.c[i] = words->chars[zipf_draw(&random, words->char_sum, N_CHARS)];
    return word;
}

static Word draw_word(DjSynthWords *words, DjSynthRandom *random, const DjSynthSubject *subject, gboolean title)
{
    guint die = dj_synth_below(random, 100);
    guint general = title ? 20 : 50, niche = title ? 45 : 12;
    if (die < general) {
        /* needs speak of symptoms, patents of solutions: a part of the general words is their own */
        guint space = subject->need && die % 3 == 0 ? SPACE_NEED : SPACE_GENERAL;
        return make_word(words, space, zipf_draw(random, words->general_sum, N_GENERAL));
    }
    if (die < general + niche)
        return make_word(words, SPACE_NICHE + subject->topic * DJ_SYNTH_NICHES + subject->niche,
                         dj_synth_below(random, NICHE_WORDS));
    return make_word(words, SPACE_TOPIC + subject->topic, zipf_draw(random, words->topic_sum, N_TOPIC));
}

/* Words have habitual followers: often the next word is one of the few that this one brings along. */
static Word follow_word(DjSynthWords *words, DjSynthRandom *random, const DjSynthSubject *subject, const Word *before)
{
    guint64 code = 0;
    for (guint i = 0; i < before->n; i++)
        code = code << 16 ^ before->c[i];
    guint pick = dj_synth_below(random, FOLLOWERS);
    DjSynthRandom link =
        dj_synth_stream(words->seed ^ code, 4 + subject->topic, MIN(pick, dj_synth_below(random, FOLLOWERS)));
    return draw_word(words, &link, subject, FALSE);
}

/* ---- counting, as the analyser counts: a plain run is a term of both units ---- */

DjSynthTerms *dj_synth_terms_new(void)
{
    DjSynthTerms *terms = g_new0(DjSynthTerms, 1);
    terms->seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    terms->said = g_array_new(FALSE, FALSE, sizeof(Word));
    return terms;
}

void dj_synth_terms_free(DjSynthTerms *terms)
{
    if (!terms)
        return;
    g_hash_table_unref(terms->seen);
    g_array_unref(terms->said);
    g_free(terms);
}

void dj_synth_terms_clear(DjSynthTerms *terms)
{
    g_hash_table_remove_all(terms->seen);
    g_array_set_size(terms->said, 0);
}

guint dj_synth_terms_count(const DjSynthTerms *terms)
{
    return g_hash_table_size(terms->seen);
}

static void count(DjSynthTerms *terms, guint64 code)
{
    gint64 key = (gint64)code;
    if (!g_hash_table_contains(terms->seen, &key))
        g_hash_table_add(terms->seen, g_memdup2(&key, sizeof key));
}

/* before: the character in front of c within its run, 0 at the start of one. */
static void append_char(GString *out, DjSynthTerms *terms, gunichar before, gunichar c)
{
    g_string_append_unichar(out, c);
    count(terms, c);
    if (before)
        count(terms, (guint64)before << 32 | c);
}

static void append_plain(GString *out, DjSynthTerms *terms, const char *text)
{
    g_string_append(out, text);
    guint64 code = G_GUINT64_CONSTANT(0x8000000000000000) | (guint64)g_str_hash(text) << 1;
    count(terms, code);
    count(terms, code | 1);
}

/* ---- text ---- */

/* *before is carried from word to word of one run. */
static void append_word(DjSynthTerms *terms, Word word, gunichar *before, GString *out)
{
    for (guint j = 0; j < word.n; j++) {
        append_char(out, terms, *before, word.c[j]);
        *before = word.c[j];
    }
    g_array_append_val(terms->said, word);
}

/* Appends at least n words as one run. Writers repeat themselves: now and then a phrase that was said before. */
static void append_words(DjSynthWords *words, DjSynthRandom *random, const DjSynthSubject *subject, guint n,
                         gboolean title, DjSynthTerms *terms, GString *out)
{
    gunichar before = 0;
    for (guint i = 0; i < n; i++) {
        guint said = terms->said->len;
        if (title || said < 8 || dj_synth_below(random, 100) >= REPEATED) {
            const Word *last = i && !title ? &g_array_index(terms->said, Word, said - 1) : NULL;
            Word word = last && dj_synth_below(random, 100) < FOLLOWED ? follow_word(words, random, subject, last)
                                                                       : draw_word(words, random, subject, title);
            append_word(terms, word, &before, out);
            continue;
        }
        guint length = 2 + dj_synth_below(random, 3), from = dj_synth_below(random, said - length);
        for (guint j = 0; j < length; j++)
            append_word(terms, g_array_index(terms->said, Word, from + j), &before, out);
        i += length - 1;
    }
}

void dj_synth_title(DjSynthWords *words, DjSynthRandom *random, const DjSynthSubject *subject, DjSynthTerms *terms,
                    GString *out)
{
    append_words(words, random, subject, 4 + dj_synth_below(random, 4), TRUE, terms, out);
}

void dj_synth_body(DjSynthWords *words, DjSynthRandom *random, const DjSynthSubject *subject, DjSynthTerms *terms,
                   guint target, GString *out)
{
    static const char *const units[] = {"mm", "kpa", "kg", "wt", "mpa", "min"};
    guint parts = 0;
    while (dj_synth_terms_count(terms) < target) {
        append_words(words, random, subject, 3 + dj_synth_below(random, 5), FALSE, terms, out);
        if (dj_synth_below(random, 9) == 0) {
            g_autofree char *quantity = g_strdup_printf("%u%s", 1 + dj_synth_below(random, 400),
                                                        units[dj_synth_below(random, G_N_ELEMENTS(units))]);
            append_plain(out, terms, quantity);
        }
        g_string_append(out, ++parts % 4 == 0 ? "。" : "，");
    }
    if (g_str_has_suffix(out->str, "，")) {
        g_string_truncate(out, out->len - strlen("，"));
        g_string_append(out, "。");
    }
}

void dj_synth_name(const DjSynthWords *words, guint32 id, guint n, GString *out)
{
    /* Digits of id in base 800 pick the first characters, so that ids differ; the rest is drawn. */
    DjSynthRandom random = dj_synth_stream(words->seed, 3, id);
    guint32 rest = id;
    for (guint i = 0; i < n; i++) {
        guint32 pick = i < 2 ? rest % 800 : dj_synth_below(&random, N_CHARS);
        g_string_append_unichar(out, words->chars[pick]);
        rest /= 800;
    }
}
