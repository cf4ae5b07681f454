/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in and out of a browser. */
#include "app/web/chrome.h"
#include "app/web/router.h"
#include "app/web/server.h"

static void put_page(DjRequest *request, const char *problem)
{
    dj_chrome_begin(request, "登录");
    g_string_append(request->out, "<section class=\"card stack narrow\">\n<h1>登录</h1>\n");
    if (problem)
        g_string_append_printf(request->out, "<p class=\"note note-no\" role=\"alert\">%s</p>\n", problem);
    g_string_append(request->out,
                    "<form class=\"stack\" method=\"post\" action=\"/signin\">\n"
                    "<label for=\"token\">令牌</label>\n<input id=\"token\" name=\"token\" type=\"password\" "
                    "autocomplete=\"current-password\" required maxlength=\"200\">\n"
                    "<p><button class=\"btn btn-1\" type=\"submit\">登录</button></p>\n</form>\n"
                    "<p class=\"s dim\">令牌由主办方发给您，只显示一次；丢了请找主办方换一个。</p>\n</section>\n");
    dj_chrome_end(request);
}

gboolean dj_web_sign_in_page(DjRequest *request, GError **error)
{
    (void)error;
    if (request->signed_in)
        dj_response_redirect(request, "/work");
    else
        put_page(request, NULL);
    return TRUE;
}

static void set_cookie(DjRequest *request, const char *value, int seconds)
{
    g_autofree char *cookie = g_strdup_printf("duijie=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s", value,
                                              seconds, dj_web_is_secure(request->web) ? "; Secure" : "");
    dj_response_header(request, "Set-Cookie", cookie);
}

gboolean dj_web_sign_in(DjRequest *request, GError **error)
{
    const char *given = dj_request_field(request, "token");
    g_autofree char *token = g_strstrip(g_strdup(given ? given : ""));
    g_autoptr(DjStore) store = dj_web_store(request->web, DJ_STORE_READ, error);
    DjUser user = {0};
    gboolean found = FALSE;
    if (!store || !dj_store_find_user(store, token, &user, &found, error))
        return FALSE;
    dj_user_clear(&user);
    if (!found) {
        put_page(request, "令牌不对，或者已停用。");
        request->status = 401;
        return TRUE;
    }
    g_autofree char *cookie = dj_sessions_begin(dj_web_sessions(request->web), token, g_get_monotonic_time(), error);
    if (!cookie)
        return FALSE;
    set_cookie(request, cookie, 10 * 3600);
    dj_response_redirect(request, "/work");
    return TRUE;
}

gboolean dj_web_sign_out(DjRequest *request, GError **error)
{
    (void)error;
    if (request->cookie)
        dj_sessions_end(dj_web_sessions(request->web), request->cookie);
    set_cookie(request, "", 0);
    dj_response_redirect(request, "/");
    return TRUE;
}
