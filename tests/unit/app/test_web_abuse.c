/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every field that a form or the API takes, filled with what it should not hold: the answer is one of ours, nothing of
 * it becomes markup, a header or a path, and the server goes on. */
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

/* Fields with a harmless value each; one after the other is replaced. */
typedef struct {
    const char *path;
    const char *fields[9][2];
} Form;

static const Form forms[] = {
    {"/",
     {{"text", "氮化铝"},
      {"chain", ""},
      {"owner", "甲示例大学"},
      {"mode", "许可"},
      {"ipc", "C04B"},
      {"budget", "10万元"},
      {"top", "5"},
      {"drop", ""},
      {"add", "基板"}}},
    {"/", {{"text", "氮化铝"}, {"kind", "achievement"}, {"maturity", "?"}, {"region", "?"}}},
    {"/ask.csv", {{"text", "氮化铝"}, {"budget", "1"}}},
    {"/ask.xlsx", {{"text", "氮化铝"}, {"owner", "甲示例大学"}}},
    {"/unmet", {{"text", "氮化铝"}, {"kind", "achievement"}}},
    {"/unmet/send",
     {{"text", "氮化铝"}, {"reason", "indicator"}, {"title", "题"}, {"detail", "述"}, {"contact", "人"}}},
    {"/saved", {{"text", "氮化铝"}, {"kind", "achievement"}, {"budget", "10"}}},
    {"/signin", {{"token", "x"}}},
    {"/jobs", {{"kind", "none"}, {"month", "2026-11"}}},
    {"/jobs", {{"month", "2026-11"}, {"kind", "none"}}},
    {"/jobs/1/import", {{"kind", "patents"}}},
    {"/events", {{"name", "秋季会"}, {"date", "2026-13-41"}, {"chain", ""}}},
    {"/events/none/do", {{"what", "plan"}}},
    {"/events/none/edit", {{"text", "x"}, {"base", "y"}}},
    {"/needs/" SITE_NEED "/patents/" SITE_PATENT "/decision", {{"kind", "pin"}, {"note", "注"}}},
};

static const char *const queries[] = {"/centre?chain=",
                                      "/work?chain=",
                                      "/work?after=",
                                      "/pairings?chain=",
                                      "/pairings?owner=",
                                      "/pairings?decision=",
                                      "/pairings?score=",
                                      "/why?need=",
                                      "/why?patent=",
                                      "/api/v1/months?after=",
                                      "/api/v1/fees?after=",
                                      "/api/v1/saved?after=",
                                      "/api/v1/unmet?after=",
                                      "/api/v1/needs?limit=",
                                      "/api/v1/pairings?page=",
                                      "/months/",
                                      "/months/2026-12/files/",
                                      "/events/",
                                      "/events/none/files/",
                                      "/jobs/",
                                      "/jobs/1/files/",
                                      "/needs/",
                                      "/patents/",
                                      "/api/v1/months/"};

static const char *const strange[] = {"<script>alert(1)</script>\"'>",
                                      "'; DROP TABLE record; --",
                                      "../../../../etc/passwd",
                                      "x\r\nSet-Cookie: stolen=1",
                                      "=cmd|' /C calc'!A0",
                                      "$(touch /tmp/x)`id`",
                                      "--help",
                                      "%s%n%s%n",
                                      "-1",
                                      "99999999999999999999999",
                                      "1e999",
                                      "\xef\xbf\xbf\xe2\x80\xae"};

/* Percent-encoded as a whole: a NUL, bytes that are no UTF-8, half a character. */
static const char *const encoded[] = {"%00", "a%00b", "%ff%fe", "%e6%b0", "%", "%zz"};

static void expect_harmless(const Reply *reply, const char *path, const char *field, const char *value)
{
    g_autofree char *type = reply_header(reply, "Content-Type");
    gboolean page = type && g_str_has_prefix(type, "text/html"); /* other types are sent with nosniff */
    cr_expect(reply->status >= 200 && reply->status < 500, "%.60s %s=%.60s: %d", path, field, value, reply->status);
    cr_expect(!page || !strstr(reply->body, "<script>alert"), "%.60s %s: markup", path, field);
    cr_expect(!reply->body || !strstr(reply->body, "root:x:0"), "%.60s %s: a file of the machine", path, field);
    cr_expect(!reply->head || !strstr(reply->head, "\r\nSet-Cookie: stolen"), "%.60s %s: a header", path, field);
}

/* raw: value stands as it is. */
static void send_form(const Site *site, const Form *form, gsize strange_field, const char *value, gboolean raw)
{
    g_autoptr(GString) body = g_string_new(NULL);
    for (gsize f = 0; f < G_N_ELEMENTS(form->fields) && form->fields[f][0]; f++) {
        g_string_append_printf(body, "%s%s=", f ? "&" : "", form->fields[f][0]);
        if (f == strange_field && raw)
            g_string_append(body, value);
        else
            g_string_append_uri_escaped(body, f == strange_field ? value : form->fields[f][1], NULL, FALSE);
    }
    g_auto(Reply) reply = site_ask_as(site, DJ_ROLE_CENTRE, "POST", form->path,
                                      "Content-Type: application/x-www-form-urlencoded\r\n", body->str);
    expect_harmless(&reply, form->path, form->fields[strange_field][0], value);
}

static void send_query(const Site *site, const char *begin, const char *value, gboolean raw)
{
    g_autofree char *escaped = raw ? g_strdup(value) : g_uri_escape_string(value, NULL, FALSE),
                    *path = g_strconcat(begin, escaped, NULL);
    g_auto(Reply) reply = site_ask_as(site, DJ_ROLE_CENTRE, "GET", path, NULL, NULL);
    expect_harmless(&reply, path, "", value);
}

static guint n_needs(const Site *site)
{
    g_auto(Reply) reply = site_ask_as(site, DJ_ROLE_CENTRE, "GET", "/api/v1/needs", NULL, NULL);
    cr_assert_eq(reply.status, 200);
    json_t *answer = reply_json(&reply);
    guint n = (guint)json_array_size(json_object_get(answer, "needs"));
    json_decref(answer);
    return n;
}

Test(web_abuse, no_field_bears_more_than_text)
{
    Site site;
    site_start(&site, 0, 30);
    site_month(&site, "2026-12", "organiser");
    guint before = n_needs(&site);
    g_autofree char *lengthy = g_strnfill(3 * 1024, 'a');
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        for (gsize f = 0; f < G_N_ELEMENTS(forms[i].fields) && forms[i].fields[f][0]; f++) {
            for (gsize v = 0; v < G_N_ELEMENTS(strange); v++)
                send_form(&site, &forms[i], f, strange[v], FALSE);
            for (gsize v = 0; v < G_N_ELEMENTS(encoded); v++)
                send_form(&site, &forms[i], f, encoded[v], TRUE);
            send_form(&site, &forms[i], f, lengthy, FALSE);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
        for (gsize v = 0; v < G_N_ELEMENTS(strange); v++)
            send_query(&site, queries[i], strange[v], FALSE);
        for (gsize v = 0; v < G_N_ELEMENTS(encoded); v++)
            send_query(&site, queries[i], encoded[v], TRUE);
        send_query(&site, queries[i], lengthy, FALSE);
    }
    cr_expect_eq(n_needs(&site), before);
    g_auto(Reply) list = site_ask_as(&site, DJ_ROLE_CENTRE, "GET", "/centre", NULL, NULL);
    cr_expect_eq(list.status, 200, "a page that lists what was sent");
    cr_expect_null(strstr(list.body, "<script>alert"));
    site_stop(&site);
}
