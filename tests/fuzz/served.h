/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real server over the small workspace, and bytes on connections of their own. "TOKEN" in them becomes the token of
 * an enterprise's user, "STAFF" that of a centre's, "SESSION" what the latter's browser sends as a cookie. What a
 * request changes stays, but for the events: the workspace is a folder of this run. Jobs start a program that does
 * nothing. */
#pragma once
#include "app/web/server.h"
#include "engine/store/user.h"
#include "tests/fuzz/site.h"
#include "tests/fuzz/target.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

static DjWeb *served;

/* Words of an input that stand for a token. */
static struct {
    const char *word, *user;
    DjRole role;
    const char *enterprise;
    char *token;
} served_tokens[] = {{"TOKEN", "enterprise", DJ_ROLE_ENTERPRISE, "91990101912000492K", NULL},
                     {"STAFF", "centre", DJ_ROLE_CENTRE, "", NULL}};

static char *served_session; /* NULL = nobody signed in */

/* Whether or not we wait for the answer, none may be 500. A path may be one. */
static inline void served_log(const char *line, gpointer user)
{
    (void)user;
    FUZZ_PROMISE(!g_regex_match_simple(" 500 [0-9.]+ ms", line, 0, 0));
}

static inline void served_stop(void)
{
    dj_web_stop(served);
}

/* The fuzzer's timer interrupts what waits. */
static inline ssize_t served_receive(int fd, char *bytes, size_t size)
{
    ssize_t got;
    do
        got = recv(fd, bytes, size, 0);
    while (got < 0 && errno == EINTR);
    return got;
}

static inline gboolean served_is_ready(int fd, short events, int patience)
{
    struct pollfd what = {.fd = fd, .events = events};
    int n;
    do
        n = poll(&what, 1, patience);
    while (n < 0 && errno == EINTR);
    return n > 0;
}

/* At 600 connections a second the ports of one address run out, because the server's half of a closed one waits for a
 * minute: each comes from the next of 250 addresses. */
static inline int served_dial(void)
{
    static guint n_dialled;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in from = {.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK + n_dialled++ % 250)};
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(dj_web_port(served)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int problem = fd >= 0 && bind(fd, (const struct sockaddr *)&from, sizeof from) == 0 ? 0 : errno;
    if (problem == 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) != 0)
        problem = errno;
    if (problem == EINTR) { /* it goes on by itself */
        socklen_t size = sizeof problem;
        served_is_ready(fd, POLLOUT, -1);
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &size);
    }
    if (problem != 0)
        fprintf(stderr, "no connection: %s\n", strerror(problem));
    FUZZ_PROMISE(problem == 0);
    return fd;
}

static inline int served_call(const char *bytes, size_t size)
{
    const int fd = served_dial();
    const struct linger gone = {.l_onoff = 1}; /* no port of ours waits for late packets */
    ssize_t got;
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &gone, sizeof gone);
    for (size_t sent = 0; sent < size; sent += (size_t)MAX(got, 0))
        if ((got = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL)) <= 0 && errno != EINTR)
            break; /* it may hang up early */
    return fd;
}

/* Waits for the beginning of an answer so many milliseconds (-1 = as long as it takes) and hangs up, wholly, because
 * libmicrohttpd now and then does not see that one side closed and waits for the limit of a request. The status, 0 =
 * no answer. */
static inline int served_hang_up(int fd, int patience)
{
    char reply[64];
    ssize_t got = 0;
    if (served_is_ready(fd, POLLIN, patience))
        got = served_receive(fd, reply, sizeof reply - 1);
    reply[MAX(got, 0)] = '\0';
    close(fd);
    return got > 12 && memcmp(reply, "HTTP/1.", 7) == 0 ? atoi(reply + 9) : 0;
}

/* Puts the tokens in place of their words and sends all. The connection. */
static inline int served_send(const char *data, size_t size)
{
    g_autoptr(GString) bytes = g_string_new_len(data, (gssize)size);
    for (gsize i = 0; i < G_N_ELEMENTS(served_tokens); i++)
        g_string_replace(bytes, served_tokens[i].word, served_tokens[i].token, 0);
    if (served_session)
        g_string_replace(bytes, "SESSION", served_session, 0);
    return served_call(bytes->str, bytes->len);
}

/* Sends the staff's token as the form of the page does. */
static inline void served_sign_in(void)
{
    static const char post[] = "POST /signin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\ntoken=%s";
    const char *token = served_tokens[1].token;
    g_autofree char *request = g_strdup_printf(post, strlen("token=") + strlen(token), token);
    const int fd = served_call(request, strlen(request));
    g_autoptr(GString) reply = g_string_new(NULL);
    char part[1024];
    for (ssize_t got; (got = served_receive(fd, part, sizeof part)) > 0;)
        g_string_append_len(reply, part, got);
    close(fd);
    const char *cookie = strstr(reply->str, "Set-Cookie: ");
    if (!cookie) {
        fprintf(stderr, "no session: %.60s\n", reply->str);
        exit(2);
    }
    cookie += strlen("Set-Cookie: ");
    served_session = g_strndup(cookie, strcspn(cookie, ";\r"));
}

/* One event, so that its pages have something to show, and nothing else: tables come and stay under any name. */
static inline void served_reset_events(void)
{
    static const char event[] = "id: spring\nname: 春季对接会\ndate: 2026-12-01\n"
                                "slots: {first: \"18:30\", minutes: 15, count: 2}\ntables: 1\n"
                                "participants:\n  - {id: E1, side: demand}\n  - {id: T1, side: supply}\n"
                                "pairs: pairs.csv\n";
    g_autofree char *root = g_build_filename(fuzz_app.workspace, "events", NULL);
    g_autofree char *folder = g_build_filename(root, "spring", NULL);
    g_autofree char *file = g_build_filename(folder, "EVENT.yaml", NULL);
    g_autofree char *pairs = g_build_filename(folder, "pairs.csv", NULL);
    dj_durable_remove_tree(root);
    if (g_mkdir_with_parents(folder, 0755) != 0 || !g_file_set_contents(file, event, -1, NULL) ||
        !g_file_set_contents(pairs, "demand,supply,points\nE1,T1,9\n", -1, NULL)) {
        fprintf(stderr, "%s: cannot be written\n", folder);
        exit(2);
    }
}

/* What inputs may ask for: an event, a job and, with an index, a saved question and a decision. Else what an input
 * reaches hangs on those that came before it. */
static inline void served_fill(FuzzSite has)
{
    static const struct {
        const char *path, *who, *body;
    } requests[] = {
        {"/api/v1/jobs", "STAFF", "{\"kind\":\"index\"}"},
        {"/api/v1/saved", "TOKEN", "{\"name\":\"a\",\"text\":\"陶瓷\"}"},
        {"/api/v1/decisions", "STAFF", "{\"need\":\"N-0401\",\"patent\":\"ZL202119001475.X\",\"kind\":\"accept\"}"},
    };
    served_reset_events();
    for (gsize i = 0; i < (has == FUZZ_SITE_INDEX ? G_N_ELEMENTS(requests) : 1); i++) {
        g_autofree char *request =
            g_strdup_printf("POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
                            "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                            requests[i].path, requests[i].who, strlen(requests[i].body), requests[i].body);
        const int status = served_hang_up(served_send(request, strlen(request)), -1);
        if (status < 200 || status > 299) {
            fprintf(stderr, "%s: %d\n", requests[i].path, status);
            exit(2);
        }
    }
}

/* libcrypto, of which libzip has its random numbers, ends in order of atexit too: were it set up by an input, it would
 * end before the thread of the server, and what that thread holds of it would be reported as leaked. */
static inline void served_set_up_libraries(void)
{
    static const char zip[] = "GET /events/spring/zip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                              "Authorization: Bearer STAFF\r\n\r\n";
    const int status = served_hang_up(served_send(zip, sizeof zip - 1), -1);
    if (status != 200) {
        fprintf(stderr, "ZIP of the event: %d\n", status);
        exit(2);
    }
}

static inline void served_start(FuzzSite has)
{
    g_autoptr(GError) error = NULL;
    fuzz_site_make(has);
    g_autofree char *path = g_build_filename(fuzz_app.workspace, DJ_WORKSPACE_STORE, NULL);
    g_autoptr(DjStore) store = dj_store_open(path, DJ_STORE_WRITE, &error);
    /* the clock of the wall runs on a loaded machine too: long, but less than the fuzzer's own limit */
    const DjServeOptions options = {.host = "127.0.0.1",
                                    .threads = 1,
                                    .program = "/bin/true",
                                    .log = served_log,
                                    .request_seconds = 15,
                                    .upload_seconds = 15,
                                    .jobs_kept = 200,
                                    .fixed_day = TRUE};
    gboolean known = store != NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(served_tokens) && known; i++) {
        served_tokens[i].token = dj_token_new(&error);
        known = served_tokens[i].token &&
                dj_store_add_user(store, served_tokens[i].user, served_tokens[i].role, served_tokens[i].enterprise,
                                  served_tokens[i].token, fuzz_app.now, &error);
    }
    if (known)
        served = dj_web_start(&fuzz_app, &options, &error);
    if (!served) {
        fprintf(stderr, "%s\n", error->message);
        exit(2);
    }
    served_fill(has);
    served_sign_in();
    served_set_up_libraries();
    atexit(served_stop);
}

/* The server may answer an input or hang up; it must stand, and still answer a plain request. When it has, its one
 * thread had the input too: what gets no answer by then (it is not complete, say) is waited for no longer. */
static inline void served_try(const uint8_t *data, size_t size)
{
    static const char plain[] = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const int fd = served_send((const char *)data, size);
    FUZZ_PROMISE(served_hang_up(served_call(plain, sizeof plain - 1), -1) == 200);
    const int status = served_hang_up(fd, 1);
    fuzz_accepted += status >= 200 && status < 400;
    if (size > 4 && memcmp(data, "POST", 4) == 0 && memmem(data, size, "/events", strlen("/events")))
        served_reset_events();
}
