/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing a matrix: counts per segment first (they decide the class of every term), then block after block straight
 * into the sink. Memory stays at arrays per term plus one block, so that a million documents need no second copy.
 */
#include "engine/kernel/sketch.h"

#include <stdlib.h>
#include <string.h>

typedef struct Writer {
    DjMatrixSink sink;
    void *user;
    uint64_t offset;
    DjChecksum sum;
    DjMatrixStatus status;
} Writer;

typedef struct Compiler {
    const DjMatrixInput *in;
    Writer out;
    uint32_t *df;     /* per term, of the current segment */
    uint8_t *maximum; /* per term */
    DjSlot *slot;     /* per term */
    uint64_t *order;  /* scratch, per term */
    DjTermWord *words;
    uint32_t *cursor; /* per mid or rare term: next free place */
    uint8_t *head;    /* one block of columns */
    uint16_t *places; /* one block of mid postings */
    uint8_t *impacts;
    uint8_t *lists; /* the same, list by list */
    uint64_t room;  /* postings that the three hold */
    DjSegment *segments;
    DjBlock *blocks;
    uint32_t n_blocks;
} Compiler;

static void put(Writer *out, const void *bytes, uint64_t size)
{
    static const uint8_t zero[DJ_SECTION];
    uint64_t padding = dj_round_up(size, DJ_SECTION) - size;

    if (out->status != DJ_MATRIX_OK)
        return;
    /* The checksum covers the padding too: chunks must be multiples of 32. */
    uint64_t whole = size / 32 * 32;
    dj_checksum_add(&out->sum, bytes, whole);
    if (padding) {
        uint8_t last[DJ_SECTION] = {0};
        memcpy(last, (const uint8_t *)bytes + whole, size - whole);
        dj_checksum_add(&out->sum, last, size - whole + padding);
    }
    if ((size && !out->sink(out->user, bytes, size)) || (padding && !out->sink(out->user, zero, padding)))
        out->status = DJ_MATRIX_SINK_FAILED;
    out->offset += size + padding;
}

/* Puts a section and says where it starts. */
static uint64_t put_section(Writer *out, const void *bytes, uint64_t size)
{
    uint64_t at = out->offset;
    put(out, bytes, size);
    return at;
}

static DjMatrixStatus check_input(const DjMatrixInput *in)
{
    if (in->dim % 64 || in->dim > DJ_MAX_DIM || (in->dim == 0) != (in->doc_vec == NULL))
        return DJ_MATRIX_BAD_VECTOR;
    if (in->n_terms == UINT32_MAX || in->doc_ptr[0] != 0 || in->seg_ptr[0] != 0)
        return DJ_MATRIX_BAD_INPUT;
    for (uint32_t d = 0; d < in->n_docs; d++) {
        if (in->doc_ptr[d + 1] < in->doc_ptr[d] || in->doc_ptr[d + 1] - in->doc_ptr[d] >= DJ_MAX_ROW_TERMS)
            return DJ_MATRIX_BAD_INPUT;
        for (uint64_t i = in->doc_ptr[d]; i < in->doc_ptr[d + 1]; i++) {
            if (in->doc_term[i] >= in->n_terms || (i > in->doc_ptr[d] && in->doc_term[i] <= in->doc_term[i - 1]))
                return DJ_MATRIX_BAD_INPUT;
            if (in->doc_impact[i] == 0)
                return DJ_MATRIX_BAD_IMPACT;
        }
    }
    for (uint32_t s = 0; s < in->n_segments; s++) {
        if (in->seg_ptr[s + 1] < in->seg_ptr[s] || in->seg_ptr[s + 1] - in->seg_ptr[s] > in->n_docs)
            return DJ_MATRIX_BAD_INPUT;
        for (uint64_t i = in->seg_ptr[s]; i < in->seg_ptr[s + 1]; i++)
            if (in->seg_doc[i] >= in->n_docs || (i > in->seg_ptr[s] && in->seg_doc[i] <= in->seg_doc[i - 1]))
                return DJ_MATRIX_BAD_INPUT;
    }
    return DJ_MATRIX_OK;
}

static DjMatrixStatus put_vectors(Compiler *c, uint64_t *at, uint64_t *max_norm2)
{
    const DjMatrixInput *in = c->in;
    *at = c->out.offset;
    *max_norm2 = 0;
    for (uint32_t d = 0; d < in->n_docs && in->dim; d++) {
        const int8_t *v = in->doc_vec + (uint64_t)d * in->dim;
        uint64_t norm2 = 0;
        for (uint32_t i = 0; i < in->dim; i++) {
            if (v[i] == -128)
                return DJ_MATRIX_BAD_VECTOR;
            norm2 += (uint64_t)(v[i] * v[i]);
        }
        if (norm2 > *max_norm2)
            *max_norm2 = norm2;
        put(&c->out, v, in->dim);
    }
    return c->out.status;
}

static DjMatrixStatus put_sketches(Compiler *c, uint64_t *at, uint64_t *scales_at)
{
    const DjMatrixInput *in = c->in;
    uint8_t codes[DJ_MAX_DIM / 4];
    DjSketchScale *scales;

    if (!dj_has_sketches(in->dim))
        return DJ_MATRIX_OK;
    scales = malloc(in->n_docs * sizeof *scales + 1);
    if (!scales)
        return DJ_MATRIX_NO_MEMORY;
    *at = c->out.offset;
    for (uint32_t d = 0; d < in->n_docs; d++) {
        scales[d] = dj_sketch_encode(in->doc_vec + (uint64_t)d * in->dim, in->dim, codes);
        put(&c->out, codes, in->dim / 4);
    }
    *scales_at = put_section(&c->out, scales, in->n_docs * sizeof *scales);
    free(scales);
    return c->out.status;
}

/* ---- one segment ---- */

static int compare_u64(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void count_terms(Compiler *c, const uint32_t *docs, uint32_t n_docs)
{
    const DjMatrixInput *in = c->in;
    memset(c->df, 0, in->n_terms * sizeof *c->df);
    memset(c->maximum, 0, in->n_terms);
    for (uint32_t i = 0; i < n_docs; i++) {
        for (uint64_t j = in->doc_ptr[docs[i]]; j < in->doc_ptr[docs[i] + 1]; j++) {
            uint32_t t = in->doc_term[j];
            c->df[t]++;
            if (in->doc_impact[j] > c->maximum[t])
                c->maximum[t] = in->doc_impact[j];
        }
    }
}

/* Gives every term of the segment its class and index; the most frequent ones get neighbouring columns. */
static void assign_slots(Compiler *c, DjSegment *segment)
{
    const uint32_t n_terms = c->in->n_terms;
    uint32_t candidates = 0;

    for (uint32_t t = 0; t < n_terms; t++)
        if (c->df[t] && (uint64_t)c->df[t] * DJ_HEAD_DENSITY >= segment->n_docs)
            c->order[candidates++] = (uint64_t)(UINT32_MAX - c->df[t]) << 32 | t;
    qsort(c->order, candidates, sizeof *c->order, compare_u64);
    if (candidates > DJ_HEAD_COLUMNS)
        candidates = DJ_HEAD_COLUMNS;
    segment->n_pairs = (candidates + 1) / 2;

    for (uint32_t t = 0; t < n_terms; t++)
        c->slot[t] = (DjSlot){.class_ = DJ_CLASS_NONE, .maximum = c->maximum[t]};
    for (uint32_t i = 0; i < candidates; i++) {
        c->slot[(uint32_t)c->order[i]].class_ = DJ_CLASS_HEAD;
        c->slot[(uint32_t)c->order[i]].index = i;
    }
    for (uint32_t t = 0; t < n_terms; t++) {
        DjSlot *slot = &c->slot[t];
        segment->n_terms += c->df[t] != 0;
        if (!c->df[t] || slot->class_ == DJ_CLASS_HEAD)
            continue;
        if (c->df[t] >= segment->n_blocks) {
            slot->class_ = DJ_CLASS_MID;
            slot->index = segment->n_mid++;
        } else {
            slot->class_ = DJ_CLASS_RARE;
            slot->index = segment->n_rare++;
            segment->n_rare_postings += c->df[t];
        }
    }
}

static bool reserve_postings(Compiler *c, uint64_t n)
{
    if (n <= c->room)
        return true;
    uint16_t *places = realloc(c->places, n * sizeof *places);
    if (places)
        c->places = places;
    uint8_t *impacts = realloc(c->impacts, n);
    if (impacts)
        c->impacts = impacts;
    uint8_t *lists = realloc(c->lists, n * DJ_POSTING_BYTES);
    if (lists)
        c->lists = lists;
    if (!places || !impacts || !lists)
        return false;
    c->room = n;
    return true;
}

static void put_block(Compiler *c, const DjSegment *segment, DjBlock *block, const uint32_t *docs)
{
    const DjMatrixInput *in = c->in;
    const uint64_t tile_bytes = (uint64_t)segment->n_pairs * DJ_PAIR_BYTES;
    uint32_t *start = c->cursor;

    memset(start, 0, (segment->n_mid + 1ull) * sizeof *start);
    memset(c->head, 0, dj_n_tiles(block->n_docs) * tile_bytes);
    for (uint32_t i = 0; i < block->n_docs; i++) {
        uint8_t *tile = c->head + i / DJ_TILE_DOCS * tile_bytes + i % DJ_TILE_DOCS * 2;
        for (uint64_t j = in->doc_ptr[docs[i]]; j < in->doc_ptr[docs[i] + 1]; j++) {
            const DjSlot slot = c->slot[in->doc_term[j]];
            if (slot.class_ == DJ_CLASS_HEAD)
                tile[slot.index / 2 * DJ_PAIR_BYTES + slot.index % 2] = in->doc_impact[j];
            else if (slot.class_ == DJ_CLASS_MID)
                start[slot.index + 1]++;
        }
    }
    for (uint32_t m = 0; m < segment->n_mid; m++)
        start[m + 1] += start[m];
    block->n_postings = start[segment->n_mid];
    block->head = put_section(&c->out, c->head, dj_n_tiles(block->n_docs) * tile_bytes);
    block->dir = put_section(&c->out, start, (segment->n_mid + 1ull) * sizeof *start);
    if (!reserve_postings(c, block->n_postings)) {
        c->out.status = DJ_MATRIX_NO_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < block->n_docs; i++) {
        for (uint64_t j = in->doc_ptr[docs[i]]; j < in->doc_ptr[docs[i] + 1]; j++) {
            const DjSlot slot = c->slot[in->doc_term[j]];
            if (slot.class_ != DJ_CLASS_MID)
                continue;
            uint32_t at = start[slot.index]++;
            c->places[at] = (uint16_t)i;
            c->impacts[at] = in->doc_impact[j];
        }
    }
    /* start[m] is now where list m ends */
    uint8_t *to = c->lists;
    for (uint32_t m = 0, first = 0; m < segment->n_mid; first = start[m++]) {
        const uint32_t n = start[m] - first;
        memcpy(to, c->places + first, n * sizeof *c->places);
        memcpy(to + n * sizeof *c->places, c->impacts + first, n);
        to += (size_t)n * DJ_POSTING_BYTES;
    }
    block->lists = put_section(&c->out, c->lists, (uint64_t)block->n_postings * DJ_POSTING_BYTES);
}

/* The look-up from term number to slot; the slots close ranks in place. */
static void put_terms(Compiler *c, DjSegment *segment)
{
    const uint64_t n_words = dj_n_words(c->in->n_terms);
    uint32_t n = 0;

    memset(c->words, 0, n_words * sizeof *c->words);
    for (uint32_t t = 0; t < c->in->n_terms; t++) {
        DjTermWord *word = &c->words[t / 64];
        if (t % 64 == 0)
            word->before = n;
        if (c->slot[t].class_ == DJ_CLASS_NONE)
            continue;
        word->present |= (uint64_t)1 << (t % 64);
        c->slot[n++] = c->slot[t];
    }
    segment->words = put_section(&c->out, c->words, n_words * sizeof *c->words);
    segment->slots = put_section(&c->out, c->slot, n * sizeof *c->slot);
}

static DjMatrixStatus put_rare(Compiler *c, DjSegment *segment, const uint32_t *docs)
{
    const DjMatrixInput *in = c->in;
    const uint64_t n = segment->n_rare_postings;
    uint32_t *pos = malloc(n * sizeof *pos + 1);
    uint8_t *impacts = malloc(n + 1);
    uint32_t *start = c->cursor;

    if (!pos || !impacts) {
        free(pos);
        free(impacts);
        return DJ_MATRIX_NO_MEMORY;
    }
    memset(start, 0, (segment->n_rare + 1ull) * sizeof *start);
    for (uint32_t t = 0; t < in->n_terms; t++)
        if (c->slot[t].class_ == DJ_CLASS_RARE)
            start[c->slot[t].index + 1] = c->df[t];
    for (uint32_t r = 0; r < segment->n_rare; r++)
        start[r + 1] += start[r];
    segment->rare_ptr = put_section(&c->out, start, (segment->n_rare + 1ull) * sizeof *start);
    for (uint32_t i = 0; i < segment->n_docs && n; i++) {
        for (uint64_t j = in->doc_ptr[docs[i]]; j < in->doc_ptr[docs[i] + 1]; j++) {
            const DjSlot slot = c->slot[in->doc_term[j]];
            if (slot.class_ != DJ_CLASS_RARE)
                continue;
            uint32_t at = start[slot.index]++;
            pos[at] = i;
            impacts[at] = in->doc_impact[j];
        }
    }
    segment->rare_pos = put_section(&c->out, pos, n * sizeof *pos);
    segment->rare_impacts = put_section(&c->out, impacts, n);
    free(pos);
    free(impacts);
    return c->out.status;
}

static DjMatrixStatus put_segment(Compiler *c, uint32_t s)
{
    const uint32_t *docs = c->in->seg_doc + c->in->seg_ptr[s];
    DjSegment *segment = &c->segments[s];
    DjMatrixStatus status;

    segment->n_docs = (uint32_t)(c->in->seg_ptr[s + 1] - c->in->seg_ptr[s]);
    segment->n_blocks = (segment->n_docs + DJ_BLOCK_DOCS - 1) / DJ_BLOCK_DOCS;
    segment->first_block = c->n_blocks;
    count_terms(c, docs, segment->n_docs);
    assign_slots(c, segment);
    if (segment->n_rare_postings > UINT32_MAX)
        return DJ_MATRIX_BAD_INPUT;
    for (uint32_t b = 0; b < segment->n_blocks; b++) {
        DjBlock *block = &c->blocks[c->n_blocks++];
        uint32_t left = segment->n_docs - b * DJ_BLOCK_DOCS;
        block->n_docs = left < DJ_BLOCK_DOCS ? left : DJ_BLOCK_DOCS;
        put_block(c, segment, block, docs + (uint64_t)b * DJ_BLOCK_DOCS);
        if (c->out.status != DJ_MATRIX_OK)
            return c->out.status;
    }
    segment->docs = put_section(&c->out, docs, segment->n_docs * sizeof *docs);
    status = put_rare(c, segment, docs);
    if (status == DJ_MATRIX_OK)
        put_terms(c, segment);
    return status == DJ_MATRIX_OK ? c->out.status : status;
}

/* ---- the whole ---- */

static bool allocate(Compiler *c)
{
    const DjMatrixInput *in = c->in;
    uint64_t n_blocks = 0;
    for (uint32_t s = 0; s < in->n_segments; s++)
        n_blocks += (in->seg_ptr[s + 1] - in->seg_ptr[s] + DJ_BLOCK_DOCS - 1) / DJ_BLOCK_DOCS;
    c->df = malloc((in->n_terms + 1ull) * sizeof *c->df);
    c->maximum = malloc(in->n_terms + 1ull);
    c->slot = malloc((in->n_terms + 1ull) * sizeof *c->slot);
    c->order = malloc((in->n_terms + 1ull) * sizeof *c->order);
    c->words = malloc((dj_n_words(in->n_terms) + 1) * sizeof *c->words);
    c->cursor = malloc((in->n_terms + 2ull) * sizeof *c->cursor);
    c->head = malloc((uint64_t)DJ_BLOCK_DOCS * DJ_HEAD_COLUMNS);
    c->segments = calloc(in->n_segments + 1ull, sizeof *c->segments);
    c->blocks = calloc(n_blocks + 1, sizeof *c->blocks);
    return n_blocks <= UINT32_MAX && c->df && c->maximum && c->slot && c->order && c->words && c->cursor && c->head &&
           c->segments && c->blocks;
}

static DjMatrixStatus compile(Compiler *c)
{
    const DjMatrixInput *in = c->in;
    DjMatrixHeader header = {.version = DJ_MATRIX_VERSION, .endian = DJ_MATRIX_ENDIAN};
    DjMatrixFooter footer = {
        .n_docs = in->n_docs, .n_terms = in->n_terms, .n_segments = in->n_segments, .dim = in->dim};
    DjMatrixStatus status;
    DjChecksum sum;

    memcpy(header.magic, DJ_MATRIX_MAGIC, sizeof header.magic);
    memcpy(footer.magic, DJ_MATRIX_MAGIC, sizeof footer.magic);
    put(&c->out, &header, sizeof header);
    status = put_vectors(c, &footer.vectors, &footer.max_norm2);
    if (status == DJ_MATRIX_OK)
        status = put_sketches(c, &footer.sketches, &footer.sketch_scales);
    for (uint32_t s = 0; s < in->n_segments && status == DJ_MATRIX_OK; s++)
        status = put_segment(c, s);
    if (status != DJ_MATRIX_OK)
        return status;
    footer.payload_sum = dj_checksum_value(&c->out.sum);
    footer.n_blocks = c->n_blocks;
    dj_checksum_init(&c->out.sum);
    footer.segments = put_section(&c->out, c->segments, in->n_segments * sizeof *c->segments);
    put(&c->out, c->blocks, c->n_blocks * sizeof *c->blocks);
    footer.tables_sum = dj_checksum_value(&c->out.sum);
    footer.size = c->out.offset + sizeof footer;
    dj_checksum_init(&sum);
    dj_checksum_add(&sum, &footer, offsetof(DjMatrixFooter, sum));
    footer.sum = dj_checksum_value(&sum);
    put(&c->out, &footer, sizeof footer);
    return c->out.status;
}

DjMatrixStatus dj_matrix_compile(const DjMatrixInput *in, DjMatrixSink sink, void *user)
{
    Compiler c = {.in = in, .out = {.sink = sink, .user = user}};
    DjMatrixStatus status = check_input(in);
    if (status != DJ_MATRIX_OK)
        return status;
    dj_checksum_init(&c.out.sum);
    status = allocate(&c) ? compile(&c) : DJ_MATRIX_NO_MEMORY;
    free(c.df);
    free(c.maximum);
    free(c.slot);
    free(c.order);
    free(c.words);
    free(c.cursor);
    free(c.head);
    free(c.places);
    free(c.impacts);
    free(c.lists);
    free(c.segments);
    free(c.blocks);
    return status;
}
