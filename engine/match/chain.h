/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Industry chains (产业链) of one taxonomy, and which of them a record belongs to. The taxonomy is data
 * (config/chains), filled by the loader through the functions below and then sealed; after that it is read-only and may
 * be shared. */
#pragma once
#include "engine/match/phrases.h"
#include "engine/model/ident.h"
#include "engine/model/record.h"

typedef struct DjTaxonomy DjTaxonomy;

typedef struct {
    const char *id, *name, *tier;
} DjChain;

/* id, version, date: as in the file; copied. */
DjTaxonomy *dj_taxonomy_new(const char *id, const char *version, const char *date);
void dj_taxonomy_free(DjTaxonomy *taxonomy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjTaxonomy, dj_taxonomy_free)

/* Returns the number of the new chain. */
guint dj_taxonomy_add_chain(DjTaxonomy *taxonomy, const char *id, const char *name, const char *tier);
/* A name that people write for it. */
void dj_taxonomy_add_alias(DjTaxonomy *taxonomy, guint chain, const char *alias);
/* Added to the confidence in the chain before it is kept or not (see chain.c); 0 unless set. */
void dj_taxonomy_set_lean(DjTaxonomy *taxonomy, guint chain, int lean);
/* weight 0..100: how strongly the code speaks for the chain. */
void dj_taxonomy_add_ipc(DjTaxonomy *taxonomy, guint chain, const DjIpc *ipc, int weight);
/* weight -100..100. The longest keyword at a place hides those inside it (phrases.h). */
void dj_taxonomy_add_keyword(DjTaxonomy *taxonomy, guint chain, const char *term, int weight);
/* A word for things that belong to no chain (雨伞, 衣柜); weight 1..100. */
void dj_taxonomy_add_outside(DjTaxonomy *taxonomy, const char *term, int weight);
/* Builds the search tables; nothing may be added afterwards. */
gboolean dj_taxonomy_seal(DjTaxonomy *taxonomy, GError **error);

const char *dj_taxonomy_id(const DjTaxonomy *taxonomy);
const char *dj_taxonomy_version(const DjTaxonomy *taxonomy);
guint dj_taxonomy_n_chains(const DjTaxonomy *taxonomy);
DjChain dj_taxonomy_chain(const DjTaxonomy *taxonomy, guint chain);
/* By id, name or alias (folded); FALSE when there is none. */
gboolean dj_taxonomy_find(const DjTaxonomy *taxonomy, const char *text, guint *chain);

#define DJ_MAX_MEMBERSHIPS 3
typedef struct {
    guint16 chain;
    guint8 weight; /* 1..100; 100 = declared or the strongest */
} DjMembership;

/* Memberships of a record of any table, strongest first, ties by chain number; 0 = in no chain (未归链). The normaliser
 * (folding) is scratch. */
guint dj_taxonomy_classify(const DjTaxonomy *taxonomy, DjNormaliser *normaliser, const DjRecord *record,
                           DjMembership out[DJ_MAX_MEMBERSHIPS]);
/* The same for a free text. */
guint dj_taxonomy_classify_text(const DjTaxonomy *taxonomy, DjNormaliser *normaliser, const char *title,
                                const char *body, DjMembership out[DJ_MAX_MEMBERSHIPS]);
