/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/browser/driver.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define WAIT_MS 15000

struct Browser {
    GSubprocess *driver;
    GDataInputStream *said; /* by the driver */
    char *profile, *downloads;
    guint16 port;
    char *session; /* "/session/ID" */
};

/* ---- WebDriver ---- */

/* The body, by its announced length: the driver keeps connections open. NULL when it does not come. */
static char *read_reply(GInputStream *in)
{
    g_autoptr(GDataInputStream) lines = g_data_input_stream_new(in);
    g_data_input_stream_set_newline_type(lines, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
    gsize length = 0, got = 0;
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
        if (!line)
            return NULL;
        if (*line == '\0')
            break;
        if (g_ascii_strncasecmp(line, "content-length:", 15) == 0)
            length = g_ascii_strtoull(line + 15, NULL, 10);
    }
    g_autofree char *body = g_malloc0(length + 1);
    return g_input_stream_read_all(G_INPUT_STREAM(lines), body, length, &got, NULL, NULL) && got == length
               ? g_steal_pointer(&body)
               : NULL;
}

static char *talk(const Browser *browser, const char *method, const char *path, const char *body)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_socket_client_set_enable_proxy(client, FALSE);
    g_socket_client_set_timeout(client, 120);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", browser->port, NULL, &error);
    cr_assert(connection != NULL, "%s", error ? error->message : "");
    g_autofree char *bytes = g_strdup_printf("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                             "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                             method, path, strlen(body), body);
    cr_assert(g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), bytes, strlen(bytes),
                                        NULL, NULL, &error),
              "%s", error ? error->message : "");
    char *reply = read_reply(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
    cr_assert(reply != NULL, "no answer to %s %s", method, path);
    return reply;
}

/* The value of the answer; *problem is the name of the driver's error, NULL when all went well. Both to be freed. */
static json_t *command(const Browser *browser, const char *method, const char *path, json_t *body, char **problem)
{
    char *text = json_dumps(body, 0);
    json_decref(body);
    g_autofree char *full = g_strconcat(browser->session ? browser->session : "", path, NULL);
    g_autofree char *reply = talk(browser, method, full, strcmp(method, "GET") == 0 ? "" : text);
    free(text);
    json_t *answer = json_loads(reply, 0, NULL);
    cr_assert(json_is_object(answer), "%s %s: %s", method, path, reply);
    json_t *value = json_incref(json_object_get(answer, "value"));
    json_decref(answer);
    const char *error = json_string_value(json_object_get(value, "error"));
    *problem = g_strdup(error);
    return value;
}

static json_t *demand(const Browser *browser, const char *method, const char *path, json_t *body)
{
    g_autofree char *problem = NULL;
    json_t *value = command(browser, method, path, body, &problem);
    cr_assert(!problem, "%s %s: %s: %s", method, path, problem, json_string_value(json_object_get(value, "message")));
    return value;
}

static json_t *devtools(const Browser *browser, const char *name, json_t *parameters)
{
    return demand(browser, "POST", "/goog/cdp/execute", json_pack("{s:s, s:o}", "cmd", name, "params", parameters));
}

/* ---- start and stop ---- */

static void read_port(Browser *browser)
{
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line(browser->said, NULL, NULL, NULL);
        cr_assert(line != NULL, "chromedriver did not start");
        const char *at = strstr(line, "successfully on port ");
        if (!at)
            continue;
        browser->port = (guint16)g_ascii_strtoull(at + strlen("successfully on port "), NULL, 10);
        return;
    }
}

static void begin_session(Browser *browser)
{
    g_autofree char *profile = g_strconcat("--user-data-dir=", browser->profile, NULL);
    json_t *options =
        json_pack("{s:[s,s,s,s,s,s,s,s,s,s,s], s:{s:s, s:b}}", "args", "--headless", "--no-sandbox", "--disable-gpu",
                  "--lang=zh-CN", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--window-size=1280,900", profile, "prefs",
                  "download.default_directory", browser->downloads, "download.prompt_for_download", FALSE);
    json_t *value = demand(browser, "POST", "/session",
                           json_pack("{s:{s:{s:s, s:o, s:{s:s}, s:{s:i, s:i}}}}", "capabilities", "alwaysMatch",
                                     "browserName", "chrome", "goog:chromeOptions", options, "goog:loggingPrefs",
                                     "browser", "ALL", "timeouts", "implicit", WAIT_MS, "pageLoad", 60000));
    browser->session = g_strdup_printf("/session/%s", json_string_value(json_object_get(value, "sessionId")));
    json_decref(value);
}

/* A test that fails does not come to browser_stop. */
static void die_with_test(gpointer unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

Browser *browser_start(void)
{
    Browser *browser = g_new0(Browser, 1);
    g_autoptr(GError) error = NULL;
    browser->profile = g_dir_make_tmp("duijie-browser-XXXXXX", &error);
    browser->downloads = g_build_filename(browser->profile, "downloads", NULL);
    cr_assert(browser->profile && g_mkdir(browser->downloads, 0700) == 0, "%s", error ? error->message : "");
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_subprocess_launcher_setenv(launcher, "TMPDIR", browser->profile, TRUE); /* Chromium leaves folders there */
    g_subprocess_launcher_set_child_setup(launcher, die_with_test, NULL, NULL);
    browser->driver = g_subprocess_launcher_spawn(launcher, &error, "chromedriver", "--port=0", NULL);
    cr_assert(browser->driver != NULL, "%s", error ? error->message : "");
    browser->said = g_data_input_stream_new(g_subprocess_get_stdout_pipe(browser->driver));
    read_port(browser);
    begin_session(browser);
    browser_phone(browser, FALSE);
    return browser;
}

static void expect_quiet(const Browser *browser)
{
    json_t *lines = demand(browser, "POST", "/se/log", json_pack("{s:s}", "type", "browser")), *line;
    gsize i;
    json_array_foreach(lines, i, line)
    {
        const char *message = json_string_value(json_object_get(line, "message"));
        cr_expect(!strstr(message, "Content Security Policy") && !strstr(message, "Uncaught"), "%s", message);
    }
    json_decref(lines);
}

void browser_stop(Browser *browser)
{
    expect_quiet(browser);
    json_decref(demand(browser, "DELETE", "", json_object()));
    g_subprocess_send_signal(browser->driver, SIGTERM);
    g_subprocess_wait(browser->driver, NULL, NULL);
    g_object_unref(browser->said);
    g_object_unref(browser->driver);
    folder_remove(browser->profile);
    g_free(browser->profile);
    g_free(browser->downloads);
    g_free(browser->session);
    g_free(browser);
}

/* ---- steps ---- */

void browser_phone(Browser *browser, gboolean phone)
{
    json_decref(devtools(browser, "Emulation.setDeviceMetricsOverride",
                         json_pack("{s:i, s:i, s:i, s:b}", "width", phone ? 390 : 1280, "height", phone ? 844 : 900,
                                   "deviceScaleFactor", 1, "mobile", phone)));
}

void browser_open(Browser *browser, const char *url)
{
    json_decref(demand(browser, "POST", "/url", json_pack("{s:s}", "url", url)));
}

/* Path of an element, to be freed; waits for it. */
static char *find(const Browser *browser, const char *where)
{
    const char *way = *where == '/' || *where == '(' ? "xpath" : "css selector";
    g_autofree char *problem = NULL;
    json_t *value =
        command(browser, "POST", "/element", json_pack("{s:s, s:s}", "using", way, "value", where), &problem);
    if (problem) {
        json_t *page = browser_run((Browser *)browser, "return location.href + '\\n' + document.body.innerText");
        cr_assert_fail("%s: %s on %.3000s", where, problem, json_string_value(page));
    }
    const char *key;
    json_t *id;
    char *path = NULL;
    json_object_foreach(value, key, id)
    {
        g_free(path);
        path = g_strdup_printf("/element/%s", json_string_value(id));
    }
    json_decref(value);
    return path;
}

/* Does something with an element. The page may be replaced between finding it and that: then it is found again. */
static json_t *act(const Browser *browser, const char *where, const char *method, const char *what, json_t *body)
{
    for (int attempt = 0;; attempt++) {
        g_autofree char *element = find(browser, where), *problem = NULL;
        g_autofree char *path = g_strconcat(element, what, NULL);
        json_t *value = command(browser, method, path, json_incref(body), &problem);
        if (!problem) {
            json_decref(body);
            return value;
        }
        cr_assert(attempt < 100 && strcmp(problem, "stale element reference") == 0, "%s %s: %s", where, what,
                  json_string_value(json_object_get(value, "message")));
        json_decref(value);
    }
}

void browser_click(Browser *browser, const char *where)
{
    json_decref(act(browser, where, "POST", "/click", json_object()));
}

void browser_follow(Browser *browser, const char *where)
{
    g_free(find(browser, where)); /* this page, not one that is about to be left */
    json_decref(browser_run(browser, "document.documentElement.dataset.left = ''"));
    browser_click(browser, where);
    g_free(find(browser, "html:not([data-left]) footer"));
}

void browser_type(Browser *browser, const char *where, const char *text)
{
    json_decref(act(browser, where, "POST", "/value", json_pack("{s:s}", "text", text)));
}

void browser_clear(Browser *browser, const char *where)
{
    json_decref(act(browser, where, "POST", "/clear", json_object()));
}

char *browser_text(Browser *browser, const char *where)
{
    json_t *value = act(browser, where, "GET", "/text", json_object());
    char *text = g_strdup(json_string_value(value));
    json_decref(value);
    return text;
}

void browser_see(Browser *browser, const char *text)
{
    g_autofree char *where = g_strdup_printf("//body//*[contains(normalize-space(.), \"%s\")]", text);
    g_free(find(browser, where));
}

json_t *browser_run(Browser *browser, const char *script)
{
    return demand(browser, "POST", "/execute/sync", json_pack("{s:s, s:[]}", "script", script, "args"));
}

guint browser_count(Browser *browser, const char *css)
{
    g_autofree char *script = g_strdup_printf("return document.querySelectorAll('%s').length", css);
    json_t *value = browser_run(browser, script);
    guint n = (guint)json_integer_value(value);
    json_decref(value);
    return n;
}

/* ---- downloads ---- */

typedef struct {
    GMainLoop *loop;
    char *path;
    gboolean late;
} Arrival;

static void on_file(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user)
{
    (void)monitor;
    Arrival *arrival = user;
    GFile *named = event == G_FILE_MONITOR_EVENT_RENAMED ? other : file;
    g_autofree char *path = named ? g_file_get_path(named) : NULL;
    gboolean whole = event == G_FILE_MONITOR_EVENT_RENAMED || event == G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT ||
                     event == G_FILE_MONITOR_EVENT_MOVED_IN;
    g_autofree char *base = path ? g_path_get_basename(path) : NULL;
    GStatBuf about = {0}; /* the name is taken by an empty file first */
    if (!whole || !base || g_stat(path, &about) != 0 || about.st_size == 0 || g_str_has_prefix(base, ".") ||
        g_str_has_suffix(base, ".crdownload") || arrival->path)
        return;
    arrival->path = g_steal_pointer(&path);
    g_main_loop_quit(arrival->loop);
}

static gboolean give_up(gpointer user)
{
    Arrival *arrival = user;
    arrival->late = TRUE;
    g_main_loop_quit(arrival->loop);
    return G_SOURCE_REMOVE;
}

char *browser_download(Browser *browser, const char *where)
{
    g_autoptr(GFile) folder = g_file_new_for_path(browser->downloads);
    g_autoptr(GError) error = NULL;
    g_autoptr(GFileMonitor) monitor = g_file_monitor_directory(folder, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
    cr_assert(monitor != NULL, "%s", error ? error->message : "");
    Arrival arrival = {.loop = g_main_loop_new(NULL, FALSE)};
    g_signal_connect(monitor, "changed", G_CALLBACK(on_file), &arrival);
    browser_click(browser, where);
    guint timer = g_timeout_add(WAIT_MS, give_up, &arrival);
    g_main_loop_run(arrival.loop);
    cr_assert(!arrival.late, "%s downloads nothing", where);
    g_source_remove(timer);
    g_main_loop_unref(arrival.loop);
    return arrival.path;
}

/* ---- looks ---- */

static void keep_picture(Browser *browser, const char *name, const char *suffix, gboolean whole)
{
    const char *folder = g_getenv("DUIJIE_SHOTS");
    if (!folder)
        return;
    json_t *value = devtools(browser, "Page.captureScreenshot",
                             json_pack("{s:s, s:b}", "format", "png", "captureBeyondViewport", whole));
    gsize length;
    g_autofree guchar *bytes = g_base64_decode(json_string_value(json_object_get(value, "data")), &length);
    json_decref(value);
    g_autofree char *base = g_strconcat(name, suffix, NULL), *path = g_build_filename(folder, base, NULL);
    g_autoptr(GError) error = NULL;
    cr_assert(g_mkdir_with_parents(folder, 0755) == 0, "%s: %s", folder, g_strerror(errno));
    cr_assert(g_file_set_contents(path, (const char *)bytes, (gssize)length, &error), "%s",
              error ? error->message : "");
}

void browser_look(Browser *browser, const char *name)
{
    for (int phone = 0; phone < 2; phone++) {
        browser_phone(browser, phone);
        json_t *excess =
            browser_run(browser, "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        cr_expect_leq(json_integer_value(excess), 0, "%s is %" JSON_INTEGER_FORMAT " pixels too wide on a %s", name,
                      json_integer_value(excess), phone ? "phone" : "desktop");
        json_decref(excess);
        keep_picture(browser, name, phone ? "-phone.png" : "-desktop.png", TRUE);
    }
    browser_phone(browser, FALSE);
}

void browser_picture(Browser *browser, const char *name, gboolean phone)
{
    browser_phone(browser, phone);
    keep_picture(browser, name, ".png", FALSE);
    browser_phone(browser, FALSE);
}
