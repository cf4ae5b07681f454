/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_quality [FOLDER [QRELS]]: the steps of the ranking recipe on real graded judgments, each in double and in the
 * integers that the engine uses, next to the figures of the study that the recipe comes from.
 *
 * FOLDER is DUIJIE_EVAL_DATA or ../shared/data beside the source tree when not given; the bench says so and ends with 0
 * where it is absent. Every figure is a mean over needs with its standard error; "d" is the paired difference to the
 * step that the study compares it with.
 */
#include "bench/quality/data.h"
#include "bench/quality/lexical.h"
#include "bench/quality/semantic.h"

#include "engine/semantic/apply.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHAR_FACTOR 0.5
/* total = lex * a + dot * b with a = A / sigma: lex / sigma + cosine_weight cos, times A. */
#define FUSION_A            16000000.0
#define NEED_VECTOR_CONTENT 0.4

typedef enum { LEXICAL_BIGRAM, LEXICAL_BOTH, FUSED } Channels;
typedef enum { WORDS, WORDS_AND_CHARS, N_MODELS } Model; /* composition of the word vectors: 0, .5 */

typedef struct {
    const char *name;
    Channels channels;
    NeedWeights weights;
    Model model;
    double cosine_weight;
    double study[3]; /* nDCG@10, R100, AUC as reported; 0: not in the study */
    guint base;      /* the step that this one is compared with; itself: none */
} Step;

static const Step STEPS[] = {
    {"0  bigram, title", LEXICAL_BIGRAM, {0, 0, 0, FALSE}, WORDS, 0, {0.654, 0.500, 0.698}, 0},
    {"0b bigram, title+content raw", LEXICAL_BIGRAM, {0, 1, 0, FALSE}, WORDS, 0, {0.667, 0.490, 0.740}, 0},
    {"1  + .5 characters, title", LEXICAL_BOTH, {0, 0, 0, FALSE}, WORDS, 0, {0.669, 0.514, 0.734}, 0},
    {"2  + content .3, k3 1", LEXICAL_BOTH, {1, 0.3, 1, FALSE}, WORDS, 0, {0.702, 0.544, 0.785}, 2},
    {"3  + content .8, k3 3, n(t)", LEXICAL_BOTH, {1, 0.8, 3, TRUE}, WORDS, 0, {0.714, 0.604, 0.794}, 3},
    {"4  + word vectors", FUSED, {1, 0.8, 3, TRUE}, WORDS, 15, {0.726, 0.645, 0.816}, 4},
    {"5  4 with weight 20", FUSED, {1, 0.8, 3, TRUE}, WORDS, 20, {0, 0, 0}, 5},
    {"6  5 + characters in vectors", FUSED, {1, 0.8, 3, TRUE}, WORDS_AND_CHARS, 20, {0, 0, 0}, 6},
};

typedef struct {
    const Data *data;
    DjAnalyzer *analyzer;
    Lexical *bigrams;
    Lexical *chars;
    DjSemanticModel *models[N_MODELS];
    gint8 *item_vectors[N_MODELS];
} Bench;

typedef struct {
    double *ndcg, *recall, *auc; /* by need */
} Figures;

static double get_cosine(const Bench *bench, Model model, const gint8 *need, guint item)
{
    return dj_semantic_dot(need, bench->item_vectors[model] + (gsize)item * DJ_SEMANTIC_DIM) /
           ((double)DJ_SEMANTIC_SCALE * DJ_SEMANTIC_SCALE);
}

static void add_z_scores(const double *values, guint n, double factor, double *out)
{
    double mean = 0, squares = 0;
    for (guint i = 0; i < n; i++) {
        mean += values[i] / n;
    }
    for (guint i = 0; i < n; i++) {
        squares += (values[i] - mean) * (values[i] - mean) / n;
    }
    for (guint i = 0; i < n && squares > 0; i++) {
        out[i] += factor * (values[i] - mean) / sqrt(squares);
    }
}

/* The study's own form: double impacts and weights, z-scores. */
static void score_in_double(const Bench *bench, const Step *step, guint need_index, double *scores)
{
    const guint n = bench->data->items->len;
    const Record *need = data_get(bench->data->needs, need_index);
    g_autofree double *lexical = g_new0(double, n), *cosines = g_new0(double, n);
    g_autoptr(GArray) bigrams = lexical_weigh_need(bench->bigrams, need, &step->weights);
    lexical_add_scores(bench->bigrams, bigrams, 1, lexical);
    if (step->channels != LEXICAL_BIGRAM) {
        g_autoptr(GArray) chars = lexical_weigh_need(bench->chars, need, &step->weights);
        lexical_add_scores(bench->chars, chars, CHAR_FACTOR, lexical);
    }
    if (step->channels != FUSED) {
        memcpy(scores, lexical, n * sizeof *scores);
        return;
    }
    gint8 vector[DJ_SEMANTIC_DIM];
    semantic_embed_need(need, bench->analyzer, bench->models[step->model], NEED_VECTOR_CONTENT, vector);
    for (guint i = 0; i < n; i++) {
        cosines[i] = get_cosine(bench, step->model, vector, i);
    }
    memset(scores, 0, n * sizeof *scores);
    add_z_scores(lexical, n, 1, scores);
    add_z_scores(cosines, n, 0.7 / 15 * step->cosine_weight, scores);
}

static double get_max_weight(const GArray *weights, double factor)
{
    double max = 0;
    for (guint i = 0; i < weights->len; i++) {
        max = fmax(max, factor * g_array_index(weights, LexicalWeight, i).weight);
    }
    return max;
}

/* The engine's form: 8-bit impacts and weights on one scale for both units, int8 vectors, one integer total. */
static void score_in_integers(const Bench *bench, const Step *step, guint need_index, double *scores)
{
    const guint n = bench->data->items->len;
    const Record *need = data_get(bench->data->needs, need_index);
    const gboolean both = step->channels != LEXICAL_BIGRAM;
    g_autofree guint32 *sums = g_new0(guint32, n);
    g_autoptr(GArray) bigrams = lexical_weigh_need(bench->bigrams, need, &step->weights);
    g_autoptr(GArray) chars = lexical_weigh_need(bench->chars, need, &step->weights);
    const double max_impact = both ? fmax(lexical_get_max_impact(bench->bigrams), lexical_get_max_impact(bench->chars))
                                   : lexical_get_max_impact(bench->bigrams);
    const double max_weight = fmax(get_max_weight(bigrams, 1), both ? get_max_weight(chars, CHAR_FACTOR) : 0);
    double variance = 0;
    lexical_add_integer_scores(bench->bigrams, bigrams, max_impact, 1, max_weight, sums, &variance);
    if (both) {
        lexical_add_integer_scores(bench->chars, chars, max_impact, CHAR_FACTOR, max_weight, sums, &variance);
    }
    gint8 vector[DJ_SEMANTIC_DIM] = {0};
    gint64 a = 1, b = 0;
    if (step->channels == FUSED) {
        semantic_embed_need(need, bench->analyzer, bench->models[step->model], NEED_VECTOR_CONTENT, vector);
        a = variance > 0 ? (gint64)llround(FUSION_A / sqrt(variance)) : 0;
        b = (gint64)llround(step->cosine_weight * FUSION_A / (DJ_SEMANTIC_SCALE * DJ_SEMANTIC_SCALE));
    }
    for (guint i = 0; i < n; i++) {
        const gint64 dot =
            b ? dj_semantic_dot(vector, bench->item_vectors[step->model] + (gsize)i * DJ_SEMANTIC_DIM) : 0;
        scores[i] = (double)(sums[i] * a + dot * b);
    }
}

static Figures new_figures(guint n_needs)
{
    Figures figures = {g_new(double, n_needs), g_new(double, n_needs), g_new(double, n_needs)};
    for (guint i = 0; i < n_needs; i++) {
        figures.ndcg[i] = figures.recall[i] = figures.auc[i] = NAN;
    }
    return figures;
}

static void figures_clear(Figures *figures)
{
    g_free(figures->ndcg);
    g_free(figures->recall);
    g_free(figures->auc);
}

static Figures evaluate(const Bench *bench, const Step *step, gboolean integers)
{
    const Data *data = bench->data;
    Figures figures = new_figures(data->needs->len);
    g_autofree double *scores = g_new(double, data->items->len);
    g_autofree DjJudged *judged = g_new(DjJudged, data->judgments->len);
    g_autofree guint32 *relevant = g_new(guint32, data->judgments->len);
    for (guint first = 0, stop; first < data->judgments->len; first = stop) {
        const guint need = g_array_index(data->judgments, Judgment, first).need;
        (integers ? score_in_integers : score_in_double)(bench, step, need, scores);
        gsize n_relevant = 0;
        for (stop = first; stop < data->judgments->len; stop++) {
            const Judgment *judgment = &g_array_index(data->judgments, Judgment, stop);
            if (judgment->need != need) {
                break;
            }
            judged[stop - first] = (DjJudged){scores[judgment->item], judgment->level};
            if (judgment->level >= 3) {
                relevant[n_relevant++] = judgment->item;
            }
        }
        figures.ndcg[need] = dj_metrics_get_ndcg(judged, stop - first, 10);
        figures.auc[need] = dj_metrics_get_auc(judged, stop - first);
        figures.recall[need] = dj_metrics_get_recall(scores, data->items->len, relevant, n_relevant, 100);
    }
    return figures;
}

static void print_row(const char *name, const Figures *figures, const Figures *base, const double *study, guint n_needs)
{
    const double *values[] = {figures->ndcg, figures->recall, figures->auc};
    printf("%-32s", name);
    for (int m = 0; m < 3; m++) {
        const DjSummary summary = dj_metrics_summarise(values[m], n_needs);
        printf("  %.3f+-%.3f", summary.mean, summary.se);
        if (study) {
            if (study[m] > 0) {
                printf(" (%.3f)", study[m]);
            } else {
                printf("        ");
            }
        }
    }
    if (base) {
        const double *before[] = {base->ndcg, base->recall, base->auc};
        for (int m = 0; m < 3; m++) {
            const DjSummary paired = dj_metrics_compare(before[m], values[m], n_needs);
            printf("  d %+.3f+-%.3f", paired.mean, paired.se);
        }
    }
    printf("\n");
}

static void run(Bench *bench)
{
    const guint n_needs = bench->data->needs->len;
    Figures figures[G_N_ELEMENTS(STEPS)][2];
    printf(
        "each: nDCG@10, recall@100, AUC; mean+-standard error (the study's figure); d: paired, to the step before\n");
    for (guint s = 0; s < G_N_ELEMENTS(STEPS); s++) {
        for (int integers = 0; integers < 2; integers++) {
            figures[s][integers] = evaluate(bench, &STEPS[s], integers);
            print_row(integers ? "   in integers" : STEPS[s].name, &figures[s][integers],
                      STEPS[s].base != s ? &figures[STEPS[s].base][integers] : NULL, integers ? NULL : STEPS[s].study,
                      n_needs);
        }
    }
    for (guint s = 0; s < G_N_ELEMENTS(STEPS); s++) {
        figures_clear(&figures[s][0]);
        figures_clear(&figures[s][1]);
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    const char *from_env = g_getenv("DUIJIE_EVAL_DATA");
    const char *folder = argc > 1 ? argv[1] : from_env ? from_env : DJ_SOURCE_DIR "/../shared/data";
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        printf("skipped: no evaluation data in %s\n", folder);
        return 0;
    }
    Data *data = data_load(folder, argc > 2 ? argv[2] : NULL, &error);
    DjAnalyzer *analyzer = data ? dj_analyzer_new(&error) : NULL;
    Bench bench = {.data = data, .analyzer = analyzer};
    for (int m = 0; m < N_MODELS && !error; m++) {
        const gint64 start = g_get_monotonic_time();
        DjSemanticStatistics found;
        bench.models[m] = analyzer ? semantic_train(data, analyzer, m == WORDS ? 0 : 50, &found, &error) : NULL;
        if (bench.models[m]) {
            printf("trained in %.1f s: %u texts, %u words, %" G_GUINT64_FORMAT " occurrences, %" G_GUINT64_FORMAT
                   " pairs\n",
                   (double)(g_get_monotonic_time() - start) / 1e6, found.n_texts, found.n_words, found.n_occurrences,
                   found.n_pairs);
            bench.item_vectors[m] = semantic_embed_items(data, analyzer, bench.models[m]);
        }
    }
    if (error) {
        fprintf(stderr, "bench_quality: %s\n", error->message);
        return 1;
    }
    bench.bigrams = lexical_new(data, analyzer, DJ_UNIT_BIGRAM);
    bench.chars = lexical_new(data, analyzer, DJ_UNIT_CHAR);
    run(&bench);
    lexical_free(bench.bigrams);
    lexical_free(bench.chars);
    for (int m = 0; m < N_MODELS; m++) {
        g_free(bench.item_vectors[m]);
        dj_semantic_unref(bench.models[m]);
    }
    dj_analyzer_free(analyzer);
    data_free(data);
    return 0;
}
