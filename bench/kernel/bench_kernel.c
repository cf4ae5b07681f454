/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs per second of every kernel variant and of its peers, in interleaved rounds on the same data; medians.
 * Ends with failure when two variants disagree, or when a peer on the same integers finds other sums. See
 * bench/README.md.
 */
#include "bench/kernel/contender.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct Settings {
    gboolean quick;
    gboolean no_peers;
    gboolean cpu_time;
    gint rounds;
    gchar *json;
    gchar *dump;
    gchar *data;
    gchar **workloads;
    gchar **variants;
} Settings;

static const char *const workload_names[] = {
    "sparse-all", "sparse-chain", "sparse-reverse",   "sparse-long", "sparse-long-chain", "sparse-text", "dense",
    "fused",      "single-45k",   "single-45k-fused", "single-1m",   "single-1m-fused",   NULL};

static gboolean wanted(const Settings *s, const char *workload)
{
    return !s->workloads || g_strv_contains((const gchar *const *)s->workloads, workload);
}

static void free_workload(Workload *w, void *bytes)
{
    workload_clear(w);
    free(bytes);
}

/* ---- all pairs and pairs within a chain ---- */

static void add_kernels(Bench *bench, const Settings *s, Job *job, GPtrArray *list)
{
    const DjKernelVariant *variant;
    for (const char *const *name = dj_kernel_names(); *name; name++) {
        if (s->variants && !g_strv_contains((const gchar *const *)s->variants, *name))
            continue;
        if (dj_kernel_find(*name, &variant) == DJ_KERNEL_OK)
            g_ptr_array_add(list, contender_kernel(bench, job, variant, 1));
    }
    if (!job->single) /* one need runs on one thread */
        g_ptr_array_add(list, contender_kernel(bench, job, dj_kernel_best(), 2));
}

static void run_sparse(Bench *bench, const Settings *s, const char *name, const Workload *w)
{
    Job all = {.workload = w, .k = 20}, chain = {.workload = w, .k = 20, .by_chain = true};
    g_autofree char *chain_name = g_strconcat(g_str_equal(name, "sparse-all") ? "sparse" : name, "-chain", NULL);
    const gboolean run_all = wanted(s, name), run_chain = w->n_labels > 1 && wanted(s, chain_name);
    void *bytes;
    size_t size;

    printf("\n%u documents (%.0f terms) x %u needs (%.0f), %.2f G multiply-adds\n", w->docs.n,
           (double)w->docs.ptr[w->docs.n] / w->docs.n, w->needs.n, (double)w->needs.ptr[w->needs.n] / w->needs.n,
           1e-9 * (double)workload_multiply_adds(w));
    workload_compile(w, run_chain, &all.matrix, &bytes, &size);
    chain.matrix = all.matrix;
    printf("  matrix: %.0f bytes per document and membership\n", (double)size / (w->docs.n * (run_chain ? 2.0 : 1.0)));
    if (run_all) {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(contender_free);
        add_kernels(bench, s, &all, list);
        if (!s->no_peers) {
            g_ptr_array_add(list, contender_sparse(bench, &all));
            if (g_str_equal(name, "sparse-all"))
                g_ptr_array_add(list, contender_xapian(bench, &all, s->quick ? 5 : 40));
        }
        bench_run(bench, name, list);
        if (s->dump && g_str_equal(name, "sparse-all"))
            bench_dump(bench, &all, s->dump);
        if (!s->no_peers && !s->quick)
            bench_scipy(bench, name, &all, g_ptr_array_index(list, 0));
    }
    if (run_chain) {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(contender_free);
        add_kernels(bench, s, &chain, list);
        if (!s->no_peers)
            g_ptr_array_add(list, contender_sparse(bench, &chain));
        bench_run(bench, chain_name, list);
    }
    free(bytes);
}

static void run_reverse(Bench *bench, const Settings *s, const Workload *w)
{
    Job job = {.workload = w, .k = 20, .by_doc = true};
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(contender_free);
    void *bytes;
    size_t size;

    if (!wanted(s, "sparse-reverse"))
        return;
    workload_compile(w, false, &job.matrix, &bytes, &size);
    printf("\nbest 20 needs of every document\n");
    add_kernels(bench, s, &job, list);
    bench_run(bench, "sparse-reverse", list);
    free(bytes);
}

/* ---- vectors ---- */

static void run_vectors(Bench *bench, const Settings *s, const Workload *w, const char *name)
{
    Job job = {.workload = w, .k = 20, .dense_only = g_str_equal(name, "dense"), .fused = g_str_equal(name, "fused")};
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(contender_free);
    void *bytes;
    size_t size;

    if (!wanted(s, name))
        return;
    printf("\n%u documents x %u needs, %u dimensions\n", w->docs.n, w->needs.n, w->dim);
    workload_compile(w, false, &job.matrix, &bytes, &size);
    add_kernels(bench, s, &job, list);
#ifdef DJ_BENCH_FAISS
    if (job.dense_only && !s->no_peers)
        g_ptr_array_add(list, contender_faiss(bench, &job));
#else
    if (job.dense_only && !s->no_peers)
        printf("  faiss: not installed: skipped\n");
#endif
    bench_run(bench, name, list);
    free(bytes);
}

/* ---- one need at a time ---- */

static void run_single(Bench *bench, const Settings *s, const char *name, uint32_t n_docs)
{
    const WorkloadShape shape = {.n_docs = n_docs,
                                 .n_needs = s->quick ? 10 : 101,
                                 .n_terms = s->quick ? 5000 : 120000,
                                 .n_topics = 35,
                                 .doc_terms = 190,
                                 .need_terms = 106,
                                 .dim = 256,
                                 .seed = 4};
    g_autofree char *fused_name = g_strconcat(name, "-fused", NULL);
    Workload w;
    Job job = {.workload = &w, .k = 20, .single = true},
        fused = {.workload = &w, .k = 20, .single = true, .fused = true};
    void *bytes;
    size_t size;

    if (!wanted(s, name) && !wanted(s, fused_name))
        return;
    workload_init_synthetic(&w, &shape);
    workload_compile(&w, false, &job.matrix, &bytes, &size);
    fused.matrix = job.matrix;
    printf("\none need against %u documents\n  matrix: %.0f bytes per document, vectors included\n", n_docs,
           (double)size / n_docs);
    bench_size_in_chains(&w, 30);
    if (wanted(s, name)) {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(contender_free);
        add_kernels(bench, s, &job, list);
        if (!s->no_peers)
            g_ptr_array_add(list, contender_xapian(bench, &job, s->quick ? 5 : n_docs > 100000 ? 10 : 40));
        bench_run(bench, name, list);
    }
    if (wanted(s, fused_name)) {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(contender_free);
        add_kernels(bench, s, &fused, list);
        bench_run(bench, fused_name, list);
    }
    free_workload(&w, bytes);
}

/* ---- main ---- */

static void run_all(Bench *bench, const Settings *s)
{
    const gboolean quick = s->quick;
    WorkloadShape shape = {.n_docs = quick ? 3000 : 100000,
                           .n_needs = quick ? 60 : 5000,
                           .n_terms = quick ? 5000 : 120000,
                           .n_topics = quick ? 5 : 35,
                           .doc_terms = 190,
                           .need_terms = 106,
                           .seed = 1};
    g_autofree char *why = NULL;
    Workload w;

    if (wanted(s, "sparse-all") || wanted(s, "sparse-chain") || wanted(s, "sparse-reverse")) {
        workload_init_synthetic(&w, &shape);
        run_sparse(bench, s, "sparse-all", &w);
        run_reverse(bench, s, &w);
        workload_clear(&w);
    }
    if (wanted(s, "sparse-long") || wanted(s, "sparse-long-chain")) {
        shape.doc_terms = 236;
        shape.seed = 2;
        workload_init_synthetic(&w, &shape);
        run_sparse(bench, s, "sparse-long", &w);
        workload_clear(&w);
    }
    if (wanted(s, "sparse-text")) {
        if (workload_init_text(&w, s->data, quick ? 8000 : 100000, quick ? 100 : 5000, 3, &why)) {
            run_sparse(bench, s, "sparse-text", &w);
            workload_clear(&w);
        } else {
            printf("sparse-text: %s: skipped\n", why);
        }
    }
    if (wanted(s, "dense") || wanted(s, "fused")) {
        shape.doc_terms = 190;
        shape.n_needs = quick ? 40 : 2000;
        shape.dim = 256;
        shape.seed = 5;
        workload_init_synthetic(&w, &shape);
        run_vectors(bench, s, &w, "dense");
        run_vectors(bench, s, &w, "fused");
        workload_clear(&w);
    }
    run_single(bench, s, "single-45k", quick ? 2000 : 45000);
    run_single(bench, s, "single-1m", quick ? 5000 : 1000000);
}

/*
 * OpenBLAS knows processors by model number and takes its slowest code on one that it does not know, which would be
 * unfair to FAISS (4 times slower on the machine of the first figures). It reads its environment when it is loaded:
 * start again.
 */
static void help_openblas(char **argv)
{
    const DjKernelVariant *variant;
    const char *core = dj_kernel_find("vnni", &variant) == DJ_KERNEL_OK   ? "SkylakeX"
                       : dj_kernel_find("avx2", &variant) == DJ_KERNEL_OK ? "Haswell"
                                                                          : NULL;
    if (core && !g_getenv("OPENBLAS_CORETYPE") && g_setenv("OPENBLAS_CORETYPE", core, FALSE))
        execv("/proc/self/exe", argv);
    /* without a new start the measurement is still valid, only FAISS may be slower than it could be */
}

/* What was asked for must exist, and says what of it cannot run here; FALSE with a message otherwise. */
static gboolean check_settings(const Settings *s)
{
    const DjKernelVariant *variant;
    for (char **name = s->workloads; name && *name; name++) {
        if (!g_strv_contains(workload_names, *name)) {
            g_autofree char *known = g_strjoinv(" ", (char **)workload_names);
            fprintf(stderr, "bench_kernel: no workload '%s': %s\n", *name, known);
            return FALSE;
        }
    }
    for (char **name = s->variants; name && *name; name++) {
        if (dj_kernel_find(*name, &variant) != DJ_KERNEL_OK) {
            fprintf(stderr, "bench_kernel: variant '%s' is not known or cannot run on this machine\n", *name);
            return FALSE;
        }
    }
    if (s->dump && !wanted(s, "sparse-all")) {
        fprintf(stderr, "bench_kernel: --dump writes sparse-all, which --workload leaves out\n");
        return FALSE;
    }
    for (const char *const *name = dj_kernel_names(); !s->variants && *name; name++)
        if (dj_kernel_find(*name, &variant) != DJ_KERNEL_OK)
            printf("%s cannot run on this machine: skipped\n", *name);
    return TRUE;
}

int main(int argc, char **argv)
{
    Settings s = {0};
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &s.json, "write the rows to FILE", "FILE"},
        {"dump", 0, 0, G_OPTION_ARG_FILENAME, &s.dump, "write the input and expected lists of sparse-all to DIR",
         "DIR"},
        {"workload", 0, 0, G_OPTION_ARG_STRING_ARRAY, &s.workloads, "run only this workload (repeatable)", "NAME"},
        {"variant", 0, 0, G_OPTION_ARG_STRING_ARRAY, &s.variants, "measure only this variant (repeatable)", "NAME"},
        {"rounds", 0, 0, G_OPTION_ARG_INT, &s.rounds, "interleaved rounds (default 3)", "N"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &s.data, "folder with real text (default ../shared/data)", "DIR"},
        {"quick", 0, 0, G_OPTION_ARG_NONE, &s.quick, "small sizes, one round: a smoke test", NULL},
        {"cpu-time", 0, 0, G_OPTION_ARG_NONE, &s.cpu_time, "time single threads by processor time", NULL},
        {"no-peers", 0, 0, G_OPTION_ARG_NONE, &s.no_peers, "measure the kernel only", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("- pairs per second of the kernel");
    g_autoptr(GError) error = NULL;
    gboolean ok;

    help_openblas(argv);
    setvbuf(stdout, NULL, _IOLBF, 0); /* runs take minutes and are watched */
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        fprintf(stderr, "bench_kernel: %s\n", error->message);
        return 2;
    }
    if (!s.data)
        s.data = g_getenv("DUIJIE_EVAL_DATA") ? g_strdup(g_getenv("DUIJIE_EVAL_DATA"))
                                              : g_build_filename(DJ_SOURCE_DIR, "..", "shared", "data", NULL);
    if (!check_settings(&s))
        return 2;
    const gint64 start = g_get_monotonic_time();
    Bench *bench = bench_new(s.rounds > 0 ? s.rounds : s.quick ? 1 : 3, s.cpu_time);
    run_all(bench, &s);
    ok = bench_finish(bench, s.json);
    printf("\ntotal: %.0f s\n", 1e-6 * (double)(g_get_monotonic_time() - start));
    g_free(s.json);
    g_free(s.dump);
    g_free(s.data);
    g_strfreev(s.workloads);
    g_strfreev(s.variants);
    return ok ? 0 : 1;
}
