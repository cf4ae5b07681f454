/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel: exact best lists over all pairs of needs (技术需求) and patents of one segment of a compiled matrix.
 *
 * The base total of a pair is
 *
 *     total = (int64) lex * a[need] + (int64) dot * b
 *     lex   = sum over shared terms of weight * impact       (uint32)
 *     dot   = sum over dimensions of need vector * vector    (int32)
 *
 * Lists are ordered by total, best first, then by id, lowest first. The answer is defined by these lines alone: it is
 * the same bytes for every variant, thread count, memory limit and input order. The kernel skips work only where a
 * bound proves that a pair cannot enter the list (README.md).
 *
 * Plain C: no GLib, no I/O; a driver call allocates its scratch up front, bounded by a setting, and frees it before it
 * returns. All functions may be called from several threads at once as long as their output arrays differ.
 */
#ifndef DJ_KERNEL_KERNEL_H
#define DJ_KERNEL_KERNEL_H

#include "engine/kernel/matrix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum DjKernelStatus {
    DJ_KERNEL_OK = 0,
    DJ_KERNEL_CANCELLED,    /* outputs are unspecified */
    DJ_KERNEL_NO_MEMORY,    /* an allocation failed, or one row needs more scratch than memory_limit */
    DJ_KERNEL_NO_THREAD,    /* a thread could not be created */
    DJ_KERNEL_BAD_NEED,     /* terms not strictly ascending, a < 0, b < 0, component -128, or a total beyond 2^62 */
    DJ_KERNEL_BAD_ARGUMENT, /* no such segment, row or document; k = 0; capacity < k; slack < 0; bans not ascending */
    DJ_KERNEL_UNKNOWN_VARIANT, /* no variant of that name in this build */
    DJ_KERNEL_UNAVAILABLE,     /* this CPU or operating system cannot run the variant */
} DjKernelStatus;

/* A short English phrase, static. */
const char *dj_kernel_status_text(DjKernelStatus status);

/* ---- variants: the same answer from different instructions ---- */

typedef struct DjKernelVariant DjKernelVariant;

/* Names of all variants in this build, best first, ending with NULL. "scalar" is always the last. */
const char *const *dj_kernel_names(void);

/* The variant of that name in *out; UNKNOWN_VARIANT or UNAVAILABLE (then *out is NULL). NULL or "auto": the best one.
 */
DjKernelStatus dj_kernel_find(const char *name, const DjKernelVariant **out);

/* The best variant that runs here; never NULL. */
const DjKernelVariant *dj_kernel_best(void);

const char *dj_kernel_name(const DjKernelVariant *variant);

/* ---- input ---- */

/*
 * Needs, all arrays the caller's. Need q holds term[ptr[q] .. ptr[q+1]), strictly ascending, with weights 0..255.
 * A term that the matrix does not know (>= n_terms) matches nothing.
 * The lexical channel is off where a[q] is 0; the dense one where b is 0, vec is NULL or the matrix has no vectors.
 * Bans are pairs that are not admitted: they appear in no list and do not count for k.
 */
typedef struct DjKernelNeeds {
    uint32_t n;
    const uint64_t *ptr; /* n + 1 */
    const uint32_t *term;
    const uint8_t *weight;
    const int8_t *vec;       /* n x dim of the matrix, components -127..127, or NULL */
    const int64_t *a;        /* n, each >= 0 */
    int64_t b;               /* >= 0 */
    const uint64_t *ban_ptr; /* n + 1, or NULL for no bans */
    const uint32_t *ban_doc; /* strictly ascending per need */
} DjKernelNeeds;

/* Work done and to do, in pairs. Called from one thread at a time, at most a few hundred times per run. */
typedef void (*DjKernelProgress)(void *user, uint64_t done, uint64_t total);

typedef struct DjKernelOptions {
    const DjKernelVariant *variant; /* NULL: the best */
    uint32_t threads;               /* 0 counts as 1 */
    size_t memory_limit;            /* bytes of scratch for the whole call; 0: 256 MiB */
    const uint64_t *admit;          /* bit d (word d / 64): document d exists for this run; NULL: all do */
    const int *cancel;              /* read atomically now and then; not 0 ends the run. May be NULL */
    DjKernelProgress progress;      /* may be NULL */
    void *progress_user;
} DjKernelOptions;

/* ---- best lists ---- */

#define DJ_KERNEL_NO_FLOOR INT64_MIN

typedef struct DjKernelHit {
    int64_t total;
    uint32_t id;       /* document, or need when documents are the rows */
    uint32_t reserved; /* 0 */
} DjKernelHit;

/*
 * One list per row. A row's list holds every admitted partner whose total is at least
 *
 *     max(floor, total of the k-th best admitted partner - slack)        (fewer than k partners: floor alone)
 *
 * best first. When more than `capacity` qualify, the list holds exactly the best `capacity` of them and overflow is 1.
 * So k = capacity without slack is a plain top-k, with ties at the end cut by id (and overflow 1 when something was
 * cut).
 *
 * n_rows, k, capacity, slack and floor go in; hits, n_hits and overflow come out. All arrays are the caller's.
 */
typedef struct DjKernelLists {
    uint32_t n_rows;
    uint32_t k;           /* >= 1 */
    uint32_t capacity;    /* >= k */
    const int64_t *slack; /* n_rows, each >= 0; NULL: 0 */
    const int64_t *floor; /* n_rows; NULL: DJ_KERNEL_NO_FLOOR */
    DjKernelHit *hits;    /* n_rows x capacity; what lies behind n_hits is unspecified */
    uint32_t *n_hits;     /* n_rows */
    uint8_t *overflow;    /* n_rows, 0 or 1 */
} DjKernelLists;

/*
 * Lists of one segment, as one part of a call. The needs that take part are rows[0 .. n_rows), or 0 .. n_rows - 1 when
 * rows is NULL (then n_rows <= needs->n). Arrays of different parts must differ.
 */
typedef struct DjKernelPart {
    uint32_t segment;
    const uint32_t *rows;
    uint32_t n_rows;
    DjKernelLists lists;
} DjKernelPart;

/*
 * Needs -> best documents of the segment, for every part. List r of a part is that of need rows[r] (any order, repeats
 * allowed); lists.n_rows must be n_rows. Threads share groups of needs as they become free, over all parts, so many
 * small segments use them as well as one large one.
 */
DjKernelStatus dj_kernel_best_docs(const DjMatrix *matrix, const DjKernelNeeds *needs, DjKernelPart *parts,
                                   uint32_t n_parts, const DjKernelOptions *options);

/*
 * Documents of the segment -> best needs, for every part; rows strictly ascending. List r of a part is that of document
 * dj_matrix_segment_docs()[r]; lists.n_rows must be the segment's size. Documents that are not admitted get empty
 * lists. Threads share blocks of documents as they become free, over all parts.
 */
DjKernelStatus dj_kernel_best_needs(const DjMatrix *matrix, const DjKernelNeeds *needs, DjKernelPart *parts,
                                    uint32_t n_parts, const DjKernelOptions *options);

/* ---- plain scores ---- */

/* Totals of one need against every document of the segment, in segment order; bans and admission are not looked at. */
DjKernelStatus dj_kernel_score_all(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs, uint32_t need,
                                   const DjKernelOptions *options, int64_t *totals);

typedef struct DjKernelScore {
    int64_t total;
    uint32_t lex; /* 0 where the channel is off */
    int32_t dot;  /* 0 where the channel is off */
} DjKernelScore;

/* Exact scores of pairs (need[i], doc[i]); every doc must be in the segment. For evidence, meant for short lists. */
DjKernelStatus dj_kernel_score_pairs(const DjMatrix *matrix, uint32_t segment, const DjKernelNeeds *needs,
                                     uint64_t n_pairs, const uint32_t *need, const uint32_t *doc,
                                     DjKernelScore *scores);

#ifdef __cplusplus
}
#endif

#endif
