/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every message that the loader of event files can give has Chinese words, now and when another one is added. */
#include "app/web/event_complaint.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect(const char *message, const char *expected)
{
    g_autofree char *words = dj_event_complaint(message, "/w/events/a/.EVENT-x");
    cr_expect_str_eq(words, expected, "%s", words);
}

Test(event_complaint, says_where_and_what)
{
    expect("/w/events/a/.EVENT-x: line 6, column 8: slots.count: must lie between 1 and 64: 0",
           "第 6 行第 8 列 slots.count：应在 1 到 64 之间，写的是 0");
    expect("/w/events/a/.EVENT-x: line 3, column 1: \"date\" is missing", "第 3 行第 1 列：缺少“date”");
    expect("/w/events/a/.EVENT-x: line 9, column 5: participants[2].side: must be demand, supply, agency, finance or "
           "both: \"买方\"",
           "第 9 行第 5 列 participants[2].side：要写 demand（企业）、supply（发明人）、agency（服务机构）、"
           "finance（金融机构）或 both（双方），写的是“买方”");
    expect("/w/events/a/pairs.csv: row 12, column 企业编号: no participant \"E: 99\"",
           "表格 pairs.csv 第 12 行“企业编号”：没有编号为“E: 99”的参会者");
    expect("/w/events/a/participants.csv: row 4: minimum is above maximum",
           "表格 participants.csv 第 4 行：最少比最多还多");
    expect("/w/events/a/.EVENT-x: the file is empty", "文件是空的");
    expect("/w/events/a/.EVENT-x: line 2, column 3: something new", "第 2 行第 3 列：something new");
    expect("", "");
}

/* The texts that stand where `pattern` captures them in a source; what printf puts in becomes 7. */
static guint check_source(const char *name, const char *pattern)
{
    g_autofree char *path = g_build_filename(DJ_SOURCE_DIR, "config", name, NULL), *text = NULL;
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, &error), "%s", error ? error->message : "");
    g_autoptr(GRegex) calls = g_regex_new(pattern, G_REGEX_DOTALL, 0, NULL);
    g_autoptr(GRegex) joints = g_regex_new("(?<!\\\\)\"\\s*(G_GINT64_FORMAT)?\\s*\"", 0, 0, NULL);
    g_autoptr(GRegex) specs = g_regex_new("%[a-z]+|\"\\s*G_GINT64_FORMAT\\s*$", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    guint n = 0;
    for (g_regex_match(calls, text, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_autofree char *literal = g_match_info_fetch(match, 1);
        g_autofree char *joined = g_regex_replace_literal(joints, literal, -1, 0, "", 0, NULL);
        g_strdelimit(joined, "\n", ' ');
        char *end = strrchr(joined, '"');
        if (end && end[1] == '\0')
            *end = '\0';
        g_autofree char *plain = g_regex_replace_literal(specs, joined + 1, -1, 0, "7", 0, NULL);
        g_autofree char *said = g_strcompress(plain);
        if (strcmp(said, "7") == 0) /* the message of another call */
            continue;
        g_autofree char *words = dj_event_complaint_words(said);
        cr_expect(words != NULL, "%s: no Chinese words for: %s", name, said);
        n++;
    }
    return n;
}

Test(event_complaint, knows_every_message_of_the_loader)
{
    const char *after_error = "fail\\([^;\"]*error,\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*(?:G_GINT64_FORMAT\\s*)?)+)";
    cr_expect_geq(check_source("event.c", after_error), 12);
    cr_expect_geq(check_source("event_rows.c", after_error), 10);
    cr_expect_geq(check_source("yaml.c", after_error), 8);
    cr_expect_eq(check_source("yaml_edit.c", after_error), 1);
    cr_expect_eq(check_source("event_rows.c", "return (\"(?:[^\"\\\\]|\\\\.)*\");"), 3);
    cr_expect_geq(check_source("yaml.c", "fail_at\\([^;\"]*error,\\s*(\"(?:[^\"\\\\]|\\\\.)*\")"), 6);
}

/* Limits that cross are found by the plan, not by the loader. */
Test(event_complaint, knows_limits_that_cross)
{
    static const char *const said[] = {
        "is by chain, but floors[0] of the same side is by city, and a participant can fall under both, so the limits "
        "cross; keep floors by one property per side",
        "value \"a\" has a floor already: floors[0]", "E1 of team \"x\" does not answer, so no cap applies",
        "T1 (city a) and T2 (no floor) of team \"x\" fall under different floors, so the limits cross; drop the cap or "
        "the floor"};
    for (gsize k = 0; k < G_N_ELEMENTS(said); k++) {
        g_autofree char *words = dj_event_complaint_words(said[k]);
        cr_expect_not_null(words, "no Chinese words for: %s", said[k]);
        cr_expect(!words || !strchr(words, '$'), "%s", words);
    }
}
