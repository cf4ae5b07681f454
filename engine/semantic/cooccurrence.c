/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One row at a time: all occurrences of a word are visited through an index and their neighbours are added into a dense
 * row. That needs memory for one row instead of a hash table of all pairs, and fixes the order of every sum.
 */
#include "engine/semantic/cooccurrence.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

typedef struct {
    const DjOccurrences *texts;
    guint32 window;
    guint64 *starts;    /* per word: its part of `places`; n_words + 1 */
    guint64 *places;    /* positions in texts->ids */
    guint32 *text_of;   /* text of each place */
    double *totals;     /* n_x */
    double total_power; /* sum n^.75 */
} Counter;

void dj_ppmi_clear(DjPpmi *ppmi)
{
    g_free(ppmi->rows);
    g_free(ppmi->columns);
    g_free(ppmi->values);
    g_free(ppmi->row_log);
    g_free(ppmi->context_log);
    memset(ppmi, 0, sizeof *ppmi);
}

static gboolean fail_memory(GError **error)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "train: no memory for the co-occurrence matrix");
    return FALSE;
}

static void counter_clear(Counter *counter)
{
    g_free(counter->starts);
    g_free(counter->places);
    g_free(counter->text_of);
    g_free(counter->totals);
}

static gboolean index_places(Counter *counter)
{
    const DjOccurrences *texts = counter->texts;
    const guint64 n = texts->text_offsets[texts->n_texts];
    counter->starts = g_try_new0(guint64, (gsize)texts->n_words + 2);
    counter->places = g_try_new(guint64, n + 1);
    counter->text_of = g_try_new(guint32, n + 1);
    counter->totals = g_try_new0(double, (gsize)texts->n_words + 1);
    if (!counter->starts || !counter->places || !counter->text_of || !counter->totals) {
        return FALSE;
    }
    /* starts is shifted by one place while filling, so that it ends up as the offsets. */
    for (guint64 i = 0; i < n; i++) {
        if (texts->ids[i] != DJ_NO_WORD) {
            counter->starts[texts->ids[i] + 2]++;
        }
    }
    for (guint32 w = 0; w < texts->n_words; w++) {
        counter->starts[w + 2] += counter->starts[w + 1];
    }
    for (guint32 t = 0; t < texts->n_texts; t++) {
        for (guint64 i = texts->text_offsets[t]; i < texts->text_offsets[t + 1]; i++) {
            if (texts->ids[i] != DJ_NO_WORD) {
                const guint64 slot = counter->starts[texts->ids[i] + 1]++;
                counter->places[slot] = i;
                counter->text_of[slot] = t;
            }
        }
    }
    return TRUE;
}

/* Adds the neighbours of word to row; lists each neighbour once in touched, and returns how many. */
static guint32 add_row(const Counter *counter, guint32 word, double *row, guint32 *touched)
{
    const DjOccurrences *texts = counter->texts;
    guint32 n_touched = 0;
    for (guint64 p = counter->starts[word]; p < counter->starts[word + 1]; p++) {
        const guint64 at = counter->places[p];
        const guint32 text = counter->text_of[p];
        const guint64 first = MAX(texts->text_offsets[text], at > counter->window ? at - counter->window : 0);
        const guint64 last = MIN(texts->text_offsets[text + 1] - 1, at + counter->window);
        for (guint64 i = first; i <= last; i++) {
            const guint32 other = texts->ids[i];
            if (other == DJ_NO_WORD || other == word) {
                continue;
            }
            if (row[other] == 0) {
                touched[n_touched++] = other;
            }
            row[other] += 1.0 / (double)(i > at ? i - at : at - i);
        }
    }
    return n_touched;
}

static int by_id(const void *a, const void *b)
{
    const guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

static gboolean grow(DjPpmi *ppmi, guint64 *capacity, guint64 needed, guint64 max_pairs)
{
    if (needed <= *capacity) {
        return TRUE;
    }
    guint64 wanted = MAX(needed, *capacity + *capacity / 2);
    wanted = MIN(MAX(wanted, 1 << 16), MAX(max_pairs, needed));
    guint32 *columns = g_try_renew(guint32, ppmi->columns, wanted);
    if (!columns) {
        return FALSE;
    }
    ppmi->columns = columns;
    float *values = g_try_renew(float, ppmi->values, wanted);
    if (!values) {
        return FALSE;
    }
    ppmi->values = values;
    *capacity = wanted;
    return TRUE;
}

static gboolean fill(DjPpmi *ppmi, const Counter *counter, double *row, guint32 *touched, guint64 max_pairs,
                     gboolean *too_many, GError **error)
{
    guint64 n = 0, capacity = 0;
    for (guint32 x = 0; x < ppmi->n; x++) {
        const guint32 n_touched = add_row(counter, x, row, touched);
        qsort(touched, n_touched, sizeof *touched, by_id);
        if (!grow(ppmi, &capacity, n + n_touched, max_pairs)) {
            return fail_memory(error);
        }
        for (guint32 i = 0; i < n_touched; i++) {
            const guint32 y = touched[i];
            const float value = (float)log(row[y]);
            row[y] = 0;
            if (value > ppmi->row_log[x] + ppmi->context_log[y] || value > ppmi->row_log[y] + ppmi->context_log[x]) {
                ppmi->columns[n] = y;
                ppmi->values[n++] = value;
            }
        }
        ppmi->rows[x + 1] = n;
        if (n > max_pairs) {
            *too_many = TRUE;
            return TRUE;
        }
    }
    return TRUE;
}

gboolean dj_ppmi_build(DjPpmi *ppmi, const DjOccurrences *texts, guint32 window, guint64 max_pairs, gboolean *too_many,
                       GError **error)
{
    Counter counter = {.texts = texts, .window = window};
    const guint32 n = texts->n_words;
    double *row = g_try_new0(double, (gsize)n + 1);
    guint32 *touched = g_try_new(guint32, (gsize)n + 1);
    gboolean ok = FALSE;
    *too_many = FALSE;
    *ppmi = (DjPpmi){
        .n = n,
        .rows = g_try_new0(guint64, (gsize)n + 1),
        .row_log = g_try_new0(float, (gsize)n + 1),
        .context_log = g_try_new0(float, (gsize)n + 1),
    };
    if (!row || !touched || !ppmi->rows || !ppmi->row_log || !ppmi->context_log || !index_places(&counter)) {
        fail_memory(error);
        goto done;
    }
    for (guint32 x = 0; x < n; x++) {
        const guint32 n_touched = add_row(&counter, x, row, touched);
        for (guint32 i = 0; i < n_touched; i++) {
            counter.totals[x] += row[touched[i]];
            row[touched[i]] = 0;
        }
        counter.total_power += pow(counter.totals[x], 0.75);
    }
    for (guint32 x = 0; x < n; x++) {
        /* A word without neighbours has an empty row and no column: any finite value will do. */
        const double total = counter.totals[x] > 0 ? counter.totals[x] : 1;
        ppmi->row_log[x] = (float)log(total);
        ppmi->context_log[x] = (float)(0.75 * log(total) - log(MAX(counter.total_power, 1)));
    }
    ok = fill(ppmi, &counter, row, touched, max_pairs, too_many, error);
done:
    g_free(row);
    g_free(touched);
    counter_clear(&counter);
    if (!ok || *too_many) {
        dj_ppmi_clear(ppmi);
    }
    return ok;
}
