/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of a compiled matrix, private to this folder. README.md draws the picture.
 *
 *     DjMatrixHeader | vectors | sketches | segment 0 | segment 1 | ... | DjSegment[] | DjBlock[] | DjMatrixFooter
 *
 * Sections start on multiples of 64. A segment is cut into blocks of DJ_BLOCK_DOCS documents in ascending order; a
 * position is a document's place in its segment. Terms of a segment fall into three classes:
 *
 *     head  frequent in this segment: bytes in columns, two columns side by side, per tile of DJ_TILE_DOCS documents
 *     mid   at least one posting per block on average: per block a list of u16 places in the block, then u8 impacts
 *     rare  the others: one list per segment of u32 position + u8 impact
 */
#ifndef DJ_KERNEL_LAYOUT_H
#define DJ_KERNEL_LAYOUT_H

#include "engine/kernel/matrix.h"

#include <stdint.h>

enum {
    DJ_TILE_DOCS = 64,
    DJ_BLOCK_DOCS = 4096, /* a multiple of DJ_TILE_DOCS, below 65,536 */
    DJ_BLOCK_TILES = DJ_BLOCK_DOCS / DJ_TILE_DOCS,
    DJ_PAIR_BYTES = 2 * DJ_TILE_DOCS, /* one pair of columns of one tile */
    DJ_POSTING_BYTES = 3,             /* of a mid term: place and impact */
    DJ_HEAD_COLUMNS = 184,            /* at most, even */
    DJ_HEAD_DENSITY = 64,             /* a head term is in at least one of so many documents */
    DJ_SECTION = 64,
    DJ_MAX_DIM = 4096,
    DJ_SKETCH_DIMS = 256,       /* of one line of a sketch; other dimensions have no sketches */
    DJ_MAX_ROW_TERMS = 1 << 20, /* terms of one document: keeps offsets within a block in 32 bits */
};

#define DJ_MATRIX_MAGIC   "DJMATRX\n"
#define DJ_MATRIX_VERSION 3u
#define DJ_MATRIX_ENDIAN  0x01020304u

typedef struct DjMatrixHeader {
    char magic[8];
    uint32_t version;
    uint32_t endian;
    uint8_t reserved[48];
} DjMatrixHeader;

typedef struct DjMatrixFooter {
    uint64_t size; /* of the whole matrix, this footer included */
    uint64_t vectors;
    uint64_t segments;    /* DjSegment[n_segments], DjBlock[n_blocks] follows */
    uint64_t n_blocks;    /* of all segments */
    uint64_t max_norm2;   /* largest squared length of a vector */
    uint64_t tables_sum;  /* over segments and blocks */
    uint64_t payload_sum; /* over everything from the header to the tables */
    uint32_t n_docs;
    uint32_t n_terms;
    uint32_t n_segments;
    uint32_t dim;
    uint64_t sketches;      /* dim / 4 bytes per document (sketch.h), if dim is a multiple of DJ_SKETCH_DIMS */
    uint64_t sketch_scales; /* DjSketchScale[n_docs] */
    uint8_t reserved[24];
    char magic[8];
    uint64_t sum; /* over the footer up to here */
} DjMatrixFooter;

/* What a document's codes stand for, see sketch.h. */
typedef struct DjSketchScale {
    uint16_t step; /* in 1/256 */
    uint16_t rest; /* length of what the codes miss, in 1/8, rounded up */
} DjSketchScale;

/* Which of 64 neighbouring term numbers the segment has, and how many it has before them: finds a slot in one step. */
typedef struct DjTermWord {
    uint64_t present;
    uint32_t before;
    uint32_t reserved;
} DjTermWord;

enum { DJ_CLASS_HEAD = 0, DJ_CLASS_MID = 1, DJ_CLASS_RARE = 2, DJ_CLASS_NONE = 3 };

typedef struct DjSlot {
    uint32_t index; /* in its class: column, directory entry or rare list */
    uint8_t class_;
    uint8_t maximum; /* largest impact in the segment */
    uint16_t reserved;
} DjSlot;

/* Offsets are bytes from the start of the matrix. */
typedef struct DjSegment {
    uint32_t n_docs;
    uint32_t n_blocks;
    uint32_t first_block; /* into the table of blocks */
    uint32_t n_pairs;
    uint32_t n_terms; /* in any class */
    uint32_t n_mid;
    uint32_t n_rare;
    uint32_t reserved;
    uint64_t n_rare_postings;
    uint64_t docs;         /* u32[n_docs], ascending */
    uint64_t words;        /* DjTermWord[dj_n_words(n_terms of the matrix)] */
    uint64_t slots;        /* DjSlot[n_terms], ascending term */
    uint64_t rare_ptr;     /* u32[n_rare + 1] */
    uint64_t rare_pos;     /* u32[n_rare_postings] */
    uint64_t rare_impacts; /* u8[n_rare_postings] */
    uint8_t reserved2[40];
} DjSegment;

typedef struct DjBlock {
    uint64_t head;  /* [tile][pair][document of the tile][2] */
    uint64_t dir;   /* u32[n_mid + 1]: postings before a term's list */
    uint64_t lists; /* per mid term u16 places[n], u8 impacts[n], without gaps: 3 * n_postings bytes */
    uint32_t n_postings;
    uint32_t n_docs;
    uint8_t reserved[32];
} DjBlock;

_Static_assert(sizeof(DjMatrixHeader) == 64, "header");
_Static_assert(sizeof(DjMatrixFooter) == 128, "footer");
_Static_assert(sizeof(DjSketchScale) == 4, "scale");
_Static_assert(sizeof(DjTermWord) == 16, "word");
_Static_assert(sizeof(DjSlot) == 8, "slot");
_Static_assert(sizeof(DjSegment) == 128, "segment");
_Static_assert(sizeof(DjBlock) == 64, "block");

static inline uint64_t dj_round_up(uint64_t n, uint64_t to)
{
    return (n + to - 1) / to * to;
}

static inline uint32_t dj_n_tiles(uint32_t n_docs)
{
    return (n_docs + DJ_TILE_DOCS - 1) / DJ_TILE_DOCS;
}

static inline uint64_t dj_n_words(uint32_t n_terms)
{
    return ((uint64_t)n_terms + 63) / 64;
}

static inline bool dj_has_sketches(uint32_t dim)
{
    return dim && dim % DJ_SKETCH_DIMS == 0;
}

/* A running 64-bit checksum against damage, not against malice. Chunks but the last are multiples of 32 bytes. */
typedef struct DjChecksum {
    uint64_t lane[4];
    uint64_t length;
} DjChecksum;

void dj_checksum_init(DjChecksum *sum);
void dj_checksum_add(DjChecksum *sum, const void *bytes, uint64_t size);
uint64_t dj_checksum_value(const DjChecksum *sum);

static inline const DjMatrixFooter *dj_matrix_footer(const DjMatrix *matrix)
{
    return matrix->footer;
}

static inline const DjSegment *dj_matrix_segment(const DjMatrix *matrix, uint32_t segment)
{
    return (const DjSegment *)matrix->segments + segment;
}

static inline const DjBlock *dj_matrix_block(const DjMatrix *matrix, const DjSegment *segment, uint32_t block)
{
    const DjSegment *end = (const DjSegment *)matrix->segments + dj_matrix_footer(matrix)->n_segments;
    return (const DjBlock *)(const void *)end + segment->first_block + block;
}

static inline const void *dj_matrix_at(const DjMatrix *matrix, uint64_t offset)
{
    return matrix->base + offset;
}

#endif
