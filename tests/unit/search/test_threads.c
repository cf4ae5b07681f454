/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that search at once, each with a reader of its own, as the desks of the server do; every answer is compared
 * with what the documents hold. Whatever readers share inside Xapian has to bear it: its counts of references are not
 * atomic, and one that goes wrong by chance frees what others use. A fresh process gives each trial a fresh chance:
 * with Query::MatchAll in search.cc a trial crashed about one time in three. A plain program, so that ThreadSanitizer,
 * which needs no luck, can watch it. */
#include "engine/search/search.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_DOCS = 70, N_THREADS = 4, N_TRIALS = 8, N_ROUNDS = 5000, WORDS = (N_DOCS + 63) / 64 };

static const char *folder;
static int failures; /* atomic */

/* Document d has a kind, d mod 3, and a fee, d mod 5. */
static gboolean build(GError **error)
{
    g_autoptr(DjIndexWriter) writer = dj_index_writer_new(folder, 0, error);
    const guint32 length[2] = {100, 100};
    for (guint32 d = 0; writer && d < N_DOCS; d++) {
        char kind[16], fee[16];
        const DjIndexTerm terms[] = {{kind, (guint32)g_snprintf(kind, sizeof kind, "XK:%u", d % 3), 0},
                                     {fee, (guint32)g_snprintf(fee, sizeof fee, "XF:%u", d % 5), 0}};
        if (!dj_index_writer_add(writer, d, terms, G_N_ELEMENTS(terms), length, error))
            return FALSE;
    }
    return writer && dj_index_writer_commit(writer, error);
}

/* Kind and one of two fees: groups narrow, the terms of a group widen. */
static gboolean is_right(const guint64 *bits, guint32 count, guint kind, guint fee)
{
    guint32 expected = 0;
    for (guint32 d = 0; d < N_DOCS; d++) {
        gboolean wanted = d % 3 == kind && (d % 5 == fee || d % 5 == (fee + 1) % 5);
        if (wanted != (gboolean)(bits[d / 64] >> (d % 64) & 1))
            return FALSE;
        expected += wanted ? 1 : 0;
    }
    return count == expected;
}

static gpointer search(gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjIndex) index = dj_index_open(folder, &error);
    for (guint round = GPOINTER_TO_UINT(data); index && round < N_ROUNDS; round++) {
        guint kind = round % 3, fee = round % 5;
        char kind_term[16], fee_term[2][16];
        g_snprintf(kind_term, sizeof kind_term, "XK:%u", kind);
        g_snprintf(fee_term[0], sizeof fee_term[0], "XF:%u", fee);
        g_snprintf(fee_term[1], sizeof fee_term[1], "XF:%u", (fee + 1) % 5);
        const char *const kinds[] = {kind_term}, *const fees[] = {fee_term[0], fee_term[1]};
        const DjIndexGroup groups[] = {{kinds, 1}, {fees, 2}};
        guint64 bits[WORDS];
        guint32 count;
        if (!dj_index_match(index, groups, G_N_ELEMENTS(groups), NULL, 0, bits, &count, &error))
            break;
        if (!is_right(bits, count, kind, fee)) {
            fprintf(stderr, "test_search_threads: round %u: wrong documents\n", round);
            g_atomic_int_inc(&failures);
        }
    }
    if (error) {
        fprintf(stderr, "test_search_threads: %s\n", error->message);
        g_atomic_int_inc(&failures);
    }
    return NULL;
}

/* In a process of its own; whether it ended well. */
static gboolean try_once(void)
{
    pid_t child = fork();
    if (child == 0) {
        GThread *threads[N_THREADS];
        for (guint i = 0; i < N_THREADS; i++)
            threads[i] = g_thread_new("search", search, GUINT_TO_POINTER(i));
        for (guint i = 0; i < N_THREADS; i++)
            g_thread_join(threads[i]);
        _exit(g_atomic_int_get(&failures) ? 1 : 0);
    }
    int status;
    gboolean ended = child > 0 && waitpid(child, &status, 0) == child;
    if (ended && WIFSIGNALED(status))
        fprintf(stderr, "test_search_threads: ended by signal %d\n", WTERMSIG(status));
    return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *root = g_dir_make_tmp("duijie-search-XXXXXX", &error);
    g_autofree char *path = root ? g_build_filename(root, "index", NULL) : NULL;
    folder = path;
    if (!folder || !build(&error)) {
        fprintf(stderr, "test_search_threads: %s\n", error->message);
        return 1;
    }
    gboolean ok = TRUE;
    for (int trial = 0; ok && trial < N_TRIALS; trial++)
        ok = try_once();
    folder_remove(root);
    return ok ? 0 : 1;
}
