/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of an event: complete, the same bytes twice, escaped, calendars that keep RFC 5545. */
#include "engine/plan/event_plan_json.h"
#include "engine/report/event_report.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static const char hostile[] = "甲<b>&\"公司;,\\";

static DjEvent *make_event(void)
{
    DjEvent *event = dj_event_new();
    event->id = g_strdup("t");
    event->name = g_strdup("示例 <会>");
    event->date = g_strdup("2026-05-15");
    event->place = g_strdup("2 号厅; 东侧, 入口");
    event->slots = 4;
    event->tables = 2;
    event->minutes = 15;
    for (guint t = 0; t < 4; t++)
        event->start[t] = 18 * 60 + t * 15 + (t > 1 ? 30 : 0);
    for (guint i = 0; i < 4; i++) {
        DjEventPerson *person = dj_event_add_person(event);
        person->id = i == 0 ? g_strdup("E/1") : g_strdup_printf("%c%u", i < 2 ? 'E' : 'T', i);
        person->side = i < 2 ? DJ_EVENT_DEMAND : DJ_EVENT_SUPPLY;
        person->name = g_strdup(hostile);
        person->organisation = g_strdup_printf("单位 %u", i);
        person->max = 2;
        person->open = 15;
    }
    for (guint k = 0; k < 4; k++) {
        DjEventPair *pair = dj_event_add_pair(event);
        pair->who[0] = k / 2;
        pair->who[1] = 2 + k % 2;
        DjEventTopic *topic = dj_event_topic_new(10 + k);
        topic->title =
            g_strdup("一种很长很长的名称，长到日历的一行放不下，必须按规定折行，而且不能把一个汉字从中间切断");
        topic->why[0] = g_strdup("理由<1>");
        dj_event_take_topic(pair, topic);
        DjEventTopic *other = dj_event_topic_new(3);
        other->title = g_strdup("第二件<2>");
        other->patent = g_strdup("ZL2");
        dj_event_take_topic(pair, other);
    }
    return event;
}

static char *write_version(const DjEvent *event, const char *name, const GPtrArray *published)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *parent = g_dir_make_tmp("duijie-event-XXXXXX", &error);
    char *folder = g_build_filename(parent, name, NULL);
    g_autoptr(DjEventPlan) made = dj_event_plan_make(event, published, published ? 2 : 1, NULL, &error);
    cr_assert_not_null(made, "%s", error ? error->message : "");
    cr_assert(dj_event_report_write(made, folder, FALSE, &error), "%s", error ? error->message : "");
    return folder;
}

static char *write_folder(const DjEvent *event, const char *name)
{
    return write_version(event, name, NULL);
}

static char *read_file(const char *folder, const char *name, gsize *length)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, length, NULL), "%s is missing", path);
    return text;
}

static void remove_folder(const char *folder)
{
    g_autofree char *parent = g_path_get_dirname(folder);
    folder_remove(parent);
}

Test(event_report, two_runs_give_the_same_bytes)
{
    g_autoptr(DjEvent) event = make_event();
    g_autofree char *one = write_folder(event, "plan");
    g_autofree char *two = write_folder(event, "plan");
    static const char *const names[] = {"plan.json",     "problem.json",  "index.html",       "style.css",
                                        "企业单页.html", "机构单页.html", "桌牌.html",        "时间表.xlsx",
                                        "E_1-1.ics",     "E1.ics",        "sheet-E_1-1.html", "sheet-E1.html"};
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
        gsize n1 = 0, n2 = 0;
        g_autofree char *a = read_file(one, names[k], &n1);
        g_autofree char *b = read_file(two, names[k], &n2);
        cr_assert(n1 == n2 && memcmp(a, b, n1) == 0, "%s differs", names[k]);
    }
    remove_folder(one);
    remove_folder(two);
}

Test(event_report, texts_are_escaped)
{
    g_autoptr(DjEvent) event = make_event();
    g_autofree char *folder = write_folder(event, "plan");
    static const char *const pages[] = {"index.html", "企业单页.html", "机构单页.html", "桌牌.html", "sheet-E1.html"};
    for (guint k = 0; k < G_N_ELEMENTS(pages); k++) {
        g_autofree char *text = read_file(folder, pages[k], NULL);
        cr_assert_not_null(strstr(text, "甲&lt;b&gt;&amp;&quot;公司"), "%s", pages[k]);
        cr_assert_null(strstr(text, "甲<b>"), "%s", pages[k]);
        cr_assert_null(strstr(text, "<script"), "%s", pages[k]);
        cr_assert_null(strstr(text, "style=\""), "%s", pages[k]);
    }
    remove_folder(folder);
}

Test(event_report, one_meeting_tells_of_every_patent)
{
    g_autoptr(DjEvent) event = make_event();
    g_autofree char *folder = write_folder(event, "plan");
    static const struct {
        const char *name, *says;
    } files[] = {{"企业单页.html", "同场还可谈：第二件&lt;2&gt;"},
                 {"机构单页.html", "同场还可谈：第二件&lt;2&gt;"},
                 {"E1.ics", "第二件<2>"}};
    for (guint k = 0; k < G_N_ELEMENTS(files); k++) {
        g_autofree char *text = read_file(folder, files[k].name, NULL);
        cr_assert_not_null(strstr(text, files[k].says), "%s", files[k].name);
    }
    remove_folder(folder);
}

/* Pictures lie across pages of their own: what stands upright comes before them, or it leaves the first page half
 * empty; and they share the tables evenly. */
Test(event_report, paper_is_filled)
{
    g_autoptr(DjEvent) event = make_event();
    event->tables = 13;
    event->slots = 1;
    for (guint i = 4; i < 26; i++) {
        DjEventPerson *person = dj_event_add_person(event);
        person->id = g_strdup_printf("P%u", i);
        person->side = i % 2 ? DJ_EVENT_SUPPLY : DJ_EVENT_DEMAND;
        person->max = person->open = 1;
        if (i % 2 == 0)
            continue;
        DjEventPair *pair = dj_event_add_pair(event);
        pair->who[0] = i - 1;
        pair->who[1] = i;
        pair->points = 5;
    }
    g_autofree char *folder = write_folder(event, "plan");
    g_autofree char *text = read_file(folder, "index.html", NULL);
    const char *fair = strstr(text, "<h2>公平"), *picture = strstr(text, "<h2>时间表（第 1～7 桌，共 13 桌）");
    cr_assert(fair && picture && fair < picture);
    cr_assert_not_null(strstr(picture, "<h2>时间表（第 8～13 桌，共 13 桌）"));
    remove_folder(folder);
}

Test(event_report, calendars_keep_the_standard)
{
    g_autoptr(DjEvent) event = make_event();
    g_autofree char *folder = write_folder(event, "plan");
    g_autofree char *text = read_file(folder, "E1.ics", NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    guint entries = 0;
    for (guint k = 0; lines[k]; k++) {
        cr_assert_leq(strlen(lines[k]), 75u, "line %u is too long", k + 1);
        cr_assert(g_utf8_validate(lines[k], -1, NULL), "line %u cuts a character", k + 1);
        cr_assert_null(strchr(lines[k], '\n'));
        entries += strcmp(lines[k], "BEGIN:VEVENT") == 0;
    }
    cr_assert_eq(entries, 2);
    cr_assert_not_null(strstr(text, "SUMMARY:甲<b>&\"公司\\;\\,\\\\"));
    cr_assert_not_null(strstr(text, "LOCATION:2 号厅\\; 东侧\\, 入口"));
    remove_folder(folder);
}

Test(event_report, an_impossible_event_says_why)
{
    g_autoptr(DjEvent) event = make_event();
    dj_event_person(event, 0)->min = 2;
    dj_event_person(event, 1)->min = 2;
    dj_event_person(event, 2)->max = 1;
    g_autofree char *folder = write_folder(event, "plan");
    g_autofree char *text = read_file(folder, "index.html", NULL);
    cr_assert_not_null(
        strstr(text, "这 2 家企业，合起来最低要求 4 场；受 1 位发明人能见的场次所限，最多能给 3 场；差 1 场。"));
    cr_assert_not_null(strstr(text, "要求方：E/1 甲&lt;b&gt;"), "whom it concerns, by name");
    cr_assert_not_null(strstr(text, "提高最高场次或延长到场，共 1 场：T2 甲&lt;b&gt;"));
    cr_assert_not_null(strstr(text, " 1→2</td>"));
    g_autofree char *sheet = g_build_filename(folder, "企业单页.html", NULL);
    cr_assert_not(g_file_test(sheet, G_FILE_TEST_EXISTS));
    remove_folder(folder);
}

Test(event_report, the_timetable_is_there_by_name)
{
    g_autoptr(DjEvent) event = make_event();
    g_autofree char *folder = write_folder(event, "plan");
    g_autofree char *text = read_file(folder, "index.html", NULL);
    cr_assert_not_null(strstr(text, "按人查：问方"));
    cr_assert_not_null(strstr(text, "<a href=\"sheet-E_1-1.html\">甲&lt;b&gt;"));
    cr_assert_not_null(strstr(text, "<b>18:00</b> "));
    remove_folder(folder);
}

/* T3 does not come: who was to meet it learns so, by sheet and by calendar, even who has no other meeting. */
Test(event_report, a_drop_out_is_told_to_whom_it_touches)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjEvent) event = make_event();
    dj_event_pair(event, 2)->rule = DJ_PLAN_BAN; /* E1 meets T3 alone */
    g_autofree char *one = write_folder(event, "plan");
    g_autofree char *text = read_file(one, "plan.json", NULL);
    g_autoptr(GPtrArray) published = dj_event_plan_read_meetings(text, NULL, &error);
    cr_assert_eq(published->len, 3);
    dj_event_person(event, 3)->open = 0;
    g_autofree char *two = write_version(event, "plan", published);
    g_autofree char *overview = read_file(two, "index.html", NULL);
    cr_assert_not_null(strstr(overview, "取消：T3 这时不在场"));
    g_autofree char *sheet = read_file(two, "sheet-E1.html", NULL);
    cr_assert_not_null(strstr(sheet, "您有 0 场"));
    cr_assert_not_null(strstr(sheet, "<b>与上一版相比：</b>T3 甲&lt;b&gt;"));
    g_autofree char *changed = read_file(two, "变动单页.html", NULL);
    cr_assert_not_null(strstr(changed, "<b>E1</b>"));
    cr_assert_not_null(strstr(changed, "<b>E/1</b>"));
    cr_assert_null(strstr(changed, "<b>T2</b>"), "nothing changed for T2");
    g_autofree char *calendar = read_file(two, "E1.ics", NULL);
    cr_assert_not_null(strstr(calendar, "UID:t-E1-T3@duijie\r\n"));
    cr_assert_not_null(strstr(calendar, "SEQUENCE:1\r\n"));
    cr_assert_not_null(strstr(calendar, "STATUS:CANCELLED\r\n"));
    cr_assert_not_null(strstr(calendar, "SUMMARY:取消：T3\r\n"));
    remove_folder(one);
    remove_folder(two);
}
