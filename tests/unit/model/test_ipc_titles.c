/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model/ipc_titles.h"
#include <criterion/criterion.h>

static DjIpc parse(const char *text)
{
    DjIpc code;
    cr_assert(dj_ipc_parse(text, &code), "%s", text);
    return code;
}

static void add(DjIpcTitles *titles, const char *symbol, const char *title)
{
    DjIpc code = parse(symbol);
    cr_assert(dj_ipc_titles_add(titles, &code, title), "%s", symbol);
}

static void expect_label(const DjIpcTitles *titles, const char *symbol, const char *label)
{
    DjIpc code = parse(symbol);
    g_autofree char *got = dj_ipc_titles_label(titles, &code);
    cr_expect_str_eq(got, label);
}

Test(ipc_titles, are_found_by_the_parsed_code_and_else_by_the_nearest_wider_one)
{
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_new();
    add(titles, "G01S", "无线电定位");
    add(titles, "G01S1", "信标");
    add(titles, "G01S13/00", "雷达");
    add(titles, "G01S13/02", "利用无线电波反射的系统");
    add(titles, "H", "电学");
    expect_label(titles, "G01S13", "G01S13 雷达"); /* not 信标, whose text is a prefix */
    expect_label(titles, "G01S13/00", "G01S13/00 雷达");
    expect_label(titles, "G01S13/02", "G01S13/02 利用无线电波反射的系统");
    expect_label(titles, "G01S13/88", "G01S13/88 雷达");
    expect_label(titles, "G01S17", "G01S17 无线电定位");
    expect_label(titles, "H01M10/052", "H01M10/052 电学");
    expect_label(titles, "A01B", "A01B");
    expect_label(NULL, "A01B", "A01B");
}

Test(ipc_titles, the_first_title_of_a_code_stays)
{
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_new();
    add(titles, "H01M10/00", "二次电池");
    DjIpc same = parse("H01M10");
    cr_expect_not(dj_ipc_titles_add(titles, &same, "另一个"));
    cr_expect_str_eq(dj_ipc_titles_get(titles, &same), "二次电池");
    cr_expect_eq(dj_ipc_titles_count(titles), 1);
}

Test(ipc_titles, a_long_official_title_is_shown_up_to_a_semicolon_outside_brackets)
{
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_new();
    add(titles, "C01B", "非金属元素（如甲；乙）；其化合物；及一切不在其他小类中列入的制备方法");
    add(titles, "A21B", "食品烤炉；焙烤用机械");
    expect_label(titles, "C01B", "C01B 非金属元素（如甲；乙）");
    expect_label(titles, "A21B", "A21B 食品烤炉；焙烤用机械"); /* short enough */
}

static void append(const DjIpc *code, const char *title, gpointer user)
{
    g_autofree char *symbol = dj_ipc_format(code);
    g_string_append_printf(user, "%s=%s ", symbol, title);
}

Test(ipc_titles, come_in_the_order_of_the_classification)
{
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_new();
    static const char *const symbols[] = {"B01D53/86", "B01D9", "B01D53", "A", "B01D53/14", "B01D", "A01"};
    for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++)
        add(titles, symbols[i], "x");
    g_autoptr(GString) out = g_string_new(NULL);
    dj_ipc_titles_each(titles, append, out);
    cr_expect_str_eq(out->str, "A=x A01=x B01D=x B01D9=x B01D53=x B01D53/14=x B01D53/86=x ");
}
