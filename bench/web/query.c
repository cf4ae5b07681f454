/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_query: one question at a time in one process, by turns through the asker of the server and through Xapian's own
 * OR query of the same terms. Ours scores every patent exactly, reads the records of the best ten and explains them;
 * the peer ranks and names ten. */
#include "app/session.h"
#include "bench/web/or_query.h"
#include "engine/text/analyzer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOP 10

typedef struct {
    GPtrArray *texts;
    guint most;
} Reading;

static gboolean keep_need(const DjRecord *need, gpointer user)
{
    Reading *reading = user;
    const char *text = dj_record_get(need, DJ_NEED_DESCRIPTION);
    if (text)
        g_ptr_array_add(reading->texts, g_strdup(text));
    return reading->texts->len < reading->most;
}

/* Distinct bigrams and characters of a text, each with the letter of its unit in front as the index has them. */
static GPtrArray *terms_of(DjAnalyzer *analyzer, const char *text)
{
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, text, -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR, &n);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < n; i++) {
        char *term = g_strdup_printf("%c%.*s", terms[i].unit == DJ_UNIT_BIGRAM ? 'b' : 'c', (int)terms[i].length,
                                     terms[i].bytes);
        if (g_hash_table_add(seen, term))
            g_ptr_array_add(out, term);
        else
            g_free(term);
    }
    return out;
}

static double clock_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double print_times(const char *name, GArray *times)
{
    g_array_sort(times, compare);
    double median = g_array_index(times, double, times->len / 2);
    printf("%-10s p50 %8.2f ms  p99 %8.2f ms (processor)\n", name, median,
           g_array_index(times, double, (gsize)times->len * 99 / 100));
    return median;
}

static gboolean measure(DjSession *session, const GPtrArray *texts, GError **error)
{
    DjMatchOptions options;
    dj_session_match_options(session, 1, NULL, &options);
    options.progress = NULL;
    DjRecordSource records = dj_session_records(session);
    g_autofree char *folder = g_build_filename(session->corpus->folder, "index", NULL);
    OrIndex *peer = or_index_open(folder);
    DjAnalyzer *analyzer = dj_analyzer_new(error);
    g_autoptr(DjAsker) asker = dj_asker_new(session->corpus, &records, &options, error);
    if (!peer || !analyzer || !asker)
        return FALSE;
    g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(double)),
                      theirs = g_array_new(FALSE, FALSE, sizeof(double));
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < 2 * texts->len; i++) { /* the first pass warms both */
        const char *text = texts->pdata[i % texts->len];
        DjQuestion question = {.text = text, .top = TOP};
        double begun = clock_ms(CLOCK_THREAD_CPUTIME_ID);
        DjResultSet *set = dj_asker_question(asker, &records, &question, error);
        double own = clock_ms(CLOCK_THREAD_CPUTIME_ID) - begun;
        g_autoptr(GPtrArray) terms = terms_of(analyzer, text);
        begun = clock_ms(CLOCK_THREAD_CPUTIME_ID);
        ok = set && or_index_ask(peer, (const char *const *)terms->pdata, terms->len, TOP) >= 0;
        double other = clock_ms(CLOCK_THREAD_CPUTIME_ID) - begun;
        if (i >= texts->len) {
            g_array_append_val(ours, own);
            g_array_append_val(theirs, other);
        }
        dj_result_set_free(set);
    }
    if (ok) {
        double median = print_times("duijie", ours);
        printf("Xapian's median is %.1f times ours\n", print_times("Xapian OR", theirs) / median);
    }
    dj_analyzer_free(analyzer);
    or_index_free(peer);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "bench_query WORKSPACE [QUESTIONS]\n");
        return 2;
    }
    DjApp app = {.workspace = argv[1],
                 .config = g_build_filename(DJ_SOURCE_DIR, "config", NULL),
                 .quiet = TRUE,
                 .command = "bench"};
    g_autoptr(GError) error = NULL;
    g_autofree char *now = NULL;
    Reading reading = {g_ptr_array_new_with_free_func(g_free), argc > 2 ? (guint)atoi(argv[2]) : 200};
    dj_app_parse_now("2026-11-01", &now, &app.today);
    app.now = now;
    g_autoptr(DjSession) session = dj_session_open(&app, DJ_WORKSPACE_READ, &error);
    gboolean ok = session && dj_session_load_corpus(session, &error);
    if (ok) {
        DjRecordSource records = dj_session_records(session);
        ok = records.each(records.user, DJ_TABLE_NEED, keep_need, &reading, &error);
    }
    ok = ok && measure(session, reading.texts, &error);
    if (!ok)
        fprintf(stderr, "bench_query: %s\n", error ? error->message : "failed");
    g_ptr_array_unref(reading.texts);
    return ok ? 0 : 1;
}
