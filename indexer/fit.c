/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of needs carry facts of their enterprise and may have more columns of those than of needs, so counting alone
 * would call some of them lists of enterprises. Two things keep that from happening: a file that has the title of the
 * wanted table under a name that the other does not know is what it is said to be; and the columns that only the other
 * knows must outnumber those that only the wanted one knows. */
#include "indexer/fit.h"
#include "engine/model/field.h"
#include "engine/model/record.h"

enum { LEAST_GAIN = 3, TIMES = 3 };

typedef struct {
    gsize n, n_known, n_other, only_known, only_other;
    gboolean has_own_title;
} Tally;

static Tally compare(const DjTableMapping *wanted, DjTable table, const DjTableMapping *other,
                     const char *const *titles, gsize n_titles)
{
    Tally tally = {0};
    for (gsize i = 0; i < n_titles; i++) {
        if (!*titles[i])
            continue;
        const DjMappedColumn *here = dj_mapping_find(wanted, titles[i], NULL),
                             *there = dj_mapping_find(other, titles[i], NULL);
        tally.n++;
        tally.n_known += here != NULL;
        tally.n_other += there != NULL;
        tally.only_known += here && !there;
        tally.only_other += there && !here;
        if (here && !there && here->field == dj_record_title_field(table))
            tally.has_own_title = TRUE;
    }
    return tally;
}

gboolean dj_fit_better(const DjMapping *mapping, DjTable table, const DjMapping *const others[DJ_N_TABLES],
                       const char *const *titles, gsize n_titles, DjFit *fit)
{
    gsize most = 0;
    if (table == DJ_TABLE_TEXT)
        return FALSE;
    for (int i = 0; i < DJ_N_TABLES; i++) {
        const DjMapping *other = i == (int)table ? NULL : others[i];
        if (!other || !other->tables[i])
            continue;
        const Tally tally = compare(mapping->tables[table], table, other->tables[i], titles, n_titles);
        if (tally.has_own_title || tally.n_other <= most || tally.only_other < LEAST_GAIN ||
            tally.only_other < TIMES * tally.only_known)
            continue;
        most = tally.n_other;
        *fit = (DjFit){(DjTable)i, tally.n, tally.n_known, tally.n_other};
    }
    return most > 0;
}
