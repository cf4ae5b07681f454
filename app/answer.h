/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to a question, for a terminal and for programs. Free what is returned. */
#pragma once
#include "engine/match/result.h"
#include "engine/report/projection.h"

#include <jansson.h>

/* One JSON object and a line end:
 *   query, audience, now, generation, unmet (暂无合适专利: the results are only the nearest)
 *   results: [{rank, patent, title, number, kind, owners [], score, points, self_points, permille or null,
 *              parts [{kind, points, text?, patent? {field, begin, end}}], gate [{rule, name, verdict, value?, ask?}],
 *              unknown [what to ask]}]
 * parts add up to points; begin and end count characters, half open. */
json_t *dj_answer_object(const DjResultSet *result, const char *query, DjAudience audience);
char *dj_answer_json(const DjResultSet *result, const char *query, DjAudience audience);
/* Of one pairing: score, points, self_points, parts, gate, unknown, as above. */
json_t *dj_answer_evidence(const DjPairingView *view);
/* A few lines per result. */
char *dj_answer_text(const DjResultSet *result, DjAudience audience, int today);
