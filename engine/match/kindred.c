/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/kindred.h"
#include <math.h>
#include <string.h>

#define MIN_SIMILARITY 0.35  /* cosine of the two words */
#define MIN_SPECIFIC   32768 /* n(w) of .5 in 0..65535: no more needs say it than the root of their number */
#define MIN_SHARE      50    /* thousandths of the total that a word must explain to be shown */
#define MOST_WORDS     6     /* words of the need that are looked at for one patent */
#define MOST_KEPT      ((gsize)64 << 20) /* bytes of readings; all are dropped when it is reached */

/* A learned word of the need. */
typedef struct {
    guint32 id;
    gint64 weight;   /* of the word in the need's vector, as dj_semantic_embed takes it */
    DjNeedText text; /* where anybody may see it, its text NULL = nowhere or not worth showing */
    guint32 begin, end;
    gint64 now; /* its part of the product with the patent at hand */
} NeedWord;

/* A distinct learned word of the patent. */
typedef struct {
    guint32 id;
    double length; /* of its direction, 0 = not asked for yet */
    const DjKindredWord *word;
} PatentWord;

/* All words of a patent in reading order, and its vector, which they make. */
typedef struct {
    gint8 vector[DJ_SEMANTIC_DIM];
    guint n;
    DjKindredWord words[];
} Reading;

struct DjKindred {
    const DjModel *lexical;
    const DjSemanticModel *model; /* NULL: trained without word vectors */
    GArray *terms;                /* DjTerm of the patent that is being read */
    GString *arena;               /* their bytes */
    Reading *reading;             /* of the patent at hand; belongs to kept, where there is one */
    GHashTable *kept;             /* const DjRecord * -> Reading; NULL: none is kept */
    gsize kept_bytes;
    GArray *need;      /* NeedWord */
    GHashTable *known; /* id + 1 -> index + 1 in need */
    GArray *patent;    /* PatentWord */
    GHashTable *seen;  /* id + 1 -> index + 1 in patent */
};

DjKindred *dj_kindred_new(const DjModel *model)
{
    DjKindred *kindred = g_new0(DjKindred, 1);
    kindred->lexical = model;
    kindred->model = model->semantic;
    kindred->terms = g_array_new(FALSE, FALSE, sizeof(DjTerm));
    kindred->arena = g_string_new(NULL);
    kindred->need = g_array_new(FALSE, TRUE, sizeof(NeedWord));
    kindred->known = g_hash_table_new(NULL, NULL);
    kindred->patent = g_array_new(FALSE, FALSE, sizeof(PatentWord));
    kindred->seen = g_hash_table_new(NULL, NULL);
    return kindred;
}

void dj_kindred_free(DjKindred *kindred)
{
    if (!kindred)
        return;
    g_array_unref(kindred->terms);
    g_string_free(kindred->arena, TRUE);
    if (kindred->kept)
        g_hash_table_unref(kindred->kept);
    else
        g_free(kindred->reading);
    g_array_unref(kindred->need);
    g_hash_table_unref(kindred->known);
    g_array_unref(kindred->patent);
    g_hash_table_unref(kindred->seen);
    g_free(kindred);
}

static guint index_of(GHashTable *table, guint32 id)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(table, GUINT_TO_POINTER(id + 1)));
}

/* A word of two characters at least that few needs say. */
static gboolean is_worth_showing(const DjKindred *kindred, guint32 id, guint32 n_chars)
{
    return n_chars >= 2 && dj_semantic_get_need_weight(kindred->model, id) >= MIN_SPECIFIC;
}

static void note_places(DjKindred *kindred, DjQueryScratch *scratch, const DjQueryTools *tools, const DjNeedText *text)
{
    gsize n;
    const DjTerm *words = dj_need_split(scratch, tools, text->text, DJ_UNIT_WORD, &n);
    for (gsize i = 0; i < n; i++) {
        guint32 id = dj_semantic_find_word(kindred->model, words[i].bytes, words[i].length);
        guint at = id == DJ_SEMANTIC_NO_WORD ? 0 : index_of(kindred->known, id);
        NeedWord *word = at > 0 ? &g_array_index(kindred->need, NeedWord, at - 1) : NULL;
        if (!word || word->text.text || !is_worth_showing(kindred, id, words[i].n_chars))
            continue;
        word->text = *text;
        word->begin = words[i].begin;
        word->end = words[i].end;
    }
}

void dj_kindred_set_need(DjKindred *kindred, DjQueryScratch *scratch, const DjQueryTools *tools,
                         const DjNeedText *texts, gsize n_texts)
{
    g_array_set_size(kindred->need, 0);
    g_hash_table_remove_all(kindred->known);
    if (!kindred->model)
        return;
    g_autoptr(GArray) weights = dj_need_word_weights(scratch, tools, texts, n_texts);
    for (guint i = 0; i < weights->len; i++) {
        const DjSemanticWeight *weight = &g_array_index(weights, DjSemanticWeight, i);
        NeedWord word = {.id = weight->word, .weight = weight->weight};
        g_array_append_val(kindred->need, word);
        g_hash_table_insert(kindred->known, GUINT_TO_POINTER(weight->word + 1), GUINT_TO_POINTER(i + 1));
    }
    for (gsize t = 0; t < n_texts; t++)
        if (texts[t].privacy == DJ_PUBLIC)
            note_places(kindred, scratch, tools, &texts[t]);
}

void dj_kindred_keep_patents(DjKindred *kindred)
{
    if (kindred->kept)
        return;
    g_clear_pointer(&kindred->reading, g_free);
    kindred->kept = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

/* A term of an analyzer lives until the next text: its bytes move to the arena, as offsets until all texts are read. */
static void keep_term(DjKindred *kindred, const DjTerm *term)
{
    DjTerm kept = *term;
    kept.bytes = GSIZE_TO_POINTER(kindred->arena->len);
    g_string_append_len(kindred->arena, term->bytes, term->length);
    g_array_append_val(kindred->terms, kept);
}

static Reading *read_patent(DjKindred *kindred, DjAnalyzer *analyzer, const DjRecord *patent)
{
    g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(int)); /* of each term */
    g_array_set_size(kindred->terms, 0);
    g_string_truncate(kindred->arena, 0);
    for (int f = 0; f < DJ_N_DOC_FIELDS; f++) {
        for (int part = 0; dj_document_record_field((DjDocField)f, part) >= 0; part++) {
            int field = dj_document_record_field((DjDocField)f, part);
            const char *text = dj_record_get(patent, field);
            gsize n = 0;
            const DjTerm *terms = text ? dj_analyzer_split(analyzer, text, -1, DJ_UNIT_WORD, &n) : NULL;
            for (gsize i = 0; i < n; i++) {
                keep_term(kindred, &terms[i]);
                g_array_append_val(fields, field);
            }
        }
    }
    guint n = kindred->terms->len;
    DjTerm *terms = (DjTerm *)(gpointer)kindred->terms->data;
    for (guint i = 0; i < n; i++)
        terms[i].bytes = kindred->arena->str + GPOINTER_TO_SIZE(terms[i].bytes);
    Reading *reading = g_malloc(sizeof *reading + n * sizeof *reading->words);
    g_autofree guint32 *learned = g_new(guint32, MAX(n, 1));
    dj_model_embed_words(kindred->lexical, terms, n, learned, reading->vector);
    reading->n = n;
    for (guint i = 0; i < n; i++)
        reading->words[i] = (DjKindredWord){.field = g_array_index(fields, int, i),
                                            .begin = terms[i].begin,
                                            .end = terms[i].end,
                                            .n_chars = terms[i].n_chars,
                                            .id = learned[i]};
    return reading;
}

static void keep_reading(DjKindred *kindred, const DjRecord *patent)
{
    gsize bytes = sizeof(Reading) + kindred->reading->n * sizeof(DjKindredWord);
    if (kindred->kept_bytes + bytes > MOST_KEPT) {
        g_hash_table_remove_all(kindred->kept);
        kindred->kept_bytes = 0;
    }
    kindred->kept_bytes += bytes;
    g_hash_table_insert(kindred->kept, (gpointer)patent, kindred->reading);
}

void dj_kindred_set_patent(DjKindred *kindred, DjAnalyzer *analyzer, const DjRecord *patent,
                           gint8 vector[DJ_SEMANTIC_DIM])
{
    if (!kindred->kept)
        g_free(kindred->reading);
    kindred->reading = kindred->kept ? g_hash_table_lookup(kindred->kept, patent) : NULL;
    if (!kindred->reading) {
        kindred->reading = read_patent(kindred, analyzer, patent);
        if (kindred->kept)
            keep_reading(kindred, patent);
    }
    memcpy(vector, kindred->reading->vector, sizeof kindred->reading->vector);
}

const DjKindredWord *dj_kindred_words(const DjKindred *kindred, int field, guint *n)
{
    const DjKindredWord *all = kindred->reading->words;
    guint begin = 0;
    while (begin < kindred->reading->n && all[begin].field != field)
        begin++;
    guint end = begin;
    while (end < kindred->reading->n && all[end].field == field)
        end++;
    *n = end - begin;
    return all + begin;
}

/* The distinct learned ones. */
static void collect_patent(DjKindred *kindred)
{
    g_array_set_size(kindred->patent, 0);
    g_hash_table_remove_all(kindred->seen);
    for (guint i = 0; i < kindred->reading->n; i++) {
        const DjKindredWord *word = &kindred->reading->words[i];
        guint32 id = word->id;
        if (id == DJ_SEMANTIC_NO_WORD || index_of(kindred->seen, id) > 0)
            continue;
        PatentWord fresh = {.id = id, .word = word};
        g_array_append_val(kindred->patent, fresh);
        g_hash_table_insert(kindred->seen, GUINT_TO_POINTER(id + 1), GUINT_TO_POINTER(kindred->patent->len));
    }
}

/* One word within the other says the same: 膜 and 隔膜 share bigrams or characters, which are evidence already. */
static gboolean share_a_character(const DjSemanticModel *model, guint32 a, guint32 b)
{
    DjSemanticWord x = dj_semantic_get_word(model, a), y = dj_semantic_get_word(model, b);
    if ((guchar)*x.bytes < 0x80 || (guchar)*y.bytes < 0x80) /* Latin: one within the other */
        return memmem(x.bytes, x.length, y.bytes, y.length) || memmem(y.bytes, y.length, x.bytes, x.length);
    for (const char *p = x.bytes; p < x.bytes + x.length;) {
        const char *next = g_utf8_next_char(p);
        if (memmem(y.bytes, y.length, p, (gsize)(next - p)))
            return TRUE;
        p = next;
    }
    return FALSE;
}

static double length_of(const DjSemanticModel *model, guint32 word)
{
    const gint8 *direction = dj_semantic_get_vector(model, word);
    return sqrt((double)dj_semantic_dot(direction, direction));
}

/* The word of the patent that is nearest in meaning, the first of equal ones; NULL without a near one. */
static const PatentWord *best_partner(DjKindred *kindred, guint32 id)
{
    const DjSemanticModel *model = kindred->model;
    const gint8 *direction = dj_semantic_get_vector(model, id);
    double length = length_of(model, id), nearest = MIN_SIMILARITY * length;
    const PatentWord *best = NULL;
    for (guint i = 0; i < kindred->patent->len; i++) {
        PatentWord *word = &g_array_index(kindred->patent, PatentWord, i);
        gint32 product = dj_semantic_dot(dj_semantic_get_vector(model, word->id), direction);
        if (product <= 0)
            continue;
        if (word->length == 0)
            word->length = length_of(model, word->id);
        if (product / word->length <= nearest || !is_worth_showing(kindred, word->id, word->word->n_chars) ||
            index_of(kindred->known, word->id) > 0 || share_a_character(model, id, word->id))
            continue;
        nearest = product / word->length;
        best = word;
    }
    return best;
}

static gboolean is_taken(const DjKindredPair *pairs, guint n, const DjKindredWord *word)
{
    for (guint i = 0; i < n; i++)
        if (pairs[i].patent == word)
            return TRUE;
    return FALSE;
}

guint dj_kindred_find(DjKindred *kindred, gint64 total, DjKindredPair pairs[DJ_KINDRED_MOST])
{
    guint n = 0;
    if (!kindred->model || kindred->need->len == 0 || total <= 0)
        return 0;
    gint64 sum = 0;
    for (guint i = 0; i < kindred->need->len; i++) {
        NeedWord *word = &g_array_index(kindred->need, NeedWord, i);
        word->now = dj_semantic_get_product(kindred->model, word->id, (guint32)word->weight, kindred->reading->vector);
        sum += MAX(word->now, 0);
    }
    collect_patent(kindred);
    for (guint k = 0; k < MOST_WORDS && n < DJ_KINDRED_MOST; k++) {
        NeedWord *word = NULL;
        for (guint i = 0; i < kindred->need->len; i++) {
            NeedWord *here = &g_array_index(kindred->need, NeedWord, i);
            if (here->text.text && here->now > 0 && index_of(kindred->seen, here->id) == 0 &&
                (!word || here->now > word->now))
                word = here;
        }
        if (!word)
            break;
        gint64 raw = (gint64)((__int128)total * word->now / sum);
        if (raw < total / 1000 * MIN_SHARE) /* so are all that follow */
            break;
        word->now = 0;
        const PatentWord *partner = best_partner(kindred, word->id);
        if (partner && !is_taken(pairs, n, partner->word))
            pairs[n++] = (DjKindredPair){&word->text, word->begin, word->end, partner->word, raw};
    }
    return n;
}
