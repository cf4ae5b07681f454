/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference implementation for the study's table: plain loops, one posting list per term. */
#include "bench/quality/lexical.h"

#include <math.h>
#include <string.h>

typedef struct {
    guint32 item;
    guint32 tf;
    double impact;
} Posting;

struct Lexical {
    DjAnalyzer *analyzer;
    DjUnit unit;
    GHashTable *ids;     /* term -> 1 + id */
    GPtrArray *postings; /* by id: GArray of Posting, empty for terms of needs only */
    GArray *need_counts; /* by id: guint32, need texts that hold it */
    guint32 n_items;
    guint32 n_need_texts;
    double max_impact;
};

typedef void (*TermFunc)(Lexical *lexical, guint32 term, gpointer data);

static guint32 intern(Lexical *lexical, const DjTerm *term)
{
    g_autofree char *key = g_strndup(term->bytes, term->length);
    const gpointer found = g_hash_table_lookup(lexical->ids, key);
    if (found) {
        return GPOINTER_TO_UINT(found) - 1;
    }
    const guint32 zero = 0;
    g_ptr_array_add(lexical->postings, g_array_new(FALSE, FALSE, sizeof(Posting)));
    g_array_append_val(lexical->need_counts, zero);
    g_hash_table_insert(lexical->ids, g_steal_pointer(&key), GUINT_TO_POINTER(lexical->postings->len));
    return lexical->postings->len - 1;
}

static gsize for_each_term(Lexical *lexical, const char *text, TermFunc func, gpointer data)
{
    gsize n;
    const DjTerm *terms = dj_analyzer_split(lexical->analyzer, text, -1, lexical->unit, &n);
    for (gsize i = 0; i < n; i++) {
        func(lexical, intern(lexical, &terms[i]), data);
    }
    return n;
}

static void add_posting(Lexical *lexical, guint32 term, gpointer data)
{
    const guint32 item = GPOINTER_TO_UINT(data);
    GArray *postings = lexical->postings->pdata[term];
    if (postings->len > 0) {
        Posting *last = &g_array_index(postings, Posting, postings->len - 1);
        if (last->item == item) {
            last->tf++;
            return;
        }
    }
    const Posting posting = {item, 1, 0};
    g_array_append_val(postings, posting);
}

static void add_to_set(Lexical *lexical, guint32 term, gpointer data)
{
    (void)lexical;
    g_hash_table_add(data, GUINT_TO_POINTER(term));
}

static void count_needs(Lexical *lexical, const GPtrArray *needs)
{
    for (guint i = 0; i < needs->len; i++) {
        const Record *need = data_get(needs, i);
        g_autoptr(GHashTable) set = g_hash_table_new(NULL, NULL);
        for_each_term(lexical, need->title, add_to_set, set);
        for_each_term(lexical, need->content, add_to_set, set);
        GHashTableIter iter;
        gpointer term;
        g_hash_table_iter_init(&iter, set);
        while (g_hash_table_iter_next(&iter, &term, NULL)) {
            g_array_index(lexical->need_counts, guint32, GPOINTER_TO_UINT(term))++;
        }
        lexical->n_need_texts++;
    }
}

Lexical *lexical_new(const Data *data, DjAnalyzer *analyzer, DjUnit unit)
{
    const double k1 = 1.2, b = 0.75;
    Lexical *lexical = g_new0(Lexical, 1);
    lexical->analyzer = analyzer;
    lexical->unit = unit;
    lexical->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    lexical->postings = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    lexical->need_counts = g_array_new(FALSE, FALSE, sizeof(guint32));
    lexical->n_items = data->items->len;
    g_autofree double *lengths = g_new(double, data->items->len);
    double total_length = 0;
    for (guint i = 0; i < data->items->len; i++) {
        lengths[i] = (double)for_each_term(lexical, data_get(data->items, i)->title, add_posting, GUINT_TO_POINTER(i));
        total_length += lengths[i];
    }
    count_needs(lexical, data->needs);
    count_needs(lexical, data->market_needs);

    const double n = lexical->n_items, mean_length = total_length / n;
    for (guint term = 0; term < lexical->postings->len; term++) {
        GArray *postings = lexical->postings->pdata[term];
        const double df = postings->len, idf = log(1 + (n - df + 0.5) / (df + 0.5));
        for (guint i = 0; i < postings->len; i++) {
            Posting *posting = &g_array_index(postings, Posting, i);
            const double norm = k1 * (1 - b + b * lengths[posting->item] / mean_length);
            posting->impact = idf * posting->tf * (k1 + 1) / (posting->tf + norm);
            lexical->max_impact = fmax(lexical->max_impact, posting->impact);
        }
    }
    return lexical;
}

void lexical_free(Lexical *lexical)
{
    g_hash_table_destroy(lexical->ids);
    g_ptr_array_free(lexical->postings, TRUE);
    g_array_free(lexical->need_counts, TRUE);
    g_free(lexical);
}

double lexical_get_max_impact(const Lexical *lexical)
{
    return lexical->max_impact;
}

/* Counts without interning: a term that is not known yet occurs in no item and in no need text. */
static void count_terms(const Lexical *lexical, const char *text, double *counts)
{
    gsize n;
    const DjTerm *terms = dj_analyzer_split(lexical->analyzer, text, -1, lexical->unit, &n);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *key = g_strndup(terms[i].bytes, terms[i].length);
        const guint id = GPOINTER_TO_UINT(g_hash_table_lookup(lexical->ids, key));
        if (id) {
            counts[id - 1]++;
        }
    }
}

static double saturate(double f, double k)
{
    return k > 0 ? f * (k + 1) / (f + k) : f;
}

static double get_need_idf(const Lexical *lexical, guint32 term)
{
    const double m = lexical->n_need_texts, m_t = g_array_index(lexical->need_counts, guint32, term);
    return fmax(0, log((m + 1) / (m_t + 0.5)) / log(m + 1));
}

GArray *lexical_weigh_need(const Lexical *lexical, const Record *need, const NeedWeights *weights)
{
    const guint n = lexical->postings->len;
    g_autofree double *title = g_new0(double, n), *content = g_new0(double, n);
    count_terms(lexical, need->title, title);
    count_terms(lexical, need->content, content);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(LexicalWeight));
    for (guint32 t = 0; t < n; t++) {
        double part = weights->content_weight * saturate(content[t], weights->content_k);
        if (weights->need_idf) {
            part *= get_need_idf(lexical, t);
        }
        const LexicalWeight weight = {t, saturate(title[t], weights->title_k) + part};
        if (weight.weight > 0 && ((const GArray *)lexical->postings->pdata[t])->len > 0) {
            g_array_append_val(out, weight);
        }
    }
    return out;
}

void lexical_add_scores(const Lexical *lexical, const GArray *weights, double factor, double *scores)
{
    for (guint i = 0; i < weights->len; i++) {
        const LexicalWeight *weight = &g_array_index(weights, LexicalWeight, i);
        const GArray *postings = lexical->postings->pdata[weight->term];
        for (guint p = 0; p < postings->len; p++) {
            const Posting *posting = &g_array_index(postings, Posting, p);
            scores[posting->item] += factor * weight->weight * posting->impact;
        }
    }
}

void lexical_add_integer_scores(const Lexical *lexical, const GArray *weights, double max_impact, double factor,
                                double max_weight, guint32 *sums, double *variance)
{
    for (guint i = 0; i < weights->len; i++) {
        const LexicalWeight *weight = &g_array_index(weights, LexicalWeight, i);
        const GArray *postings = lexical->postings->pdata[weight->term];
        const guint32 q = (guint32)lround(255 * factor * weight->weight / max_weight);
        double sum = 0, squares = 0;
        for (guint p = 0; p < postings->len; p++) {
            const Posting *posting = &g_array_index(postings, Posting, p);
            const guint32 impact = (guint32)MAX(1, lround(255 * posting->impact / max_impact));
            sums[posting->item] += q * impact;
            sum += impact;
            squares += (double)impact * impact;
        }
        const double mean = sum / lexical->n_items;
        *variance += (double)q * q * (squares / lexical->n_items - mean * mean);
    }
}
