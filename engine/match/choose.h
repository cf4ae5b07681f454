/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the answer to a question shows, out of the totals of all documents with the one need of the sides. Internal to
 * engine/match. */
#pragma once
#include "engine/match/rank.h"

/* All documents, admitted or not, as DjRanked in any order, to be freed. */
GArray *dj_choose_score(const DjSides *sides, GError **error);
/* Best first; ties by document. Of DjRanked. */
gint dj_choose_compare(gconstpointer a, gconstpointer b);
/* Whether the gate and the question's own choices leave the document. */
gboolean dj_choose_may_show(const DjSides *sides, const DjQuestion *question, guint32 doc);
/* How many of `all` the question may show and a list would hold. */
guint dj_choose_n_found(const DjSides *sides, const DjQuestion *question, const GArray *all);
/* The pairs that the answer shows, best first, to be freed; writes what was found and barred to set and question. */
GArray *dj_choose(const DjSides *sides, const DjQuestion *question, DjResultSet *set, GError **error);
