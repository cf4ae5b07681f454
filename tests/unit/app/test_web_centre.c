/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The centre: months, fees, funnel; and answers that a client has already. */
#include "app/web/fees.h"
#include "app/web/file_list.h"
#include "app/web/funnel.h"
#include "engine/report/csv.h"
#include "engine/report/list_unmet.h"
#include "indexer/archive.h"
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

Test(web_centre, a_month_is_listed_read_and_found_damaged)
{
    Site site;
    site_start(&site, 0, 30);
    site_month(&site, "2026-12", "organiser");
    g_auto(Reply) centre = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/centre", NULL, NULL);
    cr_assert_eq(centre.status, 200, "%s", centre.body);
    cr_expect_not_null(strstr(centre.body, "href=\"/months/2026-12\""));
    g_auto(Reply) month = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-12", NULL, NULL);
    cr_assert_eq(month.status, 200, "%s", month.body);
    cr_expect_not_null(strstr(month.body, "文件与清单一致"));
    cr_expect_not_null(strstr(month.body, "第一次做"));
    g_auto(Reply) file = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-12/files/diff.csv", NULL, NULL);
    g_autofree char *path = g_build_filename(site.folder, "months", "2026-12", "diff.csv", NULL), *bytes = NULL;
    cr_assert(g_file_get_contents(path, &bytes, NULL, NULL));
    cr_expect_str_eq(file.body, bytes);
    /* what the manifest does not name is not there, whatever the path says */
    static const char *const bad[] = {"/months/2026-12/files/..%2f..%2fduijie.db", "/months/..%2fmonths%2f2026-12",
                                      "/months/2026-12/files/SHA256SUMS.none", "/months/.%2e", "/months/none"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", bad[i], NULL, NULL);
        cr_expect_eq(reply.status, 404, "%s: %d", bad[i], reply.status);
    }
    cr_assert(g_file_set_contents(path, "changed", -1, NULL));
    g_auto(Reply) damaged = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/months/2026-12", NULL, NULL);
    cr_expect_not_null(strstr(damaged.body, "文件被改动过，或者缺了：diff.csv"), "%s", damaged.body);
    site_stop(&site);
}

/* Holds the links to sheets whose file names begin so to the headings of the sheets; their number. */
static guint check_sheets(const Site *site, const char *page, const char *prefix)
{
    g_autofree char *escaped = g_uri_escape_string(prefix, NULL, FALSE);
    g_autofree char *pattern = g_strdup_printf("<a href=\"(/months/2026-12/files/%s[^\"]*)\">([^<]*)</a>", escaped);
    g_autoptr(GRegex) links = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    guint n = 0;
    for (g_regex_match(links, page, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL), n++) {
        g_autofree char *path = g_match_info_fetch(match, 1), *label = g_match_info_fetch(match, 2);
        g_autofree char *heading = g_strdup_printf("<h1>%s</h1>", label);
        g_auto(Reply) sheet = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
        cr_expect(sheet.status == 200 && strstr(sheet.body, heading), "%s is listed as %s", path, label);
    }
    return n;
}

Test(web_centre, every_sheet_of_a_month_is_listed_by_the_name_on_it)
{
    Site site;
    site_start_sample(&site);
    site_month(&site, "2026-12", "organiser");
    g_auto(Reply) month = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-12", NULL, NULL);
    cr_assert_eq(month.status, 200, "%s", month.body);
    cr_expect_gt(check_sheets(&site, month.body, "企业-"), 20);
    cr_expect_gt(check_sheets(&site, month.body, "机构-"), 5);
    cr_expect_null(strstr(month.body, ">企业-9"));
    /* a name may hold what HTML writes otherwise */
    g_autofree char *file = g_strdup_printf("企业-%s.html", SITE_SAMPLE_ENTERPRISE),
                    *path = g_build_filename(site.folder, "months", "2026-12", file, NULL);
    cr_assert(g_file_test(path, G_FILE_TEST_EXISTS));
    cr_assert(g_file_set_contents(path, "<h1>甲 &amp; &lt;乙&gt; &#39;丙&#39;</h1>", -1, NULL));
    g_auto(Reply) changed = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-12", NULL, NULL);
    cr_expect_not_null(strstr(changed.body, ">甲 &amp; &lt;乙&gt; &#39;丙&#39;</a>"));
    /* what has no name on it is listed as it is */
    cr_assert(g_file_set_contents(path, "<h1>甲 & 乙</h1>", -1, NULL));
    g_auto(Reply) broken = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-12", NULL, NULL);
    cr_assert_eq(broken.status, 200);
    cr_expect_not_null(strstr(broken.body, ">企业-" SITE_SAMPLE_ENTERPRISE ".html</a>"));
    site_stop(&site);
}

Test(web_centre, what_was_made_for_the_centre_is_the_centres)
{
    Site site;
    site_start(&site, 0, 30);
    site_month(&site, "2026-12", "centre");
    g_auto(Reply) hidden = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-12-centre", NULL, NULL);
    cr_expect_eq(hidden.status, 404);
    g_auto(Reply) list = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/api/v1/months", NULL, NULL);
    cr_expect_null(strstr(list.body, "2026-12-centre"));
    g_auto(Reply) file =
        site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-12-centre/files/pairings.jsonl", NULL, NULL);
    cr_expect_eq(file.status, 404);
    g_auto(Reply) seen = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/months/2026-12-centre", NULL, NULL);
    cr_expect_eq(seen.status, 200);
    site_stop(&site);
}

/* Records the month as pushed, twice, as jobs 3 and 4: pages tell it, and what was recorded is not asked for again. */
static void check_pushed(const Site *site)
{
    g_autofree char *path = g_build_filename(site->folder, "months", "2026-11", "pushes.jsonl", NULL), *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    guint n = g_strv_length(lines);
    cr_assert_gt(n, 0);
    g_autofree char *said = g_strdup_printf("已登记推送 %u 条（最近 2026-11-01）", n),
                    *cell = g_strdup_printf("data-l=\"已推送\">%u</td>", n),
                    *first = g_strdup_printf("<li>登记了 %u 条推荐</li>", n),
                    *second = g_strdup_printf("<li>登记了 0 条推荐；另有 %u 条以前已经登记过</li>", n);
    g_auto(Reply) before = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", "/months/2026-11", NULL, NULL);
    cr_expect(strstr(before.body, ">登记为已推送</button>") && !strstr(before.body, "已登记"));
    site_job(site, DJ_ROLE_ORGANISER, "/jobs", "kind=publish&month=2026-11", 3);
    g_auto(Reply) after = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", "/months/2026-11", NULL, NULL);
    cr_expect(strstr(after.body, said) && !strstr(after.body, ">登记为已推送</button>"), "not %s: %s", said,
              after.body);
    g_auto(Reply) centre = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", "/centre", NULL, NULL);
    cr_expect(strstr(centre.body, cell), "not %s", cell);
    site_job(site, DJ_ROLE_ORGANISER, "/jobs", "kind=publish&month=2026-11", 4);
    g_auto(Reply) once = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", "/jobs/3", NULL, NULL);
    g_auto(Reply) twice = site_ask_as(site, DJ_ROLE_ORGANISER, "GET", "/jobs/4", NULL, NULL);
    cr_expect(strstr(once.body, first), "not %s: %s", first, once.body);
    cr_expect(strstr(twice.body, second), "not %s: %s", second, twice.body);
}

Test(web_centre, a_month_is_made_downloaded_checked_and_recorded_as_pushed_from_pages)
{
    Site site;
    site_start(&site, 0, 30);
    site_job(&site, DJ_ROLE_ORGANISER, "/jobs", "kind=monthly&month=2026-11", 1);
    g_auto(Reply) centre = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/centre", NULL, NULL);
    cr_expect_not_null(strstr(centre.body, "href=\"/months/2026-11\""));
    g_auto(Reply) month = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-11", NULL, NULL);
    cr_expect(strstr(month.body, "清单和总览（") && strstr(month.body, "href=\"/months/2026-11/zip\""), "%s",
              month.body);

    g_auto(Reply) zip = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-11/zip", NULL, NULL);
    cr_assert_eq(zip.status, 200, "%s", zip.body);
    g_autofree char *file = g_build_filename(site.folder, "got.zip", NULL),
                    *to = g_build_filename(site.folder, "got", NULL), *was = NULL, *is = NULL;
    g_autofree char *made = g_build_filename(site.folder, "months", "2026-11", "diff.csv", NULL),
                    *out = g_build_filename(to, "diff.csv", NULL);
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_set_contents(file, zip.body, (gssize)zip.length, NULL) && g_mkdir(to, 0700) == 0);
    cr_assert(dj_archive_extract(file, "duijie-files 1", NULL, to, NULL, NULL, &error), "%s",
              error ? error->message : "");
    cr_assert(g_file_get_contents(made, &was, NULL, NULL) && g_file_get_contents(out, &is, NULL, NULL));
    cr_expect_str_eq(was, is);

    site_job(&site, DJ_ROLE_ORGANISER, "/jobs", "kind=verify&month=2026-11", 2);
    g_auto(Reply) same = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/jobs/2", NULL, NULL);
    GDir *folder = g_dir_open(to, 0, NULL);
    guint n = 0;
    while (g_dir_read_name(folder))
        n++;
    g_dir_close(folder);
    g_autofree char *verdict = g_strdup_printf("与重做的逐字节一致：2026-11 的 %u 个文件", n),
                    *cell = g_strdup_printf("data-l=\"文件\">%u</td>", n);
    cr_expect_not_null(strstr(same.body, verdict), "not %s: %s", verdict, same.body);
    cr_expect_not_null(strstr(centre.body, cell), "not %s", cell);
    check_pushed(&site);
    cr_assert(g_file_set_contents(made, "changed", -1, NULL));
    g_auto(Reply) again = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/api/v1/jobs", JSON,
                                      "{\"kind\": \"verify\", \"month\": \"2026-11\"}");
    cr_assert_eq(again.status, 202, "%s", again.body);
    g_autofree char *state = site_job_end(&site, 5);
    cr_expect_str_eq(state, "failed");
    g_auto(Reply) other = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/jobs/5", NULL, NULL);
    cr_expect_not_null(strstr(other.body, "与重做的不一样：diff.csv，从第 1 行起"), "%s", other.body);

    site_job(&site, DJ_ROLE_CENTRE, "/jobs", "kind=monthly&month=2026-11", 6);
    static const char *const closed[] = {"2026-10", "2026-11-centre", "..%2F..%2Fmonths%2F2026-11", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(closed); i++) {
        g_autofree char *form = g_strdup_printf("kind=verify&month=%s", closed[i]);
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/jobs",
                                          "Content-Type: application/x-www-form-urlencoded\r\n", form);
        cr_expect_eq(reply.status, 404, "%s: %d", closed[i], reply.status);
    }
    g_auto(Reply) hidden = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/months/2026-11-centre/zip", NULL, NULL);
    cr_expect_eq(hidden.status, 404);
    site_stop(&site);
}

Test(web_centre, sizes_read_as_a_file_manager_says_them)
{
    static const struct {
        guint64 bytes;
        const char *text;
    } sizes[] = {{0, "1 KB"},
                 {1, "1 KB"},
                 {1024, "1 KB"},
                 {1025, "2 KB"},
                 {1000 * 1024, "1000 KB"},
                 {1000 * 1024 + 1, "1.0 MB"},
                 {1258291, "1.2 MB"},
                 {G_GUINT64_CONSTANT(3) << 30, "3.0 GB"}};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree char *text = dj_file_list_size(sizes[i].bytes);
        cr_expect_str_eq(text, sizes[i].text);
    }
}

Test(web_centre, needs_that_no_patent_serves_are_shown_with_where_they_may_go)
{
    Site site;
    site_start(&site, 0, 30);
    g_auto(Reply) before = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/centre", NULL, NULL);
    cr_expect_not_null(strstr(before.body, "还没有配对清单"));
    site_job(&site, DJ_ROLE_CENTRE, "/jobs", "kind=match", 1);
    g_autofree char *path = g_build_filename(site.folder, "web", "jobs", "1", "out", DJ_UNMET_FILE, NULL);
    cr_expect(g_file_set_contents(
        path,
        DJ_CSV_BOM "需求编号,需求名称,企业,最接近的专利,专利号,机构,匹配度,值得一谈 %,可转去向\r\n" SITE_NEED
                   ",secret,secret,secret,S-01,secret,37,4,订单式研发：可先问 甲示例大学\r\n"
                   "N-GONE,secret,secret,,,,,,发榜\r\n",
        -1, NULL));
    for (int role = DJ_ROLE_ORGANISER; role <= DJ_ROLE_CENTRE; role++) {
        g_auto(Reply) page = site_ask_as(&site, (DjRole)role, "GET", "/centre", NULL, NULL);
        cr_expect_not_null(strstr(page.body, "暂无合适专利的需求：2 条"), "%s", page.body);
        cr_expect_not_null(strstr(page.body, "href=\"/needs/" SITE_NEED "/patents/S-01\""));
        cr_expect_not_null(strstr(page.body, "订单式研发：可先问 甲示例大学"));
        cr_expect_null(strstr(page.body, "secret"), "titles come from the records, for whoever looks");
        cr_expect_null(strstr(page.body, "N-GONE"));
    }
    site_stop(&site);
}

Test(web_centre, no_percentile_is_shown_on_a_small_sample)
{
    Site site;
    site_start(&site, 0, 30);
    g_auto(Reply) reply = site_ask(&site, "GET", "/api/v1/fees", NULL, NULL);
    json_t *answer = reply_json(&reply), *fees = json_object_get(answer, "fees"), *row;
    gsize i;
    guint n_fixed = 0;
    cr_expect_eq(json_integer_value(json_object_get(answer, "least_sample")), 21);
    json_array_foreach(fees, i, row)
    {
        n_fixed += json_integer_value(json_object_get(row, "fixed")) > 0;
        cr_expect(json_is_null(json_object_get(row, "p50")));
    }
    cr_expect_gt(n_fixed, 0); /* two patents of the fixture state a fee */
    json_decref(answer);
    g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/centre?chain=*", NULL, NULL);
    cr_expect_not_null(strstr(page.body, "样本不够，不作参考"));
    site_stop(&site);
}

Test(web_centre, the_funnel_counts_each_pair_once_and_takes_back_what_was_taken_back)
{
    Site site;
    site_start(&site, 0, 30);
    static const struct {
        const char *kind, *need, *patent;
    } decisions[] = {{"accept", SITE_NEED, "S-01"},       {"accept", SITE_NEED, "S-01"},
                     {"accept", SITE_OTHER_NEED, "S-01"}, {"reject", SITE_NEED, "S-02"},
                     {"accept", SITE_NEED, "S-02"},       {"ban", SITE_NEED, "S-03"},
                     {"pin", SITE_OTHER_NEED, "S-02"},    {"clear", SITE_NEED, "S-01"}};
    for (gsize i = 0; i < G_N_ELEMENTS(decisions); i++) {
        g_autofree char *body =
            g_strdup_printf("{\"kind\": \"%s\", \"need\": \"%s\", \"patent\": \"%s\", \"note\": \"x\"}",
                            decisions[i].kind, decisions[i].need, decisions[i].patent);
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/api/v1/decisions", JSON, body);
        cr_assert_eq(reply.status, 201, "%s", reply.body);
    }
    /* reads all decisions, those that were taken back too; there are no lists yet */
    g_auto(Reply) listed = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/api/v1/pairings", NULL, NULL);
    cr_expect_eq(listed.status, 404);
    g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/api/v1/funnel", NULL, NULL);
    json_t *funnel = reply_json(&reply);
    /* S-01 for the other need, S-02 for both */
    cr_expect_eq(json_integer_value(json_object_get(funnel, "accepted")), 3, "%s", reply.body);
    cr_expect_eq(json_integer_value(json_object_get(funnel, "rejected")), 0);
    cr_expect_eq(json_integer_value(json_object_get(funnel, "banned")), 1);
    cr_expect_eq(json_integer_value(json_object_get(funnel, "met")), 0);
    json_decref(funnel);
    site_stop(&site);
}

Test(web_centre, an_answer_that_the_client_has_is_not_sent_again)
{
    Site site;
    site_start(&site, 0, 30);
    static const char *const paths[] = {"/api/v1/chains", "/api/v1/fees", "/api/v1/patents/S-01", "/api/v1/needs",
                                        "/api/v1/decisions"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(Reply) first = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", paths[i], NULL, NULL);
        g_autofree char *tag = reply_header(&first, "ETag");
        cr_assert_not_null(tag, "%s", paths[i]);
        g_autofree char *known = g_strdup_printf("If-None-Match: \"other\", W/%s\r\n", tag);
        g_auto(Reply) again = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", paths[i], known, NULL);
        cr_expect_eq(again.status, 304, "%s: %d", paths[i], again.status);
        cr_expect_str_empty(again.body);
        g_auto(Reply) other =
            site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", paths[i], "If-None-Match: \"g0-x\"\r\n", NULL);
        cr_expect_eq(other.status, 200);
    }
    /* another audience has another answer */
    g_auto(Reply) organiser = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/api/v1/patents/" SITE_PATENT, NULL, NULL);
    g_autofree char *tag = reply_header(&organiser, "ETag"), *known = g_strdup_printf("If-None-Match: %s\r\n", tag);
    g_auto(Reply) anybody = site_ask(&site, "GET", "/api/v1/patents/" SITE_PATENT, known, NULL);
    cr_expect_eq(anybody.status, 200);
    g_auto(Reply) none = site_ask(&site, "GET", "/api/v1/patents/none", NULL, NULL);
    g_autofree char *no_tag = reply_header(&none, "ETag");
    cr_expect_null(no_tag);
    /* a decision changes the answer that holds it */
    g_auto(Reply) before = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/api/v1/decisions", NULL, NULL);
    g_auto(Reply) pin = site_ask_as(&site, DJ_ROLE_ORGANISER, "POST", "/api/v1/decisions", JSON,
                                    "{\"kind\": \"pin\", \"need\": \"" SITE_NEED "\", \"patent\": \"S-01\"}");
    cr_assert_eq(pin.status, 201);
    g_autofree char *old = reply_header(&before, "ETag"), *has_old = g_strdup_printf("If-None-Match: %s\r\n", old);
    g_auto(Reply) after = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/api/v1/decisions", has_old, NULL);
    cr_expect_eq(after.status, 200);
    site_stop(&site);
}

/* All items of a list, asked for so many at a time. */
static json_t *whole_list(const Site *site, const char *path, const char *name, int limit)
{
    json_t *all = json_array();
    g_autofree char *after = NULL;
    do {
        g_autofree char *call = after ? g_strdup_printf("%s?limit=%d&after=%s", path, limit, after)
                                      : g_strdup_printf("%s?limit=%d", path, limit);
        g_auto(Reply) reply = site_ask_as(site, DJ_ROLE_CENTRE, "GET", call, NULL, NULL);
        cr_assert_eq(reply.status, 200, "%s", call);
        json_t *page = reply_json(&reply), *items = json_object_get(page, name);
        cr_assert_leq(json_array_size(items), (gsize)limit, "%s", call);
        json_array_extend(all, items);
        const char *next = json_string_value(json_object_get(page, "next"));
        g_free(after);
        after = next ? g_uri_escape_string(next, NULL, FALSE) : NULL;
        json_decref(page);
        cr_assert_leq(json_array_size(all), 500, "%s does not end", path);
    } while (after);
    return all;
}

Test(web_centre, the_pages_of_a_list_add_up_to_the_list)
{
    Site site;
    site_start(&site, 0, 30);
    site_month(&site, "2026-12", "organiser");
    site_month(&site, "2026-12", "centre");
    static const struct {
        const char *path, *body;
    } made[] = {
        {"/api/v1/saved", "{\"text\": \"氮化铝陶瓷基板\"}"},
        {"/api/v1/saved", "{\"text\": \"茶叶杀青\"}"},
        {"/api/v1/unmet", "{\"text\": \"要更薄的\", \"reason\": \"indicator\"}"},
        {"/api/v1/unmet", "{\"text\": \"要更快的\", \"reason\": \"indicator\"}"},
        {"/api/v1/decisions", "{\"kind\": \"pin\", \"need\": \"" SITE_NEED "\", \"patent\": \"" SITE_PATENT "\"}"},
        {"/api/v1/decisions", "{\"kind\": \"accept\", \"need\": \"" SITE_NEED "\", \"patent\": \"" SITE_PATENT "\"}"}};
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_CENTRE, "POST", made[i].path,
                                          "Content-Type: application/json\r\n", made[i].body);
        cr_assert_eq(reply.status, 201, "%s", reply.body);
    }
    static const char *const lists[] = {"months", "fees", "saved", "unmet", "decisions", "needs", "enterprises"};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *path = g_strconcat("/api/v1/", lists[i], NULL);
        json_t *whole = whole_list(&site, path, lists[i], 500), *pages = whole_list(&site, path, lists[i], 1);
        cr_expect_geq(json_array_size(whole), 2, "%s", lists[i]);
        cr_expect(json_equal(whole, pages), "%s", lists[i]);
        json_decref(whole);
        json_decref(pages);
        g_autofree char *wrong = g_strconcat(path, "?limit=501", NULL);
        g_auto(Reply) reply = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", wrong, NULL, NULL);
        cr_expect_eq(reply.status, 400, "%s", wrong);
    }
    site_stop(&site);
}
