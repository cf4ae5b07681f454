/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inverted index -> compiled term matrix and corpus pack. Internal to indexer. */
#pragma once
#include "indexer/build.h"

/* What build.c collected while it wrote the index, by document number. */
typedef struct {
    const DjBuildOptions *options;
    guint32 n_docs;
    GString *keys;                        /* keys of all documents, one after the other */
    GArray *key_offset;                   /* guint64, n_docs + 1 */
    GArray *member_ptr;                   /* guint64, n_docs + 1 */
    GArray *member_chain, *member_weight; /* guint16, guint8 */
    GArray *vectors;                      /* DJ_SEMANTIC_DIM bytes per document; empty when the model has no words */
    guint32 *group;                       /* n_docs, see engine/match/group.h */
} DjSupplySide;

/* Writes the files `matrix` and `corpus` into the generation's folder, whose index is finished. *content_hash: sha256
 * over both, free it. Fills n_terms and n_postings of result. */
gboolean dj_compile_generation(const DjSupplySide *side, const char *folder, gint64 point, DjBuildResult *result,
                               char **content_hash, GError **error);

/* Tells the progress callback; FALSE with G_IO_ERROR_CANCELLED when it says stop. */
gboolean dj_build_tell(const DjBuildOptions *options, const char *phase, guint64 done, guint64 total, GError **error);
