/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pages say about pairings in the same way. */
#pragma once
#include "app/web/request.h"
#include "engine/match/match.h"
#include <jansson.h>

/* "/needs/NEED/patents/PATENT", to be freed. */
char *dj_pair_path(const char *need, const char *patent);
/* Name of a chain by id; 未归链 for none. Needs a desk. */
const char *dj_pair_chain_name(const DjRequest *request, const char *id);
/* 为什么没有？: a form that leads to the pairing of any need and patent; for organiser and centre, else nothing. need
 * may be NULL. */
void dj_why_form(DjRequest *request, const char *need);
/* Where a pair stands and why, as a note. where: 这条需求的清单上, 这次的结果里. */
void dj_why_standing(GString *out, const DjWhy *why, const char *where);
/* The same for programs: standing and evidence as the audience may see them. need: NULL for a question. */
json_t *dj_web_why_json(const DjRequest *request, const DjWhy *why, DjAudience audience, const DjRecord *need);
/* Key of the record of a table that a person's words mean, to be freed; 404 when there is none. Needs a desk. */
char *dj_pair_key(DjRequest *request, DjTable wanted, const char *text, GError **error);
