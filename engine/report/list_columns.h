/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the tabular lists, the same in CSV and XLSX. */
#pragma once
#include "engine/report/list_run.h"

guint dj_list_n_columns(void);
/* How many of them, from the first, a printed sheet holds: the rest would make the letters too small to read. */
guint dj_list_n_printed(void);
/* How many a row is made high enough for; what follows is looked up in its cell. */
guint dj_list_n_high(void);
/* The i-th; they lie one after the other. */
const DjListColumn *dj_list_column(guint i);

/* Cells of one row, reused for many. text[i] is the cell as text in every column; number[i] is set for numbers; a
 * NUMBER cell may hold words instead, where there is no number. A DATE cell holds YYYY-MM-DD or is empty or holds a
 * month or a year. */
typedef struct {
    GPtrArray *text; /* GString */
    GArray *number;  /* gint64 */
} DjListCells;

void dj_list_cells_init(DjListCells *cells);
void dj_list_cells_fill(DjListCells *cells, const DjListRow *row);
void dj_list_cells_clear(DjListCells *cells);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjListCells, dj_list_cells_clear)

static inline const GString *dj_list_cells_text(const DjListCells *cells, guint i)
{
    return cells->text->pdata[i];
}
