/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The compiled term matrix (词项矩阵): every patent of a generation in the form that the kernel reads.
 *
 * One contiguous, position-independent, little-endian, checksummed run of bytes; written once, to one file, and
 * memory-mapped from then on. README.md in this folder shows the picture of the layout.
 *
 * Plain C: nothing here prints, opens files or uses GLib. All functions are thread-safe; a DjMatrix is read-only.
 */
#ifndef DJ_KERNEL_MATRIX_H
#define DJ_KERNEL_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum DjMatrixStatus {
    DJ_MATRIX_OK = 0,
    DJ_MATRIX_NO_MEMORY,
    DJ_MATRIX_SINK_FAILED,   /* the sink returned false; its owner knows why */
    DJ_MATRIX_BAD_INPUT,     /* pointers not ascending, terms or documents not strictly ascending, id out of range */
    DJ_MATRIX_BAD_IMPACT,    /* an impact of 0 */
    DJ_MATRIX_BAD_VECTOR,    /* dim no multiple of 64 or above 4096, or a component of -128 */
    DJ_MATRIX_TRUNCATED,     /* shorter than its own header says */
    DJ_MATRIX_NOT_A_MATRIX,  /* wrong magic number */
    DJ_MATRIX_WRONG_VERSION, /* written by another version of this code: build the generation again */
    DJ_MATRIX_BAD_CHECKSUM,
    DJ_MATRIX_BAD_LAYOUT,    /* checksum right, contents contradictory: written by a broken program */
    DJ_MATRIX_BAD_ALIGNMENT, /* the bytes do not start on a multiple of 64 */
} DjMatrixStatus;

/* A short English phrase, static. */
const char *dj_matrix_status_text(DjMatrixStatus status);

/*
 * What is compiled. All arrays belong to the caller and must stay unchanged during the call.
 *
 * Documents are rows 0..n_docs-1, ascending row = ascending id (ties in a list are broken by it).
 * Row d holds the terms doc_term[doc_ptr[d] .. doc_ptr[d+1]), strictly ascending, each < n_terms, impacts 1..255.
 *
 * Vectors are optional (dim 0, doc_vec NULL): n_docs x dim, row-major, components -127..127, dim a multiple of 64.
 *
 * A segment is a set of documents that is scored as one: one per chain, one for the records in no chain, or one with
 * everything; membership is many-to-many. Segment s holds seg_doc[seg_ptr[s] .. seg_ptr[s+1]), strictly ascending.
 * A document in no segment is stored nowhere. A segment may be empty.
 */
typedef struct DjMatrixInput {
    uint32_t n_docs;
    uint32_t n_terms;
    const uint64_t *doc_ptr; /* n_docs + 1 */
    const uint32_t *doc_term;
    const uint8_t *doc_impact;

    uint32_t dim;
    const int8_t *doc_vec; /* n_docs x dim, or NULL */

    uint32_t n_segments;
    const uint64_t *seg_ptr; /* n_segments + 1 */
    const uint32_t *seg_doc;
} DjMatrixInput;

/* Takes the next `size` bytes of the matrix; false stops the compilation with DJ_MATRIX_SINK_FAILED. */
typedef bool (*DjMatrixSink)(void *user, const void *bytes, size_t size);

/*
 * Compiles `in` and hands the bytes to `sink` in order, a few MB at a time, so that the whole matrix never exists in
 * memory. The same input gives the same bytes. Scratch: about 26 bytes per term, 10 MB, and 5 bytes per posting of the
 * rare terms of one segment (those with fewer postings than the segment has blocks).
 */
DjMatrixStatus dj_matrix_compile(const DjMatrixInput *in, DjMatrixSink sink, void *user);

/* An opened matrix. Fields are private; the bytes must outlive it. */
typedef struct DjMatrix {
    const uint8_t *base;
    size_t size;
    const void *footer;
    const void *segments;
} DjMatrix;

/*
 * Opens the bytes of a matrix, e.g. of a mapped file; `bytes` on a multiple of 64 (mmap gives that).
 * Checks the tables with their checksum and every offset in them, in milliseconds whatever the size. After it no use of
 * the matrix can read or write out of bounds, whatever the remaining bytes hold: a damaged payload gives wrong scores,
 * never a crash. dj_matrix_verify() finds such damage.
 */
DjMatrixStatus dj_matrix_open(const void *bytes, size_t size, DjMatrix *out);

/* Reads everything and compares all checksums. For `check`, and once after a generation was written. */
DjMatrixStatus dj_matrix_verify(const DjMatrix *matrix);

uint32_t dj_matrix_n_docs(const DjMatrix *matrix);
uint32_t dj_matrix_n_terms(const DjMatrix *matrix);
uint32_t dj_matrix_dim(const DjMatrix *matrix); /* 0: no vectors */
uint32_t dj_matrix_n_segments(const DjMatrix *matrix);

/* The documents of a segment, ascending, inside the matrix; *n_docs receives their number. NULL only if it is 0. */
const uint32_t *dj_matrix_segment_docs(const DjMatrix *matrix, uint32_t segment, uint32_t *n_docs);

#ifdef __cplusplus
}
#endif

#endif
