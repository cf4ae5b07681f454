/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fee statements (许可费声明) of the supply, per chain and kind of payment. A percentile is the smallest statement that
 * at least that share of the statements does not exceed (nearest rank), so every figure is one that somebody stated.
 * Figures on fewer statements than the guidance asks for are left out. Public fields alone. */
#pragma once
#include "app/session.h"
#include "config/fees_file.h"

#define DJ_FEES_ALL "*" /* stands for all chains together, where a patent counts once */

typedef struct {
    const char *chain; /* id, "" = 未归链, DJ_FEES_ALL last */
    char *payment;     /* as stated, "未写" */
    guint n;           /* statements with a fixed amount above 0 */
    guint n_free, n_negotiable, n_rate, n_all;
    guint n_over;         /* above a bound of the guidance: asked about */
    gboolean enough;      /* n reaches the least sample; else no percentile may be shown */
    gint64 p25, p50, p75; /* yuan */
    gboolean rate_enough;
    double rate_p50; /* per cent, of those with a rate */
} DjFeeRow;

/* DjFeeRow by chain in the order of the taxonomy, then by n_all descending. Free with g_array_unref. */
GArray *dj_fees_summarise(const DjSession *session, const DjRecordSource *records, const DjFeeGuidance *guidance,
                          GError **error);
