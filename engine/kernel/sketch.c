/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/kernel/sketch.h"

#include <math.h>
#include <stdlib.h>

/* Fixed point of DjSketchScale. */
enum { STEP_UNIT = 256, REST_UNIT = 8 };

DjSketchScale dj_sketch_encode(const int8_t *vec, uint32_t dim, uint8_t *codes)
{
    enum { QUARTER = DJ_SKETCH_DIMS / 4 };
    uint64_t norm2 = 0, product = 0, square = 0; /* x . x, x . (2 c - 3), (2 c - 3) . (2 c - 3) */
    for (uint32_t i = 0; i < dim; i++)
        norm2 += (uint64_t)(vec[i] * vec[i]);
    for (uint32_t i = 0; i < dim / 4; i++)
        codes[i] = 0;
    for (uint32_t i = 0; i < dim; i++) {
        const uint32_t size = (uint32_t)abs(vec[i]), far = (uint64_t)size * size * dim >= norm2;
        const uint32_t code = vec[i] >= 0 ? 2 + far : 1 - far, in_line = i % DJ_SKETCH_DIMS;
        codes[i / DJ_SKETCH_DIMS * QUARTER + in_line % QUARTER] |= (uint8_t)(code << (in_line / QUARTER * 2));
        product += size * (1 + 2 * far);
        square += 1 + 8 * far;
    }
    const uint64_t step = (STEP_UNIT * product + square / 2) / square;
    const uint64_t rest2 = STEP_UNIT * STEP_UNIT * norm2 - 2 * STEP_UNIT * step * product + step * step * square;
    /* rounded up */
    const uint64_t unit = STEP_UNIT / REST_UNIT;
    uint64_t rest = (uint64_t)(sqrt((double)rest2) / (double)unit);
    while (rest * unit * rest * unit < rest2)
        rest++;
    return (DjSketchScale){(uint16_t)step, (uint16_t)rest};
}

void dj_sketch_bounds(const DjKernelVariant *variant, const DjMatrix *matrix, const uint32_t *docs, uint32_t n,
                      const DjPlan *plan, int32_t *bounds)
{
    const DjMatrixFooter *footer = dj_matrix_footer(matrix);
    const DjSketchScale *scales = dj_matrix_at(matrix, footer->sketch_scales);
    const int32_t most = (int32_t)plan->dot_bound;
    /* Both products stay below four times the largest dot product, so float rounding stays below 2^-18 of it. */
    const int32_t margin = 2 + (most >> 18);
    const float norm = plan->norm / REST_UNIT;

    variant->sketch_sums(dj_matrix_at(matrix, footer->sketches), docs, n, plan->vec, footer->dim, bounds);
    for (uint32_t i = 0; i < n; i++) {
        const DjSketchScale scale = scales[docs[i]];
        const float sum = (float)(2 * bounds[i] - 3 * plan->components);
        /* 2^16 times the largest sum and twice the longest rest times the longest need: within 32 bits */
        const int32_t bound = (int32_t)((float)scale.step * sum / STEP_UNIT + (float)scale.rest * norm) + margin;
        bounds[i] = bound < most ? bound : most;
    }
}
