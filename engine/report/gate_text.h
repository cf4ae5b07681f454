/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record under a rule set as plain text for a terminal: what `duijie gate` prints. Chinese; each rule with its
 * verdict, the value that it looked at, the sentence it comes from and, where the verdict is open, what to ask whom. A
 * rule that looked at a withheld field shows neither value nor verdict. Safe from any thread. */
#pragma once
#include "engine/match/rule.h"
#include "engine/report/projection.h"

/* The record is of the table of the set. now: day. */
void dj_gate_text(GString *out, DjAudience audience, const DjRuleSet *rules, const DjRecord *record, int now);
