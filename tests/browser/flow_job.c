/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long job: its progress is seen, survives leaving the page, tells a second person who is at work, and is cancelled.
 * A program that waits for ever stands in for duijie, so that the test knows what it will see. */
#include "tests/browser/visit.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

Test(browser, a_job_shows_progress_and_is_cancelled)
{
    g_autofree char *folder = g_dir_make_tmp("duijie-slow-XXXXXX", NULL);
    g_autofree char *program = g_build_filename(folder, "program", NULL),
                    *never = g_build_filename(folder, "never", NULL);
    g_autofree char *text = g_strdup_printf("#!/bin/sh\nprintf 'score\\t50\\t200\\t2000\\n' >&3\nexec cat %s\n", never);
    cr_assert_eq(mkfifo(never, 0600), 0);
    cr_assert(g_file_set_contents_full(program, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
    site_program = program;
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    sign_in(browser, &site, DJ_ROLE_ORGANISER);
    browser_click(browser, "//nav//a[.='任务']");
    browser_click(browser, "//button[.='建立索引']");
    browser_see(browser, "逐链打分");
    browser_see(browser, "25%");
    browser_see(browser, "大约还要 6 秒");
    browser_look(browser, "job-running");
    visit(browser, &site, "/jobs");
    browser_click(browser, "//a[.='看进度']");
    browser_see(browser, "25%");
    g_auto(Reply) second = site_ask_as(&site, DJ_ROLE_CENTRE, "POST", "/api/v1/jobs",
                                       "Content-Type: application/json\r\n", "{\"kind\": \"match\"}");
    cr_expect_eq(second.status, 409);
    browser_click(browser, "//button[.='取消']");
    g_free(browser_text(browser, "//p[contains(@class, 'note')]/b[.='已取消']"));
    browser_stop(browser);
    site_stop(&site);
    g_remove(never);
    g_remove(program);
    g_remove(folder);
}
