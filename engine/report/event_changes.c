/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a later version of a plan changed and why: for the organiser, and for whom it touches. */
#include "engine/report/event_words.h"

#include <string.h>

/* NULL: does not take part any more. */
static const DjEventPerson *find_person(const DjEvent *event, const char *id, guint *index)
{
    for (guint i = 0; i < event->persons->len; i++)
        if (strcmp(dj_event_person(event, i)->id, id) == 0) {
            *index = i;
            return dj_event_person(event, i);
        }
    return NULL;
}

/* Why a published meeting is impossible where it was. */
static char *impossible_because(const DjEventView *view, const DjEventChange *change)
{
    for (guint role = 0; role < 2; role++) {
        guint i = 0;
        const DjEventPerson *person = find_person(view->event, change->who[role], &i);
        if (!person || person->gone)
            return g_strdup_printf("%s 不参加了", change->who[role]);
    }
    if (change->pair == DJ_PLAN_NONE)
        return g_strdup("两人不再是候选");
    const DjEventPair *pair = dj_event_pair(view->event, change->pair);
    if (pair->rule == DJ_PLAN_BAN)
        return g_strdup(pair->rule_reason ? pair->rule_reason : "禁配");
    for (guint role = 0; role < 2; role++)
        if (change->old_slot >= view->event->slots ||
            !(dj_event_person(view->event, pair->who[role])->open >> change->old_slot & 1))
            return g_strdup_printf("%s 这时不在场", change->who[role]);
    return g_strdup("这个时段或桌已经没有");
}

static char *because(const DjEventView *view, const DjEventChange *change)
{
    g_autofree char *why = impossible_because(view, change);
    switch (change->kind) {
    case DJ_EVENT_PLAN_CANCELLED:
        return g_strdup_printf("取消：%s", why);
    case DJ_EVENT_PLAN_DROPPED:
        return g_strdup("放弃：为满足其余条件");
    case DJ_EVENT_PLAN_MOVED:
        return g_strdup_printf("改时间：%s；须通知双方", change->forced ? why : "为其余会面让出");
    case DJ_EVENT_PLAN_RESEATED:
        return g_strdup("只换桌");
    default:
        return g_strdup(dj_event_pair(view->event, change->pair)->rule == DJ_PLAN_MUST ? "新增：必见" : "新增");
    }
}

static void who(GString *out, const DjEvent *event, const char *id)
{
    guint i = 0;
    const DjEventPerson *person = find_person(event, id, &i);
    dj_html_text(out, id);
    if (person && person->name) {
        g_string_append_c(out, ' ');
        dj_html_text(out, person->name);
    }
}

static void place(GString *out, const DjEvent *event, guint slot, guint table)
{
    char clock[6];
    dj_event_slot_clock(event, MIN(slot, event->slots - 1), clock);
    g_string_append_printf(out, "%s　%u 桌", clock, table + 1);
}

static void row(GString *out, const DjEventView *view, const DjEventChange *change)
{
    g_autofree char *why = because(view, change);
    g_string_append(out, "<tr><td>");
    who(out, view->event, change->who[0]);
    g_string_append(out, " × ");
    who(out, view->event, change->who[1]);
    g_string_append(out, "</td><td class=\"nw\">");
    if (change->old_slot != DJ_PLAN_NONE)
        place(out, view->event, change->old_slot, change->old_table);
    g_string_append(out, "</td><td class=\"nw\">");
    if (change->slot != DJ_PLAN_NONE)
        place(out, view->event, change->slot, change->table);
    g_string_append(out, "</td><td>");
    dj_html_text(out, why);
    g_string_append(out, "</td></tr>\n");
}

void dj_event_changes(GString *out, const DjEventView *view)
{
    const DjEventPlan *made = view->made;
    if (!made->replanned)
        return;
    guint n[DJ_EVENT_PLAN_ADDED + 1];
    guint forced = dj_event_plan_count_changes(made, n);
    static const char *const proved[] = {"（未证最少）", "（本可不动而移动与放弃的，已由搜索证明最少）",
                                         "（本可不动而移动与放弃的，已证最少，可复核）"};
    g_string_append_printf(
        out,
        "<section class=\"card\">\n<h2>第 %u 版改了什么</h2>\n<p class=\"s\">%u 场取消，%u 场放弃，%u 场补上，<b>%u "
        "场已公布的会面改时间</b>，其中 %u 场原时段已不可行%s，%u 场只换桌，其余 %u 场不动。</p>\n",
        made->version, n[DJ_EVENT_PLAN_CANCELLED], n[DJ_EVENT_PLAN_DROPPED], n[DJ_EVENT_PLAN_ADDED],
        n[DJ_EVENT_PLAN_MOVED], forced, proved[dj_event_plan_moves_proof(made)], n[DJ_EVENT_PLAN_RESEATED],
        made->published->len - n[DJ_EVENT_PLAN_CANCELLED] - n[DJ_EVENT_PLAN_DROPPED] - n[DJ_EVENT_PLAN_MOVED] -
            n[DJ_EVENT_PLAN_RESEATED]);
    if (made->changes->len > 0) {
        g_string_append(out, "<table class=\"tb\"><thead><tr><th>谁</th><th>原来</th><th>现在</th><th>原因</th></tr>"
                             "</thead><tbody>\n");
        for (guint k = 0; k < made->changes->len; k++)
            row(out, view, &g_array_index(made->changes, DjEventChange, k));
        g_string_append(out, "</tbody></table>\n<p class=\"no-print\"><a class=\"btn\" "
                             "href=\"%E5%8F%98%E5%8A%A8%E5%8D%95%E9%A1%B5.html\">只打印有变动的单页</a></p>\n");
    }
    g_string_append(out, "</section>\n");
}

static gboolean touches(const DjEventView *view, const DjEventChange *change, guint person)
{
    const char *id = dj_event_person(view->event, person)->id;
    return strcmp(change->who[0], id) == 0 || strcmp(change->who[1], id) == 0;
}

gboolean dj_event_is_changed_for(const DjEventView *view, guint person)
{
    for (guint k = 0; k < view->made->changes->len; k++)
        if (touches(view, &g_array_index(view->made->changes, DjEventChange, k), person))
            return TRUE;
    return FALSE;
}

void dj_event_changes_of(GString *out, const DjEventView *view, guint person)
{
    const char *before = "<p class=\"lead\"><b>与上一版相比：</b>";
    for (guint k = 0; k < view->made->changes->len; k++) {
        const DjEventChange *change = &g_array_index(view->made->changes, DjEventChange, k);
        if (!touches(view, change, person))
            continue;
        gboolean asks = strcmp(change->who[0], dj_event_person(view->event, person)->id) == 0;
        g_autofree char *why = because(view, change);
        g_string_append(out, before);
        who(out, view->event, change->who[asks ? 1 : 0]);
        g_string_append(out, "，");
        if (change->old_slot != DJ_PLAN_NONE) {
            g_string_append(out, "原 ");
            place(out, view->event, change->old_slot, change->old_table);
        }
        if (change->old_slot != DJ_PLAN_NONE && change->slot != DJ_PLAN_NONE)
            g_string_append(out, " → ");
        if (change->slot != DJ_PLAN_NONE) {
            g_string_append(out, "现 ");
            place(out, view->event, change->slot, change->table);
        }
        g_string_append(out, "（");
        dj_html_text(out, why);
        g_string_append(out, "）");
        before = "；";
    }
    if (g_str_equal(before, "；"))
        g_string_append(out, "。</p>\n");
}
