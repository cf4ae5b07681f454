/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every variant that runs here, in both directions, against the answer by brute force. */
#include "random_case.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

typedef struct Setting {
    uint32_t segment, k, capacity, threads;
    int64_t slack, floor;
    bool admit, by_doc;
    size_t memory_limit;
} Setting;

static void check_lists(const Case *c, const Setting *s, const char *variant_name)
{
    DjKernelOptions options = {
        .threads = s->threads, .admit = s->admit ? c->admit : NULL, .memory_limit = s->memory_limit};
    uint32_t n_docs;
    DjKernelStatus status;

    cr_assert_eq(dj_kernel_find(variant_name, &options.variant), DJ_KERNEL_OK);
    dj_matrix_segment_docs(&c->matrix, s->segment, &n_docs);
    const uint32_t n_rows = s->by_doc ? n_docs : c->needs.n;
    DjKernelLists lists = {.n_rows = n_rows, .k = s->k, .capacity = s->capacity};
    lists.hits = malloc(((size_t)n_rows * s->capacity + 1) * sizeof *lists.hits);
    lists.n_hits = malloc((n_rows + 1) * sizeof *lists.n_hits);
    lists.overflow = malloc(n_rows + 1);
    int64_t *slack = malloc((n_rows + 1) * sizeof *slack), *floor = malloc((n_rows + 1) * sizeof *floor);
    DjKernelHit *expected = malloc(s->capacity * sizeof *expected);
    for (uint32_t r = 0; r < n_rows; r++) {
        slack[r] = s->slack * (r % 3);
        floor[r] = r % 4 == 3 ? DJ_KERNEL_NO_FLOOR : s->floor;
    }
    lists.slack = s->slack ? slack : NULL;
    lists.floor = s->floor ? floor : NULL;
    status = s->by_doc ? best_needs(&c->matrix, s->segment, &c->needs, c->needs.n, &options, &lists)
                       : best_docs(&c->matrix, s->segment, &c->needs, NULL, &options, &lists);
    cr_assert_eq(status, DJ_KERNEL_OK, "%s: %s", variant_name, dj_kernel_status_text(status));
    for (uint32_t r = 0; r < n_rows; r++) {
        uint8_t overflow;
        uint32_t n;
        const uint32_t *docs = dj_matrix_segment_docs(&c->matrix, s->segment, &n);
        if (s->by_doc && s->admit && !(c->admit[docs[r] / 64] >> (docs[r] % 64) & 1)) {
            cr_assert_eq(lists.n_hits[r], 0);
            continue;
        }
        n = brute_list(c, s->segment, r, s->by_doc, options.admit, s->k, s->capacity, lists.slack ? slack[r] : 0,
                       lists.floor ? floor[r] : DJ_KERNEL_NO_FLOOR, expected, &overflow);
        cr_assert_eq(lists.n_hits[r], n, "%s row %u: %u hits, expected %u", variant_name, r, lists.n_hits[r], n);
        cr_assert_eq(lists.overflow[r], overflow, "%s row %u: overflow %u", variant_name, r, lists.overflow[r]);
        for (uint32_t i = 0; i < n; i++) {
            const DjKernelHit *hit = &lists.hits[(size_t)r * s->capacity + i];
            cr_assert(hit->total == expected[i].total && hit->id == expected[i].id && hit->reserved == 0,
                      "%s row %u rank %u: %lld of %u, expected %lld of %u", variant_name, r, i, (long long)hit->total,
                      hit->id, (long long)expected[i].total, expected[i].id);
        }
    }
    free(lists.hits);
    free(lists.n_hits);
    free(lists.overflow);
    free(slack);
    free(floor);
    free(expected);
}

static void check_all_variants(const Case *c, const Setting *setting)
{
    const DjKernelVariant *variant;
    for (const char *const *name = dj_kernel_names(); *name; name++)
        if (dj_kernel_find(*name, &variant) == DJ_KERNEL_OK)
            check_lists(c, setting, *name);
}

static void check_shape(const Shape *shape, uint64_t seed)
{
    Case c;
    case_init(&c, shape, seed);
    for (uint32_t segment = 0; segment < shape->n_segments; segment++) {
        for (int by_doc = 0; by_doc < 2; by_doc++) {
            Setting plain = {.segment = segment, .k = 5, .capacity = 5, .threads = 1, .by_doc = by_doc};
            check_all_variants(&c, &plain);
            uint64_t state = seed ^ segment;
            Setting full = {.segment = segment,
                            .k = 1 + random_below(&state, 8),
                            .capacity = 20 + random_below(&state, 20),
                            .threads = 1u << random_below(&state, 4),
                            .slack = random_below(&state, 200000),
                            .floor = (int64_t)random_below(&state, 400000) - 100000,
                            .admit = true,
                            .by_doc = by_doc};
            check_all_variants(&c, &full);
        }
    }
    case_clear(&c);
}

Test(lists, sizes_from_0_to_65)
{
    for (uint32_t n = 0; n <= 65; n++) {
        Shape shape = {.n_docs = n,
                       .n_terms = 1 + n % 40,
                       .n_needs = n % 20,
                       .n_segments = 2,
                       .doc_terms = 12,
                       .need_terms = 9,
                       .dim = n % 3 ? 0 : 64,
                       .banned = n % 5 == 1};
        check_shape(&shape, 1000 + n);
    }
}

Test(lists, random_shapes)
{
    for (uint64_t seed = 0; seed < 24; seed++) {
        uint64_t state = seed;
        Shape shape = {.n_docs = random_below(&state, 900),
                       .n_terms = 1 + random_below(&state, 900),
                       .n_needs = 1 + random_below(&state, 50),
                       .n_segments = 1 + random_below(&state, 4),
                       .doc_terms = random_below(&state, 80),
                       .need_terms = random_below(&state, 60),
                       .dim = 64 * random_below(&state, 5),
                       .impact = (int)random_below(&state, 3),
                       .weight = (int)random_below(&state, 3),
                       .banned = random_below(&state, 2),
                       .lexical_off = random_below(&state, 6) == 0};
        check_shape(&shape, seed);
    }
}

Test(lists, several_blocks_with_rare_terms)
{
    Shape shape = {.n_docs = 9001, .n_terms = 6000, .n_needs = 21, .n_segments = 2, .doc_terms = 40, .need_terms = 90};
    check_shape(&shape, 7);
    shape.dim = 64;
    check_shape(&shape, 8);
}

/* From the second block on, light columns are left to the candidates: here they decide who is in the list. */
Test(lists, columns_left_out_decide)
{
    Shape shape = {.n_docs = 12300, .n_terms = 60, .n_needs = 24, .n_segments = 1, .doc_terms = 30, .need_terms = 30};
    for (shape.dim = 0; shape.dim <= 64; shape.dim += 64) {
        Case c;
        case_init(&c, &shape, 15 + shape.dim);
        Setting setting = {.k = 150, .capacity = 160, .threads = 1};
        check_all_variants(&c, &setting);
        setting.slack = 5000;
        setting.admit = true;
        check_all_variants(&c, &setting);
        case_clear(&c);
    }
}

/* So few needs read sketches instead of vectors, over whole chunks and over chosen documents. */
Test(lists, few_needs_with_sketches)
{
    Shape shape = {.n_docs = 9001, .n_terms = 300, .n_needs = 3, .n_segments = 2, .doc_terms = 12, .need_terms = 20};
    for (shape.dim = 256; shape.dim <= 512; shape.dim += 256) {
        shape.lexical_off = false;
        check_shape(&shape, 31 + shape.dim);
        shape.lexical_off = true;
        check_shape(&shape, 32 + shape.dim);
    }
}

Test(lists, longest_needs_and_saturated_values)
{
    Shape shape = {.n_docs = 300,
                   .n_terms = 5000,
                   .n_needs = 5,
                   .n_segments = 1,
                   .doc_terms = 3000,
                   .need_terms = 4000,
                   .impact = 2,
                   .weight = 2};
    check_shape(&shape, 9);
}

Test(lists, ties_everywhere)
{
    Shape shape = {.n_docs = 5000, .n_terms = 9, .n_needs = 18, .n_segments = 1, .doc_terms = 3, .need_terms = 3};
    shape.impact = shape.weight = 1;
    check_shape(&shape, 10);
}

Test(lists, small_memory_gives_the_same_lists)
{
    Shape shape = {.n_docs = 700, .n_terms = 400, .n_needs = 300, .n_segments = 1, .doc_terms = 30, .need_terms = 30};
    Case c;
    case_init(&c, &shape, 11);
    for (int by_doc = 0; by_doc < 2; by_doc++) {
        Setting setting = {.k = 7, .capacity = 7, .threads = 2, .by_doc = by_doc, .memory_limit = 3 << 20};
        check_all_variants(&c, &setting);
    }
    case_clear(&c);
}

/* Segments of every size in one call, in any order, some without needs: the same lists as one by one. */
Test(lists, parts_give_what_single_calls_give)
{
    enum { K = 4, N = 45, SEGMENTS = 7 };
    Shape shape = {
        .n_docs = 9500, .n_terms = 300, .n_needs = N, .n_segments = SEGMENTS, .doc_terms = 9, .need_terms = 9};
    uint32_t rows[SEGMENTS][N];
    Case c;

    case_init(&c, &shape, 18);
    for (int by_doc = 0; by_doc < 2; by_doc++) {
        DjKernelPart parts[SEGMENTS], alone[SEGMENTS];
        for (uint32_t s = 0; s < SEGMENTS; s++) {
            uint32_t n_docs, n = 0;
            for (uint32_t q = 0; q < N; q++)
                if (s != 3 && q % (s + 1) == 0)
                    rows[s][n++] = q;
            parts[s] = (DjKernelPart){.segment = SEGMENTS - 1 - s, .rows = rows[s], .n_rows = n};
            dj_matrix_segment_docs(&c.matrix, parts[s].segment, &n_docs);
            parts[s].lists = (DjKernelLists){.n_rows = by_doc ? n_docs : n, .k = K, .capacity = K};
            alone[s] = parts[s];
            for (int i = 0; i < 2; i++) {
                DjKernelLists *lists = i ? &alone[s].lists : &parts[s].lists;
                lists->hits = calloc((size_t)lists->n_rows * K + 1, sizeof *lists->hits);
                lists->n_hits = calloc(lists->n_rows + 1, sizeof *lists->n_hits);
                lists->overflow = calloc(lists->n_rows + 1, 1);
            }
        }
        const struct {
            uint32_t threads;
            size_t memory_limit;
        } settings[] = {{1, 0}, {2, 0}, {5, 0}, {1, 1200 << 10}, {3, 5 << 20}};
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
            const DjKernelOptions options = {.threads = settings[i].threads, .memory_limit = settings[i].memory_limit};
            DjKernelStatus (*call)(const DjMatrix *, const DjKernelNeeds *, DjKernelPart *, uint32_t,
                                   const DjKernelOptions *) = by_doc ? dj_kernel_best_needs : dj_kernel_best_docs;
            cr_assert_eq(call(&c.matrix, &c.needs, parts, SEGMENTS, &options), DJ_KERNEL_OK);
            for (uint32_t s = 0; s < SEGMENTS; s++) {
                const DjKernelLists *x = &parts[s].lists, *y = &alone[s].lists;
                cr_assert_eq(call(&c.matrix, &c.needs, &alone[s], 1, NULL), DJ_KERNEL_OK);
                for (uint32_t r = 0; r < x->n_rows; r++) {
                    cr_assert_eq(x->n_hits[r], y->n_hits[r], "setting %zu part %u list %u", i, s, r);
                    cr_assert_eq(x->overflow[r], y->overflow[r]);
                    cr_assert_eq(memcmp(x->hits + r * K, y->hits + r * K, x->n_hits[r] * sizeof *x->hits), 0);
                    x->n_hits[r] = UINT32_MAX; /* the next setting has to write it */
                }
            }
        }
        for (uint32_t s = 0; s < SEGMENTS; s++)
            for (int i = 0; i < 2; i++) {
                DjKernelLists *lists = i ? &alone[s].lists : &parts[s].lists;
                free(lists->hits);
                free(lists->n_hits);
                free(lists->overflow);
            }
    }
    case_clear(&c);
}

Test(lists, new_records_give_the_full_run_restricted)
{
    Shape shape = {.n_docs = 3000, .n_terms = 900, .n_needs = 40, .n_segments = 1, .doc_terms = 40, .need_terms = 30};
    enum { K = 6 };
    DjKernelHit hits[40 * K], some[3 * K];
    uint32_t n_hits[40], n_some[3];
    uint8_t overflow[40], over_some[3];
    const uint32_t rows[] = {39, 3, 3};
    Case c;

    case_init(&c, &shape, 12);
    DjKernelLists full = {.n_rows = 40, .k = K, .capacity = K, .hits = hits, .n_hits = n_hits, .overflow = overflow};
    DjKernelLists part = {.n_rows = 3, .k = K, .capacity = K, .hits = some, .n_hits = n_some, .overflow = over_some};
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, NULL, &full), DJ_KERNEL_OK);
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, rows, NULL, &part), DJ_KERNEL_OK);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(n_some[i], n_hits[rows[i]]);
        cr_assert_eq(memcmp(some + i * K, hits + rows[i] * K, n_some[i] * sizeof *some), 0);
    }
    case_clear(&c);
}

/* The lists of a month's new documents and those of the others, merged, are the lists of a full run. */
Test(lists, new_documents_and_the_rest_give_the_full_run)
{
    enum { K = 6, N = 20 };
    Shape shape = {.n_docs = 9100, .n_terms = 500, .n_needs = N, .n_segments = 1, .doc_terms = 30, .need_terms = 30};
    for (shape.dim = 0; shape.dim <= 256; shape.dim += 256) {
        DjKernelHit hits[3][N * K];
        uint32_t n_hits[3][N];
        uint8_t overflow[3][N];
        Case c;
        case_init(&c, &shape, 17 + shape.dim);
        uint64_t *rest = malloc((shape.n_docs / 64 + 1) * sizeof *rest);
        for (uint32_t i = 0; i <= shape.n_docs / 64; i++)
            rest[i] = ~c.admit[i];
        const uint64_t *const admit[] = {NULL, c.admit, rest};
        for (int run = 0; run < 3; run++) {
            const DjKernelOptions options = {.admit = admit[run]};
            DjKernelLists lists = {.n_rows = N, .k = K, .capacity = K};
            lists.hits = hits[run];
            lists.n_hits = n_hits[run];
            lists.overflow = overflow[run];
            cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, &options, &lists), DJ_KERNEL_OK);
        }
        for (uint32_t q = 0; q < N; q++) {
            uint32_t at[3] = {0, 0, 0};
            for (; at[0] < n_hits[0][q]; at[0]++) {
                const DjKernelHit *x = &hits[1][q * K + at[1]], *y = &hits[2][q * K + at[2]];
                const bool first =
                    at[2] == n_hits[2][q] ||
                    (at[1] < n_hits[1][q] && (x->total > y->total || (x->total == y->total && x->id < y->id)));
                cr_assert_eq(memcmp(first ? x : y, &hits[0][q * K + at[0]], sizeof *x), 0, "need %u rank %u", q, at[0]);
                at[first ? 1 : 2]++;
            }
        }
        free(rest);
        case_clear(&c);
    }
}

Test(lists, plain_scores)
{
    Shape shape = {.n_docs = 4500, .n_terms = 700, .n_needs = 9, .n_segments = 2, .doc_terms = 40, .need_terms = 60};
    for (shape.dim = 0; shape.dim <= 128; shape.dim += 128) {
        Case c;
        case_init(&c, &shape, 13 + shape.dim);
        uint32_t n_docs;
        const uint32_t *docs = dj_matrix_segment_docs(&c.matrix, 0, &n_docs);
        int64_t *totals = malloc(n_docs * sizeof *totals);
        DjKernelScore *scores = malloc(n_docs * sizeof *scores);
        uint32_t *need = malloc(n_docs * sizeof *need);
        for (uint32_t q = 0; q < c.needs.n; q++) {
            for (uint32_t i = 0; i < n_docs; i++)
                need[i] = q;
            cr_assert_eq(dj_kernel_score_pairs(&c.matrix, 0, &c.needs, n_docs, need, docs, scores), DJ_KERNEL_OK);
            for (const char *const *name = dj_kernel_names(); *name; name++) {
                DjKernelOptions options = {0};
                if (dj_kernel_find(*name, &options.variant) != DJ_KERNEL_OK)
                    continue;
                cr_assert_eq(dj_kernel_score_all(&c.matrix, 0, &c.needs, q, &options, totals), DJ_KERNEL_OK);
                for (uint32_t i = 0; i < n_docs; i++)
                    cr_assert_eq(totals[i], brute_score(&c, q, docs[i]).total, "%s need %u doc %u", *name, q, docs[i]);
            }
            for (uint32_t i = 0; i < n_docs; i++) {
                DjKernelScore expected = brute_score(&c, q, docs[i]);
                cr_assert(scores[i].total == expected.total && scores[i].lex == expected.lex &&
                          scores[i].dot == expected.dot);
            }
        }
        free(totals);
        free(scores);
        free(need);
        case_clear(&c);
    }
}

/* ---- arguments ---- */

static void count_calls(void *user, uint64_t done, uint64_t total)
{
    uint64_t *last = user;
    cr_assert(done > last[0] && done <= total);
    last[0] = done;
    last[1]++;
}

Test(lists, refuses_bad_arguments_and_can_be_cancelled)
{
    Shape shape = {
        .n_docs = 50, .n_terms = 20, .n_needs = 4, .n_segments = 1, .doc_terms = 5, .need_terms = 5, .dim = 64};
    DjKernelHit hits[16];
    uint32_t n_hits[4];
    uint8_t overflow[4];
    const int64_t slack[4] = {0, -1, 0, 0};
    uint64_t calls[2] = {0, 0};
    int cancel = 0;
    Case c;

    case_init(&c, &shape, 14);
    DjKernelOptions options = {.cancel = &cancel, .progress = count_calls, .progress_user = calls};
    DjKernelLists lists = {.n_rows = 4, .k = 4, .capacity = 4, .hits = hits, .n_hits = n_hits, .overflow = overflow};
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, &options, &lists), DJ_KERNEL_OK);
    cr_assert(calls[0] == 200 && calls[1] > 0);
    cancel = 1;
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, &options, &lists), DJ_KERNEL_CANCELLED);
    cancel = 0;
    options.memory_limit = 1000;
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, &options, &lists), DJ_KERNEL_NO_MEMORY);
    cr_assert_eq(best_docs(&c.matrix, 1, &c.needs, NULL, NULL, &lists), DJ_KERNEL_BAD_ARGUMENT);
    cr_assert_eq(best_needs(&c.matrix, 0, &c.needs, 4, NULL, &lists), DJ_KERNEL_BAD_ARGUMENT);
    DjKernelPart wrong = {.segment = 0, .n_rows = 3, .lists = lists};
    cr_assert_eq(dj_kernel_best_docs(&c.matrix, &c.needs, &wrong, 1, NULL), DJ_KERNEL_BAD_ARGUMENT);
    cr_assert_eq(dj_kernel_best_docs(&c.matrix, &c.needs, NULL, 0, NULL), DJ_KERNEL_OK);
    cr_assert_eq(dj_kernel_best_needs(&c.matrix, &c.needs, NULL, 0, NULL), DJ_KERNEL_OK);
    lists.k = 5;
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, NULL, &lists), DJ_KERNEL_BAD_ARGUMENT);
    lists.k = 4;
    lists.slack = slack;
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, NULL, &lists), DJ_KERNEL_BAD_ARGUMENT);
    lists.slack = NULL;
    ((int64_t *)c.needs.a)[2] = -1;
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, NULL, &lists), DJ_KERNEL_BAD_NEED);
    ((int64_t *)c.needs.a)[2] = INT64_MAX / 2;
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, NULL, &lists), DJ_KERNEL_BAD_NEED);
    ((int64_t *)c.needs.a)[2] = 1;
    ((int8_t *)c.needs.vec)[7] = -128;
    cr_assert_eq(best_docs(&c.matrix, 0, &c.needs, NULL, NULL, &lists), DJ_KERNEL_BAD_NEED);
    case_clear(&c);
}

Test(lists, names_of_variants)
{
    const DjKernelVariant *variant;
    const char *const *name = dj_kernel_names();
    while (name[1])
        name++;
    cr_assert_str_eq(*name, "scalar");
    cr_assert_eq(dj_kernel_find("mmx", &variant), DJ_KERNEL_UNKNOWN_VARIANT);
    cr_assert_null(variant);
    cr_assert_eq(dj_kernel_find("scalar", &variant), DJ_KERNEL_OK);
    cr_assert_str_eq(dj_kernel_name(variant), "scalar");
    cr_assert_eq(dj_kernel_find(NULL, &variant), DJ_KERNEL_OK);
    cr_assert_eq(variant, dj_kernel_best());
}
