/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared words are shown as the longest runs that stand in both texts. Each term of the score belongs to exactly one
 * part: to the first run that holds it, or to the rest. Runs are taken from the need's texts in the order of who may
 * see them (public first, the title before the content), so that a word that also stands in a confidential field is
 * shown from where it is public, and a word that stands only there is marked with that field's class. */
#include "engine/match/explain_private.h"
#include "engine/match/indicator.h"
#include <string.h>

#define MAX_PHRASES     6 /* shown one by one; the rest is summed up */
#define MIN_PHRASE_PART 3 /* per cent of the lexical points: a smaller phrase joins the rest */

static void side_clear(gpointer data)
{
    Side *side = data;
    g_array_unref(side->places);
    g_clear_pointer(&side->words, g_array_unref);
}

static void related_clear(gpointer data)
{
    Related *related = data;
    g_free(related->text);
    g_array_unref(related->places);
}

DjExplainer *dj_explainer_new(const DjQueryTools *tools, GError **error)
{
    DjQueryScratch scratch;
    if (!dj_query_scratch_init(&scratch, error))
        return NULL;
    DjExplainer *explainer = g_new0(DjExplainer, 1);
    explainer->tools = *tools;
    explainer->scratch = scratch;
    explainer->related = g_array_new(FALSE, FALSE, sizeof(Related));
    g_array_set_clear_func(explainer->related, related_clear);
    explainer->dense_weight = dj_query_dense_weight(tools->model, tools->scoring);
    explainer->kindred = dj_kindred_new(tools->model);
    explainer->index = g_hash_table_new(g_str_hash, g_str_equal);
    explainer->keys = g_string_chunk_new(4096);
    explainer->need = g_array_new(FALSE, FALSE, sizeof(Side));
    explainer->patent = g_array_new(FALSE, FALSE, sizeof(Side));
    g_array_set_clear_func(explainer->need, side_clear);
    g_array_set_clear_func(explainer->patent, side_clear);
    explainer->tf = g_array_new(FALSE, TRUE, sizeof(guint32));
    explainer->raw = g_array_new(FALSE, TRUE, sizeof(gint64));
    explainer->owner = g_array_new(FALSE, TRUE, sizeof(guint8));
    explainer->stat = g_array_new(FALSE, FALSE, sizeof(const DjTermStat *));
    return explainer;
}

void dj_explainer_free(DjExplainer *explainer)
{
    if (!explainer)
        return;
    dj_query_scratch_clear(&explainer->scratch);
    g_array_unref(explainer->related);
    g_hash_table_unref(explainer->index);
    g_string_chunk_free(explainer->keys);
    g_array_unref(explainer->need);
    g_array_unref(explainer->patent);
    g_array_unref(explainer->tf);
    g_array_unref(explainer->raw);
    g_array_unref(explainer->owner);
    g_array_unref(explainer->stat);
    dj_kindred_free(explainer->kindred);
    g_free(explainer);
}

void dj_explainer_keep_patents(DjExplainer *explainer)
{
    dj_kindred_keep_patents(explainer->kindred);
}

/* Takes in the terms of a side's text; calls nothing for those that the need does not have, but keeps every bigram's
 * place. */
static void take_terms(DjExplainer *explainer, Side *side, const DjTerm *terms, gsize n,
                       void (*each)(DjExplainer *, guint32 term, gpointer), gpointer user)
{
    side->places = g_array_new(FALSE, FALSE, sizeof(Place));
    for (gsize i = 0; i < n; i++) {
        DjLexUnit unit = terms[i].unit == DJ_UNIT_CHAR ? DJ_LEX_CHAR : DJ_LEX_BIGRAM;
        guint32 term = dj_explain_find_term(explainer, unit, terms[i].bytes, terms[i].length);
        if (unit == DJ_LEX_BIGRAM) {
            Place place = {term, terms[i].position, terms[i].begin, terms[i].end};
            g_array_append_val(side->places, place);
        } else {
            side->n_chars++;
        }
        if (term != DJ_EXPLAIN_NONE)
            each(explainer, term, user);
    }
}

static void mark_owner(DjExplainer *explainer, guint32 term, gpointer user)
{
    guint8 *owner = &g_array_index(explainer->owner, guint8, term);
    guint8 privacy = (guint8)(*(const DjPrivacy *)user + 1);
    if (*owner == 0 || privacy < *owner)
        *owner = privacy;
}

/* Splits a text of the need, or a term that the lexicon brings for one. */
static void split_need(DjExplainer *explainer, Side *side)
{
    gsize n;
    const DjTerm *terms =
        dj_need_split(&explainer->scratch, &explainer->tools, side->text, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR, &n);
    take_terms(explainer, side, terms, n, mark_owner, &side->privacy);
}

static gint compare_sides(gconstpointer a, gconstpointer b)
{
    const Side *x = a, *y = b;
    if (x->privacy != y->privacy)
        return x->privacy < y->privacy ? -1 : 1;
    if (x->side != y->side)
        return x->side < y->side ? -1 : 1;
    return (x->field > y->field) - (x->field < y->field);
}

typedef struct {
    DjExplainer *explainer;
    guint need_text;
} Relating;

/* Owners of terms that only the lexicon brings are those who may see the word that it stands for. */
static void add_related(const char *term, int weight, guint32 begin, guint32 end, gpointer user)
{
    (void)weight;
    Relating *relating = user;
    const Side *need = &g_array_index(relating->explainer->need, Side, relating->need_text);
    Side own = {.text = term, .privacy = need->privacy};
    split_need(relating->explainer, &own);
    Related related = {g_strdup(term), relating->need_text, begin, end, own.places};
    g_array_append_val(relating->explainer->related, related);
}

void dj_explainer_set_need(DjExplainer *explainer, const DjNeedText *texts, gsize n_texts, const DjMembership *member,
                           guint n_member, const DjQuery *query)
{
    explainer->query = query;
    g_hash_table_remove_all(explainer->index);
    g_string_chunk_clear(explainer->keys);
    g_array_set_size(explainer->need, 0);
    g_array_set_size(explainer->related, 0);
    guint n = query->terms->len;
    g_array_set_size(explainer->tf, n);
    g_array_set_size(explainer->raw, n);
    g_array_set_size(explainer->owner, n);
    g_array_set_size(explainer->stat, n);
    if (n)
        memset(explainer->owner->data, 0, n);
    for (guint i = 0; i < n; i++) {
        const DjQueryTerm *term = &g_array_index(query->terms, DjQueryTerm, i);
        char *key = g_string_chunk_insert_len(explainer->keys, term->key, term->length);
        g_hash_table_insert(explainer->index, key, GUINT_TO_POINTER(i + 1));
        g_array_index(explainer->stat, const DjTermStat *, i) =
            dj_model_find(explainer->tools.model, term->key, term->length);
    }
    for (gsize t = 0; t < n_texts; t++) {
        Side side = {
            .field = texts[t].field, .text = texts[t].text, .side = texts[t].side, .privacy = texts[t].privacy};
        split_need(explainer, &side);
        dj_explain_split_words(explainer, &side);
        g_array_append_val(explainer->need, side);
    }
    g_array_sort(explainer->need, compare_sides);
    if (explainer->dense_weight > 0)
        dj_kindred_set_need(explainer->kindred, &explainer->scratch, &explainer->tools, texts, n_texts);
    gboolean expands = explainer->tools.lexicon && explainer->tools.scoring->lexicon_weight > 0;
    for (guint t = 0; expands && t < explainer->need->len; t++) {
        Relating relating = {explainer, t};
        dj_lexicon_expand(explainer->tools.lexicon, explainer->scratch.normaliser,
                          g_array_index(explainer->need, Side, t).text, member, n_member, add_related, &relating);
    }
}

static void count_tf(DjExplainer *explainer, guint32 term, gpointer user)
{
    g_array_index(explainer->tf, guint32, term) += *(const guint32 *)user;
}

/* Fills explainer->patent and the contribution of every term; returns their sum. */
static gint64 weigh_patent(DjExplainer *explainer, const DjRecord *patent)
{
    const DjScoring *scoring = &explainer->tools.model->scoring;
    guint n = explainer->query->terms->len;
    g_array_set_size(explainer->patent, 0);
    if (n)
        memset(explainer->tf->data, 0, n * sizeof(guint32));
    guint64 length[DJ_N_LEX_UNITS] = {0, 0};
    for (int f = 0; f < DJ_N_DOC_FIELDS; f++) {
        for (int part = 0; dj_document_record_field((DjDocField)f, part) >= 0; part++) {
            int field = dj_document_record_field((DjDocField)f, part);
            Side side = {.field = field, .text = dj_record_get(patent, field)};
            guint32 weight = (guint32)scoring->doc_weight[f];
            if (!side.text)
                continue;
            gsize n_terms;
            const DjTerm *terms =
                dj_analyzer_split(explainer->scratch.analyzer, side.text, -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR, &n_terms);
            take_terms(explainer, &side, terms, n_terms, count_tf, &weight);
            length[DJ_LEX_BIGRAM] += (guint64)side.places->len * weight;
            length[DJ_LEX_CHAR] += (guint64)side.n_chars * weight;
            g_array_append_val(explainer->patent, side);
        }
    }
    gint64 sum = 0;
    for (guint i = 0; i < n; i++) {
        const DjQueryTerm *term = &g_array_index(explainer->query->terms, DjQueryTerm, i);
        guint32 tf = g_array_index(explainer->tf, guint32, i);
        gint64 raw = 0;
        if (tf > 0 && term->weight > 0) {
            const DjTermStat *stat = g_array_index(explainer->stat, const DjTermStat *, i);
            raw = (gint64)term->weight * explainer->query->a *
                  dj_model_impact(explainer->tools.model, stat, tf, (guint32)length[term->unit], term->unit);
        }
        g_array_index(explainer->raw, gint64, i) = raw;
        sum += raw;
    }
    return sum;
}

static void fill_span(DjSpan *span, const Side *side, guint32 begin, guint32 end)
{
    span->field = side->field;
    span->byte_begin = begin;
    span->byte_end = end;
    span->char_begin = (guint32)g_utf8_strlen(side->text, begin);
    span->char_end = span->char_begin + (guint32)g_utf8_strlen(side->text + begin, end - begin);
}

/* Parts with their raw totals, to be shared out. */
typedef struct {
    GPtrArray *parts;
    guint first; /* of the parts that share */
    GArray *raw; /* gint64 */
} Pool;

static DjPart *pool_add(Pool *pool, DjPartKind kind, DjPrivacy privacy, const char *text, gint64 raw)
{
    DjPart *part = dj_part_new(kind, privacy, 0, text);
    g_ptr_array_add(pool->parts, part);
    g_array_append_val(pool->raw, raw);
    return part;
}

/* A phrase that is shown already, from another run; it takes further points instead of standing twice. */
static gint64 *find_shown(const Pool *pool, DjPartKind kind, DjPrivacy privacy, const char *text)
{
    for (guint i = 0; i < pool->raw->len; i++) {
        const DjPart *part = pool->parts->pdata[pool->first + i];
        if (part->kind == kind && part->privacy == privacy && g_strcmp0(part->text, text) == 0)
            return &g_array_index(pool->raw, gint64, i);
    }
    return NULL;
}

static void add_lexical(DjExplainer *explainer, Pool *pool, gint64 lexical)
{
    g_autoptr(GArray) runs = dj_explain_find_runs(explainer);
    gint64 rest[DJ_CONFIDENTIAL + 1] = {0};
    guint n_rest[DJ_CONFIDENTIAL + 1] = {0};
    guint shown = 0;
    for (guint i = 0; i < runs->len; i++) {
        const Run *run = &g_array_index(runs, Run, i);
        const Side *need = &g_array_index(explainer->need, Side, run->need_text);
        gboolean fragments = !run->related && run->shown == 0;
        if (shown >= MAX_PHRASES || fragments || run->raw < lexical / 100 * MIN_PHRASE_PART) {
            rest[need->privacy] += run->raw;
            n_rest[need->privacy]++;
            continue;
        }
        const Side *patent = &g_array_index(explainer->patent, Side, run->patent_text);
        guint32 skip = run->related ? 0 : run->skip, n = run->related ? run->n : run->shown;
        guint32 begin =
            run->related ? run->related->begin : g_array_index(need->places, Place, run->need_at + skip).begin;
        guint32 end =
            run->related ? run->related->end : g_array_index(need->places, Place, run->need_at + skip + n - 1).end;
        g_autofree char *said = g_strndup(need->text + begin, end - begin);
        g_autofree char *text = run->related ? g_strdup_printf("%s ~ %s", said, run->related->text) : g_strdup(said);
        DjPartKind kind = run->related ? DJ_PART_RELATED : DJ_PART_PHRASE;
        gint64 *again = find_shown(pool, kind, need->privacy, text);
        if (again) {
            *again += run->raw;
            continue;
        }
        DjPart *part = pool_add(pool, kind, need->privacy, text, run->raw);
        fill_span(&part->need, need, begin, end);
        fill_span(&part->patent, patent, g_array_index(patent->places, Place, run->patent_at + skip).begin,
                  g_array_index(patent->places, Place, run->patent_at + skip + n - 1).end);
        shown++;
    }
    for (guint i = 0; i < explainer->raw->len; i++) {
        gint64 raw = g_array_index(explainer->raw, gint64, i);
        guint8 owner = g_array_index(explainer->owner, guint8, i);
        if (raw == 0)
            continue;
        int privacy = owner ? owner - 1 : DJ_CONFIDENTIAL;
        rest[privacy] += raw;
        n_rest[privacy]++;
    }
    for (int privacy = DJ_PUBLIC; privacy <= DJ_CONFIDENTIAL; privacy++)
        if (rest[privacy] > 0)
            pool_add(pool, DJ_PART_OTHER, (DjPrivacy)privacy, NULL, rest[privacy])->n_others = n_rest[privacy];
}

/* Dot product of the need's vector with the patent's, as the matrix holds it. */
static gint64 dense_total(DjExplainer *explainer, const DjRecord *patent)
{
    gint8 vector[DJ_SEMANTIC_DIM];
    dj_kindred_set_patent(explainer->kindred, explainer->scratch.analyzer, patent, vector);
    if (explainer->dense_weight == 0 || !explainer->query->has_vec)
        return 0;
    return dj_semantic_dot(explainer->query->vec, vector) * explainer->dense_weight;
}

/* The strongest pairs of kindred words, then the rest of the closeness. */
static void add_dense(DjExplainer *explainer, Pool *pool, const DjRecord *patent, gint64 dense)
{
    DjKindredPair pairs[DJ_KINDRED_MOST];
    guint n = dj_kindred_find(explainer->kindred, dense, pairs);
    for (guint i = 0; i < n; i++) {
        const Side need = {.field = pairs[i].need->field, .text = pairs[i].need->text};
        const Side side = {.field = pairs[i].patent->field, .text = dj_record_get(patent, pairs[i].patent->field)};
        g_autofree char *said = g_strndup(need.text + pairs[i].need_begin, pairs[i].need_end - pairs[i].need_begin);
        g_autofree char *text = g_strdup_printf("%s ~ %.*s", said, (int)(pairs[i].patent->end - pairs[i].patent->begin),
                                                side.text + pairs[i].patent->begin);
        DjPart *part = pool_add(pool, DJ_PART_KINDRED, DJ_PUBLIC, text, pairs[i].raw);
        fill_span(&part->need, &need, pairs[i].need_begin, pairs[i].need_end);
        fill_span(&part->patent, &side, pairs[i].patent->begin, pairs[i].patent->end);
        dense -= pairs[i].raw;
    }
    pool_add(pool, DJ_PART_SEMANTIC, DJ_PUBLIC, NULL, dense);
}

void dj_explainer_explain(DjExplainer *explainer, const DjRecord *patent, const DjFeatures *features,
                          DjPairing *pairing)
{
    const DjScoring *scoring = explainer->tools.scoring;
    gint64 lexical = weigh_patent(explainer, patent);
    gint64 dense = dense_total(explainer, patent);
    gint64 base_points = dj_points_of_total(scoring, lexical + dense);
    Pool pool = {pairing->parts, pairing->parts->len, g_array_new(FALSE, FALSE, sizeof(gint64))};
    /* A negative closeness is its own part, rounded on its own; what is positive shares the rest. */
    gint64 shared = base_points;
    add_lexical(explainer, &pool, lexical);
    if (dense > 0) {
        add_dense(explainer, &pool, patent, dense);
    } else if (dense < 0) {
        gint64 minus = lexical > 0 ? dj_points_of_total(scoring, dense) : base_points;
        g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_SEMANTIC, DJ_PUBLIC, minus, NULL));
        shared -= minus;
    }
    if (pool.raw->len > 0) {
        g_autofree gint64 *out = g_new(gint64, pool.raw->len);
        dj_points_share(shared, (const gint64 *)(gpointer)pool.raw->data, pool.raw->len, out);
        for (guint i = 0; i < pool.raw->len; i++)
            ((DjPart *)pairing->parts->pdata[pool.first + i])->points = out[i];
    }
    g_array_unref(pool.raw);
    if (features->indicator > 0)
        dj_indicators_add_parts(pairing, features->indicator);
    if (features->chain > 0)
        g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_CHAIN, DJ_PUBLIC, features->chain, features->chain_text));
    if (features->ipc > 0)
        g_ptr_array_add(pairing->parts, dj_part_new(DJ_PART_IPC, DJ_PARTICIPANT, features->ipc, features->ipc_text));
    if (features->quality > 0)
        g_ptr_array_add(pairing->parts,
                        dj_part_new(DJ_PART_QUALITY, features->quality_privacy, features->quality, NULL));
    pairing->points = base_points + dj_features_sum(features);
    pairing->total = dj_order_of(scoring, lexical + dense, dj_features_sum(features));
}
