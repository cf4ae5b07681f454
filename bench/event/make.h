/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded events of any size that look like real ones: chains, a few inventors whom everybody wants, points that fall
 * off. */
#pragma once

#include "engine/plan/event.h"

typedef struct {
    guint demand, supply, slots, tables;
    guint pairs;  /* candidates wanted; 0: all within a chain and some across */
    guint absent; /* per cent who come late, leave early or miss a slot */
    guint64 seed;
} MakeOptions;

DjEvent *make_event(const MakeOptions *options);
