/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/semantic/apply.h"
#include "engine/semantic/cooccurrence.h"
#include "engine/semantic/svd.h"
#include "engine/semantic/train.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define N_TOPICS        4
#define WORDS_PER_TOPIC 30
#define N_COMMON_WORDS  10

/* Texts of 20 words: most from one topic's words (t0w00 ...), some from words that all topics share (c0 ...). */
static DjSemanticTrainer *make_trainer(const DjSemanticOptions *options, int n_texts)
{
    DjSemanticTrainer *trainer = dj_semantic_trainer_new(options);
    GRand *rand = g_rand_new_with_seed(11);
    for (int t = 0; t < n_texts; t++) {
        char bytes[20][8];
        DjSemanticWord words[20];
        for (int i = 0; i < 20; i++) {
            if (g_rand_int_range(rand, 0, 4) == 0) {
                g_snprintf(bytes[i], sizeof bytes[i], "c%d", g_rand_int_range(rand, 0, N_COMMON_WORDS));
            } else {
                g_snprintf(bytes[i], sizeof bytes[i], "t%dw%02d", t % N_TOPICS,
                           g_rand_int_range(rand, 0, WORDS_PER_TOPIC));
            }
            words[i] = (DjSemanticWord){bytes[i], (guint32)strlen(bytes[i])};
        }
        cr_assert(dj_semantic_trainer_add(trainer, t % 3 ? DJ_SEMANTIC_SUPPLY : DJ_SEMANTIC_NEED, words, 20, NULL));
    }
    g_rand_free(rand);
    return trainer;
}

static guint32 find(const DjSemanticModel *model, const char *word)
{
    const guint32 id = dj_semantic_find_word(model, word, strlen(word));
    cr_assert_neq(id, DJ_SEMANTIC_NO_WORD, "%s", word);
    return id;
}

Test(semantic_train, brings_words_of_one_topic_together)
{
    DjSemanticOptions options;
    dj_semantic_options_init(&options);
    options.n_common = 1; /* four topics have no more than one direction in common */
    g_autoptr(DjSemanticTrainer) trainer = make_trainer(&options, 600);
    DjSemanticStatistics statistics;
    g_autoptr(DjSemanticModel) model = dj_semantic_trainer_finish(trainer, &statistics, NULL);
    cr_assert_not_null(model);
    cr_expect_eq(statistics.n_texts, 600);
    cr_expect_eq(statistics.n_words, N_TOPICS * WORDS_PER_TOPIC + N_COMMON_WORDS);
    cr_expect_eq(statistics.n_dimensions, statistics.n_words / 8);
    /* Two halves of one topic share no word, and neither do two topics. */
    gint8 vectors[N_TOPICS][2][DJ_SEMANTIC_DIM];
    for (int t = 0; t < N_TOPICS; t++) {
        for (int half = 0; half < 2; half++) {
            DjSemanticWeight weights[WORDS_PER_TOPIC / 2];
            for (int i = 0; i < WORDS_PER_TOPIC / 2; i++) {
                char word[8];
                g_snprintf(word, sizeof word, "t%dw%02d", t, 2 * i + half);
                weights[i] = (DjSemanticWeight){find(model, word), DJ_SEMANTIC_ONE};
            }
            cr_assert(dj_semantic_embed(model, weights, G_N_ELEMENTS(weights), vectors[t][half]));
        }
    }
    const double unit = (double)DJ_SEMANTIC_SCALE * DJ_SEMANTIC_SCALE;
    for (int t = 0; t < N_TOPICS; t++) {
        for (int u = 0; u < N_TOPICS; u++) {
            const double cosine = dj_semantic_dot(vectors[t][0], vectors[u][1]) / unit;
            cr_expect(t == u ? cosine > 0.3 : cosine < 0.1, "topics %d and %d: %f", t, u, cosine);
        }
    }
}

Test(semantic_train, need_weights_mute_what_all_needs_say)
{
    DjSemanticOptions options;
    dj_semantic_options_init(&options);
    g_autoptr(DjSemanticTrainer) trainer = dj_semantic_trainer_new(&options);
    for (int i = 0; i < 8; i++) {
        const DjSemanticWord need[] = {{"company", 7}, {i < 4 ? "laser" : "motor", 5}, {"x", 1}};
        const DjSemanticWord supply[] = {{"motor", 5}, {"anode", 5}, {"laser", 5}};
        cr_assert(dj_semantic_trainer_add(trainer, DJ_SEMANTIC_NEED, need, 2, NULL));
        cr_assert(dj_semantic_trainer_add(trainer, DJ_SEMANTIC_SUPPLY, supply, 3, NULL));
    }
    g_autoptr(DjSemanticModel) model = dj_semantic_trainer_finish(trainer, NULL, NULL);
    cr_assert_not_null(model);
    /* n = ln(9 / (m + .5)) / ln 9 for m of 8 needs */
    const double all = log(9 / 8.5) / log(9), half = log(9 / 4.5) / log(9);
    cr_expect(abs(dj_semantic_get_need_weight(model, find(model, "company")) - (int)lround(65535 * all)) <= 1);
    cr_expect(abs(dj_semantic_get_need_weight(model, find(model, "laser")) - (int)lround(65535 * half)) <= 1);
    cr_expect_eq(dj_semantic_get_need_weight(model, find(model, "anode")), 65535);
    cr_expect_eq(dj_semantic_get_log_tf(model, 1), DJ_SEMANTIC_ONE);
    cr_expect_eq(dj_semantic_get_log_tf(model, 10), (guint32)lround(DJ_SEMANTIC_ONE * (1 + log(10))));
}

/* 电池 and 电极 share a character; 电解 was never seen and must land near both, not near the other topic. */
Test(semantic_train, gives_unseen_words_the_meaning_of_their_characters)
{
    DjSemanticOptions options;
    dj_semantic_options_init(&options);
    options.n_common = 0;
    g_autoptr(DjSemanticTrainer) trainer = dj_semantic_trainer_new(&options);
    static const char *const topics[2][6] = {{"电池", "电极", "锂", "膜", "充电", "正极"},
                                             {"小麦", "水稻", "种子", "田", "育种", "施肥"}};
    GRand *rand = g_rand_new_with_seed(8);
    for (int t = 0; t < 400; t++) {
        DjSemanticWord words[8];
        char filler[4][8];
        for (int i = 0; i < 8; i++) {
            const char *word = topics[t % 2][g_rand_int_range(rand, 0, 6)];
            if (i % 2) {
                g_snprintf(filler[i / 2], sizeof filler[0], "f%d", g_rand_int_range(rand, 0, 40));
                word = filler[i / 2];
            }
            words[i] = (DjSemanticWord){word, (guint32)strlen(word)};
        }
        cr_assert(dj_semantic_trainer_add(trainer, DJ_SEMANTIC_OTHER, words, 8, NULL));
    }
    g_rand_free(rand);
    g_autoptr(DjSemanticModel) model = dj_semantic_trainer_finish(trainer, NULL, NULL);
    cr_assert_not_null(model);
    gint8 vectors[3][DJ_SEMANTIC_DIM];
    static const char *const words[3] = {"电解", "电池", "小麦"};
    for (int w = 0; w < 3; w++) {
        guint32 ids[DJ_SEMANTIC_MAX_PARTS];
        cr_assert_eq(dj_semantic_look_up(model, words[w], strlen(words[w]), ids), 1);
        const DjSemanticWeight weight = {ids[0], DJ_SEMANTIC_ONE};
        cr_assert(dj_semantic_embed(model, &weight, 1, vectors[w]));
    }
    cr_expect_eq(dj_semantic_find_word(model, "电解", strlen("电解")), DJ_SEMANTIC_NO_WORD);
    const double unit = (double)DJ_SEMANTIC_SCALE * DJ_SEMANTIC_SCALE;
    const double same = dj_semantic_dot(vectors[0], vectors[1]) / unit;
    const double other = dj_semantic_dot(vectors[0], vectors[2]) / unit;
    cr_expect_gt(same, 0.3, "%f", same);
    cr_expect_lt(other, 0.1, "%f", other);
}

Test(semantic_train, repeats_itself)
{
    DjSemanticOptions options;
    dj_semantic_options_init(&options);
    g_autoptr(GBytes) first = NULL;
    for (int round = 0; round < 2; round++) {
        g_autoptr(DjSemanticTrainer) trainer = make_trainer(&options, 200);
        g_autoptr(DjSemanticModel) model = dj_semantic_trainer_finish(trainer, NULL, NULL);
        g_autoptr(GBytes) bytes = dj_semantic_serialize(model);
        g_autoptr(DjSemanticModel) parsed = dj_semantic_parse(bytes, NULL);
        cr_assert_not_null(parsed);
        if (first) {
            cr_expect(g_bytes_equal(first, bytes));
        }
        first = first ? first : g_bytes_ref(bytes);
    }
}

Test(semantic_train, accepts_corpora_that_teach_nothing)
{
    DjSemanticOptions options;
    dj_semantic_options_init(&options);
    const DjSemanticWord word = {"alone", 5};
    for (int n_texts = 0; n_texts < 6; n_texts++) {
        g_autoptr(DjSemanticTrainer) trainer = dj_semantic_trainer_new(&options);
        for (int i = 0; i < n_texts; i++) {
            cr_assert(dj_semantic_trainer_add(trainer, DJ_SEMANTIC_NEED, &word, i % 2, NULL));
        }
        GError *error = NULL;
        g_autoptr(DjSemanticModel) model = dj_semantic_trainer_finish(trainer, NULL, &error);
        cr_assert_not_null(model, "%d texts: %s", n_texts, error ? error->message : "");
        g_autoptr(GBytes) bytes = dj_semantic_serialize(model);
        g_autoptr(DjSemanticModel) parsed = dj_semantic_parse(bytes, &error);
        cr_assert_not_null(parsed, "%d texts: %s", n_texts, error ? error->message : "");
    }
}

Test(semantic_train, keeps_its_limits_and_says_so)
{
    DjSemanticOptions options;
    DjSemanticStatistics statistics;
    dj_semantic_options_init(&options);
    options.max_occurrences = 1010;
    g_autoptr(DjSemanticTrainer) few = make_trainer(&options, 60);
    g_autoptr(DjSemanticModel) few_model = dj_semantic_trainer_finish(few, &statistics, NULL);
    cr_assert_not_null(few_model);
    cr_expect_eq(statistics.n_occurrences, 1000);
    cr_expect_eq(statistics.n_texts_left_out, 10);

    dj_semantic_options_init(&options);
    options.max_pairs = 1000;
    g_autoptr(DjSemanticTrainer) narrow = make_trainer(&options, 400);
    g_autoptr(DjSemanticModel) narrow_model = dj_semantic_trainer_finish(narrow, &statistics, NULL);
    cr_assert_not_null(narrow_model);
    cr_expect_leq(statistics.n_pairs, 1000);
    cr_expect_gt(statistics.n_halvings, 0);
    cr_expect_eq(statistics.n_words, (N_TOPICS * WORDS_PER_TOPIC + N_COMMON_WORDS) >> statistics.n_halvings);
    find(narrow_model, "c0"); /* the widespread words stay */
}

static gboolean cancel_at(gpointer data, const char *stage, double done)
{
    (void)stage, (void)done;
    return --*(int *)data > 0;
}

Test(semantic_train, can_be_cancelled_at_every_report)
{
    for (int calls = 1; calls < 100; calls++) {
        DjSemanticOptions options;
        int left = calls;
        dj_semantic_options_init(&options);
        options.progress = cancel_at;
        options.progress_data = &left;
        g_autoptr(DjSemanticTrainer) trainer = make_trainer(&options, 40);
        g_autoptr(GError) error = NULL;
        g_autoptr(DjSemanticModel) model = dj_semantic_trainer_finish(trainer, NULL, &error);
        if (model) {
            cr_expect_gt(calls, 10);
            return;
        }
        cr_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    }
    cr_assert_fail("never finished");
}

/* ---- the numerical parts against their definitions ---- */

enum { N = 60, N_TEXTS = 50, TEXT = 30, WINDOW = 3 };

static guint32 ids[N_TEXTS * TEXT];
static guint64 offsets[N_TEXTS + 1];

static DjOccurrences make_occurrences(void)
{
    GRand *rand = g_rand_new_with_seed(5);
    for (int i = 0; i < N_TEXTS * TEXT; i++) {
        const int topic = i / TEXT % 5;
        ids[i] =
            g_rand_int_range(rand, 0, 9) == 0 ? DJ_NO_WORD : (guint32)(12 * topic + g_rand_int_range(rand, 0, 20)) % N;
    }
    for (int t = 0; t <= N_TEXTS; t++) {
        offsets[t] = (guint64)(t * TEXT);
    }
    g_rand_free(rand);
    return (DjOccurrences){ids, offsets, N_TEXTS, N};
}

/* PPMI by the definition, over all pairs of positions. */
static void fill_dense(double dense[N][N])
{
    double counts[N][N] = {{0}}, totals[N] = {0}, power = 0;
    for (int i = 0; i < N_TEXTS * TEXT; i++) {
        for (int j = 0; j < N_TEXTS * TEXT; j++) {
            if (i / TEXT == j / TEXT && i != j && abs(i - j) <= WINDOW && ids[i] != DJ_NO_WORD &&
                ids[j] != DJ_NO_WORD && ids[i] != ids[j]) {
                counts[ids[i]][ids[j]] += 1.0 / abs(i - j);
                totals[ids[i]] += 1.0 / abs(i - j);
            }
        }
    }
    for (int y = 0; y < N; y++) {
        power += pow(totals[y], 0.75);
    }
    for (int x = 0; x < N; x++) {
        for (int y = 0; y < N; y++) {
            const double p = pow(totals[y], 0.75) / power;
            dense[x][y] = counts[x][y] > 0 ? fmax(0, log(counts[x][y] / (totals[x] * p))) : 0;
        }
    }
}

Test(semantic_numbers, pairs_agree_with_the_definition)
{
    static double dense[N][N];
    const DjOccurrences texts = make_occurrences();
    DjPpmi ppmi;
    gboolean too_many;
    cr_assert(dj_ppmi_build(&ppmi, &texts, WINDOW, 1 << 20, &too_many, NULL));
    cr_assert_not(too_many);
    fill_dense(dense);
    for (guint32 x = 0; x < N; x++) {
        for (guint64 i = ppmi.rows[x]; i < ppmi.rows[x + 1]; i++) {
            const guint32 y = ppmi.columns[i];
            const float forward = fmaxf(0, ppmi.values[i] - ppmi.row_log[x] - ppmi.context_log[y]);
            cr_assert(fabs(forward - dense[x][y]) < 1e-5);
            dense[x][y] = 0;
        }
    }
    for (int x = 0; x < N; x++) {
        for (int y = 0; y < N; y++) {
            cr_assert(dense[x][y] == 0, "pair %d %d is missing", x, y);
        }
    }
    const guint64 n_pairs = ppmi.rows[N];
    dj_ppmi_clear(&ppmi);
    cr_assert(dj_ppmi_build(&ppmi, &texts, WINDOW, n_pairs - 1, &too_many, NULL));
    cr_expect(too_many);
    cr_assert(dj_ppmi_build(&ppmi, &texts, WINDOW, n_pairs, &too_many, NULL));
    cr_expect_not(too_many);
    dj_ppmi_clear(&ppmi);
}

/* The space found equals the space of the leading eigenvectors of A A' (its basis is rotated at random). */
Test(semantic_numbers, decomposition_finds_the_leading_space)
{
    enum { DIM = 5 };
    static double dense[N][N], square[N * N], exact[DIM * N];
    const DjOccurrences texts = make_occurrences();
    DjPpmi ppmi;
    gboolean too_many;
    cr_assert(dj_ppmi_build(&ppmi, &texts, WINDOW, 1 << 20, &too_many, NULL));
    fill_dense(dense);
    for (int x = 0; x < N; x++) {
        for (int y = 0; y < N; y++) {
            for (int k = 0; k < N; k++) {
                square[x * N + y] += dense[x][k] * dense[y][k];
            }
        }
    }
    guint32 n_exact = DIM, n_found;
    cr_assert(dj_svd_find_eigenvectors(square, N, &n_exact, exact, NULL));
    cr_assert_eq(n_exact, DIM);
    for (guint32 n_threads = 1; n_threads <= 3; n_threads++) {
        const DjSvdOptions options = {.dim = DIM, .power_iterations = 8, .n_threads = n_threads, .seed = n_threads};
        g_autofree float *left = dj_svd_find_left(&ppmi, &options, &n_found, NULL);
        cr_assert_not_null(left);
        cr_assert_eq(n_found, DIM);
        for (int x = 0; x < N; x++) {
            for (int y = 0; y < N; y++) {
                double want = 0, got = 0;
                for (int k = 0; k < DIM; k++) {
                    want += exact[k * N + x] * exact[k * N + y];
                    got += (double)left[x * DIM + k] * left[y * DIM + k];
                }
                cr_assert(fabs(want - got) < 1e-4, "%d %d: %g %g", x, y, want, got);
            }
        }
    }
    dj_ppmi_clear(&ppmi);
}
