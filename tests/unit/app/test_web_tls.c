/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `duijie serve` over TLS, with a certificate that the test makes; the other side is OpenSSL's own client. */
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#define CLOSE "Host: localhost\r\nConnection: close\r\n"

/* A certificate for 127.0.0.1 and its key, self-signed, as NAME.crt and NAME.key in the site's folder. */
static void make_certificate(const Site *site, const char *name, char **certificate, char **key)
{
    g_autofree char *base = g_build_filename(site->folder, name, NULL);
    g_autoptr(GError) error = NULL;
    *certificate = g_strconcat(base, ".crt", NULL);
    *key = g_strconcat(base, ".key", NULL);
    g_autoptr(GSubprocess) made =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "openssl", "req", "-x509", "-newkey", "ec",
                         "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", *key, "-out", *certificate, NULL);
    cr_assert(made && g_subprocess_wait_check(made, NULL, &error), "openssl: %s", error ? error->message : "");
}

static GSubprocess *serve(const Site *site, const char *certificate, const char *key)
{
    g_autoptr(GError) error = NULL;
    GSubprocess *server = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                                           DUIJIE_PROGRAM, "-w", site->folder, "serve", "--listen", "127.0.0.1:0",
                                           "--tls-certificate", certificate, "--tls-key", key, NULL);
    cr_assert(server != NULL, "%s", error ? error->message : "");
    return server;
}

/* The port from its first line. */
static guint16 port_of(GSubprocess *server)
{
    char line[200] = "";
    g_autoptr(GError) error = NULL;
    for (gsize n = 0; n + 1 < sizeof line && !strchr(line, '\n'); n++) {
        gssize got = g_input_stream_read(g_subprocess_get_stdout_pipe(server), line + n, 1, NULL, &error);
        cr_assert(got == 1, "the server told no address");
    }
    cr_assert(g_str_has_prefix(line, "serving at https://127.0.0.1:"), "%s", line);
    return (guint16)g_ascii_strtoull(strrchr(line, ':') + 1, NULL, 10);
}

/* The whole answer; "" when the server's certificate is not good in the eyes of who trusts `trusted` alone. */
static char *ask(guint16 port, const char *trusted, const char *request)
{
    g_autofree char *address = g_strdup_printf("127.0.0.1:%u", port);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) client = g_subprocess_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
        "openssl", "s_client", "-quiet", "-connect", address, "-CAfile", trusted, "-verify_ip", "127.0.0.1",
        "-verify_return_error", NULL);
    cr_assert(client != NULL, "%s", error ? error->message : "");
    char *answer = NULL;
    g_subprocess_communicate_utf8(client, request, NULL, &answer, NULL, NULL);
    return answer ? answer : g_strdup("");
}

Test(web_tls, a_certificate_makes_it_https_alone_and_cookies_secure)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *certificate = NULL, *key = NULL, *other = NULL, *other_key = NULL;
    make_certificate(&site, "own", &certificate, &key);
    make_certificate(&site, "other", &other, &other_key);
    g_autoptr(GSubprocess) server = serve(&site, certificate, key);
    guint16 port = port_of(server);

    g_autofree char *health = ask(port, certificate, "GET /healthz HTTP/1.1\r\n" CLOSE "\r\n");
    cr_expect(g_str_has_prefix(health, "HTTP/1.1 200 "), "%s", health);
    cr_expect_not_null(strstr(health, "\r\nStrict-Transport-Security: max-age="));
    g_autofree char *stranger = ask(port, other, "GET /healthz HTTP/1.1\r\n" CLOSE "\r\n");
    cr_expect_str_empty(stranger, "the client trusts another certificate, so it must not come this far");

    g_autofree char *form = g_strdup_printf("token=%s", site.token[DJ_ROLE_ORGANISER]);
    g_autofree char *sign_in =
        g_strdup_printf("POST /signin HTTP/1.1\r\n" CLOSE "Content-Type: application/x-www-form-urlencoded\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        strlen(form), form);
    g_autofree char *signed_in = ask(port, certificate, sign_in);
    const char *cookie = strstr(signed_in, "\r\nSet-Cookie: ");
    cr_assert_not_null(cookie, "%s", signed_in);
    g_autofree char *line = g_strndup(cookie + 2, strcspn(cookie + 2, "\r"));
    cr_expect(strstr(line, "; Secure") && strstr(line, "; HttpOnly") && strstr(line, "; SameSite="), "%s", line);

    g_auto(Reply) plain = port_send(port, "GET /healthz HTTP/1.1\r\n" CLOSE "\r\n");
    cr_expect_eq(plain.status, 0, "plain HTTP was answered");

    g_subprocess_send_signal(server, SIGINT);
    cr_expect(g_subprocess_wait_check(server, NULL, NULL));
    site_stop(&site);
}

Test(web_tls, a_certificate_without_its_own_key_starts_nothing)
{
    Site site;
    site_start(&site, 0, 30);
    g_autofree char *certificate = NULL, *key = NULL, *other = NULL, *other_key = NULL;
    make_certificate(&site, "own", &certificate, &key);
    make_certificate(&site, "other", &other, &other_key);
    const char *const keys[] = {other_key, certificate, "/nonexistent.key"};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autoptr(GSubprocess) server = serve(&site, certificate, keys[i]);
        cr_assert(g_subprocess_wait(server, NULL, NULL));
        cr_expect(g_subprocess_get_if_exited(server) && g_subprocess_get_exit_status(server) == 1, "%s", keys[i]);
    }
    site_stop(&site);
}
