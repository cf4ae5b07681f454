/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to a question as a table for a spreadsheet, public fields alone. */
#pragma once
#include "app/web/asked.h"

/* Fills the response: CSV, or a workbook. */
gboolean dj_export_answer(DjRequest *request, const DjAsked *asked, gboolean as_xlsx, GError **error);
