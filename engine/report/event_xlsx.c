/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 时间表.xlsx: the timetable as a grid, all meetings as a list, and 会后反馈 to be filled in and sent back: kept or
 * not, rating, next step and reason with drop-down lists. The creation date is the day of the event, so the bytes are
 * stable. */
#include "engine/report/event_words.h"
#include "engine/report/list_run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>

enum { PAPER_A4 = 9, FEEDBACK_COLUMN = 8 };

typedef struct {
    lxw_workbook *book;
    lxw_format *head, *text, *number, *title, *input;
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
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_footer(sheet, "&C第 &P 页，共 &N 页");
}

static void grid(Book *b, const DjEventView *view)
{
    const DjEvent *event = view->event;
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, "时间表");
    print_setup(sheet);
    worksheet_set_column(sheet, 0, 0, 9, NULL);
    worksheet_set_column(sheet, 1, (lxw_col_t)event->tables, 14, NULL);
    worksheet_freeze_panes(sheet, 1, 1);
    worksheet_repeat_rows(sheet, 0, 0);
    put(sheet, 0, 0, "时间", b->head);
    for (guint table = 0; table < event->tables; table++) {
        g_autofree char *name = g_strdup_printf("%u 桌", table + 1);
        put(sheet, 0, table + 1, name, b->head);
    }
    guint m = 0;
    /* meetings are in the order of slots and tables, the order in which constant-memory sheets are written */
    for (guint slot = 0; slot < event->slots; slot++) {
        char clock[6];
        dj_event_slot_clock(event, slot, clock);
        put(sheet, slot + 1, 0, clock, b->head);
        for (; m < view->made->plan->n && dj_event_view_meeting(view, m)->slot == slot; m++) {
            const DjEventPair *pair = dj_event_view_pair(view, m);
            g_autofree char *text =
                g_strdup_printf("%s × %s\n%" G_GINT64_FORMAT " 点", dj_event_person(event, pair->who[0])->id,
                                dj_event_person(event, pair->who[1])->id, pair->points);
            put(sheet, slot + 1, dj_event_view_meeting(view, m)->table + 1, text, b->text);
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

static void list(Book *b, const DjEventView *view, const char *name, gboolean feedback)
{
    static const char *const columns[] = {"时间", "桌", "企业编号", "企业", "发明人编号", "发明人", "单位", "点数"};
    static const char *const evidence[] = {"专利号", "专利名称", "理由一", "理由二",
                                           "理由三", "许可费",   "许可期", "待核"};
    static const char *const answers[] = {"是否见成", "评价", "下一步", "不合作原因"};
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, name);
    guint n = view->made->plan->n;
    print_setup(sheet);
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_repeat_rows(sheet, 0, 0);
    static const double widths[] = {8, 6, 10, 28, 11, 16, 24, 8};
    for (guint c = 0; c < G_N_ELEMENTS(columns); c++) {
        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, widths[c], NULL);
        put(sheet, 0, c, columns[c], b->head);
    }
    const char *const *more = feedback ? answers : evidence;
    guint n_more = feedback ? G_N_ELEMENTS(answers) : G_N_ELEMENTS(evidence);
    worksheet_set_column(sheet, FEEDBACK_COLUMN, (lxw_col_t)(FEEDBACK_COLUMN + n_more - 1), 18, NULL);
    for (guint c = 0; c < n_more; c++)
        put(sheet, 0, FEEDBACK_COLUMN + c, more[c], b->head);
    for (guint m = 0; m < n; m++) {
        meeting_row(b, sheet, view, m);
        const DjEventPair *pair = dj_event_view_pair(view, m);
        const char *const texts[] = {pair->patent, pair->title, pair->why[0], pair->why[1],
                                     pair->why[2], pair->fee,   pair->term,   pair->unknown};
        for (guint c = 0; c < n_more; c++)
            if (feedback)
                worksheet_write_blank(sheet, m + 1, (lxw_col_t)(FEEDBACK_COLUMN + c), b->input);
            else
                put(sheet, m + 1, FEEDBACK_COLUMN + c, texts[c], b->text);
    }
    worksheet_autofilter(sheet, 0, 0, n, (lxw_col_t)(FEEDBACK_COLUMN + n_more - 1));
    if (!feedback || n == 0)
        return;
    static const char *const kept[] = {"是", "否", NULL};
    static const char *const ratings[] = {"没有见成", "兴趣不大", "有收获，暂不合作", "可能合作", NULL};
    static const char *const reasons[] = {"不合适", "不成熟", "价格", "已解决", "没有力量", "利益冲突", NULL};
    const char *const *choices[] = {kept, ratings, NULL, reasons};
    for (guint c = 0; c < G_N_ELEMENTS(choices); c++) {
        if (!choices[c])
            continue;
        lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST,
                                    .value_list = (char **)choices[c],
                                    .error_type = LXW_VALIDATION_ERROR_TYPE_STOP};
        worksheet_data_validation_range(sheet, 1, (lxw_col_t)(FEEDBACK_COLUMN + c), n, (lxw_col_t)(FEEDBACK_COLUMN + c),
                                        &rule);
    }
}

static time_t event_day(const DjEvent *event)
{
    struct tm day = {0};
    day.tm_year = atoi(event->date) - 1900;
    day.tm_mon = atoi(event->date + 5) - 1;
    day.tm_mday = atoi(event->date + 8);
    return timegm(&day);
}

gboolean dj_event_xlsx(const DjEventView *view, const char *path, GError **error)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    Book b = {.book = workbook_new_opt(path, &options)};
    if (!b.book) {
        g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_XLSX, "%s: cannot be created", path);
        return FALSE;
    }
    lxw_doc_properties properties = {
        .title = view->event->name, .company = view->event->organiser, .created = event_day(view->event)};
    workbook_set_properties(b.book, &properties);
    b.head = format(b.book, TRUE, TRUE);
    b.text = format(b.book, FALSE, TRUE);
    b.number = format(b.book, FALSE, TRUE);
    b.input = format(b.book, FALSE, TRUE);
    format_set_bg_color(b.input, 0xFDF5E0);
    grid(&b, view);
    list(&b, view, "会面", FALSE);
    list(&b, view, "会后反馈", TRUE);
    lxw_error code = workbook_close(b.book);
    if (code == LXW_NO_ERROR)
        return TRUE;
    g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_XLSX, "%s: %s", path, lxw_strerror(code));
    return FALSE;
}
