/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/timings.h"

#include <sys/resource.h>
#include <time.h>

typedef struct {
    const char *name;
    double wall, processor; /* seconds */
} Phase;

struct DjTimings {
    GArray *phases;
    const char *running;
    double wall, processor; /* when it began */
};

static double seconds(clockid_t clock)
{
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

DjTimings *dj_timings_new(void)
{
    DjTimings *timings = g_new0(DjTimings, 1);
    timings->phases = g_array_new(FALSE, TRUE, sizeof(Phase));
    return timings;
}

void dj_timings_free(DjTimings *timings)
{
    if (!timings)
        return;
    g_array_unref(timings->phases);
    g_free(timings);
}

static Phase *phase_named(DjTimings *timings, const char *name)
{
    for (guint i = 0; i < timings->phases->len; i++)
        if (g_str_equal(g_array_index(timings->phases, Phase, i).name, name))
            return &g_array_index(timings->phases, Phase, i);
    Phase fresh = {.name = name};
    g_array_append_val(timings->phases, fresh);
    return &g_array_index(timings->phases, Phase, timings->phases->len - 1);
}

const char *dj_timings_phase(DjTimings *timings, const char *phase)
{
    if (!timings)
        return NULL;
    const char *before = timings->running;
    double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (before) {
        Phase *ended = phase_named(timings, before);
        ended->wall += wall - timings->wall;
        ended->processor += processor - timings->processor;
    }
    if (phase)
        phase_named(timings, phase);
    timings->running = phase;
    timings->wall = wall;
    timings->processor = processor;
    return before;
}

char *dj_timings_text(DjTimings *timings)
{
    Phase all = {.name = "all"};
    GString *out = g_string_new(NULL);
    dj_timings_phase(timings, dj_timings_phase(timings, NULL)); /* what runs counts up to now */
    for (guint i = 0; i < timings->phases->len; i++) {
        all.wall += g_array_index(timings->phases, Phase, i).wall;
        all.processor += g_array_index(timings->phases, Phase, i).processor;
    }
    for (guint i = 0; i <= timings->phases->len; i++) {
        const Phase *phase = i < timings->phases->len ? &g_array_index(timings->phases, Phase, i) : &all;
        g_string_append_printf(out, "%-22s %8.2f s %5.1f %%, processor %8.2f s\n", phase->name, phase->wall,
                               all.wall > 0 ? 100 * phase->wall / all.wall : 0.0, phase->processor);
    }
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    g_string_append_printf(out, "peak memory %ld MiB\n", usage.ru_maxrss / 1024);
    return g_string_free(out, FALSE);
}
