/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/timings.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void work(void)
{
    gint64 until = g_get_monotonic_time() + 20000;
    while (g_get_monotonic_time() < until)
        continue;
}

Test(timings, phases_add_up_and_go_on_where_they_stopped)
{
    g_autoptr(DjTimings) timings = dj_timings_new();
    cr_expect_null(dj_timings_phase(timings, "outer"));
    work();
    const char *before = dj_timings_phase(timings, "inner");
    cr_expect_str_eq(before, "outer");
    work();
    cr_expect_str_eq(dj_timings_phase(timings, before), "inner");
    work();
    g_autofree char *text = dj_timings_text(timings);
    double outer, inner, all;
    const char *last = strstr(text, "all ");
    cr_assert_not_null(last, "%s", text);
    cr_assert_eq(sscanf(text, "outer %lf s %*f %%, processor %*f s inner %lf s", &outer, &inner), 2, "%s", text);
    cr_assert_eq(sscanf(last, "all %lf s 100.0", &all), 1, "%s", text);
    cr_expect_geq(outer, 0.039);
    cr_expect_geq(inner, 0.019);
    cr_expect_lt(outer + inner - all, 0.02);
    cr_expect_lt(all - outer - inner, 0.02);
    cr_expect_not_null(strstr(text, "peak memory "));
    cr_expect_null(dj_timings_phase(NULL, "nothing is counted"));
}
