/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Needs without an adequate patent (暂无合适专利) as a table: what is nearest, how likely it is worth a meeting,
 * whether it stands on a list or lies below what lists begin with, and where the need may go instead (订单式研发:
 * notice 002, 围绕关键核心技术开展订单式研发和技术升级). */
#pragma once
#include "engine/report/list_run.h"

#define DJ_UNMET_FILE "暂无合适专利.csv"

/* Its columns. */
enum {
    DJ_UNMET_NEED, /* key */
    DJ_UNMET_TITLE,
    DJ_UNMET_ENTERPRISE,
    DJ_UNMET_NEAREST,
    DJ_UNMET_PATENT, /* key of the nearest, "" = none */
    DJ_UNMET_OWNERS,
    DJ_UNMET_SCORE,
    DJ_UNMET_CHANCE,
    DJ_UNMET_ROUTE,
    DJ_UNMET_LIMIT, /* whether the nearest reaches what lists begin with */
    DJ_UNMET_N_COLUMNS
};

gboolean dj_list_unmet_write(const DjListRun *run, const char *path, char **sha256, GError **error);
