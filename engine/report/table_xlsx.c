/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/table_xlsx.h"
#include <time.h>
#include <xlsxwriter.h>

struct DjTableXlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *text;
    gsize n_columns;
    lxw_row_t row;
};

static gboolean fail(lxw_error code, GError **error)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write the workbook: %s", lxw_strerror(code));
    return FALSE;
}

DjTableXlsx *dj_table_xlsx_new(const char *path, const char *sheet, const char *const *titles, const int *widths,
                               gsize n_columns, int day)
{
    DjTableXlsx *table = g_new0(DjTableXlsx, 1);
    lxw_workbook_options options = {.constant_memory = TRUE};
    lxw_doc_properties properties = {.author = "duijie", .created = (time_t)day * 86400};
    table->book = workbook_new_opt(path, &options);
    workbook_set_properties(table->book, &properties);
    table->sheet = workbook_add_worksheet(table->book, sheet);
    table->n_columns = n_columns;
    lxw_format *head = workbook_add_format(table->book);
    format_set_bold(head);
    format_set_text_wrap(head);
    format_set_align(head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_bg_color(head, 0xEEF2F7);
    format_set_border(head, LXW_BORDER_THIN);
    table->text = workbook_add_format(table->book);
    format_set_num_format(table->text, "@");
    format_set_text_wrap(table->text);
    format_set_align(table->text, LXW_ALIGN_VERTICAL_TOP);
    for (gsize i = 0; i < n_columns; i++) {
        worksheet_set_column(table->sheet, (lxw_col_t)i, (lxw_col_t)i, widths[i], NULL);
        worksheet_write_string(table->sheet, 0, (lxw_col_t)i, titles[i], head);
    }
    worksheet_freeze_panes(table->sheet, 1, 0);
    return table;
}

gboolean dj_table_xlsx_add(DjTableXlsx *table, const char *const *cells, GError **error)
{
    table->row++;
    for (gsize i = 0; i < table->n_columns; i++) {
        if (!cells[i] || !*cells[i])
            continue;
        lxw_error code = worksheet_write_string(table->sheet, table->row, (lxw_col_t)i, cells[i], table->text);
        if (code != LXW_NO_ERROR)
            return fail(code, error);
    }
    return TRUE;
}

gboolean dj_table_xlsx_finish(DjTableXlsx *table, GError **error)
{
    lxw_error code = workbook_close(table->book);
    g_free(table);
    return code == LXW_NO_ERROR || fail(code, error);
}
