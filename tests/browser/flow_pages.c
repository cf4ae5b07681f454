/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page over the invented sample, whose texts are as long as real ones: it fits a desktop and a phone. The
 * pictures of README.md are taken here. */
#include "tests/browser/visit.h"

#include <criterion/criterion.h>

#define QUESTION                                                                                                                                          \
    "我们给射频器件供氮化铝陶瓷基板，现在 1840℃ 烧成，电费高，板面中间会鼓。想把烧成温度降到 1780℃ 以下，" \
    "热导率不低于 170 W/(m·K)。"
#define DONE "//p[contains(@class, 'note')]/b[starts-with(., '完成')]"

static void look_at(Browser *browser, const Site *site, const char *path, const char *name)
{
    visit(browser, site, path);
    g_free(browser_text(browser, "footer"));
    browser_look(browser, name);
}

static void look_at_asking(Browser *browser, const Site *site)
{
    look_at(browser, site, "/", "ask");
    browser_type(browser, "#q", QUESTION);
    browser_click(browser, "//button[.='找专利']");
    g_autofree char *mark = browser_text(browser, "article.hit details[open] .cmp mark");
    cr_expect(*mark != '\0');
    browser_look(browser, "results");
    browser_picture(browser, "picture-ask", FALSE);
    browser_phone(browser, TRUE);
    browser_click(browser, "a.to-filters");
    browser_look(browser, "filters");
    browser_phone(browser, TRUE);
    browser_click(browser, "//a[.='关闭']");
    browser_phone(browser, FALSE);
    browser_click(browser, "//button[.='都不合适']");
    browser_see(browser, "为什么不合适");
    browser_look(browser, "unmet");
}

static void look_at_own(Browser *browser, const Site *site)
{
    sign_in(browser, site, DJ_ROLE_ENTERPRISE);
    browser_look(browser, "own-needs");
    look_at(browser, site, "/needs/N-0401", "own-need");
    look_at(browser, site, "/", "ask-signed-in");
    browser_type(browser, "#q", QUESTION);
    browser_click(browser, "//button[.='找专利']");
    browser_click(browser, "//button[starts-with(., '保存这次提问')]");
    browser_see(browser, "新专利 0 件");
    browser_look(browser, "saved");
    sign_out(browser);
}

static void look_at_work(Browser *browser, const Site *site)
{
    sign_in(browser, site, DJ_ROLE_ORGANISER);
    look_at(browser, site, "/work", "work");
    look_at(browser, site, "/pairings", "no-pairings");
    browser_click(browser, "//button[.='生成配对清单']");
    g_free(browser_text(browser, DONE));
    browser_look(browser, "job");
    look_at(browser, site, "/jobs", "jobs");
    look_at(browser, site, "/pairings", "pairings");
    browser_click(browser, "table.rows tbody tr:first-child td:first-child a");
    g_free(browser_text(browser, "//h2[.='两边的原文']"));
    browser_look(browser, "pairing");
    browser_picture(browser, "picture-pairing", TRUE);
    look_at(browser, site, "/needs/N-0401", "need");
    browser_click(browser, "article.hit h3 a");
    browser_see(browser, "得分构成");
    browser_click(browser, "//p[.='专利']/following-sibling::h2/a");
    g_free(browser_text(browser, "pre.facts-text"));
    browser_look(browser, "record");
    look_at(browser, site, "/import", "import");
}

static void look_at_event(Browser *browser, const Site *site)
{
    look_at(browser, site, "/events", "events");
    browser_type(browser, "input[name=name]", "秋季对接会");
    browser_click(browser, "//button[.='从配对清单起草']");
    g_free(browser_text(browser, DONE));
    browser_click(browser, "//a[.='回到这场对接会']");
    browser_click(browser, "//button[.='排会']");
    g_free(browser_text(browser, DONE));
    browser_click(browser, "//a[.='回到这场对接会']");
    browser_see(browser, "场会面");
    browser_look(browser, "event");
    browser_follow(browser, "//a[.='参会人：来不来、几场、加人']");
    browser_look(browser, "event-guests");
    browser_follow(browser, "//p[@class='crumb']/a[2]");
    browser_click(browser, "//a[.='改整份文件']");
    browser_see(browser, "检查并保存");
    browser_look(browser, "event-edit");
    sign_out(browser);
}

static void look_at_centre(Browser *browser, const Site *site)
{
    sign_in(browser, site, DJ_ROLE_CENTRE);
    look_at(browser, site, "/centre", "centre");
    look_at(browser, site, "/months/2026-12-centre", "month");
}

Test(browser, every_page_fits_a_desktop_and_a_phone)
{
    Site site;
    site_start_sample(&site);
    site_month(&site, "2026-12", "centre");
    Browser *browser = browser_start();
    look_at(browser, &site, "/signin", "sign-in");
    look_at_asking(browser, &site);
    look_at_own(browser, &site);
    look_at_work(browser, &site);
    look_at_event(browser, &site);
    look_at_centre(browser, &site);
    browser_stop(browser);
    site_stop(&site);
}
