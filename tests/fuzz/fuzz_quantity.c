/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities in any bytes, with the whole table of units; every pair that was found is compared. */
#include "config/units.h"
#include "engine/text/quantity.h"
#include "tests/fuzz/target.h"

enum { MAX_COMPARED = 16 };

unsigned long fuzz_accepted;

static DjQuantityParser *parser_get(void)
{
    static DjQuantityParser *parser; /* lives as long as the program, as its units do */
    static DjUnits *units;
    if (!parser) {
        units = dj_units_load(DJ_SOURCE_DIR "/config/units/units.yaml", NULL);
        FUZZ_PROMISE(units != NULL);
        parser = dj_quantity_parser_new(units, NULL);
        FUZZ_PROMISE(parser != NULL);
    }
    return parser;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    gsize n;
    const DjQuantity *found = dj_quantity_parser_run(parser_get(), text, -1, &n);
    gsize length = strlen(text);
    for (gsize i = 0; i < n; i++) {
        const DjQuantity *q = &found[i];
        FUZZ_PROMISE(q->begin < q->end && q->end <= length);
        FUZZ_PROMISE(i == 0 || found[i - 1].begin <= q->begin);
        FUZZ_PROMISE(q->property_begin <= q->property_end && q->property_end <= length);
        FUZZ_PROMISE(q->unit_begin <= q->unit_end && q->unit_end <= length);
        FUZZ_PROMISE(q->measure.num > 0 && q->measure.den > 0);
        for (gsize j = 0; j < MIN(n, MAX_COMPARED); j++) {
            DjVerdict verdict = dj_quantity_compare(q, &found[j]);
            FUZZ_PROMISE(verdict == DJ_MET || verdict == DJ_NOT_MET || verdict == DJ_UNKNOWN);
            DjPropertyKin kin = dj_quantity_property_kin(text, q, text, &found[j]);
            FUZZ_PROMISE(kin == dj_quantity_property_kin(text, &found[j], text, q));
        }
    }
    fuzz_accepted += n > 0;
    return 0;
}
