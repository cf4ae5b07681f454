/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line that a person watches for half an hour. */
#include "app/progress.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_line(const char *wanted, guint64 done, guint64 total, double seconds, guint columns)
{
    g_autofree char *line = dj_progress_line("index", done, total, seconds, columns);
    cr_assert_str_eq(line, wanted);
}

Test(progress, counts_are_grouped)
{
    static const struct {
        guint64 number;
        const char *text;
    } cases[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {1234567, "1,234,567"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = dj_progress_count(cases[i].number);
        cr_assert_str_eq(text, cases[i].text);
    }
}

Test(progress, line_shows_share_rate_and_time_left)
{
    expect_line("index [############            ] 22,500/45,000 50 % 5,625/s, 4 s left", 22500, 45000, 4.0, 100);
    expect_line("index [                        ] 0/45,000 0 %", 0, 45000, 9.0, 100);
    expect_line("index [########################] 45,000/45,000 100 % 9,000/s", 45000, 45000, 5.0, 100);
    expect_line("index [######                  ] 100/400 25 % 0/s, 10 min 0 s left", 100, 400, 200.0, 100);
}

Test(progress, first_second_gives_no_rate)
{
    expect_line("index [############            ] 5/10 50 %", 5, 10, 0.9, 100);
}

Test(progress, unknown_total_gives_no_bar)
{
    expect_line("index 300 100/s", 300, 0, 3.0, 100);
}

Test(progress, thousandths_are_shown_as_a_share)
{
    expect_line("index [############            ] 50 %, 2 s left", 500, 1000, 2.0, 100);
}

Test(progress, narrow_terminal_loses_the_bar_first)
{
    expect_line("index 22,500/45,000 50 % 5,625/s, 4 s left", 22500, 45000, 4.0, 45);
    expect_line("index 22,5", 22500, 45000, 4.0, 10);
}

Test(progress, more_than_all_is_all)
{
    expect_line("index [########################] 12/10 100 %", 12, 10, 0.5, 100);
}
