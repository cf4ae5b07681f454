/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two sides of one run in the corpus's numbers: which documents are admitted, which needs take part, and what each
 * need must not meet. Internal to engine/match. */
#pragma once
#include "engine/match/explain.h"
#include "engine/match/indicator.h"
#include "engine/match/match.h"
#include "engine/match/party.h"

/* What ranking needs to know of a document besides the matrix. */
typedef struct {
    DjIpc *ipc;
    guint n_ipc;
    gint16 barred_by; /* number of the rule that keeps it off every list, -1 = by none */
    gint8 quality;    /* score over all facts, -1 unknown; judged only where it counts */
    DjPrivacy quality_privacy;
    GArray *stated; /* DjStated with their properties only; NULL = none, or no need of the run asks for numbers */
} DjSupplyFacts;

typedef struct {
    char *key;
    char *enterprise; /* key of its enterprise, NULL when it is unknown */
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n_member;
    DjIpc *ipc;
    guint n_ipc;
    GArray *own;    /* guint32: documents of the need's own enterprise, ascending; NULL = none */
    GArray *pinned; /* guint32: documents that its list holds in any case, ascending; NULL = none */
    GArray *wanted; /* DjStated with their properties only; NULL = none */
} DjDemand;

typedef struct {
    const DjCorpus *corpus;
    const DjMatchOptions *options;
    guint64 *admit;          /* bit per document */
    guint32 *group, *circle; /* per document, as group.h describes them; NULL when like records are not grouped */
    guint32 *need_group, *need_circle; /* the same per need; NULL also when the run needs no groups of needs */
    DjSupplyFacts *supply;             /* per document */
    GHashTable *owners;       /* folded name of an owner, of a department's university -> GArray of documents */
    GArray *needs;            /* DjDemand, ascending by key */
    DjNeedSet set;            /* the same needs for the kernel */
    GStringChunk *properties; /* texts of stated and wanted */
    DjQuantityParser *parser; /* NULL: no indicators */
    guint n_wanted;
    gint64 adequate;    /* points of the probability that is adequate, G_MAXINT64 = nothing can tell */
    gboolean stated;    /* supply holds what patents state */
    gboolean borrowed;  /* admit, groups, supply and owners belong to other sides, read-only */
    DjParties *parties; /* the enterprises */
} DjSides;

/* only_need: key of the one need that takes part; NULL = all open ones, "" = none. */
gboolean dj_sides_load(DjSides *sides, const DjCorpus *corpus, const DjRecordSource *records,
                       const DjMatchOptions *options, const char *only_need, GError **error);

/* The two halves of it, for many questions over one supply: load the supply once, then borrow it for each question.
 * Borrowed sides may be used by another thread than the lender's, while the lender lives and does not change. */
gboolean dj_sides_load_supply(DjSides *sides, const DjCorpus *corpus, const DjRecordSource *records,
                              const DjMatchOptions *options, GError **error);
gboolean dj_sides_borrow(DjSides *sides, const DjSides *supply, GError **error);
gboolean dj_sides_load_needs(DjSides *sides, const DjRecordSource *records, const char *only_need, GError **error);

static inline gboolean dj_sides_admits(const DjSides *sides, guint32 doc)
{
    return (sides->admit[doc / 64] >> (doc % 64)) & 1;
}

/* Is doc in an ascending array of documents? docs may be NULL. */
gboolean dj_docs_contain(const GArray *docs, guint32 doc);
/* Whether the need meets the document at all: a shared chain, or one of them in none. */
gboolean dj_sides_meet(const DjSides *sides, guint32 need, guint32 doc);
/* Whether the pair may stand on a list whatever its points: admitted, met, and not of the need's own side. */
gboolean dj_sides_allow(const DjSides *sides, guint32 need, guint32 doc);

/* Points that the need would get with its own text: the 100 of its score. At least 1. */
gint64 dj_demand_self_points(const DjDemand *demand, const DjScoring *scoring, gint64 self_total);
/* Score 0 to 100, half up. */
int dj_demand_score(gint64 points, gint64 self_points);
/* Writes what lists of these sides begin with. */
void dj_sides_note_limit(const DjSides *sides, DjResultSet *set);
/* Fewest points that begin a list: those of the smallest score, or those of an adequate probability where they are
 * fewer, because a long need gives even a fitting patent a small share of its own points. G_MININT64: any will do. */
gint64 dj_sides_least_points(const DjSides *sides, gint64 self_points);
void dj_sides_clear(DjSides *sides);

/* The words for a state (状态) of a need that is open, and of one that is closed; end with NULL. Any other word leaves
 * the need open. */
const char *const *dj_need_statuses(gboolean open);
/* Whether a need is waiting for patents: not closed, not routed elsewhere. */
gboolean dj_need_is_open(const DjRecord *need, int now);
/* Gate of a supply record: all rules of the set, in order, appended to gate; the verdict over the hard ones. */
DjVerdict dj_gate_supply(const DjRuleSet *rules, const DjRecord *patent, int now, GPtrArray *gate);
/* Number of the first hard rule that keeps the record off lists (not met always, unknown when published unless the rule
 * says otherwise), -1 when none does. */
int dj_gate_bars(const DjRuleSet *rules, const DjRecord *patent, int now, gboolean published);

/* Adds what outside the kernel counts for a pair to features, indicators included; *home as in dj_features_compute. */
void dj_sides_features(const DjSides *sides, guint32 need, guint32 doc, gboolean texts, DjFeatures *features,
                       int *home);
/* Keeps the properties of quantities that are borrowed from a record. */
void dj_sides_keep_wanted(DjSides *sides, DjDemand *demand, const GArray *borrowed);
/* Reads what patents state, once, when a need of the run wants something (always: in any case). dj_sides_load does it
 * for its needs. */
gboolean dj_sides_load_stated(DjSides *sides, const DjRecordSource *records, gboolean always, GError **error);
