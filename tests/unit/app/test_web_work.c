/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uploads, jobs and events of the server under abuse, and what becomes of jobs when things end badly. The flows
 * themselves are in tests/browser. */
#include "app/workspace.h"
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define JSON  "Content-Type: application/json\r\n"
#define FORM  "Content-Type: application/x-www-form-urlencoded\r\n"
#define PARTS "Content-Type: multipart/form-data; boundary=XX\r\n"
#define NEEDS "需求名称,企业名称\n氧化铝陶瓷基板,某示例有限公司\n"

/* A form with one field and one file. */
static char *upload(const char *kind, const char *name, const char *content)
{
    return g_strdup_printf("--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n%s\r\n"
                           "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                           "Content-Type: text/csv\r\n\r\n%s\r\n--XX--\r\n",
                           kind, name, content);
}

Test(web_work, only_organiser_and_centre_may_bring_files_and_nobody_is_asked_to_send_them_first)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *body = upload("needs", "n.csv", NEEDS);
    g_auto(Reply) nobody = site_ask(&site, "POST", "/import", PARTS, body);
    cr_expect_eq(nobody.status, 401);
    g_auto(Reply) enterprise = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "POST", "/import", PARTS, body);
    cr_expect_eq(enterprise.status, 403);
    g_auto(Reply) institution = site_ask_as(&site, DJ_ROLE_INSTITUTION, "POST", "/import", PARTS, body);
    cr_expect_eq(institution.status, 403);
    /* the head alone is enough for the refusal */
    g_auto(Reply) early =
        site_send(&site, "POST /import HTTP/1.1\r\nHost: x\r\nContent-Length: 400000000\r\n" PARTS "\r\n");
    cr_expect_eq(early.status, 401);
    cr_expect_eq(site_count_files(&site, "web/uploads"), 0);
    cr_expect_eq(site_count_files(&site, "web/jobs"), 0);
    site_stop(&site);
}

Test(web_work, broken_and_oversized_uploads_are_refused_and_leave_nothing)
{
    Site site;
    site_start(&site, 0, 30);
    const struct {
        const char *headers, *body;
        int status;
    } cases[] = {
        {FORM, "kind=needs", 415},
        {"Content-Type: multipart/form-data\r\n", "x", 415},
        {PARTS, "", 400},
        {PARTS, "--XX\r\n", 400},
        {PARTS, "no boundary at all", 400},
        {PARTS, "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nhalf a fi", 400},
        {PARTS, "--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nneeds\r\n--XX--\r\n", 400},
        {PARTS, "--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n\xff\xfe\r\n--XX--\r\n", 400},
        {PARTS, "--XX\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a.csv\"\r\n\r\nx\r\n--XX--\r\n",
         400},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/import", cases[i].headers, cases[i].body);
        cr_expect_eq(reply.status, cases[i].status, "case %zu: %d", i, reply.status);
    }
    g_autofree char *unknown = upload("enemies", "n.csv", NEEDS);
    g_auto(Reply) kind = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/import", PARTS, unknown);
    cr_expect_eq(kind.status, 400);
    g_autofree char *huge = g_strdup_printf("POST /import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                                            "Content-Length: 9000000000\r\n" PARTS "\r\n",
                                            site.token[DJ_ROLE_ORGANISER]);
    g_auto(Reply) large = site_send(&site, huge);
    cr_expect_eq(large.status, 413);
    g_autofree char *long_field = g_strnfill(200 * 1024, 'x');
    g_autofree char *field = upload(long_field, "n.csv", NEEDS);
    g_auto(Reply) wordy = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/import", PARTS, field);
    cr_expect_eq(wordy.status, 413);
    cr_expect_eq(site_count_files(&site, "web/uploads"), 0);
    cr_expect_eq(site_count_files(&site, "web/jobs"), 0);
    site_stop(&site);
}

Test(web_work, names_of_files_lead_nowhere)
{
    Site site;
    site_start(&site, 0, 30);
    static const char *const names[] = {"../../../evil.csv", "..\\..\\evil.csv", "/etc/evil.csv", ".hidden.csv", "..",
                                        "a<b>&\x01.csv"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *body = upload("needs", names[i], NEEDS);
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/import", PARTS, body);
        cr_assert_eq(reply.status, 303, "%s: %d %s", names[i], reply.status, reply.body);
        g_autofree char *state = site_job_end(&site, i + 1), *in = g_strdup_printf("web/jobs/%u/in", i + 1);
        cr_expect_str_eq(state, "done", "%s", names[i]);
        cr_expect_eq(site_count_files(&site, in), 1, "%s", names[i]);
    }
    g_autofree char *outside = g_build_filename(site.folder, "web", "jobs", "1", "evil.csv", NULL);
    cr_expect_not(g_file_test(outside, G_FILE_TEST_EXISTS));

    static const char *const paths[] = {"/jobs/1/files/..%2Fjob.json",
                                        "/jobs/1/files/%2e%2e/job.json",
                                        "/jobs/1/files/%2Fetc%2Fpasswd",
                                        "/jobs/1/files/../../../duijie.db",
                                        "/jobs/1/files/..%2f..%2f..%2fduijie.db",
                                        "/jobs/..%2f1/log",
                                        "/events/..%2f..%2fweb/files/jobs",
                                        "/events/..",
                                        "/jobs/0",
                                        "/jobs/-1",
                                        "/jobs/99999999999999999999"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", paths[i], NULL, NULL);
        cr_expect_eq(reply.status, 404, "%s: %d", paths[i], reply.status);
    }
    g_autofree char *link = g_build_filename(site.folder, "web", "jobs", "1", "out", "link.csv", NULL);
    cr_assert_eq(symlink("/etc/passwd", link), 0);
    g_auto(Reply) followed = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/jobs/1/files/link.csv", NULL, NULL);
    cr_expect_eq(followed.status, 404);
    site_stop(&site);
}

Test(web_work, what_is_wrong_with_a_file_is_told_in_chinese)
{
    static const struct {
        const char *name, *text, *words;
    } cases[] = {{"a.xls", "\320\317\021\340\241\261\032\341 of old", "另存为 .xlsx"},
                 {"a.xlsx", "PK\003\004 cut off", "打不开"},
                 {"a.csv", "甲,乙\n1,2\n", "读到的列名：甲, 乙"},
                 {"a.csv", "\r\n\r\n", "表里一行文字也没有"},
                 {"a.json", "[{\"a\":", "文件可能没有传全"}};
    Site site;
    site_start(&site, 0, 30);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = upload("patents", cases[i].name, cases[i].text);
        g_auto(Reply) sent = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/import", PARTS, body);
        cr_assert_eq(sent.status, 303, "%s: %s", cases[i].name, sent.body);
        g_autofree char *state = site_job_end(&site, i + 1), *path = g_strdup_printf("/jobs/%u", i + 1);
        cr_expect_str_eq(state, "failed", "%s", cases[i].name);
        g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
        const char *why = strstr(page.body, "id=\"why\"");
        cr_assert(why, "%s: %s", cases[i].name, page.body);
        cr_expect(strstr(why, cases[i].words), "%s: %s", cases[i].name, why);
        cr_expect(strstr(why, "<details><summary>记录"), "the record of it stands open: %s", why);
    }
    site_stop(&site);
}

/* Needs uploaded as enterprises would overwrite what is known of these: the page must not invite to it. */
Test(web_work, a_file_of_another_kind_is_told_in_the_open)
{
    static const struct {
        const char *kind;
        gboolean wrong;
    } cases[] = {{"enterprises", TRUE}, {"needs", FALSE}};
    static const char *const text = "需求编号,企业名称,需求名称,需求内容,技术指标,合作方式,预算,联系人\n"
                                    "N-1,示例甲公司,防爆电池,提高安全性,无,合作开发,5万,某某\n";
    Site site;
    site_start(&site, 0, 30);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = upload(cases[i].kind, "a.csv", text);
        g_auto(Reply) sent = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/import", PARTS, body);
        cr_assert_eq(sent.status, 303, "%s", sent.body);
        g_autofree char *state = site_job_end(&site, i + 1), *path = g_strdup_printf("/jobs/%u", i + 1);
        cr_expect_str_eq(state, "done");
        g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
        const char *note = strstr(page.body, "这个文件 8 列里按企业档案只认得 2 列，按技术需求认得 7 列：");
        cr_expect_eq(note != NULL, cases[i].wrong, "%s: %s", cases[i].kind, page.body);
        cr_expect_eq(strstr(page.body, "<a class=\"btn btn-1\" href=\"/import\">换一个文件</a>") != NULL,
                     cases[i].wrong);
        cr_expect_eq(strstr(page.body, "<button class=\"btn\" type=\"submit\">仍然导入这 1 条</button>") != NULL,
                     cases[i].wrong);
        cr_expect_eq(strstr(page.body, "<button class=\"btn btn-1\" type=\"submit\">导入这 1 条</button>") != NULL,
                     !cases[i].wrong);
    }
    site_stop(&site);
}

Test(web_work, one_job_at_a_time_and_a_second_hears_who_is_at_work)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *path = g_build_filename(site.folder, "lock", NULL);
    int fd = open(path, O_RDWR | O_CREAT, 0666);
    cr_assert(fd >= 0 && flock(fd, LOCK_EX) == 0 && ftruncate(fd, 0) == 0);
    cr_assert_eq(write(fd, "4711 (duijie import)\n", 21), 21);
    g_auto(Reply) busy = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/api/v1/jobs", JSON, "{\"kind\": \"index\"}");
    cr_expect_eq(busy.status, 409);
    cr_expect(strstr(busy.body, "4711 (duijie import)"), "%s", busy.body);
    cr_expect_eq(site_count_files(&site, "web/jobs"), 0);
    close(fd);

    g_auto(Reply) first = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/api/v1/jobs", JSON, "{\"kind\": \"train\"}");
    cr_assert_eq(first.status, 202, "%s", first.body);
    g_auto(Reply) second = site_ask_as(&site, DJ_ROLE_CENTRE, "POST", "/api/v1/jobs", JSON, "{\"kind\": \"match\"}");
    cr_expect_eq(second.status, 409, "%s", second.body);
    cr_expect(strstr(second.body, "organiser"), "%s", second.body);
    g_auto(Reply) asked = site_ask(&site, "POST", "/api/v1/query", JSON, "{\"text\": \"氮化铝陶瓷基板\"}");
    cr_expect_eq(asked.status, 200, "no question waits for a job");
    g_auto(Reply) cancel = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/api/v1/jobs/1/cancel", JSON, "{}");
    cr_expect_eq(cancel.status, 200);
    g_autofree char *state = site_job_end(&site, 1);
    cr_expect(strcmp(state, "cancelled") == 0 || strcmp(state, "done") == 0, "%s", state);
    g_auto(Reply) third = site_ask_as(&site, DJ_ROLE_CENTRE, "POST", "/api/v1/jobs", JSON, "{\"kind\": \"match\"}");
    cr_expect_eq(third.status, 202, "%s", third.body);
    g_autofree char *last = site_job_end(&site, 2);
    cr_expect_str_eq(last, "done");
    /* what the centre found stays with the centre */
    g_auto(Reply) own = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/jobs/2/files/pairings.jsonl", NULL, NULL);
    cr_expect_eq(own.status, 200);
    static const char *const closed[] = {"/jobs/2", "/jobs/2/log", "/jobs/2/files/pairings.jsonl"};
    for (gsize i = 0; i < G_N_ELEMENTS(closed); i++) {
        g_auto(Reply) other = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", closed[i], NULL, NULL);
        cr_expect_eq(other.status, 403, "%s: %d", closed[i], other.status);
    }
    g_auto(Reply) list = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/api/v1/pairings?limit=1", NULL, NULL);
    cr_expect_eq(list.status, 200, "%s", list.body);
    cr_expect_not(strstr(list.body, "canary"));
    site_stop(&site);
}

Test(web_work, an_event_reads_no_file_but_its_own_and_nobody_overwrites_another)
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
    g_autofree char *table = upload("", "EVENT.yaml", "x");
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

Test(web_work, a_published_plan_is_replanned_and_the_filled_sheet_comes_back)
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
    g_autofree char *body = upload("", "反馈.csv", sheet);
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

Test(web_work, minima_that_cannot_be_kept_are_lowered_where_the_organiser_says_so)
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

Test(web_work, guests_are_changed_by_a_form_that_leaves_the_rest_of_the_file_alone)
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

Test(web_work, guests_of_a_table_can_stay_away)
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

Test(web_work, a_replan_that_fails_leaves_the_published_sheets_and_the_feedback_alone)
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
    g_autofree char *body = upload("", "反馈.csv", "企业编号,发明人编号,是否见成\nE1,T1,是\nE1,T2,是\n");
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

Test(web_work, what_says_that_there_is_no_plan_is_not_shown_as_one)
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

Test(web_work, a_plan_with_a_meeting_that_may_not_be_any_more_is_not_published)
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

Test(web_work, a_table_takes_its_place_only_when_the_event_can_be_read_with_it)
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
    g_autofree char *missing = upload("", "pairs.csv", TWO_PAIRS);
    g_auto(Reply) first = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/table", PARTS, missing);
    cr_expect_eq(first.status, 303, "the event could not be read before: %s", first.body);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *body = upload("", cases[i].name, cases[i].text), *text = NULL;
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/events/autumn/table", PARTS, body);
        cr_expect_eq(reply.status, cases[i].status, "%zu: %d", i, reply.status);
        cr_expect(strstr(reply.body, cases[i].words), "%zu: %s", i, reply.body);
        cr_assert(g_file_get_contents(path, &text, NULL, NULL));
        cr_expect_str_eq(text, cases[i].status == 303 ? cases[i].text : TWO_PAIRS);
    }
    cr_expect_eq(site_count_files(&site, "events/autumn"), 2, "nothing else was left there");
    site_stop(&site);
}

Test(web_work, an_event_without_pairs_is_not_drafted_and_mistakes_of_its_file_are_told_in_chinese)
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

/* How many rows of needs a page has, and the number that its head gives the group. */
static guint count_needs(const Site *site, const char *path, const char *label, guint *of_group)
{
    g_auto(Reply) page = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
    cr_assert_eq(page.status, 200, "%s: %s", path, page.body);
    guint n = 0;
    const char *head = strstr(page.body, label), *end = head ? strstr(head + 1, "<h3>") : NULL;
    *of_group = 0;
    for (const char *p = head; p && (p = strstr(p, "data-l=\"需求\" class=\"title\"")) && (!end || p < end); p++)
        n++;
    if (head)
        cr_assert_eq(sscanf(head + strlen(label), " <span class=\"s dim\">%u", of_group), 1, "%s", head);
    return n;
}

Test(web_work, needs_are_grouped_by_what_is_to_be_done_and_paged)
{
    static const char *const fresh = "征集中，还没有推送，也没有接受过配对";
    static const char *const reached = "征集中，推送过或接受过配对";
    Site site;
    site_start_sample(&site);
    guint n, later, more, none;
    cr_expect_eq(count_needs(&site, "/work", fresh, &n), 10, "the first ten");
    cr_assert_gt(n, 50, "%u needs wait in the sample", n);
    cr_expect_eq(count_needs(&site, "/work", reached, &none), 0);
    cr_expect_eq(none, 0, "no head for nothing");
    cr_expect_eq(count_needs(&site, "/work?show=new", fresh, &more), 50);
    cr_expect_eq(more, n);
    cr_expect_eq(count_needs(&site, "/work?show=new&page=2", fresh, &more), MIN(n - 50, 50));
    cr_expect_eq(count_needs(&site, "/work?show=new&page=99", fresh, &more), 0);

    /* newest first, over both pages */
    g_auto(Reply) first = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/work?show=new", NULL, NULL);
    const char *date = first.body;
    char before[11] = "9999-99-99", last[11] = "";
    while ((date = strstr(date, "data-l=\"登记\">"))) {
        date += strlen("data-l=\"登记\">");
        g_strlcpy(last, *date == '<' ? "0000-00-00" : date, sizeof last);
        cr_assert_leq(strcmp(last, before), 0, "%s behind %s", last, before);
        g_strlcpy(before, last, sizeof before);
    }
    cr_assert_neq(*last, '\0');

    /* an accepted pairing moves its need */
    const char *key = strstr(first.body, "href=\"/needs/");
    g_autofree char *need = g_strndup(key + strlen("href=\"/needs/"), strcspn(key + strlen("href=\"/needs/"), "\""));
    g_autofree char *pairs = g_strdup_printf("/api/v1/needs/%s/pairings?top=1", need);
    g_auto(Reply) best = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", pairs, NULL, NULL);
    json_t *answer = reply_json(&best);
    const char *patent =
        json_string_value(json_object_get(json_array_get(json_object_get(answer, "pairings"), 0), "patent"));
    cr_assert_not_null(patent, "%s", best.body);
    g_autofree char *body =
        g_strdup_printf("{\"kind\": \"accept\", \"need\": \"%s\", \"patent\": \"%s\"}", need, patent);
    g_auto(Reply) decided =
        site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/api/v1/decisions", "Content-Type: application/json\r\n", body);
    cr_assert_eq(decided.status, 201, "%s", decided.body);
    json_decref(answer);
    cr_expect_eq(count_needs(&site, "/work", reached, &none), 1);
    count_needs(&site, "/work", fresh, &later);
    cr_expect_eq(later, n - 1);
    site_stop(&site);
}

/* The list under a query: how many pairs it says it holds, on the page and in the API; of one chain, each row shows it.
 */
static guint pairs_under(const Site *site, const char *query, const char *chain)
{
    g_autofree char *call = g_strconcat("/api/v1/pairings?limit=500&", query, NULL),
                    *path = g_strconcat("/pairings?", query, NULL);
    g_auto(Reply) api = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", call, NULL, NULL);
    g_auto(Reply) page = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
    cr_assert(api.status == 200 && page.status == 200, "%s: %s", query, api.body);
    json_t *answer = reply_json(&api), *list = json_object_get(answer, "pairings"), *row;
    guint n = (guint)json_integer_value(json_object_get(answer, "found"));
    g_autofree char *said = g_strdup_printf(">%u 对；", n);
    gsize i;
    cr_expect(strstr(page.body, said), "%s: not %s", query, said);
    cr_expect_eq(json_array_size(list), MIN(n, 500), "%s", query);
    json_array_foreach(list, i, row) if (chain)
        cr_expect_str_eq(json_string_value(json_object_get(row, "chain")), chain);
    json_decref(answer);
    return n;
}

/* Holds every choice of a facet on the page to the list that it leads to, what else is chosen being left; the number of
 * choices. *sum: of the numbers beside them. */
static guint check_choices(const Site *site, const char *facet, const char *rest, guint *sum)
{
    g_autofree char *path = g_strconcat("/pairings?", rest, NULL),
                    *begin = g_strdup_printf("<select name=\"%s\">", facet);
    g_auto(Reply) page = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
    const char *from = strstr(page.body, begin), *end = from ? strstr(from, "</select>") : NULL;
    cr_assert(end != NULL, "%s: no %s", path, facet);
    g_autofree char *select = g_strndup(from, end ? (gsize)(end - from) : 0);
    g_autoptr(GRegex) option = g_regex_new("<option value=\"([^\"]+)\"[^>]*>[^<]*（([0-9]+)）</option>", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    guint n = 0;
    for (g_regex_match(option, select, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL), n++) {
        g_autofree char *value = g_match_info_fetch(match, 1), *count = g_match_info_fetch(match, 2);
        g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
        g_autofree char *query = g_strdup_printf("%s=%s&%s", facet, escaped, rest);
        guint wanted = (guint)g_ascii_strtoull(count, NULL, 10);
        guint got = pairs_under(site, query, strcmp(facet, "chain") == 0 ? value : NULL);
        cr_expect_eq(got, wanted, "%s: %u pairs, not %u", query, got, wanted);
        *sum += wanted;
    }
    return n;
}

Test(web_work, the_number_beside_a_choice_is_that_of_the_pairs_it_leads_to)
{
    Site site;
    site_start_sample(&site);
    site_job(&site, DJ_ROLE_ORGANISER, "/jobs", "kind=match", 1);
    static const char *const all[] = {"chain", "ipc", "owner", "kind", "maturity", "region"};
    guint sum = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        cr_expect_gt(check_choices(&site, all[i], "", &sum), 1, "%s", all[i]);
    sum = 0;
    check_choices(&site, "chain", "", &sum);
    cr_expect_eq(sum, pairs_under(&site, "", NULL), "every pair stands in one chain: %u", sum);
    /* what else is chosen stays chosen */
    check_choices(&site, "chain", "kind=invention&score=30", &sum);
    check_choices(&site, "kind", "decision=none&score=30", &sum);
    g_auto(Reply) none = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/pairings?chain=none", NULL, NULL);
    cr_expect_eq(none.status, 200, "看配对 of what is in no chain leads there");
    cr_expect_not_null(strstr(none.body, "未归链"));
    g_auto(Reply) work = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/work", NULL, NULL);
    cr_expect_not_null(strstr(work.body, "href=\"/pairings?chain="));
    site_stop(&site);
}
