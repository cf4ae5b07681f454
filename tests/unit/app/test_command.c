/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command table, the date of the run, exit codes. */
#include "app/command.h"
#include "engine/store/store.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
#include <string.h>

Test(command, found_by_name_and_guessed_by_typo)
{
    const char *near = NULL;
    cr_assert_not_null(dj_command_find("match", &near));
    cr_assert_null(near);
    cr_assert_null(dj_command_find("mach", &near));
    cr_assert_str_eq(near, "match");
    near = NULL;
    cr_assert_null(dj_command_find("exterminate", &near));
    cr_assert_null(near);
}

Test(command, every_command_is_unique_and_explained)
{
    gsize n;
    const DjCommand *commands = dj_commands(&n);
    for (gsize i = 0; i < n; i++) {
        const char *near = NULL;
        cr_assert_eq(dj_command_find(commands[i].name, &near), &commands[i], "%s", commands[i].name);
        cr_assert_gt(strlen(commands[i].help), 10);
    }
}

Test(command, date_of_the_run)
{
    static const struct {
        const char *text, *now;
        int day;
    } good[] = {{"2026-11-01", "2026-11-01T00:00:00", 20758},
                {"1970-01-02", "1970-01-02T00:00:00", 1},
                {"2026-11-01T23:59:58", "2026-11-01T23:59:58", 20758}};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *now = NULL;
        int day = 0;
        cr_assert(dj_app_parse_now(good[i].text, &now, &day), "%s", good[i].text);
        cr_assert_str_eq(now, good[i].now);
        cr_assert_eq(day, good[i].day);
    }
    static const char *const bad[] = {"",           "2026",       "2026-11",      "2026-13-01",          "2026-11-31",
                                      "01.11.2026", "2026-11-1x", "2026-11-01T9", "2026-11-01T24:00:00", "2026-11-01 "};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *now = NULL;
        int day = 0;
        cr_assert_not(dj_app_parse_now(bad[i], &now, &day), "%s", bad[i]);
    }
}

static void expect_code(GQuark domain, int code, int wanted)
{
    g_autoptr(GError) error = g_error_new_literal(domain, code, "x");
    cr_assert_eq(dj_app_exit_code(error), wanted);
}

Test(command, exit_codes)
{
    expect_code(DJ_APP_ERROR, DJ_APP_ERROR_USAGE, DJ_EXIT_USAGE);
    expect_code(DJ_APP_ERROR, DJ_APP_ERROR_BUSY, DJ_EXIT_BUSY);
    expect_code(DJ_STORE_ERROR, DJ_STORE_ERROR_BUSY, DJ_EXIT_BUSY);
    expect_code(DJ_STORE_ERROR, DJ_STORE_ERROR_DAMAGED, DJ_EXIT_FAILED);
    expect_code(G_IO_ERROR, G_IO_ERROR_CANCELLED, DJ_EXIT_FAILED);
}
