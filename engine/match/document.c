/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/document.h"
#include <string.h>

/* Which record fields make up an indexed field. */
static const int record_fields[DJ_N_DOC_FIELDS][3] = {
    [DJ_DOC_TITLE] = {DJ_PATENT_TITLE, -1, -1},
    [DJ_DOC_ABSTRACT] = {DJ_PATENT_ABSTRACT, -1, -1},
    [DJ_DOC_CLAIM] = {DJ_PATENT_CLAIM, -1, -1},
    [DJ_DOC_FIELDS] = {DJ_PATENT_APPLICATION_FIELDS, -1, -1},
    [DJ_DOC_PRODUCTS] = {DJ_PATENT_PRODUCTS, -1, -1},
    [DJ_DOC_KEYWORDS] = {DJ_PATENT_KEYWORDS, -1, -1},
    [DJ_DOC_ADVANTAGE] = {DJ_PATENT_ADVANTAGE, DJ_PATENT_INDICATORS, -1},
};

/* A term before counting: its key lies in the arena at an offset, because the arena moves while it grows. */
typedef struct {
    guint32 offset, length;
    guint8 field, unit;
} RawTerm;

struct DjDocument {
    DjAnalyzer *analyzer;
    GString *arena; /* keys of terms, then bytes of words */
    GArray *raw;    /* RawTerm */
    GArray *terms;  /* DjDocTerm */
    GArray *words;  /* DjTerm, bytes resolved after filling */
    guint32 length[DJ_N_LEX_UNITS];
};

DjDocument *dj_document_new(GError **error)
{
    DjAnalyzer *analyzer = dj_analyzer_new(error);
    if (!analyzer)
        return NULL;
    DjDocument *document = g_new0(DjDocument, 1);
    document->analyzer = analyzer;
    document->arena = g_string_sized_new(1 << 14);
    document->raw = g_array_new(FALSE, FALSE, sizeof(RawTerm));
    document->terms = g_array_new(FALSE, FALSE, sizeof(DjDocTerm));
    document->words = g_array_new(FALSE, FALSE, sizeof(DjTerm));
    return document;
}

void dj_document_free(DjDocument *document)
{
    if (!document)
        return;
    dj_analyzer_free(document->analyzer);
    g_string_free(document->arena, TRUE);
    g_array_unref(document->raw);
    g_array_unref(document->terms);
    g_array_unref(document->words);
    g_free(document);
}

int dj_document_record_field(DjDocField field, int part)
{
    return part >= 0 && part < 3 ? record_fields[field][part] : -1;
}

static void split_field(DjDocument *document, DjDocField field, const char *text, int weight)
{
    gsize n;
    const DjTerm *terms =
        dj_analyzer_split(document->analyzer, text, -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR | DJ_UNIT_WORD, &n);
    for (gsize i = 0; i < n; i++) {
        const DjTerm *term = &terms[i];
        if (term->unit == DJ_UNIT_WORD) {
            DjTerm word = *term;
            word.bytes = GSIZE_TO_POINTER(document->arena->len);
            g_string_append_len(document->arena, term->bytes, term->length);
            g_array_append_val(document->words, word);
            continue;
        }
        guint8 unit = term->unit == DJ_UNIT_BIGRAM ? DJ_LEX_BIGRAM : DJ_LEX_CHAR;
        RawTerm raw = {
            .offset = (guint32)document->arena->len, .length = term->length + 2, .field = (guint8)field, .unit = unit};
        g_string_append_c(document->arena, dj_doc_field_letter(field));
        g_string_append_c(document->arena, DJ_UNIT_LETTERS[unit]);
        g_string_append_len(document->arena, term->bytes, term->length);
        g_array_append_val(document->raw, raw);
        document->length[unit] += (guint32)weight;
    }
}

static gint compare_raw(gconstpointer a, gconstpointer b, gpointer arena)
{
    const RawTerm *x = a, *y = b;
    const char *text = arena;
    int order = memcmp(text + x->offset, text + y->offset, MIN(x->length, y->length));
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

void dj_document_fill(DjDocument *document, const DjRecord *record, const DjScoring *scoring)
{
    g_string_truncate(document->arena, 0);
    g_array_set_size(document->raw, 0);
    g_array_set_size(document->terms, 0);
    g_array_set_size(document->words, 0);
    memset(document->length, 0, sizeof document->length);
    for (int f = 0; f < DJ_N_DOC_FIELDS; f++) {
        for (int part = 0; dj_document_record_field((DjDocField)f, part) >= 0; part++) {
            const char *text = dj_record_get(record, dj_document_record_field((DjDocField)f, part));
            if (text)
                split_field(document, (DjDocField)f, text, scoring->doc_weight[f]);
        }
    }
    const char *arena = document->arena->str;
    g_array_sort_with_data(document->raw, compare_raw, (gpointer)arena);
    for (guint i = 0; i < document->raw->len;) {
        const RawTerm *raw = &g_array_index(document->raw, RawTerm, i);
        guint j = i + 1;
        while (j < document->raw->len &&
               compare_raw(raw, &g_array_index(document->raw, RawTerm, j), (gpointer)arena) == 0)
            j++;
        DjDocTerm term = {.key = arena + raw->offset,
                          .length = raw->length,
                          .count = j - i,
                          .field = (DjDocField)raw->field,
                          .unit = (DjLexUnit)raw->unit};
        g_array_append_val(document->terms, term);
        i = j;
    }
    for (guint i = 0; i < document->words->len; i++) {
        DjTerm *word = &g_array_index(document->words, DjTerm, i);
        word->bytes = arena + GPOINTER_TO_SIZE(word->bytes);
    }
}

const DjDocTerm *dj_document_terms(const DjDocument *document, gsize *n)
{
    *n = document->terms->len;
    return (const DjDocTerm *)(gpointer)document->terms->data;
}

guint32 dj_document_length(const DjDocument *document, DjLexUnit unit)
{
    return document->length[unit];
}

const DjTerm *dj_document_words(const DjDocument *document, gsize *n)
{
    *n = document->words->len;
    return (const DjTerm *)(gpointer)document->words->data;
}
