/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs of the kernel bench: quantised documents and needs, with their chains. */
#ifndef DJ_BENCH_KERNEL_WORKLOAD_H
#define DJ_BENCH_KERNEL_WORKLOAD_H

#include "engine/kernel/kernel.h"

/* One side: CSR rows, a label (chain) per row, vectors or NULL. Everything is owned. */
typedef struct Side {
    uint32_t n;
    uint64_t *ptr;
    uint32_t *term;
    uint8_t *value;
    uint32_t *label;
    int8_t *vec;
} Side;

typedef struct Workload {
    uint32_t n_terms;
    uint32_t n_labels;
    uint32_t dim;
    Side docs, needs;
} Workload;

typedef struct WorkloadShape {
    uint32_t n_docs, n_needs, n_terms, n_topics;
    uint32_t doc_terms, need_terms; /* distinct, on average */
    uint32_t dim;
    uint64_t seed;
} WorkloadShape;

/*
 * Seeded synthetic data: terms from a common Zipf law mixed with one per topic, impacts as BM25 with saturated counts,
 * weights as inverse document frequency, both quantised to 8 bits with one scale. Vectors are a topic's centre plus
 * noise.
 */
void workload_init_synthetic(Workload *w, const WorkloadShape *shape);

/*
 * Real text: single characters, bigrams and Latin words of patents, achievements and needs below `data` (see
 * bench/README.md), perturbed to size: a further row keeps seven tenths of one real row's terms and three of another's.
 * False where the data is absent; *why says what is missing.
 */
bool workload_init_text(Workload *w, const char *data, uint32_t n_docs, uint32_t n_needs, uint64_t seed, char **why);

/* Turns counts into BM25 impacts (k1 1.2, b 0.75) and idf weights, both in 8 bits. */
void workload_quantise(Workload *w);

/* A seeded 64-bit random number (splitmix64). */
uint64_t workload_random(uint64_t *state);

void workload_clear(Workload *w);

/* Multiply-adds over all pairs. */
uint64_t workload_multiply_adds(const Workload *w);

/*
 * Writes a matrix as the program does: a segment per label, so many in a hundred documents being in a second one, and
 * one with everything. Two labels or more. Exits on failure.
 */
void workload_write_in_chains(const Workload *w, uint32_t percent_in_two, const char *path);

/* Compiles the documents: segment 0 holds all, segment 1 + l those of label l (when by_label). Exits on failure. */
void workload_compile(const Workload *w, bool by_label, DjMatrix *matrix, void **bytes, size_t *size);

#endif
