/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pages say about pairings in the same way. */
#pragma once
#include "app/web/request.h"

/* "/needs/NEED/patents/PATENT", to be freed. */
char *dj_pair_path(const char *need, const char *patent);
/* Name of a chain by id; 未归链 for none. Needs a desk. */
const char *dj_pair_chain_name(const DjRequest *request, const char *id);
/* 为什么没有？: a form that leads to the pairing of any need and patent; for organiser and centre, else nothing. need
 * may be NULL. */
void dj_why_form(DjRequest *request, const char *need);
