/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paper: one page per participant who asks, pages per organisation that answers, one sign per table. */
#include "engine/model/outcome.h"
#include "engine/report/event_words.h"

#include <stdlib.h>
#include <string.h>

enum { ALSO_FITTING = 2 };

static void fact(GString *out, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    g_string_append_printf(out, "<div><dt>%s</dt><dd>", label);
    dj_html_text(out, value);
    g_string_append(out, "</dd></div>\n");
}

static void when(GString *out, const DjEventView *view, guint m)
{
    const DjEventPair *pair = dj_event_view_pair(view, m);
    const DjPlanMeeting *meeting = dj_event_view_meeting(view, m);
    char from[6], to[6];
    dj_event_slot_clock(view->event, meeting->slot, from);
    dj_event_clock(view->event->start[meeting->slot] + view->event->minutes, to);
    g_string_append_printf(out, "<div class=\"when\"><b>%s</b>到 %s<span class=\"desk\">%u 号桌</span>", from, to,
                           meeting->table + 1);
    if (dj_event_lead(pair)->level >= 0)
        g_string_append_printf(out, "<span class=\"dim\">匹配度 <b class=\"inl\">%" G_GINT64_FORMAT "</b></span>",
                               dj_event_lead(pair)->level);
    else if (pair->points > 0)
        g_string_append_printf(out, "<span class=\"dim\"><b class=\"inl\">%" G_GINT64_FORMAT "</b> 点</span>",
                               pair->points);
    if (pair->rule == DJ_PLAN_MUST)
        g_string_append(out, "<p class=\"xs dim\">组织者指定</p>");
    if (view->changed[m])
        g_string_append_printf(out, "<p class=\"xs\"><b>%s</b></p>",
                               view->change[m] == DJ_EVENT_PLAN_ADDED ? "本版新增" : "本版有变动");
    g_string_append(out, "</div>\n");
}

static void evidence(GString *out, const DjEventTopic *topic)
{
    if (topic->title || topic->patent) {
        g_string_append(out, "<p><b>");
        dj_html_text(out, topic->title);
        g_string_append(out, "</b>　<span class=\"nw\">");
        dj_html_text(out, topic->patent);
        g_string_append(out, "</span></p>\n");
    }
    if (topic->why[0] || topic->why[1] || topic->why[2]) {
        g_string_append(out, "<ol>\n");
        for (guint k = 0; k < DJ_EVENT_REASONS; k++) {
            if (!topic->why[k])
                continue;
            g_string_append(out, "<li>");
            dj_html_text(out, topic->why[k]);
            g_string_append(out, "</li>\n");
        }
        g_string_append(out, "</ol>\n");
    }
    g_string_append(out, "<dl class=\"facts\">\n");
    fact(out, "许可费", topic->fee);
    fact(out, "许可期", topic->term);
    fact(out, "成熟度", topic->maturity);
    if (topic->unknown) {
        g_string_append(out, "<div><dt class=\"vh\">待核</dt><dd><span class=\"v v-unk wrapok\">待核：");
        dj_html_text(out, topic->unknown);
        g_string_append(out, "</span></dd></div>\n");
    }
    g_string_append(out, "</dl>\n");
}

/* What the same two may talk about beside the lead: one line each. */
static void more_topics(GString *out, const DjEventPair *pair)
{
    enum { SHOWN = 3 };
    guint n = MIN(pair->topics->len, SHOWN + 1);
    for (guint k = 1; k < n; k++) {
        const DjEventTopic *topic = g_ptr_array_index(pair->topics, k);
        g_string_append(out, "<p><b>同场还可谈：");
        dj_html_text(out, topic->title);
        g_string_append(out, "</b>　<span class=\"nw\">");
        dj_html_text(out, topic->patent);
        g_string_append(out, "</span>");
        if (topic->level >= 0)
            g_string_append_printf(out, "，<span class=\"nw\">匹配度 %" G_GINT64_FORMAT "</span>", topic->level);
        const char *const texts[] = {topic->why[0], topic->fee};
        for (guint t = 0; t < G_N_ELEMENTS(texts); t++)
            if (texts[t] && *texts[t]) {
                g_string_append(out, t == 0 ? "。" : "；许可费：");
                dj_html_text(out, texts[t]);
            }
        g_string_append(out, "</p>\n");
    }
    if (n < pair->topics->len)
        g_string_append_printf(out, "<p class=\"dim\">另有 %u 件专利也相配。</p>\n", pair->topics->len - n);
}

static void notes(GString *out)
{
    g_string_append(out, "<p class=\"write\"><span class=\"dim\">记录</span></p>\n<p class=\"write\"></p>\n"
                         "<p class=\"rate\"><b>会后：</b>");
    for (guint r = 1; r < DJ_N_RATINGS; r++)
        g_string_append_printf(out, "<span class=\"box\">%s</span>", dj_rating_label((DjRating)r));
    g_string_append(out, "<span class=\"dim\">下一步 ＿＿＿＿＿＿＿＿</span></p>\n");
}

/* "某某大学　张三（T01） 陶瓷组" */
static void who(GString *out, const DjEventPerson *person)
{
    if (person->organisation && g_strcmp0(person->organisation, person->name) != 0) {
        dj_html_text(out, person->organisation);
        g_string_append(out, "　");
    }
    if (person->name) {
        dj_html_text(out, person->name);
        g_string_append(out, "（");
        dj_html_text(out, person->id);
        g_string_append(out, "）");
    } else {
        dj_html_text(out, person->id);
    }
    if (person->team) {
        g_string_append(out, " <span>");
        dj_html_text(out, person->team);
        g_string_append(out, "</span>");
    }
}

static void meeting(GString *out, const DjEventView *view, guint m, guint person)
{
    const DjEventPair *pair = dj_event_view_pair(view, m);
    const DjEventPerson *other = dj_event_view_other(view, m, person);
    gboolean asks = pair->who[0] == person;
    g_string_append(out, "<section class=\"meet\">\n");
    when(out, view, m);
    g_string_append(out, "<div>\n<h2>");
    who(out, other);
    g_string_append(out, "</h2>\n");
    if (!asks && other->need) {
        g_string_append(out, "<p>对方需求：");
        dj_html_text(out, other->need);
        g_string_append(out, "</p>\n");
    }
    const DjEventTopic *lead = dj_event_lead(pair);
    evidence(out, lead);
    if (asks && lead->question) {
        g_string_append(out, "<p><b>请当面问：</b>");
        dj_html_text(out, lead->question);
        g_string_append(out, "</p>\n");
    }
    more_topics(out, pair);
    notes(out);
    g_string_append(out, "</div>\n</section>\n");
}

static int by_points(gconstpointer a, gconstpointer b, gpointer data)
{
    const DjEvent *event = data;
    guint x = *(const guint *)a, y = *(const guint *)b;
    gint64 px = dj_event_pair(event, x)->points, py = dj_event_pair(event, y)->points;
    return px != py ? (px > py ? -1 : 1) : x < y ? -1 : x > y;
}

/* The best candidates that found no place, for the desk. */
static void also(GString *out, const DjEventView *view, guint person)
{
    const DjEvent *event = view->event;
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree gboolean *met = g_new0(gboolean, event->persons->len + 1);
    for (guint k = 0; k < view->of_person[person]->len; k++)
        met[dj_event_view_pair(view, g_array_index(view->of_person[person], guint, k))->who[1]] = TRUE;
    for (guint p = 0; p < event->pairs->len; p++) {
        const DjEventPair *pair = dj_event_pair(event, p);
        if (pair->who[0] == person && pair->rule != DJ_PLAN_BAN && !met[pair->who[1]])
            g_array_append_val(left, p);
    }
    g_array_sort_with_data(left, by_points, (gpointer)event);
    if (left->len == 0)
        return;
    g_string_append(out, "<p class=\"lead\"><b>没排上但也相配：</b>");
    for (guint k = 0; k < MIN(left->len, ALSO_FITTING); k++) {
        const DjEventPair *pair = dj_event_pair(event, g_array_index(left, guint, k));
        const DjEventPerson *other = dj_event_person(event, pair->who[1]);
        g_string_append(out, k > 0 ? "；" : "");
        const char *title = dj_event_lead(pair)->title;
        dj_html_text(out, title ? title : dj_event_person_name(other));
        g_string_append_printf(out, "（%" G_GINT64_FORMAT " 点）", pair->points);
    }
    g_string_append(out, "。感兴趣请到服务台登记。</p>\n");
}

static void sheet_head(GString *out, const DjEventView *view, const char *title, const char *code, const char *remark)
{
    const DjEvent *event = view->event;
    g_string_append(out, "<div class=\"sheet-h\">\n<div><h1>");
    dj_html_text(out, title);
    g_string_append(out, "</h1>\n<p class=\"s\">");
    dj_html_text(out, event->name);
    g_string_append_printf(out, "　%s　", event->date);
    dj_html_text(out, event->place);
    if (event->checkin) {
        g_string_append(out, "　");
        dj_html_text(out, event->checkin);
        g_string_append(out, " 签到");
    }
    g_string_append(out, "</p></div>\n<p class=\"code\"><b>");
    dj_html_text(out, code);
    g_string_append_printf(out, "</b><span class=\"xs\">%s</span></p>\n</div>\n", remark);
}

/* Browsers repeat head and foot of a table on every page that the table reaches. */
static void sheet_begin(GString *out, const DjEventView *view, const char *title, const char *code, const char *remark)
{
    g_string_append(out, "<article class=\"paper sheet\">\n<table class=\"pages\"><thead><tr><td>\n");
    sheet_head(out, view, title, code, remark);
    g_string_append(out, "</td></tr></thead><tbody><tr><td>\n");
}

static void sheet_end(GString *out, const DjEventView *view, const char *audience, const char *remark)
{
    g_string_append_printf(
        out,
        "</td></tr></tbody><tfoot><tr><td>\n<p class=\"prov\"><span>受众：%s，请勿转给他人</span>"
        "<span>第 %u 版　plan.json sha256 %s…</span>%s</p>\n</td></tr></tfoot></table>\n</article>\n",
        audience, view->made->version, view->seal, remark);
}

static void sheet(GString *out, const DjEventView *view, guint i)
{
    const DjEventPerson *person = dj_event_person(view->event, i);
    const GArray *meetings = view->of_person[i];
    g_autofree char *remark = g_strdup_printf("您有 %u 场", meetings->len);
    sheet_begin(out, view, dj_event_person_name(person), person->id, remark);
    dj_event_changes_of(out, view, i);
    g_string_append(out, "<p class=\"lead\">");
    if (person->need) {
        g_string_append(out, "您的需求：");
        dj_html_text(out, person->need);
        g_string_append(out, "。");
    }
    g_string_append_printf(out, "对方在桌边等您，请按时换桌；每场 %u 分钟。</p>\n", view->event->minutes);
    for (guint k = 0; k < meetings->len; k++)
        meeting(out, view, g_array_index(meetings, guint, k), i);
    also(out, view, i);
    sheet_end(out, view, "本参会者", "<span>散会时请把此页交到服务台，或填同名表格发回</span>");
}

static gboolean asks(const DjEvent *event, guint i)
{
    return dj_event_side_has(dj_event_person(event, i)->side, 0);
}

static void begin(GString *out, const char *title, DjAudience audience)
{
    DjPage page = {.title = title, .audience = audience, .style = "style.css"};
    dj_page_begin(out, &page);
}

void dj_event_person_sheets(GString *out, const DjEventView *view)
{
    begin(out, "企业单页", DJ_AUDIENCE_ORGANISER);
    for (guint i = 0; i < view->event->persons->len; i++)
        if (asks(view->event, i) && !dj_event_person(view->event, i)->gone)
            sheet(out, view, i);
    dj_page_end(out, NULL); /* every sheet has its own foot */
}

void dj_event_one_sheet(GString *out, const DjEventView *view, guint person)
{
    begin(out, dj_event_person_name(dj_event_person(view->event, person)), DJ_AUDIENCE_OWNER);
    sheet(out, view, person);
    dj_page_end(out, NULL); /* every sheet has its own foot */
}

typedef struct {
    const char *organisation;
    guint person;
} Speaker;

static int compare_speakers(const void *a, const void *b)
{
    const Speaker *x = a, *y = b;
    int order = strcmp(x->organisation, y->organisation);
    return order ? order : x->person < y->person ? -1 : x->person > y->person;
}

void dj_event_organisation_sheets(GString *out, const DjEventView *view)
{
    const DjEvent *event = view->event;
    g_autofree Speaker *speakers = g_new(Speaker, event->persons->len + 1);
    guint n = 0;
    for (guint i = 0; i < event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(event, i);
        const char *home = person->organisation ? person->organisation : dj_event_person_name(person);
        if (person->side != DJ_EVENT_DEMAND && !person->gone)
            speakers[n++] = (Speaker){.organisation = home, .person = i};
    }
    qsort(speakers, n, sizeof *speakers, compare_speakers);
    begin(out, "机构单页", DJ_AUDIENCE_ORGANISER);
    for (guint first = 0, last; first < n; first = last) {
        guint meetings = 0;
        for (last = first; last < n && strcmp(speakers[last].organisation, speakers[first].organisation) == 0; last++)
            meetings += view->of_person[speakers[last].person]->len;
        g_autofree char *code = g_strdup_printf("%u 人", last - first);
        g_autofree char *remark = g_strdup_printf("共 %u 场", meetings);
        sheet_begin(out, view, speakers[first].organisation, code, remark);
        for (guint k = first; k < last; k++) {
            guint i = speakers[k].person;
            g_string_append(out, "<h2 class=\"lead\">");
            who(out, dj_event_person(event, i));
            g_string_append_printf(out, "　%u 场</h2>\n", view->of_person[i]->len);
            dj_event_changes_of(out, view, i);
            for (guint m = 0; m < view->of_person[i]->len; m++)
                meeting(out, view, g_array_index(view->of_person[i], guint, m), i);
        }
        sheet_end(out, view, "本机构", "");
    }
    dj_page_end(out, NULL); /* every sheet has its own foot */
}

/* The name to be read from two steps away; below it the number, and whose it is. */
static void sign_name(GString *out, const DjEventPerson *person)
{
    gboolean home = person->organisation && g_strcmp0(person->organisation, person->name) != 0;
    g_string_append(out, "<b>");
    dj_html_text(out, dj_event_person_name(person));
    g_string_append(out, "</b><span class=\"home\">");
    dj_html_text(out, person->id);
    g_string_append(out, home ? "　" : "");
    dj_html_text(out, home ? person->organisation : NULL);
    g_string_append(out, "</span>");
}

static void sign(GString *out, const DjEventView *view, guint table, const GArray *meetings)
{
    enum { FEW = 10 };
    const DjEvent *event = view->event;
    g_string_append_printf(out,
                           "<section class=\"sign%s\"><div><p class=\"big\">%u<small>号桌%s</small></p>"
                           "<p class=\"prov\"><span>",
                           meetings->len > FEW ? " many" : "", table + 1, table < event->tables ? "" : "（备用）");
    dj_html_text(out, event->name);
    g_string_append_printf(out,
                           "</span><span>%s</span><span>第 %u 版</span></p></div>\n<div><table class=\"tb\"><thead><tr>"
                           "<th>时间</th><th>坐桌</th><th>来访</th></tr></thead><tbody>\n",
                           event->date, view->made->version);
    for (guint k = 0; k < meetings->len; k++) {
        guint m = g_array_index(meetings, guint, k);
        const DjEventPair *pair = dj_event_view_pair(view, m);
        char clock[6];
        dj_event_slot_clock(event, dj_event_view_meeting(view, m)->slot, clock);
        g_string_append_printf(out, "<tr><td class=\"nw\">%s</td><td>", clock);
        sign_name(out, dj_event_person(event, pair->who[1]));
        g_string_append(out, "</td><td>");
        sign_name(out, dj_event_person(event, pair->who[0]));
        g_string_append(out, "</td></tr>\n");
    }
    g_string_append(out, "</tbody></table></div></section>\n");
}

void dj_event_table_signs(GString *out, const DjEventView *view)
{
    begin(out, "桌牌", DJ_AUDIENCE_ORGANISER);
    for (guint table = 0; table < view->made->tables; table++) {
        g_autoptr(GArray) meetings = g_array_new(FALSE, FALSE, sizeof(guint));
        for (guint m = 0; m < view->made->plan->n; m++)
            if (dj_event_view_meeting(view, m)->table == table)
                g_array_append_val(meetings, m);
        if (meetings->len > 0)
            sign(out, view, table, meetings);
    }
    dj_page_end(out, NULL);
}

void dj_event_changed_sheets(GString *out, const DjEventView *view)
{
    begin(out, "有变动的单页", DJ_AUDIENCE_ORGANISER);
    for (guint i = 0; i < view->event->persons->len; i++)
        if (dj_event_is_changed_for(view, i) && !dj_event_person(view->event, i)->gone)
            sheet(out, view, i);
    dj_page_end(out, NULL);
}
