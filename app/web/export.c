/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/export.h"

#include "app/web/pair.h"
#include "engine/model/ident.h"
#include "engine/report/csv.h"
#include "engine/report/table_xlsx.h"
#include "engine/report/wording.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const char *const titles[] = {"名次",   "匹配度",     "名称",   "专利号", "持有人", "种类", "产业链",
                                     "许可费", "许可期还剩", "成熟度", "理由",   "待核",   "编号"};
static const int widths[G_N_ELEMENTS(titles)] = {6, 8, 40, 20, 24, 10, 18, 22, 14, 8, 50, 50, 20};
#define N_COLUMNS G_N_ELEMENTS(titles)

/* One row; the strings of cells are owned by it. */
static GPtrArray *row_of(DjRequest *request, const DjAsked *asked, const DjPairing *pairing, DjPairingView *view)
{
    const DjServing *serving = request->desk->serving;
    const DjRecord *patent = g_hash_table_lookup(asked->set->patents, pairing->patent);
    g_autoptr(GString) owners = g_string_new(NULL), fee = g_string_new(NULL), left = g_string_new(NULL),
                       reasons = g_string_new(NULL), questions = g_string_new(NULL);
    dj_pairing_view_set(view, pairing, NULL);
    dj_wording_list(owners, dj_projection_field(view->audience, patent, DJ_PATENT_OWNERS));
    dj_wording_fee(fee, view->audience, patent);
    dj_wording_term_left(left, view->audience, patent, dj_serving_today(serving));
    dj_wording_reasons(reasons, view);
    dj_wording_questions(questions, view);
    const char *maturity = dj_projection_field(view->audience, patent, DJ_PATENT_MATURITY);
    GPtrArray *row = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(row, g_strdup_printf("%u", pairing->rank));
    g_ptr_array_add(row, g_strdup_printf("%d", pairing->score));
    g_ptr_array_add(row, g_strdup(dj_projection_field(view->audience, patent, DJ_PATENT_TITLE)));
    g_ptr_array_add(row, g_strdup(dj_projection_field(view->audience, patent, DJ_PATENT_NUMBER)));
    g_ptr_array_add(row, g_strdup(owners->str));
    g_ptr_array_add(row, g_strdup(dj_patent_kind_label(dj_projection_field(view->audience, patent, DJ_PATENT_KIND))));
    g_ptr_array_add(row, g_strdup(dj_pair_chain_name(request, pairing->chain)));
    g_ptr_array_add(row, g_strdup(fee->str));
    g_ptr_array_add(row, g_strdup(left->str));
    g_ptr_array_add(row, g_strdup(maturity));
    g_ptr_array_add(row, g_strdup(reasons->str));
    g_ptr_array_add(row, g_strdup(questions->str));
    g_ptr_array_add(row, g_strdup(pairing->patent));
    return row;
}

static gboolean write_xlsx(DjRequest *request, const DjAsked *asked, DjPairingView *view, const char *path,
                           GError **error)
{
    DjTableXlsx *table =
        dj_table_xlsx_new(path, "问技术", titles, widths, N_COLUMNS, dj_serving_today(request->desk->serving));
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < asked->set->pairings->len; i++) {
        g_autoptr(GPtrArray) row = row_of(request, asked, asked->set->pairings->pdata[i], view);
        ok = dj_table_xlsx_add(table, (const char *const *)row->pdata, error);
    }
    return dj_table_xlsx_finish(table, ok ? error : NULL) && ok;
}

/* The workbook library writes to a file: one without a name that others could open, gone after it was read. */
static gboolean put_xlsx(DjRequest *request, const DjAsked *asked, DjPairingView *view, GError **error)
{
    g_autofree char *path = NULL, *bytes = NULL;
    gsize length;
    int fd = g_file_open_tmp("duijie-XXXXXX", &path, error);
    if (fd < 0)
        return FALSE;
    close(fd);
    gboolean ok = write_xlsx(request, asked, view, path, error) && g_file_get_contents(path, &bytes, &length, error);
    g_unlink(path);
    if (ok)
        g_string_append_len(request->out, bytes, (gssize)length);
    return ok;
}

static void put_csv(DjRequest *request, const DjAsked *asked, DjPairingView *view)
{
    g_string_append(request->out, DJ_CSV_BOM);
    dj_csv_row(request->out, titles, N_COLUMNS);
    for (guint i = 0; i < asked->set->pairings->len; i++) {
        g_autoptr(GPtrArray) row = row_of(request, asked, asked->set->pairings->pdata[i], view);
        dj_csv_row(request->out, (const char *const *)row->pdata, row->len);
    }
}

gboolean dj_export_answer(DjRequest *request, const DjAsked *asked, gboolean as_xlsx, GError **error)
{
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, DJ_AUDIENCE_PUBLIC);
    dj_response_header(request, "Content-Disposition",
                       as_xlsx ? "attachment; filename=\"duijie.xlsx\"" : "attachment; filename=\"duijie.csv\"");
    request->out_type =
        as_xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
    if (as_xlsx)
        return put_xlsx(request, asked, &view, error);
    put_csv(request, asked, &view);
    return TRUE;
}
