/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uploads and jobs of the server under abuse, what becomes of jobs when things end badly, and the lists of needs and
 * pairings. The flows themselves are in tests/browser. */
#include "app/workspace.h"
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define NEEDS "需求名称,企业名称\n氧化铝陶瓷基板,某示例有限公司\n"

Test(web_work, only_organiser_and_centre_may_bring_files_and_nobody_is_asked_to_send_them_first)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *body = site_upload("needs", "n.csv", NEEDS);
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
    g_autofree char *unknown = site_upload("enemies", "n.csv", NEEDS);
    g_auto(Reply) kind = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/import", PARTS, unknown);
    cr_expect_eq(kind.status, 400);
    g_autofree char *huge = g_strdup_printf("POST /import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                                            "Content-Length: 9000000000\r\n" PARTS "\r\n",
                                            site.token[DJ_ROLE_ORGANISER]);
    g_auto(Reply) large = site_send(&site, huge);
    cr_expect_eq(large.status, 413);
    g_autofree char *long_field = g_strnfill(200 * 1024, 'x');
    g_autofree char *field = site_upload(long_field, "n.csv", NEEDS);
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
        g_autofree char *body = site_upload("needs", names[i], NEEDS);
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
        g_autofree char *body = site_upload("patents", cases[i].name, cases[i].text);
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
        g_autofree char *body = site_upload(cases[i].kind, "a.csv", text);
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
