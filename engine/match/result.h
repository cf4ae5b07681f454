/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result set (结果集): the pairings of one run with the records that they speak of and where everything came from.
 * Filled by match.h, read by engine/report. Owns all of it. */
#pragma once
#include "engine/match/quality.h"
#include "engine/model/record.h"

typedef struct {
    char *id, *name, *tier;                  /* "" id: 未归链, records in no chain */
    guint n_needs, n_patents, n_enterprises; /* members that took part in the run */
    guint n_covered;                         /* enterprises with at least one pairing in any chain */
} DjResultChain;

typedef struct {
    char *version;          /* of duijie */
    char *workspace;        /* base name only */
    char *now;              /* YYYY-MM-DD, date of the run */
    gint64 generation;      /* 0: the run is of the facts of `point`, whatever generation held them */
    gint64 point;           /* number of the last batch of facts, where generation is 0 */
    char *model, *settings; /* hashes */
    char *taxonomy;         /* "hubei-51020 2021.2" */
    char *rules;            /* "open-licence 2024.1" */
    char *criteria;         /* "patent-quality 2026.1", NULL where quality was not judged */
    char *kernel;           /* variant; for the log only, never written to outputs */
} DjProvenance;

typedef struct {
    char *rule, *name;
    DjPrivacy privacy; /* widest class of what the rule looked at */
    guint n;           /* supply records that it was the first to keep off */
} DjBarred;

typedef struct {
    DjProvenance provenance;
    GPtrArray *chains;         /* DjResultChain in taxonomy order, 未归链 last; only chains of the run */
    GPtrArray *pairings;       /* DjPairing: by direction, chain order, then total descending, need, patent */
    GHashTable *needs;         /* key -> DjRecord */
    GHashTable *patents;       /* key -> DjRecord (patents and achievements) */
    GHashTable *quality;       /* patent key -> DjQuality; empty where no criteria are in force */
    GHashTable *enterprises;   /* key -> DjRecord */
    GHashTable *enterprise_of; /* need key -> enterprise key, where it is known */
    GHashTable *unmet;         /* key -> DjRecord: needs of the run without an adequate patent (暂无合适专利) */
    GHashTable *nearest;       /* key of such a need that stands on no list -> its best DjPairing all the same, low and
                                  not explained; absent where no patent has any points */
    GHashTable *nearest_patents; /* key -> DjRecord: patents of those */
    int adequate;                /* permille that tells; 0 = nothing can tell */
    int min_score;               /* lists begin at this score … */
    int min_permille;            /* … or at this probability, 0 = at the score alone */
    /* of a question alone */
    guint n_found;      /* that reach what a list begins with, every member of a group counted; 0: only the nearest, if
                           any, are shown */
    GPtrArray *barred;  /* DjBarred in rule order: what a rule keeps off, though it would have been shown */
    int quality_points; /* most that quality adds to the points, 0 = nothing */
    guint top;
} DjResultSet;

DjResultSet *dj_result_set_new(void);
void dj_result_set_free(DjResultSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjResultSet, dj_result_set_free)
/* Whether the answer to a question holds no adequate patent, so that it shows only the nearest, if any: nothing reaches
 * what lists begin with, or nothing the adequate probability. */
gboolean dj_result_set_is_unmet(const DjResultSet *set);
/* Name of a chain of the set by id; "未归链" for "". */
const char *dj_result_chain_name(const DjResultSet *set, const char *id);
