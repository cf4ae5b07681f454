/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A damaged term matrix: whatever dj_matrix_open lets pass may be used in every way without leaving its bytes.
 * An input is tried as it stands and once more with its checksums made right, because damage that the checksums find
 * never reaches the checks behind them. */
#include "engine/kernel/kernel.h"
#include "engine/kernel/layout.h"
#include "tests/fuzz/target.h"
#include <stdlib.h>
#include <string.h>

enum { K = 4, MAX_SIZE = 1 << 20, MAX_DOCS = 1 << 16 };

unsigned long fuzz_accepted;

static uint64_t sum_of(const uint8_t *bytes, uint64_t size)
{
    DjChecksum sum;
    dj_checksum_init(&sum);
    dj_checksum_add(&sum, bytes, size);
    return dj_checksum_value(&sum);
}

static void seal(uint8_t *bytes, size_t size)
{
    DjMatrixFooter footer;
    if (size % DJ_SECTION || size < sizeof(DjMatrixHeader) + sizeof footer)
        return;
    uint8_t *at = bytes + size - sizeof footer;
    memcpy(&footer, at, sizeof footer);
    const uint64_t end = size - sizeof footer;
    if (footer.segments > end)
        return;
    footer.size = size;
    footer.tables_sum = sum_of(bytes + footer.segments, end - footer.segments);
    footer.payload_sum = sum_of(bytes, footer.segments);
    memcpy(at, &footer, sizeof footer);
    footer.sum = sum_of(at, offsetof(DjMatrixFooter, sum));
    memcpy(at, &footer, sizeof footer);
}

/* Two needs that ask for the first terms of the matrix, over every segment. */
static void use(const DjMatrix *matrix)
{
    enum { TERMS = 48 };
    const uint32_t n_docs = dj_matrix_n_docs(matrix), dim = dj_matrix_dim(matrix);
    uint32_t term[2 * TERMS];
    uint8_t weight[2 * TERMS];
    for (uint32_t i = 0; i < 2 * TERMS; i++) {
        term[i] = i < TERMS ? i : 3 * (i - TERMS);
        weight[i] = (uint8_t)(1 + i);
    }
    const uint64_t ptr[] = {0, TERMS, 2 * TERMS};
    const int64_t a[] = {1000, 1};
    int8_t *vec = calloc(2, dim ? dim : 1);
    memset(vec, 3, (size_t)2 * dim);
    const DjKernelNeeds needs = {
        .n = 2, .ptr = ptr, .term = term, .weight = weight, .vec = dim ? vec : NULL, .a = a, .b = dim ? 7 : 0};
    const DjKernelOptions options = {.threads = 1};
    int64_t *totals = malloc(((size_t)n_docs + 1) * sizeof *totals);
    for (uint32_t s = 0; s < dj_matrix_n_segments(matrix) && s < 8; s++) {
        DjKernelHit hits[2 * K];
        uint32_t n_hits[2], n;
        uint8_t overflow[2];
        DjKernelPart part = {
            .segment = s,
            .n_rows = 2,
            .lists = {.n_rows = 2, .k = K, .capacity = K, .hits = hits, .n_hits = n_hits, .overflow = overflow}};
        const uint32_t *docs = dj_matrix_segment_docs(matrix, s, &n);
        FUZZ_PROMISE(n <= n_docs);
        if (dj_kernel_best_docs(matrix, &needs, &part, 1, &options) == DJ_KERNEL_OK)
            for (uint32_t r = 0; r < 2; r++)
                for (uint32_t i = 0; i < n_hits[r]; i++)
                    FUZZ_PROMISE(hits[(size_t)r * K + i].id < n_docs);
        dj_kernel_score_all(matrix, s, &needs, 1, &options, totals);
        if (n > 0) {
            const uint32_t need = 0;
            DjKernelScore score;
            dj_kernel_score_pairs(matrix, s, &needs, 1, &need, &docs[n - 1], &score);
        }
    }
    free(totals);
    free(vec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > MAX_SIZE)
        return 0;
    /* Exactly as long as the matrix, so that the address sanitizer sees the first byte behind it. */
    uint8_t *bytes = NULL;
    if (posix_memalign((void **)&bytes, DJ_SECTION, size ? size : 1) != 0)
        return 0;
    memcpy(bytes, data, size);
    for (int sealed = 0; sealed < 2; sealed++) {
        DjMatrix matrix;
        if (dj_matrix_open(bytes, size, &matrix) == DJ_MATRIX_OK && dj_matrix_n_docs(&matrix) <= MAX_DOCS) {
            fuzz_accepted += !sealed;
            (void)dj_matrix_verify(&matrix);
            use(&matrix);
        }
        seal(bytes, size);
    }
    free(bytes);
    return 0;
}
