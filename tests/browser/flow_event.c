/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An organiser drafts an event from the lists, mends its file after an error that names the line, plans, looks, prints
 * and publishes; then one guest stays away, another comes, and it is planned again. */
#include "tests/browser/visit.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

#define DONE "//p[contains(@class, 'note')]/b[.='完成']"

static void replace_text(Browser *browser, const char *from, const char *to)
{
    g_autofree char *script = g_strdup_printf(
        "const t = document.querySelector('textarea'); t.value = t.value.replace('%s', '%s')", from, to);
    json_decref(browser_run(browser, script));
}

Test(browser, an_event_is_drafted_mended_planned_and_published)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    sign_in(browser, &site, DJ_ROLE_ORGANISER);
    browser_follow(browser, "//nav//a[.='对接会']");
    browser_look(browser, "events");
    browser_type(browser, "input[name=name]", "秋季对接会");
    browser_click(browser, "//button[.='从配对清单起草']");
    g_free(browser_text(browser, DONE));
    browser_click(browser, "//a[.='回到这场对接会']");
    browser_see(browser, "还没有排");

    browser_follow(browser, "//a[.='改整份文件']");
    replace_text(browser, "tables:", "tabels:");
    browser_click(browser, "//button[.='检查并保存']");
    g_autofree char *fault = browser_text(browser, ".note-no");
    cr_expect(strstr(fault, "行第") && strstr(fault, "tabels: 2"), "%s", fault);
    browser_look(browser, "event-edit");
    replace_text(browser, "tabels:", "tables:");
    browser_follow(browser, "//button[.='检查并保存']");

    browser_click(browser, "//button[.='排会']");
    g_free(browser_text(browser, DONE));
    browser_click(browser, "//a[.='回到这场对接会']");
    browser_see(browser, "场会面");
    browser_click(browser, "//button[.='公布这一版']");
    g_free(browser_text(browser, DONE));
    browser_click(browser, "//a[.='回到这场对接会']");
    browser_see(browser, "已公布");
    browser_look(browser, "event");
    /* one does not come, another comes instead */
    browser_click(browser, "//a[.='参会人：来不来、几场、加人']");
    browser_see(browser, "问方");
    browser_look(browser, "event-guests");
    browser_click(browser, "//tr[td[.='T001']]//span[.='不来']");
    browser_type(browser, "input[name='new.name']", "王五");
    browser_type(browser, "input[name='new.meets']", "E001");
    browser_follow(browser, "//button[.='保存']");
    browser_click(browser, "//span[.='最低场次凑不满时，按最少的场次调低']");
    browser_click(browser, "//button[contains(., '重排')]");
    g_free(browser_text(browser, DONE));
    browser_click(browser, "//a[.='回到这场对接会']");
    browser_see(browser, "有改动，尚未重新公布");
    g_autofree char *book = browser_download(browser, "//a[contains(., 'Excel')]"), *bytes = NULL;
    cr_assert(g_file_get_contents(book, &bytes, NULL, NULL));
    cr_expect(g_str_has_prefix(bytes, "PK"));
    browser_click(browser, "//a[.='总览和时间表']");
    g_free(browser_text(browser, "//*[name()='svg'][@class='tt']"));
    browser_look(browser, "event-plan");
    browser_stop(browser);
    site_stop(&site);
}
