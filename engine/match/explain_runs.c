/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words of a need and a patent are the same, and how much of it a person is shown. */
#include "engine/match/explain_private.h"
#include <string.h>

#define MAX_SPECIFIC 26214 /* n(t) of .4 in 16.16; see least_specific */

/* Words of one character that join others; none begins or ends a shown phrase. */
static const char joiners[] = "的了和其在与及对为等是有之由将被从到以于并而或该各个把使可也较很更最";
/* Words of one character that belong to the next one: 无|土, 不|锈钢. */
static const char prefixes[] = "不无非";
/* What a cutter leaves at the end of a word (机器人的, 基于). */
static const char tails[] = "的了于";

guint32 dj_explain_find_term(const DjExplainer *explainer, DjLexUnit unit, const char *bytes, guint32 length)
{
    char key[256];
    if (length + 2 > sizeof key)
        return DJ_EXPLAIN_NONE;
    key[0] = DJ_UNIT_LETTERS[unit];
    memcpy(key + 1, bytes, length);
    key[length + 1] = '\0';
    gpointer found = g_hash_table_lookup(explainer->index, key);
    return found ? GPOINTER_TO_UINT(found) - 1 : DJ_EXPLAIN_NONE;
}

static gboolean is_in(const char *set, const char *bytes, gsize length)
{
    return memmem(set, strlen(set), bytes, length) != NULL;
}

void dj_explain_split_words(DjExplainer *explainer, Side *side)
{
    gsize n;
    const DjTerm *words = dj_need_split(&explainer->scratch, &explainer->tools, side->text, DJ_UNIT_WORD, &n);
    side->words = g_array_new(FALSE, FALSE, 2 * sizeof(guint32));
    guint32 prefix = DJ_EXPLAIN_NONE; /* position of one that waits for its word */
    for (gsize i = 0; i < n; i++) {
        const DjTerm *word = &words[i];
        gboolean single = word->n_chars == 1;
        guint32 span[2] = {word->position, word->position + word->n_chars};
        if (prefix != DJ_EXPLAIN_NONE && prefix + 1 == word->position)
            span[0] = prefix;
        prefix = DJ_EXPLAIN_NONE;
        if (single && is_in(prefixes, word->bytes, word->length))
            prefix = word->position;
        else if (!single || !is_in(joiners, word->bytes, word->length))
            g_array_append_val(side->words, span);
    }
}

/* Longest run from need place `at` that stands somewhere in the patent; 0 when not even one place does. */
static guint32 longest_run(const DjExplainer *explainer, const GArray *places, guint32 at, guint *patent_text,
                           guint32 *patent_at)
{
    const Place *a = (const Place *)(gpointer)places->data;
    guint32 n_need = places->len, best = 0;
    for (guint s = 0; s < explainer->patent->len; s++) {
        const Side *side = &g_array_index(explainer->patent, Side, s);
        const Place *b = (const Place *)(gpointer)side->places->data;
        guint32 n = side->places->len;
        for (guint32 i = 0; i < n; i++) {
            if (b[i].term != a[at].term)
                continue;
            guint32 k = 1;
            while (at + k < n_need && i + k < n && a[at + k].term != DJ_EXPLAIN_NONE &&
                   a[at + k].term == b[i + k].term && a[at + k].position == a[at + k - 1].position + 1 &&
                   b[i + k].position == b[i + k - 1].position + 1)
                k++;
            if (k > best) {
                best = k;
                *patent_text = s;
                *patent_at = i;
            }
        }
    }
    return best;
}

/* Takes the contribution of a term out of the pool. */
static gint64 take(DjExplainer *explainer, guint32 term)
{
    if (term == DJ_EXPLAIN_NONE)
        return 0;
    gint64 raw = g_array_index(explainer->raw, gint64, term);
    g_array_index(explainer->raw, gint64, term) = 0;
    return raw;
}

/* Normalised characters of a place: two for a bigram, all of a plain run. */
static guint32 place_chars(const DjExplainer *explainer, const Place *place)
{
    const DjQueryTerm *term = &g_array_index(explainer->query->terms, DjQueryTerm, place->term);
    return (guint32)g_utf8_strlen(term->key + 1, term->length - 1);
}

/* The run's bigrams and the characters in them. */
static gint64 take_run(DjExplainer *explainer, const GArray *places, const Run *run)
{
    gint64 sum = 0;
    for (guint32 k = 0; k < run->n; k++) {
        const Place *place = &g_array_index(places, Place, run->need_at + k);
        sum += take(explainer, place->term);
        const DjQueryTerm *term = &g_array_index(explainer->query->terms, DjQueryTerm, place->term);
        const char *bytes = term->key + 1, *end = term->key + term->length;
        if ((guchar)*bytes < 0x80) { /* a plain run is one term in both units */
            sum += take(explainer, dj_explain_find_term(explainer, DJ_LEX_CHAR, bytes, (guint32)(end - bytes)));
            continue;
        }
        while (bytes < end) {
            const char *next = g_utf8_next_char(bytes);
            sum += take(explainer, dj_explain_find_term(explainer, DJ_LEX_CHAR, bytes, (guint32)(next - bytes)));
            bytes = next;
        }
    }
    return sum;
}

/* Calls each for the words that lie within the run, as positions in the need's text: words of the need, and words of
 * the patent where it says the same. A cutter may err in one sentence (基于大|容量); a border that either text has is
 * one. */
static void each_word(const DjExplainer *explainer, const Side *need, const Run *run,
                      void (*each)(guint32 begin, guint32 end, gpointer user), gpointer user)
{
    const Place *at = &g_array_index(need->places, Place, run->need_at);
    const Side *patent = &g_array_index(explainer->patent, Side, run->patent_text);
    const Place *there = &g_array_index(patent->places, Place, run->patent_at);
    guint32 first = at->position, last = at[run->n - 1].position + place_chars(explainer, &at[run->n - 1]);
    for (guint i = 0; i < need->words->len; i++) {
        const guint32 *span = (const guint32 *)(gpointer)need->words->data + 2 * i;
        if (span[0] >= first && span[1] <= last)
            each(span[0], span[1], user);
    }
    guint n;
    const DjKindredWord *word = dj_kindred_words(explainer->kindred, patent->field, &n);
    for (guint i = 0; i < n; i++) {
        /* a single character there may as well be the rest of a word */
        if (word[i].n_chars < 2 || word[i].begin < there->begin || word[i].end > there[run->n - 1].end)
            continue;
        for (guint32 k = 0; k < run->n; k++) /* where it begins in the run */
            if (there[k].begin == word[i].begin)
                each(at[k].position, at[k].position + word[i].n_chars, user);
    }
}

typedef struct {
    guint32 begin, end;             /* of all words together */
    guint32 inner_begin, inner_end; /* the place that is asked about */
    gboolean holds;                 /* a word holds it */
} Words;

static void widen(guint32 begin, guint32 end, gpointer user)
{
    Words *words = user;
    words->begin = MIN(words->begin, begin);
    words->end = MAX(words->end, end);
    words->holds |= begin <= words->inner_begin && end >= words->inner_end;
}

static void trim_tail(const DjExplainer *explainer, const Place *place, guint32 n, Words *words)
{
    for (guint32 k = n; k-- > 0;) {
        const DjQueryTerm *term = &g_array_index(explainer->query->terms, DjQueryTerm, place[k].term);
        const char *last = g_utf8_find_prev_char(term->key + 1, term->key + term->length);
        if (place[k].position + place_chars(explainer, &place[k]) == words->end && last &&
            is_in(tails, last, (gsize)(term->key + term->length - last)))
            words->end--;
    }
}

/* n(t) of what is worth showing. What more than one in twenty needs says is boilerplate, and in a small library what
 * more than a few say. n = ln((M + 1) / (m + .5)) / ln(M + 1) of a term that no need says is 1 + ln 2 / ln(M + 1),
 * which gives the logarithm of M without taking one; ln 20 / ln 2 = 4.322. */
static guint32 least_specific(const DjModel *model)
{
    guint64 one_in_twenty = ((guint64)MAX(model->unseen.need, 65536) - 65536) * 4322 / 1000;
    return (guint32)MIN(one_in_twenty, MAX_SPECIFIC);
}

/* Whether a plain run says nothing by itself: one character, a number, or the unit of one (10 mm, 20 W/(m·K)). */
static gboolean is_piece(const DjExplainer *explainer, const Side *side, const Place *place)
{
    const DjQueryTerm *term = &g_array_index(explainer->query->terms, DjQueryTerm, place->term);
    const char *bytes = term->key + 1, *end = term->key + term->length;
    const char *before = side->text + place->begin;
    if ((guchar)*bytes >= 0x80)
        return FALSE;
    gboolean digits = TRUE;
    for (const char *c = bytes; c < end; c++)
        digits &= g_ascii_isdigit(*c) || *c == '.';
    while (before > side->text && before[-1] == ' ')
        before--;
    gboolean unit = before > side->text && (g_ascii_isdigit(before[-1]) || strchr("/*^%", before[-1]));
    return end - bytes == 1 || digits || unit;
}

static gboolean is_all_pieces(const DjExplainer *explainer, const Side *need, const Run *run)
{
    const Place *place = &g_array_index(need->places, Place, run->need_at + run->skip);
    guint32 n = 0;
    while (n < run->shown && is_piece(explainer, need, &place[n]))
        n++;
    return n == run->shown;
}

/* What of a run is shown: whole words, without joiners at the ends, and not boilerplate or pieces of quantities alone.
 * What a pair of neighbouring words weighs says nothing of either (达到国家), so only words count, where there are any.
 */
static void choose_shown(const DjExplainer *explainer, const Side *need, Run *run)
{
    const Place *place = &g_array_index(need->places, Place, run->need_at);
    Words whole = {.begin = G_MAXUINT32};
    each_word(explainer, need, run, widen, &whole);
    trim_tail(explainer, place, run->n, &whole);
    guint32 best = 0, best_word = 0;
    gboolean any_word = FALSE;
    run->skip = run->shown = 0;
    for (guint32 k = 0; k < run->n; k++) {
        guint32 end = place[k].position + place_chars(explainer, &place[k]);
        if (place[k].position < whole.begin || end > whole.end)
            continue;
        guint32 specific = g_array_index(explainer->stat, const DjTermStat *, place[k].term)->need;
        if (run->shown == 0)
            run->skip = k;
        run->shown++;
        best = MAX(best, specific);
        Words inside = {.begin = G_MAXUINT32, .inner_begin = place[k].position, .inner_end = end};
        each_word(explainer, need, run, widen, &inside);
        any_word |= inside.holds;
        best_word = inside.holds ? MAX(best_word, specific) : best_word;
    }
    if ((any_word ? best_word : best) < least_specific(explainer->tools.model) || is_all_pieces(explainer, need, run))
        run->shown = 0;
}

static gint compare_runs(gconstpointer a, gconstpointer b)
{
    const Run *x = a, *y = b;
    if (x->raw != y->raw)
        return x->raw > y->raw ? -1 : 1;
    if (x->need_text != y->need_text)
        return x->need_text < y->need_text ? -1 : 1;
    if (!x->related != !y->related)
        return x->related ? 1 : -1;
    if (x->related)
        return x->related < y->related ? -1 : 1; /* both lie in one array */
    return (x->need_at > y->need_at) - (x->need_at < y->need_at);
}

GArray *dj_explain_find_runs(DjExplainer *explainer)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(Run));
    for (guint t = 0; t < explainer->need->len; t++) {
        const Side *need = &g_array_index(explainer->need, Side, t);
        for (guint32 at = 0; at < need->places->len;) {
            guint32 term = g_array_index(need->places, Place, at).term;
            Run run = {.need_text = t, .need_at = at};
            if (term == DJ_EXPLAIN_NONE || g_array_index(explainer->tf, guint32, term) == 0 ||
                (run.n = longest_run(explainer, need->places, at, &run.patent_text, &run.patent_at)) == 0) {
                at++;
                continue;
            }
            run.raw = take_run(explainer, need->places, &run);
            choose_shown(explainer, need, &run);
            if (run.raw > 0)
                g_array_append_val(runs, run);
            at += run.n;
        }
    }
    for (guint i = 0; i < explainer->related->len; i++) {
        const Related *related = &g_array_index(explainer->related, Related, i);
        Run run = {.need_text = related->need_text, .related = related};
        if (related->places->len == 0 || g_array_index(related->places, Place, 0).term == DJ_EXPLAIN_NONE)
            continue;
        run.n = longest_run(explainer, related->places, 0, &run.patent_text, &run.patent_at);
        if (run.n < related->places->len) /* the whole term, or it is not that term */
            continue;
        run.raw = take_run(explainer, related->places, &run);
        if (run.raw > 0)
            g_array_append_val(runs, run);
    }
    g_array_sort(runs, compare_runs);
    return runs;
}
