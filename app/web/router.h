/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of routes: method, path, who may come, who answers. The one place that says what is open to whom. */
#pragma once
#include "app/web/request.h"

/* Sets of callers. */
enum {
    DJ_WEB_ENTERPRISE = 1 << DJ_ROLE_ENTERPRISE,
    DJ_WEB_INSTITUTION = 1 << DJ_ROLE_INSTITUTION,
    DJ_WEB_ORGANISER = 1 << DJ_ROLE_ORGANISER,
    DJ_WEB_CENTRE = 1 << DJ_ROLE_CENTRE,
    DJ_WEB_STAFF = DJ_WEB_ORGANISER | DJ_WEB_CENTRE,
    DJ_WEB_SIGNED = DJ_WEB_ENTERPRISE | DJ_WEB_INSTITUTION | DJ_WEB_STAFF,
    DJ_WEB_ANYBODY = 1 << 16
};

typedef enum {
    DJ_ROUTE_ASKS = 1,   /* costs a search: counted against an anonymous client */
    DJ_ROUTE_SAFE = 2,   /* a POST that changes nothing, or makes the session itself: needs no CSRF value */
    DJ_ROUTE_UPLOAD = 4, /* takes a form with a file, to be imported: who may come is asked before the body is read */
    DJ_ROUTE_CHECKS = 8, /* with UPLOAD: the file starts a job, so another one under way refuses it at once */
    DJ_ROUTE_STABLE = 16 /* the answer depends on generation, day and audience alone */
} DjRouteFlags;

typedef gboolean (*DjHandler)(DjRequest *request, GError **error);

typedef struct {
    const char *method, *path; /* {} stands for one non-empty part; {*}, at the end, for one or more */
    guint who;
    gsize max_body;
    guint flags;
    const char *purpose; /* of looking at more than is public, for the log; NULL where nothing more is shown */
    DjHandler handle;
} DjRoute;

const DjRoute *dj_routes(gsize *n);
/* The route of method and path (captures are decoded, to be freed), NULL when there is none; then *allow lists the
 * methods that the path has, "" when it has none. Free it. */
const DjRoute *dj_route_find(const char *method, const char *path, char *capture[DJ_WEB_MAX_CAPTURES], char **allow);

#define DJ_HANDLER(name) gboolean name(DjRequest *request, GError **error)
DJ_HANDLER(dj_web_health);
DJ_HANDLER(dj_web_style);
DJ_HANDLER(dj_web_openapi);
DJ_HANDLER(dj_web_api_query);
DJ_HANDLER(dj_web_api_query_why);
DJ_HANDLER(dj_web_script);
DJ_HANDLER(dj_web_api_suggest);
DJ_HANDLER(dj_web_api_need_why);
DJ_HANDLER(dj_web_api_unmet);
DJ_HANDLER(dj_web_api_unmet_add);
DJ_HANDLER(dj_web_api_saved);
DJ_HANDLER(dj_web_api_saved_add);
DJ_HANDLER(dj_web_api_saved_seen);
DJ_HANDLER(dj_web_api_saved_forget);
DJ_HANDLER(dj_web_api_months);
DJ_HANDLER(dj_web_api_month);
DJ_HANDLER(dj_web_api_fees);
DJ_HANDLER(dj_web_api_funnel);
DJ_HANDLER(dj_web_centre_page);
DJ_HANDLER(dj_web_month_page);
DJ_HANDLER(dj_web_month_file);
DJ_HANDLER(dj_web_api_me);
DJ_HANDLER(dj_web_api_chains);
DJ_HANDLER(dj_web_api_patent);
DJ_HANDLER(dj_web_api_enterprises);
DJ_HANDLER(dj_web_api_needs);
DJ_HANDLER(dj_web_api_need_pairings);
DJ_HANDLER(dj_web_api_decide);
DJ_HANDLER(dj_web_api_decisions);
DJ_HANDLER(dj_web_ask_page);
DJ_HANDLER(dj_web_ask_answer);
DJ_HANDLER(dj_web_ask_csv);
DJ_HANDLER(dj_web_ask_xlsx);
DJ_HANDLER(dj_web_ask_why);
DJ_HANDLER(dj_web_month_zip);
DJ_HANDLER(dj_web_job_zip);
DJ_HANDLER(dj_web_event_zip);
DJ_HANDLER(dj_web_unmet_page);
DJ_HANDLER(dj_web_unmet_send);
DJ_HANDLER(dj_web_saved_page);
DJ_HANDLER(dj_web_saved_add);
DJ_HANDLER(dj_web_saved_answer);
DJ_HANDLER(dj_web_saved_forget);
DJ_HANDLER(dj_web_patent_page);
DJ_HANDLER(dj_web_sign_in_page);
DJ_HANDLER(dj_web_sign_in);
DJ_HANDLER(dj_web_sign_out);
DJ_HANDLER(dj_web_work_page);
DJ_HANDLER(dj_web_need_page);
DJ_HANDLER(dj_web_pair_page);
DJ_HANDLER(dj_web_why);
DJ_HANDLER(dj_web_pairings_page);
DJ_HANDLER(dj_web_api_pairings);
DJ_HANDLER(dj_web_decide_form);
DJ_HANDLER(dj_web_jobs_page);
DJ_HANDLER(dj_web_job_start);
DJ_HANDLER(dj_web_job_page);
DJ_HANDLER(dj_web_job_cancel);
DJ_HANDLER(dj_web_job_log);
DJ_HANDLER(dj_web_job_file);
DJ_HANDLER(dj_web_api_jobs);
DJ_HANDLER(dj_web_api_job);
DJ_HANDLER(dj_web_api_job_start);
DJ_HANDLER(dj_web_api_job_cancel);
DJ_HANDLER(dj_web_import_page);
DJ_HANDLER(dj_web_import_check);
DJ_HANDLER(dj_web_import_confirm);
DJ_HANDLER(dj_web_events_page);
DJ_HANDLER(dj_web_event_new);
DJ_HANDLER(dj_web_event_page);
DJ_HANDLER(dj_web_event_do);
DJ_HANDLER(dj_web_event_edit_page);
DJ_HANDLER(dj_web_event_edit);
DJ_HANDLER(dj_web_event_guests_page);
DJ_HANDLER(dj_web_event_guests);
DJ_HANDLER(dj_web_event_file);
DJ_HANDLER(dj_web_event_table);
DJ_HANDLER(dj_web_event_feedback);
