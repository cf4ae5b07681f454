/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of an event's plan:
 *
 *   plan.json problem.json   for programs, and for `duijie event verify`
 *   index.html style.css     overview with the timetable as picture; audience organiser
 *   企业单页.html 机构单页.html 桌牌.html   everything to print; sheet-ID.html is one enterprise's page alone,
 *                            变动单页.html whoever a later version touches
 *   时间表.xlsx 会后反馈.xlsx   timetable and meetings; the sheet on which ratings come back, see event_feedback.h
 *   ID.ics                   calendar of one participant
 *
 * Appears at once and complete; the same plan gives the same bytes. An infeasible plan has index.html with the reason,
 * and no sheets. Texts of the event file are the organiser's and are shown as they stand.
 */
#pragma once

#include "engine/plan/event_plan.h"

G_BEGIN_DECLS

/* Ends the name of the folder beside that of a plan which says why there is none now. */
#define DJ_EVENT_NO_PLAN ".no-plan"

/* `plan_only`: the two JSON files alone. */
gboolean dj_event_report_write(const DjEventPlan *made, const char *folder, gboolean plan_only, GError **error);

G_END_DECLS
