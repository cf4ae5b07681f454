/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs in the JSON API. */
#include "app/web/chrome.h"
#include "app/web/router.h"
#include "app/web/server.h"
#include "app/web/start.h"

#define LISTED 100

static json_t *job_json(const DjJob *job)
{
    json_t *object = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s}", "number", (int)job->number, "kind", job->kind,
                               "title", job->title, "about", job->about, "who", job->who, "started", job->started,
                               "state", dj_job_state_name(job->state));
    if (job->ended)
        json_object_set_new(object, "ended", json_string(job->ended));
    if (job->phase)
        json_object_set_new(object, "phase", json_string(job->phase));
    if (job->state == DJ_JOB_RUNNING && job->percent >= 0)
        json_object_set_new(object, "percent", json_integer(job->percent));
    if (job->state == DJ_JOB_RUNNING && job->seconds_left >= 0)
        json_object_set_new(object, "seconds_left", json_integer(job->seconds_left));
    return object;
}

/* Answers with the job as it is now. */
static gboolean answer(DjRequest *request, guint number, GError **error)
{
    g_autoptr(DjJob) job = dj_jobs_get(dj_web_jobs(request->web), number);
    if (!job)
        return dj_web_fail(error, 404, "没有这个任务");
    dj_web_json(request, job_json(job));
    return TRUE;
}

gboolean dj_web_api_jobs(DjRequest *request, GError **error)
{
    (void)error;
    g_autoptr(GPtrArray) jobs = dj_jobs_list(dj_web_jobs(request->web), LISTED);
    json_t *list = json_array();
    for (guint i = 0; i < jobs->len; i++)
        json_array_append_new(list, job_json(jobs->pdata[i]));
    dj_web_json(request, json_pack("{s:o}", "jobs", list));
    return TRUE;
}

gboolean dj_web_api_job(DjRequest *request, GError **error)
{
    guint number;
    return dj_start_number(request->capture[0], &number, error) && answer(request, number, error);
}

gboolean dj_web_api_job_start(DjRequest *request, GError **error)
{
    guint number;
    json_t *order = dj_web_read_json(request, error);
    if (!order)
        return FALSE;
    gboolean ok = dj_start_work(request, json_string_value(json_object_get(order, "kind")),
                                json_string_value(json_object_get(order, "month")), &number, error) &&
                  answer(request, number, error);
    json_decref(order);
    if (ok)
        request->status = 202;
    return ok;
}

gboolean dj_web_api_job_cancel(DjRequest *request, GError **error)
{
    guint number;
    if (!dj_start_number(request->capture[0], &number, error))
        return FALSE;
    dj_jobs_cancel(dj_web_jobs(request->web), number);
    return answer(request, number, error);
}
