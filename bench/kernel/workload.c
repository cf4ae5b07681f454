/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synthetic workloads, and what synthetic and real ones share. */
#include "bench/kernel/workload.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *take(size_t size)
{
    void *p = calloc(size ? size : 1, 1);
    if (!p) {
        fprintf(stderr, "bench_kernel: out of memory\n");
        exit(1);
    }
    return p;
}

/* ---- random numbers ---- */

uint64_t workload_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state)
{
    return (double)(workload_random(state) >> 11) * 0x1p-53;
}

static uint32_t below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(((workload_random(state) >> 32) * n) >> 32);
}

static double gauss(uint64_t *state)
{
    double u = uniform(state) + 0x1p-60;
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * uniform(state));
}

/* ---- synthetic text ---- */

typedef struct Zipf {
    uint32_t n;
    double *sum;
} Zipf;

static Zipf zipf_new(uint32_t n, double exponent, double shift)
{
    Zipf z = {.n = n, .sum = take(n * sizeof(double))};
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
        z.sum[i] = sum += pow(i + shift, -exponent);
    return z;
}

static uint32_t zipf_draw(const Zipf *z, uint64_t *state)
{
    double u = uniform(state) * z->sum[z->n - 1];
    uint32_t low = 0, high = z->n - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (z->sum[middle] < u)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_u32(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Rows of terms with counts; counts go to value and become impacts or weights later. */
static void draw_side(Side *side, uint32_t n, uint32_t about, uint32_t n_topics, const uint32_t *word, uint32_t n_words,
                      const Zipf *common, const Zipf *topical, uint64_t *state)
{
    uint32_t *row = take(4 * (size_t)about * sizeof *row), *count = take(n_words * sizeof *count);
    side->n = n;
    side->ptr = take((n + 1) * sizeof *side->ptr);
    side->term = take((size_t)n * 2 * about * sizeof *side->term);
    side->value = take((size_t)n * 2 * about);
    side->label = take(n * sizeof *side->label);
    for (uint32_t r = 0; r < n; r++) {
        const uint32_t topic = below(state, n_topics);
        const uint32_t wanted = about / 2 + below(state, about + 1);
        uint32_t found = 0;
        side->label[r] = topic;
        for (uint32_t tries = 0; found < wanted && tries < 20 * wanted; tries++) {
            uint32_t rank, w;
            if (uniform(state) < 0.6) {
                w = zipf_draw(common, state);
            } else {
                rank = zipf_draw(topical, state);
                w = word[(size_t)topic * topical->n + rank];
            }
            if (!count[w])
                row[found++] = w;
            if (count[w] < 255)
                count[w]++;
        }
        qsort(row, found, sizeof *row, compare_u32);
        uint64_t at = side->ptr[r];
        for (uint32_t i = 0; i < found; i++) {
            side->term[at] = row[i];
            side->value[at++] = (uint8_t)count[row[i]];
            count[row[i]] = 0;
        }
        side->ptr[r + 1] = at;
    }
    free(row);
    free(count);
}

static uint8_t quantise(double x)
{
    return x >= 254.5 ? 255 : x <= 0 ? 0 : (uint8_t)(x + 0.5);
}

/* A weight of 0 adds nothing; without it every contender does the same work. */
static void drop_zero_weights(Side *side)
{
    uint64_t kept = 0, begin = 0;
    for (uint32_t r = 0; r < side->n; r++) {
        const uint64_t end = side->ptr[r + 1];
        for (uint64_t i = begin; i < end; i++) {
            if (!side->value[i])
                continue;
            side->term[kept] = side->term[i];
            side->value[kept++] = side->value[i];
        }
        begin = end;
        side->ptr[r + 1] = kept;
    }
}

void workload_quantise(Workload *w)
{
    uint32_t *df = take((w->n_terms + 1) * sizeof *df);
    const Side *docs = &w->docs;
    double average = 0;
    for (uint64_t i = 0; i < docs->ptr[docs->n]; i++) {
        df[docs->term[i]]++;
        average += docs->value[i];
    }
    average /= docs->n;
    for (uint32_t d = 0; d < docs->n; d++) {
        double length = 0;
        for (uint64_t i = docs->ptr[d]; i < docs->ptr[d + 1]; i++)
            length += docs->value[i];
        for (uint64_t i = docs->ptr[d]; i < docs->ptr[d + 1]; i++) {
            double tf = docs->value[i];
            double impact = tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / average));
            uint8_t q = quantise(impact / 2.2 * 255);
            docs->value[i] = q ? q : 1;
        }
    }
    const double largest = log(1 + (docs->n + 0.5) / 1.5);
    for (uint64_t i = 0; i < w->needs.ptr[w->needs.n]; i++) {
        double n = df[w->needs.term[i]];
        double idf = log(1 + (docs->n - n + 0.5) / (n + 0.5)), tf = w->needs.value[i];
        w->needs.value[i] = quantise(idf * (tf / (tf + 0.5)) / largest * 255);
    }
    free(df);
    drop_zero_weights(&w->needs);
}

static void draw_vectors(Side *side, uint32_t dim, const float *centres, uint64_t *state)
{
    float *v = take(dim * sizeof *v);
    side->vec = take((size_t)side->n * dim);
    for (uint32_t r = 0; r < side->n; r++) {
        double norm = 0;
        for (uint32_t i = 0; i < dim; i++) {
            v[i] = 0.6f * centres[(size_t)side->label[r] * dim + i] + (float)gauss(state);
            norm += (double)v[i] * v[i];
        }
        /* unit length times a scale that keeps nearly all components within a byte */
        for (uint32_t i = 0; i < dim; i++) {
            double x = v[i] / sqrt(norm) * 127 * sqrt(dim) / 4;
            side->vec[(size_t)r * dim + i] = (int8_t)(x > 127 ? 127 : x < -127 ? -127 : lrint(x));
        }
    }
    free(v);
}

void workload_init_synthetic(Workload *w, const WorkloadShape *shape)
{
    uint64_t state = shape->seed;
    const uint32_t n_words = shape->n_terms, topic_words = n_words / 20;
    Zipf common = zipf_new(n_words, 1.10, 2.7), topical = zipf_new(topic_words, 0.9, 5);
    uint32_t *word = take((size_t)shape->n_topics * topic_words * sizeof *word);

    memset(w, 0, sizeof *w);
    w->n_terms = n_words;
    w->n_labels = shape->n_topics;
    w->dim = shape->dim;
    for (size_t i = 0; i < (size_t)shape->n_topics * topic_words; i++)
        word[i] = 100 + below(&state, n_words - 100);
    draw_side(&w->docs, shape->n_docs, shape->doc_terms, shape->n_topics, word, n_words, &common, &topical, &state);
    draw_side(&w->needs, shape->n_needs, shape->need_terms, shape->n_topics, word, n_words, &common, &topical, &state);
    workload_quantise(w);
    if (shape->dim) {
        float *centres = take((size_t)shape->n_topics * shape->dim * sizeof *centres);
        for (size_t i = 0; i < (size_t)shape->n_topics * shape->dim; i++)
            centres[i] = (float)gauss(&state);
        draw_vectors(&w->docs, shape->dim, centres, &state);
        draw_vectors(&w->needs, shape->dim, centres, &state);
        free(centres);
    }
    free(common.sum);
    free(topical.sum);
    free(word);
}

void workload_clear(Workload *w)
{
    Side *sides[] = {&w->docs, &w->needs};
    for (int i = 0; i < 2; i++) {
        free(sides[i]->ptr);
        free(sides[i]->term);
        free(sides[i]->value);
        free(sides[i]->label);
        free(sides[i]->vec);
    }
    memset(w, 0, sizeof *w);
}

uint64_t workload_multiply_adds(const Workload *w)
{
    uint32_t *df = take((w->n_terms + 1) * sizeof *df);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < w->docs.ptr[w->docs.n]; i++)
        df[w->docs.term[i]]++;
    for (uint64_t i = 0; i < w->needs.ptr[w->needs.n]; i++)
        sum += df[w->needs.term[i]];
    free(df);
    return sum;
}

typedef struct Buffer {
    uint8_t *bytes;
    size_t size, room;
} Buffer;

static bool append(void *user, const void *bytes, size_t size)
{
    Buffer *b = user;
    if (b->size + size > b->room) {
        size_t room = ((b->size + size) * 3 / 2 + 4095) / 4096 * 4096;
        uint8_t *more = aligned_alloc(4096, room);
        if (!more)
            return false;
        if (b->size)
            memcpy(more, b->bytes, b->size);
        free(b->bytes);
        b->bytes = more;
        b->room = room;
    }
    memcpy(b->bytes + b->size, bytes, size);
    b->size += size;
    return true;
}

static bool write_bytes(void *user, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, user) == size;
}

void workload_write_in_chains(const Workload *w, uint32_t percent_in_two, const char *path)
{
    const Side *docs = &w->docs;
    const uint32_t n_segments = w->n_labels + 1;
    uint64_t *seg_ptr = take((n_segments + 1) * sizeof *seg_ptr), used = 0;
    uint32_t *seg_doc = take((size_t)docs->n * 3 * sizeof *seg_doc);

    for (uint32_t s = 0; s < n_segments; s++) {
        for (uint32_t d = 0; d < docs->n; d++) {
            const uint32_t second = (docs->label[d] + 1 + d % (w->n_labels - 1)) % w->n_labels;
            if (s == w->n_labels || docs->label[d] == s || (second == s && d % 100 < percent_in_two))
                seg_doc[used++] = d;
        }
        seg_ptr[s + 1] = used;
    }
    const DjMatrixInput in = {.n_docs = docs->n,
                              .n_terms = w->n_terms,
                              .doc_ptr = docs->ptr,
                              .doc_term = docs->term,
                              .doc_impact = docs->value,
                              .dim = docs->vec ? w->dim : 0,
                              .doc_vec = docs->vec,
                              .n_segments = n_segments,
                              .seg_ptr = seg_ptr,
                              .seg_doc = seg_doc};
    FILE *file = fopen(path, "wb");
    const DjMatrixStatus status = file ? dj_matrix_compile(&in, write_bytes, file) : DJ_MATRIX_OK;
    if (!file || status != DJ_MATRIX_OK || fclose(file) != 0) {
        fprintf(stderr, "bench_kernel: %s: %s\n", path,
                status != DJ_MATRIX_OK ? dj_matrix_status_text(status) : strerror(errno));
        exit(1);
    }
    free(seg_ptr);
    free(seg_doc);
}

void workload_compile(const Workload *w, bool by_label, DjMatrix *matrix, void **bytes, size_t *size)
{
    const Side *docs = &w->docs;
    const uint32_t n_segments = 1 + (by_label ? w->n_labels : 0);
    uint64_t *seg_ptr = take((n_segments + 1) * sizeof *seg_ptr), used = 0;
    uint32_t *seg_doc = take((size_t)docs->n * 2 * sizeof *seg_doc);
    Buffer buffer = {0};

    for (uint32_t s = 0; s < n_segments; s++) {
        for (uint32_t d = 0; d < docs->n; d++)
            if (s == 0 || docs->label[d] == s - 1)
                seg_doc[used++] = d;
        seg_ptr[s + 1] = used;
    }
    const DjMatrixInput in = {.n_docs = docs->n,
                              .n_terms = w->n_terms,
                              .doc_ptr = docs->ptr,
                              .doc_term = docs->term,
                              .doc_impact = docs->value,
                              .dim = docs->vec ? w->dim : 0,
                              .doc_vec = docs->vec,
                              .n_segments = n_segments,
                              .seg_ptr = seg_ptr,
                              .seg_doc = seg_doc};
    DjMatrixStatus status = dj_matrix_compile(&in, append, &buffer);
    if (status == DJ_MATRIX_OK)
        status = dj_matrix_open(buffer.bytes, buffer.size, matrix);
    if (status != DJ_MATRIX_OK) {
        fprintf(stderr, "bench_kernel: %s\n", dj_matrix_status_text(status));
        exit(1);
    }
    free(seg_ptr);
    free(seg_doc);
    *bytes = buffer.bytes;
    *size = buffer.size;
}
