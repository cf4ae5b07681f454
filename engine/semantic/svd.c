/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nearly all time goes into sparse times dense, which is bound by memory, not arithmetic. So the dense side is cut into
 * tiles of TILE float columns, row-major: one non-zero then reads one or two cache lines, and a tile of the whole
 * vocabulary stays near the cache. Everything that decides about orthogonality is double.
 */
#include "engine/semantic/svd.h"

#include <cblas.h>
#include <gio/gio.h>
#include <lapacke.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#define TILE        32
#define OVERSAMPLE  32
#define MAX_THREADS 64
/* Eigenvalues are squared singular values, and the tiles carry 24 bits. */
#define EIGENVALUE_ZERO 1e-10

typedef struct {
    const DjPpmi *ppmi;
    const float *row_log; /* subtracted per row and per column: PPMI, or its transpose with the two exchanged */
    const float *column_log;
    const float *in; /* [n][TILE] */
    float *out;
    guint32 first, stop;
} Slice;

static void *multiply_slice(void *data)
{
    const Slice *slice = data;
    const DjPpmi *ppmi = slice->ppmi;
    for (guint32 x = slice->first; x < slice->stop; x++) {
        float sum[TILE] = {0};
        for (guint64 i = ppmi->rows[x]; i < ppmi->rows[x + 1]; i++) {
            const guint32 y = ppmi->columns[i];
            const float value = ppmi->values[i] - slice->row_log[x] - slice->column_log[y];
            if (value > 0) {
                const float *in = slice->in + (gsize)y * TILE;
                for (int j = 0; j < TILE; j++) {
                    sum[j] += value * in[j];
                }
            }
        }
        memcpy(slice->out + (gsize)x * TILE, sum, sizeof sum);
    }
    return NULL;
}

typedef struct {
    const DjPpmi *ppmi;
    guint32 n_threads;
    guint32 columns; /* of the dense matrices, a multiple of TILE */
    float *in_tile;
    float *out_tile;
} Product;

static void multiply_tile(const Product *product, gboolean transposed)
{
    const DjPpmi *ppmi = product->ppmi;
    Slice slices[MAX_THREADS];
    pthread_t threads[MAX_THREADS];
    gboolean started[MAX_THREADS] = {FALSE};
    const guint32 n_threads = CLAMP(product->n_threads, 1, MAX_THREADS);
    guint32 at = 0;
    for (guint32 t = 0; t < n_threads; t++) {
        const guint64 target = ppmi->rows[ppmi->n] / n_threads * (t + 1);
        const guint32 first = at;
        while (at < ppmi->n && (t + 1 == n_threads || ppmi->rows[at] < target)) {
            at++;
        }
        slices[t] = (Slice){ppmi,
                            transposed ? ppmi->context_log : ppmi->row_log,
                            transposed ? ppmi->row_log : ppmi->context_log,
                            product->in_tile,
                            product->out_tile,
                            first,
                            at};
        if (t + 1 < n_threads) {
            started[t] = pthread_create(&threads[t], NULL, multiply_slice, &slices[t]) == 0;
        }
    }
    for (guint32 t = n_threads; t-- > 0;) {
        if (started[t]) {
            pthread_join(threads[t], NULL);
        } else {
            multiply_slice(&slices[t]);
        }
    }
}

/* out = A in, or A' in; both [n][columns], column-major. */
static void multiply(const Product *product, gboolean transposed, const double *in, double *out)
{
    const gsize n = product->ppmi->n;
    for (guint32 tile = 0; tile < product->columns; tile += TILE) {
        for (gsize j = 0; j < TILE; j++) {
            const double *column = in + (tile + j) * n;
            for (gsize i = 0; i < n; i++) {
                product->in_tile[i * TILE + j] = (float)column[i];
            }
        }
        multiply_tile(product, transposed);
        for (gsize j = 0; j < TILE; j++) {
            double *column = out + (tile + j) * n;
            for (gsize i = 0; i < n; i++) {
                column[i] = product->out_tile[i * TILE + j];
            }
        }
    }
}

static gboolean fail_lapack(GError **error, const char *what, lapack_int info)
{
    g_set_error(error, G_IO_ERROR, info < -1000 ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED, "train: LAPACK %s: %d", what,
                (int)info);
    return FALSE;
}

static gboolean orthonormalise_by_reflections(double *a, gsize rows, gsize columns, GError **error)
{
    g_autofree double *tau = g_new(double, columns);
    lapack_int info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (lapack_int)rows, (lapack_int)columns, a, (lapack_int)rows, tau);
    if (info == 0) {
        info = LAPACKE_dorgqr(LAPACK_COL_MAJOR, (lapack_int)rows, (lapack_int)columns, (lapack_int)columns, a,
                              (lapack_int)rows, tau);
    }
    return info == 0 || fail_lapack(error, "QR decomposition", info);
}

/*
 * Replaces a [rows][columns], column-major, rows >= columns, by an orthonormal basis of its columns. By the Cholesky
 * factor of a'a, which is all matrix products and several times faster than reflections; it loses the square of the
 * condition number, so it is used only while the factor's diagonal shows that to be harmless.
 */
static gboolean orthonormalise(double *a, gsize rows, gsize columns, GError **error)
{
    const int m = (int)rows, n = (int)columns;
    g_autofree double *factor = g_new0(double, columns *columns);
    cblas_dsyrk(CblasColMajor, CblasUpper, CblasTrans, n, m, 1, a, m, 0, factor, n);
    double smallest = 0, largest = 0;
    if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', n, factor, n) == 0) {
        smallest = largest = factor[0];
        for (gsize i = 1; i < columns; i++) {
            smallest = MIN(smallest, factor[i * columns + i]);
            largest = MAX(largest, factor[i * columns + i]);
        }
    }
    if (!(smallest > largest * 1e-5)) {
        return orthonormalise_by_reflections(a, rows, columns, error);
    }
    cblas_dtrsm(CblasColMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, m, n, 1, factor, n, a, m);
    return TRUE;
}

gboolean dj_svd_find_eigenvectors(double *a, guint32 n, guint32 *n_wanted, double *out, GError **error)
{
    g_autofree double *values = g_new(double, n);
    const lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', (lapack_int)n, a, (lapack_int)n, values);
    if (info != 0) {
        return fail_lapack(error, "eigenvectors", info);
    }
    guint32 n_kept = 0;
    while (n_kept < MIN(*n_wanted, n) && values[n - 1 - n_kept] > EIGENVALUE_ZERO * values[n - 1]) {
        n_kept++;
    }
    *n_wanted = n_kept;
    for (guint32 i = 0; i < n_kept; i++) {
        memcpy(out + (gsize)i * n, a + (gsize)(n - 1 - i) * n, n * sizeof *out);
    }
    return TRUE;
}

/* splitmix64 (Steele, Lea, Flood 2014). Random signs are enough for the sketch, and need no logarithm. */
static guint64 next_random(guint64 *state)
{
    guint64 z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A random orthogonal matrix [n][n]: the Q of a matrix of uniform numbers. */
static double *make_rotation(guint32 n, guint64 *state, GError **error)
{
    double *rotation = g_new(double, (gsize)n *n);
    for (gsize i = 0; i < (gsize)n * n; i++) {
        rotation[i] = (double)(next_random(state) >> 11) / (double)(1ull << 53) - 0.5;
    }
    if (!orthonormalise(rotation, n, n, error)) {
        g_free(rotation);
        return NULL;
    }
    return rotation;
}

typedef struct {
    const DjSvdOptions *options;
    guint32 step;
    guint32 n_steps;
} Steps;

static gboolean advance(Steps *steps, GError **error)
{
    steps->step++;
    if (steps->options->progress &&
        !steps->options->progress(steps->options->progress_data, (double)steps->step / steps->n_steps)) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "train: cancelled");
        return FALSE;
    }
    return TRUE;
}

/* Leaves an orthonormal basis of the dominant left space in y and A'y in z. */
static gboolean iterate(const Product *product, double *y, double *z, const DjSvdOptions *options, guint64 *state,
                        GError **error)
{
    const gsize n = product->ppmi->n, size = n * product->columns;
    /* Columns beyond n are zero, so that a tiny vocabulary needs no code of its own. */
    const gsize used = MIN(n, product->columns);
    Steps steps = {options, 0, 2 * options->power_iterations + 2};
    memset(z, 0, size * sizeof *z);
    for (gsize i = 0; i < n * used; i++) {
        z[i] = next_random(state) >> 63 ? 1 : -1;
    }
    for (guint32 i = 0;; i++) {
        multiply(product, FALSE, z, y);
        if (!orthonormalise(y, n, used, error) || !advance(&steps, error)) {
            return FALSE;
        }
        multiply(product, TRUE, y, z);
        if (!advance(&steps, error)) {
            return FALSE;
        }
        if (i == options->power_iterations) {
            return TRUE;
        }
        if (!orthonormalise(z, n, used, error)) {
            return FALSE;
        }
    }
}

float *dj_svd_find_left(const DjPpmi *ppmi, const DjSvdOptions *options, guint32 *n_found, GError **error)
{
    const gsize n = ppmi->n;
    if (ppmi->rows[n] == 0) {
        *n_found = 0;
        return g_new0(float, 1);
    }
    const guint32 columns = (options->dim + OVERSAMPLE + TILE - 1) / TILE * TILE;
    const guint32 used = (guint32)MIN(n, columns);
    guint32 dim = MIN(used, options->dim);
    Product product = {ppmi, options->n_threads, columns, g_try_new(float, n *TILE), g_try_new(float, n *TILE)};
    double *y = g_try_new(double, n *columns), *z = g_try_new(double, n *columns);
    double *gram = g_new0(double, (gsize)used *used), *inner = g_new(double, (gsize)used *dim);
    double *rotated = g_new(double, (gsize)used *dim), *rotation = NULL;
    float *left = NULL;
    guint64 state = options->seed;

    if (!product.in_tile || !product.out_tile || !y || !z) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "train: no memory to decompose %" G_GSIZE_FORMAT " words",
                    n);
        goto done;
    }
    if (!iterate(&product, y, z, options, &state, error)) {
        goto done;
    }
    /* A is close to y z', so its left singular vectors are y times the eigenvectors of z'z. */
    cblas_dsyrk(CblasColMajor, CblasUpper, CblasTrans, (int)used, (int)n, 1, z, (int)n, 0, gram, (int)used);
    if (!dj_svd_find_eigenvectors(gram, used, &dim, inner, error)) {
        goto done;
    }
    rotation = make_rotation(dim, &state, error);
    if (!rotation) {
        goto done;
    }
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)used, (int)dim, (int)dim, 1, inner, (int)used, rotation,
                (int)dim, 0, rotated, (int)used);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)dim, (int)used, 1, y, (int)n, rotated,
                (int)used, 0, z, (int)n);
    left = g_try_new(float, n *dim);
    if (!left) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "train: no memory for the word vectors");
        goto done;
    }
    for (gsize i = 0; i < n; i++) {
        for (gsize j = 0; j < dim; j++) {
            left[i * dim + j] = (float)z[j * n + i];
        }
    }
    *n_found = dim;
done:
    g_free(product.in_tile);
    g_free(product.out_tile);
    g_free(y);
    g_free(z);
    g_free(gram);
    g_free(inner);
    g_free(rotated);
    g_free(rotation);
    return left;
}
