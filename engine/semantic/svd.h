/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Left singular vectors of a PPMI matrix by randomised subspace iteration. Internal to engine/semantic. */
#ifndef DJ_SEMANTIC_SVD_H
#define DJ_SEMANTIC_SVD_H

#include "engine/semantic/cooccurrence.h"

typedef struct {
    guint32 dim; /* directions wanted */
    guint32 power_iterations;
    guint32 n_threads;
    guint64 seed;
    gboolean (*progress)(gpointer data, double done); /* FALSE cancels */
    gpointer progress_data;
} DjSvdOptions;

/*
 * Returns U [n][*n_found], row-major, free with g_free. *n_found is below dim when the matrix has a lower rank, 0 for
 * an empty one. The basis is rotated at random, see apply.h. Fails with G_IO_ERROR_CANCELLED, _NO_SPACE, _FAILED.
 */
float *dj_svd_find_left(const DjPpmi *ppmi, const DjSvdOptions *options, guint32 *n_found, GError **error);

/*
 * Eigenvectors of the symmetric matrix a [n][n], destroyed: the first *n_wanted by falling eigenvalue become the rows
 * of out. *n_wanted is lowered to the number of eigenvalues that are not zero next to the largest.
 */
gboolean dj_svd_find_eigenvectors(double *a, guint32 n, guint32 *n_wanted, double *out, GError **error);

#endif
