/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pairings of all needs, to be looked through: those that the last job 生成配对清单 found, read once from its
 * pairings.jsonl (engine/report/list_jsonl.h), cut by what the query of a request asks for. Only keys, chain and score
 * come from there; everything else is read from the records, for the audience that looks. */
#pragma once
#include "app/web/filter.h"
#include "app/web/job.h"
#include "app/web/request.h"
#include "engine/store/decision.h"

typedef struct {
    const char *need, *patent, *chain; /* keys and id, owned by the table */
    int rank, score;
    gint64 points;
} DjListed;

typedef struct {
    gint refs;
    guint job;      /* that found them */
    char *found_on; /* "YYYY-MM-DDTHH:MM:SS" */
    GArray *rows;   /* DjListed: score and points descending, then need and patent */
    GStringChunk *texts;
} DjPairingTable;

/* The last job that made lists, NULL when none did. */
DjJob *dj_pairing_last_job(DjJobs *jobs);
/* The table in force, kept between requests; thread-safe. */
typedef struct DjPairingCache DjPairingCache;
DjPairingCache *dj_pairing_cache_new(void);
void dj_pairing_cache_free(DjPairingCache *cache);

#define DJ_LISTED_NO_DECISION (-1)

typedef struct {
    const DjPairingTable *table;
    DjFilter filter;
    int least, decision; /* score; DjDecisionKind, DJ_LISTED_NO_DECISION, or DJ_N_DECISIONS for any */
    GArray *chosen;      /* guint: rows that pass, in order */
    GHashTable *decided; /* "need\npatent" -> GINT_TO_POINTER(kind + 1), the last word of people */
    guint32 *docs;       /* per row: document of the patent, DJ_STRINGS_NONE when it is not in the index */
    guint8 *missed; /* per row: the only facet that keeps it out, DJ_N_FACETS for none, more for others or several */
} DjPairingChoice;

/* Reads facets (facets.h), score and decision from the query and applies them. The chain is that of the pairing, as
 * rows show it, the other facets are those of the patent. *choice->table is NULL when no list was made yet. Needs a
 * desk. Clear it in any case. */
gboolean dj_pairing_choose(DjRequest *request, DjPairingChoice *choice, GError **error);
void dj_pairing_choice_clear(DjPairingChoice *choice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjPairingChoice, dj_pairing_choice_clear)
/* What people decided last about a row; DJ_LISTED_NO_DECISION when nothing stands. */
int dj_pairing_decision(const DjPairingChoice *choice, const DjListed *row);
/* DjFacetCount of each value: how many rows the list has with that value in place of what is chosen of the facet, all
 * else being left. */
GArray *dj_pairing_count(const DjRequest *request, const DjPairingChoice *choice, DjFacet facet, guint most);
