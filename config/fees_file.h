/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fees/guidance.yaml -> DjFeeGuidance (许可费参考): from how many statements on figures are shown, and what is asked
 * about as out of range. */
#pragma once
#include "config/source.h"

typedef struct {
    gint64 min_sample;
    gint64 most_yuan;
    gint64 most_percent_of_sales, most_percent_of_profit;
} DjFeeGuidance;

gboolean dj_fees_file_load(const DjConfigSource *source, DjFeeGuidance *out, GError **error);
