/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/kernel/contender.h"

#include "bench/kernel/peer_faiss.h"
#include "bench/kernel/peer_sparse.h"
#include "bench/kernel/peer_xapian.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TOP = 20 };

struct Bench {
    int rounds;
    gboolean cpu_time;
    json_t *rows;
    gboolean failed;
};

struct Contender {
    Bench *bench;
    const Job *job;
    char *name;
    const char *variant; /* "" for peers */
    uint32_t threads;
    gboolean peer;
    void (*run)(Contender *c);
    void (*clear)(Contender *c);
    double pairs;    /* of one run */
    GArray *seconds; /* one double per round */
    GArray *calls;   /* of a single job: one double per call */
    GArray *wall;    /* whole rounds by both clocks, for two threads against one */
    GArray *cpu;
    uint64_t hash;   /* of the lists; 0: not known */
    double checksum; /* sum of the best totals, for peers that must find the same (exact) */
    gboolean exact;

    const DjKernelVariant *kernel;
    DjKernelLists lists;
    int64_t *a;
    void *peer_state;
    GPtrArray *peers; /* per chain */
    uint32_t n_needs; /* of a sample */
    char *folder;
};

static double read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* CPU time shuts out what other programs do to the schedule; of two threads only the wall clock says anything. */
static double now(const Contender *c)
{
    return read_clock(c->bench->cpu_time && c->threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC);
}

Bench *bench_new(int rounds, gboolean cpu_time)
{
    Bench *bench = g_new0(Bench, 1);
    bench->rounds = rounds;
    bench->cpu_time = cpu_time;
    bench->rows = json_array();
    return bench;
}

static Contender *contender_new(Bench *bench, const Job *job, const char *name, const char *variant, uint32_t threads,
                                void (*run)(Contender *c))
{
    Contender *c = g_new0(Contender, 1);
    c->bench = bench;
    c->job = job;
    c->name = g_strdup(name);
    c->variant = variant;
    c->threads = threads;
    c->peer = !*variant;
    c->run = run;
    c->seconds = g_array_new(FALSE, FALSE, sizeof(double));
    c->calls = g_array_new(FALSE, FALSE, sizeof(double));
    c->wall = g_array_new(FALSE, FALSE, sizeof(double));
    c->cpu = g_array_new(FALSE, FALSE, sizeof(double));
    return c;
}

void contender_free(gpointer contender)
{
    Contender *c = contender;
    if (c->clear)
        c->clear(c);
    g_array_unref(c->seconds);
    g_array_unref(c->calls);
    g_array_unref(c->wall);
    g_array_unref(c->cpu);
    g_free(c->name);
    g_free(c);
}

/* ---- the kernel ---- */

static void add_to_hash(Contender *c, const DjKernelLists *lists)
{
    uint64_t h = c->hash ? c->hash : 0xcbf29ce484222325u;
    for (uint32_t r = 0; r < lists->n_rows; r++) {
        for (uint32_t i = 0; i < lists->n_hits[r]; i++) {
            const DjKernelHit *hit = &lists->hits[(size_t)r * lists->capacity + i];
            h = (h ^ hit->id) * 0x100000001b3u;
            h = (h ^ (uint64_t)hit->total) * 0x100000001b3u;
            c->checksum += (double)hit->total;
        }
        h = (h ^ lists->n_hits[r]) * 0x100000001b3u;
    }
    c->hash = h;
}

/* The needs of every chain as one part, with lists that follow each other; adds up the pairs. rows: one per need. */
static DjKernelPart *new_chains(Contender *c, uint32_t *rows)
{
    const Workload *w = c->job->workload;
    DjKernelPart *chains = g_new0(DjKernelPart, w->n_labels);
    uint32_t first = 0;
    for (uint32_t l = 0; l < w->n_labels; l++) {
        uint32_t n_docs, n = 0;
        for (uint32_t q = 0; q < w->needs.n; q++)
            if (w->needs.label[q] == l)
                rows[first + n++] = q;
        chains[l] = (DjKernelPart){.segment = 1 + l, .rows = rows + first, .n_rows = n, .lists = c->lists};
        chains[l].lists.n_rows = n;
        chains[l].lists.hits += (size_t)first * c->lists.capacity;
        chains[l].lists.n_hits += first;
        chains[l].lists.overflow += first;
        dj_matrix_segment_docs(&c->job->matrix, 1 + l, &n_docs);
        c->pairs += (double)n_docs * n;
        first += n;
    }
    return chains;
}

static void check(DjKernelStatus status)
{
    if (status != DJ_KERNEL_OK)
        g_error("kernel: %s", dj_kernel_status_text(status));
}

static void run_kernel(Contender *c)
{
    const Job *job = c->job;
    const Workload *w = job->workload;
    const DjKernelOptions options = {.variant = c->kernel, .threads = c->threads};
    const DjKernelNeeds needs = {.n = w->needs.n,
                                 .ptr = w->needs.ptr,
                                 .term = w->needs.term,
                                 .weight = w->needs.value,
                                 .vec = w->needs.vec,
                                 .a = c->a,
                                 .b = job->fused || job->dense_only ? 1 : 0};
    double start = now(c), seconds = 0;

    c->pairs = 0;
    c->hash = 0;
    c->checksum = 0;
    if (job->by_doc) {
        c->lists.n_rows = w->docs.n;
        DjKernelPart part = {.segment = 0, .n_rows = w->needs.n, .lists = c->lists};
        check(dj_kernel_best_needs(&job->matrix, &needs, &part, 1, &options));
        seconds = now(c) - start;
        c->pairs = (double)w->docs.n * w->needs.n;
        add_to_hash(c, &part.lists);
    } else if (job->by_chain) {
        g_autofree uint32_t *rows = g_new(uint32_t, w->needs.n);
        g_autofree DjKernelPart *chains = new_chains(c, rows);
        start = now(c);
        check(dj_kernel_best_docs(&job->matrix, &needs, chains, w->n_labels, &options));
        seconds = now(c) - start;
        for (uint32_t l = 0; l < w->n_labels; l++)
            add_to_hash(c, &chains[l].lists);
    } else if (job->single) {
        for (uint32_t q = 0; q < w->needs.n; q++) {
            c->lists.n_rows = 1;
            DjKernelPart part = {.segment = 0, .rows = &q, .n_rows = 1, .lists = c->lists};
            start = now(c);
            check(dj_kernel_best_docs(&job->matrix, &needs, &part, 1, &options));
            const double call = now(c) - start;
            g_array_append_val(c->calls, call);
            add_to_hash(c, &part.lists);
        }
    } else {
        c->lists.n_rows = w->needs.n;
        DjKernelPart part = {.segment = 0, .n_rows = w->needs.n, .lists = c->lists};
        check(dj_kernel_best_docs(&job->matrix, &needs, &part, 1, &options));
        seconds = now(c) - start;
        c->pairs = (double)w->docs.n * w->needs.n;
        add_to_hash(c, &part.lists);
    }
    g_array_append_val(c->seconds, seconds);
}

static void clear_kernel(Contender *c)
{
    g_free(c->a);
    g_free(c->lists.hits);
    g_free(c->lists.n_hits);
    g_free(c->lists.overflow);
}

Contender *contender_kernel(Bench *bench, const Job *job, const DjKernelVariant *variant, uint32_t threads)
{
    const Workload *w = job->workload;
    const size_t rows = job->by_doc ? w->docs.n : w->needs.n;
    Contender *c = contender_new(bench, job, "duijie", dj_kernel_name(variant), threads, run_kernel);
    c->clear = clear_kernel;
    c->kernel = variant;
    c->a = g_new(int64_t, w->needs.n);
    for (uint32_t q = 0; q < w->needs.n; q++)
        c->a[q] = job->dense_only ? 0 : 1;
    c->lists = (DjKernelLists){.k = job->k,
                               .capacity = job->k,
                               .hits = g_new(DjKernelHit, rows * job->k),
                               .n_hits = g_new(uint32_t, rows),
                               .overflow = g_new(uint8_t, rows)};
    return c;
}

/* ---- the like-for-like peer ---- */

static void run_sparse(Contender *c)
{
    const Workload *w = c->job->workload;
    const float *weights = c->peer_state;
    uint32_t ids[TOP];
    float sums[TOP];
    const double start = now(c);

    c->pairs = 0;
    c->checksum = 0;
    /* chain after chain, as the kernel does it: the postings of one stay in the cache */
    for (uint32_t l = 0; l < c->peers->len; l++) {
        for (uint32_t q = 0; q < w->needs.n; q++) {
            const uint64_t first = w->needs.ptr[q];
            if (c->job->by_chain && w->needs.label[q] != l)
                continue;
            const uint32_t n = peer_sparse_row(g_ptr_array_index(c->peers, l), (uint32_t)(w->needs.ptr[q + 1] - first),
                                               w->needs.term + first, weights + first, c->job->k, ids, sums);
            for (uint32_t i = 0; i < n; i++)
                c->checksum += (double)sums[i];
            c->pairs += c->lists.n_hits[l];
        }
    }
    const double seconds = now(c) - start;
    g_array_append_val(c->seconds, seconds);
}

static void clear_sparse(Contender *c)
{
    g_ptr_array_unref(c->peers);
    g_free(c->peer_state);
    g_free(c->lists.n_hits);
}

Contender *contender_sparse(Bench *bench, const Job *job)
{
    const Workload *w = job->workload;
    const uint32_t n = job->by_chain ? w->n_labels : 1;
    Contender *c = contender_new(bench, job, "sparse_dot_topn method (own program)", "", 1, run_sparse);
    float *weights = g_new(float, w->needs.ptr[w->needs.n] + 1);
    g_autofree uint32_t *docs = g_new(uint32_t, w->docs.n + 1);

    c->clear = clear_sparse;
    c->exact = TRUE;
    c->peer_state = weights;
    c->peers = g_ptr_array_new_with_free_func((GDestroyNotify)peer_sparse_free);
    c->lists.n_hits = g_new0(uint32_t, n); /* documents per chain */
    for (uint64_t i = 0; i < w->needs.ptr[w->needs.n]; i++)
        weights[i] = w->needs.value[i];
    for (uint32_t l = 0; l < n; l++) {
        for (uint32_t d = 0; d < w->docs.n; d++)
            if (!job->by_chain || w->docs.label[d] == l)
                docs[c->lists.n_hits[l]++] = d;
        g_ptr_array_add(
            c->peers, peer_sparse_new(w->n_terms, c->lists.n_hits[l], docs, w->docs.ptr, w->docs.term, w->docs.value));
    }
    return c;
}

/* ---- Xapian ---- */

static void run_xapian(Contender *c)
{
    const double start = now(c);
    for (uint32_t i = 0; i < c->n_needs; i++) {
        const double call = now(c);
        peer_xapian_row(c->peer_state, c->job->workload, i);
        const double seconds = now(c) - call;
        g_array_append_val(c->calls, seconds);
    }
    const double seconds = now(c) - start;
    c->pairs = (double)c->n_needs * c->job->workload->docs.n;
    g_array_append_val(c->seconds, seconds);
}

static void remove_folder(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *entry;
    while (dir && (entry = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, entry, NULL);
        g_remove(path);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(folder);
}

static void clear_xapian(Contender *c)
{
    peer_xapian_free(c->peer_state);
    remove_folder(c->folder);
    g_free(c->folder);
}

Contender *contender_xapian(Bench *bench, const Job *job, uint32_t n_needs)
{
    Contender *c = contender_new(bench, job, "Xapian OR query", "", 1, run_xapian);
    c->clear = clear_xapian;
    c->n_needs = MIN(n_needs, job->workload->needs.n);
    c->folder = g_dir_make_tmp("bench_kernel_XXXXXX", NULL);
    c->peer_state = peer_xapian_new(job->workload, c->n_needs, c->folder);
    if (!c->peer_state)
        g_error("xapian could not build its database");
    return c;
}

/* ---- FAISS ---- */

#ifdef DJ_BENCH_FAISS
static void run_faiss(Contender *c)
{
    const double start = now(c);
    c->checksum = peer_faiss_search(c->peer_state, 1);
    const double seconds = now(c) - start;
    c->pairs = (double)c->job->workload->docs.n * c->job->workload->needs.n;
    g_array_append_val(c->seconds, seconds);
}

static void clear_faiss(Contender *c)
{
    peer_faiss_free(c->peer_state);
}

Contender *contender_faiss(Bench *bench, const Job *job)
{
    Contender *c = contender_new(bench, job, "FAISS flat inner product, float", "", 1, run_faiss);
    c->clear = clear_faiss;
    c->exact = TRUE;
    c->peer_state = peer_faiss_new(job->workload);
    printf("  faiss multiplies by OpenBLAS's code for %s (OPENBLAS_CORETYPE chooses)\n", peer_faiss_code());
    return c;
}
#endif

/* ---- rounds and rows ---- */

static int compare_doubles(gconstpointer a, gconstpointer b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double quantile(GArray *values, double at)
{
    g_array_sort(values, compare_doubles);
    return g_array_index(values, double, (guint)(at * (values->len - 1) + 0.5));
}

static void add_row(Bench *bench, const char *workload, const Contender *c, double mpairs, double seconds)
{
    g_autofree char *hash = c->peer ? g_strdup("") : g_strdup_printf("%016" G_GINT64_MODIFIER "x", c->hash);
    json_t *row = json_pack("{ss ss ss si sf sf ss sb si}", "workload", workload, "name", c->name, "variant",
                            c->variant, "threads", (int)c->threads, "mpairs_per_s", mpairs, "seconds", seconds, "hash",
                            hash, "peer", c->peer, "rounds", bench->rounds);
    json_object_set_new(row, "clock", json_string(bench->cpu_time && c->threads == 1 ? "cpu" : "wall"));
    if (c->job && c->job->single) {
        json_object_set_new(row, "p50_ms", json_real(1e3 * quantile(c->calls, 0.5)));
        json_object_set_new(row, "p99_ms", json_real(1e3 * quantile(c->calls, 0.99)));
    }
    json_array_append_new(bench->rows, row);
    if (c->job && c->job->single)
        printf("  %-38s %-8s %u thread%s  p50 %8.3f ms  p99 %8.3f ms  %s\n", c->name, c->variant, c->threads,
               c->threads == 1 ? " " : "s", 1e3 * quantile(c->calls, 0.5), 1e3 * quantile(c->calls, 0.99), hash);
    else
        printf("  %-38s %-8s %u thread%s  %9.4f s  %8.1f Mpairs/s  %s\n", c->name, c->variant, c->threads,
               c->threads == 1 ? " " : "s", seconds, mpairs, hash);
}

/* All variants must agree, and peers on the same integers must find the same sums. */
static void compare(Bench *bench, const char *workload, GPtrArray *contenders)
{
    const Contender *first = g_ptr_array_index(contenders, 0);
    for (guint i = 1; i < contenders->len; i++) {
        const Contender *c = g_ptr_array_index(contenders, i);
        const gboolean same = c->exact ? c->checksum == first->checksum : c->peer || c->hash == first->hash;
        if (!same) {
            fprintf(stderr, "bench_kernel: %s: %s %s differs from %s\n", workload, c->name, c->variant, first->variant);
            bench->failed = TRUE;
        }
    }
}

static double speed(const Contender *c)
{
    return c->job->single ? c->job->workload->docs.n / quantile(c->calls, 0.5) : c->pairs / quantile(c->seconds, 0.5);
}

/*
 * The best variant against each peer, and two threads against one: by the wall clock, which needs a quiet machine, and
 * by the processor time that both take together, which says what sharing costs.
 */
static void print_ratios(GPtrArray *contenders)
{
    const Contender *best = g_ptr_array_index(contenders, 0);
    for (guint i = 1; i < contenders->len; i++) {
        const Contender *c = g_ptr_array_index(contenders, i);
        const double ratio = speed(best) / speed(c);
        if (c->peer)
            printf("  %s: %.1f times %s\n", best->variant, ratio, c->name);
        else if (c->threads != best->threads && g_str_equal(c->variant, best->variant))
            printf("  %s: %u threads are %.2f times one by the wall clock, with %.2f times its processor time\n",
                   c->variant, c->threads, quantile(best->wall, 0.5) / quantile(c->wall, 0.5),
                   quantile(c->cpu, 0.5) / quantile(best->cpu, 0.5));
    }
}

void bench_run(Bench *bench, const char *workload, GPtrArray *contenders)
{
    for (int r = 0; r < bench->rounds; r++) {
        for (guint i = 0; i < contenders->len; i++) {
            Contender *c = g_ptr_array_index(contenders, i);
            const double wall = read_clock(CLOCK_MONOTONIC), cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
            c->run(c);
            const double wall_seconds = read_clock(CLOCK_MONOTONIC) - wall;
            const double cpu_seconds = read_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu;
            g_array_append_val(c->wall, wall_seconds);
            g_array_append_val(c->cpu, cpu_seconds);
        }
    }
    printf("%s\n", workload);
    for (guint i = 0; i < contenders->len; i++) {
        Contender *c = g_ptr_array_index(contenders, i);
        add_row(bench, workload, c, 1e-6 * speed(c), quantile(c->job->single ? c->calls : c->seconds, 0.5));
    }
    print_ratios(contenders);
    compare(bench, workload, contenders);
}

/* ---- files ---- */

static void write_file(Bench *bench, const char *folder, const char *name, const void *bytes, size_t size)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents(path, bytes, (gssize)size, &error)) {
        fprintf(stderr, "bench_kernel: %s\n", error->message);
        bench->failed = TRUE;
    }
}

static void dump_side(Bench *bench, const Side *side, const char *folder, const char *name)
{
    const uint64_t n = side->ptr[side->n];
    g_autofree float *values = g_new(float, n + 1);
    const struct {
        const char *suffix;
        const void *bytes;
        size_t size;
    } files[] = {{"ptr.i64", side->ptr, (side->n + 1ul) * 8},
                 {"term.i32", side->term, n * 4},
                 {"value.u8", side->value, n},
                 {"value.f32", values, n * 4},
                 {"label.i32", side->label, side->n * 4ul}};
    for (uint64_t i = 0; i < n; i++)
        values[i] = side->value[i];
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *file = g_strconcat(name, ".", files[i].suffix, NULL);
        write_file(bench, folder, file, files[i].bytes, files[i].size);
    }
}

void bench_dump(Bench *bench, const Job *job, const char *folder)
{
    const Workload *w = job->workload;
    const int64_t n_terms = w->n_terms;
    Contender *c = contender_kernel(bench, job, dj_kernel_best(), 1);
    g_autofree int32_t *ids = g_new0(int32_t, (gsize)w->needs.n * job->k);
    g_autofree int64_t *totals = g_new0(int64_t, (gsize)w->needs.n * job->k);

    if (g_mkdir_with_parents(folder, 0777) != 0) {
        fprintf(stderr, "bench_kernel: cannot make %s\n", folder);
        bench->failed = TRUE;
    }
    c->run(c);
    for (uint32_t r = 0; r < w->needs.n; r++) {
        for (uint32_t i = 0; i < job->k; i++) {
            const DjKernelHit *hit = &c->lists.hits[(size_t)r * job->k + i];
            ids[(size_t)r * job->k + i] = i < c->lists.n_hits[r] ? (int32_t)hit->id : -1;
            totals[(size_t)r * job->k + i] = i < c->lists.n_hits[r] ? hit->total : 0;
        }
    }
    dump_side(bench, &w->docs, folder, "docs");
    dump_side(bench, &w->needs, folder, "needs");
    write_file(bench, folder, "n_terms.i64", &n_terms, sizeof n_terms);
    write_file(bench, folder, "expected.ids.i32", ids, (gsize)w->needs.n * job->k * sizeof *ids);
    write_file(bench, folder, "expected.totals.i64", totals, (gsize)w->needs.n * job->k * sizeof *totals);
    contender_free(c);
}

void bench_scipy(Bench *bench, const char *workload, const Job *job, const Contender *best)
{
    g_autofree char *folder = g_dir_make_tmp("bench_kernel_XXXXXX", NULL), *out = NULL;
    const char *argv[] = {"/usr/bin/python3", DJ_SOURCE_DIR "/bench/kernel/peer_scipy.py", folder, NULL};
    double wall, cpu, rows, columns;
    int status;

    bench_dump(bench, job, folder);
    if (g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                     NULL, &status, NULL) &&
        g_spawn_check_wait_status(status, NULL) && sscanf(out, "%lf %lf %lf %lf", &wall, &cpu, &rows, &columns) == 4) {
        Contender c = {.name = (char *)"scipy sparse product, top 20", .variant = "", .threads = 1, .peer = TRUE};
        const double seconds = bench->cpu_time ? cpu : wall, mpairs = 1e-6 * rows * columns / seconds;
        add_row(bench, workload, &c, mpairs, seconds);
        printf("  %s: %.1f times %s\n", best->variant, 1e-6 * speed(best) / mpairs, c.name);
    } else {
        printf("  scipy: python3-scipy is not installed: skipped\n");
    }
    remove_folder(folder);
}

/* From the file, as the program does it. */
void bench_size_in_chains(const Workload *w, uint32_t percent_in_two)
{
    const double in_chains = w->docs.n * (1 + percent_in_two / 100.0);
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    const int fd = g_file_open_tmp("bench_kernel_XXXXXX", &path, &error);
    DjMatrix matrix;

    if (fd < 0)
        g_error("%s", error->message);
    close(fd);
    workload_write_in_chains(w, percent_in_two, path);
    const double start = read_clock(CLOCK_MONOTONIC);
    GMappedFile *file = g_mapped_file_new(path, FALSE, &error);
    if (!file)
        g_error("%s", error->message);
    const size_t size = g_mapped_file_get_length(file);
    if (dj_matrix_open(g_mapped_file_get_contents(file), size, &matrix) != DJ_MATRIX_OK)
        g_error("the matrix does not open again");
    const double opened = read_clock(CLOCK_MONOTONIC);
    if (dj_matrix_verify(&matrix) != DJ_MATRIX_OK)
        g_error("the matrix does not verify");
    printf("  in %u chains, %.1f memberships each, and all in one segment more: %.3f GB, %.0f bytes per document and "
           "chain, %.0f counting the segment of all\n  opened in %.1f ms, verified in %.0f ms\n",
           w->n_labels, in_chains / w->docs.n, 1e-9 * (double)size, (double)size / in_chains,
           (double)size / (in_chains + w->docs.n), 1e3 * (opened - start),
           1e3 * (read_clock(CLOCK_MONOTONIC) - opened));
    g_mapped_file_unref(file);
    g_remove(path);
}

gboolean bench_finish(Bench *bench, const char *json)
{
    gboolean ok = !bench->failed;
    if (json && json_dump_file(bench->rows, json, JSON_INDENT(1)) != 0) {
        fprintf(stderr, "bench_kernel: cannot write %s\n", json);
        ok = FALSE;
    }
    json_decref(bench->rows);
    g_free(bench);
    return ok;
}
