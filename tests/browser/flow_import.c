/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An organiser brings a spreadsheet, sees which row is wrong and why, takes the rejected rows home, imports the rest
 * and builds an index, watching both. */
#include "tests/browser/visit.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static char *write_file(const Site *site, const char *name, const char *text)
{
    char *path = g_build_filename(site->folder, name, NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    return path;
}

Test(browser, an_upload_is_checked_first_and_wrong_rows_say_why)
{
    Site site;
    site_start(&site, 0, 30);
    Browser *browser = browser_start();
    g_autofree char *file = write_file(&site, "新专利.csv",
                                       "专利名称,专利号,摘要,专利权人,法律状态\n"
                                       "石墨烯导热膜,202110000001X,一种导热膜。,丙示例大学,有效\n"
                                       "石墨烯散热片卷材,ZL202110123456.7,卷对卷制备散热片。,丙示例大学,有效\n"
                                       "碳纳米管浆料,ZL201911234567.4,分散稳定的浆料。,丁示例大学,有效\n");
    sign_in(browser, &site, DJ_ROLE_ORGANISER);
    browser_follow(browser, "//nav//a[.='导入']");
    browser_look(browser, "import");
    browser_click(browser, "input[value=patents]");
    browser_type(browser, "#file", file);
    browser_click(browser, "//button[.='上传并检查']");
    g_free(browser_text(browser, "#rejects"));
    browser_see(browser, "CSV, UTF-8");
    g_autofree char *first = browser_text(browser, "#first");
    cr_expect(strstr(first, "前 2 条") && strstr(first, "石墨烯散热片卷材") && strstr(first, "卷对卷制备散热片。"),
              "%s", first);
    cr_expect_not(strstr(first, "石墨烯导热膜"), "a rejected row");
    browser_look(browser, "import-check");
    g_autofree char *fault = browser_text(browser, ".rejects .fault");
    cr_expect(*fault != '\0');
    g_autofree char *bad = browser_text(browser, ".rejects .bad");
    cr_expect(strstr(bad, "202110000001X"), "%s", bad);

    g_autofree char *saved = browser_download(browser, "//a[contains(., 'rejects.csv')]"), *text = NULL;
    cr_assert(g_file_get_contents(saved, &text, NULL, NULL));
    cr_expect(strstr(text, "202110000001X"), "%s", text);
    g_autofree char *book = browser_download(browser, "//a[contains(., 'rejects.xlsx')]"), *bytes = NULL;
    cr_assert(g_file_get_contents(book, &bytes, NULL, NULL));
    cr_expect(g_str_has_prefix(bytes, "PK"));

    browser_click(browser, "//button[contains(., '导入这')]");
    browser_see(browser, "完成，有退回的行");
    browser_see(browser, "再导入一个文件");
    browser_click(browser, "//button[.='建立索引']");
    browser_see(browser, "第 3 号");
    g_free(browser_text(browser, "//p[contains(@class, 'note')]/b[.='完成']"));
    browser_look(browser, "job-done");
    visit(browser, &site, "/jobs");
    browser_look(browser, "jobs");
    browser_stop(browser);
    site_stop(&site);
}
