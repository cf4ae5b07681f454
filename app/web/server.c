/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/server.h"

#include "app/web/chrome.h"
#include "app/web/etag.h"
#include "app/web/keeper.h"
#include "app/web/router.h"
#include "app/web/upload.h"
#include "engine/model/ident.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

#define IDLE_SECONDS      20
#define MAX_CONNECTIONS   512
#define CONNECTION_MEMORY (64 * 1024) /* for a request's line and headers */
#define COOKIE            "duijie"

static const char *const safe_headers[][2] = {
    {"Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
                                "connect-src 'self'; form-action 'self'; base-uri 'none'; "
                                "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

struct DjWeb {
    const DjApp *app;
    DjServeOptions options;
    struct MHD_Daemon *daemon;
    char *folder, *store_path;
    DjSessions *sessions;
    DjLimits *limits;
    DjJobs *jobs;
    DjPairingCache *pairings;
    char *uploads; /* folder of files that are being received */
    DjKeeper *keeper;
};

/* One request under way, from its first line on. */
typedef struct {
    DjRequest request;
    const DjRoute *route;
    char *allow;
    gint64 begun;
    gboolean too_big;
    gboolean early;  /* answered before the body was read */
    GError *refused; /* an upload, before its body was read */
    int socket;
} Exchange;

const DjApp *dj_web_app(const DjWeb *web)
{
    return web->app;
}

DjSessions *dj_web_sessions(DjWeb *web)
{
    return web->sessions;
}

DjLimits *dj_web_limits(DjWeb *web)
{
    return web->limits;
}

DjJobs *dj_web_jobs(DjWeb *web)
{
    return web->jobs;
}

DjPairingCache *dj_web_pairings(DjWeb *web)
{
    return web->pairings;
}

gboolean dj_web_is_secure(const DjWeb *web)
{
    return web->options.certificate || web->options.behind_proxy;
}

const char *dj_web_folder(const DjWeb *web)
{
    return web->folder;
}

DjStore *dj_web_store(const DjWeb *web, DjStoreMode mode, GError **error)
{
    return dj_store_open(web->store_path, mode, error);
}

static char *clock_moment(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_offset(8 * 3600); /* Shanghai */
    g_autoptr(GDateTime) time = g_date_time_new_now(zone);
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
}

char *dj_web_moment(const DjWeb *web)
{
    return web->options.fixed_day ? g_strdup(web->app->now) : clock_moment();
}

void dj_web_say(const DjWeb *web, const char *format, ...)
{
    if (!web->options.log)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    for (char *p = line; *p; p++) /* a log line stays one line, whatever was asked for */
        if ((guchar)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    web->options.log(line, web->options.log_user);
}

/* ---- one request ---- */

/* The address that our own proxy put last; what stands before it anybody may have written. */
static char *forwarded_for(struct MHD_Connection *connection)
{
    const char *list = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Forwarded-For");
    const char *comma = list ? strrchr(list, ',') : NULL;
    g_autofree char *last = g_strstrip(g_strdup(comma ? comma + 1 : list ? list : ""));
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(last);
    return address ? g_inet_address_to_string(address) : NULL;
}

static char *client_of(const DjWeb *web, struct MHD_Connection *connection)
{
    char *forwarded = web->options.behind_proxy ? forwarded_for(connection) : NULL;
    if (forwarded)
        return forwarded;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return g_strdup("?");
    gsize size = info->client_addr->sa_family == AF_INET6 ? 28 : 16;
    g_autoptr(GSocketAddress) address = g_socket_address_new_from_native((gpointer)info->client_addr, size);
    if (!G_IS_INET_SOCKET_ADDRESS(address))
        return g_strdup("?");
    return g_inet_address_to_string(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address)));
}

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static enum MHD_Result keep_query(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    char *plain_name = dj_form_decode(name, strlen(name)), *plain = value ? dj_form_decode(value, strlen(value)) : NULL;
    if (plain_name && plain) {
        g_hash_table_insert(user, plain_name, plain);
        return MHD_YES;
    }
    g_free(plain_name);
    g_free(plain);
    return MHD_YES;
}

static Exchange *exchange_new(DjWeb *web, struct MHD_Connection *connection, const char *path, const char *method)
{
    Exchange *exchange = g_new0(Exchange, 1);
    DjRequest *request = &exchange->request;
    exchange->begun = g_get_monotonic_time();
    exchange->socket = socket_of(connection);
    request->web = web;
    request->method = g_intern_string(strcmp(method, "GET") == 0    ? "GET"
                                      : strcmp(method, "HEAD") == 0 ? "HEAD"
                                      : strcmp(method, "POST") == 0 ? "POST"
                                                                    : "OTHER");
    request->path = g_strdup(path);
    request->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, keep_query, request->query);
    const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
    request->type = g_strdup(type ? type : "");
    request->body = g_string_new(NULL);
    request->out = g_string_new(NULL);
    request->headers = g_ptr_array_new_with_free_func(g_free);
    request->client = client_of(web, connection);
    request->api = g_str_has_prefix(path, "/api/");
    request->status = 200;
    request->file = -1;
    request->out_type = "text/html; charset=utf-8";
    exchange->route = dj_route_find(method, path, request->capture, &exchange->allow);
    return exchange;
}

static void exchange_free(Exchange *exchange)
{
    DjRequest *request = &exchange->request;
    g_clear_error(&exchange->refused);
    dj_upload_free(request->upload);
    if (request->file >= 0)
        g_close(request->file, NULL);
    g_free((char *)request->path);
    g_free((char *)request->type);
    g_hash_table_unref(request->query);
    g_string_free(request->body, TRUE);
    g_string_free(request->out, TRUE);
    g_ptr_array_unref(request->headers);
    g_clear_pointer(&request->form, g_hash_table_unref);
    for (int i = 0; i < DJ_WEB_MAX_CAPTURES; i++)
        g_free(request->capture[i]);
    g_free(request->client);
    g_free(request->csrf);
    g_free(request->cookie);
    dj_user_clear(&request->user);
    g_clear_pointer(&request->own, dj_record_free);
    dj_desk_give_back(request->desk);
    g_free(exchange->allow);
    g_free(exchange);
}

/* Who asks: a bearer token first, then a session's cookie. A token that is not good is refused, never taken for
 * nobody's. */
static gboolean identify(DjWeb *web, struct MHD_Connection *connection, DjRequest *request, GError **error)
{
    const char *bearer = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    const char *cookies = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Cookie");
    g_autofree char *token = NULL;
    if (bearer) {
        if (g_ascii_strncasecmp(bearer, "Bearer ", 7) != 0)
            return dj_web_fail(error, 401, "请用 Authorization: Bearer 令牌");
        token = g_strstrip(g_strdup(bearer + 7));
    } else if (cookies) {
        request->cookie = dj_cookie_find(cookies, COOKIE);
        if (request->cookie)
            request->by_cookie =
                dj_sessions_find(web->sessions, request->cookie, g_get_monotonic_time(), &token, &request->csrf);
    }
    if (!token)
        return TRUE;
    g_autoptr(DjStore) store = dj_web_store(web, DJ_STORE_READ, error);
    if (!store || !dj_store_find_user(store, token, &request->user, &request->signed_in, error))
        return FALSE;
    if (!request->signed_in && bearer)
        return dj_web_fail(error, 401, "令牌无效或已停用");
    if (!request->signed_in)
        request->by_cookie = FALSE;
    return TRUE;
}

static gboolean may_come(const DjRequest *request, const DjRoute *route, GError **error)
{
    if ((route->who & DJ_WEB_ANYBODY) || (request->signed_in && (route->who & (1u << request->user.role))))
        return TRUE;
    if (request->signed_in)
        return dj_web_fail(error, 403, "您的身份（%s）不能使用这一页", dj_role_label(request->user.role));
    return dj_web_fail(error, 401, "请先登录");
}

/* A page elsewhere can make a signed-in browser send a form here, but cannot know this value. */
static gboolean check_csrf(struct MHD_Connection *connection, DjRequest *request, const DjRoute *route, GError **error)
{
    if (strcmp(request->method, "POST") != 0 || !request->by_cookie || (route->flags & DJ_ROUTE_SAFE))
        return TRUE;
    const char *given = request->form ? dj_request_field(request, "csrf") : NULL;
    if (!given)
        given = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-CSRF-Token");
    if (given && dj_secret_equal(given, request->csrf))
        return TRUE;
    return dj_web_fail(error, 403, "页面已过期，请重新打开后再提交");
}

static gboolean run(DjWeb *web, struct MHD_Connection *connection, Exchange *exchange, GError **error)
{
    DjRequest *request = &exchange->request;
    const DjRoute *route = exchange->route;
    if (!route)
        return *exchange->allow ? dj_web_fail(error, 405, "这里不接受这种请求") : dj_web_fail(error, 404, "没有这一页");
    if (exchange->too_big)
        return dj_web_fail(error, 413, "内容太长，最多 %" G_GSIZE_FORMAT " 字节", route->max_body);
    if (exchange->refused) {
        g_propagate_error(error, g_steal_pointer(&exchange->refused));
        return FALSE;
    }
    gboolean uploads = route->flags & DJ_ROUTE_UPLOAD; /* was identified before its body came */
    if (!uploads && (!identify(web, connection, request, error) || !may_come(request, route, error)))
        return FALSE;
    if (uploads && !dj_upload_finish(request->upload, error))
        return FALSE;
    if (!uploads && strcmp(request->method, "POST") == 0 && !request->api && !dj_request_read_form(request, error))
        return FALSE;
    if (!check_csrf(connection, request, route, error))
        return FALSE;
    guint wait;
    if ((route->flags & DJ_ROUTE_ASKS) && !request->signed_in &&
        !dj_limits_take(web->limits, request->client, g_get_monotonic_time(), &wait)) {
        g_autofree char *seconds = g_strdup_printf("%u", wait);
        dj_response_header(request, "Retry-After", seconds);
        return dj_web_fail(error, 429, "问得太快了，请 %u 秒后再试", wait);
    }
    g_autoptr(DjServing) serving = dj_keeper_serving(web->keeper);
    if (serving) {
        request->desk = dj_desk_take(serving, error);
        if (!request->desk)
            return FALSE;
    }
    return dj_etag_answer(request, route, MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match"),
                          error);
}

static void tell_error(DjWeb *web, Exchange *exchange, const GError *error)
{
    DjRequest *request = &exchange->request;
    const char *message = "服务器没有办成，已记入日志";
    if (error->domain == DJ_WEB_ERROR) {
        request->status = (guint)error->code;
        message = error->message;
    } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
        request->status = 404;
        message = "没有这条记录";
    } else {
        request->status = g_error_matches(error, DJ_STORE_ERROR, DJ_STORE_ERROR_BUSY) ? 503 : 500;
        dj_web_say(web, "%s %s: %s", request->method, request->path, error->message);
    }
    if (request->status == 401 && request->api)
        dj_response_header(request, "WWW-Authenticate", "Bearer");
    if (request->status == 405)
        dj_response_header(request, "Allow", exchange->allow);
    g_string_truncate(request->out, 0);
    dj_web_error_body(request, message);
}

/* Who sees more than is public leaves a note of it: as what audience, and for what. Text that was asked is never
 * written down. */
static void note(const DjWeb *web, const Exchange *exchange)
{
    const DjRequest *request = &exchange->request;
    double ms = (double)(g_get_monotonic_time() - exchange->begun) / 1000;
    g_autofree char *shown = g_uri_escape_string(request->path, "/", FALSE);
    DjAudience audience = dj_request_audience(request);
    const char *purpose = exchange->route ? exchange->route->purpose : NULL;
    g_autofree char *more = purpose && audience != DJ_AUDIENCE_PUBLIC
                                ? g_strdup_printf(" as %s for %s", dj_audience_name(audience), purpose)
                                : g_strdup("");
    dj_web_say(web, "%s %s %s %.200s %u %.1f ms%s", request->client, request->signed_in ? request->user.name : "-",
               request->method, shown, request->status, ms, more);
}

static struct MHD_Response *make_response(DjRequest *request)
{
    struct stat about;
    if (request->file >= 0 && fstat(request->file, &about) == 0) {
        struct MHD_Response *response = MHD_create_response_from_fd64((guint64)about.st_size, request->file);
        if (response)
            request->file = -1; /* closed with the response */
        return response;
    }
    gsize length = request->out->len;
    char *bytes = g_memdup2(request->out->str, MAX(length, 1));
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback(length, bytes, g_free);
    if (!response)
        g_free(bytes);
    return response;
}

static gboolean has_header(const DjRequest *request, const char *name)
{
    for (guint i = 0; i + 1 < request->headers->len; i += 2)
        if (strcmp(request->headers->pdata[i], name) == 0)
            return TRUE;
    return FALSE;
}

static enum MHD_Result respond(DjWeb *web, struct MHD_Connection *connection, Exchange *exchange)
{
    DjRequest *request = &exchange->request;
    g_autoptr(GError) error = NULL;
    if (!run(web, connection, exchange, &error))
        tell_error(web, exchange, error);
    struct MHD_Response *response = make_response(request);
    if (!response)
        return MHD_NO;
    for (guint i = 0; i + 1 < request->headers->len; i += 2)
        MHD_add_response_header(response, request->headers->pdata[i], request->headers->pdata[i + 1]);
    for (gsize i = 0; i < G_N_ELEMENTS(safe_headers); i++)
        if (!has_header(request, safe_headers[i][0]))
            MHD_add_response_header(response, safe_headers[i][0], safe_headers[i][1]);
    if (!has_header(request, "Cache-Control"))
        MHD_add_response_header(response, "Cache-Control", "no-store");
    if (dj_web_is_secure(web))
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    MHD_add_response_header(response, "Content-Type", request->out_type);
    if (exchange->too_big || exchange->early)
        MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, request->status, response);
    MHD_destroy_response(response);
    note(web, exchange);
    return result;
}

static gboolean announces_too_much(struct MHD_Connection *connection, const Exchange *exchange)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    gsize most = exchange->route ? exchange->route->max_body : 0;
    return length && g_ascii_strtoull(length, NULL, 10) > most;
}

/* Who brings a file is asked before a byte of it is read. */
static gboolean admit_upload(DjWeb *web, struct MHD_Connection *connection, Exchange *exchange, GError **error)
{
    DjRequest *request = &exchange->request;
    const DjRoute *route = exchange->route;
    if (!identify(web, connection, request, error) || !may_come(request, route, error) ||
        ((route->flags & DJ_ROUTE_CHECKS) && !dj_jobs_are_free(web->jobs, error)))
        return FALSE;
    request->form = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    if (g_str_has_prefix(request->type, "multipart/form-data"))
        request->upload = dj_upload_new(connection, web->uploads, request->form, route->max_body);
    if (!request->upload)
        return dj_web_fail(error, 415, "这里只接受带文件的表单");
    gint64 more = web->options.upload_seconds - web->options.request_seconds; /* than the limit of a request */
    dj_limits_waiting(web->limits, exchange->socket, g_get_monotonic_time() + more * G_TIME_SPAN_SECOND);
    return TRUE;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *data, size_t *size, void **state)
{
    (void)version;
    DjWeb *web = user;
    Exchange *exchange = *state;
    if (!exchange) {
        *state = exchange = exchange_new(web, connection, path, method);
        exchange->too_big = announces_too_much(connection, exchange);
        /* without a route, or when it is too much, the answer does not wait for the body */
        gboolean uploads = exchange->route && (exchange->route->flags & DJ_ROUTE_UPLOAD);
        if (!exchange->too_big && (exchange->route || strcmp(method, "POST") != 0) &&
            (!uploads || admit_upload(web, connection, exchange, &exchange->refused)))
            return MHD_YES;
        exchange->early = TRUE;
        dj_limits_working(web->limits, exchange->socket);
        return respond(web, connection, exchange);
    }
    if (*size > 0) {
        gsize most = exchange->route ? exchange->route->max_body : 0;
        if (exchange->request.upload)
            dj_upload_take(exchange->request.upload, data, *size);
        else if (exchange->request.body->len + *size > most)
            exchange->too_big = TRUE;
        else
            g_string_append_len(exchange->request.body, data, (gssize)*size);
        *size = 0;
        return MHD_YES;
    }
    dj_limits_working(web->limits, exchange->socket);
    return respond(web, connection, exchange);
}

static void on_done(void *user, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    (void)code;
    DjWeb *web = user;
    if (*state)
        exchange_free(*state);
    *state = NULL;
    dj_limits_waiting(web->limits, socket_of(connection), g_get_monotonic_time());
}

static void on_connection(void *user, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode code)
{
    (void)state;
    DjWeb *web = user;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        dj_limits_opened(web->limits, socket_of(connection), g_get_monotonic_time());
    else
        dj_limits_closed(web->limits, socket_of(connection));
}

/* Paths are decoded part by part, so an encoded slash stays inside its part; arguments by keep_query. */
static size_t leave_encoded(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    return strlen(text);
}

static void on_problem(void *user, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf(format, args);
    dj_web_say(user, "libmicrohttpd: %s", text);
}

/* ---- start and stop ---- */

static gboolean listen_at(DjWeb *web, GError **error)
{
    const DjServeOptions *options = &web->options;
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(options->host, options->port);
    guint8 native[128];
    if (!address || g_socket_address_get_native_size(address) > (gssize)sizeof native ||
        !g_socket_address_to_native(address, native, sizeof native, NULL)) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_USAGE, "--listen: not a numeric address: %s", options->host);
        return FALSE;
    }
    guint flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;
    if (g_socket_address_get_family(address) == G_SOCKET_FAMILY_IPV6)
        flags |= MHD_USE_IPv6;
    struct MHD_OptionItem extra[8];
    int n = 0;
    if (options->certificate) {
        flags |= MHD_USE_TLS;
        extra[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)options->certificate};
        extra[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)options->key};
    }
    if (options->threads > 1)
        extra[n++] = (struct MHD_OptionItem){MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL};
    extra[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    web->daemon =
        MHD_start_daemon(flags, options->port, NULL, NULL, on_request, web, MHD_OPTION_EXTERNAL_LOGGER, on_problem, web,
                         MHD_OPTION_SOCK_ADDR, native, MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)CONNECTION_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, on_done, web,
                         MHD_OPTION_NOTIFY_CONNECTION, on_connection, web, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded,
                         web, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, extra, MHD_OPTION_END);
    if (!web->daemon)
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "cannot listen at %s:%u", options->host, options->port);
    return web->daemon != NULL;
}

DjWeb *dj_web_start(const DjApp *app, const DjServeOptions *options, GError **error)
{
    DjWorkspace *workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    if (!workspace)
        return NULL;
    DjWeb *web = g_new0(DjWeb, 1);
    web->app = app;
    web->options = *options;
    web->folder = g_strdup(workspace->folder);
    web->store_path = g_build_filename(workspace->folder, "duijie.db", NULL);
    dj_workspace_close(workspace);
    web->sessions = dj_sessions_new();
    web->limits = dj_limits_new(options->per_minute, options->request_seconds * G_TIME_SPAN_SECOND);
    web->jobs = dj_jobs_new(web->folder, options->program, app->config, options->fixed_day ? app->now : NULL,
                            options->jobs_kept);
    web->pairings = dj_pairing_cache_new();
    web->uploads = g_build_filename(web->folder, "web", "uploads", NULL);
    dj_upload_clean(web->uploads);
    web->keeper = dj_keeper_new(web);
    if (listen_at(web, error))
        return web;
    dj_web_stop(web);
    return NULL;
}

guint16 dj_web_port(const DjWeb *web)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : web->options.port;
}

void dj_web_stop(DjWeb *web)
{
    if (web->daemon)
        MHD_stop_daemon(web->daemon);
    dj_keeper_free(web->keeper);
    dj_jobs_free(web->jobs);
    dj_pairing_cache_free(web->pairings);
    dj_sessions_free(web->sessions);
    dj_limits_free(web->limits);
    g_free(web->uploads);
    g_free(web->store_path);
    g_free(web->folder);
    g_free(web);
}
