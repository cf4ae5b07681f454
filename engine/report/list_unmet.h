/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Needs without an adequate patent (暂无合适专利) as a table: what is nearest, how likely it is worth a meeting, and
 * where the need may go instead (订单式研发: notice 002, 围绕关键核心技术开展订单式研发和技术升级). */
#pragma once
#include "engine/report/list_run.h"

#define DJ_UNMET_FILE "暂无合适专利.csv"

gboolean dj_list_unmet_write(const DjListRun *run, const char *path, char **sha256, GError **error);
