/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The build sets -ffp-contract=off, and every loop here runs in one fixed order, so IEEE arithmetic leaves no freedom.
 * Do not hand these loops to BLAS: it sums in another order on every CPU type.
 */
#include "engine/semantic/apply.h"

#include "engine/semantic/model-private.h"

#include <math.h>
#include <string.h>

static double get_length(const double v[DJ_SEMANTIC_DIM])
{
    double squares = 0;
    for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
        squares += v[i] * v[i];
    }
    return sqrt(squares);
}

static gboolean normalise(double v[DJ_SEMANTIC_DIM])
{
    const double length = get_length(v);
    if (!(length > 0)) {
        return FALSE;
    }
    for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
        v[i] /= length;
    }
    return TRUE;
}

gboolean dj_semantic_sum_words(const DjSemanticModel *model, const DjSemanticWeight *weights, gsize n_weights,
                               double out[DJ_SEMANTIC_DIM])
{
    gint64 sum[DJ_SEMANTIC_DIM] = {0};
    for (gsize w = 0; w < MIN(n_weights, DJ_SEMANTIC_MAX_WORDS); w++) {
        const guint32 word = weights[w].word;
        if (word >= model->n_words + model->n_chars) {
            continue;
        }
        const gint64 factor = (gint64)MIN(weights[w].weight, DJ_SEMANTIC_MAX_WEIGHT) * model->strength[word];
        const gint8 *vector = dj_semantic_get_vector(model, word);
        for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
            sum[i] += factor * vector[i];
        }
    }
    for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
        out[i] = (double)sum[i];
    }
    return normalise(out);
}

gboolean dj_semantic_embed(const DjSemanticModel *model, const DjSemanticWeight *weights, gsize n_weights,
                           gint8 out[DJ_SEMANTIC_DIM])
{
    double v[DJ_SEMANTIC_DIM];
    memset(out, 0, DJ_SEMANTIC_DIM);
    if (!dj_semantic_sum_words(model, weights, n_weights, v)) {
        return FALSE;
    }
    for (guint32 c = 0; c < model->n_common; c++) {
        const gint32 *common = model->common[c];
        const double unit = 1.0 / (1 << 30);
        double part = 0;
        for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
            part += v[i] * (common[i] * unit);
        }
        for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
            v[i] -= part * (common[i] * unit);
        }
    }
    /* What is left of a text that lies in the common directions alone is rounding, not meaning. */
    if (get_length(v) < 1e-6) {
        return FALSE;
    }
    normalise(v);
    for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
        const double x = v[i] * DJ_SEMANTIC_SCALE;
        out[i] = (gint8)CLAMP((int)(x >= 0 ? x + 0.5 : x - 0.5), -127, 127);
    }
    return TRUE;
}

gint32 dj_semantic_dot(const gint8 a[DJ_SEMANTIC_DIM], const gint8 b[DJ_SEMANTIC_DIM])
{
    gint32 sum = 0;
    for (int i = 0; i < DJ_SEMANTIC_DIM; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

gint64 dj_semantic_get_product(const DjSemanticModel *model, guint32 word, guint32 weight,
                               const gint8 direction[DJ_SEMANTIC_DIM])
{
    const gint64 factor = (gint64)MIN(weight, DJ_SEMANTIC_MAX_WEIGHT) * model->strength[word] >> 16;
    return factor * dj_semantic_dot(dj_semantic_get_vector(model, word), direction);
}

gint32 dj_semantic_get_similarity(const DjSemanticModel *model, guint32 a, guint32 b)
{
    const gint8 *x = dj_semantic_get_vector(model, a), *y = dj_semantic_get_vector(model, b);
    const double lengths = sqrt((double)dj_semantic_dot(x, x)) * sqrt((double)dj_semantic_dot(y, y));
    return lengths > 0 ? (gint32)(1000 * (dj_semantic_dot(x, y) / lengths)) : 0;
}
