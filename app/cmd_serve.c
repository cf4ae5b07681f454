/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/web/server.h"

#include <stdio.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define LOCAL "127.0.0.1:8080"

/* "127.0.0.1:8080", "[::1]:8080". */
static gboolean split_address(const char *text, char **host, guint16 *port)
{
    const char *colon = strrchr(text, ':');
    guint64 number;
    if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &number, NULL))
        return FALSE;
    gboolean bracketed = text[0] == '[' && colon > text + 1 && colon[-1] == ']';
    *host = bracketed ? g_strndup(text + 1, (gsize)(colon - text - 2)) : g_strndup(text, (gsize)(colon - text));
    *port = (guint16)number;
    return **host != '\0';
}

/* One line is one write, so that lines of several threads do not mix. */
static void log_line(const char *line, gpointer user)
{
    (void)user;
    g_autoptr(GTimeZone) zone = g_time_zone_new_offset(8 * 3600); /* Shanghai, as all dates here */
    g_autoptr(GDateTime) time = g_date_time_new_now(zone);
    g_autofree char *moment = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
    g_autofree char *text = g_strdup_printf("%s %s\n", moment, line);
    fputs(text, stderr);
}

static gboolean names_a_day(const DjApp *app, int argc, char **argv)
{
    gboolean named = app->now != NULL;
    for (int i = 1; i < argc; i++)
        named |= strcmp(argv[i], "--now") == 0 || g_str_has_prefix(argv[i], "--now=");
    return named;
}

static gboolean read_pem(const char *path, char **text, GError **error)
{
    return !path || g_file_get_contents(path, text, NULL, error);
}

/* The C library would give large blocks a mapping of their own, until one is freed: from then on those of its size come
 * from the heap, where small ones settle between them, and the model of each new generation finds no gap that it fits.
 * Named by hand, the limit stays. */
static void keep_large_blocks_apart(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}

int dj_cmd_serve(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *listen = NULL, *certificate_path = NULL, *key_path = NULL;
    int threads = 0, per_minute = 120, seconds = 30, upload_seconds = 900, kept = 200;
    gboolean behind_proxy = FALSE;
    const GOptionEntry entries[] = {
        {"listen", 'l', 0, G_OPTION_ARG_FILENAME, &listen, "address and port (default " LOCAL "; port 0: any free one)",
         "ADDR:PORT"},
        {"tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate_path, "PEM file; with --tls-key, serves HTTPS",
         "FILE"},
        {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &key_path, "PEM file of the private key", "FILE"},
        {"behind-proxy", 0, 0, G_OPTION_ARG_NONE, &behind_proxy,
         "a proxy of yours in front speaks TLS and adds the client's address to X-Forwarded-For", NULL},
        {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "answers at once (default: as many as processors)", "N"},
        {"rate", 0, 0, G_OPTION_ARG_INT, &per_minute,
         "questions a minute per address without a token (default 120, 0 = no limit)", "N"},
        {"request-seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "longest time to bring a request (default 30)", "N"},
        {"upload-seconds", 0, 0, G_OPTION_ARG_INT, &upload_seconds,
         "longest time to bring a file, over a slow line (default 900)", "N"},
        {"jobs-kept", 0, 0, G_OPTION_ARG_INT, &kept,
         "newest jobs whose files stay; older ones go, with what was uploaded for them (default 200)", "N"},
        G_OPTION_ENTRY_NULL};
    gboolean fixed_day = names_a_day(app, argc, argv);
    if (!dj_app_parse(
            app, "",
            "Serves the workspace to browsers and programs until Ctrl-C. A new index is picked up within a\n"
            "second. Without --tls-certificate put a TLS proxy in front before leaving this machine, and name it\n"
            "with --behind-proxy.",
            entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    g_autofree char *host = NULL, *certificate = NULL, *key = NULL;
    guint16 port;
    if (argc != 1 || threads < 0 || threads > 256 || per_minute < 0 || seconds < 1 || upload_seconds < 1 || kept < 1) {
        dj_app_usage(app, error, argc != 1 ? "serve takes no arguments" : "a number is out of range");
        return DJ_EXIT_USAGE;
    }
    if (!split_address(listen ? listen : LOCAL, &host, &port)) {
        dj_app_usage(app, error, "--listen: not of the form ADDRESS:PORT: %s", listen);
        return DJ_EXIT_USAGE;
    }
    if ((certificate_path == NULL) != (key_path == NULL)) {
        dj_app_usage(app, error, "--tls-certificate and --tls-key belong together");
        return DJ_EXIT_USAGE;
    }
    if (!read_pem(certificate_path, &certificate, error) || !read_pem(key_path, &key, error))
        return DJ_EXIT_FAILED;
    DjServeOptions options = {.host = host,
                              .port = port,
                              .certificate = certificate,
                              .key = key,
                              .behind_proxy = behind_proxy,
                              .threads = threads > 0 ? (guint)threads : MAX(2, g_get_num_processors()),
                              .per_minute = (guint)per_minute,
                              .request_seconds = seconds,
                              .upload_seconds = upload_seconds,
                              .program = "/proc/self/exe",
                              .jobs_kept = (guint)kept,
                              .fixed_day = fixed_day,
                              .log = log_line};
    keep_large_blocks_apart();
    DjWeb *web = dj_web_start(app, &options, error);
    if (!web)
        return error && *error ? dj_app_exit_code(*error) : DJ_EXIT_FAILED;
    printf("serving at http%s://%s%s%s:%u/\n", certificate ? "s" : "", strchr(host, ':') ? "[" : "", host,
           strchr(host, ':') ? "]" : "", dj_web_port(web));
    fflush(stdout);
    while (!dj_app_cancelled())
        g_usleep(100 * 1000);
    dj_web_stop(web);
    return DJ_EXIT_DONE;
}
