/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The funnel (漏斗): how many pairs came how far, from what people decided and told. A pair counts once per step. */
#pragma once
#include "engine/store/decision.h"

typedef enum { DJ_FUNNEL_PUSHED, DJ_FUNNEL_ACCEPTED, DJ_FUNNEL_MET, DJ_FUNNEL_POSSIBLE, DJ_N_FUNNEL } DjFunnelStep;

typedef struct {
    guint n[DJ_N_FUNNEL];
    guint n_rejected, n_banned;
} DjFunnel;

const char *dj_funnel_name(DjFunnelStep step);  /* "pushed" … */
const char *dj_funnel_label(DjFunnelStep step); /* 推送 … */
gboolean dj_funnel_count(DjStore *store, DjFunnel *out, GError **error);
