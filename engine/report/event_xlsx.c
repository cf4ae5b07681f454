/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two workbooks. 时间表.xlsx: the timetable as a grid, and all meetings with their evidence. 会后反馈.xlsx: a row per
 * meeting to be filled in and sent back, in a file of its own because ratings are confidential. The creation date is
 * the day of the event, so the bytes are stable. */
#include "engine/model/outcome.h"
#include "engine/report/event_feedback.h"
#include "engine/report/event_words.h"
#include "engine/report/list_run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>

enum { PAPER_A4 = 9, EVIDENCE_COLUMN = 8 };

typedef struct {
    lxw_workbook *book;
    lxw_format *head, *text, *number, *input;
} Book;

static lxw_format *format(lxw_workbook *book, gboolean bold, gboolean border)
{
    lxw_format *f = workbook_add_format(book);
    format_set_text_wrap(f);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    if (bold)
        format_set_bold(f);
    if (border)
        format_set_border(f, LXW_BORDER_THIN);
    return f;
}

/* Excel takes 32,767 UTF-16 units and no control characters; titles of events and people stay far below. */
static void put(lxw_worksheet *sheet, guint row, guint column, const char *text, lxw_format *f)
{
    if (!text || !*text)
        return;
    g_autofree char *clean = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), 10000));
    for (char *p = clean; *p; p++)
        if ((guchar)*p < 0x20 && *p != '\n')
            *p = ' ';
    worksheet_write_string(sheet, row, (lxw_col_t)column, clean, f);
}

static void print_setup(lxw_worksheet *sheet)
{
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.6);
    worksheet_set_footer(sheet, "&C第 &P 页，共 &N 页");
}

/* All columns on a page; for as many as stay legible. */
static void print_whole_width(lxw_worksheet *sheet)
{
    print_setup(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, 0, 0);
}

/* The timetable by slot and table: by number, or by name. On paper so many tables per page. */
static void grid(Book *b, const DjEventView *view, const char *title, gboolean names, guint per_page)
{
    const DjEvent *event = view->event;
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, title);
    g_autoptr(GArray) breaks = g_array_new(TRUE, TRUE, sizeof(lxw_col_t));
    print_setup(sheet);
    worksheet_repeat_columns(sheet, 0, 0);
    worksheet_repeat_rows(sheet, 0, 0);
    for (guint table = per_page; table < view->made->tables && breaks->len < 1000; table += per_page) {
        lxw_col_t column = (lxw_col_t)(table + 1);
        g_array_append_val(breaks, column);
    }
    if (breaks->len > 0)
        worksheet_set_v_pagebreaks(sheet, (lxw_col_t *)(gpointer)breaks->data);
    worksheet_set_column(sheet, 0, 0, 8, NULL);
    worksheet_set_column(sheet, 1, (lxw_col_t)view->made->tables, names ? 24 : 14, NULL);
    worksheet_freeze_panes(sheet, 1, 1);
    put(sheet, 0, 0, "时间", b->head);
    for (guint table = 0; table < view->made->tables; table++) {
        g_autofree char *name = g_strdup_printf("%u 桌%s", table + 1, table < event->tables ? "" : "（备用）");
        put(sheet, 0, table + 1, name, b->head);
    }
    guint m = 0;
    /* meetings are in the order of slots and tables, the order in which constant-memory sheets are written */
    for (guint slot = 0; slot < event->slots; slot++) {
        char clock[6];
        dj_event_slot_clock(event, slot, clock);
        worksheet_set_row(sheet, slot + 1, names ? 38 : 31, NULL);
        put(sheet, slot + 1, 0, clock, b->head);
        for (guint table = 0; table < view->made->tables; table++) {
            const DjPlanMeeting *meeting = m < view->made->plan->n ? dj_event_view_meeting(view, m) : NULL;
            if (!meeting || meeting->slot != slot || meeting->table != table) {
                worksheet_write_blank(sheet, slot + 1, (lxw_col_t)(table + 1), b->text); /* with its frame */
                continue;
            }
            const DjEventPair *pair = dj_event_view_pair(view, m);
            const DjEventPerson *asks = dj_event_person(event, pair->who[0]);
            const DjEventPerson *answers = dj_event_person(event, pair->who[1]);
            g_autofree char *text =
                names ? g_strdup_printf("%s\n%s", dj_event_person_name(asks), dj_event_person_name(answers))
                      : g_strdup_printf("%s × %s\n%" G_GINT64_FORMAT " 点", asks->id, answers->id, pair->points);
            put(sheet, slot + 1, table + 1, text, b->text);
            m++;
        }
    }
}

static void meeting_row(Book *b, lxw_worksheet *sheet, const DjEventView *view, guint m)
{
    const DjEvent *event = view->event;
    const DjPlanMeeting *meeting = dj_event_view_meeting(view, m);
    const DjEventPair *pair = dj_event_view_pair(view, m);
    const DjEventPerson *a = dj_event_person(event, pair->who[0]), *z = dj_event_person(event, pair->who[1]);
    char clock[6];
    dj_event_slot_clock(event, meeting->slot, clock);
    guint row = m + 1;
    put(sheet, row, 0, clock, b->text);
    worksheet_write_number(sheet, row, 1, meeting->table + 1, b->number);
    put(sheet, row, 2, a->id, b->text);
    put(sheet, row, 3, dj_event_person_name(a), b->text);
    put(sheet, row, 4, z->id, b->text);
    put(sheet, row, 5, dj_event_person_name(z), b->text);
    put(sheet, row, 6, z->organisation, b->text);
    worksheet_write_number(sheet, row, 7, (double)pair->points, b->number);
}

/* "题目（专利号）；…" of the topics behind the lead. */
static char *more_patents(const DjEventPair *pair)
{
    GString *out = g_string_new(NULL);
    for (guint k = 1; k < pair->topics->len; k++) {
        const DjEventTopic *topic = g_ptr_array_index(pair->topics, k);
        g_string_append_printf(out, "%s%s（%s）", k > 1 ? "；" : "", topic->title ? topic->title : "",
                               topic->patent ? topic->patent : "");
    }
    return g_string_free(out, FALSE);
}

static void list(Book *b, const DjEventView *view)
{
    static const struct {
        const char *title;
        double width;
    } columns[] = {{"时间", 8},    {"桌", 6},         {"企业编号", 10}, {"企业", 28},   {"发明人编号", 11},
                   {"发明人", 16}, {"单位", 24},      {"点数", 8},      {"专利号", 18}, {"专利名称", 18},
                   {"理由一", 18}, {"理由二", 18},    {"理由三", 18},   {"许可费", 18}, {"许可期", 18},
                   {"待核", 18},   {"同场还可谈", 30}};
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, "会面");
    guint n = view->made->plan->n;
    print_whole_width(sheet);
    worksheet_print_area(sheet, 0, 0, n, EVIDENCE_COLUMN - 1); /* evidence is for the screen; paper has the sheets */
    worksheet_freeze_panes(sheet, 1, 0);
    for (guint c = 0; c < G_N_ELEMENTS(columns); c++) {
        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, columns[c].width, NULL);
        put(sheet, 0, c, columns[c].title, b->head);
    }
    for (guint m = 0; m < n; m++) {
        meeting_row(b, sheet, view, m);
        const DjEventPair *pair = dj_event_view_pair(view, m);
        const DjEventTopic *lead = dj_event_lead(pair);
        g_autofree char *more = more_patents(pair);
        const char *const texts[] = {lead->patent, lead->title, lead->why[0],  lead->why[1], lead->why[2],
                                     lead->fee,    lead->term,  lead->unknown, more};
        for (guint c = 0; c < G_N_ELEMENTS(texts); c++)
            put(sheet, m + 1, EVIDENCE_COLUMN + c, texts[c], b->text);
    }
    worksheet_autofilter(sheet, 0, 0, n, G_N_ELEMENTS(columns) - 1);
}

const char *const dj_feedback_columns[DJ_N_FEEDBACK_COLUMNS] = {
    [DJ_FEEDBACK_TIME] = "时间",
    [DJ_FEEDBACK_TABLE] = "桌",
    [DJ_FEEDBACK_DEMAND] = "企业编号",
    [DJ_FEEDBACK_DEMAND_NAME] = "企业",
    [DJ_FEEDBACK_SUPPLY] = "发明人编号",
    [DJ_FEEDBACK_SUPPLY_NAME] = "发明人",
    [DJ_FEEDBACK_KEPT] = "是否见成",
    [DJ_FEEDBACK_DEMAND_RATING] = "企业评价",
    [DJ_FEEDBACK_SUPPLY_RATING] = "发明人评价",
    [DJ_FEEDBACK_REASON] = "不合作原因",
    [DJ_FEEDBACK_NEXT_STEP] = "下一步",
    [DJ_FEEDBACK_OWNER] = "负责人",
    [DJ_FEEDBACK_DUE] = "期限",
    [DJ_FEEDBACK_EVENT] = "对接会编号",
};

static void offer(lxw_worksheet *sheet, guint column, guint rows, const char **choices)
{
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST,
                                .value_list = (char **)choices,
                                .error_type = LXW_VALIDATION_ERROR_TYPE_STOP,
                                .error_title = "请从下拉单中选",
                                .error_message = "这一格只能填下拉单中的词，也可以留空。"};
    worksheet_data_validation_range(sheet, 1, (lxw_col_t)column, rows, (lxw_col_t)column, &rule);
}

static void answers(Book *b, const DjEventView *view)
{
    static const double widths[DJ_N_FEEDBACK_COLUMNS] = {8, 5, 10, 24, 11, 14, 10, 18, 18, 13, 24, 12, 12, 12};
    static const char *kept[] = {"是", "否", NULL};
    const char *ratings[DJ_N_RATINGS] = {NULL}, *reasons[DJ_N_DECLINES] = {NULL};
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, "会后反馈");
    guint n = view->made->plan->n;
    print_whole_width(sheet);
    worksheet_freeze_panes(sheet, 1, DJ_FEEDBACK_KEPT);
    for (guint c = 0; c < DJ_N_FEEDBACK_COLUMNS; c++) {
        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, widths[c], NULL);
        put(sheet, 0, c, dj_feedback_columns[c], b->head);
    }
    for (guint m = 0; m < n; m++) {
        const DjPlanMeeting *meeting = dj_event_view_meeting(view, m);
        const DjEventPair *pair = dj_event_view_pair(view, m);
        const DjEventPerson *asks = dj_event_person(view->event, pair->who[0]);
        const DjEventPerson *gives = dj_event_person(view->event, pair->who[1]);
        char clock[6];
        dj_event_slot_clock(view->event, meeting->slot, clock);
        put(sheet, m + 1, DJ_FEEDBACK_TIME, clock, b->text);
        worksheet_write_number(sheet, m + 1, DJ_FEEDBACK_TABLE, meeting->table + 1, b->number);
        put(sheet, m + 1, DJ_FEEDBACK_DEMAND, asks->id, b->text);
        put(sheet, m + 1, DJ_FEEDBACK_DEMAND_NAME, dj_event_person_name(asks), b->text);
        put(sheet, m + 1, DJ_FEEDBACK_SUPPLY, gives->id, b->text);
        put(sheet, m + 1, DJ_FEEDBACK_SUPPLY_NAME, dj_event_person_name(gives), b->text);
        for (guint c = DJ_FEEDBACK_KEPT; c < DJ_FEEDBACK_EVENT; c++)
            worksheet_write_blank(sheet, m + 1, (lxw_col_t)c, b->input);
        put(sheet, m + 1, DJ_FEEDBACK_EVENT, view->event->id, b->text);
    }
    worksheet_autofilter(sheet, 0, 0, n, DJ_N_FEEDBACK_COLUMNS - 1);
    if (n == 0)
        return;
    for (guint r = 1; r < DJ_N_RATINGS; r++)
        ratings[r - 1] = dj_rating_label((DjRating)r);
    for (guint r = 1; r < DJ_N_DECLINES; r++)
        reasons[r - 1] = dj_decline_label((DjDecline)r);
    offer(sheet, DJ_FEEDBACK_KEPT, n, kept);
    offer(sheet, DJ_FEEDBACK_DEMAND_RATING, n, ratings);
    offer(sheet, DJ_FEEDBACK_SUPPLY_RATING, n, ratings);
    offer(sheet, DJ_FEEDBACK_REASON, n, reasons);
}

static time_t event_day(const DjEvent *event)
{
    struct tm day = {0};
    day.tm_year = atoi(event->date) - 1900;
    day.tm_mon = atoi(event->date + 5) - 1;
    day.tm_mday = atoi(event->date + 8);
    return timegm(&day);
}

static gboolean begin(Book *b, const DjEvent *event, const char *path, GError **error)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    b->book = workbook_new_opt(path, &options);
    if (!b->book) {
        g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_XLSX, "%s: cannot be created", path);
        return FALSE;
    }
    lxw_doc_properties properties = {.title = event->name, .company = event->organiser, .created = event_day(event)};
    workbook_set_properties(b->book, &properties);
    b->head = format(b->book, TRUE, TRUE);
    b->text = format(b->book, FALSE, TRUE);
    b->number = format(b->book, FALSE, TRUE);
    b->input = format(b->book, FALSE, TRUE);
    format_set_bg_color(b->input, 0xFDF5E0);
    return TRUE;
}

static gboolean finish(Book *b, const char *path, GError **error)
{
    lxw_error code = workbook_close(b->book);
    if (code == LXW_NO_ERROR)
        return TRUE;
    g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_XLSX, "%s: %s", path, lxw_strerror(code));
    return FALSE;
}

gboolean dj_event_xlsx(const DjEventView *view, const char *path, GError **error)
{
    Book b = {0};
    if (!begin(&b, view->event, path, error))
        return FALSE;
    grid(&b, view, "时间表", FALSE, 7);
    grid(&b, view, "时间表（名称）", TRUE, 4);
    list(&b, view);
    return finish(&b, path, error);
}

gboolean dj_event_feedback_xlsx(const DjEventView *view, const char *path, GError **error)
{
    Book b = {0};
    if (!begin(&b, view->event, path, error))
        return FALSE;
    answers(&b, view);
    return finish(&b, path, error);
}
