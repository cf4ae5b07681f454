/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libxlsxwriter prints a warning to stderr when it is given what Excel does not allow, and a library must not print:
 * so names and texts are brought into range here, before it sees them. */
#include "engine/report/list_xlsx.h"
#include "engine/model/ident.h"
#include "engine/report/list_columns.h"
#include "engine/report/wording.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define MAX_SHEET_NAME 31    /* characters */
#define MAX_CELL       32767 /* UTF-16 units */
#define MAX_HEADER     200   /* bytes of a page head; Excel allows 255 characters with all codes */
#define PAPER_A4       9
#define OVERVIEW       "概览"
#define LINE_HEIGHT    15 /* points */
#define MAX_LINES      8  /* of one row; the rest of a long text is read in the cell */

typedef struct {
    lxw_workbook *book;
    lxw_format *title, *dim, *head, *head_number, *text, *number, *date, *link;
} Book;

static gboolean fail(const char *path, lxw_error code, GError **error)
{
    g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_XLSX, "%s: %s", path, lxw_strerror(code));
    return FALSE;
}

/* Text that XML and Excel accept: control characters become spaces, what is too long ends in …. Returns `text` itself
 * when it is fine, else *copy. */
static const char *cell_text(const char *text, char **copy)
{
    gsize units = 0;
    gboolean clean = TRUE;
    const char *cut = NULL;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        units += c > 0xFFFF ? 2 : 1;
        if (units < MAX_CELL)
            cut = g_utf8_next_char(p);
        if ((c < 0x20 && c != '\n') || c == 0xFFFE || c == 0xFFFF)
            clean = FALSE;
    }
    if (clean && units <= MAX_CELL)
        return text;
    g_autoptr(GString) out = g_string_new(NULL);
    const char *end = units > MAX_CELL ? cut : NULL;
    for (const char *p = text; *p && p != end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(out, (c < 0x20 && c != '\n') || c == 0xFFFE || c == 0xFFFF ? ' ' : c);
    }
    if (end)
        g_string_append(out, "…");
    return *copy = g_strdup(out->str);
}

static void write_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *format)
{
    g_autofree char *copy = NULL;
    if (*text)
        worksheet_write_string(sheet, row, column, cell_text(text, &copy), format);
}

/* Lines that a wrapped text takes in a column of this width. Rows without a height are as high as one line where the
 * reader does not measure them itself. */
static guint lines_of(const char *text, int width)
{
    guint lines = 1;
    int used = 1; /* the indent */
    for (const char *p = text; *p && lines < MAX_LINES; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        int wide = g_unichar_iswide_cjk(c) ? 2 : 1;
        if (c == '\n' || used + wide > width) {
            lines++;
            used = 1;
        }
        used += c == '\n' ? 0 : wide;
    }
    return lines;
}

/* ---- sheet names ---- */

/* At most n characters of name, none of them forbidden in a sheet name. */
static char *sheet_stem(const char *name, glong n)
{
    g_autoptr(GString) out = g_string_new(NULL);
    glong used = 0;
    for (const char *p = name; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        used += c > 0xFFFF ? 2 : 1;
        if (used > n)
            break;
        if (c < 0x20 || (c < 0x80 && strchr("[]:*?/\\'", (int)c)))
            c = '_';
        g_string_append_unichar(out, c);
    }
    return g_strdup(out->len ? out->str : "_");
}

/* One name per chain: Excel compares them without case. */
static GPtrArray *sheet_names(const DjListRun *run)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(taken, g_strdup(OVERVIEW));
    if (run->table)
        g_hash_table_add(taken, g_utf8_casefold(run->table->name, -1));
    g_hash_table_add(taken, g_strdup("history")); /* Excel keeps it for itself */
    for (guint i = 0; i < run->chains->len; i++) {
        const char *full = ((const DjListChain *)run->chains->pdata[i])->chain->name;
        char *name = sheet_stem(full, MAX_SHEET_NAME);
        char *folded = g_utf8_casefold(name, -1);
        for (guint n = 2; g_hash_table_contains(taken, folded); n++) {
            g_autofree char *suffix = g_strdup_printf("~%u", n);
            g_autofree char *stem = sheet_stem(full, MAX_SHEET_NAME - (glong)strlen(suffix));
            g_free(name);
            g_free(folded);
            name = g_strconcat(stem, suffix, NULL);
            folded = g_utf8_casefold(name, -1);
        }
        g_hash_table_add(taken, folded);
        g_ptr_array_add(names, name);
    }
    return names;
}

/* ---- sheets ---- */

static lxw_format *add_head(lxw_workbook *book)
{
    lxw_format *head = workbook_add_format(book);
    format_set_bold(head);
    format_set_bg_color(head, 0xE7EFF6);
    format_set_bottom(head, LXW_BORDER_THIN);
    format_set_align(head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(head);
    format_set_indent(head, 1);
    return head;
}

static gboolean open_book(Book *book, const DjListRun *run, const char *path, const char *folder, GError **error)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)folder};
    book->book = workbook_new_opt(path, &options);
    if (!book->book)
        return fail(path, LXW_ERROR_MEMORY_MALLOC_FAILED, error);
    g_autofree char *rule =
        g_strconcat("受众：", dj_audience_label(run->audience), "，", dj_wording_audience_rule(run->audience), NULL);
    lxw_doc_properties properties = {
        .title = (char *)run->title, .comments = rule, .author = "duijie", .created = (time_t)run->now * 86400};
    workbook_set_properties(book->book, &properties);

    book->title = workbook_add_format(book->book);
    format_set_bold(book->title);
    format_set_font_size(book->title, 16);
    book->dim = workbook_add_format(book->book);
    format_set_font_color(book->dim, 0x4A5765);
    book->head = add_head(book->book);
    book->head_number = add_head(book->book);
    format_set_align(book->head_number, LXW_ALIGN_RIGHT);
    book->text = workbook_add_format(book->book);
    format_set_text_wrap(book->text);
    format_set_indent(book->text, 1);
    format_set_align(book->text, LXW_ALIGN_VERTICAL_TOP);
    book->number = workbook_add_format(book->book);
    format_set_num_format(book->number, "#,##0");
    format_set_align(book->number, LXW_ALIGN_VERTICAL_TOP);
    book->date = workbook_add_format(book->book);
    format_set_num_format(book->date, "yyyy-mm-dd");
    format_set_align(book->date, LXW_ALIGN_VERTICAL_TOP);
    format_set_align(book->date, LXW_ALIGN_LEFT);
    book->link = workbook_add_format(book->book);
    format_set_font_color(book->link, 0x14538A);
    format_set_underline(book->link, LXW_UNDERLINE_SINGLE);
    format_set_align(book->link, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(book->link);
    return TRUE;
}

static void set_print(const DjListRun *run, lxw_worksheet *sheet, const char *name)
{
    g_autoptr(GString) header = g_string_new("&L");
    for (const char *p = name; *p; p++) /* & begins a code */
        g_string_append_printf(header, *p == '&' ? "&%c" : "%c", *p);
    if (header->len > MAX_HEADER)
        g_string_truncate(header,
                          (gsize)(g_utf8_find_prev_char(header->str, header->str + MAX_HEADER + 1) - header->str));
    g_string_append_printf(header, "　%s&R受众：%s", run->title, dj_audience_label(run->audience));
    g_autofree char *facts = dj_list_run_facts(run);
    g_autofree char *footer = g_strdup_printf("&L%s（%s）&R第 &P 页，共 &N 页", facts, run->set->provenance.now);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_header(sheet, header->str);
    worksheet_set_footer(sheet, footer);
}

static void write_overview(const Book *book, const DjListRun *run, const GPtrArray *names, const gboolean *here,
                           const char *part)
{
    static const struct {
        const char *title;
        double width;
    } columns[] = {{"产业链", 40},
                   {"层级", 20},
                   {"需求", 10},
                   {"专利", 10},
                   {"企业", 10},
                   {"有推荐的企业", 14},
                   {"配对：需求找专利", 18},
                   {"配对：专利找需求", 18}};
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, OVERVIEW);
    lxw_row_t row = 0;
    gboolean by_patent = FALSE; /* a run that goes one way has no column for the other */
    for (guint i = 0; i < run->chains->len; i++)
        by_patent |= ((const DjListChain *)run->chains->pdata[i])->pairings[DJ_DIRECTION_PATENT]->len > 0;
    const lxw_col_t n_columns = G_N_ELEMENTS(columns) - !by_patent;
    for (lxw_col_t c = 0; c < n_columns; c++)
        worksheet_set_column(sheet, c, c, columns[c].width, NULL);
    write_text(sheet, row++, 0, run->title, book->title);
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_printf(line, "截止 %s，每个对象最多 %u 条，", run->set->provenance.now, run->set->top);
    dj_wording_limit(line, run->set);
    g_string_append_printf(line, " 起%s%s", *part ? "，" : "", part);
    worksheet_write_string(sheet, row++, 0, line->str, book->dim);
    row++;
    for (lxw_col_t c = 0; c < n_columns; c++)
        worksheet_write_string(sheet, row, c, columns[c].title, c < 2 ? book->head : book->head_number);
    row++;
    for (guint i = 0; i < run->chains->len; i++, row++) {
        const DjListChain *list = run->chains->pdata[i];
        const DjResultChain *chain = list->chain;
        g_autofree char *copy = NULL;
        if (here[i]) {
            g_autofree char *url = g_strdup_printf("internal:'%s'!A1", (const char *)names->pdata[i]);
            worksheet_write_url_opt(sheet, row, 0, url, book->link, cell_text(chain->name, &copy), NULL);
        } else {
            write_text(sheet, row, 0, chain->name, book->text);
        }
        write_text(sheet, row, 1, chain->tier ? chain->tier : "", book->text);
        double figures[] = {chain->n_needs,
                            chain->n_patents,
                            chain->n_enterprises,
                            chain->n_covered,
                            list->pairings[DJ_DIRECTION_NEED]->len,
                            list->pairings[DJ_DIRECTION_PATENT]->len};
        for (lxw_col_t c = 2; c < n_columns; c++)
            worksheet_write_number(sheet, row, c, figures[c - 2], book->number);
    }
    row++;
    g_auto(GStrv) provenance = dj_list_run_provenance(run);
    for (char **p = provenance; *p; p++)
        write_text(sheet, row++, 0, *p, book->dim);
    set_print(run, sheet, OVERVIEW);
    worksheet_fit_to_pages(sheet, 1, 1);
}

static void write_head(const Book *book, lxw_worksheet *sheet, const DjListColumn *columns, lxw_col_t n_columns,
                       lxw_row_t n_rows)
{
    guint lines = 1;
    for (lxw_col_t c = 0; c < n_columns; c++)
        lines = MAX(lines, lines_of(columns[c].title, columns[c].width - 2)); /* room for the filter's button */
    worksheet_set_row(sheet, 0, LINE_HEIGHT * lines, NULL);
    worksheet_autofilter(sheet, 0, 0, n_rows, (lxw_col_t)(n_columns - 1));
    worksheet_repeat_rows(sheet, 0, 0);
    for (lxw_col_t c = 0; c < n_columns; c++) {
        gboolean number = columns[c].kind == DJ_CELL_NUMBER;
        worksheet_set_column(sheet, c, c, columns[c].width, NULL);
        worksheet_write_string(sheet, 0, c, columns[c].title, number ? book->head_number : book->head);
    }
}

static void write_table(const Book *book, const DjListRun *run, const DjListTable *table)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, table->name);
    worksheet_freeze_panes(sheet, 1, 1);
    write_head(book, sheet, table->columns, (lxw_col_t)table->n_columns, table->rows->len);
    set_print(run, sheet, table->name);
    for (guint i = 0; i < table->rows->len; i++) {
        char **cells = table->rows->pdata[i];
        guint lines = 1;
        for (guint c = 0; c < table->n_columns; c++)
            lines = MAX(lines, lines_of(cells[c], table->columns[c].width));
        worksheet_set_row(sheet, i + 1, LINE_HEIGHT * lines, NULL);
        for (guint c = 0; c < table->n_columns; c++) {
            const char *cell = cells[c];
            if (table->columns[c].kind == DJ_CELL_NUMBER && *cell && strspn(cell, "0123456789") == strlen(cell))
                worksheet_write_number(sheet, i + 1, (lxw_col_t)c, g_ascii_strtod(cell, NULL), book->number);
            else
                write_text(sheet, i + 1, (lxw_col_t)c, cell, book->text);
        }
    }
}

static void write_cell(const Book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                       const DjListCells *cells)
{
    const char *text = dj_list_cells_text(cells, column)->str;
    DjCellKind kind = dj_list_column(column)->kind;
    int day;
    if (kind == DJ_CELL_NUMBER && (g_ascii_isdigit(*text) || *text == '-')) {
        double number = (double)g_array_index(cells->number, gint64, column);
        worksheet_write_number(sheet, row, column, number, book->number);
    } else if (kind == DJ_CELL_DATE && strlen(text) == 10 && dj_day_parse(text, &day)) {
        lxw_datetime date = {0};
        dj_day_to_ymd(day, &date.year, &date.month, &date.day);
        if (worksheet_write_datetime(sheet, row, column, &date, book->date) != LXW_NO_ERROR)
            write_text(sheet, row, column, text, book->text); /* before 1900 */
    } else {
        write_text(sheet, row, column, text, book->text);
    }
}

/* Rows begin..end of the chain, counted over both directions. */
static void write_chain(const Book *book, const DjListRun *run, const DjListChain *chain, const char *name, guint begin,
                        guint end)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, name);
    lxw_col_t n_columns = (lxw_col_t)dj_list_n_columns();
    worksheet_freeze_panes(sheet, 1, 4); /* head, place, direction, score, quality */
    write_head(book, sheet, dj_list_column(0), n_columns, end - begin);
    set_print(run, sheet, chain->chain->name);
    worksheet_print_area(sheet, 0, 0, end - begin, (lxw_col_t)(dj_list_n_printed() - 1));
    g_auto(DjListRow) row;
    g_auto(DjListCells) cells;
    dj_list_row_init(&row, run);
    dj_list_cells_init(&cells);
    guint n_needs = chain->pairings[DJ_DIRECTION_NEED]->len;
    for (guint i = begin; i < end; i++) {
        if (i < n_needs)
            dj_list_row_set(&row, chain, DJ_DIRECTION_NEED, i);
        else
            dj_list_row_set(&row, chain, DJ_DIRECTION_PATENT, i - n_needs);
        dj_list_cells_fill(&cells, &row);
        guint lines = 1;
        for (guint c = 0; c < dj_list_n_high(); c++)
            if (dj_list_column(c)->kind == DJ_CELL_TEXT)
                lines = MAX(lines, lines_of(dj_list_cells_text(&cells, c)->str, dj_list_column(c)->width));
        worksheet_set_row(sheet, i - begin + 1, LINE_HEIGHT * lines, NULL);
        for (lxw_col_t c = 0; c < n_columns; c++)
            write_cell(book, sheet, i - begin + 1, c, &cells);
    }
}

static gboolean sync_file(const char *path, GError **error)
{
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    int failed = fd < 0 || fsync(fd) != 0;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    if (failed)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(saved), "%s: sync: %s", path, g_strerror(saved));
    return !failed;
}

/* Rows [begin, end) of the run, counted over all chains; a chain without rows goes where its place is. */
static gboolean write_book(const DjListRun *run, const GPtrArray *names, const char *folder, const char *file,
                           const char *part, guint64 begin, guint64 end, gboolean last, GError **error)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    Book book;
    if (!open_book(&book, run, path, folder, error))
        return FALSE;
    g_autofree gboolean *here = g_new0(gboolean, run->chains->len);
    g_autofree guint *from = g_new0(guint, run->chains->len), *to = g_new0(guint, run->chains->len);
    guint64 offset = 0;
    for (guint i = 0; i < run->chains->len; i++) {
        const DjListChain *chain = run->chains->pdata[i];
        guint64 n = (guint64)chain->pairings[DJ_DIRECTION_NEED]->len + chain->pairings[DJ_DIRECTION_PATENT]->len;
        guint64 a = MAX(begin, offset), b = MIN(end, offset + n);
        here[i] = a < b || (n == 0 && offset >= begin && (offset < end || last));
        if (a < b) {
            from[i] = (guint)(a - offset);
            to[i] = (guint)(b - offset);
        }
        offset += n;
    }
    write_overview(&book, run, names, here, part);
    if (run->table && begin == 0)
        write_table(&book, run, run->table);
    for (guint i = 0; i < run->chains->len; i++)
        if (here[i])
            write_chain(&book, run, run->chains->pdata[i], names->pdata[i], from[i], to[i]);
    lxw_error code = workbook_close(book.book);
    if (code != LXW_NO_ERROR)
        return fail(path, code, error);
    return sync_file(path, error);
}

gboolean dj_list_xlsx_write(const DjListRun *run, const char *folder, guint max_rows, GPtrArray *names, GError **error)
{
    guint64 total = run->set->pairings->len;
    guint n_books = total ? (guint)((total + max_rows - 1) / max_rows) : 1;
    g_autoptr(GPtrArray) sheets = sheet_names(run);
    for (guint b = 0; b < n_books; b++) {
        g_autofree char *file = n_books == 1 ? g_strdup("配对清单.xlsx") : g_strdup_printf("配对清单-%u.xlsx", b + 1);
        g_autofree char *part = n_books == 1 ? g_strdup("") : g_strdup_printf("第 %u 册，共 %u 册", b + 1, n_books);
        guint64 begin = (guint64)b * max_rows;
        if (!write_book(run, sheets, folder, file, part, begin, begin + max_rows, b + 1 == n_books, error))
            return FALSE;
        g_ptr_array_add(names, g_strdup(file));
    }
    return TRUE;
}
