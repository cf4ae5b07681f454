/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Empty spreadsheets to fill in (模板): one per table of records, and the official form 企业知识产权布局规划表. What
 * they hold is what the import understands; a template of records has drop-downs, a sheet 填写说明 that tells each
 * column, and a sheet 示例 with a row that can be imported. The same day gives the same bytes. */
#pragma once
#include "engine/model/field.h"

/* The words that the template offers for a field, NULL where anything may be written; ends with NULL. */
const char *const *dj_template_choices(const DjField *field);
/* path: the .xlsx file to write; day: creation date, days since 1970-01-01. */
gboolean dj_template_write(DjTable table, const char *path, int day, GError **error);
gboolean dj_template_write_form(const char *path, int day, GError **error);
