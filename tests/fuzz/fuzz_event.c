/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event files: any bytes -> an event, or an error that names file, line and field. After a NUL byte, the rest is the
 * table of pairs: lines of cells between tabs. */
#include "config/event.h"
#include "tests/fuzz/target.h"
#include <string.h>

enum { MAX_CELLS = 8, MAX_ROWS = 64 };

unsigned long fuzz_accepted;

static gboolean add_table(DjEventLoader *loader, const char *text, gsize length, GError **error)
{
    g_autofree char *copy = g_utf8_make_valid(text, (gssize)length);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", MAX_ROWS);
    for (guint i = 0; lines[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], "\t", MAX_CELLS);
        const char *const *row = (const char *const *)cells;
        if (i == 0 ? !dj_event_begin_table(loader, FALSE, "pairs.csv", row, g_strv_length(cells), error)
                   : !dj_event_add_row(loader, i + 1, row, g_strv_length(cells), error))
            return FALSE;
    }
    return TRUE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const DjYamlOptions options = {.max_bytes = 64 * 1024, .max_depth = 16, .max_nodes = 4096};
    const char *text = (const char *)data, *table = memchr(text, '\0', size);
    const gsize length = table ? (gsize)(table - text) : size;
    g_autoptr(GError) error = NULL;
    g_autoptr(DjYaml) yaml = dj_yaml_parse("event.yaml", text, length, &options, &error);
    if (!yaml)
        return 0;
    g_autoptr(DjEventLoader) loader = dj_event_load(yaml, &error);
    FUZZ_PROMISE((loader == NULL) == (error != NULL));
    if (loader && (!table || add_table(loader, table + 1, size - length - 1, &error))) {
        guint n_conflicts;
        DjEvent *event = dj_event_finish(loader, &n_conflicts, &error);
        FUZZ_PROMISE((event == NULL) == (error != NULL));
        if (event) {
            fuzz_accepted++;
            dj_event_free(event);
        }
    }
    if (error) {
        FUZZ_PROMISE(g_utf8_validate(error->message, -1, NULL));
        FUZZ_PROMISE(g_str_has_prefix(error->message, "event.yaml: ") ||
                     g_str_has_prefix(error->message, "pairs.csv: "));
    }
    return 0;
}
