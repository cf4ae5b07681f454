/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in and out. */
#include "tests/browser/driver.h"
#include "tests/browser/visit.h"

#include <criterion/criterion.h>

Test(browser, an_organiser_signs_in_works_and_signs_out)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    visit(browser, &site, "/work");
    browser_see(browser, "请先登录");
    visit(browser, &site, "/signin");
    browser_type(browser, "#token", "dj_wrong");
    browser_click(browser, "main button[type=submit]");
    browser_see(browser, "令牌不对");
    browser_look(browser, "sign-in");
    sign_in(browser, &site, DJ_ROLE_ORGANISER);
    browser_see(browser, "需求与配对");
    browser_look(browser, "work");
    browser_click(browser, "form.out button");
    browser_see(browser, "登录");
    visit(browser, &site, "/work");
    browser_see(browser, "请先登录");
    browser_stop(browser);
    site_stop(&site);
}
