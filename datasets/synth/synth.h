/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of any number for measuring speed and memory: meaningless Chinese-like text with the statistics of real text.
 * The same options give the same bytes on every machine (integers only, no clock). Nothing in it is anybody's:
 * patent numbers have serials that were never assigned, credit codes a region that does not exist. */
#pragma once
#include <glib.h>

/* How long the texts are, counted in distinct terms: bigrams plus characters as engine/text/analyzer.h splits them. */
typedef struct {
    const char *name;
    guint patent_terms; /* mean per patent, title and abstract together */
    guint need_terms;   /* mean per need, title and description together */
} DjSynthShape;

/* "hubei": 236 terms as measured on real patents, needs 105. "study": 190 and 105, the shape of the kernel study.
 * NULL when there is no shape of that name. */
const DjSynthShape *dj_synth_shape(const char *name);

typedef struct {
    guint32 n_patents, n_needs, n_enterprises; /* needs want at least one enterprise */
    guint64 seed;
    const DjSynthShape *shape;
} DjSynthOptions;

/* The patents: at most this many, because the serials of one year are. */
#define DJ_SYNTH_MAX_PATENTS 10000000u

/* Writes patents.csv, needs.csv and enterprises.csv (UTF-8, Chinese titles of engine/model/fields.def) into folder,
 * which must exist. Files are replaced. */
gboolean dj_synth_write(const char *folder, const DjSynthOptions *options, GError **error);
