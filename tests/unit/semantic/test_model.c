/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Byte form and application of models; the models are made of integers here, so that no training is involved. */
#include "engine/semantic/apply.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static guint32 state;

static guint32 next(void) /* xorshift32 */
{
    state ^= state << 13;
    state ^= state >> 17;
    return state ^= state << 5;
}

static void put(GByteArray *out, guint32 value)
{
    const guint8 bytes[] = {(guint8)value, (guint8)(value >> 8), (guint8)(value >> 16), (guint8)(value >> 24)};
    g_byte_array_append(out, bytes, 4);
}

#define N_CHARS 5

/* The documented byte form, written by hand: words w00, w01, ... and characters 电 + 0, 2, 4, ... */
static GBytes *make_bytes(guint32 n_words, guint32 n_common)
{
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)"DJSEM\0\0\2", 8);
    put(out, DJ_SEMANTIC_DIM);
    const guint32 n_chars = n_words ? N_CHARS : 0, n_ids = n_words + n_chars;
    put(out, n_words);
    put(out, n_chars);
    put(out, 3 * n_words);
    put(out, n_common);
    for (guint32 i = 0; i <= n_words; i++) {
        put(out, 3 * i);
    }
    for (guint32 i = 0; i < n_words; i++) {
        const guint8 word[] = {'w', (guint8)('0' + i / 10), (guint8)('0' + i % 10)};
        g_byte_array_append(out, word, 3);
    }
    for (guint32 i = 0; i < n_chars; i++) {
        put(out, 0x7535 + 2 * i);
    }
    state = 2463534242u;
    for (guint32 i = 0; i < n_ids * DJ_SEMANTIC_DIM; i++) {
        const guint8 entry = (guint8)(gint8)((gint32)(next() % 255) - 127);
        g_byte_array_append(out, &entry, 1);
    }
    for (guint32 i = 0; i < n_ids; i++) {
        put(out, next() % (1u << DJ_SEMANTIC_STRENGTH_BITS));
    }
    for (guint32 i = 0; i < n_ids; i++) {
        const guint8 weight[] = {(guint8)next(), (guint8)next()};
        g_byte_array_append(out, weight, 2);
    }
    for (guint32 i = 1; i <= DJ_SEMANTIC_MAX_TF; i++) {
        put(out, DJ_SEMANTIC_ONE + 1000 * i);
    }
    for (guint32 c = 0; c < n_common; c++) {
        for (guint32 i = 0; i < DJ_SEMANTIC_DIM; i++) {
            /* Disjoint blocks of equal entries, length 1: 64 entries of 1/8. */
            put(out, i / 64 == c ? 1u << 27 : 0);
        }
    }
    return g_byte_array_free_to_bytes(out);
}

static DjSemanticModel *make_model(void)
{
    g_autoptr(GBytes) bytes = make_bytes(40, 2);
    GError *error = NULL;
    DjSemanticModel *model = dj_semantic_parse(bytes, &error);
    cr_assert_not_null(model, "%s", error ? error->message : "");
    return model;
}

Test(semantic_model, comes_back_from_its_bytes)
{
    g_autoptr(GBytes) bytes = make_bytes(40, 2);
    g_autoptr(DjSemanticModel) model = make_model();
    g_autoptr(GBytes) again = dj_semantic_serialize(model);
    cr_expect(g_bytes_equal(bytes, again));
    cr_expect_eq(dj_semantic_get_n_words(model), 40);
    cr_expect_eq(dj_semantic_get_log_tf(model, 0), 0);
    cr_expect_eq(dj_semantic_get_log_tf(model, 2), DJ_SEMANTIC_ONE + 2000);
    cr_expect_eq(dj_semantic_get_log_tf(model, 1000000), dj_semantic_get_log_tf(model, DJ_SEMANTIC_MAX_TF));
}

Test(semantic_model, finds_words)
{
    g_autoptr(DjSemanticModel) model = make_model();
    for (guint32 i = 0; i < 40; i++) {
        const DjSemanticWord word = dj_semantic_get_word(model, i);
        cr_expect_eq(dj_semantic_find_word(model, word.bytes, word.length), i);
    }
    cr_expect_eq(dj_semantic_find_word(model, "w40", 3), DJ_SEMANTIC_NO_WORD);
    cr_expect_eq(dj_semantic_find_word(model, "w0", 2), DJ_SEMANTIC_NO_WORD);
    cr_expect_eq(dj_semantic_find_word(model, "", 0), DJ_SEMANTIC_NO_WORD);
    cr_expect_eq(dj_semantic_find_word(model, "a", 1), DJ_SEMANTIC_NO_WORD);
}

Test(semantic_model, takes_unknown_words_as_their_characters)
{
    g_autoptr(DjSemanticModel) model = make_model();
    guint32 ids[DJ_SEMANTIC_MAX_PARTS];
    cr_assert_eq(dj_semantic_look_up(model, "w07", 3, ids), 1);
    cr_expect_eq(ids[0], 7);
    static const char unknown[] = "x\u7539\u7536\u7535"; /* the middle one is not known either */
    cr_assert_eq(dj_semantic_look_up(model, unknown, sizeof unknown - 1, ids), 2);
    cr_expect_eq(ids[0], 42);
    cr_expect_eq(ids[1], 40);
    cr_expect_eq(dj_semantic_look_up(model, "x99", 3, ids), 0);
    cr_expect_eq(dj_semantic_look_up(model, "", 0, ids), 0);
    cr_expect_eq(dj_semantic_look_up(model, "\xe7\x94", 2, ids), 0);
    g_autoptr(GString) lengthy = g_string_new(NULL);
    for (int i = 0; i < 20; i++) {
        g_string_append(lengthy, "\u7535");
    }
    cr_expect_eq(dj_semantic_look_up(model, lengthy->str, lengthy->len, ids), DJ_SEMANTIC_MAX_PARTS);
}

Test(semantic_model, accepts_an_empty_model)
{
    g_autoptr(GBytes) bytes = make_bytes(0, 0);
    g_autoptr(DjSemanticModel) model = dj_semantic_parse(bytes, NULL);
    gint8 out[DJ_SEMANTIC_DIM];
    cr_assert_not_null(model);
    cr_expect_eq(dj_semantic_find_word(model, "w00", 3), DJ_SEMANTIC_NO_WORD);
    cr_expect_not(dj_semantic_embed(model, NULL, 0, out));
}

Test(semantic_model, rejects_truncated_bytes)
{
    g_autoptr(GBytes) bytes = make_bytes(3, 1);
    for (gsize size = 0; size < g_bytes_get_size(bytes); size++) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(bytes, 0, size);
        g_autoptr(GError) error = NULL;
        cr_assert_null(dj_semantic_parse(part, &error));
        cr_assert_not_null(error);
    }
}

/* Any single changed byte gives either an error or a model that can be used; the sanitizers watch. */
Test(semantic_model, survives_changed_bytes)
{
    g_autoptr(GBytes) bytes = make_bytes(3, 1);
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    const gsize header_end = 8 + 20 + 4 * 4;
    for (gsize i = 0; i < size; i++) {
        for (guint8 change = 1; change; change = (guint8)(change << 1)) {
            g_autofree guint8 *copy = g_memdup2(data, size);
            copy[i] ^= change;
            g_autoptr(GBytes) changed = g_bytes_new(copy, size);
            g_autoptr(DjSemanticModel) model = dj_semantic_parse(changed, NULL);
            cr_assert(i >= header_end || !model, "header byte %zu", i);
            if (model) {
                const DjSemanticWeight weights[] = {{0, DJ_SEMANTIC_ONE}, {2, 5}};
                gint8 out[DJ_SEMANTIC_DIM];
                dj_semantic_embed(model, weights, 2, out);
                dj_semantic_find_word(model, "w01", 3);
            }
        }
    }
}

Test(semantic_apply, does_not_depend_on_order_or_splitting)
{
    g_autoptr(DjSemanticModel) model = make_model();
    const DjSemanticWeight a[] = {{1, 300}, {7, 70000}, {30, DJ_SEMANTIC_ONE}};
    const DjSemanticWeight b[] = {{30, DJ_SEMANTIC_ONE / 2}, {7, 70000}, {DJ_SEMANTIC_NO_WORD, 99},
                                  {30, DJ_SEMANTIC_ONE / 2}, {1, 300},   {39, 0}};
    gint8 x[DJ_SEMANTIC_DIM], y[DJ_SEMANTIC_DIM];
    cr_assert(dj_semantic_embed(model, a, G_N_ELEMENTS(a), x));
    cr_assert(dj_semantic_embed(model, b, G_N_ELEMENTS(b), y));
    cr_expect_arr_eq(x, y, sizeof x);
}

Test(semantic_apply, has_unit_length_without_common_directions)
{
    g_autoptr(DjSemanticModel) model = make_model();
    for (guint32 i = 0; i < 40; i++) {
        const DjSemanticWeight weights[] = {{i, DJ_SEMANTIC_ONE}, {(i * 7 + 1) % 40, 30000}};
        gint8 out[DJ_SEMANTIC_DIM];
        cr_assert(dj_semantic_embed(model, weights, 2, out));
        const double length = sqrt((double)dj_semantic_dot(out, out)) / DJ_SEMANTIC_SCALE;
        cr_expect(fabs(length - 1) < 0.01, "word %u: length %f", i, length);
        for (int c = 0; c < 2; c++) {
            int along = 0;
            for (int j = 0; j < 64; j++) {
                along += out[64 * c + j];
            }
            /* 64 roundings of at most .5 each, against a length of 8 * DJ_SEMANTIC_SCALE along the direction. */
            cr_expect_leq(abs(along), 32, "word %u, direction %d: %d", i, c, along);
        }
    }
}

Test(semantic_apply, gives_no_vector_for_unknown_words)
{
    g_autoptr(DjSemanticModel) model = make_model();
    const DjSemanticWeight weights[] = {{DJ_SEMANTIC_NO_WORD, DJ_SEMANTIC_ONE}, {3, 0}};
    gint8 out[DJ_SEMANTIC_DIM], zero[DJ_SEMANTIC_DIM] = {0};
    memset(out, 1, sizeof out);
    cr_expect_not(dj_semantic_embed(model, weights, 2, out));
    cr_expect_arr_eq(out, zero, sizeof out);
}

Test(semantic_apply, words_are_most_similar_to_themselves)
{
    g_autoptr(DjSemanticModel) model = make_model();
    for (guint32 i = 0; i < 40; i++) {
        cr_expect_geq(dj_semantic_get_similarity(model, i, i), 999);
        cr_expect_lt(abs(dj_semantic_get_similarity(model, i, (i + 1) % 40)), 500);
    }
}

/* The same bits under every compiler, optimisation level and CPU: this hash must not be changed to make a test pass. */
Test(semantic_apply, has_fixed_bits)
{
    g_autoptr(DjSemanticModel) model = make_model();
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    state = 88172645u;
    for (int round = 0; round < 500; round++) {
        DjSemanticWeight weights[20];
        const gsize n = 1 + next() % 20;
        for (gsize i = 0; i < n; i++) {
            weights[i] = (DjSemanticWeight){next() % 40, next() % (1u << 21)};
        }
        gint8 out[DJ_SEMANTIC_DIM];
        cr_assert(dj_semantic_embed(model, weights, n, out));
        g_checksum_update(sum, (const guchar *)out, sizeof out);
    }
    cr_expect_str_eq(g_checksum_get_string(sum), "4788e4f677dd9ed220885fdbc57e5cec642fbe32e2459a517406e6f97d4edc35");
}
