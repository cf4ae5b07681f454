/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timetable by name (按人查): everybody's evening in one line, for the desk at the door. */
#include "engine/report/event_words.h"

static void line(GString *out, const DjEventView *view, guint i, gboolean has_sheet)
{
    const DjEvent *event = view->event;
    const DjEventPerson *person = dj_event_person(event, i);
    const GArray *meetings = view->of_person[i];
    g_string_append(out, "<tr><td class=\"nw\">");
    dj_html_text(out, person->id);
    g_string_append(out, "</td><td>");
    if (has_sheet && (meetings->len > 0 || dj_event_is_changed_for(view, i))) {
        g_autofree char *page = dj_event_file_name(event, i, "sheet-", ".html");
        g_string_append(out, "<a href=\"");
        dj_html_href(out, page);
        g_string_append(out, "\">");
        dj_html_text(out, dj_event_person_name(person));
        g_string_append(out, "</a>");
    } else {
        dj_html_text(out, dj_event_person_name(person));
    }
    if (person->organisation && g_strcmp0(person->organisation, person->name) != 0) {
        g_string_append(out, "　<span class=\"xs dim\">");
        dj_html_text(out, person->organisation);
        g_string_append(out, "</span>");
    }
    g_string_append(out, "</td><td>");
    for (guint k = 0; k < meetings->len; k++) {
        guint m = g_array_index(meetings, guint, k);
        const DjPlanMeeting *meeting = dj_event_view_meeting(view, m);
        char clock[6];
        dj_event_slot_clock(event, meeting->slot, clock);
        g_string_append_printf(out, "<span class=\"visit\"><b>%s</b> %u 桌 ", clock, meeting->table + 1);
        dj_html_text(out, dj_event_person_name(dj_event_view_other(view, m, i)));
        g_string_append(out, "</span> ");
    }
    if (meetings->len == 0)
        g_string_append_printf(out, "<span class=\"dim\">%s</span>", person->gone ? "不参加了" : "没有会面");
    g_string_append(out, "</td></tr>\n");
}

static void side(GString *out, const DjEventView *view, const char *title, gboolean asks)
{
    g_string_append_printf(out,
                           "<section class=\"card list\">\n<h2>按人查：%s</h2>\n<table class=\"tb people\"><thead><tr>"
                           "<th>编号</th><th>名称</th><th>会面</th></tr></thead><tbody>\n",
                           title);
    for (guint i = 0; i < view->event->persons->len; i++) {
        gboolean has_sheet = dj_event_side_has(dj_event_person(view->event, i)->side, 0);
        if (has_sheet == asks)
            line(out, view, i, has_sheet);
    }
    g_string_append(out, "</tbody></table>\n</section>\n");
}

void dj_event_people(GString *out, const DjEventView *view)
{
    side(out, view, "问方", TRUE);
    side(out, view, "答方", FALSE);
}
