/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence of one pairing: which words of both texts gave how many points, recomputed from the records with the same
 * integers that the term matrix holds, so that the parts add up to the pairing's points exactly.
 *
 * A DjExplainer belongs to one thread. Set the need once, then explain it against many patents. */
#pragma once
#include "engine/match/features.h"
#include "engine/match/need.h"
#include "engine/model/pairing.h"

typedef struct DjExplainer DjExplainer;
/* tools are borrowed for its life. */
DjExplainer *dj_explainer_new(const DjQueryTools *tools, GError **error);
void dj_explainer_free(DjExplainer *explainer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjExplainer, dj_explainer_free)

/* From now on records given to dj_explainer_explain stay as they are, at their address, for its life: what was read of
 * a patent is kept, within a bound of memory, and not read again for the next need. */
void dj_explainer_keep_patents(DjExplainer *explainer);

/* What texts point to, and query, are borrowed until the next call. */
void dj_explainer_set_need(DjExplainer *explainer, const DjNeedText *texts, gsize n_texts, const DjMembership *member,
                           guint n_member, const DjQuery *query);
/* Appends parts to pairing->parts and sets points and total (dj_order_of). Every DjPart is filled as pairing.h
 * says. The base total is recomputed; the caller compares it with the kernel's. */
void dj_explainer_explain(DjExplainer *explainer, const DjRecord *patent, const DjFeatures *features,
                          DjPairing *pairing);
