/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evaluation data: needs, achievements, judgments, and texts that only teach. Reads ../shared/data as it is. */
#ifndef DJ_BENCH_QUALITY_DATA_H
#define DJ_BENCH_QUALITY_DATA_H

#include "engine/match/metrics.h"

typedef struct {
    char *id;
    char *title;
    char *content; /* empty for achievements of bdci2019 */
} Record;

typedef struct {
    guint32 need; /* index into needs */
    guint32 item; /* index into items */
    guint8 level;
} Judgment;

typedef struct {
    GPtrArray *needs;         /* of Record: bdci2019 needs */
    GPtrArray *items;         /* of Record: bdci2019 achievements, spaces taken out of the title */
    GPtrArray *market_needs;  /* of Record: distinct technology market needs */
    GPtrArray *market_supply; /* of Record: distinct technology market achievements */
    GArray *judgments;        /* of Judgment, ordered by need */
} Data;

Data *data_load(const char *folder, const char *qrels, GError **error);
void data_free(Data *data);

static inline const Record *data_get(const GPtrArray *records, guint i)
{
    return records->pdata[i];
}

#endif
