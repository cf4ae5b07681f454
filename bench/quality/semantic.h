/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vector channel: trains a model on the evaluation data's texts and embeds needs and items with it. */
#ifndef DJ_BENCH_QUALITY_SEMANTIC_H
#define DJ_BENCH_QUALITY_SEMANTIC_H

#include "bench/quality/data.h"
#include "engine/semantic/train.h"
#include "engine/text/analyzer.h"

/* All need texts, the items' titles and the technology market's texts. The model went through its byte form once. */
DjSemanticModel *semantic_train(const Data *data, DjAnalyzer *analyzer, guint32 composition,
                                DjSemanticStatistics *statistics, GError **error);

/* int8 [n_items][DJ_SEMANTIC_DIM], weights 1 + ln tf; free with g_free. */
gint8 *semantic_embed_items(const Data *data, DjAnalyzer *analyzer, const DjSemanticModel *model);

/* Weights s(tf_title, 1) + content_weight s(tf_content, 3) n(w). */
void semantic_embed_need(const Record *need, DjAnalyzer *analyzer, const DjSemanticModel *model, double content_weight,
                         gint8 out[]);

#endif
