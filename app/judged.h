/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judgments and runs as files, for `duijie eval`. Lines are read one by one; an error names file, line and value.
 *
 *   judgments   tab-separated with a header line: need id, supply id, level 1 to 4 (or, under the title
 *               `grade`, 0 to 3); or TREC qrels without a header:
 * need, 0, supply, grade 0 to 3 (level = grade + 1) run         TREC: need, Q0, supply, rank, score, tag, separated by
 * blanks */
#pragma once
#include "engine/match/evaluate.h"

/* DjJudgment items that own their strings (clear function set). */
GArray *dj_judgments_read(const char *path, GError **error);

typedef struct DjRun DjRun;
DjRun *dj_run_read(const char *path, GError **error);
void dj_run_free(DjRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjRun, dj_run_free)
/* Measures a run as it stands: what it does not hold counts as last. needs: the needs to report on (ascending), or NULL
 * for all judged ones. */
void dj_run_evaluate(const DjRun *run, const GArray *judgments, const GPtrArray *needs, DjEvaluation *evaluation);
