/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Anybody asks, narrows the answer, reads why, takes it home, and says that nothing fits; an enterprise keeps its
 * question and sees what is new the next time. */
#include "tests/browser/visit.h"

#include <criterion/criterion.h>
#include <string.h>

#define QUESTION "氮化铝陶瓷基板，热导率不低于 170 W/(m·K)，热循环不分层"

static void ask(Browser *browser, const Site *site)
{
    visit(browser, site, "/");
    browser_type(browser, "#q", QUESTION);
    browser_click(browser, "//button[.='找专利']");
    g_free(browser_text(browser, "article.hit"));
}

/* The text of every hit holds the words. */
static void expect_every_hit(Browser *browser, const char *words)
{
    g_autofree char *script =
        g_strdup_printf("const hits = [...document.querySelectorAll('article.hit')];"
                        "return hits.length > 0 && hits.every(hit => hit.innerText.includes('%s'))",
                        words);
    json_t *all = browser_run(browser, script);
    cr_expect(json_is_true(all), "a hit without %s", words);
    json_decref(all);
}

Test(browser, a_question_is_asked_narrowed_read_and_taken_home)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    visit(browser, &site, "/");
    browser_type(browser, "#q", "我们要高导热的氮化");
    browser_click(browser, "//ul[@id='suggest']//button[.='氮化铝']");
    json_t *taken = browser_run(browser, "return document.getElementById('q').value");
    cr_expect_str_eq(json_string_value(taken), "我们要高导热的氮化铝");
    json_decref(taken);

    ask(browser, &site);
    guint before = browser_count(browser, "article.hit");
    browser_click(browser, "//aside//label[contains(., '乙示例大学')]/input");
    browser_click(browser, "//button[.='应用筛选']");
    g_free(browser_text(browser, "//button[contains(@class, 'chip')][contains(., '乙示例大学')]"));
    guint after = browser_count(browser, "article.hit");
    cr_expect(after > 0 && after < before, "%u of %u", after, before);
    expect_every_hit(browser, "乙示例大学");
    browser_see(browser, "您写的");
    json_t *sums =
        browser_run(browser, "return [...document.querySelectorAll('table.parts')].every(table => {"
                             "  const n = cell => parseInt(cell.lastElementChild.innerText, 10);"
                             "  const rows = [...table.tBodies[0].rows].reduce((sum, row) => sum + n(row), 0);"
                             "  return rows === n(table.tFoot.rows[0]); })");
    cr_expect(json_is_true(sums), "parts do not add up");
    json_decref(sums);

    g_autofree char *book = browser_download(browser, "//button[.='导出表格']"), *bytes = NULL;
    cr_assert(g_file_get_contents(book, &bytes, NULL, NULL));
    cr_expect(g_str_has_prefix(bytes, "PK"));
    g_autofree char *table = browser_download(browser, "//button[.='CSV']"), *text = NULL;
    cr_assert(g_file_get_contents(table, &text, NULL, NULL));
    cr_expect(strstr(text, "乙示例大学") && !strstr(text, "甲示例大学"), "%s", text);

    browser_type(browser, "input[name=patent]", "S-01");
    browser_click(browser, "//button[.='为什么没有？']");
    browser_see(browser, "不在这次的结果里：被您选的条件去掉了");
    browser_click(browser, "//button[.='回到结果']");
    g_free(browser_text(browser, "article.hit"));
    expect_every_hit(browser, "乙示例大学");
    browser_click(browser, "article.hit h3 a");
    g_free(browser_text(browser, "//dl[@class='record']//dt[.='专利权人']"));
    browser_stop(browser);
    site_stop(&site);
}

Test(browser, filters_open_and_apply_on_a_phone)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    browser_phone(browser, TRUE);
    ask(browser, &site);
    browser_click(browser, "a.to-filters");
    browser_click(browser, "//aside//label[contains(., '甲示例大学')]/input");
    browser_click(browser, "//button[.='应用筛选']");
    g_free(browser_text(browser, "//a[contains(@class, 'to-filters')][contains(., '（1）')]"));
    expect_every_hit(browser, "甲示例大学");
    browser_click(browser, "//button[contains(@class, 'chip')][contains(., '甲示例大学')]");
    g_free(browser_text(browser, "//a[contains(@class, 'to-filters')][normalize-space(.)='筛选']"));
    browser_stop(browser);
    site_stop(&site);
}

Test(browser, what_nothing_fits_is_routed_to_the_centre)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    ask(browser, &site);
    browser_click(browser, "//button[.='都不合适']");
    browser_see(browser, "为什么不合适");
    browser_click(browser, "//label[contains(., '订单式研发')]/input");
    browser_type(browser, "#title", "征集陶瓷基板");
    browser_type(browser, "#contact", "02700000000");
    browser_click(browser, "//button[.='交给运营中心']");
    browser_see(browser, "已记下，编号 1");
    browser_see(browser, "订单式研发");
    sign_in(browser, &site, DJ_ROLE_CENTRE);
    visit(browser, &site, "/centre");
    browser_see(browser, "征集陶瓷基板");
    browser_stop(browser);
    site_stop(&site);
}

Test(browser, a_saved_question_tells_what_came_since)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    sign_in(browser, &site, DJ_ROLE_ENTERPRISE);
    ask(browser, &site);
    browser_click(browser, "//button[starts-with(., '保存这次提问')]");
    browser_see(browser, "新专利 0 件");
    site_add_patent(&site, "S-NEW", "高导热氮化铝陶瓷基板新法");
    site_index(&site);
    site_wait_generation(&site, 2);
    visit(browser, &site, "/saved");
    browser_see(browser, "新专利 1 件");
    browser_click(browser, "//button[.='看结果']");
    browser_see(browser, "其中 1 件是上次以后新来的");
    cr_expect_eq(browser_count(browser, "article.hit .chip.new"), 1);
    visit(browser, &site, "/saved");
    browser_see(browser, "新专利 0 件");
    browser_click(browser, "//button[.='删除']");
    browser_see(browser, "还没有");
    browser_stop(browser);
    site_stop(&site);
}
