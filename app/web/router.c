/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/router.h"

#include <string.h>

#define KB 1024
#define MB (1024 * KB)

static const DjRoute routes[] = {
    /* method path who max_body flags purpose handle */
    {"GET", "/healthz", DJ_WEB_ANYBODY, 0, 0, NULL, dj_web_health},
    {"GET", "/style.css", DJ_WEB_ANYBODY, 0, 0, NULL, dj_web_style},
    {"GET", "/ask.js", DJ_WEB_ANYBODY, 0, 0, NULL, dj_web_script},
    {"GET", "/", DJ_WEB_ANYBODY, 0, 0, NULL, dj_web_ask_page},
    {"POST", "/", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, NULL, dj_web_ask_answer},
    {"POST", "/ask.csv", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, NULL, dj_web_ask_csv},
    {"POST", "/ask.xlsx", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, NULL, dj_web_ask_xlsx},
    {"POST", "/ask/why", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, "evidence", dj_web_ask_why},
    {"POST", "/unmet", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, NULL, dj_web_unmet_page},
    {"POST", "/unmet/send", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS, NULL, dj_web_unmet_send},
    {"GET", "/centre", DJ_WEB_STAFF, 0, 0, "monitoring", dj_web_centre_page},
    {"GET", "/months/{}", DJ_WEB_STAFF, 0, 0, "monthly list", dj_web_month_page},
    {"GET", "/months/{}/files/{}", DJ_WEB_STAFF, 0, 0, "monthly list", dj_web_month_file},
    {"GET", "/months/{}/zip", DJ_WEB_STAFF, 0, 0, "monthly list", dj_web_month_zip},
    {"GET", "/saved", DJ_WEB_SIGNED, 0, 0, NULL, dj_web_saved_page},
    {"POST", "/saved", DJ_WEB_SIGNED, 64 * KB, 0, NULL, dj_web_saved_add},
    {"POST", "/saved/{}", DJ_WEB_SIGNED, 4 * KB, 0, NULL, dj_web_saved_answer},
    {"POST", "/saved/{}/forget", DJ_WEB_SIGNED, 4 * KB, 0, NULL, dj_web_saved_forget},
    {"GET", "/patents/{}", DJ_WEB_ANYBODY, 0, 0, "record", dj_web_patent_page},
    {"GET", "/signin", DJ_WEB_ANYBODY, 0, 0, NULL, dj_web_sign_in_page},
    {"POST", "/signin", DJ_WEB_ANYBODY, 4 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, NULL, dj_web_sign_in},
    {"POST", "/signout", DJ_WEB_SIGNED, 4 * KB, 0, NULL, dj_web_sign_out},
    {"GET", "/work", DJ_WEB_SIGNED, 0, 0, "needs", dj_web_work_page},
    {"GET", "/needs/{}", DJ_WEB_SIGNED, 0, 0, "record", dj_web_need_page},
    {"GET", "/needs/{}/patents/{}", DJ_WEB_SIGNED, 0, 0, "evidence", dj_web_pair_page},
    {"GET", "/why", DJ_WEB_STAFF, 0, 0, "evidence", dj_web_why},
    {"GET", "/pairings", DJ_WEB_STAFF, 0, 0, "pairings", dj_web_pairings_page},
    {"POST", "/needs/{}/patents/{}/decision", DJ_WEB_STAFF, 16 * KB, 0, "decision", dj_web_decide_form},
    {"GET", "/jobs", DJ_WEB_STAFF, 0, 0, "job", dj_web_jobs_page},
    {"POST", "/jobs", DJ_WEB_STAFF, 4 * KB, 0, "job", dj_web_job_start},
    {"GET", "/jobs/{}", DJ_WEB_STAFF, 0, 0, "job", dj_web_job_page},
    {"POST", "/jobs/{}/cancel", DJ_WEB_STAFF, 4 * KB, 0, "job", dj_web_job_cancel},
    {"POST", "/jobs/{}/import", DJ_WEB_STAFF, 4 * KB, 0, "import", dj_web_import_confirm},
    {"GET", "/jobs/{}/log", DJ_WEB_STAFF, 0, 0, "job", dj_web_job_log},
    {"GET", "/jobs/{}/files/{*}", DJ_WEB_STAFF, 0, 0, "job", dj_web_job_file},
    {"GET", "/jobs/{}/zip", DJ_WEB_STAFF, 0, 0, "job", dj_web_job_zip},
    {"GET", "/import", DJ_WEB_STAFF, 0, 0, "import", dj_web_import_page},
    {"POST", "/import", DJ_WEB_STAFF, 512 * MB, DJ_ROUTE_UPLOAD | DJ_ROUTE_CHECKS, "import", dj_web_import_check},
    {"GET", "/events", DJ_WEB_STAFF, 0, 0, "event", dj_web_events_page},
    {"POST", "/events", DJ_WEB_STAFF, 16 * KB, 0, "event", dj_web_event_new},
    {"GET", "/events/{}", DJ_WEB_STAFF, 0, 0, "event", dj_web_event_page},
    {"POST", "/events/{}/do", DJ_WEB_STAFF, 4 * KB, 0, "event", dj_web_event_do},
    {"GET", "/events/{}/edit", DJ_WEB_STAFF, 0, 0, "event", dj_web_event_edit_page},
    {"POST", "/events/{}/edit", DJ_WEB_STAFF, 4 * MB, 0, "event", dj_web_event_edit},
    {"GET", "/events/{}/guests", DJ_WEB_STAFF, 0, 0, "event", dj_web_event_guests_page},
    {"POST", "/events/{}/guests", DJ_WEB_STAFF, MB, 0, "event", dj_web_event_guests},
    {"GET", "/events/{}/files/{*}", DJ_WEB_STAFF, 0, 0, "event", dj_web_event_file},
    {"GET", "/events/{}/zip", DJ_WEB_STAFF, 0, 0, "event", dj_web_event_zip},
    {"POST", "/events/{}/table", DJ_WEB_STAFF, 64 * MB, DJ_ROUTE_UPLOAD, "event", dj_web_event_table},
    {"POST", "/events/{}/feedback", DJ_WEB_STAFF, 64 * MB, DJ_ROUTE_UPLOAD | DJ_ROUTE_CHECKS, "event",
     dj_web_event_feedback},

    {"GET", "/api/v1/openapi.json", DJ_WEB_ANYBODY, 0, 0, NULL, dj_web_openapi},
    {"POST", "/api/v1/query", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, NULL, dj_web_api_query},
    {"POST", "/api/v1/query/why", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS | DJ_ROUTE_SAFE, NULL, dj_web_api_query_why},
    {"GET", "/api/v1/months", DJ_WEB_STAFF, 0, 0, "monthly list", dj_web_api_months},
    {"GET", "/api/v1/months/{}", DJ_WEB_STAFF, 0, 0, "monthly list", dj_web_api_month},
    {"GET", "/api/v1/fees", DJ_WEB_ANYBODY, 0, DJ_ROUTE_STABLE, NULL, dj_web_api_fees},
    {"GET", "/api/v1/funnel", DJ_WEB_STAFF, 0, 0, "monitoring", dj_web_api_funnel},
    {"POST", "/api/v1/suggest", DJ_WEB_ANYBODY, 4 * KB, DJ_ROUTE_SAFE, NULL, dj_web_api_suggest},
    {"GET", "/api/v1/unmet", DJ_WEB_STAFF, 0, 0, "unmet questions", dj_web_api_unmet},
    {"POST", "/api/v1/unmet", DJ_WEB_ANYBODY, 64 * KB, DJ_ROUTE_ASKS, NULL, dj_web_api_unmet_add},
    {"GET", "/api/v1/saved", DJ_WEB_SIGNED, 0, 0, NULL, dj_web_api_saved},
    {"POST", "/api/v1/saved", DJ_WEB_SIGNED, 64 * KB, 0, NULL, dj_web_api_saved_add},
    {"POST", "/api/v1/saved/{}/seen", DJ_WEB_SIGNED, 4 * KB, 0, NULL, dj_web_api_saved_seen},
    {"POST", "/api/v1/saved/{}/forget", DJ_WEB_SIGNED, 4 * KB, 0, NULL, dj_web_api_saved_forget},
    {"GET", "/api/v1/chains", DJ_WEB_ANYBODY, 0, DJ_ROUTE_STABLE, NULL, dj_web_api_chains},
    {"GET", "/api/v1/patents/{}", DJ_WEB_ANYBODY, 0, DJ_ROUTE_STABLE, "record", dj_web_api_patent},
    {"GET", "/api/v1/me", DJ_WEB_SIGNED, 0, 0, NULL, dj_web_api_me},
    {"GET", "/api/v1/enterprises", DJ_WEB_SIGNED, 0, 0, "enterprises", dj_web_api_enterprises},
    {"GET", "/api/v1/needs", DJ_WEB_SIGNED, 0, 0, "needs", dj_web_api_needs},
    {"GET", "/api/v1/needs/{}/pairings", DJ_WEB_SIGNED, 0, 0, "pairings", dj_web_api_need_pairings},
    {"GET", "/api/v1/needs/{}/why", DJ_WEB_SIGNED, 0, 0, "evidence", dj_web_api_need_why},
    {"GET", "/api/v1/decisions", DJ_WEB_STAFF, 0, 0, "decision", dj_web_api_decisions},
    {"POST", "/api/v1/decisions", DJ_WEB_STAFF, 16 * KB, 0, "decision", dj_web_api_decide},
    {"GET", "/api/v1/pairings", DJ_WEB_STAFF, 0, 0, "pairings", dj_web_api_pairings},
    {"GET", "/api/v1/jobs", DJ_WEB_STAFF, 0, 0, "job", dj_web_api_jobs},
    {"POST", "/api/v1/jobs", DJ_WEB_STAFF, 4 * KB, 0, "job", dj_web_api_job_start},
    {"GET", "/api/v1/jobs/{}", DJ_WEB_STAFF, 0, 0, "job", dj_web_api_job},
    {"POST", "/api/v1/jobs/{}/cancel", DJ_WEB_STAFF, 4 * KB, 0, "job", dj_web_api_job_cancel},
};

const DjRoute *dj_routes(gsize *n)
{
    *n = G_N_ELEMENTS(routes);
    return routes;
}

/* Captures are UTF-8 without NUL. */
static gboolean capture_part(const char *part, gsize length, char **out)
{
    g_autofree char *raw = g_strndup(part, length);
    char *text = g_uri_unescape_string(raw, NULL);
    if (!text || *text == '\0' || !g_utf8_validate(text, -1, NULL)) {
        g_free(text);
        return FALSE;
    }
    *out = text;
    return TRUE;
}

static gboolean matches(const char *pattern, const char *path, char *capture[DJ_WEB_MAX_CAPTURES])
{
    gsize n = 0;
    for (;;) {
        gsize a = strcspn(pattern, "/"), b = strcspn(path, "/");
        if (strcmp(pattern, "{*}") == 0)
            return n < DJ_WEB_MAX_CAPTURES && capture_part(path, strlen(path), &capture[n]);
        if (a == 2 && strncmp(pattern, "{}", 2) == 0) {
            if (n == DJ_WEB_MAX_CAPTURES || !capture_part(path, b, &capture[n]))
                return FALSE;
            n++;
        } else if (a != b || strncmp(pattern, path, a) != 0) {
            return FALSE;
        }
        pattern += a;
        path += b;
        if (!*pattern || !*path)
            return !*pattern && !*path;
        pattern++;
        path++;
    }
}

const DjRoute *dj_route_find(const char *method, const char *path, char *capture[DJ_WEB_MAX_CAPTURES], char **allow)
{
    g_autoptr(GString) methods = g_string_new(NULL);
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
        if (matches(routes[i].path, path, capture)) {
            if (strcmp(routes[i].method, wanted) == 0) {
                *allow = NULL;
                return &routes[i];
            }
            g_string_append_printf(methods, "%s%s", methods->len ? ", " : "", routes[i].method);
        }
        for (int c = 0; c < DJ_WEB_MAX_CAPTURES; c++)
            g_clear_pointer(&capture[c], g_free);
    }
    *allow = g_strdup(methods->str);
    return NULL;
}
