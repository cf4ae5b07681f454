/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What indexer/reader.h promises of every row. */
#pragma once
#include "indexer/reader.h"
#include "tests/fuzz/target.h"
#include <string.h>

static inline void fuzz_look_at_row(const DjRow *row, gsize max_columns)
{
    if (row->problem) {
        FUZZ_PROMISE(g_utf8_validate(row->problem, -1, NULL));
        return;
    }
    FUZZ_PROMISE(row->n_cells <= max_columns);
    for (gsize i = 0; i < row->n_cells; i++) {
        const DjCell *cell = &row->cells[i];
        if (!cell->text)
            continue;
        FUZZ_PROMISE(cell->text[cell->length] == '\0');
        FUZZ_PROMISE(g_utf8_validate(cell->text, (gssize)cell->length, NULL));
    }
}
