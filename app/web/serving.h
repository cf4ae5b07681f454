/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server answers from: one generation on one day, with an asker over it. Read-only and shared by threads; kept
 * alive by those who use it, so a new generation takes over without disturbing an answer that is under way. */
#pragma once
#include "app/session.h"
#include "app/web/facets.h"
#include "app/web/fees.h"
#include "app/web/suggest_words.h"
#include "config/routes_file.h"
#include "engine/search/search.h"

typedef struct DjServing DjServing;

/* One at a time: a thread's own handles, reused. */
typedef struct {
    DjServing *serving;
    DjStore *store;       /* for reading */
    DjIndex *index;       /* NULL until dj_desk_index */
    DjAnalyzer *analyzer; /* NULL until dj_desk_analyzer */
} DjDesk;

/* Opens the generation in force and reads the supply. app is copied. */
DjServing *dj_serving_new(const DjApp *app, GError **error);
DjServing *dj_serving_ref(DjServing *serving);
void dj_serving_unref(DjServing *serving);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjServing, dj_serving_unref)

/* Settings, taxonomy, generation; its store is not for use. */
const DjSession *dj_serving_session(const DjServing *serving);
DjAsker *dj_serving_asker(DjServing *serving);
const DjFacetTable *dj_serving_facets(const DjServing *serving);
const DjSuggestWords *dj_serving_suggest_words(const DjServing *serving);
const DjRoutes *dj_serving_routes(const DjServing *serving);
int dj_serving_today(const DjServing *serving);

/* A desk, to be given back; it holds the serving. */
DjDesk *dj_desk_take(DjServing *serving, GError **error);
void dj_desk_give_back(DjDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjDesk, dj_desk_give_back)
/* Supply as the generation holds it, needs and enterprises as they are now. */
DjRecordSource dj_desk_records(DjDesk *desk);
/* A record; DJ_WEB_ERROR 404 when there is none. */
DjRecord *dj_desk_record(DjDesk *desk, DjTable table, const char *key, GError **error);
DjIndex *dj_desk_index(DjDesk *desk, GError **error);
DjAnalyzer *dj_desk_analyzer(DjDesk *desk, GError **error);
/* Fee statements of the generation, DjFeeRow; the serving's. */
const GArray *dj_desk_fees(DjDesk *desk, GError **error);
const DjFeeGuidance *dj_serving_fee_guidance(const DjServing *serving);
