/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sketches of vectors, private to this folder: two bits per component, one line of cache per 256 dimensions, from which
 * an upper bound of every dot product follows. A single need over many documents reads these instead of the vectors;
 * only documents whose bound reaches the list are looked up in full.
 *
 * A code c = 0..3 stands for step * (2 c - 3). With the sketch s of x and r = x - s,
 *
 *     x . y = s . y + r . y <= step * (2 sum(c y) - 3 sum(y)) + |r| |y|        (Cauchy and Schwarz on the rest)
 *
 * Codes are chosen for a Gaussian (x beyond one standard deviation or not), the step by least squares; whatever they
 * are, |r| is computed for them, so the bound holds.
 */
#ifndef DJ_KERNEL_SKETCH_H
#define DJ_KERNEL_SKETCH_H

#include "engine/kernel/plan.h"

/* Writes dim / 4 bytes of codes; dim a multiple of DJ_SKETCH_DIMS. */
DjSketchScale dj_sketch_encode(const int8_t *vec, uint32_t dim, uint8_t *codes);

/*
 * bounds[i] = at least the dot product of document docs[i] and the plan's need, and no more than plan->dot_bound.
 * bounds has room for n rounded up to a multiple of 16. The matrix has sketches and the plan a vector.
 */
void dj_sketch_bounds(const DjKernelVariant *variant, const DjMatrix *matrix, const uint32_t *docs, uint32_t n,
                      const DjPlan *plan, int32_t *bounds);

#endif
