/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redrawn at most ten times a second: the work must not wait for a terminal. */
#include "app/progress.h"

#include "app/app.h"
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_SECONDS 0.1
#define LINES_SECONDS  0.5
#define REPEAT_SECONDS 30.0 /* where there is no terminal: a sign of life */
#define BAR_CELLS      24
#define FRACTION       1000 /* a total of thousandths, as the training of word vectors reports: not a count of anything */

struct DjProgressBar {
    FILE *out;
    gboolean terminal, quiet, lines;
    char *phase; /* NULL: none runs */
    guint64 done, total;
    gint64 began, shown; /* monotonic microseconds */
};

DjProgressBar *dj_progress_new(FILE *out, gboolean quiet)
{
    DjProgressBar *bar = g_new0(DjProgressBar, 1);
    bar->out = out;
    bar->quiet = quiet;
    bar->terminal = isatty(fileno(out));
    return bar;
}

DjProgressBar *dj_progress_new_lines(FILE *out)
{
    DjProgressBar *bar = g_new0(DjProgressBar, 1);
    bar->out = out;
    bar->lines = TRUE;
    return bar;
}

void dj_progress_free(DjProgressBar *bar)
{
    if (!bar)
        return;
    dj_progress_end_phase(bar);
    if (bar->lines)
        fclose(bar->out);
    g_free(bar);
}

char *dj_progress_count(guint64 number)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    gsize n = strlen(digits);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
    return g_string_free(out, FALSE);
}

static void append_time(GString *out, double seconds)
{
    guint64 whole = (guint64)(seconds + 0.5);
    if (whole < 100)
        g_string_append_printf(out, "%" G_GUINT64_FORMAT " s", whole);
    else
        g_string_append_printf(out, "%" G_GUINT64_FORMAT " min %" G_GUINT64_FORMAT " s", whole / 60, whole % 60);
}

char *dj_progress_line(const char *phase, guint64 done, guint64 total, double seconds, guint columns)
{
    g_autoptr(GString) tail = g_string_new(NULL);
    if (total != FRACTION) {
        g_autofree char *count = dj_progress_count(done);
        g_string_append(tail, count);
    }
    if (total > 0 && total != FRACTION) {
        g_autofree char *of = dj_progress_count(total);
        g_string_append_printf(tail, "/%s ", of);
    }
    if (total > 0)
        g_string_append_printf(tail, "%u %%", (guint)(MIN(done, total) * 100 / total));
    if (seconds >= 1.0 && done > 0) {
        double rate = (double)done / seconds;
        if (total != FRACTION) {
            g_autofree char *per_second = dj_progress_count((guint64)rate);
            g_string_append_printf(tail, " %s/s", per_second);
        }
        if (total > done) {
            g_string_append(tail, ", ");
            append_time(tail, (double)(total - done) / rate);
            g_string_append(tail, " left");
        }
    }
    g_autoptr(GString) line = g_string_new(phase);
    gboolean room = total > 0 && strlen(phase) + tail->len + BAR_CELLS + 4 <= columns;
    if (room) {
        guint full = (guint)(MIN(done, total) * BAR_CELLS / total);
        g_string_append(line, " [");
        for (guint i = 0; i < BAR_CELLS; i++)
            g_string_append_c(line, i < full ? '#' : ' ');
        g_string_append_c(line, ']');
    }
    g_string_append_printf(line, " %s", tail->str);
    if (line->len > columns)
        g_string_truncate(line, columns);
    return g_string_free(g_steal_pointer(&line), FALSE);
}

static guint terminal_columns(FILE *out)
{
    struct winsize size;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 10)
        return size.ws_col - 1u;
    return 79;
}

static double seconds_since(gint64 then)
{
    return (double)(g_get_monotonic_time() - then) / G_USEC_PER_SEC;
}

static void draw(DjProgressBar *bar)
{
    double seconds = seconds_since(bar->began);
    if (bar->lines) {
        fprintf(bar->out, "%s\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%.0f\n", bar->phase, bar->done, bar->total,
                seconds * 1000);
    } else {
        guint columns = bar->terminal ? terminal_columns(bar->out) : 200;
        g_autofree char *line = dj_progress_line(bar->phase, bar->done, bar->total, seconds, columns);
        fprintf(bar->out, bar->terminal ? "\r\033[K%s" : "%s\n", line);
    }
    fflush(bar->out);
    bar->shown = g_get_monotonic_time();
}

void dj_progress_end_phase(DjProgressBar *bar)
{
    if (!bar->phase)
        return;
    if (!bar->quiet && !bar->lines) {
        double seconds = seconds_since(bar->began);
        g_autofree char *count = bar->total == FRACTION ? g_strdup("done") : dj_progress_count(bar->done);
        fprintf(bar->out, "%s%s: %s in %.1f s\n", bar->terminal ? "\r\033[K" : "", bar->phase, count, seconds);
        fflush(bar->out);
    }
    g_clear_pointer(&bar->phase, g_free);
}

static double pause_of(const DjProgressBar *bar)
{
    return bar->lines ? LINES_SECONDS : bar->terminal ? REDRAW_SECONDS : REPEAT_SECONDS;
}

gboolean dj_progress_tell(const char *phase, guint64 done, guint64 total, gpointer user)
{
    DjProgressBar *bar = user;
    if (!bar->phase || strcmp(bar->phase, phase) != 0) {
        dj_progress_end_phase(bar);
        bar->phase = g_strdup(phase);
        bar->began = g_get_monotonic_time();
        bar->shown = bar->terminal || bar->lines ? 0 : bar->began;
    }
    bar->done = done;
    bar->total = total;
    if (!bar->quiet && seconds_since(bar->shown) >= pause_of(bar))
        draw(bar);
    return !dj_app_cancelled();
}
