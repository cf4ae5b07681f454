/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/list_columns.h"
#include "engine/model/ident.h"
#include "engine/report/wording.h"

enum {
    NUMBER,
    DIRECTION, /* both directions share a sheet, and each counts its places from 1 */
    SCORE,
    QUALITY,
    CHANCE,
    REMARK,
    NEED_TITLE,
    NEED,
    ENTERPRISE,
    REGION,
    PATENT_TITLE,
    PATENT,
    KIND,
    OWNERS,
    REASONS,
    FAILURES,
    N_UNKNOWN,
    QUESTIONS,
    FEE,
    TERM_END,
    TERM_LEFT,
    POINTS,
    RANK,
    QUALITY_PARTS,
    N_SIMILAR,
    SIMILAR,
    CHAIN,
    OTHER_CHAINS,
    N_COLUMNS
};

static const DjListColumn columns[N_COLUMNS] = {
    [NUMBER] = {"名次", DJ_CELL_NUMBER, 6},
    [DIRECTION] = {"方向", DJ_CELL_TEXT, 12},
    [SCORE] = {"匹配度", DJ_CELL_NUMBER, 8},
    [QUALITY] = {"优质度", DJ_CELL_NUMBER, 8},
    [CHANCE] = {"值得一谈 %", DJ_CELL_NUMBER, 10},
    [REMARK] = {"提示", DJ_CELL_TEXT, 14},
    [NEED_TITLE] = {"需求名称", DJ_CELL_TEXT, 34},
    [NEED] = {"需求编号", DJ_CELL_TEXT, 17},
    [ENTERPRISE] = {"企业", DJ_CELL_TEXT, 24},
    [REGION] = {"地区", DJ_CELL_TEXT, 10},
    [PATENT_TITLE] = {"专利名称", DJ_CELL_TEXT, 40},
    [PATENT] = {"专利号", DJ_CELL_TEXT, 19},
    [KIND] = {"类型", DJ_CELL_TEXT, 10},
    [OWNERS] = {"机构", DJ_CELL_TEXT, 22},
    [REASONS] = {"理由", DJ_CELL_TEXT, 50},
    [FAILURES] = {"不满足的指标", DJ_CELL_TEXT, 30},
    [N_UNKNOWN] = {"待核项", DJ_CELL_NUMBER, 8},
    [QUESTIONS] = {"会前请问", DJ_CELL_TEXT, 36},
    [FEE] = {"许可费", DJ_CELL_TEXT, 22},
    [TERM_END] = {"许可期止", DJ_CELL_DATE, 12},
    [TERM_LEFT] = {"许可期剩余", DJ_CELL_TEXT, 14},
    [POINTS] = {"点数", DJ_CELL_NUMBER, 7},
    [RANK] = {"该对象内名次", DJ_CELL_NUMBER, 13},
    [QUALITY_PARTS] = {"优质度依据", DJ_CELL_TEXT, 50},
    [N_SIMILAR] = {"另有相近件数", DJ_CELL_NUMBER, 13},
    [SIMILAR] = {"相近的编号", DJ_CELL_TEXT, 24},
    [CHAIN] = {"产业链", DJ_CELL_TEXT, 24},
    [OTHER_CHAINS] = {"也属于", DJ_CELL_TEXT, 24},
};

guint dj_list_n_columns(void)
{
    return N_COLUMNS;
}

guint dj_list_n_printed(void)
{
    return REASONS + 1;
}

guint dj_list_n_high(void)
{
    return QUESTIONS + 1;
}

const DjListColumn *dj_list_column(guint i)
{
    return &columns[i];
}

static void string_free(gpointer data)
{
    g_string_free(data, TRUE);
}

void dj_list_cells_init(DjListCells *cells)
{
    cells->text = g_ptr_array_new_with_free_func(string_free);
    cells->number = g_array_new(FALSE, TRUE, sizeof(gint64));
    g_array_set_size(cells->number, N_COLUMNS);
    for (guint i = 0; i < N_COLUMNS; i++)
        g_ptr_array_add(cells->text, g_string_new(NULL));
}

void dj_list_cells_clear(DjListCells *cells)
{
    g_clear_pointer(&cells->text, g_ptr_array_unref);
    g_clear_pointer(&cells->number, g_array_unref);
}

static void put_text(DjListCells *cells, guint column, const char *text)
{
    if (text)
        g_string_append(cells->text->pdata[column], text);
}

static void put_number(DjListCells *cells, guint column, gint64 number)
{
    g_array_index(cells->number, gint64, column) = number;
    g_string_append_printf(cells->text->pdata[column], "%" G_GINT64_FORMAT, number);
}

/* A number, or why there is none. */
static void put_quality(DjListCells *cells, const DjListRow *row)
{
    if (!row->quality)
        return;
    int score = dj_quality_score(row->quality, row->run->audience, NULL);
    if (score < 0)
        put_text(cells, QUALITY, "资料不足");
    else
        put_number(cells, QUALITY, score);
    dj_wording_quality_parts(cells->text->pdata[QUALITY_PARTS], row->run->audience, row->quality);
}

void dj_list_cells_fill(DjListCells *cells, const DjListRow *row)
{
    const DjAudience audience = row->run->audience;
    const DjPairing *pairing = row->view.pairing;
    for (guint i = 0; i < N_COLUMNS; i++)
        g_string_truncate(cells->text->pdata[i], 0);

    put_number(cells, NUMBER, row->number);
    put_text(cells, DIRECTION, dj_wording_direction(pairing->direction));
    put_number(cells, SCORE, pairing->score);
    put_quality(cells, row);
    if (pairing->permille >= 0)
        put_number(cells, CHANCE, (pairing->permille + 5) / 10);
    if (dj_list_row_unmet(row))
        put_text(cells, REMARK, "暂无合适专利");
    put_text(cells, NEED_TITLE, dj_list_row_need_title(row));
    put_text(cells, NEED, pairing->need);
    const char *enterprise = dj_list_row_enterprise(row);
    put_text(cells, ENTERPRISE, enterprise ? enterprise : "不公开");
    put_text(cells, REGION, dj_list_row_region(row));
    put_text(cells, PATENT_TITLE, dj_list_row_patent_title(row));
    put_text(cells, PATENT, dj_list_row_patent_number(row));
    put_text(cells, KIND, dj_patent_kind_label(dj_projection_field(audience, row->patent, DJ_PATENT_KIND)));
    dj_wording_list(cells->text->pdata[OWNERS], dj_projection_field(audience, row->patent, DJ_PATENT_OWNERS));
    dj_wording_reasons(cells->text->pdata[REASONS], &row->view);
    dj_wording_failures(cells->text->pdata[FAILURES], &row->view);
    put_number(cells, N_UNKNOWN, row->view.n_unknown);
    dj_wording_questions(cells->text->pdata[QUESTIONS], &row->view);
    dj_wording_fee(cells->text->pdata[FEE], audience, row->patent);
    put_text(cells, TERM_END, dj_projection_field(audience, row->patent, DJ_PATENT_LICENCE_END));
    dj_wording_term_left(cells->text->pdata[TERM_LEFT], audience, row->patent, row->run->now);
    put_number(cells, POINTS, pairing->points);
    put_number(cells, RANK, pairing->rank);
    put_number(cells, N_SIMILAR, pairing->n_similar);
    for (char **key = pairing->similar; key && *key; key++) {
        put_text(cells, SIMILAR, key > pairing->similar ? "、" : "");
        put_text(cells, SIMILAR, *key);
    }
    put_text(cells, CHAIN, row->chain->chain->name);
    for (char **id = pairing->other_chains; id && *id; id++) {
        if (id > pairing->other_chains)
            put_text(cells, OTHER_CHAINS, "、");
        put_text(cells, OTHER_CHAINS, dj_result_chain_name(row->run->set, *id));
    }
}
