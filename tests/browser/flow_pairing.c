/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An organiser makes the lists, narrows them, looks at the evidence of one pairing, decides with a reason, and asks why
 * another one is missing. */
#include "tests/browser/visit.h"

#include <criterion/criterion.h>
#include <string.h>

Test(browser, a_pairing_is_found_by_filters_judged_and_decided)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    sign_in(browser, &site, DJ_ROLE_ORGANISER);
    browser_click(browser, "//nav//a[.='配对清单']");
    browser_click(browser, "//button[.='生成配对清单']");
    g_free(browser_text(browser, "//p[contains(@class, 'note')]/b[.='完成']"));
    browser_see(browser, "配对清单.xlsx");

    visit(browser, &site, "/pairings");
    browser_click(browser, "//select[@name='owner']/option[starts-with(., '甲示例大学')]");
    browser_follow(browser, "//button[.='筛选']");
    guint n = browser_count(browser, "table.rows tbody tr");
    cr_assert_gt(n, 0);
    json_t *other =
        browser_run(browser, "return document.querySelector('table.rows tbody').innerText.includes('乙示例大学')");
    cr_expect(json_is_false(other));
    json_decref(other);
    browser_look(browser, "pairings");

    browser_click(browser, "table.rows tbody tr:first-child td:first-child a");
    g_free(browser_text(browser, "//h2[.='两边的原文']"));
    browser_look(browser, "pairing");
    browser_click(browser, "button[value=reject]");
    browser_see(browser, "拒绝要写原因");
    json_decref(browser_run(browser, "history.back()"));
    g_free(browser_text(browser, "//h2[.='两边的原文']"));
    browser_type(browser, "#note", "双方已经谈过");
    browser_click(browser, "button[value=accept]");
    browser_see(browser, "双方已经谈过");
    browser_see(browser, "接受");

    visit(browser, &site, "/pairings?decision=accept");
    cr_expect_eq(browser_count(browser, "table.rows tbody tr"), 1);
    browser_see(browser, "1 对");

    browser_type(browser, "#why input[name=need]", SITE_OTHER_NEED);
    browser_type(browser, "#why input[name=patent]", "S-13");
    browser_click(browser, "#why button");
    browser_see(browser, "不在这条需求的清单上");
    browser_look(browser, "why");
    browser_stop(browser);
    site_stop(&site);
}
