/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole result as JSON Lines: one object per pairing, for programs. Keys always stand in this order:
 *
 *   chain, chain_name          home chain; "" is 未归链
 *   direction                  "need": best patents of the need; "patent": best needs of the patent
 *   need, need_title           enterprise (name) follows; null where the audience may not see it
 *   patent, patent_title       patent_number, patent_kind, owners [names] follow
 *   rank, score, points, self_points   integers; score = points of self_points in per cent, as the match computed it
 *   permille                   calibrated probability that it is worth a meeting, in thousandths; null without one
 *   parts                      [{kind, points, text?, count?, need?, patent?}], points add up to `points`;
 *                              need and patent are {field, begin, end}, in characters, half open;
 *                              count: terms summed up in a part of kind "other"
 *   gate                       [{rule, name, hard, verdict, value?, ask?}], verdict met, not_met, unknown, or withheld
 *   indicators                 [{property, wanted, stated or null, verdict, need, patent?}]
 *   unknown                    what to ask before the meeting, one text per unknown verdict of rules and indicators
 *   other_chains               ids of further chains of both
 *   n_similar                  further members of its group that could stand here and that the list leaves out: other
 *                              patents of the family, near-duplicates
 *   group, similar             key of the group's first member, null when it stands alone; keys of those left out, the
 *                              first 50
 *
 * Order: by direction, chain, place. Same input, same bytes. */
#pragma once
#include "engine/report/list_run.h"

gboolean dj_list_jsonl_write(const DjListRun *run, const char *path, char **sha256, GError **error);
/* One such object, without the line end. */
void dj_list_jsonl_append(GString *out, const DjListRow *row);
