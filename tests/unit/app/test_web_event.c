/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events on pages: whose files they read and change, what stays when a plan fails, participants, tables and feedback.
 * The flow itself is in tests/browser. */
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

Test(web_event, an_event_reads_no_file_but_its_own_and_nobody_overwrites_another)
{
    Site site;
    site_start(&site, 0, 30);
    g_auto(Reply) bad = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events", FORM,
                                    "name=..%2Fevil&date=2026-11-01&slots=4&tables=4&demand=9&supply=9");
    cr_expect_eq(bad.status, 400);
    g_auto(Reply) made = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events", FORM,
                                     "name=autumn&date=2026-11-01&slots=4&tables=4&demand=9&supply=9");
    cr_assert_eq(made.status, 303, "%s", made.body);
    g_autofree char *state = site_job_end(&site, 1);
    cr_assert_str_eq(state, "done");
    g_autofree char *path = g_build_filename(site.folder, "events", "autumn", "EVENT.yaml", NULL), *before = NULL;
    cr_assert(g_file_get_contents(path, &before, NULL, NULL));
    g_autofree char *base = g_compute_checksum_for_string(G_CHECKSUM_SHA256, before, -1);
    static const char *const files[] = {"/etc/passwd", "../../duijie.db", "sub/pairs.csv"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GString) text = g_string_new(before);
        g_autofree char *line = g_strconcat("\npairs: ", files[i], NULL);
        cr_assert_eq(g_string_replace(text, "\npairs: pairs.csv", line, 1), 1);
        g_autofree char *encoded = g_uri_escape_string(text->str, NULL, FALSE);
        g_autofree char *body = g_strdup_printf("base=%s&text=%s", base, encoded);
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/edit", FORM, body);
        cr_expect_eq(reply.status, 422, "%s: %d", files[i], reply.status);
        cr_expect_not(strstr(reply.body, "root:"));
    }
    g_autofree char *encoded = g_uri_escape_string(before, NULL, FALSE);
    g_autofree char *late = g_strdup_printf("base=%064d&text=%s", 0, encoded);
    g_auto(Reply) conflict = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/edit", FORM, late);
    cr_expect_eq(conflict.status, 409);
    g_autofree char *after = NULL;
    cr_assert(g_file_get_contents(path, &after, NULL, NULL));
    cr_expect_str_eq(after, before);
    g_autofree char *table = site_upload("", "EVENT.yaml", "x");
    g_auto(Reply) yaml = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/table", PARTS, table);
    cr_expect_eq(yaml.status, 400);
    site_stop(&site);
}

/* A meeting of the plan that stands in the event's folder; FALSE when it has none. */
static gboolean first_meeting(const Site *site, char **demand, char **supply, json_int_t *version)
{
    g_autofree char *path = g_build_filename(site->folder, "events", "autumn", "plan", "plan.json", NULL);
    json_t *plan = json_load_file(path, 0, NULL), *meeting = json_array_get(json_object_get(plan, "meetings"), 0);
    const char *a = json_string_value(json_object_get(meeting, "demand")),
               *b = json_string_value(json_object_get(meeting, "supply"));
    *demand = g_strdup(a);
    *supply = g_strdup(b);
    *version = json_integer_value(json_object_get(plan, "version"));
    json_decref(plan);
    return a && b;
}

static gboolean plan_has(const Site *site, const char *demand, const char *supply)
{
    g_autofree char *path = g_build_filename(site->folder, "events", "autumn", "plan", "plan.json", NULL);
    json_t *plan = json_load_file(path, 0, NULL), *meeting;
    gboolean found = FALSE;
    gsize i;
    json_array_foreach(json_object_get(plan, "meetings"), i, meeting) found |=
        g_strcmp0(json_string_value(json_object_get(meeting, "demand")), demand) == 0 &&
        g_strcmp0(json_string_value(json_object_get(meeting, "supply")), supply) == 0;
    json_decref(plan);
    return found;
}

/* Edits the event's file on its page: the two may not meet, and nobody needs so many meetings that this fails. */
static void ban(const Site *site, const char *demand, const char *supply)
{
    g_autofree char *path = g_build_filename(site->folder, "events", "autumn", "EVENT.yaml", NULL), *before = NULL;
    cr_assert(g_file_get_contents(path, &before, NULL, NULL));
    g_autofree char *base = g_compute_checksum_for_string(G_CHECKSUM_SHA256, before, -1);
    g_autofree char *rule =
        g_strdup_printf("ban: [{demand: \"%s\", supply: \"%s\", reason: 临时退出}]", demand, supply);
    g_autoptr(GString) text = g_string_new(before);
    cr_assert_eq(g_string_replace(text, "ban: []", rule, 1), 1);
    g_string_replace(text, ", min: 2}", "}", 0);
    g_string_replace(text, "demand: {min: 3", "demand: {min: 1", 0);
    g_autofree char *encoded = g_uri_escape_string(text->str, NULL, FALSE);
    g_autofree char *form = g_strdup_printf("base=%s&text=%s", base, encoded);
    g_auto(Reply) reply = site_ask_as(site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/edit", FORM, form);
    cr_assert_eq(reply.status, 303, "%s", reply.body);
}

Test(web_event, a_published_plan_is_replanned_and_the_filled_sheet_comes_back)
{
    Site site;
    site_start(&site, 0, 30);
    site_job(&site, DJ_ROLE_ORGANISER, "/events", "name=autumn&date=2026-11-01&slots=4&tables=4&demand=9&supply=9", 1);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=plan", 2);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=publish", 3);
    g_autofree char *demand = NULL, *supply = NULL;
    json_int_t version, second;
    cr_assert(first_meeting(&site, &demand, &supply, &version));

    ban(&site, demand, supply);
    g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/events/autumn", NULL, NULL);
    cr_expect(strstr(page.body, "value=\"replan\"") && !strstr(page.body, "value=\"plan\""), "%s", page.body);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=replan", 4);
    cr_expect_not(plan_has(&site, demand, supply));
    g_autofree char *other = NULL, *inventor = NULL;
    cr_assert(first_meeting(&site, &other, &inventor, &second), "others still meet");
    cr_expect_eq(second, version + 1);
    g_auto(Reply) changed = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/events/autumn", NULL, NULL);
    cr_expect_not_null(strstr(changed.body, "有改动，尚未重新公布"));
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=publish", 5);

    /* one row that is right, one of a meeting that never was */
    g_autofree char *sheet =
        g_strdup_printf("企业编号,发明人编号,是否见成,企业评价,发明人评价\n%s,%s,是,可能合作,可能合作\n"
                        "%s,nobody,是,可能合作,可能合作\n",
                        other, inventor, other);
    g_autofree char *body = site_upload("", "反馈.csv", sheet);
    g_auto(Reply) sent = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/feedback", PARTS, body);
    cr_assert_eq(sent.status, 303, "%s", sent.body);
    g_autofree char *state = site_job_end(&site, 6);
    g_auto(Reply) log = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/jobs/6/log", NULL, NULL);
    cr_expect_str_eq(state, "rejected", "%s: %s", state, log.body);
    cr_expect(strstr(log.body, "2 rows, 1 recorded") && strstr(log.body, "row 3, column 发明人编号"), "%s", log.body);
    g_auto(Reply) funnel = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/api/v1/funnel", NULL, NULL);
    json_t *counts = reply_json(&funnel);
    cr_expect_eq(json_integer_value(json_object_get(counts, "met")), 1, "%s", funnel.body);
    cr_expect_eq(json_integer_value(json_object_get(counts, "possible")), 1, "%s", funnel.body);
    json_decref(counts);
    site_stop(&site);
}

static void write_event(const Site *site, const char *name, const char *file, const char *text)
{
    g_autofree char *folder = g_build_filename(site->folder, "events", name, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    cr_assert_eq(g_mkdir_with_parents(folder, 0777), 0);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
}

Test(web_event, minima_that_cannot_be_kept_are_lowered_where_the_organiser_says_so)
{
    Site site;
    site_start(&site, 0, 5);
    write_event(&site, "autumn", "EVENT.yaml",
                "id: a\nname: 秋季\ndate: 2026-11-20\nslots: {first: \"18:30\", minutes: 15, count: 3}\ntables: 2\n"
                "limits: {demand: {min: 2}}\nparticipants:\n  - {id: E1, side: demand, name: 甲公司}\n"
                "  - {id: T1, side: supply}\npairs: pairs.csv\n");
    write_event(&site, "autumn", "pairs.csv", "demand,supply,points\nE1,T1,90\n");
    g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/events/autumn", NULL, NULL);
    cr_expect_not_null(strstr(page.body, "name=\"lower\" value=\"1\""));
    g_auto(Reply) refused = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/do", FORM, "what=plan");
    g_autofree char *failed = site_job_end(&site, 1);
    cr_expect_str_eq(failed, "failed");
    cr_expect_eq(refused.status, 303);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=plan&lower=1", 2);
    g_auto(Reply) overview =
        site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/events/autumn/files/plan/index.html", NULL, NULL);
    cr_expect_not_null(strstr(overview.body, "最低场次凑不满，已按最少的场次调低：甲公司（E1）2 → 1。"));
    site_stop(&site);
}

static char *event_text(const Site *site, const char *name)
{
    g_autofree char *path = g_build_filename(site->folder, "events", name, "EVENT.yaml", NULL);
    char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* Sends the form of the participants with the file's own base. */
static Reply send_guests(const Site *site, const char *fields)
{
    g_autofree char *text = event_text(site, "autumn");
    g_autofree char *base = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_autofree char *body = g_strdup_printf("base=%s&%s", base, fields);
    return site_ask_as(site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/guests", FORM, body);
}

static void expect_text(const Site *site, const char *says, const char *never)
{
    g_autofree char *text = event_text(site, "autumn");
    cr_expect(strstr(text, says) != NULL, "%s is missing in\n%s", says, text);
    cr_expect(!never || !strstr(text, never), "%s stands in\n%s", never ? never : "", text);
}

Test(web_event, guests_are_changed_by_a_form_that_leaves_the_rest_of_the_file_alone)
{
    Site site;
    site_start(&site, 0, 5);
    write_event(&site, "autumn", "EVENT.yaml",
                "id: a # 编号\nname: 秋季\ndate: 2026-11-20\nslots: {first: \"18:30\", minutes: 15, count: 3}\n"
                "tables: 2\ndropouts: []\nparticipants:\n  - {id: E1, side: demand, name: \"甲<b>公司\"} # 候选 1\n"
                "  - {id: T1, side: supply, min: 1}\n  - {id: T2, side: supply} # 备选\npairs: pairs.csv\n");
    write_event(&site, "autumn", "pairs.csv", "demand,supply,points\nE1,T1,90\n");
    g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/events/autumn/guests", NULL, NULL);
    cr_assert_eq(page.status, 200, "%s", page.body);
    cr_expect_not_null(strstr(page.body, "甲&lt;b&gt;公司"));
    cr_expect_not_null(strstr(page.body, "name=\"remove\" value=\"T2\""), "nobody is paired with T2");
    cr_expect_null(strstr(page.body, "name=\"remove\" value=\"T1\""));
    g_auto(Reply) stranger = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "GET", "/events/autumn/guests", NULL, NULL);
    cr_expect_eq(stranger.status, 403);

    g_auto(Reply) gone = send_guests(&site, "tables=3&min.E1=2&arrives.E1=18%3A45&min.T1=&gone=T1&remove=T2");
    cr_expect_eq(gone.status, 303, "%s", gone.body);
    expect_text(&site, "tables: 3\ndropouts: [T1]\n", "T2");
    expect_text(&site, "name: \"甲<b>公司\", min: 2, arrives: \"18:45\"} # 候选 1\n  - {id: T1, side: supply}\n", NULL);
    expect_text(&site, "id: a # 编号\n", NULL);

    /* back again, and one more who meets E1 */
    g_auto(Reply) back = send_guests(&site, "tables=3&min.E1=1&arrives.E1=18%3A45&new.side=supply&new.name=%E7%8E%8B"
                                            "%E4%BA%94&new.meets=E1%E3%80%81");
    cr_expect_eq(back.status, 303, "%s", back.body);
    expect_text(&site, "dropouts: []\n", NULL);
    expect_text(&site, "{id: T002, side: supply, name: \"王五\", min: 0}\n", NULL);
    expect_text(&site, "must: [{demand: E1, supply: T002, reason: \"现场加的\"}]", NULL);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=plan", 1);
    cr_expect(plan_has(&site, "E1", "T002"));

    /* what the file does not allow is told, and what was typed stands there still */
    g_autofree char *before = event_text(&site, "autumn");
    static const struct {
        const char *fields, *says;
        int status;
    } faults[] = {{"min.E1=77", "应在 0 到 3 之间，写的是 77", 422},
                  {"arrives.E1=late", "时间要写成 &quot;18:30&quot; 这样，写的是“late”", 422},
                  {"gone=E1", "不能又是必见", 422},
                  {"remove=T2&min.E1=3&max.E1=2", "没有存：</b>E1 甲&lt;b&gt;公司：最少 3 比最多 2 还多", 422},
                  {"gone=nobody", "没有编号为“nobody”的参会者", 422},
                  {"new.side=supply&new.name=x&new.meets=E77", "没有编号为“E77”的参会者", 422},
                  {"new.side=judge&new.name=x", "请选新来的人是哪一方", 400},
                  {"remove=E1", "没有编号为“E1”的参会者", 422}};
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_auto(Reply) reply = send_guests(&site, faults[i].fields);
        cr_expect_eq(reply.status, faults[i].status, "%s: %d", faults[i].fields, reply.status);
        cr_expect_not_null(strstr(reply.body, faults[i].says), "%s: %s", faults[i].fields, reply.body);
        if (i == 0)
            cr_expect_not_null(strstr(reply.body, "name=\"min.E1\" value=\"77\""));
    }
    g_auto(Reply) late =
        site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/guests", FORM, "base=00&tables=9");
    cr_expect_eq(late.status, 409);
    g_autofree char *after = event_text(&site, "autumn");
    cr_expect_str_eq(after, before);
    site_stop(&site);
}

Test(web_event, guests_of_a_table_can_stay_away)
{
    Site site;
    site_start(&site, 0, 5);
    write_event(&site, "autumn", "EVENT.yaml",
                "id: a\nname: 秋季\ndate: 2026-11-20\nslots: {first: \"18:30\", minutes: 15, count: 3}\ntables: 2\n"
                "participants: guests.csv\npairs: pairs.csv\n");
    write_event(&site, "autumn", "guests.csv", "id,side\nE1,demand\nT1,supply\n");
    write_event(&site, "autumn", "pairs.csv", "demand,supply,points\nE1,T1,90\n");
    g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/events/autumn/guests", NULL, NULL);
    cr_expect(strstr(page.body, "名单在表格 guests.csv 里") && !strstr(page.body, "new.name"), "%s", page.body);
    g_auto(Reply) gone = send_guests(&site, "gone=T1&min.E1=2");
    cr_expect_eq(gone.status, 303, "%s", gone.body);
    expect_text(&site, "dropouts: [T1]", "min:");
    /* a file that cannot be read is mended as a file */
    write_event(&site, "autumn", "pairs.csv", "demand,supply,points\nE7,T1,90\n");
    g_auto(Reply) broken = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/events/autumn/guests", NULL, NULL);
    cr_expect_eq(broken.status, 422);
    cr_expect_not_null(strstr(broken.body, "没有编号为“E7”的参会者"), "%s", broken.body);
    site_stop(&site);
}

#define TWO_BY_TWO                                                                                                     \
    "id: a\nname: 秋季\ndate: 2026-11-20\nslots: {first: \"18:30\", minutes: 15, count: 3}\ntables: 2\n"             \
    "participants:\n  - {id: E1, side: demand}\n  - {id: E2, side: demand%s}\n  - {id: T1, side: supply}\n"            \
    "  - {id: T2, side: supply}\npairs: pairs.csv\n%s"
#define TWO_PAIRS "demand,supply,points\nE1,T1,90\nE2,T2,80\n"

static char *see(const Site *site, const char *path, int status)
{
    g_auto(Reply) page = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
    cr_expect_eq(page.status, status, "%s: %d", path, page.status);
    return g_strdup(page.body);
}

/* Does what a button of the event does, and expects the job to fail; the page of that job. */
static char *fail_to(const Site *site, const char *form, guint number)
{
    g_auto(Reply) sent = site_ask_as(site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/do", FORM, form);
    cr_assert_eq(sent.status, 303, "%s", sent.body);
    g_autofree char *state = site_job_end(site, number), *path = g_strdup_printf("/jobs/%u", number);
    cr_expect_str_eq(state, "failed");
    return see(site, path, 200);
}

Test(web_event, a_replan_that_fails_leaves_the_published_sheets_and_the_feedback_alone)
{
    Site site;
    site_start(&site, 0, 5);
    g_autofree char *well = g_strdup_printf(TWO_BY_TWO, "", ""), *crowded = g_strdup_printf(TWO_BY_TWO, ", min: 3", "");
    write_event(&site, "autumn", "EVENT.yaml", well);
    write_event(&site, "autumn", "pairs.csv", TWO_PAIRS);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=plan", 1);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=publish", 2);

    write_event(&site, "autumn", "EVENT.yaml", crowded);
    g_autofree char *job = fail_to(&site, "what=replan", 3);
    cr_expect(strstr(job, "排好过的那一版还在"), "%s", job);
    g_free(see(&site, "/events/autumn/files/plan/sheet-E1.html", 200));
    g_autofree char *page = see(&site, "/events/autumn", 200);
    cr_expect(strstr(page, "下面还是原来的那一版") && strstr(page, "<b>2</b><span>场会面"), "%s", page);
    cr_expect(strstr(page, "<b>已公布</b>") && !strstr(page, "value=\"publish\""), "%s", page);
    g_autofree char *why = see(&site, "/events/autumn/files/plan.no-plan/index.html", 200);
    cr_expect(strstr(why, "E2"), "%s", why);
    g_autofree char *body = site_upload("", "反馈.csv", "企业编号,发明人编号,是否见成\nE1,T1,是\nE1,T2,是\n");
    g_auto(Reply) sent = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/feedback", PARTS, body);
    g_autofree char *state = site_job_end(&site, 4), *back = see(&site, "/jobs/4", 200);
    cr_expect_eq(sent.status, 303);
    cr_expect_str_eq(state, "rejected", "%s", back);
    cr_expect(strstr(back, "/jobs/4/files/rejects.csv") && strstr(back, "2 rows, 1 recorded"), "%s", back);
    g_autofree char *rejects = see(&site, "/jobs/4/files/rejects.csv", 200);
    cr_expect(strstr(rejects, "E1") && strstr(rejects, "T2"), "the row to be mended: %s", rejects);

    write_event(&site, "autumn", "EVENT.yaml", well);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=replan", 5);
    g_free(see(&site, "/events/autumn/files/plan.no-plan/index.html", 404));
    site_stop(&site);
}

Test(web_event, what_says_that_there_is_no_plan_is_not_shown_as_one)
{
    Site site;
    site_start(&site, 0, 5);
    g_autofree char *crowded = g_strdup_printf(TWO_BY_TWO, ", min: 3", "");
    write_event(&site, "autumn", "EVENT.yaml", crowded);
    write_event(&site, "autumn", "pairs.csv", TWO_PAIRS);
    g_free(fail_to(&site, "what=plan", 1));
    g_autofree char *page = see(&site, "/events/autumn", 200), *all = see(&site, "/events", 200);
    cr_expect(strstr(page, "看为什么") && !strstr(page, "value=\"publish\"") && !strstr(page, "桌牌"), "%s", page);
    cr_expect(strstr(all, "照现在的限制排不出来"), "%s", all);
    site_stop(&site);
}

Test(web_event, a_plan_with_a_meeting_that_may_not_be_any_more_is_not_published)
{
    static const struct {
        const char *guest, *rest, *pairs, *words;
    } changes[] = {{"", "dropouts: [E2]\n", TWO_PAIRS, "E2 与 T2 有一方写了不来"},
                   {", arrives: \"19:00\"", "", TWO_PAIRS, "E2 与 T2 有一方那个时间不在"},
                   {"", "ban: [{demand: E2, supply: T2, reason: 竞争对手}]\n", TWO_PAIRS, "现在不能见面（竞争对手）"},
                   {"", "", "demand,supply,points\nE1,T1,90\n", "配对表里没有 E2 与 T2"}};
    Site site;
    site_start(&site, 0, 5);
    g_autofree char *well = g_strdup_printf(TWO_BY_TWO, "", "");
    write_event(&site, "autumn", "EVENT.yaml", well);
    write_event(&site, "autumn", "pairs.csv", TWO_PAIRS);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=plan", 1);
    g_autofree char *fresh = see(&site, "/events/autumn", 200);
    cr_expect_null(strstr(fresh, "重排以后才算数"));
    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *changed = g_strdup_printf(TWO_BY_TWO, changes[i].guest, changes[i].rest);
        write_event(&site, "autumn", "EVENT.yaml", changed);
        write_event(&site, "autumn", "pairs.csv", changes[i].pairs);
        g_autofree char *page = see(&site, "/events/autumn", 200), *job = fail_to(&site, "what=publish", 2 + i);
        cr_expect(strstr(page, "重排以后才算数"), "%u: %s", i, page);
        cr_expect(strstr(job, changes[i].words), "%u: %s", i, job);
    }
    write_event(&site, "autumn", "EVENT.yaml", well);
    write_event(&site, "autumn", "pairs.csv", TWO_PAIRS);
    site_job(&site, DJ_ROLE_ORGANISER, "/events/autumn/do", "what=publish", 2 + G_N_ELEMENTS(changes));
    site_stop(&site);
}

Test(web_event, a_table_takes_its_place_only_when_the_event_can_be_read_with_it)
{
    Site site;
    site_start(&site, 0, 5);
    g_autofree char *well = g_strdup_printf(TWO_BY_TWO, "", "");
    static const struct {
        const char *name, *text, *words;
        int status;
    } cases[] = {{"pairs.csv", "name,age\n1,2\n", "表格 pairs.csv", 422},
                 {"pairs.csv", "demand,supply,points\nE7,T1,90\n", "没有编号为“E7”的参会者", 422},
                 {"mine.csv", TWO_PAIRS, "只读这样命名的表格：pairs.csv。", 400},
                 {"pairs.csv", "demand,supply,points\nE1,T2,70\n", "", 303}};
    write_event(&site, "autumn", "EVENT.yaml", well);
    g_autofree char *folder = g_build_filename(site.folder, "events", "autumn", NULL);
    g_autofree char *path = g_build_filename(folder, "pairs.csv", NULL);
    g_autofree char *missing = site_upload("", "pairs.csv", TWO_PAIRS);
    g_auto(Reply) first = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/table", PARTS, missing);
    cr_expect_eq(first.status, 303, "the event could not be read before: %s", first.body);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = site_upload("", cases[i].name, cases[i].text), *text = NULL;
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/table", PARTS, body);
        cr_expect_eq(reply.status, cases[i].status, "%zu: %d", i, reply.status);
        cr_expect(strstr(reply.body, cases[i].words), "%zu: %s", i, reply.body);
        cr_assert(g_file_get_contents(path, &text, NULL, NULL));
        cr_expect_str_eq(text, cases[i].status == 303 ? cases[i].text : TWO_PAIRS);
    }
    cr_expect_eq(site_count_files(&site, "events/autumn"), 2, "nothing else was left there");
    site_stop(&site);
}

Test(web_event, an_event_without_pairs_is_not_drafted_and_mistakes_of_its_file_are_told_in_chinese)
{
    Site site;
    site_start(&site, 0, 5);
    g_auto(Reply) sent = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events", FORM,
                                     "name=empty&date=2026-11-01&slots=4&tables=4&demand=9&supply=9&chain=a10");
    g_autofree char *state = site_job_end(&site, 1), *job = see(&site, "/jobs/1", 200);
    cr_expect_eq(sent.status, 303, "%s", sent.body);
    cr_expect_str_eq(state, "failed");
    cr_expect(strstr(job, "没有可用的配对，没有起草"), "%s", job);
    g_free(see(&site, "/events/empty", 404));
    write_event(&site, "autumn", "EVENT.yaml", "id: a\nname: 秋季\nparticipants:\n");
    g_autofree char *broken = fail_to(&site, "what=plan", 2);
    cr_expect(strstr(broken, "id=\"why\">\n<p>第 "), "%s", broken);
    site_stop(&site);
}
