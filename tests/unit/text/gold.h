/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hand-made annotation of quantities in real sentences, joined with the sentences, which stay outside the
 * repository: quantity_gold.tsv names file, record, field and character span, and the hash of each sentence.
 */
#ifndef DJ_TESTS_TEXT_GOLD_H
#define DJ_TESTS_TEXT_GOLD_H

#include <glib.h>

typedef struct {
    guint32 begin, end; /* bytes in the sentence */
    char *relation;     /* "=", "~", ">=", ">", "<=", "<", ".." */
    char *value;        /* "3", or "3..5" */
    char *unit;         /* as written, empty when there is none */
    char *property;     /* empty when there is none */
} GoldQuantity;

typedef struct {
    int number; /* odd: held out */
    char *text;
    GPtrArray *quantities; /* of GoldQuantity */
} GoldSentence;

/* Folder of the real data: env DUIJIE_EVAL_DATA or ../shared/data beside the sources; NULL when absent. */
const char *gold_find_data(void);

/* All sentences, of GoldSentence. Fails when a sentence is not in the data or its hash differs. */
GPtrArray *gold_load(const char *tsv, const char *data, GError **error);

#endif
