/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents on their way into the inverted index. While one batch is being written by a thread, the next is prepared:
 * analysis and Xapian each keep one processor busy. The order, and so the index, is that of adding. Internal to
 * indexer.
 *
 * The writer belongs to the feed from dj_feed_new to dj_feed_finish or dj_feed_free. */
#pragma once
#include "engine/search/search.h"

typedef struct DjFeed DjFeed;

/* batch: documents handed over at once; bounds memory. */
DjFeed *dj_feed_new(DjIndexWriter *writer, guint batch);
/* Waits for what is being written; what was not handed over is dropped. */
void dj_feed_free(DjFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjFeed, dj_feed_free)

/* Copies the terms. An error may come from an earlier document. */
gboolean dj_feed_add(DjFeed *feed, guint32 number, const DjIndexTerm *terms, gsize n_terms, const guint32 length[2],
                     GError **error);
/* Hands over the rest and waits until everything is written. */
gboolean dj_feed_finish(DjFeed *feed, GError **error);
