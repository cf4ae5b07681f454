/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiling, opening, and what happens to damaged bytes: an error or wrong scores, never an access out of bounds. */
#include "random_case.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const Shape shape = {
    .n_docs = 5000, .n_terms = 3000, .n_needs = 6, .n_segments = 3, .doc_terms = 12, .need_terms = 40, .dim = 256};

/* Uses an opened matrix in every way. */
static void exercise(const Case *c, const DjMatrix *matrix)
{
    enum { K = 4 };
    DjKernelHit hits[6 * K];
    uint32_t n_hits[6];
    uint8_t overflow[6];
    for (uint32_t s = 0; s < dj_matrix_n_segments(matrix); s++) {
        uint32_t n_docs, need[] = {0, 1, 2};
        const uint32_t *docs = dj_matrix_segment_docs(matrix, s, &n_docs);
        DjKernelLists lists = {
            .n_rows = 6, .k = K, .capacity = K, .hits = hits, .n_hits = n_hits, .overflow = overflow};
        best_docs(matrix, s, &c->needs, NULL, NULL, &lists);
        DjKernelLists by_doc = {.n_rows = n_docs, .k = 1, .capacity = 1};
        by_doc.hits = malloc((n_docs + 1) * sizeof *hits);
        by_doc.n_hits = malloc((n_docs + 1) * sizeof *n_hits);
        by_doc.overflow = malloc(n_docs + 1);
        best_needs(matrix, s, &c->needs, 6, NULL, &by_doc);
        DjKernelScore scores[3];
        if (n_docs >= 3)
            dj_kernel_score_pairs(matrix, s, &c->needs, 3, need, docs, scores);
        free(by_doc.hits);
        free(by_doc.n_hits);
        free(by_doc.overflow);
    }
}

Test(matrix, opens_and_verifies)
{
    Case c;
    uint32_t n;
    case_init(&c, &shape, 1);
    cr_assert_eq(dj_matrix_verify(&c.matrix), DJ_MATRIX_OK);
    cr_assert_eq(dj_matrix_n_docs(&c.matrix), shape.n_docs);
    cr_assert_eq(dj_matrix_n_terms(&c.matrix), shape.n_terms);
    cr_assert_eq(dj_matrix_dim(&c.matrix), shape.dim);
    cr_assert_eq(dj_matrix_n_segments(&c.matrix), shape.n_segments);
    for (uint32_t s = 0; s < shape.n_segments; s++) {
        const uint32_t *docs = dj_matrix_segment_docs(&c.matrix, s, &n);
        cr_assert_eq(n, c.in.seg_ptr[s + 1] - c.in.seg_ptr[s]);
        if (n)
            cr_assert_eq(memcmp(docs, c.in.seg_doc + c.in.seg_ptr[s], n * sizeof *docs), 0);
    }
    case_clear(&c);
}

Test(matrix, same_input_gives_the_same_bytes)
{
    Case c;
    void *bytes;
    size_t size;
    case_init(&c, &shape, 2);
    cr_assert_eq(compile_to_memory(&c.in, &bytes, &size), DJ_MATRIX_OK);
    cr_assert(size == c.size && memcmp(bytes, c.bytes, size) == 0);
    free(bytes);
    case_clear(&c);
}

Test(matrix, every_truncation_is_refused)
{
    Case c;
    DjMatrix matrix;
    case_init(&c, &shape, 3);
    for (size_t size = 0; size < c.size; size += size < 300 || size + 300 > c.size ? 1 : 6151) {
        /* a copy of that very size, so that the sanitizer sees a step too far */
        void *copy = aligned_alloc(64, (size + 63) / 64 * 64 + 64);
        memcpy(copy, c.bytes, size);
        cr_assert_neq(dj_matrix_open(copy, size, &matrix), DJ_MATRIX_OK, "truncated to %zu", size);
        free(copy);
    }
    case_clear(&c);
}

Test(matrix, flipped_bytes_are_noticed_and_harmless)
{
    uint64_t state = 4;
    Case c;
    case_init(&c, &shape, 4);
    uint8_t *copy = aligned_alloc(64, c.size);
    for (int round = 0; round < 400; round++) {
        DjMatrix matrix;
        memcpy(copy, c.bytes, c.size);
        /* a third of the rounds aims at the tables behind the payload */
        size_t at = random_below(&state, (uint32_t)c.size);
        if (round % 3 == 0)
            at = c.size - 1 - random_below(&state, 1500);
        copy[at] ^= (uint8_t)(1 + random_below(&state, 255));
        DjMatrixStatus status = dj_matrix_open(copy, c.size, &matrix);
        if (status == DJ_MATRIX_OK)
            cr_assert(dj_matrix_verify(&matrix) == DJ_MATRIX_BAD_CHECKSUM, "byte %zu", at);
        if (status == DJ_MATRIX_OK && round % 5 == 0)
            exercise(&c, &matrix);
    }
    free(copy);
    case_clear(&c);
}

Test(matrix, a_payload_of_noise_stays_in_bounds)
{
    uint64_t state = 5;
    Case c;
    DjMatrix matrix;
    case_init(&c, &shape, 5);
    /* everything behind the first header and the vectors, but the tables and the lists of documents are kept */
    uint8_t *bytes = c.bytes;
    uint32_t n;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 64; i + 8192 < c.size; i++) {
            bool keep = false;
            for (uint32_t s = 0; s < shape.n_segments; s++) {
                const uint8_t *docs = (const uint8_t *)dj_matrix_segment_docs(&c.matrix, s, &n);
                keep = keep || (docs && bytes + i >= docs && bytes + i < docs + 4 * (size_t)n);
            }
            if (!keep)
                bytes[i] = round == 0 ? 0xff : (uint8_t)random_below(&state, 256);
        }
        if (dj_matrix_open(bytes, c.size, &matrix) == DJ_MATRIX_OK)
            exercise(&c, &matrix);
    }
    case_clear(&c);
}

static bool refuse(void *user, const void *bytes, size_t size)
{
    size_t *left = user;
    (void)bytes;
    if (size > *left)
        return false;
    *left -= size;
    return true;
}

Test(matrix, compile_refuses_bad_input)
{
    Case c;
    void *bytes = NULL;
    size_t size, left;
    case_init(&c, &shape, 6);

    for (left = 0; left < c.size; left += 100003) {
        size_t allowed = left;
        cr_assert_eq(dj_matrix_compile(&c.in, refuse, &allowed), DJ_MATRIX_SINK_FAILED);
    }
    uint8_t *impact = (uint8_t *)c.in.doc_impact;
    uint8_t old = impact[5];
    impact[5] = 0;
    cr_assert_eq(compile_to_memory(&c.in, &bytes, &size), DJ_MATRIX_BAD_IMPACT);
    impact[5] = old;
    int8_t *vec = (int8_t *)c.in.doc_vec;
    vec[70] = -128;
    cr_assert_eq(compile_to_memory(&c.in, &bytes, &size), DJ_MATRIX_BAD_VECTOR);
    free(bytes);
    vec[70] = 0;
    uint32_t *term = (uint32_t *)c.in.doc_term;
    uint64_t d = 0;
    while (c.in.doc_ptr[d + 1] - c.in.doc_ptr[d] < 2)
        d++;
    term[c.in.doc_ptr[d] + 1] = term[c.in.doc_ptr[d]];
    cr_assert_eq(compile_to_memory(&c.in, &bytes, &size), DJ_MATRIX_BAD_INPUT);
    c.in.dim = 65;
    cr_assert_eq(compile_to_memory(&c.in, &bytes, &size), DJ_MATRIX_BAD_VECTOR);
    case_clear(&c);
}
