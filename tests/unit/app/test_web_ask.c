/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Around a question: filters, export, suggestions, what nothing fitted, what is new. */
#include "app/web/asked.h"
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

/* name=value&…, encoded; NULL-terminated pairs. */
static char *form_of(const char *name, ...)
{
    GString *out = g_string_new(NULL);
    va_list args;
    va_start(args, name);
    for (; name; name = va_arg(args, const char *)) {
        g_string_append_printf(out, "%s%s=", out->len ? "&" : "", name);
        g_string_append_uri_escaped(out, va_arg(args, const char *), NULL, FALSE);
    }
    va_end(args);
    return g_string_free(out, FALSE);
}

static guint count(const char *text, const char *what)
{
    guint n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

Test(web_ask, a_budget_keeps_fees_that_are_low_enough_or_not_fixed)
{
    DjFilter filter;
    g_autoptr(GError) error = NULL;
    dj_filter_init(&filter);
    cr_expect(dj_filter_is_empty(&filter));
    cr_expect(dj_filter_set_budget(&filter, " 10 ", &error));
    cr_expect_eq(filter.budget, 100000);
    cr_expect(dj_filter_set_budget(&filter, "2.5万元", &error));
    cr_expect_eq(filter.budget, 25000);
    cr_expect(dj_filter_set_budget(&filter, "800元", &error));
    cr_expect_eq(filter.budget, 800);
    cr_expect_not(dj_filter_is_empty(&filter));
    static const char *const bad[] = {"-1", "十万", "1e99", "0x10", "inf", "10 美元"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_clear_error(&error);
        cr_expect_not(dj_filter_set_budget(&filter, bad[i], &error), "%s", bad[i]);
    }
    dj_filter_clear(&filter);

    Site site;
    site_start(&site, 0, 30);
    /* S-01 costs 80,000 yuan, S-03 300,000; the others name no amount */
    g_auto(Reply) all = site_ask(&site, "POST", "/api/v1/query", JSON, "{\"text\": \"氮化铝陶瓷基板\", \"top\": 100}");
    g_auto(Reply) low =
        site_ask(&site, "POST", "/api/v1/query", JSON, "{\"text\": \"氮化铝陶瓷基板 预算:10万\", \"top\": 100}");
    g_auto(Reply) lower = site_ask(&site, "POST", "/api/v1/query", JSON,
                                   "{\"text\": \"氮化铝陶瓷基板\", \"budget\": 79999, \"top\": 100}");
    cr_expect(strstr(all.body, "\"S-01\"") && strstr(all.body, "\"S-03\"") && strstr(all.body, "\"S-02\""));
    cr_expect(strstr(low.body, "\"S-01\"") && !strstr(low.body, "\"S-03\"") && strstr(low.body, "\"S-02\""));
    cr_expect(!strstr(lower.body, "\"S-01\"") && strstr(lower.body, "\"S-02\""));
    g_auto(Reply) mode =
        site_ask(&site, "POST", "/api/v1/query", JSON, "{\"text\": \"氮化铝陶瓷基板 方式:转让\", \"top\": 100}");
    cr_expect(strstr(mode.body, "\"S-01\"") && !strstr(mode.body, "\"S-02\""));
    site_stop(&site);
}

Test(web_ask, choices_can_be_taken_back_one_by_one_and_survive_when_they_are_rare)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *chosen = form_of("text", "氮化铝陶瓷基板", "owner", "甲示例大学", "budget", "10", NULL);
    g_auto(Reply) page = site_ask(&site, "POST", "/", FORM, chosen);
    cr_assert_eq(page.status, 200);
    cr_expect_not_null(strstr(page.body, "name=\"drop\" value=\"owner=甲示例大学\""));
    cr_expect_not_null(strstr(page.body, "name=\"drop\" value=\"budget=10\""));
    g_autofree char *dropped =
        form_of("text", "氮化铝陶瓷基板", "owner", "甲示例大学", "budget", "10", "drop", "owner=甲示例大学", NULL);
    g_auto(Reply) less = site_ask(&site, "POST", "/", FORM, dropped);
    cr_expect_null(strstr(less.body, "value=\"owner="));
    cr_expect_not_null(strstr(less.body, "value=\"budget=10\""));
    g_autofree char *none = form_of("text", "氮化铝陶瓷基板", "owner", "甲示例大学", "drop", "all", NULL);
    g_auto(Reply) clear = site_ask(&site, "POST", "/", FORM, none);
    cr_expect_null(strstr(clear.body, "checked"));
    /* an owner that none of the results has stays ticked, so that it can be unticked */
    g_autofree char *empty = form_of("text", "氮化铝陶瓷基板", "owner", "没有这样的大学", NULL);
    g_auto(Reply) nothing = site_ask(&site, "POST", "/", FORM, empty);
    cr_expect_not_null(strstr(nothing.body, "没有找到够相配的专利"));
    cr_expect_eq(count(nothing.body, " checked>"), 1);
    site_stop(&site);
}

Test(web_ask, what_is_near_but_below_the_limit_is_called_so_on_the_page_as_in_the_api)
{
    Site site;
    site_start_sample(&site);
    static const struct {
        const char *text;
        gboolean found;
    } cases[] = {{"薄膜黄变", TRUE}, {"我们有一条旧线，想请人看看能不能改，只有手工记录，客户催得紧，希望尽快", FALSE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_t *body = json_pack("{s:s}", "text", cases[i].text);
        char *dump = json_dumps(body, 0);
        g_auto(Reply) api = site_ask(&site, "POST", "/api/v1/query", JSON, dump);
        free(dump);
        json_decref(body);
        json_t *answer = reply_json(&api);
        const json_t *results = json_object_get(answer, "results");
        cr_expect_eq(json_integer_value(json_object_get(answer, "found")) > 0, cases[i].found);
        cr_assert_gt(json_array_size(results), 0, "%s: the nearest are shown in any case", cases[i].text);
        cr_expect_eq(json_is_true(json_object_get(json_array_get(results, 0), "low")), !cases[i].found);
        g_autofree char *form = form_of("text", cases[i].text, NULL);
        g_auto(Reply) page = site_ask(&site, "POST", "/", FORM, form);
        cr_expect_eq(strstr(page.body, "没有一件够得上清单的下限") != NULL, !cases[i].found);
        cr_expect_eq(strstr(page.body, "因资格未列") != NULL, json_array_size(json_object_get(answer, "barred")) > 0);
        g_autofree char *first =
            g_strdup_printf("/patents/%s", json_string_value(json_object_get(json_array_get(results, 0), "patent")));
        cr_expect_not_null(strstr(page.body, first), "%s: not on the page", first);
        json_decref(answer);
    }
    site_stop(&site);
}

/* All parts of a workbook, one after the other. */
static char *unpack(const Site *site, const Reply *xlsx)
{
    g_autofree char *path = g_build_filename(site->folder, "answer.xlsx", NULL);
    const char *argv[] = {"unzip", "-p", path, NULL};
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_set_contents(path, xlsx->body, (gssize)xlsx->length, &error) &&
                  g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, &error),
              "%s", error ? error->message : "");
    cr_assert_not_null(strstr(text, "<sheetData>"));
    return text;
}

Test(web_ask, a_table_holds_what_the_page_shows_and_no_formula)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *form = form_of("text", "氮化铝陶瓷基板 canaryCneeds5", NULL);
    g_auto(Reply) csv = site_ask(&site, "POST", "/ask.csv", FORM, form);
    cr_assert_eq(csv.status, 200);
    g_autofree char *type = reply_header(&csv, "Content-Type"), *how = reply_header(&csv, "Content-Disposition");
    cr_expect(g_str_has_prefix(type, "text/csv"));
    cr_expect(g_str_has_prefix(how, "attachment"));
    cr_expect(g_str_has_prefix(csv.body, "\xEF\xBB\xBF名次,匹配度,名称"));
    cr_expect_geq(count(csv.body, "\r\n"), 5);
    for (const char *at = csv.body; (at = strstr(at, "canary")); at++)
        cr_expect_eq(at[6], 'P', "%.30s", at);
    for (const char *at = csv.body; (at = strstr(at, "\r\n")) && at[2]; at++)
        cr_expect(!strchr("=+-@", at[2]));
    /* a word that the patent with the canaries alone has in its title */
    g_autofree char *text = g_strdup_printf("canaryPpatents%d canaryCneeds5", DJ_PATENT_TITLE);
    g_autofree char *there = form_of("text", text, NULL);
    g_auto(Reply) xlsx = site_ask(&site, "POST", "/ask.xlsx", FORM, there);
    cr_expect_eq(xlsx.status, 200);
    cr_expect(g_str_has_prefix(xlsx.body, "PK"));
    g_autofree char *cells = unpack(&site, &xlsx);
    cr_expect_not_null(strstr(cells, "canaryP"), "the canary is there to be found");
    for (const char *at = cells; (at = strstr(at, "canary")); at++)
        cr_expect_eq(at[6], 'P', "%.30s", at);
    cr_expect_null(strstr(cells, "<f>"), "a formula");
    site_stop(&site);
}

static json_t *suggest(const Site *site, const char *text)
{
    json_t *body = json_pack("{s:s}", "text", text);
    char *dump = json_dumps(body, 0);
    g_auto(Reply) reply = site_ask(site, "POST", "/api/v1/suggest", JSON, dump);
    cr_assert_eq(reply.status, 200);
    free(dump);
    json_decref(body);
    return reply_json(&reply);
}

Test(web_ask, suggestions_come_from_public_titles_and_the_lexicon_alone)
{
    Site site;
    site_start(&site, 0, 30);
    json_t *words = suggest(&site, "我们要高导热的氮化");
    cr_expect_eq(json_integer_value(json_object_get(words, "replaced")), 2);
    gboolean found = FALSE;
    json_t *list = json_object_get(words, "words");
    for (gsize i = 0; i < json_array_size(list); i++)
        found |= strcmp(json_string_value(json_array_get(list, i)), "氮化铝") == 0;
    cr_expect(found);
    json_decref(words);
    /* "canary" begins words of every class: only those of public titles may come */
    words = suggest(&site, "canary");
    list = json_object_get(words, "words");
    for (gsize i = 0; i < json_array_size(list); i++)
        cr_expect(g_str_has_prefix(json_string_value(json_array_get(list, i)), "canaryP"));
    json_decref(words);
    words = suggest(&site, "鸑鷟");
    cr_expect_eq(json_array_size(json_object_get(words, "words")), 0);
    json_decref(words);
    site_stop(&site);
}

Test(web_ask, what_nothing_fitted_is_routed_and_its_text_is_for_the_centre_alone)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *form = form_of("text", "要 canaryCtext", "kind", "achievement", NULL);
    g_auto(Reply) page = site_ask(&site, "POST", "/unmet", FORM, form);
    cr_assert_eq(page.status, 200);
    cr_expect_not_null(strstr(page.body, "订单式研发"));
    g_autofree char *full = form_of("text", "要 canaryCtext", "reason", "indicator", "detail", "canaryCdetail", "title",
                                    "canaryOtitle", "contact", "canaryOcontact", NULL);
    g_auto(Reply) sent = site_ask(&site, "POST", "/unmet/send", FORM, full);
    cr_assert_eq(sent.status, 200, "%s", sent.body);
    cr_expect_not_null(strstr(sent.body, "订单式研发"));
    cr_expect_null(strstr(sent.body, "canaryC"));
    g_autofree char *no_reason = form_of("text", "x", NULL);
    g_auto(Reply) refused = site_ask(&site, "POST", "/unmet/send", FORM, no_reason);
    cr_expect_eq(refused.status, 400);
    static const struct {
        int role;
        gboolean organisers, confidential;
    } sees[] = {{DJ_ROLE_ORGANISER, TRUE, FALSE}, {DJ_ROLE_CENTRE, TRUE, TRUE}};
    for (gsize i = 0; i < G_N_ELEMENTS(sees); i++) {
        g_auto(Reply) list = site_ask_as(&site, (DjRole)sees[i].role, "GET", "/api/v1/unmet", NULL, NULL);
        cr_expect_eq(strstr(list.body, "canaryOtitle") != NULL, sees[i].organisers);
        cr_expect_eq(strstr(list.body, "canaryOcontact") != NULL, sees[i].organisers);
        cr_expect_eq(strstr(list.body, "canaryCtext") != NULL, sees[i].confidential);
        cr_expect_eq(strstr(list.body, "canaryCdetail") != NULL, sees[i].confidential);
    }
    g_mutex_lock(&site.log_mutex);
    cr_expect_null(strstr(site.log->str, "canary"));
    g_mutex_unlock(&site.log_mutex);
    site_stop(&site);
}

static json_t *saved_of(const Site *site, DjRole role)
{
    g_auto(Reply) reply = site_ask_as(site, role, "GET", "/api/v1/saved", NULL, NULL);
    cr_assert_eq(reply.status, 200, "%s", reply.body);
    return reply_json(&reply);
}

static gsize n_new(const Site *site)
{
    json_t *answer = saved_of(site, DJ_ROLE_ENTERPRISE);
    gsize n = json_array_size(json_object_get(json_array_get(json_object_get(answer, "saved"), 0), "new"));
    json_decref(answer);
    return n;
}

Test(web_ask, a_saved_question_tells_what_came_since_it_was_seen)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *form = form_of("text", "氮化铝陶瓷基板 canaryCsaved", NULL);
    g_auto(Reply) saved = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "POST", "/saved", FORM, form);
    cr_assert_eq(saved.status, 303, "%s", saved.body);
    cr_expect_eq(n_new(&site), 0);
    site_add_patent(&site, "S-NEW", "高导热氮化铝陶瓷基板新法");
    site_index(&site);
    for (int i = 0; i < 300 && n_new(&site) == 0; i++)
        g_usleep(50 * 1000); /* the server looks for a new index once a second */
    cr_expect_eq(n_new(&site), 1);
    g_auto(Reply) list = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "GET", "/saved", NULL, NULL);
    cr_expect_not_null(strstr(list.body, "新专利 1 件"));
    g_auto(Reply) page = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "POST", "/saved/1", FORM, "");
    cr_assert_eq(page.status, 200);
    cr_expect_eq(count(page.body, "<span class=\"chip new\">新</span>"), 1);
    cr_expect_eq(n_new(&site), 0);
    /* nobody else has it */
    for (int role = 0; role < DJ_N_ROLES; role++) {
        if (role == DJ_ROLE_ENTERPRISE)
            continue;
        g_auto(Reply) other = site_ask_as(&site, (DjRole)role, "GET", "/saved", NULL, NULL);
        cr_expect_null(strstr(other.body, "canaryCsaved"));
        g_auto(Reply) opened = site_ask_as(&site, (DjRole)role, "POST", "/saved/1", FORM, "");
        cr_expect_eq(opened.status, 404);
    }
    for (int i = 1; i < 20; i++) {
        g_auto(Reply) more = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "POST", "/saved", FORM, form);
        cr_expect_eq(more.status, 303);
    }
    g_auto(Reply) full = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "POST", "/saved", FORM, form);
    cr_expect_eq(full.status, 409);
    site_stop(&site);
}

Test(web_ask, why_a_patent_is_or_is_not_in_the_answer)
{
    Site site;
    site_start(&site, 0, 30);
    static const struct {
        const char *patent, *owner, *says;
        int status;
    } cases[] = {{"S-01", NULL, "在这次的结果里，第 ", 200},
                 {"S-13", NULL, "不在这次的结果里：匹配度 ", 200},
                 {"S-01", "乙示例大学", "不在这次的结果里：被您选的条件去掉了", 200},
                 {"S-nothing", NULL, "没有这个编号的专利", 404},
                 {"", NULL, "没有这个编号的专利", 404}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *form = form_of("text", "要热导率高的氮化铝陶瓷基板，热循环不分层", "patent", cases[i].patent,
                                        cases[i].owner ? "owner" : NULL, cases[i].owner, NULL);
        g_auto(Reply) reply = site_ask(&site, "POST", "/ask/why", FORM, form);
        cr_expect_eq(reply.status, cases[i].status);
        cr_expect_not_null(strstr(reply.body, cases[i].says), "%s: %s", cases[i].patent, reply.body);
        cr_expect_null(strstr(reply.body, "canaryC"));
    }
    /* a program hears the same */
    g_auto(Reply) said = site_ask(
        &site, "POST", "/api/v1/query/why", "Content-Type: application/json\r\n",
        "{\"text\": \"要热导率高的氮化铝陶瓷基板，热循环不分层\", \"patent\": \"S-01\", \"owner\": \"乙示例大学\"}");
    json_t *why = reply_json(&said);
    cr_expect_str_eq(json_string_value(json_object_get(why, "reason")), "被您选的条件去掉了");
    cr_expect(json_is_false(json_object_get(why, "listed")) && json_is_null(json_object_get(why, "rank")));
    json_decref(why);
    g_auto(Reply) public =
        site_ask_as(&site, DJ_ROLE_CENTRE, "POST", "/api/v1/query/why", "Content-Type: application/json\r\n",
                    "{\"text\": \"氮化铝陶瓷基板\", \"patent\": \"" SITE_PATENT "\"}");
    cr_expect_eq(public.status, 200, "%s", public.body);
    cr_expect_null(strstr(public.body, "canary"), "public fields alone, whoever asks");
    /* opened by anybody: words that only participants may see stay away */
    g_autofree char *form = form_of("text", "氮化铝陶瓷基板", "patent", SITE_PATENT, NULL);
    g_auto(Reply) planted = site_ask(&site, "POST", "/ask/why", FORM, form);
    cr_expect_eq(planted.status, 200);
    cr_expect_null(strstr(planted.body, "canaryT"));
    cr_expect_null(strstr(planted.body, "canaryO"));
    cr_expect_null(strstr(planted.body, "canaryC"));
    site_stop(&site);
}
