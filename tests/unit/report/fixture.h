/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result set filled by hand, with words planted in fields of every class. All of it is invented. */
#pragma once
#include "engine/match/result.h"

/* Planted words: each may appear only where an audience sees its class. */
#define CANARY_PARTICIPANT  "参会可见词"
#define CANARY_ORGANISER    "组织可见词"
#define CANARY_CONFIDENTIAL "绝密词"

/* Three chains (one empty, one 未归链), both directions, withheld parts, unknown rules, names full of HTML and CSV
 * syntax, absent fields. Free with dj_result_set_free. */
DjResultSet *fixture_set(void);
