/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/need.h"
#include <math.h>
#include <string.h>

#define ONE               65536.0
#define SHORT_QUESTION    40   /* characters: a question of this length is a title */
#define MAX_DISTINCT_TERM 4000 /* bounds lex to 4000 * 255 * 255 < 2^32 */

/* Counts of one term in the two sides of a need. */
typedef struct {
    guint32 offset, length; /* key in the arena */
    guint32 tf[2];          /* by DjNeedSide */
    guint8 related[2];      /* largest weight of a lexicon entry that brings it, by DjNeedSide */
    guint8 unit;
} Counted;

void dj_query_init(DjQuery *query)
{
    memset(query, 0, sizeof *query);
    query->arena = g_string_new(NULL);
    query->terms = g_array_new(FALSE, FALSE, sizeof(DjQueryTerm));
}

void dj_query_clear(DjQuery *query)
{
    if (query->arena)
        g_string_free(query->arena, TRUE);
    g_clear_pointer(&query->terms, g_array_unref);
    memset(query, 0, sizeof *query);
}

gsize dj_need_texts(const DjRecord *need, DjNeedText out[DJ_NEED_MAX_TEXTS])
{
    static const struct {
        int field;
        DjNeedSide side;
    } parts[] = {
        {DJ_NEED_TITLE, DJ_NEED_SIDE_TITLE},           {DJ_NEED_SUMMARY, DJ_NEED_SIDE_CONTENT},
        {DJ_NEED_DESCRIPTION, DJ_NEED_SIDE_CONTENT},   {DJ_NEED_PRODUCT, DJ_NEED_SIDE_CONTENT},
        {DJ_NEED_INDICATORS, DJ_NEED_SIDE_CONTENT},    {DJ_NEED_BASELINE, DJ_NEED_SIDE_CONTENT},
        {DJ_NEED_ESSENTIAL_TERMS, DJ_NEED_SIDE_TITLE}, {DJ_NEED_OPTIONAL_TERMS, DJ_NEED_SIDE_CONTENT},
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(parts) <= DJ_NEED_MAX_TEXTS);
    gsize n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        const char *text = dj_record_get(need, parts[i].field);
        if (text)
            out[n++] = (DjNeedText){text, parts[i].field, parts[i].side, dj_record_privacy(need, parts[i].field)};
    }
    return n;
}

gsize dj_enterprise_texts(const DjRecord *enterprise, DjNeedText out[DJ_NEED_MAX_TEXTS])
{
    static const int fields[] = {DJ_ENTERPRISE_PRODUCT, DJ_ENTERPRISE_DOMAIN};
    gsize n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *text = dj_record_get(enterprise, fields[i]);
        if (text)
            out[n++] = (DjNeedText){text, fields[i], i == 0 ? DJ_NEED_SIDE_TITLE : DJ_NEED_SIDE_CONTENT,
                                    dj_record_privacy(enterprise, fields[i])};
    }
    return n;
}

gsize dj_question_texts(const char *text, char **title, DjNeedText out[DJ_NEED_MAX_TEXTS])
{
    while (g_ascii_isspace(*text))
        text++;
    const char *line_end = strpbrk(text, "\r\n");
    glong characters = g_utf8_strlen(text, -1);
    *title = line_end                       ? g_strndup(text, (gsize)(line_end - text))
             : characters <= SHORT_QUESTION ? g_strdup(text)
                                            : NULL;
    gsize n = 0;
    if (*title)
        out[n++] = (DjNeedText){*title, -1, DJ_NEED_SIDE_TITLE, DJ_PUBLIC};
    if (!*title || line_end)
        out[n++] = (DjNeedText){line_end ? line_end : text, -1, DJ_NEED_SIDE_CONTENT, DJ_PUBLIC};
    return n;
}

static double saturate(guint32 tf, int k3)
{
    double f = tf, k = k3 / 100.0;
    return tf == 0 ? 0 : f * (k + 1.0) / (f + k);
}

static gint compare_counted(gconstpointer a, gconstpointer b, gpointer arena)
{
    const Counted *x = a, *y = b;
    const char *text = arena;
    int order = memcmp(text + x->offset, text + y->offset, MIN(x->length, y->length));
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

static gboolean is_within(const GArray *spans, const DjTerm *term)
{
    guint low = 0, high = spans->len; /* the first span that ends behind the term's begin */
    while (low < high) {
        guint middle = (low + high) / 2;
        if (g_array_index(spans, DjLexiconSpan, middle).end > term->begin)
            high = middle;
        else
            low = middle + 1;
    }
    const DjLexiconSpan *span = low < spans->len ? &g_array_index(spans, DjLexiconSpan, low) : NULL;
    return span && span->begin <= term->begin && term->end <= span->end;
}

const DjTerm *dj_need_split(DjQueryScratch *scratch, const DjQueryTools *tools, const char *text, guint units,
                            gsize *n_terms)
{
    const DjTerm *terms = dj_analyzer_split(scratch->analyzer, text, -1, units, n_terms);
    g_array_set_size(scratch->spans, 0);
    if (tools->lexicon && tools->scoring->boilerplate)
        dj_lexicon_find_empty(tools->lexicon, scratch->normaliser, text, scratch->spans);
    if (scratch->spans->len == 0)
        return terms;
    g_array_set_size(scratch->terms, 0);
    for (gsize i = 0; i < *n_terms; i++)
        if (!is_within(scratch->spans, &terms[i]))
            g_array_append_val(scratch->terms, terms[i]);
    *n_terms = scratch->terms->len;
    return (const DjTerm *)(gpointer)scratch->terms->data;
}

typedef struct {
    GString *arena;
    GArray *all; /* Counted */
    DjQueryScratch *scratch;
    const DjQueryTools *tools;
    DjNeedSide side;
} Counting;

/* related: 0 for the need's own words, else the weight of the lexicon entry. */
static void count_text(Counting *counting, const char *text, guint8 related)
{
    gsize n;
    const DjTerm *terms = dj_need_split(counting->scratch, counting->tools, text, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR, &n);
    for (gsize i = 0; i < n; i++) {
        guint8 unit = terms[i].unit == DJ_UNIT_CHAR ? DJ_LEX_CHAR : DJ_LEX_BIGRAM;
        /* a single Han character of a synonym says nothing of it */
        if (related && unit == DJ_LEX_CHAR && (guchar)terms[i].bytes[0] >= 0x80)
            continue;
        Counted counted = {.offset = (guint32)counting->arena->len, .length = terms[i].length + 1, .unit = unit};
        if (related)
            counted.related[counting->side] = related;
        else
            counted.tf[counting->side] = 1;
        g_string_append_c(counting->arena, DJ_UNIT_LETTERS[unit]);
        g_string_append_len(counting->arena, terms[i].bytes, terms[i].length);
        g_array_append_val(counting->all, counted);
    }
}

static void count_related(const char *term, int weight, guint32 begin, guint32 end, gpointer user)
{
    (void)begin;
    (void)end;
    count_text(user, term, (guint8)weight);
}

/* Distinct terms of all texts with their counts per side, ascending by key. */
static GArray *count_terms(GString *arena, DjQueryScratch *scratch, const DjQueryTools *tools, const DjNeedText *texts,
                           gsize n_texts, const DjMembership *member, guint n_member)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Counted));
    Counting counting = {.arena = arena, .all = all, .scratch = scratch, .tools = tools};
    gboolean expands = tools->lexicon && tools->scoring->lexicon_weight > 0;
    for (gsize t = 0; t < n_texts; t++) {
        counting.side = texts[t].side;
        count_text(&counting, texts[t].text, 0);
        if (expands)
            dj_lexicon_expand(tools->lexicon, scratch->normaliser, texts[t].text, member, n_member, count_related,
                              &counting);
    }
    g_array_sort_with_data(all, compare_counted, arena->str);
    guint kept = 0;
    for (guint i = 0; i < all->len; i++) {
        Counted *here = &g_array_index(all, Counted, i);
        Counted *last = kept > 0 ? &g_array_index(all, Counted, kept - 1) : NULL;
        if (last && compare_counted(last, here, arena->str) == 0) {
            for (int side = 0; side < 2; side++) {
                last->tf[side] += here->tf[side];
                last->related[side] = MAX(last->related[side], here->related[side]);
            }
        } else {
            g_array_index(all, Counted, kept++) = *here;
        }
    }
    g_array_set_size(all, MIN(kept, MAX_DISTINCT_TERM));
    return all;
}

/* counts: rows of word, tf in title, tf in content; seen: word + 1 -> row + 1. */
static void count_word(GHashTable *seen, GArray *counts, guint32 word, guint side)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(seen, GUINT_TO_POINTER(word + 1)));
    if (at == 0) {
        guint32 fresh[3] = {word, 0, 0};
        g_array_append_val(counts, fresh);
        at = counts->len;
        g_hash_table_insert(seen, GUINT_TO_POINTER(word + 1), GUINT_TO_POINTER(at));
    }
    ((guint32 *)(gpointer)counts->data)[3 * (at - 1) + 1 + side]++;
}

/* Title words by s(tf, title_k3), content words weighted and muted by n(w). */
GArray *dj_need_word_weights(DjQueryScratch *scratch, const DjQueryTools *tools, const DjNeedText *texts, gsize n_texts)
{
    const DjModel *model = tools->model;
    const DjScoring *scoring = tools->scoring;
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) counts = g_array_new(FALSE, TRUE, sizeof(guint32[3])); /* word, tf title, tf content */
    for (gsize t = 0; t < n_texts; t++) {
        gsize n;
        const DjTerm *words = dj_need_split(scratch, tools, texts[t].text, DJ_UNIT_WORD, &n);
        for (gsize i = 0; i < n; i++) {
            guint32 ids[DJ_SEMANTIC_MAX_PARTS];
            guint n_ids = dj_semantic_look_up(model->semantic, words[i].bytes, words[i].length, ids);
            for (guint p = 0; p < n_ids; p++)
                count_word(seen, counts, ids[p], texts[t].side);
        }
    }
    GArray *weights = g_array_sized_new(FALSE, FALSE, sizeof(DjSemanticWeight), counts->len);
    const guint32 *row = (const guint32 *)(gpointer)counts->data;
    for (guint i = 0; i < counts->len; i++, row += 3) {
        double mute = dj_semantic_get_need_weight(model->semantic, row[0]) / 65535.0;
        double weight = saturate(row[1], scoring->title_k3) +
                        scoring->semantic_content / 100.0 * saturate(row[2], scoring->content_k3) * mute;
        DjSemanticWeight word = {row[0], (guint32)(weight * DJ_SEMANTIC_ONE + 0.5)};
        g_array_append_val(weights, word);
    }
    return weights;
}

static void embed(DjQuery *query, DjQueryScratch *scratch, const DjQueryTools *tools, const DjNeedText *texts,
                  gsize n_texts)
{
    query->has_vec = FALSE;
    memset(query->vec, 0, sizeof query->vec);
    if (!tools->model->semantic)
        return;
    g_autoptr(GArray) weights = dj_need_word_weights(scratch, tools, texts, n_texts);
    query->has_vec = dj_semantic_embed(tools->model->semantic, (const DjSemanticWeight *)(gpointer)weights->data,
                                       weights->len, query->vec);
}

gint64 dj_query_dense_weight(const DjModel *model, const DjScoring *scoring)
{
    if (!scoring->semantic || !model->semantic)
        return 0;
    return (gint64)scoring->semantic_weight * DJ_TOTAL_ONE / (100 * DJ_SEMANTIC_SCALE * DJ_SEMANTIC_SCALE);
}

gboolean dj_query_scratch_init(DjQueryScratch *scratch, GError **error)
{
    scratch->normaliser = NULL;
    scratch->spans = g_array_new(FALSE, FALSE, sizeof(DjLexiconSpan));
    scratch->terms = g_array_new(FALSE, FALSE, sizeof(DjTerm));
    scratch->analyzer = dj_analyzer_new(error);
    if (scratch->analyzer)
        scratch->normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!scratch->normaliser)
        dj_query_scratch_clear(scratch);
    return scratch->normaliser != NULL;
}

void dj_query_scratch_clear(DjQueryScratch *scratch)
{
    g_clear_pointer(&scratch->analyzer, dj_analyzer_free);
    g_clear_pointer(&scratch->normaliser, dj_normaliser_free);
    g_clear_pointer(&scratch->spans, g_array_unref);
    g_clear_pointer(&scratch->terms, g_array_unref);
}

/* Weight of a term before quantisation. */
static double weigh(const Counted *c, const DjTermStat *stat, const DjScoring *scoring)
{
    double mute = scoring->boilerplate ? stat->need / ONE : 1.0;
    double content = scoring->content_weight / 100.0 * mute;
    double q = saturate(c->tf[DJ_NEED_SIDE_TITLE], scoring->title_k3) +
               content * saturate(c->tf[DJ_NEED_SIDE_CONTENT], scoring->content_k3);
    if (c->tf[0] + c->tf[1] == 0)
        q = scoring->lexicon_weight / 100.0 *
            (c->related[DJ_NEED_SIDE_TITLE] / 100.0 + content * c->related[DJ_NEED_SIDE_CONTENT] / 100.0);
    return c->unit == DJ_LEX_CHAR ? q * (scoring->char_weight / 100.0) : q;
}

void dj_query_fill(DjQuery *query, DjQueryScratch *scratch, const DjQueryTools *tools, const DjNeedText *texts,
                   gsize n_texts, const DjMembership *member, guint n_member)
{
    const DjModel *model = tools->model;
    const DjScoring *scoring = tools->scoring;
    g_string_truncate(query->arena, 0);
    g_array_set_size(query->terms, 0);
    query->a = 0;
    query->self_total = 0;
    g_autoptr(GArray) counted = count_terms(query->arena, scratch, tools, texts, n_texts, member, n_member);
    guint n = counted->len;
    g_autofree double *q = g_new(double, MAX(n, 1));
    double largest = 0;
    guint64 length[DJ_N_LEX_UNITS] = {0, 0};
    for (guint i = 0; i < n; i++) {
        const Counted *c = &g_array_index(counted, Counted, i);
        q[i] = weigh(c, dj_model_find(model, query->arena->str + c->offset, c->length), scoring);
        largest = MAX(largest, q[i]);
        length[c->unit] += 100 * (guint64)(c->tf[0] + c->tf[1]);
    }
    double variance = 0;
    gint64 self = 0;
    for (guint i = 0; i < n; i++) {
        const Counted *c = &g_array_index(counted, Counted, i);
        const char *key = query->arena->str + c->offset;
        const DjTermStat *stat = dj_model_find(model, key, c->length);
        guint32 tf = c->tf[0] + c->tf[1];
        DjQueryTerm term = {.key = key, .length = c->length, .unit = (DjLexUnit)c->unit, .related = tf == 0};
        term.weight = largest > 0 ? (guint8)(255.0 * q[i] / largest + 0.5) : 0;
        g_array_append_val(query->terms, term);
        variance += (double)term.weight * term.weight * (stat->variance / ONE);
        if (tf > 0)
            self += (gint64)term.weight *
                    dj_model_impact(model, stat, 100 * tf, (guint32)MIN(length[c->unit], G_MAXUINT32), term.unit);
    }
    if (scoring->lexical && variance > 0)
        query->a = (gint64)((double)DJ_TOTAL_ONE / sqrt(variance) + 0.5);
    embed(query, scratch, tools, texts, n_texts);
    query->self_total = self * query->a;
    if (query->has_vec)
        query->self_total += dj_semantic_dot(query->vec, query->vec) * dj_query_dense_weight(model, scoring);
}
