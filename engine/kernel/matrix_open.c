/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading a matrix that may be damaged. Opening looks at the tables only, so that a mapped file of gigabytes is ready
 * in milliseconds; what the tables do not promise (places in a block, directory entries, columns) is checked where it
 * is used, at no cost that could be measured.
 */
#include "engine/kernel/layout.h"

#include <string.h>

const char *dj_matrix_status_text(DjMatrixStatus status)
{
    switch (status) {
    case DJ_MATRIX_OK:
        return "ok";
    case DJ_MATRIX_NO_MEMORY:
        return "out of memory";
    case DJ_MATRIX_SINK_FAILED:
        return "writing the matrix failed";
    case DJ_MATRIX_BAD_INPUT:
        return "pointers, terms or documents out of order or out of range";
    case DJ_MATRIX_BAD_IMPACT:
        return "an impact of 0";
    case DJ_MATRIX_BAD_VECTOR:
        return "vector dimension is no multiple of 64, too large, or a component is -128";
    case DJ_MATRIX_TRUNCATED:
        return "matrix is truncated";
    case DJ_MATRIX_NOT_A_MATRIX:
        return "not a term matrix";
    case DJ_MATRIX_WRONG_VERSION:
        return "term matrix of another version or byte order";
    case DJ_MATRIX_BAD_CHECKSUM:
        return "term matrix is damaged: checksum differs";
    case DJ_MATRIX_BAD_LAYOUT:
        return "term matrix contradicts itself";
    case DJ_MATRIX_BAD_ALIGNMENT:
        return "term matrix does not start on a multiple of 64 bytes";
    }
    return "unknown status";
}

/* Whether `count` items of `size` bytes at `offset` lie inside the payload, which ends at `end`. */
static bool section_fits(uint64_t offset, uint64_t count, uint64_t size, uint64_t end)
{
    return offset % DJ_SECTION == 0 && offset <= end && count <= (end - offset) / size;
}

static bool block_fits(const DjSegment *segment, const DjBlock *block, uint64_t end)
{
    return section_fits(block->head, (uint64_t)dj_n_tiles(block->n_docs) * segment->n_pairs, DJ_PAIR_BYTES, end) &&
           section_fits(block->dir, segment->n_mid + 1ull, 4, end) &&
           section_fits(block->lists, block->n_postings, DJ_POSTING_BYTES, end);
}

static bool segment_fits(const DjMatrix *matrix, const DjSegment *segment)
{
    const DjMatrixFooter *footer = dj_matrix_footer(matrix);
    const uint64_t end = footer->segments;
    uint32_t left = segment->n_docs;

    if (segment->n_pairs > DJ_HEAD_COLUMNS / 2 || segment->n_docs > footer->n_docs ||
        segment->n_terms > footer->n_terms || segment->n_mid > segment->n_terms || segment->n_rare > segment->n_terms ||
        segment->n_blocks != (segment->n_docs + (DJ_BLOCK_DOCS - 1ull)) / DJ_BLOCK_DOCS ||
        segment->first_block > footer->n_blocks || segment->n_blocks > footer->n_blocks - segment->first_block)
        return false;
    if (!section_fits(segment->docs, segment->n_docs, 4, end) ||
        !section_fits(segment->words, dj_n_words(footer->n_terms), sizeof(DjTermWord), end) ||
        !section_fits(segment->slots, segment->n_terms, sizeof(DjSlot), end) ||
        !section_fits(segment->rare_ptr, segment->n_rare + 1ull, 4, end) ||
        !section_fits(segment->rare_pos, segment->n_rare_postings, 4, end) ||
        !section_fits(segment->rare_impacts, segment->n_rare_postings, 1, end))
        return false;
    for (uint32_t b = 0; b < segment->n_blocks; b++) {
        const DjBlock *block = dj_matrix_block(matrix, segment, b);
        if (block->n_docs != (left < DJ_BLOCK_DOCS ? left : (uint32_t)DJ_BLOCK_DOCS) ||
            !block_fits(segment, block, end))
            return false;
        left -= block->n_docs;
    }
    const uint32_t *docs = dj_matrix_at(matrix, segment->docs);
    for (uint32_t i = 0; i < segment->n_docs; i++)
        if (docs[i] >= footer->n_docs || (i && docs[i] <= docs[i - 1]))
            return false;
    return true;
}

static DjMatrixStatus check_footer(const uint8_t *base, size_t size, const DjMatrixFooter *footer)
{
    DjChecksum sum;
    if (memcmp(footer->magic, DJ_MATRIX_MAGIC, sizeof footer->magic) != 0)
        return DJ_MATRIX_TRUNCATED;
    dj_checksum_init(&sum);
    dj_checksum_add(&sum, footer, offsetof(DjMatrixFooter, sum));
    if (dj_checksum_value(&sum) != footer->sum)
        return DJ_MATRIX_BAD_CHECKSUM;
    if (footer->size != size)
        return DJ_MATRIX_TRUNCATED;
    const uint64_t end = size - sizeof *footer;
    if (footer->segments < sizeof(DjMatrixHeader) ||
        !section_fits(footer->segments, footer->n_segments, sizeof(DjSegment), end) ||
        footer->n_blocks != (end - footer->segments - footer->n_segments * sizeof(DjSegment)) / sizeof(DjBlock) ||
        (end - footer->segments) % DJ_SECTION || footer->dim % 64 || footer->dim > DJ_MAX_DIM ||
        (footer->dim && !section_fits(footer->vectors, footer->n_docs, footer->dim, footer->segments)) ||
        (dj_has_sketches(footer->dim) &&
         (!section_fits(footer->sketches, footer->n_docs, footer->dim / 4, footer->segments) ||
          !section_fits(footer->sketch_scales, footer->n_docs, sizeof(DjSketchScale), footer->segments))))
        return DJ_MATRIX_BAD_LAYOUT;
    dj_checksum_init(&sum);
    dj_checksum_add(&sum, base + footer->segments, end - footer->segments);
    return dj_checksum_value(&sum) == footer->tables_sum ? DJ_MATRIX_OK : DJ_MATRIX_BAD_CHECKSUM;
}

DjMatrixStatus dj_matrix_open(const void *bytes, size_t size, DjMatrix *out)
{
    const uint8_t *base = bytes;
    const DjMatrixHeader *header = bytes;
    DjMatrixStatus status;

    memset(out, 0, sizeof *out);
    if ((uintptr_t)base % DJ_SECTION)
        return DJ_MATRIX_BAD_ALIGNMENT;
    if (size < sizeof header->magic)
        return DJ_MATRIX_TRUNCATED;
    if (memcmp(header->magic, DJ_MATRIX_MAGIC, sizeof header->magic) != 0)
        return DJ_MATRIX_NOT_A_MATRIX;
    if (size < sizeof(DjMatrixHeader) + sizeof(DjMatrixFooter) || size % DJ_SECTION)
        return DJ_MATRIX_TRUNCATED;
    if (header->version != DJ_MATRIX_VERSION || header->endian != DJ_MATRIX_ENDIAN)
        return DJ_MATRIX_WRONG_VERSION;
    const DjMatrixFooter *footer = (const void *)(base + size - sizeof *footer);
    status = check_footer(base, size, footer);
    if (status != DJ_MATRIX_OK)
        return status;
    DjMatrix matrix = {.base = base, .size = size, .footer = footer, .segments = base + footer->segments};
    for (uint32_t s = 0; s < footer->n_segments; s++)
        if (!segment_fits(&matrix, dj_matrix_segment(&matrix, s)))
            return DJ_MATRIX_BAD_LAYOUT;
    *out = matrix;
    return DJ_MATRIX_OK;
}

DjMatrixStatus dj_matrix_verify(const DjMatrix *matrix)
{
    const DjMatrixFooter *footer = dj_matrix_footer(matrix);
    DjChecksum sum;
    dj_checksum_init(&sum);
    dj_checksum_add(&sum, matrix->base, footer->segments);
    return dj_checksum_value(&sum) == footer->payload_sum ? DJ_MATRIX_OK : DJ_MATRIX_BAD_CHECKSUM;
}

uint32_t dj_matrix_n_docs(const DjMatrix *matrix)
{
    return dj_matrix_footer(matrix)->n_docs;
}

uint32_t dj_matrix_n_terms(const DjMatrix *matrix)
{
    return dj_matrix_footer(matrix)->n_terms;
}

uint32_t dj_matrix_dim(const DjMatrix *matrix)
{
    return dj_matrix_footer(matrix)->dim;
}

uint32_t dj_matrix_n_segments(const DjMatrix *matrix)
{
    return dj_matrix_footer(matrix)->n_segments;
}

const uint32_t *dj_matrix_segment_docs(const DjMatrix *matrix, uint32_t segment, uint32_t *n_docs)
{
    const DjSegment *s = dj_matrix_segment(matrix, segment);
    *n_docs = s->n_docs;
    return s->n_docs ? dj_matrix_at(matrix, s->docs) : NULL;
}
