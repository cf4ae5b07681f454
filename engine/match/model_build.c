/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learning the lexical part of a model: document frequencies on both sides, average lengths, the largest impact, and
 * each term's variance. Logarithms are taken here and kept as integers; nothing later calls libm. */
#include "engine/match/model.h"
#include <jansson.h>
#include <math.h>
#include <string.h>

#define ONE 65536.0

typedef struct {
    guint32 term, tf; /* tf in hundredths */
} Posting;

typedef struct {
    guint32 df, need_df;
    guint32 last_need; /* last need text that counted it, from 1 */
    guint32 tf;        /* within the current document */
    guint8 unit;
    double sum, square; /* of u8 impacts, exact in a double below 2^53 */
} Term;

struct DjModelBuilder {
    DjScoring scoring;
    GHashTable *ids; /* key (zero-terminated: unit letter, term) -> id + 1 */
    GStringChunk *keys;
    GPtrArray *key_of; /* id -> key */
    GArray *terms;     /* Term */
    GArray *postings;  /* Posting */
    GArray *doc_ends;  /* guint64, end of each document in postings */
    GArray *lengths;   /* guint32, DJ_N_LEX_UNITS per document */
    guint64 length_sum[DJ_N_LEX_UNITS];
    guint32 n_needs;
    GString *scratch;
};

DjModelBuilder *dj_model_builder_new(const DjScoring *scoring)
{
    DjModelBuilder *builder = g_new0(DjModelBuilder, 1);
    builder->scoring = *scoring;
    builder->ids = g_hash_table_new(g_str_hash, g_str_equal);
    builder->keys = g_string_chunk_new(1 << 16);
    builder->key_of = g_ptr_array_new();
    builder->terms = g_array_new(FALSE, TRUE, sizeof(Term));
    builder->postings = g_array_new(FALSE, FALSE, sizeof(Posting));
    builder->doc_ends = g_array_new(FALSE, FALSE, sizeof(guint64));
    builder->lengths = g_array_new(FALSE, FALSE, sizeof(guint32));
    builder->scratch = g_string_new(NULL);
    return builder;
}

void dj_model_builder_free(DjModelBuilder *builder)
{
    if (!builder)
        return;
    g_hash_table_unref(builder->ids);
    g_string_chunk_free(builder->keys);
    g_ptr_array_unref(builder->key_of);
    g_array_unref(builder->terms);
    g_array_unref(builder->postings);
    g_array_unref(builder->doc_ends);
    g_array_unref(builder->lengths);
    g_string_free(builder->scratch, TRUE);
    g_free(builder);
}

static guint32 intern(DjModelBuilder *builder, char unit, const char *bytes, gsize length)
{
    g_string_truncate(builder->scratch, 0);
    g_string_append_c(builder->scratch, unit);
    g_string_append_len(builder->scratch, bytes, (gssize)length);
    gpointer found = g_hash_table_lookup(builder->ids, builder->scratch->str);
    if (found)
        return GPOINTER_TO_UINT(found) - 1;
    char *key = g_string_chunk_insert_len(builder->keys, builder->scratch->str, (gssize)builder->scratch->len);
    guint32 id = builder->terms->len;
    Term term = {.unit = unit == DJ_UNIT_LETTERS[DJ_LEX_CHAR] ? DJ_LEX_CHAR : DJ_LEX_BIGRAM};
    g_array_append_val(builder->terms, term);
    g_ptr_array_add(builder->key_of, key);
    g_hash_table_insert(builder->ids, key, GUINT_TO_POINTER(id + 1));
    return id;
}

void dj_model_builder_add_doc(DjModelBuilder *builder, const DjDocument *document)
{
    gsize n;
    const DjDocTerm *terms = dj_document_terms(document, &n);
    guint first = builder->postings->len;
    for (gsize i = 0; i < n; i++) { /* the same term in several fields is one posting with the weighted tf */
        guint32 id = intern(builder, terms[i].key[1], terms[i].key + 2, terms[i].length - 2);
        guint32 tf = terms[i].count * (guint32)builder->scoring.doc_weight[terms[i].field];
        Term *term = &g_array_index(builder->terms, Term, id);
        if (tf == 0)
            continue;
        if (term->tf == 0) {
            Posting posting = {id, 0};
            g_array_append_val(builder->postings, posting);
            term->df++;
        }
        term->tf += tf;
    }
    for (guint i = first; i < builder->postings->len; i++) {
        Posting *posting = &g_array_index(builder->postings, Posting, i);
        Term *term = &g_array_index(builder->terms, Term, posting->term);
        posting->tf = term->tf;
        term->tf = 0;
    }
    guint64 end = builder->postings->len;
    g_array_append_val(builder->doc_ends, end);
    for (int unit = 0; unit < DJ_N_LEX_UNITS; unit++) {
        guint32 length = dj_document_length(document, (DjLexUnit)unit);
        g_array_append_val(builder->lengths, length);
        builder->length_sum[unit] += length;
    }
}

void dj_model_builder_add_need(DjModelBuilder *builder, DjAnalyzer *analyzer, const char *const *texts, gsize n_texts)
{
    guint32 number = ++builder->n_needs;
    for (gsize t = 0; t < n_texts; t++) {
        gsize n;
        const DjTerm *terms = dj_analyzer_split(analyzer, texts[t], -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR, &n);
        for (gsize i = 0; i < n; i++) {
            char unit = DJ_UNIT_LETTERS[terms[i].unit == DJ_UNIT_CHAR ? DJ_LEX_CHAR : DJ_LEX_BIGRAM];
            guint32 id = intern(builder, unit, terms[i].bytes, terms[i].length);
            Term *term = &g_array_index(builder->terms, Term, id);
            if (term->last_need != number) {
                term->last_need = number;
                term->need_df++;
            }
        }
    }
}

static guint32 fixed(double value)
{
    return value <= 0 ? 0 : value >= 65535.0 ? G_MAXUINT32 : (guint32)floor(value * ONE + 0.5);
}

static guint32 idf_of(double n_docs, double df)
{
    return fixed(log(1.0 + (n_docs - df + 0.5) / (df + 0.5)));
}

static guint32 need_of(double n_needs, double m)
{
    return n_needs < 1 ? fixed(1.0) : fixed(MAX(0.0, log((n_needs + 1.0) / (m + 0.5)) / log(n_needs + 1.0)));
}

static gint compare_keys(gconstpointer a, gconstpointer b, gpointer key_of)
{
    const GPtrArray *keys = key_of;
    return strcmp(keys->pdata[*(const guint32 *)a], keys->pdata[*(const guint32 *)b]);
}

GBytes *dj_model_builder_finish(DjModelBuilder *builder, const DjSemanticModel *semantic, GError **error)
{
    guint n_docs = builder->doc_ends->len, n_terms = builder->terms->len;
    if (n_docs == 0) {
        g_set_error(error, DJ_PACK_ERROR, DJ_PACK_ERROR_DAMAGED, "nothing to learn from: no patents or achievements");
        return NULL;
    }
    /* A view of the future model, so that impacts come from the one function that the build uses. */
    DjModel model = {.scoring = builder->scoring};
    for (int unit = 0; unit < DJ_N_LEX_UNITS; unit++)
        model.average_length[unit] = (guint32)MAX(1, (builder->length_sum[unit] + n_docs / 2) / n_docs);
    g_autofree DjTermStat *stats = g_new0(DjTermStat, MAX(n_terms, 1));
    for (guint i = 0; i < n_terms; i++) {
        const Term *term = &g_array_index(builder->terms, Term, i);
        stats[i].idf = idf_of(n_docs, term->df);
        stats[i].need = need_of(builder->n_needs, term->need_df);
    }
    /* Two passes over the postings: the largest impact sets the scale, then the moments of the scaled ones. */
    double largest = 0;
    for (int pass = 0; pass < 2; pass++) {
        guint64 at = 0;
        for (guint d = 0; d < n_docs; d++) {
            guint64 end = g_array_index(builder->doc_ends, guint64, d);
            for (; at < end; at++) {
                const Posting *posting = &g_array_index(builder->postings, Posting, at);
                Term *term = &g_array_index(builder->terms, Term, posting->term);
                guint32 length = g_array_index(builder->lengths, guint32, d * DJ_N_LEX_UNITS + term->unit);
                if (pass == 0) {
                    double raw =
                        dj_model_raw_impact(&model, &stats[posting->term], posting->tf, length, (DjLexUnit)term->unit);
                    largest = MAX(largest, raw);
                } else {
                    double u8 =
                        dj_model_impact(&model, &stats[posting->term], posting->tf, length, (DjLexUnit)term->unit);
                    term->sum += u8;
                    term->square += u8 * u8;
                }
            }
        }
        if (pass == 0)
            model.largest = MAX(1, fixed(largest));
    }
    double sum_once = 0, count_once = 0;
    for (guint i = 0; i < n_terms; i++) {
        const Term *term = &g_array_index(builder->terms, Term, i);
        double mean = term->sum / n_docs;
        stats[i].variance = fixed(term->square / n_docs - mean * mean);
        if (term->df == 1) {
            sum_once += stats[i].variance;
            count_once++;
        }
    }
    /* A term of no document yet would stand in one: it varies like those that do. */
    DjTermStat unseen = {idf_of(n_docs, 0), need_of(builder->n_needs, 0),
                         count_once > 0 ? (guint32)(sum_once / count_once) : 1};

    g_autofree guint32 *order = g_new(guint32, MAX(n_terms, 1));
    for (guint i = 0; i < n_terms; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)n_terms, sizeof *order, compare_keys, builder->key_of);
    g_autofree guint64 *offset = g_new0(guint64, (gsize)n_terms + 1);
    g_autofree DjTermStat *sorted = g_new0(DjTermStat, MAX(n_terms, 1));
    g_autoptr(GString) text = g_string_sized_new(1 << 16);
    for (guint i = 0; i < n_terms; i++) {
        g_string_append(text, builder->key_of->pdata[order[i]]);
        offset[i + 1] = text->len;
        sorted[i] = stats[order[i]];
    }
    json_t *weights = json_array();
    for (int f = 0; f < DJ_N_DOC_FIELDS; f++)
        json_array_append_new(weights, json_integer(builder->scoring.doc_weight[f]));
    json_t *params = json_pack("{s:I, s:I, s:[I,I], s:I, s:I, s:I, s:I, s:i, s:i, s:o}", "docs", (json_int_t)n_docs,
                               "needs", (json_int_t)builder->n_needs, "average_length",
                               (json_int_t)model.average_length[0], (json_int_t)model.average_length[1], "largest",
                               (json_int_t)model.largest, "unseen_idf", (json_int_t)unseen.idf, "unseen_need",
                               (json_int_t)unseen.need, "unseen_variance", (json_int_t)unseen.variance, "k1",
                               builder->scoring.k1, "b", builder->scoring.b, "doc_weight", weights);
    char *json = json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(params);
    DjPackWriter *pack = dj_pack_writer_new("model");
    dj_pack_writer_add(pack, "params", json, strlen(json));
    free(json);
    dj_pack_writer_add_strings(pack, "terms", offset, text->str, n_terms);
    dj_pack_writer_add(pack, "stats", sorted, (gsize)n_terms * sizeof *sorted);
    if (semantic) {
        g_autoptr(GBytes) words = dj_semantic_serialize(semantic);
        gsize size;
        gconstpointer data = g_bytes_get_data(words, &size);
        dj_pack_writer_add(pack, "semantic", data, size);
    } else {
        dj_pack_writer_add(pack, "semantic", "", 0);
    }
    return dj_pack_writer_finish(pack);
}
