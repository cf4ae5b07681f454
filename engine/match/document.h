/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A supply record (patent or achievement) as counted terms: what is indexed, and what the model learns from.
 * A DjDocument is scratch that is filled again and again; it belongs to one thread. */
#pragma once
#include "engine/match/scoring.h"
#include "engine/model/record.h"
#include "engine/text/analyzer.h"

typedef struct {
    const char *key; /* field letter, unit letter, term; owned by the document until the next fill */
    guint32 length;  /* of key */
    guint32 count;   /* occurrences in the field */
    DjDocField field;
    DjLexUnit unit;
} DjDocTerm;

typedef struct DjDocument DjDocument;

DjDocument *dj_document_new(GError **error);
void dj_document_free(DjDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjDocument, dj_document_free)

/* The text of an indexed field in a record, NULL where it is empty. Fields that consist of several record fields give
 * the first (DJ_DOC_ADVANTAGE: advantage, then indicators; ask with part 0, 1 … until NULL is past the last). */
int dj_document_record_field(DjDocField field, int part); /* index in the patent table, -1 = no such part */

/* Splits and counts. Terms come ascending by key (memcmp). */
void dj_document_fill(DjDocument *document, const DjRecord *record, const DjScoring *scoring);
const DjDocTerm *dj_document_terms(const DjDocument *document, gsize *n);
/* Sum over fields of weight * number of terms of the unit, in hundredths. */
guint32 dj_document_length(const DjDocument *document, DjLexUnit unit);
/* All words of the record in reading order, for word vectors. Owned like the terms. */
const DjTerm *dj_document_words(const DjDocument *document, gsize *n);

#define DJ_UNIT_LETTERS "bc" /* by DjLexUnit */
