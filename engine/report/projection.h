/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The projection by audience (按受众投影): the one place that decides what an output may show. Everything in this
 * folder reads records and pairings through it, and so must every page and sheet elsewhere.
 *
 * Scores and points are open to everybody; words are not. Parts that quote a text which the audience may not see are
 * summed up into one part 保密字段, so the points of a pairing never change with the audience. A rule that looked at a
 * withheld field shows neither value nor verdict, because "the fee is within the budget" already speaks of the budget.
 *
 * The audience `owner` sees its own needs and enterprise but for what the organiser noted about them (class O), and of
 * patents what participants see. Whose a record is, this folder cannot tell: a caller names this audience only for
 * records of the one enterprise that reads. Rules of a pairing look at the patent alone, so an owner sees no more of
 * them.
 *
 * Nothing is copied: what these functions return lives as long as the record or the pairing does. Safe from any thread;
 * a DjPairingView belongs to one. */
#pragma once
#include "engine/match/result.h"
#include "engine/model/pairing.h"
#include "engine/model/record.h"

/* Value of a field, NULL where it is absent, the audience may not see it, or record is NULL. */
const char *dj_projection_field(DjAudience audience, const DjRecord *record, int field);

/* The enterprise behind a need, NULL where the audience may not learn which one it is. Names of enterprises are public;
 * that this one has this need is not, unless it consented. need may be NULL (then only the field's class counts). */
const DjRecord *dj_projection_enterprise(DjAudience audience, const DjRecord *need, const DjRecord *enterprise);
/* Whether the audience may learn the enterprise of this need. */
gboolean dj_projection_sees_enterprise(DjAudience audience, const DjRecord *need);

/* Columns that no field takes have no class, so only those who see everything see them. */
gboolean dj_projection_sees_extra(DjAudience audience);

typedef struct {
    DjPartKind kind;
    gint64 points;
    const char *text;    /* may be NULL */
    DjSpan need, patent; /* field -1 = none */
    guint n_others;      /* DJ_PART_OTHER: number of terms summed up */
} DjShownPart;

typedef struct {
    const char *rule, *name;
    gboolean hard;
    gboolean withheld; /* 保密: verdict, value and ask say nothing */
    DjVerdict verdict;
    const char *value, *ask; /* may be NULL */
} DjShownGate;

typedef struct {
    const char *property, *wanted;
    const char *stated; /* NULL when the patent says nothing of it */
    DjVerdict verdict;
    DjSpan need, patent; /* field -1 = none */
} DjShownIndicator;

typedef struct {
    const char *rule, *name;
    guint n;
} DjShownBarred;

/* What rules keep off an answer, in rule order, to be freed (DjShownBarred); rules that look at what the audience may
 * not see are one, 保密, at the end. The strings are the set's. */
GArray *dj_projection_barred(DjAudience audience, const DjResultSet *set);

/* What an audience may see of one pairing; reused for many. */
typedef struct {
    DjAudience audience;
    const DjPairing
        *pairing;  /* keys, chains, rank, score and points may be read from here; parts, gate and indicators may not */
    GArray *parts; /* DjShownPart, order kept, 保密字段 last */
    GArray *gate;  /* DjShownGate in rule order */
    GArray *indicators; /* DjShownIndicator: met, unknown, failed; withheld ones are left out */
    guint n_unknown;    /* 待核 among the shown verdicts of rules and indicators */
} DjPairingView;

void dj_pairing_view_init(DjPairingView *view, DjAudience audience);
/* need: its record, or NULL when the question is nobody's record. A part is withheld when its own class or the class of
 * the field that its span points into is wider than the audience. */
void dj_pairing_view_set(DjPairingView *view, const DjPairing *pairing, const DjRecord *need);
void dj_pairing_view_clear(DjPairingView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjPairingView, dj_pairing_view_clear)
