/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/event_report.h"

#include "engine/plan/event_plan_json.h"
#include "engine/report/event_words.h"
#include "engine/report/folder.h"
#include "engine/report/style.h"

#include <string.h>

/* The folder appears by one rename at the end, so its files need no care of their own. */
static gboolean put(DjFolder *folder, const char *name, const char *text, gsize length, GError **error)
{
    g_autofree char *path = dj_folder_path(folder, name);
    if (!g_file_set_contents_full(path, text, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0666, error))
        return FALSE;
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
    dj_folder_note(folder, name, sum);
    return TRUE;
}

static gboolean put_document(DjFolder *folder, const char *name, void (*write)(GString *, const DjEventView *),
                             const DjEventView *view, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    write(text, view);
    return put(folder, name, text->str, text->len, error);
}

static gboolean put_personal(DjFolder *folder, const DjEventView *view, guint i, GError **error)
{
    if (view->of_person[i]->len == 0 && !dj_event_is_changed_for(view, i))
        return TRUE;
    g_autoptr(GString) calendar = g_string_new(NULL);
    dj_event_calendar(calendar, view, i);
    g_autofree char *name = dj_event_file_name(view->event, i, "", ".ics");
    if (!put(folder, name, calendar->str, calendar->len, error))
        return FALSE;
    if (!dj_event_side_has(dj_event_person(view->event, i)->side, 0))
        return TRUE;
    g_autoptr(GString) sheet = g_string_new(NULL);
    dj_event_one_sheet(sheet, view, i);
    g_autofree char *page = dj_event_file_name(view->event, i, "sheet-", ".html");
    return put(folder, page, sheet->str, sheet->len, error);
}

static gboolean put_workbook(DjFolder *folder, const char *name,
                             gboolean (*write)(const DjEventView *, const char *, GError **), const DjEventView *view,
                             GError **error)
{
    g_autofree char *path = dj_folder_path(folder, name);
    return write(view, path, error) && dj_folder_note_file(folder, name, error);
}

static gboolean put_pages(DjFolder *folder, const DjEventView *view, GError **error)
{
    g_autofree char *style = g_strconcat(dj_page_style(), "\n", (const char *)dj_report_event_style, NULL);
    if (!put(folder, "style.css", style, strlen(style), error) ||
        !put_document(folder, "index.html", dj_event_page, view, error))
        return FALSE;
    if (!view->made->plan->meetings)
        return TRUE;
    if (!put_document(folder, "企业单页.html", dj_event_person_sheets, view, error) ||
        !put_document(folder, "机构单页.html", dj_event_organisation_sheets, view, error) ||
        !put_document(folder, "桌牌.html", dj_event_table_signs, view, error))
        return FALSE;
    if (view->made->changes->len > 0 && !put_document(folder, "变动单页.html", dj_event_changed_sheets, view, error))
        return FALSE;
    for (guint i = 0; i < view->event->persons->len; i++)
        if (!put_personal(folder, view, i, error))
            return FALSE;
    return put_workbook(folder, "时间表.xlsx", dj_event_xlsx, view, error) &&
           put_workbook(folder, "会后反馈.xlsx", dj_event_feedback_xlsx, view, error);
}

gboolean dj_event_report_write(const DjEventPlan *made, const char *path, gboolean plan_only, GError **error)
{
    g_auto(DjFolder) folder = {0};
    g_autofree char *problem = dj_event_problem_json(made);
    g_autofree char *plan = dj_event_plan_json(made, problem, dj_audience_name(DJ_AUDIENCE_ORGANISER));
    if (!dj_folder_begin(&folder, path, error) || !put(&folder, "problem.json", problem, strlen(problem), error) ||
        !put(&folder, "plan.json", plan, strlen(plan), error))
        return FALSE;
    if (!plan_only) {
        DjEventView view;
        dj_event_view_init(&view, made, plan);
        gboolean ok = put_pages(&folder, &view, error);
        dj_event_view_clear(&view);
        if (!ok)
            return FALSE;
    }
    return dj_folder_publish(&folder, error);
}
