/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV and TSV in UTF-8, UTF-16 and GB18030: any bytes -> rows. */
#include "indexer/csv.h"
#include "tests/fuzz/rows.h"

enum { MAX_ROW_BYTES = 4096, MAX_COLUMNS = 64 };

unsigned long fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const DjReaderOptions options = {.max_row_bytes = MAX_ROW_BYTES, .max_columns = MAX_COLUMNS};
    g_autoptr(GError) error = NULL;
    DjSource *text = dj_source_open_text(dj_source_open_bytes((const char *)data, (gssize)size));
    DjCsv *csv = dj_csv_open(text, &options, &error);
    FUZZ_PROMISE((csv == NULL) == (error != NULL));
    if (!csv)
        return 0;
    gboolean more = TRUE;
    gint64 last = 0;
    while (more) {
        DjRow row = {0};
        if (!dj_csv_next(csv, &row, &more, &error)) {
            FUZZ_PROMISE(error != NULL);
            break;
        }
        if (!more)
            break;
        FUZZ_PROMISE(row.number > last);
        last = row.number;
        fuzz_look_at_row(&row, MAX_COLUMNS);
    }
    fuzz_accepted += error == NULL;
    dj_csv_close(csv);
    return 0;
}
