/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events that are kept on the pages: folders events/NAME in the workspace, with EVENT.yaml, the tables that it names,
 * and plan/ once it was planned (engine/report/event_report.h). */
#pragma once
#include "app/web/request.h"
#include <jansson.h>

/* "/events/NAME" and what follows, to be freed. */
char *dj_event_folder_href(const char *name, const char *rest);
/* Begins a form that goes there. attributes: " class=…", or empty. */
void dj_event_folder_form(DjRequest *request, const char *name, const char *rest, const char *attributes);
/* Answers with a redirect to the page of the event that the path names. */
void dj_event_folder_back(DjRequest *request);

/* Of a page's path: the folder of an event that is there, to be freed; 404 otherwise. */
char *dj_event_folder_find(const DjRequest *request, GError **error);
/* The folder that a new event of this name would have; 400 for a name that is no file name, 409 when it is taken. */
char *dj_event_folder_new(const DjRequest *request, const char *name, GError **error);
/* Names of all events, by name. */
GPtrArray *dj_event_folder_names(const DjRequest *request);

/* EVENT.yaml, to be freed. */
char *dj_event_folder_read(const char *folder, GError **error);
/* Checks a text as EVENT.yaml with the tables beside it, then puts it in its place. 422 with line, column and what is
 * wrong when it is not good; 409 when the file is not the one whose sha256 is `base` any more. Nothing changes then. */
gboolean dj_event_folder_write(const char *folder, const char *text, const char *base, GError **error);

/* Puts a file of this name beside EVENT.yaml: one that it names as a table, else 400; where all was well before and
 * would not be with it, 422 with row, column and what is wrong, and nothing changes. `path` is moved. */
gboolean dj_event_folder_take_table(const char *folder, const char *name, const char *path, GError **error);

/* Whether it is a plan: not what says that there is none. NULL is none. */
gboolean dj_event_folder_is_plan(const json_t *plan);
/* Whether the last attempt found no plan, while an earlier one stands in plan/. */
gboolean dj_event_folder_attempt_failed(const char *folder);
/* Whether the event's file or a table beside it was changed after it was planned. */
gboolean dj_event_folder_changed(const char *folder);
/* plan/plan.json, NULL while there is none; free with json_decref. */
json_t *dj_event_folder_plan(const char *folder);
typedef enum { DJ_EVENT_UNPUBLISHED, DJ_EVENT_CHANGED, DJ_EVENT_PUBLISHED } DjEventPublished;
/* Whether the plan of the folder is the one that was published last. */
gboolean dj_event_folder_published(const DjRequest *request, const char *folder, DjEventPublished *out, GError **error);
