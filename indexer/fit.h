/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a file hold another kind of record than the one that it is imported as? Told by its columns alone: which of them
 * the mapping of each table knows. Pure functions over constant mappings, safe from any thread. */
#pragma once
#include "indexer/mapping.h"

typedef struct {
    DjTable table;           /* that the columns fit better */
    gsize n_columns;         /* that have a title */
    gsize n_known, n_better; /* of them known as what was asked for, and as table */
} DjFit;

/* others: the mapping by which each table reads a file of its own, NULL where it is not compared. FALSE where no other
 * table fits clearly better; fit is set only with TRUE. Texts never are the wrong kind: files of patents and of needs
 * are imported as texts, to learn their words. */
gboolean dj_fit_better(const DjMapping *mapping, DjTable table, const DjMapping *const others[DJ_N_TABLES],
                       const char *const *titles, gsize n_titles, DjFit *fit);
