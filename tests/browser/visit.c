/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/browser/visit.h"

void visit(Browser *browser, const Site *site, const char *path)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u%s", dj_web_port(site->web), path);
    browser_open(browser, url);
}

void sign_in(Browser *browser, const Site *site, DjRole role)
{
    visit(browser, site, "/signin");
    browser_type(browser, "#token", site->token[role]);
    browser_click(browser, "main button[type=submit]");
    g_free(browser_text(browser, "form.out"));
}

void sign_out(Browser *browser)
{
    browser_click(browser, "form.out button");
    g_free(browser_text(browser, "//nav//a[.='登录']"));
}
