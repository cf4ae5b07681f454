/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts are kept as word ids in order of first sight. Finishing picks and sorts the vocabulary, renames the ids, builds
 * the PPMI matrix (halving the vocabulary while it is too large), decomposes it, and writes down integers.
 *
 * The common directions are found with the quantised vectors, through the same sum that dj_semantic_embed uses.
 */
#include "engine/semantic/train.h"

#include "engine/semantic/cooccurrence.h"
#include "engine/semantic/model-private.h"
#include "engine/semantic/svd.h"

#include <cblas.h>
#include <gio/gio.h>
#include <math.h>
#include <string.h>

typedef struct {
    const char *bytes; /* owned by the trainer's table */
    guint32 n_texts;
    guint32 n_needs;
    guint32 last_text; /* 1 + the text that counted it last, so that each text counts once */
} Word;

struct DjSemanticTrainer {
    DjSemanticOptions options;
    GHashTable *ids; /* word -> id */
    GArray *words;   /* of Word, by id */
    GString *key;
    guint32 *occurrences;
    guint64 n_occurrences;
    guint64 capacity;
    GArray *text_offsets; /* guint64 */
    GArray *roles;        /* guint8 */
    guint32 n_left_out;
};

void dj_semantic_options_init(DjSemanticOptions *options)
{
    *options = (DjSemanticOptions){
        .max_words_per_text = 400,
        .window = 8,
        .min_texts = 3,
        .max_vocabulary = 100000,
        .max_occurrences = 60 * 1000 * 1000,
        .max_pairs = 60 * 1000 * 1000,
        .power_iterations = 8,
        .composition = 50,
        .n_common = 3,
        .n_threads = 2,
        .seed = 20201120,
    };
}

DjSemanticTrainer *dj_semantic_trainer_new(const DjSemanticOptions *options)
{
    g_return_val_if_fail(options->n_common <= DJ_SEMANTIC_MAX_COMMON, NULL);
    DjSemanticTrainer *trainer = g_new0(DjSemanticTrainer, 1);
    trainer->options = *options;
    trainer->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    trainer->words = g_array_new(FALSE, FALSE, sizeof(Word));
    trainer->key = g_string_new(NULL);
    trainer->text_offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
    trainer->roles = g_array_new(FALSE, FALSE, sizeof(guint8));
    g_array_append_val(trainer->text_offsets, trainer->n_occurrences);
    return trainer;
}

void dj_semantic_trainer_free(DjSemanticTrainer *trainer)
{
    if (!trainer) {
        return;
    }
    g_hash_table_destroy(trainer->ids);
    g_array_free(trainer->words, TRUE);
    g_string_free(trainer->key, TRUE);
    g_free(trainer->occurrences);
    g_array_free(trainer->text_offsets, TRUE);
    g_array_free(trainer->roles, TRUE);
    g_free(trainer);
}

static guint32 intern(DjSemanticTrainer *trainer, const DjSemanticWord *word)
{
    gpointer id;
    g_string_truncate(trainer->key, 0);
    g_string_append_len(trainer->key, word->bytes, word->length);
    if (g_hash_table_lookup_extended(trainer->ids, trainer->key->str, NULL, &id)) {
        return GPOINTER_TO_UINT(id);
    }
    const guint32 new_id = trainer->words->len;
    char *bytes = g_strdup(trainer->key->str);
    const Word entry = {bytes, 0, 0, 0};
    g_hash_table_insert(trainer->ids, bytes, GUINT_TO_POINTER(new_id));
    g_array_append_val(trainer->words, entry);
    return new_id;
}

gboolean dj_semantic_trainer_add(DjSemanticTrainer *trainer, DjSemanticRole role, const DjSemanticWord *words,
                                 gsize n_words, GError **error)
{
    const guint64 n = MIN(n_words, trainer->options.max_words_per_text);
    if (trainer->n_occurrences + n > trainer->options.max_occurrences) {
        trainer->n_left_out++;
        return TRUE;
    }
    if (trainer->n_occurrences + n > trainer->capacity) {
        const guint64 wanted = MAX(trainer->n_occurrences + n, trainer->capacity + trainer->capacity / 2);
        guint32 *occurrences = g_try_renew(guint32, trainer->occurrences, wanted);
        if (!occurrences) {
            g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "train: no memory for the texts");
            return FALSE;
        }
        trainer->occurrences = occurrences;
        trainer->capacity = wanted;
    }
    const guint8 stored_role = (guint8)role;
    g_array_append_val(trainer->roles, stored_role);
    for (guint64 i = 0; i < n; i++) {
        const guint32 id = intern(trainer, &words[i]);
        Word *word = &g_array_index(trainer->words, Word, id);
        if (word->last_text != trainer->roles->len) {
            word->last_text = trainer->roles->len;
            word->n_texts++;
            word->n_needs += role == DJ_SEMANTIC_NEED;
        }
        trainer->occurrences[trainer->n_occurrences++] = id;
    }
    g_array_append_val(trainer->text_offsets, trainer->n_occurrences);
    return TRUE;
}

/* ---- vocabulary ---- */

static int by_spread(gconstpointer a, gconstpointer b)
{
    const Word *x = *(const Word *const *)a, *y = *(const Word *const *)b;
    return x->n_texts != y->n_texts ? (x->n_texts < y->n_texts) - (x->n_texts > y->n_texts)
                                    : strcmp(x->bytes, y->bytes);
}

static int by_bytes(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const Word *const *)a)->bytes, (*(const Word *const *)b)->bytes);
}

/* The words that qualify, the most widespread first. */
static GPtrArray *list_candidates(const DjSemanticTrainer *trainer)
{
    GPtrArray *words = g_ptr_array_new();
    for (guint i = 0; i < trainer->words->len; i++) {
        Word *word = &g_array_index(trainer->words, Word, i);
        if (word->n_texts >= trainer->options.min_texts && word->bytes[0] && g_utf8_validate(word->bytes, -1, NULL)) {
            g_ptr_array_add(words, word);
        }
    }
    g_ptr_array_sort(words, by_spread);
    return words;
}

/* Maps the trainer's ids to places in the sorted vocabulary, or DJ_NO_WORD. */
static guint32 *make_renaming(const DjSemanticTrainer *trainer, const GPtrArray *vocabulary)
{
    guint32 *renaming = g_try_new(guint32, (gsize)trainer->words->len + 1);
    if (renaming) {
        const Word *all = (const Word *)(const void *)trainer->words->data;
        memset(renaming, 0xff, ((gsize)trainer->words->len + 1) * sizeof *renaming);
        for (guint i = 0; i < vocabulary->len; i++) {
            renaming[(const Word *)vocabulary->pdata[i] - all] = i;
        }
    }
    return renaming;
}

/* ---- the model ---- */

static double get_idf(const DjSemanticTrainer *trainer, const Word *word)
{
    return log((double)trainer->roles->len / word->n_texts);
}

/* Directions and strengths: row scaled to +-127, its length moved into the strength together with idf. */
static void write_vectors(DjSemanticModel *model, const double *strengths, const float *rows, guint32 dim)
{
    const guint32 n_ids = model->n_words + model->n_chars;
    g_autofree double *strength = g_new0(double, (gsize)n_ids + 1);
    double strongest = 0;
    for (guint32 w = 0; w < n_ids; w++) {
        const float *row = rows + (gsize)w * dim;
        double largest = 0;
        for (guint32 i = 0; i < dim; i++) {
            largest = MAX(largest, fabs(row[i]));
        }
        for (guint32 i = 0; i < dim && largest > 0; i++) {
            model->vectors[(gsize)w * DJ_SEMANTIC_DIM + i] = (gint8)lround(row[i] / largest * 127);
        }
        strength[w] = largest * strengths[w];
        strongest = MAX(strongest, strength[w]);
    }
    const double unit = (1u << DJ_SEMANTIC_STRENGTH_BITS) - 1;
    for (guint32 w = 0; w < n_ids && strongest > 0; w++) {
        model->strength[w] = (guint32)lround(strength[w] / strongest * unit);
    }
}

/* ---- characters ---- */

static gboolean is_han(gunichar c)
{
    return g_unichar_get_script(c) == G_UNICODE_SCRIPT_HAN;
}

static int by_value(gconstpointer a, gconstpointer b)
{
    const guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

/* The distinct Han characters of the vocabulary, ascending. */
static GArray *list_chars(const GPtrArray *vocabulary)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GArray *chars = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint w = 0; w < vocabulary->len; w++) {
        for (const char *p = ((const Word *)vocabulary->pdata[w])->bytes; *p; p = g_utf8_next_char(p)) {
            const guint32 c = g_utf8_get_char(p);
            if (is_han(c) && g_hash_table_add(seen, GUINT_TO_POINTER(c))) {
                g_array_append_val(chars, c);
            }
        }
    }
    g_array_sort(chars, by_value);
    return chars;
}

/* Places in chars of the Han characters of a word, in order. Returns how many, at most DJ_SEMANTIC_MAX_PARTS. */
static guint find_parts(const GArray *chars, const char *word, guint parts[DJ_SEMANTIC_MAX_PARTS])
{
    guint n = 0;
    for (const char *p = word; *p && n < DJ_SEMANTIC_MAX_PARTS; p = g_utf8_next_char(p)) {
        const guint32 c = g_utf8_get_char(p);
        n += g_array_binary_search((GArray *)chars, &c, by_value, &parts[n]) ? 1 : 0;
    }
    return n;
}

/*
 * Rows of all words, then of all characters. left is [n words][dim]; a character counts once per word. New array, NULL
 * when memory is short.
 */
static float *compose(const GPtrArray *vocabulary, const GArray *chars, const float *left, guint32 dim,
                      double composition)
{
    const gsize n_words = vocabulary->len, n_rows = n_words + chars->len;
    float *rows = g_try_new0(float, n_rows *dim + 1);
    g_autofree double *totals = g_new0(double, (gsize)chars->len + 1);
    guint parts[DJ_SEMANTIC_MAX_PARTS];
    if (!rows) {
        return NULL;
    }
    float *char_rows = rows + n_words * dim;
    for (gsize w = 0; w < n_words; w++) {
        const Word *word = vocabulary->pdata[w];
        const float weight = (float)sqrt(word->n_texts);
        const guint n = find_parts(chars, word->bytes, parts);
        for (guint p = 0; p < n; p++) {
            gboolean again = FALSE;
            for (guint q = 0; q < p; q++) {
                again |= parts[q] == parts[p];
            }
            totals[parts[p]] += again ? 0 : weight;
            for (guint32 i = 0; i < dim && !again; i++) {
                char_rows[(gsize)parts[p] * dim + i] += weight * left[w * dim + i];
            }
        }
    }
    for (gsize c = 0; c < chars->len; c++) {
        for (guint32 i = 0; i < dim && totals[c] > 0; i++) {
            char_rows[c * dim + i] /= (float)totals[c];
        }
    }
    for (gsize w = 0; w < n_words; w++) {
        const guint n = find_parts(chars, ((const Word *)vocabulary->pdata[w])->bytes, parts);
        memcpy(rows + w * dim, left + w * dim, dim * sizeof *rows);
        for (guint p = 0; p < n; p++) {
            for (guint32 i = 0; i < dim; i++) {
                rows[w * dim + i] += (float)(composition / n) * char_rows[(gsize)parts[p] * dim + i];
            }
        }
    }
    return rows;
}

/*
 * idf of each word; for each character that of a word seen in two texts, halved because words that were not learned
 * have two characters as a rule.
 */
static double *list_strengths(const DjSemanticTrainer *trainer, const GPtrArray *vocabulary, guint n_chars)
{
    double *strengths = g_new(double, (gsize)vocabulary->len + n_chars + 1);
    for (guint w = 0; w < vocabulary->len; w++) {
        strengths[w] = get_idf(trainer, vocabulary->pdata[w]);
    }
    for (guint c = 0; c < n_chars; c++) {
        strengths[vocabulary->len + c] = log(MAX(trainer->roles->len / 2.0, 1)) / 2;
    }
    return strengths;
}

static void write_words(DjSemanticModel *model, const DjSemanticTrainer *trainer, const GPtrArray *vocabulary,
                        const GArray *chars)
{
    guint32 n_needs = 0, at = 0;
    for (guint i = 0; i < trainer->roles->len; i++) {
        n_needs += trainer->roles->data[i] == DJ_SEMANTIC_NEED;
    }
    for (guint32 w = 0; w < model->n_words; w++) {
        const Word *word = vocabulary->pdata[w];
        const gsize length = strlen(word->bytes);
        memcpy(model->text + at, word->bytes, length);
        at += (guint32)length;
        model->text_offsets[w + 1] = at;
        double weight = 1;
        if (word->n_needs > 0) {
            weight = log((n_needs + 1.0) / (word->n_needs + 0.5)) / log(n_needs + 1.0);
        }
        model->need_weight[w] = (guint16)lround(65535 * CLAMP(weight, 0, 1));
    }
    for (guint32 c = 0; c < model->n_chars; c++) {
        model->chars[c] = g_array_index(chars, guint32, c);
        model->need_weight[model->n_words + c] = 65535;
    }
    for (guint32 tf = 1; tf <= DJ_SEMANTIC_MAX_TF; tf++) {
        model->log_tf[tf] = (guint32)lround(DJ_SEMANTIC_ONE * (1 + log(tf)));
    }
}

static int by_word(const void *a, const void *b)
{
    const guint32 x = ((const DjSemanticWeight *)a)->word, y = ((const DjSemanticWeight *)b)->word;
    return (x > y) - (x < y);
}

/* The words of a text as distinct words with weight 1 + ln tf. Returns how many. */
static gsize weigh_text(const DjSemanticModel *model, const guint32 *ids, guint64 n, DjSemanticWeight *weights)
{
    gsize n_all = 0, n_distinct = 0;
    for (guint64 i = 0; i < n; i++) {
        if (ids[i] != DJ_NO_WORD) {
            weights[n_all++] = (DjSemanticWeight){ids[i], 1};
        }
    }
    qsort(weights, n_all, sizeof *weights, by_word);
    for (gsize i = 0; i < n_all; i++) {
        if (n_distinct > 0 && weights[n_distinct - 1].word == weights[i].word) {
            weights[n_distinct - 1].weight++;
        } else {
            weights[n_distinct++] = weights[i];
        }
    }
    for (gsize i = 0; i < n_distinct; i++) {
        weights[i].weight = dj_semantic_get_log_tf(model, weights[i].weight);
    }
    return n_distinct;
}

/* First right singular vectors of the matrix of all texts: eigenvectors of the sum of their outer products. */
static gboolean find_common(DjSemanticModel *model, const DjOccurrences *texts, const DjSemanticOptions *options,
                            GError **error)
{
    enum { BATCH = 512 };
    const gsize dim = DJ_SEMANTIC_DIM;
    g_autofree double *batch = g_new(double, BATCH *dim), *gram = g_new0(double, dim *dim),
                      *vectors = g_new(double, DJ_SEMANTIC_MAX_COMMON *dim);
    g_autofree DjSemanticWeight *weights = g_new(DjSemanticWeight, (gsize)options->max_words_per_text + 1);
    int n_batch = 0;
    for (guint32 t = 0; t <= texts->n_texts; t++) {
        if (n_batch == BATCH || t == texts->n_texts) {
            cblas_dsyrk(CblasColMajor, CblasUpper, CblasNoTrans, (int)dim, n_batch, 1, batch, (int)dim, 1, gram,
                        (int)dim);
            n_batch = 0;
        }
        if (t == texts->n_texts) {
            break;
        }
        const guint64 begin = texts->text_offsets[t];
        const gsize n = weigh_text(model, texts->ids + begin, texts->text_offsets[t + 1] - begin, weights);
        if (dj_semantic_sum_words(model, weights, n, batch + (gsize)n_batch * dim)) {
            n_batch++;
        }
    }
    guint32 n_common = options->n_common;
    if (!dj_svd_find_eigenvectors(gram, DJ_SEMANTIC_DIM, &n_common, vectors, error)) {
        return FALSE;
    }
    model->n_common = n_common;
    for (guint32 c = 0; c < n_common; c++) {
        for (gsize i = 0; i < dim; i++) {
            model->common[c][i] = (gint32)lround(vectors[c * dim + i] * (1 << 30));
        }
    }
    return TRUE;
}

static gboolean report_svd(gpointer data, double done)
{
    const DjSemanticOptions *options = data;
    return options->progress(options->progress_data, "vectors", done);
}

static gboolean report(const DjSemanticOptions *options, const char *stage, double done, GError **error)
{
    if (options->progress && !options->progress(options->progress_data, stage, done)) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "train: cancelled");
        return FALSE;
    }
    return TRUE;
}

/*
 * Keeps the n most widespread candidates, sorts them by bytes, renames the ids and counts pairs; halves n while there
 * are too many. The occurrences are renamed in a copy, since a second round needs the first ids.
 */
static gboolean build_pairs(const DjSemanticTrainer *trainer, GPtrArray *candidates, DjOccurrences *texts, DjPpmi *ppmi,
                            DjSemanticStatistics *statistics, GError **error)
{
    const DjSemanticOptions *options = &trainer->options;
    guint32 n = MIN(candidates->len, options->max_vocabulary);
    guint32 *ids = g_try_new(guint32, trainer->n_occurrences + 1);
    if (!ids) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "train: no memory for the texts");
        return FALSE;
    }
    texts->ids = ids;
    texts->text_offsets = (const guint64 *)(const void *)trainer->text_offsets->data;
    texts->n_texts = trainer->roles->len;
    for (gboolean too_many = TRUE; too_many; n /= 2, statistics->n_halvings += too_many) {
        if (!report(options, "pairs", 0, error)) {
            return FALSE;
        }
        g_ptr_array_set_size(candidates, (gint)n);
        g_autoptr(GPtrArray) sorted = g_ptr_array_copy(candidates, NULL, NULL);
        g_ptr_array_sort(sorted, by_bytes);
        g_autofree guint32 *renaming = make_renaming(trainer, sorted);
        if (!renaming) {
            g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "train: no memory for the vocabulary");
            return FALSE;
        }
        for (guint64 i = 0; i < trainer->n_occurrences; i++) {
            ids[i] = renaming[trainer->occurrences[i]];
        }
        texts->n_words = n;
        if (!dj_ppmi_build(ppmi, texts, options->window, options->max_pairs, &too_many, error)) {
            return FALSE;
        }
    }
    g_ptr_array_sort(candidates, by_bytes);
    statistics->n_words = candidates->len;
    statistics->n_pairs = ppmi->rows[ppmi->n];
    return report(options, "pairs", 1, error);
}

static DjSemanticModel *decompose(const DjSemanticTrainer *trainer, const GPtrArray *vocabulary,
                                  const DjOccurrences *texts, DjPpmi *ppmi, DjSemanticStatistics *statistics,
                                  GError **error)
{
    const DjSemanticOptions *options = &trainer->options;
    const DjSvdOptions svd = {
        /* With as many directions as words, all words would be orthogonal and mean nothing to each other. */
        .dim = CLAMP(ppmi->n / 8, 1, DJ_SEMANTIC_DIM),
        .power_iterations = options->power_iterations,
        .n_threads = options->n_threads,
        .seed = options->seed,
        .progress = options->progress ? report_svd : NULL,
        .progress_data = (gpointer)options,
    };
    guint32 dim;
    g_autofree float *left = dj_svd_find_left(ppmi, &svd, &dim, error);
    dj_ppmi_clear(ppmi);
    if (!left) {
        return NULL;
    }
    statistics->n_dimensions = dim;
    gsize text_size = 0;
    for (guint i = 0; i < vocabulary->len; i++) {
        text_size += strlen(((const Word *)vocabulary->pdata[i])->bytes);
    }
    g_autoptr(GArray) chars = list_chars(vocabulary);
    if (options->composition == 0) {
        g_array_set_size(chars, 0);
    }
    g_autofree float *rows = compose(vocabulary, chars, left, dim, options->composition / 100.0);
    g_autofree double *strengths = list_strengths(trainer, vocabulary, chars->len);
    g_autoptr(DjSemanticModel) model = dj_semantic_new(vocabulary->len, chars->len, text_size);
    if (!model || !rows) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "train: no memory for the model");
        return NULL;
    }
    write_words(model, trainer, vocabulary, chars);
    write_vectors(model, strengths, rows, dim);
    if (!find_common(model, texts, options, error)) {
        return NULL;
    }
    return g_steal_pointer(&model);
}

DjSemanticModel *dj_semantic_trainer_finish(DjSemanticTrainer *trainer, DjSemanticStatistics *statistics,
                                            GError **error)
{
    DjSemanticStatistics found = {
        .n_texts = trainer->roles->len,
        .n_texts_left_out = trainer->n_left_out,
        .n_occurrences = trainer->n_occurrences,
    };
    DjOccurrences texts = {0};
    DjPpmi ppmi = {0};
    DjSemanticModel *model = NULL;
    g_autoptr(GPtrArray) vocabulary = list_candidates(trainer);
    openblas_set_num_threads((int)MAX(trainer->options.n_threads, 1));
    if (build_pairs(trainer, vocabulary, &texts, &ppmi, &found, error)) {
        model = decompose(trainer, vocabulary, &texts, &ppmi, &found, error);
    }
    dj_ppmi_clear(&ppmi);
    g_free((gpointer)texts.ids);
    if (statistics) {
        *statistics = found;
    }
    return model;
}
