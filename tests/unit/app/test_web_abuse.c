/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every field that a form or the API takes, filled with what it should not hold: the answer is one of ours, nothing of
 * it becomes markup, a header or a path, and the server goes on. */
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
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
    {"/jobs", {{"month", "none"}, {"kind", "verify"}}},
    {"/jobs/1/import", {{"kind", "patents"}}},
    {"/events", {{"name", "秋季会"}, {"date", "2026-13-41"}, {"chain", ""}}},
    {"/events/none/do", {{"what", "plan"}}},
    {"/events/none/edit", {{"text", "x"}, {"base", "y"}}},
    {"/needs/" SITE_NEED "/patents/" SITE_PATENT "/decision", {{"kind", "pin"}, {"note", "注"}}},
};

static const char *const queries[] = {"/centre?chain=",
                                      "/work?chain=",
                                      "/work?page=",
                                      "/work?show=new&chain=",
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

#define N_SLOW 12 /* more than the server has threads */

/* Begins an upload of 100 MB and goes on byte by byte as long as the server takes it. Seconds until it was cut off. */
static gpointer upload_slowly(gpointer data)
{
    const Site *site = data;
    g_autofree char *head = g_strdup_printf("POST /import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                                            "Content-Type: multipart/form-data; boundary=XX\r\n"
                                            "Content-Length: 100000000\r\n\r\n--XX\r\nContent-Disposition: form-data; "
                                            "name=\"file\"; filename=\"a.csv\"\r\n\r\n",
                                            site->token[DJ_ROLE_ORGANISER]);
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", dj_web_port(site->web), NULL, NULL);
    cr_assert(connection != NULL);
    GSocket *socket = g_socket_connection_get_socket(connection);
    gint64 begun = g_get_monotonic_time();
    char answer[512];
    g_socket_send(socket, head, strlen(head), NULL, NULL);
    for (;;) {
        gboolean closed = g_socket_condition_timed_wait(socket, G_IO_IN | G_IO_HUP, 100 * 1000, NULL, NULL) &&
                          g_socket_receive(socket, answer, sizeof answer, NULL, NULL) <= 0;
        if (closed || g_socket_send(socket, "x", 1, NULL, NULL) < 0)
            break;
        if (g_get_monotonic_time() - begun > 30 * G_TIME_SPAN_SECOND)
            break;
    }
    return GINT_TO_POINTER((int)((g_get_monotonic_time() - begun) / G_TIME_SPAN_SECOND));
}

Test(web_abuse, slow_uploads_hold_up_nobody_and_are_cut_off_without_a_trace)
{
    Site site;
    site_upload_seconds = 4;
    site_start(&site, 0, 30);
    GThread *slow[N_SLOW];
    for (int i = 0; i < N_SLOW; i++)
        slow[i] = g_thread_new("slow", upload_slowly, &site);
    gint64 until = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
    guint most = 0, n_asked = 0;
    while (most < N_SLOW && g_get_monotonic_time() < until) { /* until all have begun */
        g_auto(Reply) reply = site_ask(&site, "POST", "/api/v1/query", "Content-Type: application/json\r\n",
                                       "{\"text\": \"氮化铝陶瓷基板\"}");
        cr_expect_eq(reply.status, 200);
        n_asked++;
        most = MAX(most, site_count_files(&site, "web/uploads"));
    }
    cr_expect_eq(most, N_SLOW);
    cr_expect_gt(n_asked, 0);
    for (int i = 0; i < N_SLOW; i++) {
        int seconds = GPOINTER_TO_INT(g_thread_join(slow[i]));
        cr_expect(seconds >= 3 && seconds < 20, "cut off after %d s", seconds);
    }
    for (gint64 end = g_get_monotonic_time() + 10 * G_TIME_SPAN_SECOND;
         site_count_files(&site, "web/uploads") > 0 && g_get_monotonic_time() < end;) {
        g_auto(Reply) reply = site_ask(&site, "GET", "/healthz", NULL, NULL);
        cr_expect_eq(reply.status, 200);
    }
    cr_expect_eq(site_count_files(&site, "web/uploads"), 0);
    g_auto(Reply) jobs = site_ask_as(&site, DJ_ROLE_ORGANISER, "GET", "/api/v1/jobs", NULL, NULL);
    cr_expect_not_null(strstr(jobs.body, "\"jobs\":[]"), "%s", jobs.body);
    site_stop(&site);
}
