/* SPDX-License-Identifier: GPL-3.0-or-later */
/* iCalendar, RFC 5545: CRLF, lines of at most 75 bytes, escaped texts. Times are Shanghai's, which has no summer time.
 * DTSTAMP must be there and must not be the clock: it is the day of the event, and SEQUENCE is the version. */
#include "engine/report/event_words.h"

#include <string.h>

/* One content line, folded between characters. */
static void line(GString *out, const char *name, const char *text)
{
    gsize used = strlen(name);
    g_string_append(out, name);
    for (const char *p = text; *p;) {
        const char *end = g_utf8_next_char(p);
        gsize n = (gsize)(end - p);
        if (used + n > 75) {
            g_string_append(out, "\r\n ");
            used = 1;
        }
        g_string_append_len(out, p, (gssize)n);
        used += n;
        p = end;
    }
    g_string_append(out, "\r\n");
}

static void append_escaped(GString *out, const char *text)
{
    for (const char *p = text ? text : ""; *p; p++) {
        if (*p == '\n')
            g_string_append(out, "\\n");
        else if (strchr("\\;,", *p))
            g_string_append_printf(out, "\\%c", *p);
        else if (*p != '\r')
            g_string_append_c(out, *p);
    }
}

static char *stamp(const DjEvent *event, guint minutes)
{
    g_auto(GStrv) day = g_strsplit(event->date, "-", 3);
    return g_strdup_printf("%s%s%sT%02u%02u00", day[0], day[1], day[2], minutes / 60, minutes % 60);
}

/* What every entry begins with. A meeting keeps its name in all versions, so that a calendar finds it again. */
static void begin_entry(GString *out, const DjEventView *view, const char *const who[2], guint slot)
{
    const DjEvent *event = view->event;
    g_autofree char *begin = stamp(event, event->start[slot]);
    g_autofree char *end = stamp(event, event->start[slot] + event->minutes);
    g_autofree char *made = stamp(event, 0);
    g_autofree char *utc = g_strconcat(made, "Z", NULL);
    g_autofree char *sequence = g_strdup_printf("%u", view->made->version - 1);
    g_autoptr(GString) uid = g_string_new(NULL);
    append_escaped(uid, event->id);
    for (guint role = 0; role < 2; role++) {
        g_string_append_c(uid, '-');
        append_escaped(uid, who[role]);
    }
    g_string_append(uid, "@duijie");
    line(out, "BEGIN:", "VEVENT");
    line(out, "UID:", uid->str);
    line(out, "DTSTAMP:", utc);
    line(out, "SEQUENCE:", sequence);
    line(out, "DTSTART;TZID=Asia/Shanghai:", begin);
    line(out, "DTEND;TZID=Asia/Shanghai:", end);
}

static void append_topic(GString *out, const DjEventTopic *topic)
{
    if (topic->title) {
        g_string_append(out, "\\n");
        append_escaped(out, topic->title);
    }
    for (guint k = 0; k < DJ_EVENT_REASONS; k++)
        if (topic->why[k]) {
            g_string_append(out, "\\n");
            append_escaped(out, topic->why[k]);
        }
}

static void entry(GString *out, const DjEventView *view, guint m, guint person)
{
    const DjEvent *event = view->event;
    const DjPlanMeeting *meeting = dj_event_view_meeting(view, m);
    const DjEventPair *pair = dj_event_view_pair(view, m);
    const DjEventPerson *other = dj_event_view_other(view, m, person);
    const char *const who[2] = {dj_event_person(event, pair->who[0])->id, dj_event_person(event, pair->who[1])->id};
    g_autoptr(GString) summary = g_string_new(NULL);
    append_escaped(summary, dj_event_person_name(other));
    g_string_append_printf(summary, "（%u 号桌）", meeting->table + 1);
    g_autoptr(GString) place = g_string_new(NULL);
    append_escaped(place, event->place);
    g_string_append_printf(place, "%s%u 号桌", event->place ? " " : "", meeting->table + 1);
    g_autoptr(GString) text = g_string_new(NULL);
    append_escaped(text, event->name);
    for (guint k = 0; k < pair->topics->len; k++)
        append_topic(text, g_ptr_array_index(pair->topics, k));
    begin_entry(out, view, who, meeting->slot);
    line(out, "SUMMARY:", summary->str);
    line(out, "LOCATION:", place->str);
    line(out, "DESCRIPTION:", text->str);
    line(out, "END:", "VEVENT");
}

/* A calendar that has the published meeting takes it out. */
static void cancellation(GString *out, const DjEventView *view, const DjEventChange *change, const char *id)
{
    g_autoptr(GString) summary = g_string_new("取消：");
    if (change->slot != DJ_PLAN_NONE || change->old_slot >= view->event->slots ||
        (strcmp(change->who[0], id) != 0 && strcmp(change->who[1], id) != 0))
        return;
    append_escaped(summary, strcmp(change->who[0], id) == 0 ? change->who[1] : change->who[0]);
    begin_entry(out, view, change->who, change->old_slot);
    line(out, "STATUS:", "CANCELLED");
    line(out, "SUMMARY:", summary->str);
    line(out, "END:", "VEVENT");
}

void dj_event_calendar(GString *out, const DjEventView *view, guint person)
{
    g_string_append(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//duijie//event//ZH\r\nMETHOD:PUBLISH\r\n"
                         "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
                         "TZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
    for (guint k = 0; k < view->of_person[person]->len; k++)
        entry(out, view, g_array_index(view->of_person[person], guint, k), person);
    for (guint k = 0; k < view->made->changes->len; k++)
        cancellation(out, view, &g_array_index(view->made->changes, DjEventChange, k),
                     dj_event_person(view->event, person)->id);
    g_string_append(out, "END:VCALENDAR\r\n");
}
