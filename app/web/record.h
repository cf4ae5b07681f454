/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All facts of one record on a page, as a list of labels and values: what engine/report/pairing_text.h tells a
 * terminal. */
#pragma once
#include "app/web/request.h"

/* Appends to request->out. Needs a desk. */
void dj_record_put(DjRequest *request, DjAudience audience, const DjRecord *record);
