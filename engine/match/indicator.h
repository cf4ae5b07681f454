/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Indicators (技术指标): what a need asks for in numbers, against what a patent states. Same property, same dimension:
 * meets, fails or unknown. Each one that is met adds points; what fails or stays open is shown and takes none. */
#pragma once
#include "engine/match/scoring.h"
#include "engine/model/pairing.h"
#include "engine/model/record.h"
#include "engine/text/quantity.h"

typedef struct {
    DjQuantity quantity;
    const char *text; /* what its spans refer to */
    int field;        /* of the record, -1 = free question */
    DjPrivacy privacy;
} DjStated;

/* Appends the quantities (DjStated) with a property that a need asks for: all of its field indicators, and those with a
 * comparator elsewhere (a plain number in running text tells of today's process as often as of the wish). Texts are
 * borrowed from the record. */
void dj_indicators_wanted(DjQuantityParser *parser, const DjRecord *need, GArray *out);
/* The same for a free question; text is borrowed. */
void dj_indicators_asked(DjQuantityParser *parser, const char *text, GArray *out);
/* Appends what a patent states. keep NULL: texts are borrowed from the record; else only the property is kept, copied
 * into the chunk, for comparison without quoting. */
void dj_indicators_stated(DjQuantityParser *parser, const DjRecord *patent, GStringChunk *keep, GArray *out);

/* Verdict on one wanted quantity, unknown where the patent states one of the same family of properties; *by receives
 * the index of the stated one that decided it, or of the nearest one with the same property (or of its family),
 * G_MAXUINT when there is none. */
DjVerdict dj_indicator_judge(const DjStated *wanted, const GArray *stated, guint *by);

/* A third of scoring->indicator_points for each indicator that is met, all of them at most. */
gint64 dj_indicators_points(const DjScoring *scoring, const GArray *wanted, const GArray *stated);

/* Fills pairing->indicators: met first, then unknown, then failed, each in the need's order. */
void dj_indicators_compare(const GArray *wanted, const GArray *stated, DjPairing *pairing);
/* Parts for the indicators of a pairing that are met; points are shared between them. One part per class of the need's
 * text, so that a withheld field takes its points along. */
void dj_indicators_add_parts(DjPairing *pairing, gint64 points);
