/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON arrays and JSON Lines: any bytes -> rows. */
#include "indexer/json.h"
#include "tests/fuzz/rows.h"

enum { MAX_ROW_BYTES = 4096, MAX_COLUMNS = 64 };

unsigned long fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const DjReaderOptions options = {.max_row_bytes = MAX_ROW_BYTES, .max_columns = MAX_COLUMNS};
    g_autoptr(GError) error = NULL;
    DjSource *text = dj_source_open_text(dj_source_open_bytes((const char *)data, (gssize)size));
    DjJson *json = dj_json_open(text, &options);
    gboolean more = TRUE;
    while (more) {
        DjRow row = {0};
        if (!dj_json_next(json, &row, &more, &error)) {
            FUZZ_PROMISE(error != NULL);
            break;
        }
        if (!more)
            break;
        fuzz_look_at_row(&row, MAX_COLUMNS);
        FUZZ_PROMISE(row.problem || row.n_cells <= dj_json_names(json)->len);
    }
    fuzz_accepted += error == NULL;
    dj_json_close(json);
    return 0;
}
