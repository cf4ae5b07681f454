/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What decides which documents are looked at: the bound that lets a vector go unread is never below the dot product,
 * and every variant finds the same sums and the same maxima of groups.
 */
#include "engine/kernel/sketch.h"
#include "random_case.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Vectors that a Gaussian sketch was not made for are among them. */
static void fill_vector(int8_t *v, uint32_t dim, uint32_t kind, uint64_t *state)
{
    for (uint32_t i = 0; i < dim; i++) {
        const int noise = (int)random_below(state, 255) - 127;
        switch (kind % 7) {
        case 0: /* uniform */
            v[i] = (int8_t)noise;
            break;
        case 1: /* nothing */
            v[i] = 0;
            break;
        case 2: /* a single component */
            v[i] = (int8_t)(i == kind % dim ? -127 : 0);
            break;
        case 3: /* saturated, both signs */
            v[i] = (int8_t)(noise < 0 ? -127 : 127);
            break;
        case 4: /* small */
            v[i] = (int8_t)(noise / 60);
            break;
        case 5: /* all weight in the first dimensions */
            v[i] = (int8_t)(noise / (int)(1 + i / 4));
            break;
        default: /* bell-shaped */
            v[i] = (int8_t)((noise + (int)random_below(state, 255) - 127 + (int)random_below(state, 255) - 127) / 5);
        }
    }
}

static void check_dim(uint32_t dim, uint64_t seed)
{
    enum { N_DOCS = 70, N_NEEDS = 21 };
    uint64_t state = seed, doc_ptr[N_DOCS + 1] = {0}, need_ptr[N_NEEDS + 1] = {0}, seg_ptr[2] = {0, N_DOCS};
    uint32_t docs[N_DOCS];
    int64_t a[N_NEEDS] = {0};
    int8_t *doc_vec = malloc((size_t)N_DOCS * dim), *need_vec = malloc((size_t)N_NEEDS * dim);
    const DjKernelVariant *variant;
    DjMatrix matrix;
    void *bytes;
    size_t size;

    for (uint32_t d = 0; d < N_DOCS; d++) {
        docs[d] = d;
        fill_vector(doc_vec + (size_t)d * dim, dim, d, &state);
    }
    for (uint32_t q = 0; q < N_NEEDS; q++)
        fill_vector(need_vec + (size_t)q * dim, dim, q, &state);
    /* a need that points exactly along a document */
    memcpy(need_vec, doc_vec, dim);
    const DjMatrixInput in = {.n_docs = N_DOCS,
                              .n_terms = 1,
                              .doc_ptr = doc_ptr,
                              .dim = dim,
                              .doc_vec = doc_vec,
                              .n_segments = 1,
                              .seg_ptr = seg_ptr,
                              .seg_doc = docs};
    cr_assert_eq(compile_to_memory(&in, &bytes, &size), DJ_MATRIX_OK);
    cr_assert_eq(dj_matrix_open(bytes, size, &matrix), DJ_MATRIX_OK);
    const DjKernelNeeds needs = {.n = N_NEEDS, .ptr = need_ptr, .vec = need_vec, .a = a, .b = 1};
    for (uint32_t q = 0; q < N_NEEDS; q++) {
        uint8_t room[4096];
        DjArena arena = {.base = room, .size = sizeof room};
        DjPlan plan;
        int32_t bounds[N_DOCS + 16], others[N_DOCS + 16];
        cr_assert(dj_plan_build(&matrix, dj_matrix_segment(&matrix, 0), &needs, q, &arena, &plan));
        /* all lengths, and documents out of order */
        for (uint32_t n = 0; n <= N_DOCS; n++) {
            uint32_t some[N_DOCS];
            for (uint32_t i = 0; i < n; i++)
                some[i] = (i * 29 + n) % N_DOCS;
            dj_sketch_bounds(&dj_kernel_scalar, &matrix, some, n, &plan, bounds);
            for (uint32_t i = 0; i < n; i++) {
                const int32_t dot =
                    dj_kernel_scalar.dot(doc_vec + (size_t)some[i] * dim, need_vec + (size_t)q * dim, dim);
                cr_assert(bounds[i] >= dot && bounds[i] <= (int32_t)plan.dot_bound,
                          "dim %u need %u document %u: bound %d, dot product %d", dim, q, some[i], bounds[i], dot);
            }
            for (const char *const *name = dj_kernel_names(); *name; name++) {
                if (dj_kernel_find(*name, &variant) != DJ_KERNEL_OK)
                    continue;
                dj_sketch_bounds(variant, &matrix, some, n, &plan, others);
                cr_assert_eq(memcmp(others, bounds, n * sizeof *bounds), 0, "%s, dim %u, %u documents", *name, dim, n);
            }
        }
    }
    free(doc_vec);
    free(need_vec);
    free(bytes);
}

Test(sketch, bounds_hold_for_every_kind_of_vector)
{
    check_dim(256, 1);
    check_dim(512, 2);
    check_dim(4096, 3);
}

/* Without this a bound that never refuses would pass: for bell-shaped vectors it must stay well below Cauchy-Schwarz.
 */
Test(sketch, bounds_refuse)
{
    enum { N = 64, DIM = 256 };
    uint64_t state = 4;
    int8_t x[DIM];
    uint8_t codes[DIM / 4];
    for (int i = 0; i < N; i++) {
        fill_vector(x, DIM, 6, &state);
        const DjSketchScale scale = dj_sketch_encode(x, DIM, codes);
        double norm2 = 0;
        for (int d = 0; d < DIM; d++)
            norm2 += x[d] * x[d];
        /* the distortion of a Gaussian in four levels is .1188; .16 leaves room for chance */
        const double rest = scale.rest / 8.0;
        cr_assert(rest * rest < 0.16 * norm2, "rest %g of %g", rest * rest, norm2);
    }
}

Test(sketch, maxima_of_groups)
{
    uint64_t state = 5;
    uint32_t lex[320] __attribute__((aligned(64))), expected[40] __attribute__((aligned(64)));
    uint32_t found[40] __attribute__((aligned(64)));
    const DjKernelVariant *variant;
    for (int round = 0; round < 20; round++) {
        for (uint32_t i = 0; i < 320; i++)
            lex[i] = random_below(&state, round % 2 ? 3 : INT32_MAX);
        memset(expected, 0, sizeof expected);
        for (uint32_t i = 0; i < 320; i++) {
            uint32_t *most = &expected[i / 64 * 8 + i % 8];
            *most = lex[i] > *most ? lex[i] : *most;
        }
        for (const char *const *name = dj_kernel_names(); *name; name++) {
            if (dj_kernel_find(*name, &variant) != DJ_KERNEL_OK)
                continue;
            for (uint32_t n = 64; n <= 320; n += 64) {
                variant->maxima(lex, n, found);
                cr_assert_eq(memcmp(found, expected, n / 8 * sizeof *found), 0, "%s, %u sums", *name, n);
            }
        }
    }
}
