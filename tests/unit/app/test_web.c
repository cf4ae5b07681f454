/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server: what is open to whom, what never leaks, what abuse gets, and that a new index is picked up. */
#include "app/web/hit.h"
#include "app/web/router.h"
#include "indexer/durable.h"
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
#include <string.h>

#define QUESTION "{\"text\": \"氮化铝陶瓷基板，热导率不低于 170 W/(m·K)\"}"

/* A path with its captures filled in. */
static char *fill_need(const char *pattern, const char *need)
{
    g_autoptr(GString) path = g_string_new(pattern);
    g_autofree char *full = g_strconcat("needs/", need, NULL);
    g_string_replace(path, "needs/{}", full, 1);
    g_string_replace(path, "{}", SITE_PATENT, 0);
    return g_strdup(path->str);
}

static char *fill(const char *pattern)
{
    return fill_need(pattern, SITE_NEED);
}

Test(web, anybody_may_ask_and_the_points_add_up)
{
    Site site;
    site_start(&site, 0, 30);
    g_auto(Reply) reply = site_ask(&site, "POST", "/api/v1/query", JSON, QUESTION);
    cr_assert_eq(reply.status, 200, "%s", reply.body);
    json_t *answer = reply_json(&reply), *results = json_object_get(answer, "results");
    cr_assert_eq(json_array_size(results), 10, "%s", reply.body);
    cr_expect_geq(json_integer_value(json_object_get(answer, "found")), 10);
    for (gsize i = 0; i < json_array_size(results); i++) {
        json_t *result = json_array_get(results, i), *parts = json_object_get(result, "parts");
        json_int_t sum = 0;
        for (gsize p = 0; p < json_array_size(parts); p++)
            sum += json_integer_value(json_object_get(json_array_get(parts, p), "points"));
        cr_expect_eq(sum, json_integer_value(json_object_get(result, "points")));
    }
    json_decref(answer);
    g_auto(Reply) narrow = site_ask(&site, "POST", "/api/v1/query", JSON,
                                    "{\"text\": \"氮化铝陶瓷基板 持有人:甲示例大学\", \"top\": 100}");
    answer = reply_json(&narrow);
    results = json_object_get(answer, "results");
    cr_expect_geq(json_array_size(results), 5);
    for (gsize i = 0; i < json_array_size(results); i++) {
        json_t *owners = json_object_get(json_array_get(results, i), "owners");
        cr_expect_str_eq(json_string_value(json_array_get(owners, 0)), "甲示例大学");
    }
    cr_expect_str_eq(json_string_value(json_object_get(answer, "query")), "氮化铝陶瓷基板");
    json_decref(answer);
    g_autofree char *text = g_uri_escape_string("水稻秸秆还田", NULL, FALSE),
                    *owner = g_uri_escape_string("乙示例大学", NULL, FALSE);
    g_autofree char *form = g_strdup_printf("text=%s&owner=%s", text, owner);
    g_auto(Reply) page = site_ask(&site, "POST", "/", FORM, form);
    cr_expect_eq(page.status, 200);
    const char *first = strstr(page.body, "<sup>1</sup></mark>"), *hit = strstr(page.body, "<article");
    cr_assert(first && hit && first > hit, "no word is marked");
    cr_expect_not_null(strstr(first + 1, "<sup>1</sup></mark>"), "the other side is not marked");
    cr_expect_not_null(strstr(page.body, "checked"));
    cr_expect_str_eq(strstr(page.body, "<script"), strstr(page.body, "<script src=\"/ask.js\" defer></script>"));
    cr_expect_null(strstr(page.body, "style=\""));
    site_stop(&site);
}

Test(web, every_answer_carries_the_strict_headers)
{
    Site site;
    site_start(&site, 0, 30);
    static const char *const paths[] = {"/", "/healthz", "/style.css", "/api/v1/openapi.json", "/nothing", "/work"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(Reply) reply = site_ask(&site, "GET", paths[i], NULL, NULL);
        g_autofree char *policy = reply_header(&reply, "Content-Security-Policy"),
                        *sniff = reply_header(&reply, "X-Content-Type-Options");
        cr_assert_not_null(policy, "%s", paths[i]);
        cr_expect_not_null(strstr(policy, "default-src 'none'"));
        cr_expect_not_null(strstr(policy, "frame-ancestors 'none'"));
        cr_expect_null(strstr(policy, "unsafe"));
        cr_expect_str_eq(sniff, "nosniff");
    }
    site_stop(&site);
}

Test(web, every_route_lets_in_whom_the_table_names_and_nobody_else)
{
    Site site;
    site_start(&site, 0, 30);
    gsize n;
    const DjRoute *routes = dj_routes(&n);
    guint refused = 0, let_in = 0;
    for (gsize i = 0; i < n; i++) {
        g_autofree char *path = fill(routes[i].path);
        gboolean post = strcmp(routes[i].method, "POST") == 0;
        const char *headers = !post ? NULL : g_str_has_prefix(path, "/api/") ? JSON : FORM;
        g_auto(Reply) nobody = site_ask(&site, routes[i].method, path, headers, post ? "" : NULL);
        if (routes[i].who & DJ_WEB_ANYBODY)
            cr_expect(nobody.status != 401 || strcmp(path, "/signin") == 0, "%s %d", path, nobody.status);
        else
            cr_expect_eq(nobody.status, 401, "%s %s: %d", routes[i].method, path, nobody.status);
        for (int role = 0; role < DJ_N_ROLES; role++) {
            g_auto(Reply) reply = site_ask_as(&site, (DjRole)role, routes[i].method, path, headers, post ? "" : NULL);
            gboolean may = routes[i].who & (DJ_WEB_ANYBODY | (1u << role));
            cr_expect_eq(reply.status == 403, !may, "%s %s as %s: %d", routes[i].method, path,
                         dj_role_name((DjRole)role), reply.status);
            refused += !may;
            let_in += may;
        }
    }
    cr_expect_gt(refused, 0);
    cr_expect_gt(let_in, 0);
    g_auto(Reply) wrong = site_ask(&site, "GET", "/api/v1/enterprises", "Authorization: Bearer dj_0000\r\n", NULL);
    cr_expect_eq(wrong.status, 401);
    site_stop(&site);
}

/* No planted word of a class that must not be seen. letters: those that must not. */
static void expect_no_word(const char *text, const char *word, const char *letters, const char *where)
{
    gsize length = strlen(word);
    for (const char *at = text; at && (at = strstr(at, word)); at++)
        cr_expect(!strchr(letters, at[length]), "%s shows %.30s", where, at);
}

static void expect_no_canary(const char *text, const char *letters, const char *where)
{
    expect_no_word(text, "canary", letters, where);
}

Test(web, what_a_caller_may_not_see_is_on_no_page_in_no_answer_and_in_no_log)
{
    Site site;
    site_start(&site, 0, 30);
    gsize n;
    const DjRoute *routes = dj_routes(&n);
    /* who asks: nobody, then each role; what must not be seen */
    static const char *const hidden[DJ_N_ROLES + 1] = {"TOC", "TOC", "TOC", "C", ""};
    guint seen_organiser = 0, seen_confidential = 0, n_public = 0;
    gsize n_results = 0;
    static const char *const asked[] = {"canaryCneeds5", "canaryCpatents42 氮化铝", "氮化铝陶瓷基板",
                                        "canaryOpatents16"};
    for (int who = 0; who <= DJ_N_ROLES; who++) {
        for (gsize i = 0; i < n; i++) {
            if (strcmp(routes[i].method, "GET") != 0)
                continue;
            g_autofree char *path = fill(routes[i].path);
            g_auto(Reply) reply = who ? site_ask_as(&site, (DjRole)(who - 1), "GET", path, NULL, NULL)
                                      : site_ask(&site, "GET", path, NULL, NULL);
            g_autofree char *where = g_strdup_printf("%s for %d", path, who);
            expect_no_canary(reply.body, hidden[who], where);
            seen_organiser += who == 1 + DJ_ROLE_ORGANISER && strstr(reply.body, "canaryO") != NULL;
            seen_confidential += who == 1 + DJ_ROLE_CENTRE && strstr(reply.body, "canaryC") != NULL;
            n_public += strstr(reply.body, "canaryP") != NULL;
        }
        for (gsize q = 0; q < G_N_ELEMENTS(asked); q++) {
            json_t *body = json_pack("{s:s}", "text", asked[q]);
            char *text = json_dumps(body, 0);
            json_decref(body);
            g_auto(Reply) reply = who ? site_ask_as(&site, (DjRole)(who - 1), "POST", "/api/v1/query", JSON, text)
                                      : site_ask(&site, "POST", "/api/v1/query", JSON, text);
            free(text);
            cr_assert_eq(reply.status, 200);
            json_t *answer = reply_json(&reply);
            n_results += json_array_size(json_object_get(answer, "results"));
            json_object_del(answer, "query"); /* what was asked comes back to who asked */
            char *rest = json_dumps(answer, JSON_COMPACT);
            expect_no_canary(rest, "TOC", asked[q]);
            free(rest);
            json_decref(answer);
        }
    }
    cr_expect_gt(seen_organiser, 0); /* the canaries are there to be found */
    cr_expect_gt(seen_confidential, 0);
    cr_expect_gt(n_public, 0);
    cr_expect_gt(n_results, 0);
    /* another enterprise's need does not exist */
    g_auto(Reply) other = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "GET", "/needs/" SITE_NEED, NULL, NULL);
    cr_expect_eq(other.status, 404);
    g_auto(Reply) own = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "GET", "/needs/" SITE_OTHER_NEED, NULL, NULL);
    cr_expect_eq(own.status, 200);
    g_mutex_lock(&site.log_mutex);
    cr_expect_null(strstr(site.log->str, "canary"));
    cr_expect_null(strstr(site.log->str, site.token[DJ_ROLE_CENTRE]));
    cr_expect_not_null(strstr(site.log->str, " GET /needs/" SITE_NEED " 200"));
    g_mutex_unlock(&site.log_mutex);
    site_stop(&site);
}

Test(web, an_enterprise_sees_its_own_secrets_and_nobody_else_does)
{
    Site site;
    site_start(&site, 0, 30);
    site_plant_owned(&site);
    gsize n;
    const DjRoute *routes = dj_routes(&n);
    /* who asks: nobody, then each role; what of the enterprise must not be seen */
    static const char *const hidden[DJ_N_ROLES + 1] = {"TOC", [1 + DJ_ROLE_ENTERPRISE] = "O",
                                                       [1 + DJ_ROLE_INSTITUTION] = "TOC", [1 + DJ_ROLE_ORGANISER] = "C",
                                                       [1 + DJ_ROLE_CENTRE] = ""};
    guint n_seen[DJ_N_ROLES + 1] = {0};
    for (gsize i = 0; i < n; i++) {
        if (strcmp(routes[i].method, "GET") != 0)
            continue;
        g_autofree char *path = fill_need(routes[i].path, SITE_OTHER_NEED);
        for (int who = 0; who <= DJ_N_ROLES; who++) {
            g_auto(Reply) reply = who ? site_ask_as(&site, (DjRole)(who - 1), "GET", path, NULL, NULL)
                                      : site_ask(&site, "GET", path, NULL, NULL);
            g_autofree char *where = g_strdup_printf("%s for %d", path, who);
            expect_no_word(reply.body, "owned", hidden[who], where);
            if (who == 1 + DJ_ROLE_ENTERPRISE)
                expect_no_canary(reply.body, "TOC", where);
            n_seen[who] += strstr(reply.body, "ownedC") != NULL;
        }
    }
    /* its page, a pairing's page, and in the API: needs, pairings, enterprises */
    cr_expect_geq(n_seen[1 + DJ_ROLE_ENTERPRISE], 4, "%u", n_seen[1 + DJ_ROLE_ENTERPRISE]);
    cr_expect_gt(n_seen[1 + DJ_ROLE_CENTRE], 0);
    const char *path = "/needs/" SITE_OTHER_NEED "/patents/S-01";
    g_auto(Reply) own = site_ask_as(&site, DJ_ROLE_ENTERPRISE, "GET", path, NULL, NULL);
    g_auto(Reply) organiser = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", path, NULL, NULL);
    cr_expect_null(strstr(own.body, "保密字段"), "points are withheld from whose words they are");
    cr_expect_not_null(strstr(organiser.body, "保密字段"));
    g_mutex_lock(&site.log_mutex);
    cr_expect_null(strstr(site.log->str, "owned"));
    g_mutex_unlock(&site.log_mutex);
    site_stop(&site);
}

Test(web, who_sees_more_than_the_public_leaves_a_note_of_what_for)
{
    Site site;
    site_start(&site, 0, 30);
    gsize n;
    const DjRoute *routes = dj_routes(&n);
    static const DjRole roles[] = {DJ_ROLE_ORGANISER, DJ_ROLE_CENTRE};
    for (gsize i = 0; i < n; i++) {
        gboolean staff_alone = (routes[i].who & ~(guint)DJ_WEB_STAFF) == 0;
        cr_expect(!staff_alone || routes[i].purpose, "%s %s has no purpose", routes[i].method, routes[i].path);
        if (!routes[i].purpose || strcmp(routes[i].method, "GET") != 0)
            continue;
        g_autofree char *path = fill(routes[i].path);
        for (gsize r = 0; r < G_N_ELEMENTS(roles); r++) {
            g_mutex_lock(&site.log_mutex);
            g_string_truncate(site.log, 0);
            g_mutex_unlock(&site.log_mutex);
            g_auto(Reply) reply = site_ask_as(&site, roles[r], "GET", path, NULL, NULL);
            cr_expect_gt(reply.status, 0, "%s: no answer", path);
            g_autofree char *expected = g_strdup_printf(" as %s for %s\n", dj_role_name(roles[r]), routes[i].purpose);
            /* the line is written before the last byte is on its way only by chance */
            gboolean there = FALSE;
            for (int tries = 0; !there && tries < 500; tries++) {
                g_mutex_lock(&site.log_mutex);
                there = strstr(site.log->str, expected) != NULL;
                g_mutex_unlock(&site.log_mutex);
                if (!there)
                    g_usleep(10 * 1000);
            }
            cr_expect(there, "%s: no note for%s", path, expected);
        }
    }
    g_auto(Reply) open = site_ask(&site, "GET", "/patents/" SITE_PATENT, NULL, NULL);
    cr_expect_eq(open.status, 200);
    g_mutex_lock(&site.log_mutex);
    cr_expect_null(strstr(site.log->str, "as public"));
    g_mutex_unlock(&site.log_mutex);
    site_stop(&site);
}

Test(web, a_browser_signs_in_decides_and_signs_out)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *form = g_strdup_printf("token=%s", site.token[DJ_ROLE_ORGANISER]);
    g_auto(Reply) wrong = site_ask(&site, "POST", "/signin", FORM, "token=dj_no");
    cr_expect_eq(wrong.status, 401);
    g_auto(Reply) in = site_ask(&site, "POST", "/signin", FORM, form);
    cr_assert_eq(in.status, 303);
    g_autofree char *set = reply_header(&in, "Set-Cookie");
    cr_assert_not_null(set);
    cr_expect_not_null(strstr(set, "; HttpOnly"));
    cr_expect_not_null(strstr(set, "; SameSite=Strict"));
    cr_expect_null(strstr(set, site.token[DJ_ROLE_ORGANISER]));
    g_autofree char *cookie = g_strdup_printf("Cookie: a=b; %.*s\r\n", (int)strcspn(set, ";"), set);
    g_autofree char *posting = g_strconcat(cookie, FORM, NULL);
    const char *pair = "/needs/" SITE_NEED "/patents/" SITE_PATENT;
    g_autofree char *decision = g_strconcat(pair, "/decision", NULL);
    g_auto(Reply) page = site_ask(&site, "GET", pair, cookie, NULL);
    cr_assert_eq(page.status, 200, "%s", page.body);
    const char *at = strstr(page.body, "name=\"csrf\" value=\"");
    cr_assert_not_null(at);
    at += strlen("name=\"csrf\" value=\"");
    g_autofree char *csrf = g_strndup(at, strcspn(at, "\""));
    g_auto(Reply) forged = site_ask(&site, "POST", decision, posting, "kind=accept");
    cr_expect_eq(forged.status, 403);
    g_autofree char *bare = g_strdup_printf("csrf=%s&kind=ban", csrf);
    g_auto(Reply) no_reason = site_ask(&site, "POST", decision, posting, bare);
    cr_expect_eq(no_reason.status, 400);
    g_autofree char *full = g_strdup_printf("csrf=%s&kind=ban&note=%%3Cb%%3Erival", csrf);
    g_auto(Reply) done = site_ask(&site, "POST", decision, posting, full);
    cr_expect_eq(done.status, 303);
    g_auto(Reply) after = site_ask(&site, "GET", pair, cookie, NULL);
    cr_expect_not_null(strstr(after.body, "&lt;b&gt;rival"));
    g_auto(Reply) list = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/api/v1/decisions", NULL, NULL);
    json_t *answer = reply_json(&list), *decisions = json_object_get(answer, "decisions");
    cr_assert_eq(json_array_size(decisions), 1);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(decisions, 0), "who")), "organiser");
    json_decref(answer);
    g_autofree char *leave = g_strdup_printf("csrf=%s", csrf);
    g_auto(Reply) out = site_ask(&site, "POST", "/signout", posting, leave);
    cr_expect_eq(out.status, 303);
    g_auto(Reply) gone = site_ask(&site, "GET", "/work", cookie, NULL);
    cr_expect_eq(gone.status, 401);
    site_stop(&site);
}

Test(web, every_form_that_changes_something_needs_the_value_of_the_session)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *form = g_strdup_printf("token=%s", site.token[DJ_ROLE_ORGANISER]);
    g_auto(Reply) in = site_ask(&site, "POST", "/signin", FORM, form);
    g_autofree char *set = reply_header(&in, "Set-Cookie");
    cr_assert_not_null(set);
    g_autofree char *cookie = g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
    gsize n;
    guint n_asked = 0;
    const DjRoute *routes = dj_routes(&n);
    for (gsize i = 0; i < n; i++) {
        if (strcmp(routes[i].method, "POST") != 0 || (routes[i].flags & DJ_ROUTE_SAFE))
            continue;
        g_auto(GStrv) parts = g_strsplit(routes[i].path, "{}", -1);
        g_autofree char *path = g_strjoinv("1", parts);
        gboolean upload = routes[i].flags & DJ_ROUTE_UPLOAD, api = g_str_has_prefix(path, "/api/");
        g_autofree char *headers = g_strconcat(cookie,
                                               upload ? "Content-Type: multipart/form-data; boundary=XX\r\n"
                                               : api  ? JSON
                                                      : FORM,
                                               NULL);
        g_auto(Reply) reply = site_ask(&site, "POST", path, headers,
                                       upload ? "--XX\r\nContent-Disposition: form-data; name=\"file\"; "
                                                "filename=\"a.csv\"\r\n\r\na\r\n--XX--\r\n"
                                       : api  ? "{}"
                                              : "csrf=wrong");
        cr_expect_eq(reply.status, 403, "%s: %d", path, reply.status);
        cr_expect_not_null(strstr(reply.body, "页面已过期"), "%s", path);
        n_asked++;
    }
    cr_expect_gt(n_asked, 10);
    site_stop(&site);
}

Test(web, abuse_gets_an_error_and_the_server_goes_on)
{
    Site site;
    site_start(&site, 0, 2);
    g_autofree char *long_text = g_strnfill(70 * 1024, 'a');
    g_autofree char *big = g_strdup_printf("{\"text\": \"%s\"}", long_text);
    g_autofree char *longish = g_strndup(long_text, 9000);
    g_autofree char *many = g_strdup_printf("{\"text\": \"%s\"}", longish);
    const struct {
        const char *method, *path, *headers, *body;
        int status;
    } cases[] = {
        {"POST", "/api/v1/query", JSON, big, 413},
        {"POST", "/api/v1/query", JSON, many, 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": ", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": \"\"}", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": 7}", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": \"a\", \"top\": 1000}", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": \"a\", \"top\": 5, \"x\": 1}", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": \"a\\u0000b\"}", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": \"a\xff\"}", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": \"a\", \"chain\": \"'; DROP TABLE record; --\"}", 400},
        {"POST", "/api/v1/query", JSON, "{\"text\": \"' OR 1=1 -- <script>alert(1)</script>\"}", 200},
        {"POST", "/api/v1/query", FORM, "text=a", 415},
        {"POST", "/", FORM, "text=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 200},
        {"POST", "/", FORM, "text=%ff%fe", 400},
        {"POST", "/", FORM, "text=%00", 400},
        {"PUT", "/api/v1/query", JSON, "{}", 405},
        {"DELETE", "/", NULL, NULL, 405},
        {"GET", "/../../etc/passwd", NULL, NULL, 404},
        {"GET", "/patents/..%2f..%2fetc%2fpasswd", NULL, NULL, 404},
        {"GET", "/patents/%00", NULL, NULL, 404},
        {"GET", "/patents/%ff", NULL, NULL, 404},
        {"GET", "/api/v1/enterprises?limit=0", NULL, NULL, 401},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Reply) reply = site_ask(&site, cases[i].method, cases[i].path, cases[i].headers, cases[i].body);
        cr_expect_eq(reply.status, cases[i].status, "%s %s %.60s: %d", cases[i].method, cases[i].path,
                     cases[i].body ? cases[i].body : "", reply.status);
        gboolean page = !g_str_has_prefix(cases[i].path, "/api/"); /* JSON is sent as JSON, with nosniff */
        cr_expect(!page || !reply.body || !strstr(reply.body, "<script>"), "%s", cases[i].body);
    }
    /* a client that never ends its request is cut off, and holds up nobody meanwhile */
    gint64 begun = g_get_monotonic_time();
    g_auto(Reply) slow = site_send(&site, "POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    cr_expect_eq(slow.status, 0);
    cr_expect_lt(g_get_monotonic_time() - begun, 10 * G_TIME_SPAN_SECOND);
    g_auto(Reply) garbage = site_send(&site, "\x16\x03\x01 nonsense\r\n\r\n");
    cr_expect_neq(garbage.status, 200);
    g_auto(Reply) health = site_ask(&site, "GET", "/healthz", NULL, NULL);
    cr_expect_eq(health.status, 200);
    site_stop(&site);
}

Test(web, nobody_may_ask_faster_than_the_limit_but_who_signed_in_may)
{
    Site site;
    site_start(&site, 3, 30);
    int last = 0;
    for (int i = 0; i < 4; i++) {
        g_auto(Reply) reply = site_ask(&site, "POST", "/api/v1/query", JSON, QUESTION);
        last = reply.status;
        if (i < 3)
            cr_expect_eq(reply.status, 200);
        g_autofree char *wait = reply_header(&reply, "Retry-After");
        cr_expect_eq(wait != NULL, i == 3);
    }
    cr_expect_eq(last, 429);
    g_auto(Reply) signed_in = site_ask_as(&site, DJ_ROLE_INSTITUTION, "POST", "/api/v1/query", JSON, QUESTION);
    cr_expect_eq(signed_in.status, 200);
    site_stop(&site);
}

static int ask_from(const Site *site, const char *forwarded)
{
    g_autofree char *headers = g_strdup_printf(JSON "X-Forwarded-For: %s\r\n", forwarded);
    g_auto(Reply) reply = site_ask(site, "POST", "/api/v1/query", headers, QUESTION);
    return reply.status;
}

Test(web, behind_a_proxy_each_client_has_its_own_limit_and_nobody_else_is_believed)
{
    Site site;
    site_behind_proxy = TRUE;
    site_start(&site, 1, 30);
    cr_expect_eq(ask_from(&site, "192.0.2.1"), 200);
    cr_expect_eq(ask_from(&site, "192.0.2.1"), 429);
    cr_expect_eq(ask_from(&site, "192.0.2.2"), 200);
    cr_expect_eq(ask_from(&site, "192.0.2.3, 192.0.2.1"), 429, "the first address is what the client wrote");
    cr_expect_eq(ask_from(&site, "2001:db8::1"), 200);
    cr_expect_eq(ask_from(&site, "'; DROP TABLE"), 200, "no address: the proxy's own");
    cr_expect_eq(ask_from(&site, ""), 429);
    cr_expect_not_null(strstr(site.log->str, "192.0.2.2 - POST /api/v1/query 200"));
    g_autofree char *form = g_strdup_printf("token=%s", site.token[DJ_ROLE_ORGANISER]);
    g_auto(Reply) reply = site_ask(&site, "POST", "/signin", FORM "X-Forwarded-For: 192.0.2.9\r\n", form);
    g_autofree char *cookie = reply_header(&reply, "Set-Cookie");
    cr_expect(cookie && strstr(cookie, "; Secure"), "%s", cookie);
    site_stop(&site);
    site_behind_proxy = FALSE;
    site_start(&site, 1, 30);
    cr_expect_eq(ask_from(&site, "192.0.2.1"), 200);
    cr_expect_eq(ask_from(&site, "192.0.2.2"), 429, "believed without a proxy");
    site_stop(&site);
}

typedef struct {
    const Site *site;
    int stop; /* read atomically */
    guint asked, failed;
} Asking;

static gpointer keep_asking(gpointer data)
{
    Asking *asking = data;
    while (!g_atomic_int_get(&asking->stop)) {
        g_auto(Reply) reply = site_ask(asking->site, "POST", "/api/v1/query", JSON, QUESTION);
        asking->asked++;
        asking->failed += reply.status != 200;
    }
    return NULL;
}

Test(web, a_new_index_is_picked_up_without_a_failed_answer)
{
    Site site;
    site_start(&site, 0, 30);
    cr_assert_eq(site_generation(&site), 1);
    Asking asking = {.site = &site};
    GThread *thread = g_thread_new("asking", keep_asking, &asking);
    site_index(&site);
    site_wait_generation(&site, 2);
    g_atomic_int_set(&asking.stop, 1);
    g_thread_join(thread);
    cr_expect_gt(asking.asked, 0);
    cr_expect_eq(asking.failed, 0, "%u of %u failed", asking.failed, asking.asked);
    site_stop(&site);
}

static Reply ask_port(guint16 port)
{
    g_autofree char *request = g_strdup_printf("POST /api/v1/query HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" JSON
                                               "Content-Length: %zu\r\n\r\n%s",
                                               strlen(QUESTION), QUESTION);
    return port_send(port, request);
}

/* The server has the files of its generation open: it answers on without them. One that starts then has nothing to
 * answer from, says what is missing and what to do, and both go over to the index that was built anew. */
Test(web, a_generation_that_vanishes_is_answered_from_until_there_is_a_new_one)
{
    Site site;
    GError *error = NULL;
    site_start(&site, 0, 30);
    g_autofree char *generation = g_build_filename(site.folder, "gen-1", NULL);
    g_auto(Reply) before = ask_port(dj_web_port(site.web));
    cr_assert_eq(before.status, 200);
    dj_durable_remove_tree(generation);
    cr_assert_not(g_file_test(generation, G_FILE_TEST_EXISTS));
    g_auto(Reply) without = ask_port(dj_web_port(site.web));
    cr_expect_eq(without.status, 200);
    cr_expect_str_eq(without.body, before.body);
    const DjServeOptions options = {.host = "127.0.0.1",
                                    .threads = 1,
                                    .request_seconds = 30,
                                    .upload_seconds = 30,
                                    .jobs_kept = 200,
                                    .fixed_day = TRUE,
                                    .log = site_keep_log,
                                    .log_user = &site};
    DjWeb *other = dj_web_start(&site.app, &options, &error);
    cr_assert(other != NULL, "%s", error ? error->message : "");
    g_auto(Reply) nothing = ask_port(dj_web_port(other));
    cr_expect_eq(nothing.status, 503);
    g_mutex_lock(&site.log_mutex);
    cr_expect(strstr(site.log->str, generation) && strstr(site.log->str, "duijie index --rebuild"), "%s",
              site.log->str);
    g_mutex_unlock(&site.log_mutex);
    site_index(&site);
    site_wait_generation(&site, 2);
    g_auto(Reply) after = ask_port(dj_web_port(site.web));
    json_t *then = reply_json(&before), *now = reply_json(&after);
    cr_expect(json_equal(json_object_get(then, "results"), json_object_get(now, "results")));
    json_decref(then);
    json_decref(now);
    DjWeb *first = site.web;
    site.web = other;
    site_wait_generation(&site, 2);
    site.web = first;
    dj_web_stop(other);
    site_stop(&site);
}

Test(web, marks_are_escaped_do_not_overlap_and_keep_characters_whole)
{
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(DjMark));
    const DjMark three[] = {{6, 12, 2, TRUE}, {0, 3, 1, FALSE}, {9, 15, 3, FALSE}};
    g_array_append_vals(marks, three, 3);
    g_autoptr(GString) out = g_string_new(NULL);
    dj_hit_marked(out, "一<&\"二三四五", marks, 0);
    cr_expect_str_eq(out->str,
                     "<mark>一<sup>1</sup></mark>&lt;&amp;&quot;<mark class=\"near\">二三<sup>2</sup></mark>四五");
    g_string_truncate(out, 0);
    g_array_set_size(marks, 0);
    dj_hit_marked(out, "一二三四五六七八九十", marks, 10);
    cr_expect(g_utf8_validate(out->str, -1, NULL));
    cr_expect_str_eq(out->str, "一二三……");
}
